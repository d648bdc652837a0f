# SPDX-License-Identifier: Apache-2.0
"""Amino acids: the range by age, the cysteine that goes with them, and the fastest rate of ready-made bags."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row, table
from openinfusion.calculations.domain.inputs import amount, choice, yes_no
from openinfusion.calculations.domain.nutrition.gauge import Gauge, Limit, limit
from openinfusion.calculations.domain.nutrition.inputs import ADULT_FROM, AGE, AMINO_ACIDS, HUNDREDTH, TENTH, WEIGHT
from openinfusion.kernel.refusal import Reason, Refused

CRITICAL: Final = yes_no("critical", label="Critically ill", note="of an adult: the higher range")


def group(age_years: Decimal, *, critical: bool) -> str:
    """The label's group; empty at 17 years, of which the label does not speak."""
    if age_years >= ADULT_FROM:
        return "adult-critical" if critical else "adult-stable"
    if age_years >= 17:
        return ""
    if age_years > 10:
        return "teen"
    if age_years >= 1:
        return "young"
    return "infant" if age_years * 12 >= 1 else "newborn"


def daily(age_years: Decimal, grams_per_kg: Decimal, *, critical: bool, site: Sequence[Limit] = ()) -> Gauge:
    """g/kg/d of amino acids against the range for the age."""
    bound = limit("amino_acids", group(age_years, critical=critical), site)
    return Gauge("amino_acids", "Amino acids", grams_per_kg, "g/kg/d", bound)


@calculation(
    "amino-acid-range",
    "Amino acids per day against the label",
    group="nutrition",
    formula="g/kg/d within the label's range for the age",
    source=published("Product label of Travasol", 2020),
)
def _range(
    age_years: Annotated[Decimal, AGE],
    dose: Annotated[Decimal, amount("dose", "g/kg/d", "0", "20", label="Amino acids")],
    critical: Annotated[bool, CRITICAL] = False,
) -> Worked:
    """The label does not speak of the 18th year of life (17 years): there nothing is judged."""
    gauge = daily(age_years, dose, critical=critical)
    return Worked(results=(gauge.verdict(),), used=(gauge.limit.source,) if gauge.limit else ())


def cysteine_row(age_years: Decimal) -> Row:
    return max(
        (r for r in table("nutrition_cysteine") if r.figure("age_from") <= age_years),
        key=lambda r: r.figure("age_from"),
    )


@calculation(
    "cysteine",
    "Cysteine for the amino acids",
    group="nutrition",
    formula="mg = g amino acids × 22 (below 12 years) or 7; mL = mg ÷ 50",
    source=published("Product label of Elcys, 50 mg/mL", 2020),
)
def _cysteine(age_years: Annotated[Decimal, AGE], amino_acids: Annotated[Decimal, AMINO_ACIDS]) -> Worked:
    """Cysteine is ordered by the amino acids; it lowers the pH and so changes which calcium curve holds."""
    found = cysteine_row(age_years)
    mass = amino_acids * found.figure("mg_per_g")
    strength = row("nutrition_products", code="cysteine-elcys")
    return Worked(
        results=(
            Result("cysteine", "Cysteine", mass, "mg", TENTH),
            Result("volume", "Volume", mass / strength.figure("per_ml"), "mL", HUNDREDTH),
        ),
        used=(found.source, strength.source),
    )


_PREMIX: Final = choice("product", *((r["code"], r["label"]) for r in table("nutrition_premix")))


@calculation(
    "premix-rate",
    "Fastest rate of a ready-made bag",
    group="nutrition",
    formula="mL/h = the label's mL/kg/h × kg",
    source=published("Product labels", 2020),
)
def _premix(
    product: Annotated[str, _PREMIX], weight_kg: Annotated[Decimal, WEIGHT], age_years: Annotated[Decimal, AGE]
) -> Worked:
    """Of adults; for children the labels say it otherwise."""
    if age_years < ADULT_FROM:
        raise Refused(Reason("not-adult", "the rates on file are those of adults", "read the label for the age"))
    found = row("nutrition_premix", code=product)
    results = [Result("rate", "Fastest rate", found.figure("rate") * weight_kg, "mL/h", TENTH)]
    if found.get("volume") is not None:
        results.append(Result("volume", "Most per day", found.figure("volume") * weight_kg, "mL/d", TENTH))
    return Worked(results=tuple(results), used=(found.source,))
