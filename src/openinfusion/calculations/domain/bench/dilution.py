# SPDX-License-Identifier: Apache-2.0
"""Dilution, strengths in all their spellings, and the volume that holds a dose."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.kernel.refusal import Reason, Refused

_SOURCE: Final = published("Pharmaceutical arithmetic", 2026)
_STRENGTH: Final = {"low": "0.000001", "high": "3000", "also": {"%": "10"}}
_HUNDREDTH: Final = Decimal("0.01")
_FORM: Final = choice("form", ("ratio", "1:X, g in X mL"), ("percent_wv", "% w/v"), ("percent_ww", "% w/w"))


def stock_volume(stock: Decimal, target: Decimal, final_ml: Decimal) -> Decimal:
    """mL of stock for a final volume at the target strength: C1 Q1 = C2 Q2."""
    return target * final_ml / stock


def ratio_mg_per_ml(parts: Decimal) -> Decimal:
    """mg/mL of a strength 1:parts (1 g in so many mL)."""
    return 1000 / parts


@calculation("dilution", "Dilution", group="bench", formula="C1 × Q1 = C2 × Q2", source=_SOURCE)
def _dilution(
    stock: Annotated[Decimal, amount("stock", "mg/mL", **_STRENGTH)],
    target: Annotated[Decimal, amount("target", "mg/mL", **_STRENGTH)],
    final_ml: Annotated[Decimal, amount("final_volume", "mL", "0.01", "100000")],
) -> Worked:
    """How much stock and how much diluent make a volume of a lower strength."""
    if target > stock:
        raise Refused(Reason("stronger-than-stock", "dilution cannot make it stronger than the stock", "take a stronger stock"))
    drawn = stock_volume(stock, target, final_ml)
    return Worked(
        results=(
            Result("stock_volume", "Stock", drawn, "mL", _HUNDREDTH),
            Result("diluent", "Diluent", final_ml - drawn, "mL", _HUNDREDTH),
        )
    )


@calculation(
    "strength",
    "Strength as mg/mL",
    group="bench",
    formula="1:X = 1000 ÷ X mg/mL; 1 % w/v = 10 mg/mL; % w/w × 10 × specific gravity",
    source=_SOURCE,
)
def _strength(
    form: Annotated[str, _FORM],
    figure: Annotated[Decimal, amount("figure", "1", "0.0001", "1000000", note="the X of 1:X, or the percent")],
    gravity: Annotated[Decimal | None, amount("specific_gravity", "1", "0.5", "3")] = None,
) -> Worked:
    """Ratio strengths are read here and never printed on labels: a slip of a zero has killed."""
    if form == "ratio":
        mg_per_ml = ratio_mg_per_ml(figure)
    elif form == "percent_wv":
        mg_per_ml = figure * 10
    elif gravity is None:
        raise Refused(Reason("no-gravity", "a strength by weight needs the specific gravity", "take it from the label"))
    else:
        mg_per_ml = figure * 10 * gravity
    return Worked(
        results=(
            Result("strength", "Strength", mg_per_ml, "mg/mL", Decimal("0.0001")),
            Result("percent", "As % w/v", mg_per_ml / 10, "%", Decimal("0.00001")),
        )
    )


@calculation("dose-volume", "Volume that holds a dose", group="bench", formula="mL = mg ÷ mg/mL", source=_SOURCE)
def _volume(
    dose_mg: Annotated[Decimal, amount("dose", "mg", "0.0001", "1000000")],
    strength: Annotated[Decimal, amount("concentration", "mg/mL", **_STRENGTH)],
) -> Worked:
    """What is drawn up. Below what a syringe can measure, syringe-choice refuses."""
    return Worked(results=(Result("volume", "Volume", dose_mg / strength, "mL", _HUNDREDTH),))
