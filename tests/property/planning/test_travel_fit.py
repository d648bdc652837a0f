# SPDX-License-Identifier: Apache-2.0
"""What was driven gives back the speeds and the factor that it was driven with, with pauses and waiting mixed in."""
from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.planning.public import (
    DayDriven,
    DayNotCounted,
    Fitted,
    NotCounted,
    Place,
    TravelRow,
    WaySeen,
    fit_figures,
    fitted,
    judged,
    travel_row,
)

FIRST = date(2026, 3, 2)
HOUSE = travel_row("", FIRST)
FIGURES = fit_figures(FIRST)
DEGREE = 111_195  # metres of a degree to the north
METRES_A_MILE = 1609.344


def minutes(metres: float, row: TravelRow) -> float:
    """How long a way truly takes, not rounded."""
    spent, done = float(row.park), 0.0
    for below, kmh in row.bands:
        part = (min(metres, below) if below else metres) - done
        if part <= 0:
            break
        spent, done = spent + part * 0.06 / kmh, done + part
    return spent


def a_way(dice: random.Random, day: date, true: TravelRow, blur: float, metres: float | None = None) -> WaySeen:
    """One way of a random length, sometimes with a pause, sometimes with time to wait for what is wanted."""
    line = metres or dice.choice((dice.uniform(800, 4500), dice.uniform(4500, 20000), dice.uniform(20000, 60000)))
    left = datetime(day.year, day.month, day.day, 15, tzinfo=UTC) + timedelta(seconds=dice.randrange(14400))
    takes = minutes(line * float(true.factor), true) * dice.uniform(1 - blur, 1 + blur)
    waits = dice.random() < 0.3
    wanted = left + timedelta(minutes=dice.uniform(60, 200)) if waits else left - timedelta(minutes=dice.uniform(0, 90))
    if dice.random() < 0.3:
        takes += dice.uniform(5, 120)
    reached = max(left + timedelta(minutes=takes), wanted)
    end = Place("there", f"{40 + line / DEGREE:.6f}", "-88")
    return WaySeen("who", day, left, reached, Place("here", "40", "-88"), end, wanted)


def a_quarter(seed: int, true: TravelRow, blur: float, a_day: int = 40) -> tuple[list[WaySeen], list[DayDriven]]:
    dice = random.Random(seed)
    days = [FIRST + timedelta(days=n) for n in range(45)]
    ways = [a_way(dice, day, true, blur) for day in days for _ in range(a_day)]
    driven = [
        DayDriven("who", day, line := dice.randrange(9000, 90000),
                  Decimal(str(round(line * float(true.factor) / METRES_A_MILE * dice.uniform(1 - blur, 1 + blur), 1))))
        for day in days
    ]  # fmt: skip
    return ways, driven


def fit(ways: list[WaySeen], driven: list[DayDriven], row: TravelRow = HOUSE) -> Fitted:
    return fitted(judged(ways, row, FIGURES), driven, row, FIGURES)


TRUE = st.builds(
    lambda factor, near, mid, far: replace(
        HOUSE, factor=Decimal(factor) / 100, bands=((5000, near), (25000, mid), (0, far))
    ),
    st.integers(112, 160), st.integers(20, 45), st.integers(35, 75), st.integers(60, 110),
)  # fmt: skip


@settings(max_examples=25)
@given(TRUE, st.integers(0, 10**6))
def test_speeds_and_factor_are_found_although_three_of_ten_paused(true: TravelRow, seed: int) -> None:
    found = fit(*a_quarter(seed, true, 0.0))
    assert abs(found.factor.use / true.factor - 1) < Decimal("0.02")
    for band, (_, kmh) in zip(found.bands, true.bands, strict=True):
        assert band.speed.offered and abs(band.speed.use / kmh - 1) < Decimal("0.12"), (band, true)
    assert found.after is not None and found.before is not None and found.offered


@settings(max_examples=25)
@given(TRUE, st.integers(0, 10**6))
def test_ways_are_foretold_although_no_two_take_the_same(true: TravelRow, seed: int) -> None:
    """Traffic of a tenth either way, pauses and waiting: the ways are foretold to within a tenth and two minutes."""
    found = fit(*a_quarter(seed, true, 0.1))
    assert abs(found.factor.use / true.factor - 1) < Decimal("0.05")
    for line in (2000, 10000, 40000):
        real = minutes(line * float(true.factor), true)
        said = minutes(line * float(found.row.factor), found.row)
        assert abs(said - real) <= real * 0.1 + 2, (line, real, said)


