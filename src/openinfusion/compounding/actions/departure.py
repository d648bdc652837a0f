# SPDX-License-Identifier: Apache-2.0
"""Delivery says when what is made leaves, so that the hoods plan for it. Who changes a route or service says so.

Called within an action of delivery; what is said already is not said again.
"""
from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.compounding.domain.departure import Departure
from openinfusion.compounding.models import SiteDeparture, UsualCarrier
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write


def keep_departure(*, site_id: UUID, departure: Departure, by: Actor) -> None:
    """A route or a service leaves then, from now on."""
    d = departure
    said = {"site_id": site_id, "name": d.name, "at": d.at, "day": d.day, "weekdays": sorted(d.weekdays), "minutes": d.minutes}
    row = SiteDeparture.objects.select_for_update(of=("self",)).filter(source=d.source).first()
    if row is None or any(getattr(row, field) != value for field, value in said.items()):
        _leaves(source=d.source, row=row, said=said, by=by)


def drop_departure(*, source: UUID, by: Actor) -> None:
    """It takes nothing along any more."""
    row = SiteDeparture.objects.select_for_update(of=("self",)).filter(source=source).first()
    if row is not None:
        _leaves_no_more(row=row, by=by)


def keep_usual_carrier(*, therapy_id: UUID, source: UUID | None, by: Actor) -> None:
    """The therapy's delivery went by this service; None: by a driver."""
    row = UsualCarrier.objects.select_for_update(of=("self",)).filter(therapy_id=therapy_id).first()
    if (row.source if row else None) != source:
        _goes_by(therapy_id=therapy_id, row=row, source=source, by=by)


@action
def _leaves(*, source: UUID, row: SiteDeparture | None, said: dict[str, Any], by: Actor) -> UUID:
    if row is None:
        row = SiteDeparture.objects.create(source=source, **said)
    else:
        for field, value in said.items():
            setattr(row, field, value)
        row.version += 1
        row.save(update_fields=[*said, "version"])
    write(by, "compounding.departure.keep", row, "{subject} leaves at {at}: the hoods are planned for it.",
          noted={"at": f"{row.at:%H:%M}"})
    return row.id


@action
def _leaves_no_more(*, row: SiteDeparture, by: Actor) -> None:
    write(by, "compounding.departure.drop", row, "{subject} takes nothing along any more.")
    row.delete()


@action
def _goes_by(*, therapy_id: UUID, row: UsualCarrier | None, source: UUID | None, by: Actor) -> None:
    if source is None:
        assert row is not None
        write(by, "compounding.usual_carrier.drop", row, "A driver takes the deliveries of this therapy.")
        row.delete()
        return
    if row is None:
        row = UsualCarrier.objects.create(therapy_id=therapy_id, source=source)
    else:
        row.source, row.version = source, row.version + 1
        row.save(update_fields=["source", "version"])
    write(by, "compounding.usual_carrier.keep", row, "A carrier takes the deliveries of this therapy.")
