# SPDX-License-Identifier: Apache-2.0
"""Why a seat is where it is, what another hour or its pin costs, why somebody has no place and what would give one.

Each is tried by itself, while nobody else moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openinfusion.planning.domain.suites.booking import Book
from openinfusion.planning.domain.suites.plan import SuitePlan, seat_cost
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
        missing = {f"one more {name}": f"every {name} is in use when it could begin" for name, _ in a.uses}
        binds = _BINDS | missing
        reasons = [binds[t] for t in texts if t in binds] or [_BINDS["a longer day"]] if texts else ["several things at once"]
    return NoPlace(a.name, tuple(dict.fromkeys(reasons)), tuple(ways))


_BINDS = {
    "without its pin": "it is pinned to a time at which there is no place",
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
    for m in problem.means:
        if dict(a.uses).get(m.name, 0) > m.count:
            yield f"it needs more of {m.name} than the suite has"


def _ways(problem: SuiteProblem, plan: SuitePlan, a: Appointment) -> Iterator[Way]:
    """Each thing that could be otherwise, alone; the ones that cost nothing but a word first."""
    if a.pinned is not None and (at := _first(problem, plan, replace(a, pinned=None))) is not None:
        yield Way("without its pin", at)
        return
    tried: list[tuple[str, SuiteProblem, Appointment]] = [
        ("earlier than it is wished", problem, replace(a, asked=problem.opens)),
        ("one more place at the bench", replace(problem, benches=problem.benches + 1), a),
        ("a drug that keeps longer", problem, replace(a, bud=problem.latest)),
        ("one more chair", replace(problem, chairs=(*problem.chairs, "one more")), a),
        (EXTRA, replace(problem, nurses=(*problem.nurses, SuiteNurse(EXTRA, 0, problem.latest))), a),
    ]
    for text, changed, wanted in [*tried, *_more_means(problem, a)]:
        if (at := _first(changed, plan, wanted)) is not None:
            yield Way(text, at)
    for longer in LONGER:
        if (at := _first(_longer(problem, longer), plan, a)) is not None:
            yield Way("a longer day", at, max(0, at + a.lasts - problem.latest))
            return


def _more_means(problem: SuiteProblem, a: Appointment) -> Iterator[tuple[str, SuiteProblem, Appointment]]:
    for name, _ in a.uses:
        more = tuple(replace(m, count=m.count + 1) if m.name == name else m for m in problem.means)
        yield f"one more {name}", replace(problem, means=more), a


def _longer(problem: SuiteProblem, slots: int) -> SuiteProblem:
    """The day goes on, with those nurses who stay to its end."""
    last = max((n.ends for n in problem.nurses), default=0)
    stay = tuple(replace(n, ends=n.ends + slots) if n.ends == last else n for n in problem.nurses)
    return replace(problem, latest=problem.latest + slots, closes=problem.closes, nurses=stay)


@dataclass(frozen=True, slots=True)
class Hour:
    """Another beginning: what the day would cost more, or what stands against it."""

    starts: int
    more: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SeatWhy:
    """What a seat costs, part by part, what kept it from its wish, other hours, and the least its pin costs, if it has one."""

    wait: int
    beyond: int
    after: int
    moved: int
    binds: tuple[str, ...]
    hours: tuple[Hour, ...]
    pin: int | None


def seat_why(problem: SuiteProblem, plan: SuitePlan, name: str, step: int = 3) -> SeatWhy:
    """The reasons of one seat that is not held; other hours from the wish on, every ``step`` slots."""
    by_name, at = {a.name: a for a in problem.appointments}, next(s for s in plan.seats if s.appointment == name)
    a = by_name[name]
    free = replace(a, pinned=None)
    book = Book(problem)
    for s in plan.seats:
        if s.appointment != name:
            book.take(by_name[s.appointment], s.starts, s.prep_starts)
    p, now = problem.prices, seat_cost(problem, a, at.starts)
    last = problem.latest - a.lasts
    least = max(problem.opens, a.asked)
    hours = [_hour(problem, book, free, t, now) for t in range(least, last + 1, step) if t != at.starts]
    costs = [h.more for t in range(least, last + 1)
             if (h := _hour(problem, book, free, t, now)).more is not None]  # fmt: skip
    wait = max(0, at.starts - a.asked)
    return SeatWhy(
        a.weight * p.wait * wait, p.beyond * max(0, wait - a.flex), p.after * max(0, at.ends - problem.closes),
        0 if a.promised is None else p.moved * abs(at.starts - a.promised),
        tuple(dict.fromkeys(r for t in range(a.asked, at.starts) if (r := book.against(free, t)))), tuple(hours),
        None if a.pinned is None else max(0, -min((c for c in costs if c is not None), default=0)),
    )  # fmt: skip


def _hour(problem: SuiteProblem, book: Book, a: Appointment, t: int, now: int) -> Hour:
    reason = book.against(a, t)
    return Hour(t, None, reason) if reason else Hour(t, seat_cost(problem, a, t) - now)


def _first(problem: SuiteProblem, plan: SuitePlan, a: Appointment) -> int | None:
    book, by_name = Book(problem), {x.name: x for x in problem.appointments}
    for seat in plan.seats:
        book.take(by_name[seat.appointment], seat.starts, seat.prep_starts)
    found = book.first(replace(a, held=None))
    return found[0] if found else None
