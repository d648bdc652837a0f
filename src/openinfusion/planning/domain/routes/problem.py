# SPDX-License-Identifier: Apache-2.0
"""A day (or a week) of visits or deliveries, and who may make them. Every time is a whole number of ticks; nothing is a fraction.

``RoutingProblem.ticks`` says how many ticks make a minute: 1 in the product's own files, 10 or 1000 in published instances.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from openinfusion.kernel.refusal import Malformed
from openinfusion.planning.domain.routes.faults import faults_in


@dataclass(frozen=True, slots=True)
class Window:
    """Work may begin between these two instants, both included."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Rest:
    """A break: it begins between ``earliest`` and ``latest`` unless the day ends before, and lasts so long."""

    earliest: int
    latest: int
    lasts: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is. Degrees are kept as text of the source; ``approximate``: a ZIP centroid, not the address."""

    name: str
    latitude: str = ""
    longitude: str = ""
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's (or van's) time on the road on one day, from a place back to a place.

    ``overtime``: how long after ``ends`` the return may be at most. ``longest``: most ticks from leaving to returning.
    ``licences``: the states whose licence the person holds. ``capacity``: how much of each dimension fits.
    """

    name: str
    person: str
    start: int
    end: int
    begins: int
    ends: int
    overtime: int = 0
    longest: int | None = None
    skills: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()
    capacity: tuple[int, ...] = ()
    rests: tuple[Rest, ...] = ()
    fixed: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """One piece of work at a place.

    ``windows``: hard, any one of them (also on several days). ``wished``: in the order of time, the last that has opened
    by then counts: begun after it closes costs, begun before it opens does not.
    ``cold``: most ticks from leaving until work begins. ``delivers`` is loaded at the start, ``collects`` is brought back.
    ``prefers``: anybody else costs ``Prices.other_person``. ``keep``: what leaving it out costs, where it differs.
    """

    name: str
    place: int
    lasts: int
    windows: tuple[Window, ...]
    wished: tuple[Window, ...] = ()
    skills: frozenset[str] = frozenset()
    licence: str = ""
    delivers: tuple[int, ...] = ()
    collects: tuple[int, ...] = ()
    cold: int | None = None
    prefers: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    keep: int | None = None
    patient: str = ""

    def wish_at(self, starts: int) -> Window | None:
        """The wished window that counts for a beginning; before the first has opened, the first."""
        return next((w for w in reversed(self.wished) if w.opens <= starts), self.wished[0] if self.wished else None)

    def late(self, starts: int) -> int:
        """By how many ticks a beginning is later than wished."""
        wish = self.wish_at(starts)
        return 0 if wish is None else max(0, starts - wish.closes)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two visits by two people: the second begins ``least`` to ``most`` ticks after the first; 0 and 0 is together."""

    first: str
    second: str
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Pin:
    """Somebody decided: this visit by this person, or at this instant, or both."""

    visit: str
    person: str = ""
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What today's plan says of a visit: who makes it, and when it begins."""

    visit: str
    person: str
    starts: int


@dataclass(frozen=True, slots=True)
class Prices:
    """What a plan costs, in points: per unit of distance, per tick, or per visit. All are whole and not negative."""

    distance: int = 1
    paid: int = 0  # per tick from leaving to returning
    overtime: int = 0  # per tick after the shift's end
    late: int = 0  # per tick after the wished window
    longest_late: int = 0  # per tick of the greatest lateness of the plan
    longest_day: int = 0  # per tick of the longest day of the plan: fairness
    other_person: int = 0  # per visit by somebody who is not preferred
    moved: int = 0  # per visit given to somebody else than in today's plan
    left_out: int = 1_000_000  # per visit that is not placed
    longest_week: int = 0  # per tick of the greatest time of one person over all days: fairness over several days


@dataclass(frozen=True)
class RoutingProblem:
    """Everything a plan of routes needs. ``distance`` and ``duration`` are square over ``places``."""

    places: tuple[Place, ...]
    distance: tuple[tuple[int, ...], ...]
    duration: tuple[tuple[int, ...], ...]
    shifts: tuple[Shift, ...]
    visits: tuple[Visit, ...]
    pairs: tuple[Pair, ...] = ()
    pins: tuple[Pin, ...] = ()
    prices: Prices = field(default_factory=Prices)
    today: tuple[Promise, ...] = ()
    ticks: int = 1
    name: str = ""

    def __post_init__(self) -> None:
        found = faults_in(self)
        if found:
            raise Malformed(*found)

    @cached_property
    def visit_at(self) -> dict[str, int]:
        """The number of each visit by its name."""
        return {v.name: n for n, v in enumerate(self.visits)}

    @cached_property
    def shift_at(self) -> dict[str, int]:
        """The number of each shift by its name."""
        return {s.name: n for n, s in enumerate(self.shifts)}

    @cached_property
    def pair_of(self) -> dict[str, Pair]:
        """The pair each visit stands in, if any."""
        return {name: p for p in self.pairs for name in (p.first, p.second)}

    @cached_property
    def pin_of(self) -> dict[str, Pin]:
        return {p.visit: p for p in self.pins}

    @cached_property
    def promised(self) -> dict[str, Promise]:
        return {p.visit: p for p in self.today}

    @property
    def dimensions(self) -> int:
        """How many kinds of load are counted."""
        return max((len(s.capacity) for s in self.shifts), default=0)

    @property
    def needs_decoder(self) -> bool:
        """Whether it holds what the general routing libraries cannot state: pairs, rests, wishes, cold chain, fairness."""
        p = self.prices
        soft = bool(p.late or p.longest_late) and any(v.wished for v in self.visits)
        rests = any(s.rests for s in self.shifts)
        fair = p.longest_day or p.longest_week
        return bool(self.pairs or rests or soft or fair or any(v.cold is not None for v in self.visits))
