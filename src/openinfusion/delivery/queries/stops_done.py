# SPDX-License-Identifier: Apache-2.0
"""The stops that drivers made, in the order of their time: what ways really took is read off them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openinfusion.delivery.models import Stop
from openinfusion.delivery.queries.road import place_of
from openinfusion.kernel.rest import PlannedBreak, breaks_in
from openinfusion.patients import public as patients
from openinfusion.planning import public as planning


@dataclass(frozen=True, slots=True)
class StopDone:
    """A stop that is done. ``served``: something was handed over or picked up there, in about its planned minutes.

    ``place``: where the patient lives now. ``breaks``: those planned on its route.
    """

    driver: UUID
    driver_name: str
    day: date
    done_at: datetime
    window_from: datetime
    service_minutes: int
    served: bool
    place: planning.Place
    zone: str
    breaks: tuple[PlannedBreak, ...]


def stops_done(site_id: UUID, first: date, last: date) -> list[tuple[StopDone, ...]]:
    """Of every route of these days its stops that are done, the first first."""
    rows = list(
        Stop.objects.filter(route__site_id=site_id, route__day__range=(first, last), done_at__isnull=False)
        .select_related("route", "ticket", "coming_back").order_by("route__day", "route__name", "done_at")
    )  # fmt: skip
    people = patients.patients(list({_patient(s) for s in rows}))
    found: dict[UUID, list[StopDone]] = defaultdict(list)
    for s in rows:
        if s.done_at is not None:
            found[s.route_id].append(_done(s, s.done_at, people[_patient(s)]))
    return [tuple(stops) for stops in found.values()]


def _patient(s: Stop) -> UUID:
    thing = s.ticket or s.coming_back
    return thing.patient_id  # type: ignore[no-any-return]


def _done(s: Stop, done_at: datetime, who: patients.PatientFact) -> StopDone:
    r = s.route
    return StopDone(
        r.driver, r.driver_name, r.day, done_at, s.window_from, s.service_minutes, not s.outcome.startswith("failed"),
        place_of(who), who.timezone, breaks_in(r.breaks),
    )  # fmt: skip
