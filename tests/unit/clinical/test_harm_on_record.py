# SPDX-License-Identifier: Apache-2.0
"""Slips that have killed, and their like: ten-, hundred- and thousandfold doses, units of another kind, pounds for kilograms.

The cases of parenteral nutrition are those the Institute for Safe Medication Practices has told: zinc in milligrams for
micrograms, and a milligram figure of calcium typed as milliequivalents of sodium.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.integration.nutrition_orders import ADULT, changed

from openinfusion.clinical.domain.checks.dose_range import check_dose_range
from openinfusion.clinical.domain.checks.nutrition import check_nutrition
from openinfusion.clinical.domain.facts import DoseLimits, Facts, Figure, OrderedDrug, OrderFacts, PatientFacts, StabilityLimits
from openinfusion.clinical.domain.finding import Tier
from openinfusion.clinical.domain.nutrition import NutritionFacts
from openinfusion.kernel.quantity import ML, Quantity, unit
from openinfusion.patients.adapters import bounds
from openinfusion.patients.domain.plausible import proportion

DAY = date(2026, 3, 2)
WEIGHT, HEIGHT = Decimal(70), Decimal(170)
RULES = Path(__file__).parents[3] / "src" / "openinfusion" / "catalog" / "data" / "dose_rules.csv"
with RULES.open(encoding="utf-8") as _file:
    ROWS = [r for r in csv.DictReader(_file) if r["measure"] in ("single", "daily")]
STOPS_OR_ASKS = {Tier.HARD, Tier.SOFT, Tier.CANNOT_JUDGE}


def named(row: dict[str, str]) -> str:
    return "-".join(row[c] for c in ("drug_code", "route", "measure", "per", "crcl_from", "crcl_below", "age_from", "age_below"))


def number(row: dict[str, str], column: str) -> Decimal | None:
    return Decimal(row[column]) if row[column] else None


def tiers(row: dict[str, str], dose: Quantity) -> set[Tier]:
    """What the dose check says to one dose a day for a patient to whom just this row applies."""
    kind = unit(row["unit"])
    limits = DoseLimits(
        measure=row["measure"], per=row["per"], usual_low=Quantity(Decimal(row["usual_low"]), kind),
        usual_high=Quantity(Decimal(row["usual_high"]), kind), hard_high=Quantity(Decimal(row["hard_high"]), kind),
        crcl_from=number(row, "crcl_from"), crcl_below=number(row, "crcl_below"),
    )  # fmt: skip
    crcl = limits.crcl_from or (limits.crcl_below - 1 if limits.crcl_below else Decimal(90))
    order = OrderFacts(
        drug=OrderedDrug(code=row["drug_code"], name=row["drug_code"]), dose=dose, doses_per_day=Decimal(1), route=row["route"],
        infusion_minutes=60, interval_hours=24, days=7, start_on=DAY, last_on=DAY,
    )  # fmt: skip
    patient = PatientFacts(
        allergy_state="none_known", age_years=50, weight_kg=Figure(value=WEIGHT, on=DAY), height_cm=Figure(value=HEIGHT, on=DAY),
        crcl_ml_per_min=Figure(value=crcl, on=DAY),
    )  # fmt: skip
    facts = Facts(
        today=DAY, order=order, patient=patient, limits=(limits,), stability=StabilityLimits(hours=24), supply_days=7
    )  # fmt: skip
    return {f.tier for f in check_dose_range(facts)}


def usual(row: dict[str, str], column: str) -> Decimal:
    """A bound of the row as one dose of this patient."""
    by = {"flat": Decimal(1), "kg": WEIGHT, "kg_min": WEIGHT, "m2": (WEIGHT * HEIGHT / 3600).sqrt()}[row["per"]]
    return round(Decimal(row[column]) * by, 3)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_tenfold_dose_of_any_drug_stops_hard(row: dict[str, str]) -> None:
    for times in (10, 100, 1000):
        assert Tier.HARD in tiers(row, Quantity(usual(row, "usual_high") * times, unit(row["unit"])))


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_tenth_of_any_dose_is_asked_about(row: dict[str, str]) -> None:
    for share in (10, 1000):
        assert tiers(row, Quantity(usual(row, "usual_low") / share, unit(row["unit"]))) & STOPS_OR_ASKS


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_dose_in_a_unit_of_another_kind_is_never_passed(row: dict[str, str]) -> None:
    for other in ("mg", "[iU]", "meq", "mmol", "mL"):
        if unit(other).dimension is not unit(row["unit"]).dimension:
            found = tiers(row, Quantity(usual(row, "usual_high"), unit(other)))
            assert found & STOPS_OR_ASKS and Tier.PASSED not in found


@pytest.mark.parametrize("row", [r for r in ROWS if r["unit"] == "mg"], ids=named)
def test_milligrams_for_micrograms_and_grams_for_milligrams_never_pass(row: dict[str, str]) -> None:
    for other in ("ug", "g"):
        found = tiers(row, Quantity(usual(row, "usual_high"), unit(other)))
        assert found & STOPS_OR_ASKS and Tier.PASSED not in found
    assert Tier.HARD in tiers(row, Quantity(usual(row, "usual_high"), unit("g")))


@pytest.mark.parametrize("row", [r for r in ROWS if r["per"] == "kg"], ids=named)
def test_a_dose_for_each_kilogram_taken_for_the_whole_dose_is_asked_about(row: dict[str, str]) -> None:
    assert tiers(row, Quantity(Decimal(row["usual_high"]), unit(row["unit"]))) & STOPS_OR_ASKS


def nutrition(order: Any) -> dict[str, Tier]:
    facts = Facts(
        today=DAY, stability=StabilityLimits(hours=24), supply_days=7, nutrition=NutritionFacts(order=order, limits=(), curves=()),
        order=OrderFacts(drug=OrderedDrug(code="parenteral_nutrition", name="parenteral nutrition"), dose=Quantity(Decimal(2000), ML),
                         doses_per_day=Decimal(1), route="IV", infusion_minutes=1440, interval_hours=24, days=14, start_on=DAY, last_on=DAY),
        patient=PatientFacts(allergy_state="none_known", age_years=58, weight_kg=Figure(value=Decimal("71.4"), on=DAY), line_tip="central"),
    )  # fmt: skip
    return {f.code: f.tier for f in check_nutrition(facts)}


@pytest.mark.parametrize(
    "amounts",
    [
        {"zinc_sulfate": "5000 mg/d"},  # 5,000 ug meant
        {"sodium_chloride": "982 meq/d"},  # 982 mg of calcium meant
        {"potassium_chloride": "500 meq/d"},
        {"magnesium_sulfate": "100 meq/d"},
        {"calcium_gluconate": "100 meq/d"},
        {"potassium_phosphates": "200 mmol/d"},
        {"dextrose_70": "2500 g/d"},
        {"intralipid_20": "500 g/d"},
        {"travasol_10": "850 g/d"},
        {"tralement": "10 mL/d"},
    ],
)
def test_a_bag_with_ten_times_an_ingredient_or_more_is_never_made(amounts: dict[str, str]) -> None:
    before, found = nutrition(ADULT), nutrition(changed(**amounts))
    assert Tier.HARD not in before.values()
    assert Tier.HARD in found.values(), found


@pytest.mark.parametrize(
    ("weight", "height", "doubtful"),
    [
        ("71.4", "165", False), ("157.4", "165", True),  # pounds
        ("71.4", "65", True),  # inches
        ("71.4", "250", False), ("3.4", "50", False), ("7.5", "50", False), ("34", "50", True), ("0.9", "35", False),
        (None, "165", False), ("71.4", None, False),
    ],
)  # fmt: skip
def test_a_first_weight_in_pounds_or_height_in_inches_is_asked_about(
    weight: str | None, height: str | None, doubtful: bool
) -> None:
    pair = [Decimal(x) if x else None for x in (weight, height)]
    assert bool(proportion(pair[0], pair[1], bounds("body_mass_index"))) is doubtful
