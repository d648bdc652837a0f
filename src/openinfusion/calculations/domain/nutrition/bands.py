# SPDX-License-Identifier: Apache-2.0
"""Multi-component trace elements and vitamins: the volume by weight, from the bands of their labels."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, table
from openinfusion.calculations.domain.inputs import choice
from openinfusion.calculations.domain.nutrition.inputs import HUNDREDTH, ONE, TENTH, WEIGHT
from openinfusion.kernel.quantity import rounded
from openinfusion.kernel.refusal import Reason, Refused

_MULTRYS_PER_KG: Final = Decimal("0.3")  # mL/kg, the sentence of the label; its table stands in the rows


def band(product: str, weight_kg: Decimal) -> Row:
    """The row of this weight; Refused where the label gives none."""
    for found in table("nutrition_bands"):
        if found["product"] == product and found.figure("from_kg") <= weight_kg < found.figure("below_kg"):
            return found
    raise Refused(Reason("no-band", "the label gives no volume for this weight", "choose another product"))


@calculation(
    "trace-and-vitamin-volume",
    "Trace elements and vitamins: volume by weight",
    group="nutrition",
    formula="mL = the label's band of the weight",
    source=published("Product labels of Tralement, Multrys and Infuvite Pediatric", 2020),
)
def _volume(
    product: Annotated[str, choice("product", "tralement", "multrys", "infuvite-pediatric")],
    weight_kg: Annotated[Decimal, WEIGHT],
) -> Worked:
    """Multrys has a table and a sentence (0.3 mL/kg, to 0.1 mL); where they disagree no figure is given."""
    found = band(product, weight_kg)
    volume = found.figure("volume")
    if product == "multrys":
        _sentence_agrees(volume, weight_kg)
    every = found["every"]
    return Worked(
        results=(
            Result("volume", "Volume", volume, "mL", HUNDREDTH),
            Verdict("every", "Given every", every.replace(" ", "-"), f"every {every}", "ok" if every == "day" else "warn"),
        ),
        used=(found.source,),
    )


def _sentence_agrees(volume: Decimal, weight_kg: Decimal) -> None:
    said = min(rounded(_MULTRYS_PER_KG * weight_kg, TENTH), ONE)
    if said != volume and weight_kg >= Decimal("0.6"):
        text = f"the label's table says {volume} mL and its sentence (0.3 mL/kg) {said} mL"
        raise Refused(Reason("label-disagrees", text, "a pharmacist decides and enters the volume"))
