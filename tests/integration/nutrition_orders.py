# SPDX-License-Identifier: Apache-2.0
"""Orders of parenteral nutrition for tests: an adult's, and how it becomes an order of a prescription."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from openinfusion.calculations.public import Ingredient, NutritionOrder, bag_of
from openinfusion.kernel.quantity import ML, Quantity


def lines(**amounts: str) -> tuple[Ingredient, ...]:
    """Ingredients from ``travasol_10="90 g/d"``."""
    written = ((code.replace("_", "-"), *text.split(" ", 1)) for code, text in amounts.items())
    return tuple(Ingredient(code, D(number), unit) for code, number, unit in written)


ADULT = NutritionOrder(
    age_years=D(58),
    weight_kg=D("71.4"),
    volume=D(2000),
    volume_unit="mL/d",
    ingredients=lines(
        travasol_10="85 g/d", dextrose_70="250 g/d", intralipid_20="50 g/d", sodium_chloride="90 meq/d",
        potassium_phosphates="20 mmol/d", potassium_chloride="50 meq/d", magnesium_sulfate="10 meq/d",
        calcium_gluconate="10 meq/d", infuvite_adult="10 mL/d", tralement="1 mL/d",
    ),
    three_in_one=True,
    line="central",
    hours=D(24),
    overfill_ml=D(100),
)


def changed(**amounts: str) -> NutritionOrder:
    """The adult's order with other amounts of some ingredients."""
    new = {i.product: i for i in lines(**amounts)}
    kept = [new.pop(i.product, i) for i in ADULT.ingredients]
    return replace(ADULT, ingredients=(*kept, *new.values()))


def ordered(nutrition: NutritionOrder = ADULT, **changes: Any) -> dict[str, Any]:
    """What an order of a prescription says beside its formula."""
    volume = bag_of(nutrition).volume_ml
    return {
        "drug_code": "parenteral_nutrition", "dose": Quantity(volume, ML), "interval_hours": 24, "days": 14,
        "infusion_minutes": int(nutrition.hours * 60), "nutrition": nutrition, **changes,
    }
