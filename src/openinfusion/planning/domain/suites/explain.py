# SPDX-License-Identifier: Apache-2.0
"""Why somebody has no place in a suite's day, and what would give one: each way tried by itself, while nobody else moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openinfusion.planning.domain.suites.booking import Book
from openinfusion.planning.domain.suites.plan import SuitePlan
from openinfusion.planning.domain.suites.problem import Appointment, SuiteNurse, SuiteProblem

LONGER = (3, 6, 12, 24, 36)  # slots by which a day may be longer: up to three hours of five-minute slots
EXTRA = "one more nurse"


@dataclass(frozen=True, slots=True)
class Way:
    """What would give a place, beginning when, and how many slots the day would be longer for it."""

    text: str
    starts: int
    longer: int = 0


@dataclass(frozen=True, slots=True)
class NoPlace:
    """Somebody without a seat: what stands against it, and the ways out, the cheapest first. Without a way: another day."""

    appointment: str
    reasons: tuple[str, ...]
    ways: tuple[Way, ...]


def no_places(problem: SuiteProblem, plan: SuitePlan) -> tuple[NoPlace, ...]:
    """Everybody whom the plan leaves out, in its order."""
    by_name = {a.name: a for a in problem.appointments}
    return tuple(_no_place(problem, plan, by_name[n]) for n in plan.unplaced if n in by_name)


def _no_place(problem: SuiteProblem, plan: SuitePlan, a: Appointment) -> NoPlace:
    ways = list(_ways(problem, plan, a))
    reasons = list(_plain(problem, a))
    texts = [w.text for w in ways]
    if not reasons:
        reasons = [_BINDS[t] for t in texts if t in _BINDS] or [_BINDS["a longer day"]] if texts else ["several things at once"]
    return NoPlace(a.name, tuple(dict.fromkeys(reasons)), tuple(ways))


_BINDS = {
    "earlier than it is wished": "what is free lies before the time it is wished for",
    "one more chair": "every chair is taken when it could begin",
    EXTRA: "the nurses who are there watch as much as they may",
    "one more place at the bench": "the bench cannot prepare the drug in time",
    "a drug that keeps longer": "its drug would be beyond its use by the time a chair is free",
    "a longer day": "it would end after the latest hour",
}


def _plain(problem: SuiteProblem, a: Appointment) -> Iterator[str]:
    """What stands against it whatever else is seated."""
    if not problem.chairs:
        yield "the suite has no chair"
    if not any(problem.hands):
        yield "no nurse is at the chairs"
    if max(a.asked, problem.opens) + a.lasts > problem.latest:
        yield "from when it is wished it lasts beyond the latest hour"
    if a.acuity > problem.ratio:
        yield "its acuity is more than one nurse may watch"


def _ways(problem: SuiteProblem, plan: SuitePlan, a: Appointment) -> Iterator[Way]:
    """Each thing that could be otherwise, alone; the ones that cost nothing but a word first."""
    tried: list[tuple[str, SuiteProblem, Appointment]] = [
        ("earlier than it is wished", problem, replace(a, asked=problem.opens)),
        ("one more place at the bench", replace(problem, benches=problem.benches + 1), a),
        ("a drug that keeps longer", problem, replace(a, bud=problem.latest)),
        ("one more chair", replace(problem, chairs=(*problem.chairs, "one more")), a),
        (EXTRA, replace(problem, nurses=(*problem.nurses, SuiteNurse(EXTRA, 0, problem.latest))), a),
    ]
    for text, changed, wanted in tried:
        if (at := _first(changed, plan, wanted)) is not None:
            yield Way(text, at)
    for longer in LONGER:
        if (at := _first(_longer(problem, longer), plan, a)) is not None:
            yield Way("a longer day", at, max(0, at + a.lasts - problem.latest))
            return


def _longer(problem: SuiteProblem, slots: int) -> SuiteProblem:
    """The day goes on, with those nurses who stay to its end."""
    last = max((n.ends for n in problem.nurses), default=0)
    stay = tuple(replace(n, ends=n.ends + slots) if n.ends == last else n for n in problem.nurses)
    return replace(problem, latest=problem.latest + slots, closes=problem.closes, nurses=stay)


def _first(problem: SuiteProblem, plan: SuitePlan, a: Appointment) -> int | None:
    book, by_name = Book(problem), {x.name: x for x in problem.appointments}
    for seat in plan.seats:
        book.take(by_name[seat.appointment], seat.starts, seat.prep_starts)
    found = book.first(replace(a, held=None))
    return found[0] if found else None
