# SPDX-License-Identifier: Apache-2.0
"""The plan of a day at the hoods: what is made at which hood, in which order, so that it is ready when it is needed.

Asked for, worked out, proposed, in force. It orders work and decides nothing: the gate at each work order stays as it is.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.compounding.domain.departure import Departure, leaves_before
from openinfusion.compounding.permissions import PLAN
from openinfusion.kernel.figures import rows
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Broken, Reason
from openinfusion.kernel.roles import Role
from openinfusion.planning import public as planning

SLOT = 5  # minutes
CHECK = "pharmacist's check"


class HoodPlanState(StrEnum):
    REQUESTED = "requested"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REPLACED = "replaced"
    SET_ASIDE = "set_aside"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class HoodPlanFacts:
    """What the guards ask. ``unfit``: hoods of the plan that may not be used now; ``past``: the day is over."""

    faults: tuple[str, ...] = ()
    past: bool = False
    unfit: tuple[str, ...] = ()


def check_found_nothing(f: HoodPlanFacts) -> Reason | None:
    return Reason("faults", f"the check found: {'; '.join(f.faults)}", "have it planned anew") if f.faults else None


def day_is_not_over(f: HoodPlanFacts) -> Reason | None:
    return Reason("past", "the day is over") if f.past else None


def every_hood_is_fit(f: HoodPlanFacts) -> Reason | None:
    return Reason("unfit", "; ".join(f.unfit), "have the day planned again without that hood") if f.unfit else None


S = HoodPlanState
HOOD_PLAN: Machine[HoodPlanState, HoodPlanFacts] = Machine(
    name="compounding.hood_plan",
    initial=S.REQUESTED,
    owners={S.REQUESTED: "", S.PROPOSED: Role.TECHNICIAN, S.ACCEPTED: "", S.REPLACED: "", S.SET_ASIDE: "",
            S.FAILED: Role.TECHNICIAN},
    tones={S.REQUESTED: "move", S.PROPOSED: "wait", S.ACCEPTED: "ok", S.REPLACED: "idle", S.SET_ASIDE: "idle", S.FAILED: "crit"},
    steps=(
        Step("propose", S.REQUESTED, S.PROPOSED, PLAN.code, "Propose", "{actor} proposed {subject}, worked out by {method}."),
        Step("fail", S.REQUESTED, S.FAILED, PLAN.code, "Failed", "{actor} could not work out {subject}: {why}."),
        Step("accept", S.PROPOSED, S.ACCEPTED, PLAN.code, "Work by this plan", "{actor} put {subject} in force.",
             (check_found_nothing, day_is_not_over, every_hood_is_fit), "primary"),
        Step("set_aside", S.PROPOSED, S.SET_ASIDE, PLAN.code, "Put aside", "{actor} put {subject} aside."),
        Step("set_aside", S.FAILED, S.SET_ASIDE, PLAN.code, "Put aside", "{actor} put {subject} aside."),
        Step("replace", S.ACCEPTED, S.REPLACED, PLAN.code, "Replace", "{actor} replaced {subject} by a newer one."),
    ),
)
OPEN_STATES = (S.REQUESTED.value, S.PROPOSED.value, S.ACCEPTED.value)
BY_HAND = ("accept", "set_aside")


@dataclass(frozen=True, slots=True)
class HoodFigures:
    """The house's minutes and hours at the hoods on a day; ``unverified`` names the rows that nobody has signed."""

    opens: time
    closes: time
    first: int
    more: int
    change: int
    change_hazardous: int
    release: int
    check: int
    checkers: int
    pack: int
    ahead_hours: int
    waves: tuple[time, ...]
    courier: int
    unknown_hours: int
    unverified: tuple[str, ...]


def hood_figures(on: date) -> HoodFigures:
    """The newest rows in force; Broken where one is missing."""
    held = {r["name"]: r for r in sorted(rows(__package__, "data/hood_day.toml"), key=lambda r: r["effective_from"])
            if r["effective_from"] <= on}
    try:
        v = {name: r["value"] for name, r in held.items()}
        return HoodFigures(
            time.fromisoformat(v["opens"]), time.fromisoformat(v["closes"]), v["minutes-first"], v["minutes-more"],
            v["minutes-change"], v["minutes-change-hazardous"], v["minutes-release"], v["minutes-check"],
            v["pharmacists-checking"], v["minutes-pack"], v["hours-ahead"],
            tuple(sorted(time.fromisoformat(w) for w in v["courier-waves"].split())), v["minutes-courier"],
            v["hours-unknown"],
            tuple(n for n, r in held.items() if r["status"] == "unverified"),
        )
    except KeyError as no:
        raise Broken(f"the figure {no} of the hoods is not in force on {on}") from None


