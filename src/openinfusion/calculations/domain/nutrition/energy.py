# SPDX-License-Identifier: Apache-2.0
"""Energy of substrates, of the emulsions some drugs come in, and the lipid that fills an energy goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Result, Step, Table, Worked, calculation
from openinfusion.calculations.domain.figures import published, row, table
from openinfusion.calculations.domain.inputs import amount, choice, rows
from openinfusion.calculations.domain.nutrition.inputs import AMINO_ACIDS, DEXTROSE, ONE, TENTH, WEIGHT
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Reason, Refused

SUBSTRATES: Final = tuple((r["code"], r["label"]) for r in table("nutrition_energy"))
EMULSIONS: Final = tuple((r["code"], r["label"]) for r in table("nutrition_energy") if r["basis"] == "mL")
_DRUGS: Final = tuple(pair for pair in EMULSIONS if pair[0] in ("propofol", "clevidipine"))
_FATS: Final = tuple(pair for pair in SUBSTRATES if (pair in EMULSIONS and pair not in _DRUGS) or pair[0] == "fat-textbook")


def kcal_of_grams(substrate: str, grams: Decimal) -> Decimal:
    """Energy of a mass; of an emulsion, the grams are those of its lipid."""
    found = row("nutrition_energy", code=substrate)
    return grams * found.figure("kcal") / (found.figure("gram_per_ml") if found["basis"] == "mL" else 1)


def kcal_of_volume(emulsion: str, volume_ml: Decimal) -> Decimal:
    """Energy of a volume of an emulsion; Refused where the substrate is counted by its mass."""
    found = row("nutrition_energy", code=emulsion)
    if found["basis"] != "mL":
        raise Refused(
            Reason("needs-strength", f"the energy of {found['label']} is counted by mass", "give grams or the strength")
        )
    return volume_ml * found.figure("kcal")


_ROWS: Final = rows(
    "substrates",
    choice("substrate", *SUBSTRATES),
    amount("mass", "g", "0", "2000"),
    amount("volume", "mL", "0", "10000"),
    amount("strength", "%", above="0", high="100", label="Strength, g per 100 mL"),
    optional=("mass", "volume", "strength"),
    note="grams; or volume with strength; of an emulsion the volume alone",
)


def _kcal(given: Mapping[str, Any]) -> Decimal:
    if given["mass"] is not None and given["volume"] is not None:
        raise Refused(Reason("two-amounts", "a substrate is given by mass or by volume, not by both"))
    if given["mass"] is not None:
        return kcal_of_grams(given["substrate"], given["mass"])
    if given["volume"] is None:
        raise Refused(Reason("no-amount", "a substrate has neither mass nor volume"))
    if given["strength"] is not None:
        return kcal_of_grams(given["substrate"], given["volume"] * given["strength"] / 100)
    return kcal_of_volume(given["substrate"], given["volume"])


@calculation(
    "nutrition-energy",
    "Energy of parenteral nutrition",
    group="nutrition",
    formula="kcal = Σ grams × kcal/g, emulsions mL × kcal/mL",
    source=published("Usual factors and product labels; each factor is a row with its own source", 2014),
)
def _energy(substrates: Annotated[Sequence[Mapping[str, Any]], _ROWS]) -> Worked:
    """Lipid has 9 kcal/g in textbooks and 10 kcal/g in a 20 % emulsion: choose which one is meant."""
    each = [_kcal(given) for given in substrates]
    names = dict(SUBSTRATES)
    listed = tuple((names[g["substrate"]], f"{shown_number(round(k, 1))} kcal") for g, k in zip(substrates, each, strict=True))
    return Worked(
        results=(Result("energy", "Energy", sum(each, Decimal(0)), "kcal", ONE),),
        used=tuple(row("nutrition_energy", code=g["substrate"]).source for g in substrates),
        tables=(Table("parts", "Energy of each", ("Substrate", "Energy"), listed),),
    )


@calculation(
    "drug-emulsion-energy",
    "Energy of propofol or clevidipine",
    group="nutrition",
    formula="kcal = mL/h × h × kcal/mL",
    source=published("Product labels; see the row used", 2020),
)
def _drug_energy(
    drug: Annotated[str, choice("drug", *_DRUGS)],
    rate: Annotated[Decimal, amount("rate", "mL/h", above="0", high="200")],
    duration: Annotated[Decimal, amount("duration", "h", above="0", high="24")],
) -> Worked:
    """Energy and lipid that a drug in an emulsion brings; count them with the lipid of the nutrition."""
    found, volume = row("nutrition_energy", code=drug), rate * duration
    return Worked(
        results=(
            Result("energy", "Energy", kcal_of_volume(drug, volume), "kcal", ONE),
            Result("lipid", "Lipid", volume * found.figure("gram_per_ml"), "g", TENTH),
        ),
        steps=(Step("Volume", volume, "mL"),),
        used=(found.source,),
    )


@calculation(
    "lipid-for-energy-goal",
    "Lipid that fills an energy goal",
    group="nutrition",
    formula="lipid g = (goal − 3.4 × dextrose − 4 × amino acids) ÷ kcal/g",
    source=published("Course of the ASPEN certificate", 2014),
)
def _lipid_for_goal(
    goal: Annotated[Decimal, amount("goal", "kcal", above="0", high="10000", label="Energy goal")],
    dextrose: Annotated[Decimal, DEXTROSE],
    amino_acids: Annotated[Decimal, AMINO_ACIDS],
    emulsion: Annotated[str, choice("emulsion", *_FATS)],
    weight_kg: Annotated[Decimal, WEIGHT],
) -> Worked:
    """What is left of the goal after dextrose and amino acids; refuses where nothing is left."""
    rest = goal - kcal_of_grams("dextrose", dextrose) - kcal_of_grams("amino-acids", amino_acids)
    if rest < 0:
        raise Refused(Reason("goal-exceeded", "dextrose and amino acids are above the goal already", "lower one of them"))
    grams = rest / kcal_of_grams(emulsion, ONE)
    return Worked(
        results=(
            Result("lipid", "Lipid", grams, "g", TENTH),
            Result("per_kg", "Energy goal for the weight", goal / weight_kg, "kcal/kg", TENTH),
        ),
        steps=(Step("Left of the goal", rest, "kcal"),),
        used=tuple(row("nutrition_energy", code=c).source for c in ("dextrose", "amino-acids", emulsion)),
    )
