# SPDX-License-Identifier: Apache-2.0
"""Nitrogen of amino acids by the product's own factor, and non-protein energy per gram of nitrogen."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import published, row, table
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.calculations.domain.nutrition.inputs import ONE, TENTH

_PRODUCTS: Final = choice("product", *((r["code"], r["label"]) for r in table("nutrition_nitrogen")))


def has_factor(product: str) -> bool:
    """Whether the factor of this product is on file."""
    return any(found["code"] == product for found in table("nutrition_nitrogen"))


def nitrogen(amino_acids_g: Decimal, product: str) -> Decimal:
    """Grams of nitrogen in grams of amino acids of this product, by its label."""
    return amino_acids_g / row("nutrition_nitrogen", code=product).figure("gram_per_nitrogen")


@calculation(
    "nitrogen",
    "Nitrogen, and energy per gram of it",
    group="nutrition",
    formula="N = g amino acids ÷ the product's g per g N; NPC:N = (dextrose + lipid kcal) ÷ N",
    source=published("Product labels", 2020),
)
def _nitrogen(
    product: Annotated[str, _PRODUCTS],
    amino_acids: Annotated[Decimal, amount("amino_acids", "g", above="0", high="500")],
    energy: Annotated[Decimal | None, amount("energy", "kcal", "0", "10000", label="Energy of dextrose and lipid")] = None,
) -> Worked:
    """The factor is the product's own; 6.25 is for protein of food."""
    grams = nitrogen(amino_acids, product)
    results = [Result("nitrogen", "Nitrogen", grams, "g", TENTH)]
    if energy is not None:
        results.append(Result("ratio", "Non-protein energy per gram of nitrogen", energy / grams, "kcal/g", ONE))
    return Worked(results=tuple(results), used=(row("nutrition_nitrogen", code=product).source,))
