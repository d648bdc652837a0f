# SPDX-License-Identifier: Apache-2.0
"""One shift being filled, visit after visit: when work begins, where the break goes, how late one may leave.

The rules, which ``adapters/order_kernel.py`` repeats in compiled form:
- work begins in the first window that is still open on arrival;
- a break is taken when the next visit would end after the break's latest beginning: in the waiting time where it fits, else
  before leaving for it;
- the way out begins as late as it can without ending the day later (Savelsbergh's forward time slack).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from openinfusion.planning.domain.routes.eligible import windows_of
from openinfusion.planning.domain.routes.plan import Call, Pause, Route
from openinfusion.planning.domain.routes.problem import RoutingProblem, Shift, Visit

FOREVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Attempt:
    """How the next visit would go: nothing is changed yet. ``miss``: ticks by which something hard is broken."""

    starts: int
    latest: int
    miss: int
    rests: int
    pauses: tuple[tuple[int, int, bool], ...]  # begin, end, whether at the visit's place
    travelled: int


@dataclass(slots=True)
class Day:
    """The state of one shift. ``waited`` and ``slack`` say by how much one may leave later."""

    problem: RoutingProblem
    shift: Shift
    place: int = 0
    at: int = 0
    waited: int = 0
    slack: int = FOREVER
    colder: int = 0
    rests: int = 0
    distance: int = 0
    miss: int = 0
    load: list[int] = field(default_factory=list)
    peak: list[int] = field(default_factory=list)
    calls: list[tuple[Visit, int, int]] = field(default_factory=list)  # visit, start, waited until then
    pauses: list[Pause] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place, self.at = self.shift.start, self.shift.begins
        self.load = [0] * len(self.shift.capacity)
        self.peak = [0] * len(self.shift.capacity)

    def attempt(self, visit: Visit, not_before: int = 0) -> Attempt:
        """When the visit would begin if it came next."""
        travel = self.problem.duration[self.place][visit.place]
        leaves, held, rests, miss = self.at, 0, self.rests, 0
        pauses: list[tuple[int, int, bool]] = []
        while True:
            arrives = leaves + travel
            starts, closes, late = _begin(self.problem, visit, max(arrives, not_before, held))
            if rests >= len(self.shift.rests) or starts + visit.lasts <= self.shift.rests[rests].latest:
                return Attempt(starts, closes, miss + late, rests, tuple(pauses), travel)
            rest = self.shift.rests[rests]
            waiting = max(arrives, held, rest.earliest)
            there = bool(held) or (waiting <= rest.latest and waiting + rest.lasts <= starts)
            if there:
                begun = waiting
                held = begun + rest.lasts
            else:
                begun = max(leaves, rest.earliest)
                leaves = begun + rest.lasts
            miss += max(0, begun - rest.latest)
            pauses.append((begun, begun + rest.lasts, there))
            rests += 1

    def take(self, visit: Visit, attempt: Attempt, fixed: bool = False) -> None:
        """The visit as attempted. ``fixed``: its beginning hangs on another one's, so leaving later must not move it."""
        if attempt.pauses:
            self.slack = min(self.slack, self.waited)
        rested = sum(ends - starts for starts, ends, _ in attempt.pauses)
        self.waited += attempt.starts - self.at - attempt.travelled - rested
        latest = attempt.starts if fixed else _latest(visit, attempt)
        self.slack = min(self.slack, self.waited + max(0, latest - attempt.starts))
        self.miss += attempt.miss + self._cold(visit, attempt.starts)
        self.pauses += [Pause(starts, ends, len(self.calls), there) for starts, ends, there in attempt.pauses]
        self.rests = attempt.rests
        self._carry(visit)
        self.distance += self.problem.distance[self.place][visit.place]
        self.calls.append((visit, attempt.starts, self.waited))
        self.place, self.at = visit.place, attempt.starts + visit.lasts

    def _cold(self, visit: Visit, starts: int) -> int:
        if visit.cold is None:
            return 0
        needed = starts - self.shift.begins - visit.cold
        self.colder = max(self.colder, needed)
        return max(0, needed - self.waited)

    def _carry(self, visit: Visit) -> None:
        for n in range(len(self.load)):
            out = visit.delivers[n] if n < len(visit.delivers) else 0
            self.load[n] += visit.collects[n] if n < len(visit.collects) else 0
            self.peak[n] = max(self.peak[n] + out, self.load[n])

    def finish(self) -> Ended:
        """The way home, with the breaks that are still due, and what is broken over the whole day."""
        home = self.problem.duration[self.place][self.shift.end]
        for rest in self.shift.rests[self.rests :]:
            if self.at + home <= rest.latest:
                break
            begun = max(self.at, rest.earliest)
            self.slack = min(self.slack, self.waited)
            self.waited += begun - self.at
            self.miss += max(0, begun - rest.latest)
            self.pauses.append(Pause(begun, begun + rest.lasts, len(self.calls)))
            self.at = begun + rest.lasts
        self.distance += self.problem.distance[self.place][self.shift.end]
        later = max(0, min(self.slack, self.waited))
        return Ended(self, later, self.shift.begins + later, self.at + home)


@dataclass(frozen=True, slots=True)
class Ended:
    """A day that is over. ``later``: how much later than the shift's beginning one leaves."""

    day: Day
    later: int
    leaves: int
    returns: int

    @property
    def overtime(self) -> int:
        return max(0, self.returns - self.day.shift.ends)

    @property
    def miss(self) -> int:
        """Ticks (or units of load) by which hard limits are broken."""
        day, shift = self.day, self.day.shift
        long = 0 if shift.longest is None else max(0, self.returns - self.leaves - shift.longest)
        heavy = sum(max(0, p - c) for p, c in zip(day.peak, shift.capacity, strict=True))
        return day.miss + max(0, self.overtime - shift.overtime) + long + heavy + max(0, day.colder - max(self.later, 0))

    def route(self) -> Route:
        """The route to be read, with the beginnings that leaving later moves."""
        day, calls, place, ready = self.day, [], self.day.shift.start, self.leaves
        for n, (visit, starts, waited) in enumerate(day.calls):
            starts += max(0, self.later - waited)
            ready = max([ready, *(p.ends for p in day.pauses if p.before == n and not p.there)])
            arrives = ready + day.problem.duration[place][visit.place]
            calls.append(Call(visit.name, min(arrives, starts), starts, starts + visit.lasts))
            place, ready = visit.place, starts + visit.lasts
        return Route(day.shift.name, day.shift.person, self.leaves, self.returns, tuple(calls), tuple(day.pauses), day.distance)


def _begin(problem: RoutingProblem, visit: Visit, ready: int) -> tuple[int, int, int]:
    """The first possible beginning, the close of its window, and by how much it is too late."""
    windows = windows_of(problem, visit)
    for window in windows:
        if ready <= window.closes:
            return max(ready, window.opens), window.closes, 0
    return ready, ready, ready - windows[-1].closes


def _latest(visit: Visit, attempt: Attempt) -> int:
    """Until when it might begin without breaking its window or becoming later than wished."""
    wish = visit.wish_at(attempt.starts)
    return attempt.latest if wish is None else max(attempt.starts, min(attempt.latest, wish.closes))
