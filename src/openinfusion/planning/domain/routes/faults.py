# SPDX-License-Identifier: Apache-2.0
"""What cannot be right about a routing problem, each thing with its path and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

from openinfusion.kernel.refusal import Fault

if TYPE_CHECKING:
    from openinfusion.planning.domain.routes.problem import RoutingProblem, Shift, Visit


def faults_in(problem: RoutingProblem) -> list[Fault]:
    """Every fault, not only the first."""
    return [*_matrices(problem), *_names(problem), *_shifts(problem), *_visits(problem), *_links(problem), *_prices(problem)]


def _matrices(problem: RoutingProblem) -> Iterator[Fault]:
    n = len(problem.places)
    for name, rows in (("distance", problem.distance), ("duration", problem.duration)):
        if len(rows) != n or any(len(r) != n for r in rows):
            yield Fault(name, f"is not {n} by {n}, one row and column a place")
        elif any(x < 0 for row in rows for x in row):
            yield Fault(name, "holds a negative figure")
    if problem.ticks < 1:
        yield Fault("ticks", "is at least one a minute")


def _names(problem: RoutingProblem) -> Iterator[Fault]:
    for kind, names in (("shifts", [s.name for s in problem.shifts]), ("visits", [v.name for v in problem.visits])):
        yield from (Fault(kind, f"{name!r} stands {n} times") for name, n in Counter(names).items() if n > 1)


def _shifts(problem: RoutingProblem) -> Iterator[Fault]:
    for n, s in enumerate(problem.shifts):
        at = f"shifts.{n}"
        if not (0 <= s.start < len(problem.places) and 0 <= s.end < len(problem.places)):
            yield Fault(at, "starts or ends at an unknown place")
        if s.ends < s.begins or s.begins < 0:
            yield Fault(at, "ends before it begins, or begins before the first day")
        if s.overtime < 0 or (s.longest or 0) < 0 or s.fixed < 0 or any(c < 0 for c in s.capacity):
            yield Fault(at, "overtime, longest, fixed and capacity are not negative")
        yield from _rests(at, s)


def _rests(at: str, shift: Shift) -> Iterator[Fault]:
    for n, r in enumerate(shift.rests):
        if r.latest < r.earliest or r.lasts <= 0:
            yield Fault(f"{at}.rests.{n}", "its latest beginning is before its earliest, or it takes no time")
        if n and r.earliest < shift.rests[n - 1].earliest:
            yield Fault(f"{at}.rests.{n}", "breaks stand in the order of their time")


def _visits(problem: RoutingProblem) -> Iterator[Fault]:
    for n, v in enumerate(problem.visits):
        at = f"visits.{n}"
        if not 0 <= v.place < len(problem.places):
            yield Fault(at, "is at an unknown place")
        if v.lasts < 0 or (v.cold or 0) < 0 or (v.keep or 0) < 0:
            yield Fault(at, "lasts, cold and keep are not negative")
        yield from _windows(at, v)
        if any(x < 0 for x in (*v.delivers, *v.collects)) or max(len(v.delivers), len(v.collects)) > problem.dimensions:
            yield Fault(at, "a load is negative, or no shift's capacity counts it")


def _windows(at: str, visit: Visit) -> Iterator[Fault]:
    if not visit.windows:
        yield Fault(at, "has no window")
    for n, w in enumerate(visit.windows):
        if w.closes < w.opens:
            yield Fault(f"{at}.windows.{n}", "closes before it opens")
        if n and w.opens <= visit.windows[n - 1].closes:
            yield Fault(f"{at}.windows.{n}", "windows stand apart and in the order of their time")
    for n, w in enumerate(visit.wished):
        if w.closes < w.opens:
            yield Fault(f"{at}.wished.{n}", "closes before it opens")
        if n and w.opens <= visit.wished[n - 1].closes:
            yield Fault(f"{at}.wished.{n}", "wished windows stand apart and in the order of their time")


def _links(problem: RoutingProblem) -> Iterator[Fault]:
    visits = {v.name for v in problem.visits}
    people = {s.person for s in problem.shifts}
    paired = Counter(name for p in problem.pairs for name in (p.first, p.second))
    for n, pair in enumerate(problem.pairs):
        if pair.first not in visits or pair.second not in visits or pair.first == pair.second:
            yield Fault(f"pairs.{n}", "names a visit that is not there, or one visit twice")
        if not 0 <= pair.least <= pair.most:
            yield Fault(f"pairs.{n}", "least is not negative and not more than most")
    yield from (Fault("pairs", f"{name!r} stands in {n} pairs") for name, n in paired.items() if n > 1)
    for n, pin in enumerate(problem.pins):
        if pin.visit not in visits or (pin.person and pin.person not in people):
            yield Fault(f"pins.{n}", "names a visit or person that is not there")
        windows = next((v.windows for v in problem.visits if v.name == pin.visit), ())
        if pin.at is not None and not any(w.opens <= pin.at <= w.closes for w in windows):
            yield Fault(f"pins.{n}.at", "is outside of the visit's windows")
        if not pin.person and pin.at is None:
            yield Fault(f"pins.{n}", "holds neither a person nor an instant")
    yield from _twice("pins", (p.visit for p in problem.pins))
    yield from _twice("today", (p.visit for p in problem.today))


def _twice(kind: str, names: Iterable[str]) -> Iterator[Fault]:
    yield from (Fault(kind, f"{name!r} stands {n} times") for name, n in Counter(names).items() if n > 1)


def _prices(problem: RoutingProblem) -> Iterator[Fault]:
    for one in fields(problem.prices):
        if getattr(problem.prices, one.name) < 0:
            yield Fault(f"prices.{one.name}", "is not negative")
