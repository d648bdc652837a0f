# SPDX-License-Identifier: Apache-2.0
"""Billing units of a single-dose vial: what was given, and what was thrown away."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from openinfusion.calculations.domain.calculation import Result, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount
from openinfusion.calculations.domain.whole import at_least, at_most


def claim_units(given: Decimal, discarded: Decimal) -> tuple[int, int]:
    """Whole units given (up) and discarded, both told in units; together they are the whole units opened (down).

    Less than one whole unit of waste is none.
    """
    billed = at_least(given)
    return billed, max(0, at_most(given + discarded) - billed)


@calculation(
    "claim-units",
    "Billing units with waste (JW, JZ)",
    group="bench",
    formula="given = ⌈given ÷ unit⌉; JW = ⌊(given + waste) ÷ unit⌋ − given; JZ if that is none",
    source=published("CMS JW and JZ modifier policy", 2023),
)
def _claim(
    given: Annotated[Decimal, amount("given", "mg", "0.0001", "1000000")],
    discarded: Annotated[Decimal, amount("discarded", "mg", "0", "1000000")],
    unit: Annotated[Decimal, amount("unit", "mg", "0.0001", "100000", label="One billing unit")],
) -> Worked:
    """For single-dose containers, on the amount of the whole line. Overfill is never billed."""
    billed, wasted = claim_units(given / unit, discarded / unit)
    said = f"{wasted} units on a line of their own with JW" if wasted else "no whole unit of waste: JZ"
    return Worked(
        results=(
            Result("units", "Units given", Decimal(billed), "1", Decimal(1)),
            Result("waste_units", "Units discarded", Decimal(wasted), "1", Decimal(1)),
            Verdict("modifier", "Modifier", "JW" if wasted else "JZ", said),
        )
    )