@settings(max_examples=25)
@given(TRUE, st.integers(0, 10**6))
def test_whoever_could_wait_is_not_counted(true: TravelRow, seed: int) -> None:
    ways, _ = a_quarter(seed, true, 0.1, a_day=6)
    for one in judged(ways, HOUSE, FIGURES):
        if one.why is None:
            assert one.way.wanted is not None and one.way.reached > one.way.wanted


def test_measured_again_on_its_own_figures_nothing_changes() -> None:
    true = replace(HOUSE, factor=Decimal("1.42"), bands=((5000, 24), (25000, 61), (0, 95)))
    ways, driven = a_quarter(7, true, 0.0)
    first = fit(ways, driven)
    again = fit(ways, driven, first.row)
    assert again.row.bands == first.row.bands and again.row.factor == first.row.factor


def test_the_days_that_judge_are_not_those_that_made_the_figures() -> None:
    """The newest third is driven half as fast: the figures do not know it, and their errors say so."""
    slow = replace(HOUSE, bands=((5000, 15), (25000, 25), (0, 40)))
    ways, driven = a_quarter(3, HOUSE, 0.0)
    same = fit(ways, driven)
    last = FIRST + timedelta(days=29)
    late, _ = a_quarter(4, slow, 0.0)
    mixed = fit([w for w in ways if w.day <= last] + [w for w in late if w.day > last], driven)
    assert same.made_until == mixed.made_until == last and same.days == 45
    assert mixed.row == same.row and same.after is not None and mixed.after is not None
    assert mixed.after.median > 5 * same.after.median


def test_too_little_keeps_what_is_in_force_and_says_how_much_it_takes() -> None:
    dice = random.Random(1)
    ways = [a_way(dice, FIRST + timedelta(days=n % 9), replace(HOUSE, bands=((0, 60),)), 0, metres=3000) for n in range(180)]
    found = fit(ways, [])
    assert [b.speed.offered for b in found.bands] == [True, False, False]
    assert found.bands[1].speed.words == "0 ways; it takes 30" and found.bands[1].speed.use == 50
    assert not found.factor.offered and found.factor.use == HOUSE.factor and "0 days" in found.factor.words
    nothing = fit([], [])
    assert not nothing.offered and nothing.row == replace(HOUSE, factor=HOUSE.factor) and nothing.before is nothing.after is None


@pytest.mark.parametrize("factor", ["0.7", "2.2"])
def test_a_factor_that_cannot_be_is_shown_and_not_offered(factor: str) -> None:
    ways, driven = a_quarter(5, HOUSE, 0.0, a_day=2)
    wrong = [replace(d, miles=d.miles * Decimal(factor)) for d in driven]
    found = fit(ways, wrong).factor
    assert found.value is not None and not found.offered and found.use == HOUSE.factor and "begin and end their day" in found.words


def test_days_that_are_left_out_do_not_count() -> None:
    ways, driven = a_quarter(5, HOUSE, 0.0, a_day=2)
    spoilt = [replace(d, miles=Decimal(900), why=DayNotCounted.MILES) for d in driven]
    assert fit(ways, [*driven, *spoilt]).factor == fit(ways, driven).factor


def test_every_reason_is_named_first_what_the_reader_knows() -> None:
    at = datetime(2026, 3, 2, 15, tzinfo=UTC)
    here, there = Place("here", "40", "-88"), Place("there", "40.1", "-88")  # 11.1 km, assumed 22 minutes
    usual = WaySeen("who", FIRST, at, at + timedelta(minutes=25), here, there, at)
    cases = {
        None: usual,
        NotCounted.PLACE: replace(usual, end=Place("nowhere")),
        NotCounted.SAME: replace(usual, end=here),
        NotCounted.BREAK: replace(usual, against=NotCounted.BREAK, wanted=None),
        NotCounted.WAIT: replace(usual, wanted=at + timedelta(minutes=12)),
        NotCounted.PAUSE: replace(usual, reached=at + timedelta(minutes=90)),
        NotCounted.TOGETHER: replace(usual, reached=at + timedelta(minutes=5)),
    }
    for why, way in cases.items():
        (one,) = judged([way], HOUSE, FIGURES)
        assert one.why is why, (why, one)
    for way in (replace(usual, wanted=None), replace(usual, reached=at - timedelta(minutes=1), wanted=None)):
        assert judged([way], HOUSE, FIGURES)[0].why is NotCounted.WAIT
    assert judged([replace(usual, reached=at)], HOUSE, FIGURES)[0].why is NotCounted.TOGETHER


def test_the_house_row_fits_the_three_bands_of_a_site() -> None:
    """What a site may set has three bands in whole kilometres; the house's row must be one that it can be told from."""
    assert [below % 1000 for below, _ in HOUSE.bands] == [0, 0, 0] and HOUSE.bands[-1][0] == 0 and len(HOUSE.bands) == 3
