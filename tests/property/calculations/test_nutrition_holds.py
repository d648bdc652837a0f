# SPDX-License-Identifier: Apache-2.0
"""Algebra of parenteral nutrition, and a second arithmetic, written apart in floats and fractions, that must agree."""

from __future__ import annotations

import random
from decimal import Decimal as D
from fractions import Fraction as F
from typing import Any

import numpy
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.interpolate import interp1d

from openinfusion.calculations.domain.calculation import Verdict
from openinfusion.calculations.domain.nutrition.bag import Bag, bag_of
from openinfusion.calculations.domain.nutrition.calcium_phosphate import SolubilityCurve
from openinfusion.calculations.domain.nutrition.compounding import draws
from openinfusion.calculations.domain.nutrition.cycling import Ramp, cycle, for_pump, longhurst
from openinfusion.calculations.domain.nutrition.difference import difference
from openinfusion.calculations.domain.nutrition.emulsion import aggregation_number
from openinfusion.calculations.domain.nutrition.glucose_rate import glucose_rate
from openinfusion.calculations.domain.nutrition.order import Ingredient, Order
from openinfusion.calculations.domain.nutrition.osmolarity import estimate, of_components
from openinfusion.calculations.domain.nutrition.overfill import factor
from openinfusion.calculations.domain.nutrition.product import product, products
from openinfusion.calculations.public import ask
from openinfusion.kernel.refusal import Refused

TINY = D("1e-18")


def amounts(low: str, high: str) -> st.SearchStrategy[D]:
    return st.decimals(low, high, places=2)


VOLUMES, WEIGHTS, HOURS = amounts("100", "4000"), amounts("0.5", "200"), amounts("8", "24")


@st.composite
def tapers(draw: Any) -> list[Ramp]:
    shares = draw(st.lists(st.sampled_from(["0.1", "0.25", "0.5", "0.75"]), max_size=3))
    return [Ramp(draw(st.sampled_from([D("0.5"), D(1)])), D(share)) for share in shares]


@st.composite
def orders(draw: Any) -> Order:
    wanted = {
        "travasol-10": (draw(st.integers(1, 90)), "g/d"),
        "dextrose-70": (draw(st.integers(1, 300)), "g/d"),
        "intralipid-20": (draw(st.integers(1, 60)), "g/d"),
        "sodium-chloride": (draw(st.integers(0, 150)), "meq/d"),
        "potassium-phosphates": (draw(st.integers(0, 40)), "mmol/d"),
        "calcium-gluconate": (draw(st.integers(0, 15)), "meq/d"),
        "magnesium-sulfate": (draw(st.integers(0, 20)), "meq/d"),
    }
    return Order(
        age_years=D(50),
        weight_kg=draw(amounts("30", "150")),
        volume=D(draw(st.integers(2000, 3500))),
        volume_unit="mL/d",
        ingredients=tuple(Ingredient(code, D(number), unit) for code, (number, unit) in wanted.items()),
        three_in_one=draw(st.booleans()),
        line="central",
        hours=draw(HOURS),
        up=tuple(draw(tapers())),
        down=tuple(draw(tapers())),
        overfill_ml=D(draw(st.integers(0, 200))),
    )


# ---- algebra


@given(amounts("1", "600"), WEIGHTS, amounts("1", "12"), st.sampled_from(["hydrous", "anhydrous"]))
def test_the_glucose_rate_halves_when_the_time_doubles_and_when_the_weight_doubles(g: D, kg: D, h: D, convention: str) -> None:
    rate = glucose_rate(g, kg, h, convention=convention)
    assert abs(glucose_rate(g, kg, 2 * h, convention=convention) * 2 - rate) < TINY * 1000
    assert abs(glucose_rate(2 * g, 2 * kg, h, convention=convention) - rate) < TINY * 1000


