# SPDX-License-Identifier: Apache-2.0
"""Taking the position noted at the door for the place of the patient's home."""

from __future__ import annotations

from uuid import UUID

from openinfusion.delivery.domain.figures import whole
from openinfusion.delivery.models import DeliveryTicket
from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.position import position_of
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.platform.action import action, fetch
from openinfusion.platform.actor import Actor

_HOW = "where"  # so begins how a place is known that was taken at the door


def reasons_against_door(row: DeliveryTicket) -> list[Reason]:
    """Why the position noted at the door may not stand for the home; none where it may."""
    found = []
    if row.latitude is None or row.delivered_at is None:
        return [Reason("no-position", f"no position was noted when delivery {row.number} was handed over")]
    if row.address != str(patients.patient(row.patient_id).address):
        found.append(Reason("other-address", f"delivery {row.number} went to another address than the one on record now"))
    held = patients.patient(row.patient_id).address
    if held.point is not None and not held.located_how.startswith(_HOW):
        found.append(Reason("place-there", f"the home is on the map already: {held.point} ({held.located_how})",
                            "change it on the patient's page, if it is wrong"))
    most = whole("door_accuracy_m")
    if row.accuracy_m is None or row.accuracy_m > most:
        known = "did not say how exact it is" if row.accuracy_m is None else f"knew it to {row.accuracy_m} m only"
        found.append(Reason("inexact", f"the phone {known}; at most {most} m may stand for a home", "read the place from a map"))
    return found


@action
def keep_door_position(*, ticket_id: UUID, by: Actor) -> UUID:
    """Keep where a delivery was handed over as the place of the patient's home. The patient's id."""
    row = fetch(DeliveryTicket, ticket_id)
    if against := reasons_against_door(row):
        raise Refused(*against)
    assert row.delivered_at is not None
    on = day_of(row.delivered_at, patients.timezone(row.patient_id))
    how = f"{_HOW} {row.driver_name} handed over delivery {row.number} on {on:%d-%b-%Y}, within {row.accuracy_m} m"
    point = position_of(row.latitude, row.longitude)
    return patients.locate_home(patient_id=row.patient_id, point=point, how=how, by=by)
