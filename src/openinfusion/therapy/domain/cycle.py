# SPDX-License-Identifier: Apache-2.0
"""One cycle of a patient's regimen: what may happen to it, and on which days its doses fall."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.therapy import permissions


class CycleState(StrEnum):
    PLANNED = "planned"
    DELAYED = "delayed"
    CLEARED = "cleared"
    GIVEN = "given"
    OMITTED = "omitted"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleFacts:
    """What the guards look at. ``holding`` and ``unjudged`` are tests; an override answers them unless it is hard."""

    course_runs: bool = True
    earlier_open: int = 0  # cycles before this one that are neither given nor omitted
    judged: bool = False  # somebody has looked at the hold parameters
    hard: tuple[str, ...] = ()
    holding: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()
    overridden: bool = False  # the prescriber approved it, with a coded reason
    today: date | None = None
    day1_on: date | None = None
    given_on: date | None = None
    new_day1_on: date | None = None
    percent: int = 100  # of the full dose, as it stands
    new_percent: int | None = None


def course_is_running(f: CycleFacts) -> Reason | None:
    return None if f.course_runs else Reason("regimen-ended", "this regimen has ended", "start another")


def earlier_cycles_are_done(f: CycleFacts) -> Reason | None:
    if not f.earlier_open:
        return None
    return Reason("earlier-cycle-open", f"{f.earlier_open} earlier cycle(s) are neither given nor omitted", "settle them first")


def holds_were_judged(f: CycleFacts) -> Reason | None:
    return None if f.judged else Reason("holds-not-judged", "the hold parameters were not judged", "clear it at its page")


def nothing_hard_holds(f: CycleFacts) -> Reason | None:
    if not f.hard:
        return None
    return Reason("hold-hard", f"held without exception: {', '.join(f.hard)}", "delay the cycle, or a newer result")


def holds_are_answered(f: CycleFacts) -> Reason | None:
    if f.overridden or not (f.holding or f.unjudged):
        return None
    said = [*(f"{t} holds" for t in f.holding), *(f"{t} cannot be judged" for t in f.unjudged)]
    return Reason("hold", "; ".join(said), "newer results, a delay, or the prescriber's approval with a coded reason")


def day_has_come(f: CycleFacts) -> Reason | None:
    if f.given_on is None:
        return Reason("day-missing", "on which day was day 1 given?")
    if f.today is not None and f.given_on > f.today:
        return Reason("not-yet", f"{f.given_on:%d-%b-%Y} has not come")
    return None


def it_moves_later(f: CycleFacts) -> Reason | None:
    if f.new_day1_on is None or f.day1_on is None or f.new_day1_on > f.day1_on:
        return None
    return Reason("not-later", f"day 1 is {f.day1_on:%d-%b-%Y}; a delay moves it later")


def it_is_a_reduction(f: CycleFacts) -> Reason | None:
    if f.new_percent is None or 1 <= f.new_percent < 100:
        return None
    return Reason("not-a-reduction", "a reduced dose is 1 to 99 % of the full one")


_S = CycleState
_PLAN, _CLEAR, _RECORD = permissions.REGIMEN.code, permissions.CLEAR.code, permissions.RECORD.code
_WAITING = (_S.PLANNED, _S.DELAYED)
_OPEN = (*_WAITING, _S.CLEARED)
ENDED = frozenset({_S.GIVEN, _S.OMITTED, _S.STOPPED})

CYCLE: Machine[CycleState, CycleFacts] = Machine(
    name="therapy.cycle",
    initial=_S.PLANNED,
    steps=(
        *(Step("clear", s, _S.CLEARED, _CLEAR, "Clear", "{actor} cleared {subject}",
               (course_is_running, earlier_cycles_are_done, holds_were_judged, nothing_hard_holds, holds_are_answered),
               "ok", False, "cleared") for s in _WAITING),
        Step("give", _S.CLEARED, _S.GIVEN, _RECORD, "Record as given", "{actor} recorded {subject} as given",
             (course_is_running, day_has_come), "ok"),
        Step("reopen", _S.CLEARED, _S.PLANNED, _CLEAR, "Take the clearance back", "{actor} took back the clearance of {subject}",
             (), "warn", True),
        *(Step("delay", s, _S.DELAYED, _PLAN, "Delay", "{actor} delayed {subject}", (course_is_running, it_moves_later),
               "wait", True) for s in _OPEN),
        *(Step("reduce", s, s if s is not _S.CLEARED else _S.PLANNED, _PLAN, "Reduce the dose", "{actor} reduced {subject}",
               (course_is_running, it_is_a_reduction), "warn", True) for s in _OPEN),
        *(Step("omit", s, _S.OMITTED, _PLAN, "Omit", "{actor} omitted {subject}", (course_is_running,), "crit", True)
          for s in _OPEN),
        *(Step("stop", s, _S.STOPPED, _PLAN, "Stop", "{actor} stopped {subject} with its regimen", (), "crit", True)
          for s in _OPEN),
    ),
    owners={
        _S.PLANNED: Role.PHARMACIST, _S.DELAYED: Role.PHARMACIST, _S.CLEARED: "", _S.GIVEN: "", _S.OMITTED: "", _S.STOPPED: "",
    },
    tones={
        _S.PLANNED: "info", _S.DELAYED: "wait", _S.CLEARED: "ok", _S.GIVEN: "ok", _S.OMITTED: "idle", _S.STOPPED: "crit",
    },
)


def day_of(day1_on: date, day: int) -> date:
    """The date of a day of a cycle; day 1 is its first."""
    return day1_on + timedelta(days=day - 1)


def first_days(start_on: date, cycle_days: int, cycles: int) -> tuple[date, ...]:
    """Day 1 of each planned cycle."""
    return tuple(start_on + timedelta(days=cycle_days * n) for n in range(cycles))


def moved(days: Iterable[date], by_days: int) -> tuple[date, ...]:
    """Later cycles after a delay: all move by the same days, so that what lies between them stays."""
    return tuple(day + timedelta(days=by_days) for day in days)