@given(VOLUMES, HOURS, tapers(), tapers())
def test_the_volumes_of_a_cycle_add_up_and_the_plateau_is_the_fastest(
    volume: D, hours: D, up: list[Ramp], down: list[Ramp]
) -> None:
    paces = cycle(volume, hours, up, down)
    assert abs(sum(p.volume_ml for p in paces) - volume) < TINY
    assert sum(p.hours for p in paces) == hours
    assert max(p.rate_ml_h for p in paces) == paces[len(up)].rate_ml_h


@given(VOLUMES, HOURS)
def test_longhurst_gives_the_volume_in_the_time(volume: D, hours: D) -> None:
    paces = longhurst(volume, hours)
    assert abs(sum(p.volume_ml for p in paces) - volume) < TINY
    assert sum(p.hours for p in paces) == hours
    assert [round(p.rate_ml_h / paces[0].rate_ml_h) for p in paces] == [1, 2, 4, 2, 1]


@given(VOLUMES, HOURS, tapers(), tapers(), st.sampled_from(["0.1", "0.5", "1"]))
def test_a_pump_s_steps_keep_the_volume_and_are_never_faster(
    volume: D, hours: D, up: list[Ramp], down: list[Ramp], step: str
) -> None:
    asked = cycle(volume, hours, up, down)
    run = for_pump(asked, D(step))
    assert abs(sum(p.volume_ml for p in run) - volume) < TINY
    assert all(p.rate_ml_h % D(step) == 0 for p in run)
    assert all(p.rate_ml_h <= a.rate_ml_h + D("1e-11") for p, a in zip(run, asked, strict=True))


@given(orders())
def test_volumes_and_water_make_the_bag_and_overfill_keeps_every_concentration(order: Order) -> None:
    bag = bag_of(order)
    assert abs(sum(p.volume_ml for p in bag.inside) + bag.water_ml - bag.volume_ml) < TINY
    drawn = {d.product.code: d.volume_ml for d in draws(bag)}
    whole = order.volume + order.overfill_ml
    assert abs(sum(drawn.values()) - whole) < TINY
    for part in bag.inside:
        assert abs(drawn[part.product.code] / whole - part.volume_ml / bag.volume_ml) < TINY


@given(orders(), orders())
def test_a_difference_is_empty_against_itself_and_mirrored_the_other_way(one: Order, other: Order) -> None:
    a, b = bag_of(one), bag_of(other)
    assert difference(a, a) == ()
    mirror = {"added": "left-out", "left-out": "added", "raised": "lowered", "lowered": "raised", "changed": "changed"}
    there, back = difference(a, b), difference(b, a)
    assert [(c.what, c.before, c.after, mirror[c.kind]) for c in there] == [(c.what, c.after, c.before, c.kind) for c in back]


@given(VOLUMES, st.decimals(0, 500, places=1))
def test_overfill_is_the_share_above_the_volume(volume: D, extra: D) -> None:
    assert abs(factor(volume, extra) * volume - volume - extra) < TINY


@st.composite
def curves(draw: Any) -> SolubilityCurve:
    count = draw(st.integers(2, 6))
    x = sorted(draw(st.sets(st.integers(1, 60), min_size=count, max_size=count)))
    y = sorted(draw(st.lists(st.integers(1, 80), min_size=count, max_size=count)), reverse=True)
    return SolubilityCurve(
        product="a", amino_acid_percent=D(2), dextrose_percent=D(5), cysteine=False, temperature_c=D(37),
        source="made up for this test", points=tuple((D(p), D(c)) for p, c in zip(x, y, strict=True)), signed_by="RPh",
    )  # fmt: skip


@given(curves(), amounts("0", "1"), amounts("0", "1"))
def test_more_phosphate_never_allows_more_calcium(curve: SolubilityCurve, one: D, other: D) -> None:
    start, width = curve.points[0][0], curve.points[-1][0] - curve.points[0][0]
    low, high = (curve.most_calcium(start + share * width) for share in sorted((one, other)))
    assert low is not None and high is not None
    assert low >= high - TINY


# ---- a second arithmetic


