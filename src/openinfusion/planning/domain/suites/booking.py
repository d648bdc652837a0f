# SPDX-License-Identifier: Apache-2.0
"""One appointment after the other at its first possible time: what a clerk does, and the way from an order to a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from openinfusion.planning.domain.suites.plan import SuitePlan, seated
from openinfusion.planning.domain.suites.problem import Appointment, SuiteProblem, in_turn


@dataclass(slots=True)
class Book:
    """What is taken in each slot."""

    problem: SuiteProblem
    chairs: list[int] = field(default_factory=list)
    acuity: list[int] = field(default_factory=list)
    hands: list[int] = field(default_factory=list)
    benches: list[int] = field(default_factory=list)
    used: dict[str, list[int]] = field(default_factory=dict)
    seats: dict[str, tuple[Appointment, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.used = {m.name: [] for m in self.problem.means}
        for row in (self.chairs, self.acuity, self.hands, self.benches, *self.used.values()):
            row.extend([0] * self.problem.latest)

    def prep_at(self, a: Appointment, starts: int) -> int | None:
        """The latest time at the bench for a beginning; None where there is none within the beyond-use time."""
        for ends in range(starts, max(starts - a.bud, a.prep) - 1, -1):
            if all(self.benches[t] < self.problem.benches for t in range(ends - a.prep, ends)):
                return ends - a.prep
        return None

    def sits(self, a: Appointment, t: int) -> bool:
        """Whether chairs, nurses and hands hold it from slot t on."""
        p, ends = self.problem, t + a.lasts
        held = all(self.chairs[u] < len(p.chairs) and self.acuity[u] + a.acuity <= p.ratio * p.hands[u] for u in range(t, ends))
        free = held and all(self.hands[u] < p.hands[u] for u in _handled(a, t))
        return free and not self.out_of(a, t) and not self.out_of_turn(a, t)

    def out_of(self, a: Appointment, t: int) -> str:
        """The means of which too few are free from slot t on; empty where there are enough."""
        for m in self.problem.means:
            count = dict(a.uses).get(m.name, 0)
            if count and any(self.used[m.name][u] + count > m.count for u in range(t, t + a.lasts)):
                return m.name
        return ""

    def out_of_turn(self, a: Appointment, t: int) -> bool:
        """Whether something that it comes after ends later than t, or something that comes after it begins before its end."""
        late = any(name in self.seats and self._ends(name) > t for name in a.after)
        return late or any(b.held is None and a.name in b.after and s < t + a.lasts for b, s in self.seats.values())

    def _ends(self, name: str) -> int:
        return self.seats[name][1] + self.seats[name][0].lasts

    def against(self, a: Appointment, t: int) -> str:
        """What stands against a beginning, the first that does; empty where nothing does."""
        p, ends = self.problem, t + a.lasts
        if t < p.opens or ends > p.latest:
            return "it is outside of the suite's hours"
        if any(self.chairs[u] >= len(p.chairs) for u in range(t, ends)):
            return "every chair is taken"
        if any(self.acuity[u] + a.acuity > p.ratio * p.hands[u] for u in range(t, ends)):
            return "the nurses who are there watch as much as they may"
        if any(self.hands[u] >= p.hands[u] for u in _handled(a, t)):
            return "every nurse has her hands full at its beginning or end"
        if name := self.out_of(a, t):
            return f"every {name} is in use"
        if self.out_of_turn(a, t):
            return "it would not be before or after another one as it has to be"
        return "" if self.prep_at(a, t) is not None else "the bench cannot have its drug ready and in date"

    def first(self, a: Appointment) -> tuple[int, int] | None:
        """The first possible beginning with its preparation."""
        if a.held is not None:
            prep = self.prep_at(a, a.held)
            return a.held, a.held - a.prep if prep is None else prep
        first, last = max(a.asked, self.problem.opens), self.problem.latest - a.lasts
        for t in range(first, last + 1) if a.pinned is None else [a.pinned] if first <= a.pinned <= last else []:
            if self.sits(a, t) and (prep := self.prep_at(a, t)) is not None:
                return t, prep
        return None

    def take(self, a: Appointment, t: int, prep: int) -> None:
        for u in range(t, t + a.lasts):
            self.chairs[u] += 1
            self.acuity[u] += a.acuity
        for u in _handled(a, t):
            self.hands[u] += 1
        for u in range(max(0, prep), prep + a.prep):
            self.benches[u] += 1
        for name, count in a.uses:
            for u in range(t, t + a.lasts):
                self.used[name][u] += count
        self.seats[a.name] = a, t


def _handled(a: Appointment, t: int) -> list[int]:
    """The slots that need a nurse's hands."""
    return [*range(t, t + a.setup), *range(t + a.lasts - a.disconnect, t + a.lasts)]


def booked(problem: SuiteProblem, order: Iterable[int], method: str) -> SuitePlan:
    """The plan of an order; what is held is seated before everything else, and nobody before those whom they come after."""
    book, starts = Book(problem), {}
    listed = in_turn(problem, list(order))
    held = [n for n, a in enumerate(problem.appointments) if a.held is not None]
    for n in [*held, *(n for n in listed if n not in set(held))]:
        a = problem.appointments[n]
        found = book.first(a)
        if found:
            book.take(a, *found)
            starts[a.name] = found
    return seated(problem, starts, method)


def first_come(problem: SuiteProblem, calls: Sequence[int]) -> SuitePlan:
    """The day as booked in the order in which patients called."""
    return booked(problem, calls, "first come")


def sorted_first(problem: SuiteProblem) -> SuitePlan:
    """The day booked in the order of the wished times, long ones first."""
    return booked(problem, sorted_order(problem), "sorted")


def sorted_order(problem: SuiteProblem) -> list[int]:
    rows = problem.appointments
    return sorted(range(len(rows)), key=lambda n: (rows[n].promised or rows[n].asked, -rows[n].lasts, n))


def fills(problem: SuiteProblem, plan: SuitePlan, waiting: Sequence[Appointment]) -> list[tuple[str, int]]:
    """Who of a waiting list fits into the day, and when, while nobody of the plan moves; the longest stay first."""
    book, by_name = Book(problem), {a.name: a for a in problem.appointments}
    for seat in plan.seats:
        book.take(by_name[seat.appointment], seat.starts, seat.prep_starts)
    found = []
    for a in sorted(waiting, key=lambda w: (-w.weight, -w.lasts, w.name)):
        at = book.first(replace(a, held=None))
        if at and at[0] + a.lasts <= problem.closes:
            book.take(a, *at)
            found.append((a.name, at[0]))
    return found


def after_check_in(problem: SuiteProblem, plan: SuitePlan, now: int, arrived: dict[str, int], moved: int) -> SuiteProblem:
    """The day from now on: who sits stays, who has come begins at arrival or later, all others are promised their time."""
    at = {s.appointment: s.starts for s in plan.seats}
    chair = {s.appointment: s.chair for s in plan.seats}
    rows = []
    for a in problem.appointments:
        if a.name in at and at[a.name] < now:
            rows.append(replace(a, held=at[a.name], pinned=None, chair=chair[a.name]))
        else:
            asked = max(arrived.get(a.name, a.asked), now)
            pinned = a.pinned if a.pinned is not None and a.pinned >= asked else None  # a time that is over binds nobody
            rows.append(replace(a, asked=asked, pinned=pinned, promised=at.get(a.name), chair=chair.get(a.name, "")))
    return replace(problem, appointments=tuple(rows), prices=replace(problem.prices, moved=moved))
