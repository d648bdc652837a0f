# SPDX-License-Identifier: Apache-2.0
"""Algebra of infusion, therapies and bench: doses scale, volumes sum, ways there and back meet; floats as second opinion."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pint
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openinfusion.calculations.domain.bench.claim_units import claim_units
from openinfusion.calculations.domain.bench.kinetic_temperature import mean_kinetic
from openinfusion.calculations.domain.bench.national_drug_code import ndc10, ndc11
from openinfusion.calculations.domain.infusion.duration import stop_clock
from openinfusion.calculations.domain.infusion.stepped import stretches
from openinfusion.calculations.domain.therapies.iron import ganzoni
from openinfusion.calculations.domain.therapies.rate_steps import planned_rates, rate_rows
from openinfusion.calculations.public import Result, ask
from openinfusion.kernel.refusal import Refused

UNITS = pint.UnitRegistry()
UNITS.define("unit_of_activity = [activity]")


def tenths(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda n: Decimal(n) / 10)


def value(name: str, wanted: str, /, **given: Any) -> Decimal:
    found = ask(name, given).worked.result(wanted)
    assert isinstance(found, Result)
    return found.exact


weights, doses, volumes, drugs = tenths(10, 2000), tenths(1, 500), tenths(10, 10000), tenths(10, 50000)


@given(doses, weights, drugs, volumes)
def test_a_pump_rate_agrees_with_pint_and_reads_back(dose: Decimal, weight: Decimal, drug: Decimal, volume: Decimal) -> None:
    bag = {"weight": f"{weight} kg", "drug": f"{drug} mg", "volume": f"{volume} mL"}
    rate = value("dose-rate", "rate", dose=f"{dose} mcg/kg/min", **bag)
    other = (
        float(dose) * UNITS("microgram/kg/min") * float(weight) * UNITS.kg / (float(drug) * UNITS.mg / (float(volume) * UNITS.mL))
    ).to("mL/hour")
    assert float(rate) == pytest.approx(other.magnitude, rel=1e-9)
    assume(Decimal("0.01") <= rate <= 2000)
    back = value("dose-at-rate", "dose", rate=f"{round(rate, 6)} mL/h", **bag)
    assert back == pytest.approx(dose, rel=Decimal("0.0001"))


@given(doses, weights, drugs, volumes)
def test_twice_the_weight_is_twice_the_rate(dose: Decimal, weight: Decimal, drug: Decimal, volume: Decimal) -> None:
    bag = {"dose": f"{dose} units/kg/h", "drug": f"{drug} units", "volume": f"{volume} mL"}
    once = value("dose-rate-units", "rate", weight=f"{weight} kg", **bag)
    assert value("dose-rate-units", "rate", weight=f"{weight * 2} kg", **bag) == pytest.approx(once * 2)


@given(st.lists(st.tuples(tenths(10, 5000), tenths(10, 1200)), min_size=1, max_size=8), tenths(1, 20000))
def test_the_stretches_sum_to_the_volume_and_follow_each_other(plan: list[tuple[Decimal, Decimal]], volume: Decimal) -> None:
    found = stretches(plan, volume)
    assert sum(s.volume_ml for s in found) == pytest.approx(volume)
    clock, left = 0.0, float(volume)
    for n, s in enumerate(found):  # a plain simulation beside it
        assert float(s.from_minute) == pytest.approx(clock, abs=1e-6)
        last = n == len(plan) - 1
        minutes = left / float(plan[n][0]) * 60 if last else min(float(plan[n][1]), left / float(plan[n][0]) * 60)
        clock += minutes
        left -= minutes * float(plan[n][0]) / 60
    assert left == pytest.approx(0, abs=1e-6)


@given(st.sampled_from(rate_rows()), tenths(100, 2000))
def test_no_step_goes_above_its_label_and_none_goes_down(plan: Any, weight: Decimal) -> None:
    if plan.steps_ml_per_kg_per_h:
        rates, exact = planned_rates(plan, weight), [step * weight for step in plan.steps_ml_per_kg_per_h]
    else:
        rates, exact = planned_rates(plan, None, weight / 40), [step / (weight / 40) for step in plan.steps]
    assert all(rate <= most < rate + Decimal("0.1") for rate, most in zip(rates, exact, strict=True))
    assert list(rates) == sorted(rates)


@given(st.integers(0, 1439), st.integers(0, 10_000))
def test_the_stop_is_as_many_minutes_after_the_start(start: int, minutes: int) -> None:
    days, clock = stop_clock(f"{start // 60:02}:{start % 60:02}", Decimal(minutes))
    assert days * 1440 + int(clock[:2]) * 60 + int(clock[3:]) == start + minutes


@given(st.fractions(Fraction(1, 100), 5000, max_denominator=100), st.fractions(0, 500, max_denominator=100))
def test_given_and_waste_are_never_more_than_was_opened(given_: Fraction, waste: Fraction) -> None:
    one, other = Decimal(given_.numerator) / given_.denominator, Decimal(waste.numerator) / waste.denominator
    billed, wasted = claim_units(one, other)
    assert billed == math.ceil(one)
    assert wasted == max(0, math.floor(one + other) - math.ceil(one))
    assert not wasted or billed + wasted <= one + other


@given(
    st.from_regex(r"[0-9]{4}-[0-9]{4}-[0-9]{2}|[0-9]{5}-[0-9]{3}-[0-9]{2}|[0-9]{5}-[0-9]{4}-[0-9]", fullmatch=True).filter(
        str.isascii
    )
)
def test_the_ten_digits_are_always_among_those_that_give_the_eleven(code: str) -> None:
    assert code in ndc10(ndc11(code))
    assert {ndc11(c) for c in ndc10(ndc11(code))} == {ndc11(code)}


@given(st.lists(st.integers(-200, 600), min_size=1, max_size=30))
def test_the_kinetic_mean_agrees_with_floats_and_is_not_below_the_mean(tenths_: list[int]) -> None:
    readings = [Decimal(t) / 10 for t in tenths_]
    kelvin = [float(r) + 273.15 for r in readings]
    other = 10_000 / -math.log(math.fsum(math.exp(-10_000 / t) for t in kelvin) / len(kelvin)) - 273.15
    found = mean_kinetic(readings)
    assert float(found) == pytest.approx(other, abs=1e-6)
    nearly = Decimal("1e-9")
    assert sum(readings) / len(readings) - nearly <= found <= max(readings) + nearly


@given(tenths(350, 2000), tenths(40, 150), tenths(1, 80))
def test_iron_grows_in_proportion_to_the_deficit(weight: Decimal, hemoglobin: Decimal, rise: Decimal) -> None:
    once, twice = (ganzoni(weight, hemoglobin + rise * n, hemoglobin) for n in (1, 2))
    assert twice - once == once - 500 == weight * rise * 12 / 5


@given(tenths(1, 900), tenths(1, 900), tenths(1, 900), tenths(10, 50000))
def test_alligated_volumes_sum_and_hold_what_they_should(a: Decimal, b: Decimal, c: Decimal, total: Decimal) -> None:
    weak, target, strong = sorted((a, b, c))
    assume(weak < strong <= 100)
    asked = {"strong": f"{strong} %", "weak": f"{weak} %", "target": f"{target} %", "total": f"{total} mL"}
    one, other = value("alligation", "strong_volume", **asked), value("alligation", "weak_volume", **asked)
    assert one + other == pytest.approx(total) and one >= 0 and other >= 0
    assert one * strong + other * weak == pytest.approx(total * target)


@given(st.sampled_from(["potassium-chloride", "calcium-gluconate", "magnesium-sulfate-heptahydrate"]), tenths(1, 100000))
def test_milliequivalents_go_there_and_back(salt: str, mg: Decimal) -> None:
    meq = value("milliequivalents", "meq", salt=salt, amount=f"{mg} mg")
    assume(meq >= Decimal("0.01"))
    assert value("mass-of-milliequivalents", "mass", salt=salt, milliequivalents=f"{round(meq, 6)} mEq") == pytest.approx(
        mg, rel=Decimal("0.001")
    )


@given(
    tenths(500, 30000),
    tenths(0, 1000),
    tenths(1, 400),
    st.sampled_from(["nothing", "additive", "additive-and-overfill"]),
    tenths(0, 1500),
)
def test_an_admixture_loses_and_gains_nothing(
    bag: Decimal, overfill: Decimal, added_ml: Decimal, rule: str, held: Decimal
) -> None:
    asked = {"bag": f"{bag} mL", "overfill": f"{overfill} mL", "additive": f"{added_ml} mL", "withdraw": rule}
    assume(added_ml <= bag)
    worked = ask("admixture-milliequivalents", asked | {"added": "20 mEq", "held": f"{held} mEq/L"}).worked
    left = float(bag + overfill - worked.value("withdrawn"))
    assert float(worked.value("total")) == pytest.approx(left * float(held) / 1000 + 20)
    assert float(worked.value("concentration")) == pytest.approx(float(worked.value("total")) / (left + float(added_ml)) * 1000)
    beyond = Decimal(0) if rule == "additive-and-overfill" else overfill
    assert worked.value("true") == worked.value("nominal") + beyond
    if not beyond:
        assert worked.value("true") == (bag + added_ml if rule == "nothing" else bag)


@given(tenths(10, 1000), tenths(1, 1000), st.integers(1, 60), tenths(0, 100))
def test_a_dilution_holds_the_drug_that_was_drawn(stock: Decimal, target: Decimal, final: int, _: Decimal) -> None:
    asked = {"stock": f"{stock} mg/mL", "target": f"{target} mg/mL", "final_volume": f"{final} mL"}
    if target > stock:
        with pytest.raises(Refused):
            ask("dilution", asked)
        return
    worked = ask("dilution", asked).worked
    assert worked.value("stock_volume") + worked.value("diluent") == pytest.approx(Decimal(final))
    assert worked.value("stock_volume") * stock == pytest.approx(target * final)