@given(curves(), amounts("0", "65"))
def test_oracle_of_the_curve(curve: SolubilityCurve, phosphate: D) -> None:
    x, y = ([float(v) for v in axis] for axis in zip(*curve.points, strict=True))
    other = float(interp1d(x, y, bounds_error=False, fill_value=numpy.nan)(float(phosphate)))
    mine = curve.most_calcium(phosphate)
    assert (mine is None) == (other != other)
    assert mine is None or float(mine) == pytest.approx(other)


@given(amounts("1", "600"), WEIGHTS, amounts("1", "24"))
def test_oracle_of_the_glucose_rate(g: D, kg: D, h: D) -> None:
    per_second = F(g) * 10**6 / F(h) / 3600  # mcg/s
    hydrous = float(per_second * 60 / 1000 / F(kg))
    assert float(glucose_rate(g, kg, h, convention="hydrous")) == pytest.approx(hydrous)
    # glucose monohydrate weighs 198.17 g/mol, glucose 180.16: nearly 10/11
    assert float(glucose_rate(g, kg, h, convention="anhydrous")) == pytest.approx(hydrous * 180.16 / 198.17, rel=1e-4)


@given(amounts("1", "500"), amounts("1", "200"), amounts("0", "100"), amounts("0", "400"), amounts("500", "3000"))
def test_oracle_of_the_osmolarity_in_percent(dextrose: D, amino: D, lipid: D, ions: D, volume: D) -> None:
    mine = estimate(
        volume_ml=volume, dextrose_g=dextrose, amino_acids_g=amino, lipid_g=lipid, electrolytes_meq=ions, cations_only=False
    )
    percent = [float(x) * 100 / float(volume) for x in (dextrose, amino, lipid)]
    assert float(mine) == pytest.approx(
        percent[0] * 50 + percent[1] * 100 + percent[2] * 7.1 + float(ions) * 1000 / float(volume)
    )


@given(st.lists(st.tuples(amounts("1", "900"), amounts("0", "8000")), min_size=1, max_size=8))
def test_oracle_of_the_components(parts: list[tuple[D, D]]) -> None:
    volumes, figures = ([float(x) for x in axis] for axis in zip(*parts, strict=True))
    assert float(of_components(parts)) == pytest.approx(float(numpy.average(figures, weights=volumes)))


@given(amounts("0", "200"), amounts("0", "20"), amounts("0", "2"))
def test_oracle_of_the_aggregation_number(one: D, two: D, three: D) -> None:
    summed = sum(float(c) * z**6 for z, c in ((1, one), (2, two), (3, three)))
    assert float(aggregation_number(one, two, three)) == pytest.approx(summed)


@given(VOLUMES, HOURS, tapers(), tapers())
def test_oracle_of_the_plateau_by_adding_minute_by_minute(volume: D, hours: D, up: list[Ramp], down: list[Ramp]) -> None:
    minutes = round(float(hours) * 60)
    assume(abs(minutes - float(hours) * 60) < 1e-9)
    shares = [1.0] * minutes
    place = 0
    for ramp in up:
        for _ in range(round(float(ramp.hours) * 60)):
            shares[place] = float(ramp.share)
            place += 1
    place = minutes
    for ramp in reversed(down):
        for _ in range(round(float(ramp.hours) * 60)):
            place -= 1
            shares[place] = float(ramp.share)
    assert float(cycle(volume, hours, up, down)[len(up)].rate_ml_h) == pytest.approx(float(volume) / (sum(shares) / 60))


# per gram or per mEq, mmol: mL of stock and mEq of sodium, potassium, calcium, magnesium; by hand, apart from the rows
STOCK = {
    "travasol-10": (10, {}),
    "dextrose-70": (100 / 70, {}),
    "intralipid-20": (5, {}),
    "sodium-chloride": (1 / 4, {"na": 1.0}),
    "potassium-phosphates": (1 / 3, {"k": 4.4 / 3}),
    "calcium-gluconate": (1 / 0.465, {"ca": 1.0}),
    "magnesium-sulfate": (1 / 4.06, {"mg": 1.0}),
}


