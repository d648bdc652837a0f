# SPDX-License-Identifier: Apache-2.0
"""A whole order of parenteral nutrition: how it is written, what it becomes, and how it differs from the one before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from openinfusion.calculations.domain.calculation import Table, Verdict, Worked
from openinfusion.calculations.domain.nutrition.bag import Bag, bag_of
from openinfusion.calculations.domain.nutrition.calcium_phosphate import SolubilityCurve
from openinfusion.calculations.domain.nutrition.compounding import calcium_with_phosphate, draws, mixture, where_calcium_goes_in
from openinfusion.calculations.domain.nutrition.cycling import Ramp
from openinfusion.calculations.domain.nutrition.difference import difference
from openinfusion.calculations.domain.nutrition.gauge import Gauge
from openinfusion.calculations.domain.nutrition.label import label_lines
from openinfusion.calculations.domain.nutrition.order import Ingredient, Order, parts_of
from openinfusion.calculations.domain.nutrition.order_sheet import worked
from openinfusion.calculations.domain.nutrition.order_tables import overall
from openinfusion.calculations.domain.nutrition.product import product
from openinfusion.calculations.domain.nutrition.review import review
from openinfusion.calculations.public import ask, named
from openinfusion.kernel.refusal import Malformed, Refused


def lines(**amounts: str) -> tuple[Ingredient, ...]:
    """Ingredients from ``travasol_10="90 g/d"``."""
    written = ((code.replace("_", "-"), *text.split(" ", 1)) for code, text in amounts.items())
    return tuple(Ingredient(code, D(number), unit) for code, number, unit in written)


ADULT = Order(
    age_years=D(50),
    weight_kg=D(70),
    volume=D(2000),
    volume_unit="mL/d",
    ingredients=lines(
        calcium_gluconate="10 meq/d",
        travasol_10="85 g/d",
        dextrose_70="250 g/d",
        intralipid_20="50 g/d",
        potassium_phosphates="20 mmol/d",
        sodium_chloride="90 meq/d",
        potassium_chloride="50 meq/d",
        magnesium_sulfate="10 meq/d",
        infuvite_adult="10 mL/d",
        tralement="1 mL/d",
    ),
    three_in_one=True,
    line="central",
    critical=False,
)
NEWBORN = replace(
    ADULT,
    age_years=D("0.02"),
    weight_kg=D(1),
    preterm=True,
    three_in_one=False,
    volume=D(120),
    volume_unit="mL/kg/d",
    ingredients=lines(trophamine_10="3 g/kg/d", dextrose_70="12 g/kg/d", heparin_1000="60 [iU]/kg/d"),
)


def reasons(order: Order) -> list[str]:
    with pytest.raises(Refused) as no:
        bag_of(order)
    return [reason.code for reason in no.value.reasons]


def gauges(bag: Bag, *site: Any) -> dict[str, Gauge]:
    return {g.name: g for g in review(bag, site)}


def tabled(made: Worked, name: str) -> Table:
    return next(t for t in made.tables if t.name == name)


# ---- how an order is written


@pytest.mark.parametrize(
    ("product_code", "unit", "code"),
    [
        ("potassium-chloride", "meq/L", "concentration"),
        ("potassium-chloride", "mEq/L/d", "concentration"),
        ("dextrose-70", "%", "concentration"),
        ("dextrose-70", "mL/d", "volume-not-amount"),
        ("dextrose-70", "g", "not-per-day"),
        ("dextrose-70", "g/h", "not-per-day"),
        ("dextrose-70", "g/kg/d", "wrong-basis"),
        ("potassium-phosphates", "meq/d", "wrong-unit"),
        ("zinc-sulfate", "meq/d", "wrong-unit"),
        ("sodium", "meq/d", "ion-not-salt"),
        ("moonshine", "mL/d", "product-unknown"),
        ("dextrose-70", "spoons/d", "unit-unknown"),
    ],
)
def test_an_amount_is_per_day_of_a_full_salt_in_its_own_unit(product_code: str, unit: str, code: str) -> None:
    assert reasons(replace(ADULT, ingredients=(Ingredient(product_code, D(1), unit),))) == [code]


def test_every_reason_is_named_at_once_and_nothing_is_ordered_twice() -> None:
    bad = (
        Ingredient("sodium", D(1), "meq/d"),
        *lines(dextrose_70="70 %"),
        *lines(travasol_10="1 g/d"),
        *lines(travasol_10="2 g/d"),
    )
    assert reasons(replace(ADULT, ingredients=bad)) == ["ion-not-salt", "concentration", "ordered-twice"]


def test_a_newborn_is_ordered_per_kg_and_milligrams_become_grams() -> None:
    assert reasons(replace(NEWBORN, ingredients=lines(dextrose_70="12 g/d"))) == ["wrong-basis"]
    assert reasons(replace(NEWBORN, volume_unit="mL/d")) == ["wrong-basis"]
    heavier = replace(NEWBORN, weight_kg=D(2), ingredients=lines(dextrose_70="12000 mg/kg/d"))
    assert parts_of(heavier)[0].amount == 24
    assert heavier.volume_ml() == 240


def test_the_sequence_is_that_of_the_order_however_it_was_written() -> None:
    kinds = [p.product.kind for p in bag_of(ADULT).parts]
    assert kinds[:4] == ["amino_acids", "dextrose", "lipid", "sodium_chloride"]
    assert kinds[-2:] == ["vitamins", "trace"]


def test_a_site_s_own_stock_stands_in_front() -> None:
    own = replace(product("dextrose-70"), per_ml=D("0.5"), label="dextrose 50 % of our own")
    parts = parts_of(replace(ADULT, stocks=(own,)))
    assert next(p for p in parts if p.product.code == "dextrose-70").volume_ml == 500


def test_what_does_not_fit_is_refused() -> None:
    assert reasons(replace(ADULT, volume=D(1000))) == ["volume-too-small"]
    assert reasons(replace(ADULT, volume=D(0))) == ["no-volume"]
    assert reasons(replace(ADULT, ingredients=lines(dextrose_70="-5 g/d"))) == ["negative"]
    assert reasons(replace(ADULT, ingredients=lines(intralipid_20="10 g/d", smoflipid_20="10 g/d"))) == ["two-emulsions"]


# ---- what it becomes


def test_volumes_and_water_make_the_volume_and_a_two_in_one_keeps_its_lipid_apart() -> None:
    for three in (True, False):
        bag = bag_of(replace(ADULT, three_in_one=three))
        assert sum(p.volume_ml for p in bag.inside) + bag.water_ml == 2000
        assert any(p.product.kind == "lipid" for p in bag.inside) is three
    assert "in its own container" in label_lines(bag)[2][0]


def test_the_energy_is_the_same_in_one_bag_or_two() -> None:
    one, two = bag_of(ADULT), bag_of(replace(ADULT, three_in_one=False))
    assert one.kcal() == two.kcal() == 85 * 4 + 250 * D("3.4") + 500
    assert one.osmolarity_estimate() != two.osmolarity_estimate()
    assert one.energy_per_nitrogen() == (250 * D("3.4") + 500) / (85 / D("6.06"))


def test_nitrogen_is_not_guessed_for_amino_acids_without_a_factor() -> None:
    own = replace(product("travasol-10"), code="ours-10")
    bag = bag_of(replace(ADULT, stocks=(own,), ingredients=lines(ours_10="50 g/d")))
    assert bag.energy_per_nitrogen() is None


def test_the_glucose_rate_is_that_of_the_plateau() -> None:
    half = Ramp(D(1), D("0.5"))
    bag = bag_of(replace(ADULT, hours=D(12), up=(half,), down=(half,)))
    rate = gauges(bag)["glucose_rate"].value
    assert rate is not None and round(rate, 2) == D("5.41")
    assert gauges(bag)["end_verdict"].code == "soft-high"


def test_components_and_aluminium_are_judged_only_when_every_figure_is_on_file() -> None:
    full = bag_of(replace(ADULT, ingredients=lines(travasol_10="100 g/d", dextrose_70="140 g/d")))
    assert full.osmolarity_components() == (1000 * D(998) + 200 * D(3530)) / 2000
    assert full.aluminium() == 50
    assert bag_of(ADULT).osmolarity_components() is None  # the trace elements have no figure
    assert gauges(bag_of(ADULT))["verdict"].code == "cannot-judge"


def test_the_higher_osmolarity_decides_about_the_line() -> None:
    bag = bag_of(replace(ADULT, line="peripheral", ingredients=lines(travasol_10="100 g/d", dextrose_70="140 g/d")))
    estimate, components, judged = bag.osmolarity_estimate(), bag.osmolarity_components(), gauges(bag)["osmolarity_for_line"]
    assert components is not None and judged.value == max(estimate, components)
    assert gauges(bag_of(replace(ADULT, line="peripheral")))["osmolarity_for_line"].code == "hard-high"


def test_slips_of_the_pen_stop_the_order() -> None:
    thousand = replace(NEWBORN, ingredients=(*NEWBORN.ingredients, *lines(zinc_sulfate="400 mg/kg/d")), volume=D(800))
    assert gauges(bag_of(thousand))["zinc"].hard
    sixty = replace(NEWBORN, ingredients=(*NEWBORN.ingredients, *lines(sodium_chloride="180 meq/kg/d")), volume=D(800))
    assert gauges(bag_of(sixty))["sodium"].hard


def test_the_newborn_has_gauges_of_its_own() -> None:
    found = gauges(bag_of(NEWBORN))
    assert found["calcium_phosphate_ratio"].code == "cannot-judge"
    assert found["heparin"].value == D("2.5") and found["heparin"].code == "within"
    assert found["dextrose_percent"].value == 10
    assert "amino_acid_volume" not in found and "lipid_share" not in found


def test_refeeding_and_cysteine_bring_their_gauges() -> None:
    bag = bag_of(replace(ADULT, refeeding=True, ingredients=(*ADULT.ingredients, *lines(cysteine_elcys="1000 mg/d"))))
    found = gauges(bag)
    assert found["refeeding_dextrose"].code == "soft-high" and found["refeeding_energy"].code == "soft-high"
    assert found["cysteine"].code == "soft-high"
    without = bag_of(replace(ADULT, ingredients=lines(cysteine_elcys="10 mg/d")))
    assert gauges(without)["cysteine"].code == "cannot-judge"


def test_an_emulsion_without_limits_on_file_is_not_judged() -> None:
    bag = bag_of(replace(ADULT, ingredients=lines(intralipid_30="50 g/d", travasol_10="85 g/d")))
    assert gauges(bag)["daily"].code == "cannot-judge"
    nothing = bag_of(replace(ADULT, ingredients=lines(intralipid_20="0 g/d")))
    assert gauges(nothing)["lipid_share"].code == "cannot-judge"
    apart = gauges(bag_of(replace(ADULT, three_in_one=False)))
    assert apart["rate"].value == 250 / D(24) / 70 and "can" not in apart


# ---- making it


def test_overfill_keeps_the_concentration_and_calcium_comes_late_lipid_last() -> None:
    bag = bag_of(replace(ADULT, overfill_ml=D(100)))
    drawn = draws(bag)
    assert round(sum(d.volume_ml for d in drawn), 20) == 2100
    kinds = [d.product.kind for d in drawn]
    assert kinds[-1] == "lipid"
    assert kinds.index("potassium_phosphate") < kinds.index("magnesium") < kinds.index("calcium") < kinds.index("vitamins")
    weights = {d.product.kind: d.weight_g for d in drawn}
    assert weights["calcium"] is None and weights["water"] is not None


def test_calcium_meets_phosphate_in_the_lowest_volume_and_all_phosphate_counts() -> None:
    bag = bag_of(ADULT)
    assert where_calcium_goes_in(bag) == 2000 - 250 - 10  # without lipid and vitamins
    meets = mixture(bag, D(25))
    assert meets.calcium_meq_l == D(10) * 1000 / 1740
    assert meets.phosphate_mmol_l == (D(20) + 250 * D("0.015")) * 1000 / 1740
    assert meets.amino_acid_percent == D("4.25")  # of the whole bag, the lowest there is


def test_only_a_signed_curve_judges_calcium_and_no_verdict_says_compatible() -> None:
    signed = SolubilityCurve(
        product="travasol-10", amino_acid_percent=D(4), dextrose_percent=D(10), cysteine=False, temperature_c=D(37),
        source="made up for this test", points=((D(5), D(30)), (D(30), D(10))), signed_by="RPh",
    )  # fmt: skip
    bag = bag_of(ADULT)
    assert calcium_with_phosphate(bag, (signed,), D(25)).code == "below"
    assert calcium_with_phosphate(bag, (), D(25)).code == "cannot-judge"
    chloride = bag_of(replace(ADULT, ingredients=lines(calcium_chloride="10 meq/d", sodium_phosphates="10 mmol/d")))
    assert calcium_with_phosphate(chloride, (signed,), D(25)).code == "cannot-judge"
    alone = bag_of(replace(ADULT, ingredients=lines(calcium_chloride="10 meq/d")))
    assert calcium_with_phosphate(alone, (), D(25)).code == "below"
    for made in (worked(bag), worked(bag, curves=(signed,))):
        assert not [r for r in made.results if isinstance(r, Verdict) and "compatible" in r.text]


def test_the_whole_is_stop_question_or_within() -> None:
    def verdict(code: str) -> Verdict:
        return Verdict("v", "V", code, code)

    assert overall((), (verdict("below"), verdict("within"))).code == "within"
    assert overall((), (verdict("near"),)).code == "question"
    assert overall((), (verdict("above"),)).code == "stop"
    assert overall((Gauge("x", "X", None, "g", None),), ()).code == "question"


def test_the_label_keeps_the_sequence_and_prints_prescribed_volume_and_overfill_apart() -> None:
    printed = label_lines(bag_of(replace(ADULT, overfill_ml=D(60))))
    assert printed[0] == ("amino acids 10 % (Travasol)", "85 g/d", "1.21 g/kg/d")
    said = {what: text for what, text, _ in printed}
    assert (said["Prescribed volume"], said["Overfill"], said["Filter"]) == ("2,000 mL", "60 mL", "1.2 micron")
    assert said["Route"] == "central line only"
    plain = {w: t for w, t, _ in label_lines(bag_of(replace(ADULT, line="peripheral", three_in_one=False, ingredients=())))}
    assert (plain["Filter"], plain["Route"]) == ("0.22 micron", "peripheral or central line")
    tiny = label_lines(bag_of(replace(NEWBORN, ingredients=lines(selenious_acid="0.004 mg/kg/d", zinc_sulfate="0.0004 mg/kg/d"))))
    assert tiny[0][1:] == ("4 mcg/d", "4 mcg/kg/d") and tiny[1][1] == "0.4 mcg/d"


# ---- the difference


def test_a_revised_order_shows_its_difference() -> None:
    before = bag_of(ADULT)
    kept = tuple(i for i in ADULT.ingredients if i.product not in ("potassium-chloride", "dextrose-70", "tralement"))
    half = Ramp(D(1), D("0.5"))
    after = bag_of(
        replace(
            ADULT, volume=D(2100), hours=D(14), up=(half,), line="peripheral", three_in_one=False, overfill_ml=D(50),
            weight_kg=D(72), ingredients=(*kept, *lines(dextrose_70="275 g/d", potassium_acetate="20 meq/d", tralement="0.5 mL/d")),
        )
    )  # fmt: skip
    found = {c.what: c for c in difference(before, after)}
    assert found["dextrose 70 %"].kind == "raised" and found["dextrose 70 %"].percent == 10
    assert found["potassium chloride 2 mEq/mL"].kind == "left-out"
    assert found["potassium acetate 2 mEq/mL"].kind == "added"
    assert found["trace elements injection 4 (Tralement)"].kind == "lowered"
    assert (
        found["Tapers"].after == "up 1 h at 50 %" and found["Mixture"].after == "2-in-1" and found["Line"].after == "peripheral"
    )
    assert {"Dosing weight", "Volume", "Duration", "Plateau", "Overfill"} <= set(found)
    assert difference(before, before) == ()


def asked(**more: Any) -> Worked:
    given = {
        "ingredients": [{"product": "travasol-10", "amount": "85 g/d"}, {"product": "dextrose-70", "amount": "250 g/d"}],
        "volume": "2000 mL/d", "weight": "70 kg", "age": "50 a", "admixture": "2-in-1", "line": "central",
    }  # fmt: skip
    return ask("nutrition-order", given | more).worked


def test_the_sheet_compares_with_the_order_before() -> None:
    before = [{"product": "travasol-10", "amount": "85 g/d"}, {"product": "dextrose-70", "amount": "200 g/d"}]
    made = asked(before=before, before_volume="2000 mL/d")
    assert tabled(made, "difference").rows == (("dextrose 70 %", "200 g/d", "250 g/d", "raised 25 %"),)
    with pytest.raises(Refused):
        asked(before=before)


def test_the_sheet_takes_the_limits_of_the_site() -> None:
    assert asked().result("glucose_rate").code == "within"  # type: ignore[union-attr]
    own = [{"name": "glucose_rate", "group": "adult", "soft_high": "1", "hard_high": "2"}]
    made = asked(site_limits=own)
    assert made.result("glucose_rate").code == "hard-high"  # type: ignore[union-attr]
    assert any("Limit of the site" in str(s) for s in made.used)


def test_a_site_that_sets_a_soft_limit_keeps_the_hard_one_and_may_limit_an_emulsion() -> None:
    own = [
        {"name": "glucose_rate", "group": "adult", "soft_high": "1"},
        {"name": "lipid", "group": "smoflipid-20", "hard_high": "0.5"},
    ]
    lipid = [{"product": "smoflipid-20", "amount": "50 g/d"}, {"product": "dextrose-70", "amount": "250 g/d"}]
    made = asked(site_limits=own, ingredients=lipid)
    rows = {row[0]: row for row in tabled(made, "gauges").rows}
    assert rows["Glucose rate at the plateau (hydrous)"][2:] == ("to 1", "to 8.3", "soft-high")
    assert rows["Lipid per day"][4] == "hard-high"


def test_the_sheet_takes_tapers_and_lipid() -> None:
    ramp = [{"hours": "1 h", "share": "50 %"}]
    lipid = [{"product": "smoflipid-20", "amount": "50 g/d"}, {"product": "travasol-10", "amount": "85 g/d"}]
    made = asked(ingredients=lipid, duration="12 h", up=ramp, down=ramp)
    assert made.result("hang").code == "within"  # type: ignore[union-attr]
    assert len(tabled(made, "schedule").rows) == 3


@pytest.mark.parametrize("typed", [85, "85", "x g/d", "-1 g/d", "85 spoons/d", {"value": "85"}])
def test_an_amount_without_a_readable_unit_is_malformed(typed: Any) -> None:
    with pytest.raises(Malformed):
        asked(ingredients=[{"product": "travasol-10", "amount": typed}])


def test_lipid_alone_may_fill_the_bag() -> None:
    made = asked(ingredients=[{"product": "intralipid-20", "amount": "50 g/d"}], volume="250 mL/d", admixture="3-in-1")
    assert made.value("calcium_where_it_meets") == 0 and made.value("lipid") == 20


def test_a_field_offers_units_per_day_first() -> None:
    amount = named("nutrition-order").questions[0].input.columns[1]  # type: ignore[attr-defined]
    assert amount.unit == "g/d" and amount.said((D(90), "g/kg/d")) == "90 g/kg/d"
    assert not [unit for unit in amount.units if not unit.endswith("/d")]


def test_an_amount_may_come_as_value_and_unit() -> None:
    made = asked(ingredients=[{"product": "travasol-10", "amount": {"value": "85", "unit": "g/d"}}])
    assert made.value("energy") == 340