@dataclass(frozen=True, slots=True)
class ToMake:
    """A work order that waits for a hood. ``ready``: it is released already; otherwise it takes the minutes of a release.

    ``need_by``: when it must be made and checked; ``why``: what waits for it then, a courier or a chair.
    """

    id: UUID
    number: str
    drug_code: str
    hazardous: bool
    doses: int
    need_by: datetime
    ready: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class HoodThere:
    """A hood of the site; ``against``: why it may not be used, empty where it may."""

    id: UUID
    name: str
    hazardous: bool
    against: tuple[str, ...] = ()


def problem_of(
    orders: Sequence[ToMake], hoods: Sequence[HoodThere], day: date, zone: ZoneInfo, now: datetime, f: HoodFigures
) -> planning.BatchProblem:
    """The day as planning solves it: made at a hood that is fit, then checked by a pharmacist; slots since the hoods open.

    Nothing begins before now. So many pharmacists as the house says check, one work order at a time each.
    """
    opens = datetime.combine(day, f.opens, zone)
    closes = slot(datetime.combine(day, f.closes, zone), opens)
    begins = max(0, slot(now, opens, up=True))
    families = {_family(o): planning.Family(_family(o), _slots(f.change_hazardous if o.hazardous else f.change), o.hazardous)
                for o in orders}
    there = [planning.Station(h.name, min(begins, closes), closes, h.hazardous) for h in hoods if not h.against]
    desks = [planning.Station(f"{CHECK} {n}", min(begins, closes), closes) for n in range(1, f.checkers + 1)]
    check = planning.WorkStep(tuple((d.name, _slots(f.check)) for d in desks))
    made = tuple(
        planning.Preparation(
            o.number, (planning.at_hoods(there, families[_family(o)], _slots(f.first + f.more * (o.doses - 1))), check),
            begins + (0 if o.ready else _slots(f.release)), max(0, slot(o.need_by, opens)), f.ahead_hours * 60 // SLOT,
        )
        for o in orders
    )
    return planning.BatchProblem((*there, *desks), tuple(families.values()), made, SLOT)


def turns_of(plan: planning.BatchPlan) -> list[dict[str, Any]]:
    """The answer as it is kept: each work order at its hood in slots, with when its check ends."""
    checked = {t.preparation: t.ends for t in plan.turns if t.step == 1}
    return [{"preparation": t.preparation, "hood": t.station, "starts": t.starts, "ends": t.ends, "change": t.change,
             "checked": checked[t.preparation]} for t in plan.turns if t.step == 0]


def needed(
    dose_at: datetime, chair_at: datetime | None, zone: ZoneInfo, f: HoodFigures, known: Sequence[Departure] = (),
    usual: UUID | None = None,
) -> tuple[datetime, str]:
    """When a preparation must be ready, and for what: for its chair, or to be packed for the last departure before its dose.

    ``known`` and ``usual``: what leaves the site, and the carrier's service that takes this therapy. Where nothing comes in time,
    or nothing is on file, the dose itself.
    """
    if chair_at is not None:
        return chair_at, f"for the chair at {chair_at.astimezone(zone):%H:%M}"
    leaves = leaves_before(dose_at, zone, known, usual, f.waves, f.courier)
    if leaves is None:
        return dose_at, ""
    by = leaves.name or "the courier"
    return leaves.at - timedelta(minutes=f.pack), f"for {by} at {leaves.at:%H:%M}"


def slot(at: datetime, opens: datetime, up: bool = False) -> int:
    """Which slot an instant lies in; ``up``: the first that begins then or later. Negative before the hoods open."""
    minutes = int((at - opens) / timedelta(minutes=1))
    return -(-minutes // SLOT) if up else minutes // SLOT


def instant(number: int, opens: datetime) -> datetime:
    """When a slot begins. The clocks may change in between: minutes are counted, not hands of the clock."""
    return (opens.astimezone(ZoneInfo("UTC")) + timedelta(minutes=SLOT * number)).astimezone(opens.tzinfo)


def _slots(minutes: int) -> int:
    return max(1, -(-minutes // SLOT))


def _family(o: ToMake) -> str:
    return f"{o.drug_code}{' hazardous' if o.hazardous else ''}"


def why_not(o: ToMake, hoods: Sequence[HoodThere]) -> str:
    """Why a work order found no hood on this day."""
    kind = [h for h in hoods if h.hazardous == o.hazardous]
    said = "hazardous drugs" if o.hazardous else "drugs that are not hazardous"
    if not kind:
        return f"the site has no hood for {said}"
    if all(h.against for h in kind):
        return f"no hood for {said} is fit: " + "; ".join(f"{h.name}: {', '.join(h.against)}" for h in kind)
    return "it would not be made and checked before the hoods close"