def test_oracle_of_the_whole_order() -> None:
    rng = random.Random(20140301)
    for _ in range(200):
        numbers = {code: rng.randint(1, 60) for code in STOCK}
        weight, volume, three = rng.randint(40, 120), rng.randint(2200, 3000), rng.random() < 0.5
        ingredients = tuple(Ingredient(code, D(n), _unit(code)) for code, n in numbers.items())
        bag = bag_of(
            Order(
                age_years=D(40), weight_kg=D(weight), volume=D(volume), volume_unit="mL/d",
                ingredients=ingredients, three_in_one=three, line="central",
            )
        )  # fmt: skip
        _agrees(bag, numbers, weight, volume, three)


def _unit(code: str) -> str:
    return {"potassium-phosphates": "mmol/d"}.get(code, "g/d" if code[-1].isdigit() else "meq/d")


def _agrees(bag: Bag, numbers: dict[str, int], weight: int, volume: int, three: bool) -> None:
    filled = sum(n * STOCK[code][0] for code, n in numbers.items() if three or code != "intralipid-20")
    cations = sum(n * share for code, n in numbers.items() for share in STOCK[code][1].values())
    amino, dextrose, lipid = (numbers[c] for c in ("travasol-10", "dextrose-70", "intralipid-20"))
    osmoles = 5 * dextrose + 10 * amino + (0.71 * lipid if three else 0) + 2 * cations
    assert float(bag.water_ml) == pytest.approx(volume - filled)
    assert float(bag.kcal()) == pytest.approx(4 * amino + 3.4 * dextrose + 10 * lipid)
    assert float(bag.osmolarity_estimate()) == pytest.approx(osmoles / volume * 1000)
    assert float(bag.plateau_ml_h) == pytest.approx(volume / 24)
    assert float(bag.held("p")) == pytest.approx(numbers["potassium-phosphates"] + lipid * 5 * 0.015)
    energy = bag.energy_per_nitrogen()
    assert energy is not None and float(energy) == pytest.approx((3.4 * dextrose + 10 * lipid) * 6.06 / amino)
    assert float(bag.kcal() / bag.order.weight_kg) == pytest.approx((4 * amino + 3.4 * dextrose + 10 * lipid) / weight)


@st.composite
def typed_orders(draw: Any) -> dict[str, Any]:
    """What somebody may type, sense or not."""
    chosen = draw(st.lists(st.sampled_from([p.code for p in products()]), min_size=1, max_size=8))
    per = draw(st.sampled_from(["/d", "/kg/d", "/L"]))
    typed = {
        "ingredients": [{"product": c, "amount": f"{draw(st.integers(0, 200))} {product(c).unit}{per}"} for c in chosen],
        "volume": f"{draw(st.integers(0, 4000))} mL{draw(st.sampled_from(['/d', '/kg/d']))}",
        "weight": f"{draw(st.integers(1, 150))} kg",
        "age": f"{draw(st.integers(0, 90))} a",
        "admixture": draw(st.sampled_from(["2-in-1", "3-in-1"])),
        "line": draw(st.sampled_from(["central", "peripheral"])),
        "duration": f"{draw(st.integers(1, 24))} h",
        "preterm": draw(st.sampled_from(["yes", "no"])),
        "refeeding": draw(st.sampled_from(["yes", "no"])),
    }
    return typed | draw(st.sampled_from([{}, {"up": [{"hours": "1 h", "share": "50 %"}]}]))


@given(typed_orders())
def test_any_order_is_worked_out_or_refused_with_a_reason_and_never_breaks(typed: dict[str, Any]) -> None:
    try:
        made = ask("nutrition-order", typed).worked
    except Refused as no:
        assert all(reason.text for reason in no.reasons)
        return
    said = " ".join(r.text for r in made.results if isinstance(r, Verdict))
    assert "compatible" not in said
    assert made.value("water") >= 0
