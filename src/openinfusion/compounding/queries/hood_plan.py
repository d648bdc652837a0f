# SPDX-License-Identifier: Apache-2.0
"""Reads of the plans at the hoods: what waits, which hoods are fit, a plan's lines, and the queue of the plan in force."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from openinfusion.compounding.domain.departure import DAYS_BEFORE, Departure
from openinfusion.compounding.domain.hood_plan import (
    SLOT,
    HoodFigures,
    HoodPlanFacts,
    HoodPlanState,
    HoodThere,
    ToMake,
    hood_figures,
    instant,
    needed,
    problem_of,
)
from openinfusion.compounding.models import HoodPlan, SiteDeparture, UsualCarrier, WorkOrder
from openinfusion.compounding.queries.day import AHEAD, MOST
from openinfusion.compounding.queries.work_order import site_zone
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites

ROUTINE = frozenset({"hood-unclean", "room-unclean", "pressure-unread"})  # cleared by the morning's work; the gate still asks
READY = frozenset({"released", "staged", "pre_checked"})


def to_make(site_id: UUID, day: date) -> list[ToMake]:
    """The work orders that must be made up to the end of a day for their courier or chair, what is late included."""
    zone, figures = ZoneInfo(site_zone(site_id)), hood_figures(day)
    ends = datetime.combine(day + timedelta(days=1), time(0), zone)
    rows = WorkOrder.objects.filter(
        Q(need_by__lt=ends + timedelta(days=DAYS_BEFORE + 1)) | Q(chair_at__lt=ends),
        site_id=site_id, state__in=AHEAD, method="compound",
    )
    known, found = departures_of(site_id), []
    ahead = list(rows.order_by("need_by", "number")[:MOST])
    usual = dict(UsualCarrier.objects.filter(therapy_id__in={r.therapy_id for r in ahead}).values_list("therapy_id", "source"))
    for r in ahead:
        due, why = needed(r.need_by, r.chair_at, zone, figures, known, usual.get(r.therapy_id))
        if due < ends:
            found.append(ToMake(r.id, r.number, r.drug_code, r.hazardous, r.doses, due, r.state in READY, why))
    return sorted(found, key=lambda o: (o.need_by, o.number))


def departures_of(site_id: UUID) -> list[Departure]:
    """What leaves a site: the routes of the last days and of those to come, and its carriers' services."""
    recent = now().astimezone(ZoneInfo(site_zone(site_id))).date() - timedelta(days=DAYS_BEFORE + 1)
    rows = SiteDeparture.objects.filter(Q(day__isnull=True) | Q(day__gte=recent), site_id=site_id).order_by("at", "name")
    return [Departure(d.source, d.name, d.at, d.day, frozenset(d.weekdays), d.minutes) for d in rows]


def hoods_there(site_id: UUID, at: datetime, out: Collection[UUID] = ()) -> list[HoodThere]:
    """The hoods of a site with what stands against planning each; ``out``: those that somebody says are out.

    What the morning's cleaning and readings clear is not counted: before them no hood could be planned at all.
    """
    known = sites.hoods(site_id)
    against = sites.reasons_by_hood([h.id for h in known], at)
    why = {h.id: [str(r) for r in against.get(h.id, ()) if r.code not in ROUTINE] for h in known}
    return [HoodThere(h.id, h.name, h.hazardous, (*(["out, as was said"] if h.id in out else []), *why[h.id])) for h in known]


def problem_in(row: HoodPlan) -> planning.BatchProblem:
    """The question of a plan, as planning solves it."""
    return problem_of(orders_in(row), hoods_in(row), row.day, ZoneInfo(site_zone(row.site_id)), row.began, figures_in(row))


def figures_in(row: HoodPlan) -> HoodFigures:
    return hood_figures(row.day)


def orders_in(row: HoodPlan) -> list[ToMake]:
    return [ToMake(UUID(o["id"]), o["number"], o["drug_code"], o["hazardous"], o["doses"], datetime.fromisoformat(o["need_by"]),
                   o["ready"], o.get("why", "")) for o in row.orders]


def hoods_in(row: HoodPlan) -> list[HoodThere]:
    return [HoodThere(UUID(h["id"]), h["name"], h["hazardous"], tuple(h["against"])) for h in row.hoods]


def facts_of(row: HoodPlan) -> HoodPlanFacts:
    """What stands against a plan now: its faults, the day, and hoods of it that are not fit any more."""
    zone = ZoneInfo(site_zone(row.site_id))
    used = {t["hood"] for t in row.turns or ()}
    unfit = [f"{h.name}: {', '.join(h.against)}" for h in hoods_there(row.site_id, now()) if h.against and h.name in used]
    return HoodPlanFacts(tuple(row.faults), row.day < now().astimezone(zone).date(), tuple(unfit))


def newest_hood_plans(site_id: UUID, day: date) -> tuple[HoodPlan | None, HoodPlan | None]:
    """The plan in force and the newest that waits for somebody or for the worker."""
    rows = HoodPlan.objects.filter(site_id=site_id, day=day).order_by("-made_at")
    waits = (HoodPlanState.REQUESTED.value, HoodPlanState.PROPOSED.value, HoodPlanState.FAILED.value)
    return rows.filter(state=HoodPlanState.ACCEPTED.value).first(), rows.filter(state__in=waits).first()


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One work order at its hood, ``checked`` by a pharmacist afterwards. ``change``: minutes of clearing before it.

    ``late``: minutes by which the check ends after it is needed.
    ``was``: where and when the plan before had it, where that differs; empty where it is the same or there was none.
    """

    id: UUID
    number: str
    turn: int
    hood: str
    starts: datetime
    ends: datetime
    checked: datetime
    need_by: datetime
    change: int
    late: int
    hazardous: bool
    was: str = ""
    why: str = ""


def turn_lines(row: HoodPlan) -> tuple[TurnLine, ...]:
    """The answer of a plan, hood by hood in order of time."""
    if row.turns is None:
        return ()
    zone = ZoneInfo(site_zone(row.site_id))
    opens = datetime.combine(row.day, figures_in(row).opens, zone)
    orders = {o.number: o for o in orders_in(row)}
    before = _before(row)
    found, turn = [], dict.fromkeys((t["hood"] for t in row.turns), 0)
    for t in sorted(row.turns, key=lambda t: (t["hood"], t["starts"])):
        o, starts, ends = orders[t["preparation"]], instant(t["starts"], opens), instant(t["ends"], opens)
        turn[t["hood"]] += 1
        checked = instant(t.get("checked", t["ends"]), opens)  # plans of before 23-Nov-2026 planned no check
        late = max(0, int((checked - o.need_by).total_seconds()) // 60)
        here = (t["hood"], starts)
        was = before.get(o.number, here)
        found.append(TurnLine(o.id, o.number, turn[t["hood"]], t["hood"], starts, ends, checked, o.need_by, t["change"] * SLOT,
                              late, o.hazardous, "" if was == here else f"{was[0]}, {was[1].astimezone(zone):%H:%M}", o.why))
    return tuple(found)


def _before(row: HoodPlan) -> dict[str, tuple[str, datetime]]:
    basis = HoodPlan.objects.filter(pk=row.basis).first() if row.basis else None
    return {line.number: (line.hood, line.starts) for line in turn_lines(basis)} if basis else {}


def queue_of(site_id: UUID, day: date) -> dict[UUID, TurnLine]:
    """Where each work order stands by the plan in force; empty where none is."""
    in_force, _ = newest_hood_plans(site_id, day)
    return {line.id: line for line in turn_lines(in_force)} if in_force else {}
