# SPDX-License-Identifier: Apache-2.0
"""A few days of the simulated quarter: whoever plans, everything that was done can have happened. Days are fixed, nothing is timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from benchmarks.quarter import first_asked, lived, planned
from benchmarks.quarter_day import DayLived, lived_through
from benchmarks.quarter_world import NOON_NEWS, Pharmacy
from hypothesis import given, settings
from hypothesis import strategies as st

SMALL = Pharmacy(seed=3, days=3, at_first=60, a_day=3, nurses=4, drivers=2, chairs=3)


def ticking() -> Callable[[], float]:
    """A clock of which every look is a second: the same steps on every machine."""
    ticks: Iterator[int] = count()
    return lambda: next(ticks)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(40, 90), st.integers(2, 5))
def test_a_clerks_days_can_have_happened_and_nothing_is_lost(seed: int, at_first: int, nurses: int) -> None:
    """No nurse twice at once, skills kept, no dose before its drug, every visit done or told as left out."""
    house = Pharmacy(seed, 4, at_first, 3, nurses, 2, 4)
    days: list[DayLived] = []
    found = lived(house, first_asked(), lambda _, day: days.append(day))
    assert found.faults == 0, [f for day in days for f in day.faults]
    for number, day in enumerate(days):
        asked = house.day(number)
        done = {s.patient for row in day.nurses.stops.values() for s in row} | set(day.nurses.left_out)
        wanted = {p.name for p in (*asked.visits, *asked.news.urgent)}
        assert done <= wanted
        assert wanted - done <= asked.first_doses, "only a first dose without its drug is not asked of the nurses"


def test_planned_days_can_have_happened() -> None:
    days: list[DayLived] = []
    found = lived(SMALL, planned(40, ticking()), lambda _, day: days.append(day))
    assert found.faults == 0, [f for day in days for f in day.faults]
    assert found.visits and found.deliveries and found.seats


def test_the_same_seed_is_the_same_quarter() -> None:
    assert [SMALL.day(n) for n in range(3)] == [Pharmacy(3, 3, 60, 3, 4, 2, 3).day(n) for n in range(3)]
    assert lived(SMALL, first_asked()) == lived(SMALL, first_asked())


@pytest.mark.parametrize("seed", range(4))
def test_who_is_sick_makes_no_visit_after_the_news(seed: int) -> None:
    """Of the days of a quarter in which somebody calls in sick, the first."""
    house = Pharmacy(seed, 65, 60, 2, 4, 2, 3)
    number = next(n for n in range(65) if house.day(n).news.sick)
    asked = house.day(number)
    day = lived_through(house, asked, first_asked(), {})
    assert day.faults == ()
    assert all(s.starts < NOON_NEWS for s in day.nurses.stops[asked.news.sick])
