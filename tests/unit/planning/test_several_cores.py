# SPDX-License-Identifier: Apache-2.0
"""A large day on several cores: whole and sound; parts hold every route and vehicle once; what cannot be parted is not."""
from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from openinfusion.planning.public import (
    Effort,
    Pair,
    Place,
    Prices,
    RoutingProblem,
    Shift,
    Visit,
    Window,
    plan_routes,
    route_faults,
)

pytest.importorskip("pyvrp")
from openinfusion.planning.adapters import pyvrp_routes
from openinfusion.planning.adapters.pyvrp_apart import _shared_out, may_be_apart


def town(visits: int = 60, shifts: int = 8, **more: Any) -> RoutingProblem:
    """Two bases, homes all around them; every second shift from each."""
    r = random.Random(7)
    at = [(20, 50), (80, 50), *((r.randrange(100), r.randrange(100)) for _ in range(visits))]
    ways = tuple(tuple(abs(a[0] - b[0]) + abs(a[1] - b[1]) for b in at) for a in at)
    crew = tuple(Shift(f"s{n}", f"p{n}", n % 2, n % 2, 0, 900, capacity=(12,)) for n in range(shifts))
    work = tuple(Visit(f"v{n}", n + 2, 10, (Window(0, 900),), delivers=(1,)) for n in range(visits))
    return RoutingProblem(tuple(Place(str(n)) for n in range(len(at))), ways, ways, crew, work, prices=Prices(1), **more)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several cores from so few visits and seconds on."""
    monkeypatch.setattr(pyvrp_routes, "LARGE", 40)
    monkeypatch.setattr(pyvrp_routes, "LONG", 1)


def test_the_day_is_whole_sound_and_no_dearer_than_a_quick_plan(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[int] = []
    apart = pyvrp_routes.annealed_apart
    monkeypatch.setattr(pyvrp_routes, "annealed_apart", lambda *a: called.append(a[-1]) or apart(*a))
    day = town()
    plan = plan_routes(day, Effort(4, 1, "pyvrp", cores=2))
    assert called == [2] and plan.unplaced == () and route_faults(day, plan) == []
    assert plan.cost.total < plan_routes(day, Effort(1, 1, "insertion")).cost.total


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_parts_hold_every_route_and_every_unused_vehicle_once(cores: int) -> None:
    data = pyvrp_routes._stated(town(), False, 0).data
    kinds = [t.num_available for t in data.vehicle_types()]
    routes = [(n % len(kinds), [*range(n * 10, n * 10 + 10)]) for n in range(6)]
    for seed in range(20):
        parts = _shared_out(data, routes, cores, random.Random(seed))
        assert 1 <= len(parts) <= cores and sorted(r for part, _ in parts for r in part) == sorted(routes)
        spare = [sum(s[k] for _, s in parts) for k in range(len(kinds))]
        if len(parts) == cores:
            assert spare == [count - sum(1 for kind, _ in routes if kind == k) for k, count in enumerate(kinds)]


def test_two_windows_and_what_may_be_left_out_are_not_parted() -> None:
    day = town()
    several = replace(day, visits=(replace(day.visits[0], windows=(Window(0, 100), Window(200, 300))), *day.visits[1:]))
    assert may_be_apart(pyvrp_routes._stated(day, False, 0).data)
    assert not may_be_apart(pyvrp_routes._stated(several, False, 0).data)
    assert not may_be_apart(pyvrp_routes._stated(day, True, 0).data)


def test_on_one_core_with_little_time_or_with_pairs_no_process_is_begun(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyvrp_routes, "annealed_apart", lambda *a: pytest.fail("a process was begun"))
    for effort in (Effort(1.2, 1, "pyvrp"), Effort(0.5, 1, "pyvrp", cores=2)):
        assert plan_routes(town(), effort).unplaced == ()
    paired = town(pairs=(Pair("v0", "v1", 0, 60),))
    assert route_faults(paired, plan_routes(paired, Effort(2, 1, cores=2))) == []
