# SPDX-License-Identifier: Apache-2.0
"""A suite's day as a question to planning, as it is kept, and as a page reads its answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from openinfusion.dispatch.domain.breaks import asked_of, break_rows
from openinfusion.dispatch.domain.day_plan import PlanFacts, PlanState
from openinfusion.dispatch.domain.suite_breaks import OnDuty, placed
from openinfusion.dispatch.domain.suite_plan import Watcher
from openinfusion.dispatch.models import SuitePlan
from openinfusion.dispatch.queries.gather import zone_of
from openinfusion.kernel.rest import PlannedBreak, break_values, breaks_in
from openinfusion.nursing import public as nursing
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites


@dataclass(frozen=True, slots=True)
class SuiteQuestion:
    """The problem with what its names stand for. ``unknown``: appointments without a length, in words."""

    problem: planning.SuiteProblem
    zero: datetime
    tasks: dict[str, Any]
    watchers: list[dict[str, Any]]
    unknown: tuple[str, ...]


def question_of(site_id: UUID, day: date, moved: int) -> SuiteQuestion:
    """The day from now on: who sits stays, who is booked is promised the time at a price, who waits is placed."""
    d = nursing.suite_day(site_id, day)
    late = {n for n, a in d.asked.items() if a.starts_at is not None and a.state == "booked" and a.starts_at < now()}
    booked = nursing.as_booked(d)
    booked = replace(booked, seats=tuple(s for s in booked.seats if s.appointment not in late))
    breaks, unsaid = _breaks(d, site_id, day)
    away = {n: tuple((d.slot(b.starts_at), d.slot(b.ends_at)) for b in given) for n, given in breaks.items()}
    rested = replace(d.problem, nurses=tuple(_rested(n, away) for n in d.problem.nurses))
    problem = planning.after_check_in(rested, booked, d.slot(now()), {}, moved)
    names = nursing.patient_names(d)
    chairs = {name: str(id) for name, id in d.chairs.items()}
    tasks = {
        n: {"id": str(a.id), "version": a.version, "patient": names[n], "patient_id": str(a.patient_id), "state": a.state,
            "nurse": str(a.nurse) if a.nurse else "", "chair": a.chair.name if a.chair else "",
            "starts": a.starts_at.isoformat() if a.starts_at else "", "chairs": chairs,
            "pinned": a.pinned_at.isoformat() if a.pinned_at else "", "pin_why": a.pin_why}
        for n, a in d.asked.items()
    }  # fmt: skip
    watchers = [
        {"id": str(w.id), "name": w.name, "there": [list(t) for t in w.there], "barred": dict(w.barred),
         "breaks": break_values(breaks.get(w.name, ())), "unbroken": [text for text in unsaid if text.startswith(f"{w.name}: ")]}
        for w in nursing.watchers_of(d)
    ]  # fmt: skip
    return SuiteQuestion(problem, d.zero, tasks, watchers, tuple(f"{a.number}: {a.length_why}" for a in d.unknown))


def _breaks(d: nursing.SuiteDay, site_id: UUID, day: date) -> tuple[dict[str, tuple[PlannedBreak, ...]], list[str]]:
    """The breaks that the nurses' shifts ask for, by the rules of the house and of the suite's state."""
    rules = break_rows(sites.state_of(site_id), day)
    nurses = [
        OnDuty(n.name, there, tuple(a for s in n.shifts or (d.hours,) for a in asked_of(rules, *s, 0)), n.breaks)
        for n in d.nurses if (there := tuple(nursing.stretches_at(d, n)))
    ]  # fmt: skip
    seats = [(a.starts_at, a.observation_ends_at, a.acuity) for a in d.asked.values() if a.starts_at and a.observation_ends_at]
    return placed(nurses, seats, now(), zone_of(site_id))


def _rested(n: planning.SuiteNurse, away: dict[str, tuple[tuple[int, int], ...]]) -> planning.SuiteNurse:
    """A stretch with the breaks of its nurse that fall into it; a second stretch of a day carries a number behind the name."""
    name = n.name if n.name in away else n.name.rpartition(" ")[0]
    return replace(n, away=tuple(b for b in away.get(name, ()) if b[0] < n.ends and n.begins < b[1]))


def breaks_of(row: SuitePlan) -> list[tuple[UUID, str, tuple[PlannedBreak, ...], tuple[str, ...]]]:
    """Each nurse of the plan: id, name, breaks, and what has to be said of those that are not planned."""
    return [(UUID(w["id"]), w["name"], breaks_in(w.get("breaks", ())), tuple(w.get("unbroken", ()))) for w in row.watchers]


def problem_in(row: SuitePlan) -> planning.SuiteProblem:
    """The problem a plan answers."""
    said = dict(row.problem)
    said["chairs"] = tuple(said["chairs"])
    said["nurses"] = tuple(
        planning.SuiteNurse(**{**n, "away": tuple((a, b) for a, b in n["away"])}) for n in said["nurses"]
    )
    said["appointments"] = tuple(planning.Appointment(**a) for a in said["appointments"])
    said["prices"] = planning.SuitePrices(**said["prices"])
    return planning.SuiteProblem(**said)


def plan_in(row: SuitePlan) -> planning.SuitePlan:
    """The plan itself; only where it is worked out."""
    said = row.plan or {"seats": (), "unplaced": (), "cost": 0, "method": ""}
    seats = tuple(planning.Seat(**s) for s in said["seats"])
    return planning.SuitePlan(seats, tuple(said["unplaced"]), said["cost"], said["method"], said.get("bound"))


def watchers_in(row: SuitePlan) -> list[Watcher]:
    """The nurses of the question."""
    return [
        Watcher(UUID(w["id"]), w["name"], tuple((a, b) for a, b in w["there"]), frozenset(w["barred"])) for w in row.watchers
    ]


def facts_of(row: SuitePlan) -> PlanFacts:
    return PlanFacts(tuple(row.faults), row.day < now().astimezone(zone_of(row.site_id)).date())


def newest_of(site_id: UUID, day: date) -> tuple[SuitePlan | None, SuitePlan | None]:
    """The plan in force and the newest that waits for somebody or for the worker."""
    rows = SuitePlan.objects.filter(site_id=site_id, day=day).order_by("-made_at")
    waits = (PlanState.REQUESTED.value, PlanState.PROPOSED.value, PlanState.FAILED.value)
    return rows.filter(state=PlanState.ACCEPTED.value).first(), rows.filter(state__in=waits).first()


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One appointment as planned, and as it was. ``change``: new, moved, stays, sits, no nurse."""

    name: str
    id: UUID
    patient: str
    patient_id: UUID
    chair: str
    nurse: str
    starts: datetime
    ends: datetime
    prep_starts: datetime | None
    was: datetime | None
    was_chair: str
    was_nurse: str
    change: str
    tone: str
    pinned: bool = False


