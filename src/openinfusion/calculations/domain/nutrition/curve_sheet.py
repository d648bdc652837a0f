# SPDX-License-Identifier: Apache-2.0
"""The sheet of calcium beside phosphate: a mixture against one curve that is entered with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Curve, Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.inputs import amount, choice, rows, yes_no
from openinfusion.calculations.domain.nutrition.calcium_phosphate import Mixture, SolubilityCurve, judge, phosphate_of
from openinfusion.calculations.domain.nutrition.inputs import TENTH
from openinfusion.kernel.refusal import Reason, Refused

_POINTS: Final = rows(
    "curve",
    amount("phosphate", "mmol/L", "0", "200"),
    amount("calcium", "meq/L", "0", "200", label="Most calcium"),
    least=2,
    label="Curve, point by point",
    note="from the source of this very product; none is shipped here",
)


@calculation(
    "calcium-phosphate",
    "Calcium with phosphate against a curve",
    group="nutrition",
    formula="Ca mEq ÷ L against the curve at P mmol ÷ L, in the lowest volume they meet in",
    source=published("ASPEN 2014: published graphs of the specific product, no universal curve", 2014),
)
def _calcium_phosphate(
    calcium: Annotated[Decimal, amount("calcium", "meq", "0", "200")],
    phosphate: Annotated[Decimal, amount("phosphate", "mmol", "0", "200", label="Phosphate of the salts")],
    volume: Annotated[Decimal, amount("volume", "mL", above="0", high="10000", label="Volume when calcium goes in")],
    amino_acid_percent: Annotated[Decimal, amount("amino_acid_percent", "%", "0", "20", label="Amino acids, final")],
    dextrose_percent: Annotated[Decimal, amount("dextrose_percent", "%", "0", "70", label="Dextrose, final")],
    temperature: Annotated[Decimal, amount("temperature", "Cel", "0", "45", label="Warmest temperature")],
    salt: Annotated[str, choice("salt", "gluconate", "chloride", label="Calcium salt")],
    curve: Annotated[Sequence[Mapping[str, Any]], _POINTS],
    curve_amino_acid_percent: Annotated[Decimal, amount("curve_amino_acid_percent", "%", "0", "20")],
    curve_dextrose_percent: Annotated[Decimal, amount("curve_dextrose_percent", "%", "0", "70")],
    curve_temperature: Annotated[Decimal, amount("curve_temperature", "Cel", "0", "45")],
    same_product: Annotated[bool, yes_no("same_product", label="The curve is of this amino acid product")],
    signed: Annotated[bool, yes_no("signed", label="Our pharmacist has signed the curve")],
    cysteine: Annotated[bool, yes_no("cysteine", label="The mixture has cysteine")] = False,
    curve_cysteine: Annotated[bool, yes_no("curve_cysteine", label="The curve has cysteine")] = False,
    lipid_volume: Annotated[Decimal, amount("lipid_volume", "mL", "0", "2000", label="Lipid emulsion in the bag")] = Decimal(0),
    amino_acid_phosphate: Annotated[
        Decimal, amount("amino_acid_phosphate", "mmol", "0", "100", label="Phosphate of the amino acids")
    ] = Decimal(0),
) -> Worked:
    """below, near, above, or cannot-judge. Above or near, calcium is not added; below is no proof of stability."""
    if salt == "chloride":
        raise Refused(
            Reason("calcium-chloride", "curves are of calcium gluconate; the chloride precipitates sooner", "take gluconate")
        )
    entered = SolubilityCurve(
        product="same" if same_product else "other",
        amino_acid_percent=curve_amino_acid_percent,
        dextrose_percent=curve_dextrose_percent,
        cysteine=curve_cysteine,
        temperature_c=curve_temperature,
        source="entered",
        points=tuple((p["phosphate"], p["calcium"]) for p in curve),
        signed_by="entered" if signed else "",
    )
    all_phosphate = phosphate_of(salts_mmol=phosphate, amino_acids_mmol=amino_acid_phosphate, lipid_ml=lipid_volume)
    mixture = Mixture(
        product="same",
        amino_acid_percent=amino_acid_percent,
        dextrose_percent=dextrose_percent,
        cysteine=cysteine,
        temperature_c=temperature,
        calcium_meq_l=calcium * 1000 / volume,
        phosphate_mmol_l=all_phosphate * 1000 / volume,
    )
    mark = (mixture.phosphate_mmol_l, mixture.calcium_meq_l)
    return Worked(
        results=(
            judge((entered,), mixture),
            Result("calcium", "Calcium", mixture.calcium_meq_l, "meq/L", TENTH),
            Result("phosphate", "Phosphate", mixture.phosphate_mmol_l, "mmol/L", TENTH),
        ),
        steps=(Step("Phosphate of all sources", all_phosphate, "mmol"),),
        used=(row("nutrition_practice", name="curve_margin_percent").source,),
        curves=(Curve("Most calcium", "phosphate, mmol/L", "calcium, mEq/L", entered.points, (mark,)),),
    )
