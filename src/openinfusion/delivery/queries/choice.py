# SPDX-License-Identifier: Apache-2.0
"""What may be driven on which days and is on no route: deliveries that an own driver takes, and pick-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from openinfusion.delivery.domain.choice import DeliveryDays, days_for
from openinfusion.delivery.domain.figures import whole
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import ComingBack, DeliveryTicket, Stop
from openinfusion.delivery.queries.cold import Cold, cold_of
from openinfusion.delivery.queries.refill import supplies_of
from openinfusion.delivery.queries.road import loads_of, place_of, window_of
from openinfusion.patients import public as patients
from openinfusion.planning import public as planning

Windows = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class StopWaiting:
    """A delivery or a pick-up that is on no route yet. ``cold_minutes``: how long it may be on the road, None where nothing is

    cold; ``is_packed_for``: by the pack-out that was chosen, else by the one it would usually be packed with.

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
    is_packed_for: bool = True


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
    loads, cold = loads_of(t.id for t in tickets), cold_of(tickets)
    windows = {i: w for i, w in windows_over(tickets, backs, day, last).items() if w}
    return [
        *(_waits(windows[t.id], t, people[t.patient_id], loads[t.id], cold.get(t.id))
          for t in tickets if t.patient_id in people and t.id in windows),
        *(_waits_back(w, b, people[b.patient_id]) for b in backs
          if b.id not in taken and b.patient_id in people and (w := windows.get(b.id))),
    ]  # fmt: skip


def windows_over(tickets: Iterable[DeliveryTicket], backs: Iterable[ComingBack], first: date, last: date) -> dict[UUID, Windows]:
    """For each of these the window of each day that will do; none where no day of these will."""
    rows = list(tickets)
    supplies, early = supplies_of({t.therapy_id for t in rows}), whole("days_early")
    found: dict[UUID, Windows] = {}
    cold = cold_of(rows)
    for t in rows:
        before = supplies.get(t.therapy_id)
        need = t.need_by or first
        days = days_for(need, t.not_before, before.last if before else None, early)
        ice = cold[t.id].ends_at if t.id in cold else None
        each = (window_of(d, t.patient_id, t) for d in days.within(first, last))
        found[t.id] = tuple((begins, min(ends, ice) if ice else ends) for begins, ends in each if ice is None or begins < ice)
    for b in backs:
        found[b.id] = tuple(window_of(d, b.patient_id) for d in DeliveryDays(b.wanted_on, None).within(first, last))
    return found


def choice_of(ids: Iterable[UUID], first: date, last: date) -> dict[UUID, Windows]:
    """The same of deliveries and pick-ups by their id, whether they are on a route already or not."""
    asked = list(ids)
    return windows_over(DeliveryTicket.objects.filter(pk__in=asked), ComingBack.objects.filter(pk__in=asked), first, last)


def _waits(windows: Windows, t: DeliveryTicket, who: patients.PatientFact, load: int, cold: Cold | None) -> StopWaiting:
    begins, ends = windows[0]
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
        cold.minutes if cold else None,
        load,
        windows,
        cold is None or cold.chosen,
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
