# SPDX-License-Identifier: Apache-2.0
"""Overfill: every ingredient is scaled alike, so that the concentration stays; dose and bill use what is prescribed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Result, Table, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount, rows
from openinfusion.calculations.domain.nutrition.inputs import TENTH, VOLUME
from openinfusion.kernel.quantity import shown_number


def factor(prescribed_ml: Decimal, overfill_ml: Decimal) -> Decimal:
    """(V + overfill) ÷ V, by which every ingredient is multiplied."""
    return (prescribed_ml + overfill_ml) / prescribed_ml


_ROWS: Final = rows("ingredients", amount("amount", "mL", "0", "10000", label="Volume as prescribed"), least=0)


@calculation(
    "overfill",
    "Overfill",
    group="nutrition",
    formula="each × (V + overfill) ÷ V",
    source=published("Practice; the concentration is kept", 2014),
)
def _overfill(
    prescribed: Annotated[Decimal, VOLUME],
    overfill: Annotated[Decimal, amount("overfill", "mL", "0", "2000")],
    ingredients: Annotated[Sequence[Mapping[str, Any]], _ROWS] = (),
) -> Worked:
    """The label prints the prescribed volume and the overfill apart."""
    scale = factor(prescribed, overfill)
    listed = tuple((f"{shown_number(i['amount'])} mL", f"{shown_number(round(i['amount'] * scale, 2))} mL") for i in ingredients)
    return Worked(
        results=(
            Result("volume", "In the bag", prescribed + overfill, "mL", TENTH),
            Result("factor", "Factor", scale, "1", Decimal("0.0001")),
        ),
        tables=(Table("scaled", "Ingredients", ("Prescribed", "Compounded"), listed),) if listed else (),
    )
