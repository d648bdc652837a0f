# SPDX-License-Identifier: Apache-2.0
"""What may be driven on which days and is on no route: deliveries that an own driver takes, and pick-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from openinfusion.delivery.domain.choice import DeliveryDays, days_for
from openinfusion.delivery.domain.figures import whole
from openinfusion.delivery.domain.pack_out import by_code
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import ComingBack, DeliveryTicket, Stop
from openinfusion.delivery.queries.refill import supplies_of
from openinfusion.delivery.queries.road import loads_of, place_of, window_of
from openinfusion.patients import public as patients
from openinfusion.planning import public as planning

Windows = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class StopWaiting:
    """A delivery or a pick-up that is on no route yet. ``cold_minutes``: how long its pack-out holds, None where it need not.

    ``windows``: one for each of the days asked about that will do; ``window_from`` and ``window_to`` are the first of them.
    """

    kind: str
    ticket_id: UUID | None
    return_id: UUID | None
    patient_id: UUID
    site_id: UUID
    number: str
    state: str
    place: planning.Place
    window_from: datetime
    window_to: datetime
    service_minutes: int
    cold_minutes: int | None
    load: int
    windows: tuple[tuple[datetime, datetime], ...] = ()


_RIDES = (TicketState.CONFIRMED.value, TicketState.PICKED.value, TicketState.PACKED.value, TicketState.RPH_CHECKED.value)


def waiting_for_route(day: date, site_id: UUID, last: date | None = None) -> list[StopWaiting]:
    """Deliveries that may come on this day (or on one of the days up to ``last``) and that an own driver takes, and pick-ups

    wanted up to then, that are on no route.
    """
    last = last or day
    tickets = list(
        DeliveryTicket.objects.filter(
            site_id=site_id,
            state__in=_RIDES,
            stop_id__isnull=True,
            service_id__isnull=True,
            need_by__lte=last + timedelta(days=whole("days_early")),
        ).order_by("need_by", "made_at")
    )
    backs = list(ComingBack.objects.filter(site_id=site_id, state="asked", wanted_on__lte=last).order_by("wanted_on"))
    taken = set(Stop.objects.filter(coming_back__in=backs, done_at__isnull=True).values_list("coming_back_id", flat=True))
    people = patients.patients([*(t.patient_id for t in tickets), *(b.patient_id for b in backs)])
    loads = loads_of(t.id for t in tickets)
    windows = windows_over(tickets, backs, day, last)
    return [
        *(_waits(w, t, people[t.patient_id], loads[t.id]) for t in tickets if t.patient_id in people and (w := windows[t.id])),
        *(_waits_back(w, b, people[b.patient_id]) for b in backs
          if b.id not in taken and b.patient_id in people and (w := windows[b.id])),
    ]  # fmt: skip


def windows_over(tickets: Iterable[DeliveryTicket], backs: Iterable[ComingBack], first: date, last: date) -> dict[UUID, Windows]:
    """For each of these the window of each day that will do; none where no day of these will."""
    rows = list(tickets)
    supplies, early = supplies_of({t.therapy_id for t in rows}), whole("days_early")
    found: dict[UUID, Windows] = {}
    for t in rows:
        before = supplies.get(t.therapy_id)
        need = t.need_by or first
        days = days_for(need, t.not_before, before.last if before else None, early)
        found[t.id] = tuple(window_of(d, t.patient_id, t) for d in days.within(first, last))
    for b in backs:
        found[b.id] = tuple(window_of(d, b.patient_id) for d in DeliveryDays(b.wanted_on, None).within(first, last))
    return found


def choice_of(ids: Iterable[UUID], first: date, last: date) -> dict[UUID, Windows]:
    """The same of deliveries and pick-ups by their id, whether they are on a route already or not."""
    asked = list(ids)
    return windows_over(DeliveryTicket.objects.filter(pk__in=asked), ComingBack.objects.filter(pk__in=asked), first, last)


def _waits(windows: Windows, t: DeliveryTicket, who: patients.PatientFact, load: int) -> StopWaiting:
    begins, ends = windows[0]
    cold = by_code(t.pack_out).hours * 60 if t.pack_out and t.payload != "room" else None
    return StopWaiting(
        "delivery",
        t.id,
        None,
        t.patient_id,
        t.site_id,
        t.number,
        t.state,
        place_of(who),
        begins,
        ends,
        whole("service_minutes"),
        cold,
        load,
        windows,
    )


def _waits_back(windows: Windows, b: ComingBack, who: patients.PatientFact) -> StopWaiting:
    begins, ends = windows[0]
    return StopWaiting(
        "pick_up",
        None,
        b.id,
        b.patient_id,
        b.site_id,
        b.text,
        b.state,
        place_of(who),
        begins,
        ends,
        whole("pick_up_minutes"),
        None,
        b.quantity,
        windows,
    )
