# SPDX-License-Identifier: Apache-2.0
"""Formulas of daily use worked a second time by another road: counted, stepped through or integrated, on random inputs.

Which formula has which second implementation, in this file and beside it, stands in docs/development/second-opinions.md.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.calculations.domain.bench.alligation import fortifier_volume, parts
from openinfusion.calculations.domain.bench.claim_units import claim_units
from openinfusion.calculations.domain.bench.dilution import ratio_mg_per_ml, stock_volume
from openinfusion.calculations.domain.filtration import calvert
from openinfusion.calculations.domain.infusion.patient_controlled import demands_per_hour, most_per_hour
from openinfusion.calculations.domain.infusion.rate import drops_per_minute, ml_per_hour
from openinfusion.calculations.domain.infusion.supply import supply_days, usable_ml
from openinfusion.calculations.domain.levels.first_order import (
    Body,
    Regimen,
    daily_area,
    dose_for_peak,
    elimination_rate,
    half_life,
    interval_for,
    steady_level,
)
from openinfusion.calculations.domain.levels.vancomycin import rodvold_mg_per_kg
from openinfusion.calculations.domain.therapies.clotting import units_for_rise
from openinfusion.calculations.domain.therapies.hydration import holliday_segar
from openinfusion.calculations.domain.therapies.iron import ganzoni
from openinfusion.calculations.domain.therapies.subcutaneous import sites_for, weekly_grams

DOC = Path(__file__).parents[3] / "docs" / "development" / "second-opinions.md"


def some(low: str, high: str, places: int = 1) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places)


def near(found: Decimal, expected: float | Fraction, rel: float = 1e-9) -> bool:
    return float(found) == pytest.approx(float(expected), rel=rel, abs=1e-12)


@given(some("1", "120"))
def test_maintenance_fluid_kilogram_by_kilogram(weight: Decimal) -> None:
    tenths = int(weight * 10)
    mine = sum(Fraction(100 if n < 100 else 50 if n < 200 else 20, 10) for n in range(tenths))
    assert Fraction(holliday_segar(weight)) == mine


@given(some("5", "150"), some("12", "16"), some("4", "12"))
def test_iron_from_the_blood_it_shall_make(weight: Decimal, target: Decimal, hemoglobin: Decimal) -> None:
    blood_dl = float(weight) * 0.7  # 7 % of the weight
    made = blood_dl * float(target - hemoglobin) * 0.0034 * 1000 * (2.4 / 2.38)  # 0.34 % of hemoglobin is iron; 2.4 is rounded up
    stores = 15 * float(weight) if weight < 35 else 500.0
    assert near(ganzoni(weight, target, hemoglobin), made + stores)


@given(some("10", "2000"), some("0.5", "48"), st.sampled_from([10, 15, 20, 60]))
def test_drops_counted_out_of_the_whole_volume(volume: Decimal, hours: Decimal, per_ml: int) -> None:
    drops, minutes = Fraction(volume) * per_ml, Fraction(hours) * 60
    assert near(drops_per_minute(ml_per_hour(volume, hours), Decimal(per_ml)), drops / minutes)


@given(some("1", "1000"), some("0.1", "900"), some("1", "3000"))
def test_a_dilution_and_its_diluent_make_the_strength(stock: Decimal, target: Decimal, final: Decimal) -> None:
    drawn = Fraction(stock_volume(stock, target, final))
    assert math.isclose(float(drawn * Fraction(stock) / Fraction(final)), float(target), rel_tol=1e-12)
    assert near(ratio_mg_per_ml(final), Fraction(1000) / Fraction(final))


@given(some("20", "100"), some("0", "10"), some("10.1", "19.9"), some("10", "1000"))
def test_alligation_by_the_mass_of_the_mixture(high: Decimal, low: Decimal, target: Decimal, volume: Decimal) -> None:
    strong, weak = (Fraction(p) for p in parts(high, low, target))
    assert (strong * Fraction(high) + weak * Fraction(low)) / (strong + weak) == Fraction(target)
    added = float(fortifier_volume(volume, low, target, high))
    mass = float(volume) * float(low) + added * float(high)
    assert mass / (float(volume) + added) == pytest.approx(float(target), rel=1e-12)


@given(some("0", "500", 2), some("0", "50", 2))
def test_claim_units_counted_one_by_one(given_: Decimal, waste: Decimal) -> None:
    billed = 0
    while billed < given_:
        billed += 1
    wasted = 0
    while billed + wasted + 1 <= given_ + waste:
        wasted += 1
    assert claim_units(given_, waste) == (billed, wasted)


@given(st.integers(1, 60), some("0.1", "20"), some("0", "10"))
def test_demands_pressed_as_soon_as_the_lockout_lets(lockout: int, bolus: Decimal, basal: Decimal) -> None:
    pressed, at = 0, lockout
    while at <= 60:
        pressed, at = pressed + 1, at + lockout
    assert demands_per_hour(Decimal(lockout)) == pressed
    assert near(most_per_hour(bolus, Decimal(lockout), basal), pressed * Fraction(bolus) + Fraction(basal))


@given(some("20", "500"), some("0", "5"), some("0", "5"), some("0.1", "10"), some("1", "400"), st.none() | some("1", "30", 0))
def test_days_of_supply_used_up_day_by_day(
    reservoir: Decimal, residual: Decimal, prime: Decimal, per_ml: Decimal, most: Decimal, keeps: Decimal | None
) -> None:
    usable = usable_ml(reservoir, residual, prime)
    held, days = Fraction(usable) * Fraction(per_ml), 0
    while held >= Fraction(most) and (keeps is None or days < keeps):
        held, days = held - Fraction(most), days + 1
    assert supply_days(usable, per_ml, most, keeps) == days


@given(
    some("0.02", "0.6", 3),
    some("5", "80"),
    st.sampled_from([6, 8, 12, 24]),
    some("0.5", "2"),
    some("0.1", "1", 2),
    some("100", "2000"),
)
def test_a_steady_level_by_adding_up_the_doses_of_the_past(
    k: Decimal, volume: Decimal, interval: int, infusion: Decimal, part: Decimal, dose: Decimal
) -> None:
    hours = part * interval
    rate, run, e, v, t = float(dose / infusion), float(infusion), float(k), float(volume), float(hours)
    mine = 0.0
    for n in range(int(60 / (e * interval)) + 2):  # until nothing is left of the oldest
        since = t + n * interval
        on = min(since, run)
        mine += rate / (e * v) * (1 - math.exp(-e * on)) * math.exp(-e * (since - on))
    assert near(
        steady_level(Body(k=k, volume=volume), Regimen(dose=dose, infusion=infusion, interval=Decimal(interval)), hours),
        mine,
        1e-7,
    )


@given(some("0.02", "0.6", 3), some("5", "80"), st.sampled_from([8, 12, 24]), some("100", "2000"))
def test_the_daily_area_by_simpson_s_rule(k: Decimal, volume: Decimal, interval: int, dose: Decimal) -> None:
    body, regimen = Body(k=k, volume=volume), Regimen(dose=dose, infusion=Decimal(1), interval=Decimal(interval))

    def area(first: float, last: float, pieces: int = 60) -> float:
        width = (last - first) / pieces
        at = [float(steady_level(body, regimen, Decimal(str(round(first + i * width, 9))))) for i in range(pieces + 1)]
        return width / 3 * (at[0] + at[-1] + 4 * sum(at[1:-1:2]) + 2 * sum(at[2:-1:2]))

    mine = (area(0, 1) + area(1, interval)) * 24 / interval
    assert near(daily_area(body.clearance, dose, Decimal(interval)), mine, 1e-3)


@given(some("1", "60"), some("0.05", "0.9", 2), some("0.5", "30"))
def test_the_fall_between_two_levels_in_halves(early: Decimal, share: Decimal, hours: Decimal) -> None:
    late = early * share
    halvings = math.log2(float(early) / float(late))
    k = elimination_rate(early, late, hours)
    assert near(half_life(k), float(hours) / halvings)
    assert near(interval_for(k, Decimal(1), early, late), 1 + float(hours))


@given(some("0.05", "0.5", 3), some("10", "60"), some("5", "40"), st.sampled_from([8, 12, 24]))
def test_a_dose_for_a_peak_by_trying(k: Decimal, volume: Decimal, peak: Decimal, interval: int) -> None:
    body, low, high = Body(k=k, volume=volume), Decimal(0), Decimal(100_000)
    for _ in range(60):
        middle = (low + high) / 2
        reached = steady_level(body, Regimen(dose=middle, infusion=Decimal(1), interval=Decimal(interval)), Decimal(1))
        low, high = (middle, high) if reached < peak else (low, middle)
    assert near(dose_for_peak(body, Decimal(1), Decimal(interval), peak), float(low), 1e-9)


@given(some("1", "8"), some("10", "150"))
def test_carboplatin_from_two_points_of_its_line(area: Decimal, gfr: Decimal) -> None:
    at_none, at_hundred = 25 * Fraction(area), 125 * Fraction(area)
    assert Fraction(calvert(area, gfr)) == at_none + (at_hundred - at_none) * Fraction(gfr) / 100


@given(some("10", "150"))
def test_rodvold_from_two_points_of_its_line(crcl: Decimal) -> None:
    assert near(rodvold_mg_per_kg(crcl), 5.67 + (28.37 - 5.67) * float(crcl) / 100)


@given(some("3", "150"), some("1", "150"), st.sampled_from(["0.5", "0.73", "1"]))
def test_clotting_units_for_each_kilogram(weight: Decimal, rise: Decimal, per_kg: str) -> None:
    recovered = 1 / Fraction(per_kg)  # units/dL that one unit per kg gives
    assert near(units_for_rise(weight, rise, Decimal(per_kg)), Fraction(rise) / recovered * Fraction(weight))


@given(some("5", "200"), st.sampled_from([3, 4]), st.sampled_from(["1", "1.37", "1.53"]), some("1", "400"), some("5", "60"))
def test_under_the_skin_over_a_year_and_site_by_site(
    vein: Decimal, weeks: int, factor: str, volume: Decimal, most: Decimal
) -> None:
    a_year = Fraction(vein) * Fraction(84, weeks) * Fraction(factor)
    assert near(weekly_grams(vein, Decimal(weeks), Decimal(factor)), a_year / 84)
    sites, left = 0, Fraction(volume)
    while left > 0:
        sites, left = sites + 1, left - Fraction(most)
    assert sites_for(volume, most) == sites


def test_at_least_twenty_formulas_have_a_second_implementation_and_each_named_test_is_there() -> None:
    rows = re.findall(r"^\| \d+ \| (.+?) \| .+? \| `(\w+)\.py::(\w+)` \|$", DOC.read_text(encoding="utf-8"), re.MULTILINE)
    assert len({formula for formula, _, _ in rows}) >= 20
    for formula, file, test in rows:
        text = (Path(__file__).parent / f"{file}.py").read_text(encoding="utf-8")
        assert f"def {test}(" in text, formula
