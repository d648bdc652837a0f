# SPDX-License-Identifier: Apache-2.0
"""A routing problem turned into the arrays of the compiled decoder, and an order into its units and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from openinfusion.planning.adapters.order_kernel import FOREVER, Tables
from openinfusion.planning.domain.routes.eligible import eligible, person_cost, windows_of
from openinfusion.planning.domain.routes.problem import RoutingProblem
from openinfusion.planning.domain.routes.timing import Order


def _padded(rows: Sequence[Sequence[int]], fill: int = 0, width: int = 0) -> Any:
    wide = max([width, *(len(r) for r in rows)])
    return np.array([[*r, *[fill] * (wide - len(r))] for r in rows], np.int64).reshape(len(rows), wide)


def tables_of(problem: RoutingProblem) -> Tables:
    """The problem as arrays."""
    shifts, visits, p = problem.shifts, problem.visits, problem.prices
    number, people = problem.visit_at, list(dict.fromkeys(s.person for s in shifts))
    windows = [windows_of(problem, v) for v in visits]
    singles = [n for n, v in enumerate(visits) if v.name not in problem.pair_of]
    units = [*((n, -1, 0, 0) for n in singles), *((number[x.first], number[x.second], x.least, x.most) for x in problem.pairs)]
    dims = problem.dimensions
    return Tables(
        distance=np.array(problem.distance, np.int64), duration=np.array(problem.duration, np.int64),
        begins=_row(s.begins for s in shifts), ends=_row(s.ends for s in shifts), overtime=_row(s.overtime for s in shifts),
        longest=_row(FOREVER if s.longest is None else s.longest for s in shifts),
        start=_row(s.start for s in shifts), end=_row(s.end for s in shifts),
        capacity=_padded([s.capacity for s in shifts], width=dims),
        rest_count=_row(len(s.rests) for s in shifts),
        rest_early=_padded([[r.earliest for r in s.rests] for s in shifts], width=1),
        rest_late=_padded([[r.latest for r in s.rests] for s in shifts], width=1),
        rest_lasts=_padded([[r.lasts for r in s.rests] for s in shifts], width=1),
        fixed=_row(s.fixed for s in shifts), place=_row(v.place for v in visits), lasts=_row(v.lasts for v in visits),
        window_count=_row(len(w) for w in windows), opens=_padded([[x.opens for x in w] for w in windows]),
        closes=_padded([[x.closes for x in w] for w in windows]),
        wished=_row(v.wished[0].closes if v.wished else FOREVER for v in visits),
        wish_count=_row(len(v.wished) for v in visits),
        wish_opens=_padded([[w.opens for w in v.wished] for v in visits], width=1),
        wish_closes=_padded([[w.closes for w in v.wished] for v in visits], width=1),
        cold=_row(-1 if v.cold is None else v.cold for v in visits),
        delivers=_padded([v.delivers for v in visits], width=dims), collects=_padded([v.collects for v in visits], width=dims),
        person=np.array([[person_cost(problem, s, v) for v in visits] for s in shifts], np.int64),
        keep=_row(p.left_out if v.keep is None else v.keep for v in visits),
        first=_row(u[0] for u in units), second=_row(u[1] for u in units), least=_row(u[2] for u in units),
        most=_row(u[3] for u in units),
        prices=_row((p.distance, p.paid, p.overtime, p.late, p.longest_late, p.longest_day, 2 * max(p.left_out, 1),
                     p.longest_week)),
        whose=_row(people.index(s.person) for s in shifts),
    )  # fmt: skip


def _row(values: Any) -> Any:
    return np.array(list(values), np.int64)


def choices_of(problem: RoutingProblem) -> tuple[Any, Any]:
    """For each visit the shifts that may hold it (padded with -1), and how many there are."""
    found = eligible(problem)
    return _padded(found, fill=-1, width=1), _row(len(f) for f in found)


def units_of(tables: Tables, order: Order) -> tuple[Any, Any, Any]:
    """An order of visits as units with the shift of each half; what the order leaves out stands at the end, unplaced."""
    unit_of = {int(k): u for u, k in enumerate(tables.first)} | {int(k): u for u, k in enumerate(tables.second) if k >= 0}
    shift_of = dict(order)
    count = len(tables.first)
    listed = list(dict.fromkeys(unit_of[k] for k, _ in order))
    listed += [u for u in range(count) if u not in set(listed)]
    one: Any = np.full(count, -1, np.int64)
    two: Any = np.full(count, -1, np.int64)
    for u in range(count):
        a, b = int(tables.first[u]), int(tables.second[u])
        if a in shift_of and (b < 0 or (b in shift_of and shift_of[a] != shift_of[b])):
            one[u], two[u] = shift_of[a], shift_of.get(b, -1)
    return np.array(listed, np.int64), one, two


def order_of_units(tables: Tables, listed: Any, one: Any, two: Any) -> Order:
    """Units back as an order of visits."""
    found: Order = []
    for u in listed:
        if one[u] >= 0:
            found.append((int(tables.first[u]), int(one[u])))
            if tables.second[u] >= 0:
                found.append((int(tables.second[u]), int(two[u])))
    return found
