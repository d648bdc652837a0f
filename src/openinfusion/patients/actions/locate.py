# SPDX-License-Identifier: Apache-2.0
"""Saying where a home is on the map, so that ways to it are not worked out from the middle of its ZIP code."""

from __future__ import annotations

from uuid import UUID

from openinfusion.kernel.position import Position
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.patients import models
from openinfusion.patients.actions.register import NOWHERE
from openinfusion.patients.adapters import farthest_from_zip
from openinfusion.patients.permissions import LOCATE
from openinfusion.planning import public as planning
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise

_LONGEST = 200


@action
def locate_home(
    *, patient_id: UUID, point: Position | None, by: Actor, how: str = "", reason: str = "", version: int | None = None
) -> UUID:
    """Keep where a home is, and ``how`` that is known; without a point what is on record is taken off.

    Refused without a ZIP code, and where the point lies far from that ZIP code and no reason says that it is right.
    """
    by.must(LOCATE)
    row = lock(models.Patient, patient_id, version)
    if point is None:
        if row.latitude is None:
            raise Refused(Reason("no-place", "no place on the map is on record for this home"))
        revise(row, "patients.home.unlocated", "{actor} took the place on the map off the home of {subject}", by=by,
               reason=reason, patient_id=row.id, **NOWHERE)
        return row.id
    how = " ".join(how.split())
    if not how or len(how) > _LONGEST:
        raise Malformed(Fault("How it is known", f"say how the place is known, in at most {_LONGEST} characters"))
    if against := _against(row, point, reason.strip()):
        raise Refused(against)
    revise(
        row, "patients.home.located", "{actor} put the home of {subject} on the map ({how})", by=by, reason=reason,
        patient_id=row.id, noted={"how": how}, latitude=point.latitude, longitude=point.longitude, located_how=how,
    )
    return row.id


def _against(row: models.Patient, point: Position, reason: str) -> Reason | None:
    """Why this can hardly be the home; the reason somebody gives outweighs the distance."""
    if not row.zip:
        return Reason("no-zip", "the address has no ZIP code to compare the place with", "complete the address first")
    middle = planning.centroid("", row.zip)
    if not middle.latitude:
        text = f"the middle of ZIP code {row.zip} is not known, so nobody can say whether the place is near it"
        return None if reason else Reason("zip-unknown", text, "say why it is right")
    km = planning.line_metres(middle, planning.place("", row.zip, point)) // 1000
    if km <= farthest_from_zip()[0] or reason:
        return None
    text = f"this place is {km:,} km from the middle of ZIP code {row.zip}"
    return Reason("far-from-zip", text, "look at the digits and the signs (west is negative), or say why it is right")