def begins_of(row: SuitePlan, seat: dict[str, Any]) -> datetime:
    """When a seat begins: a booked or pinned time stays to the minute where the plan keeps its slot."""
    minutes, task = row.problem["slot"], row.tasks[seat["appointment"]]
    for said in (task.get("pinned", ""), task["starts"]):
        at = datetime.fromisoformat(said) if said else None
        if at is not None and -(-int((at - row.zero).total_seconds()) // (60 * minutes)) == seat["starts"]:
            return at
    return row.zero + timedelta(minutes=minutes * seat["starts"])


def seat_lines(row: SuitePlan) -> tuple[SeatLine, ...]:
    """Everybody who gets a seat, by time, with the difference to what is booked."""
    if row.plan is None:
        return ()
    problem = problem_in(row)
    by_name = {a.name: a for a in problem.appointments}
    return tuple(_line(row, problem.slot, by_name[s["appointment"]], s) for s in row.plan["seats"])


def _line(row: SuitePlan, slot: int, a: planning.Appointment, seat: dict[str, Any]) -> SeatLine:
    task, assigned = row.tasks[a.name], (row.plan or {})["nurses"].get(a.name, "")
    names = {w["id"]: w["name"] for w in row.watchers}
    starts = begins_of(row, seat)
    was = datetime.fromisoformat(task["starts"]) if task["starts"] else None
    if a.held is not None:
        change, tone = "sits", "move"
    elif not assigned:
        change, tone = "no nurse", "crit"
    elif was is None:
        change, tone = "new", "ok"
    elif (was, task["chair"], task["nurse"]) == (starts, seat["chair"], assigned):
        change, tone = "stays", "idle"
    else:
        change, tone = "moved", "warn"
    prep = row.zero + timedelta(minutes=slot * seat["prep_starts"]) if a.prep else None
    return SeatLine(
        a.name, UUID(task["id"]), task["patient"], UUID(task["patient_id"]), seat["chair"], names.get(assigned, ""), starts,
        row.zero + timedelta(minutes=slot * seat["ends"]), prep, was, task["chair"], names.get(task["nurse"], ""), change, tone,
        a.pinned is not None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnseatedLine:
    """Somebody without a seat: why, and what would give one, the first being the cheapest."""

    name: str
    id: UUID
    patient: str
    reasons: tuple[str, ...]
    ways: tuple[str, ...]


def left_out(row: SuitePlan) -> tuple[UnseatedLine, ...]:
    """Who has no seat in the plan, why, and what would give one."""
    if row.plan is None:
        return ()
    problem, plan = problem_in(row), plan_in(row)
    return tuple(
        UnseatedLine(o.appointment, UUID(row.tasks[o.appointment]["id"]), row.tasks[o.appointment]["patient"], o.reasons,
                     tuple(_way(row, problem.slot, w) for w in o.ways))
        for o in planning.no_places(problem, plan)
    )  # fmt: skip


def _way(row: SuitePlan, slot: int, w: planning.Way) -> str:
    at = (row.zero + timedelta(minutes=slot * w.starts)).astimezone(zone_of(row.site_id))
    longer = f", {slot * w.longer} minutes longer" if w.longer else ""
    return f"{w.text}: from {at:%H:%M}{longer}"
