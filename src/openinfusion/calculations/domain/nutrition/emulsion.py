# SPDX-License-Identifier: Apache-2.0
"""Stability of a 3-in-1: the floor of its macronutrients, and the critical aggregation number as advice."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from openinfusion.calculations.domain.calculation import Result, Step, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount
from openinfusion.calculations.domain.nutrition.energy import kcal_of_grams
from openinfusion.calculations.domain.nutrition.gauge import Gauge, Limit, limit
from openinfusion.calculations.domain.nutrition.inputs import AMINO_ACIDS, DEXTROSE, HUNDREDTH, LIPID, ONE, VOLUME


def floor(
    *, amino_acids_g: Decimal, dextrose_g: Decimal, lipid_g: Decimal, volume_ml: Decimal, site: Sequence[Limit] = ()
) -> tuple[Gauge, ...]:
    """Final percents of amino acids, dextrose and lipid against the floor of a 3-in-1; below one of them: unstable."""
    grams = (("amino_acids", "Amino acids, final", amino_acids_g), ("dextrose", "Dextrose, final", dextrose_g))
    return tuple(
        Gauge(f"tna_{name}", label, mass * 100 / volume_ml, "%", limit(f"tna_{name}", "all", site))
        for name, label, mass in (*grams, ("lipid", "Lipid, final", lipid_g))
    )


def stable(gauges: Sequence[Gauge]) -> Verdict:
    """at-floor if every gauge is at or above the floor; else below-floor."""
    if all(g.code == "within" for g in gauges):
        return Verdict("floor", "3-in-1", "at-floor", "at or above the floor of a 3-in-1", "ok")
    low = ", ".join(g.label.lower() for g in gauges if g.code != "within")
    return Verdict("floor", "3-in-1", "below-floor", f"unstable: below the floor ({low})", "crit")


def aggregation_number(monovalent: Decimal, divalent: Decimal, trivalent: Decimal = Decimal(0)) -> Decimal:
    """Critical aggregation number, mmol/L: valence to the sixth power (1, 64, 729) times each concentration."""
    return monovalent + 64 * divalent + 729 * trivalent


@calculation(
    "emulsion-floor",
    "Floor of a 3-in-1",
    group="nutrition",
    formula="final amino acids ≥ 4 %, dextrose ≥ 10 %, lipid ≥ 2 %",
    source=published("ASPEN 2014; Boullata 2014: 30 h at 25 °C, or 9 d at 5 °C and then 24 h at 25 °C", 2014),
)
def _floor(
    amino_acids: Annotated[Decimal, AMINO_ACIDS],
    dextrose: Annotated[Decimal, DEXTROSE],
    lipid: Annotated[Decimal, LIPID],
    volume: Annotated[Decimal, VOLUME],
) -> Worked:
    """The floor is a condition, not a proof. Iron dextran has no place in a 3-in-1."""
    gauges = floor(amino_acids_g=amino_acids, dextrose_g=dextrose, lipid_g=lipid, volume_ml=volume)
    energy = kcal_of_grams("amino-acids", amino_acids) + kcal_of_grams("dextrose", dextrose) + kcal_of_grams("ile-20", lipid)
    return Worked(
        results=(
            stable(gauges),
            *(Result(g.name.removeprefix("tna_"), g.label, g.value or Decimal(0), "%", HUNDREDTH) for g in gauges),
            Result("energy", "Energy (lipid as a 20 % emulsion)", energy, "kcal", ONE),
        ),
        used=tuple(g.limit.source for g in gauges if g.limit),
    )


_CATION = ("mmol/L", "0", "1000")


@calculation(
    "critical-aggregation-number",
    "Critical aggregation number",
    group="nutrition",
    formula="CAN = Na + K + 64 × (Mg + Ca) + 729 × trivalent, mmol/L",
    source=published("Schulze–Hardy rule, z to the sixth power", 2000),
)
def _can(
    sodium: Annotated[Decimal, amount("sodium", *_CATION)],
    potassium: Annotated[Decimal, amount("potassium", *_CATION)],
    magnesium: Annotated[Decimal, amount("magnesium", *_CATION)],
    calcium: Annotated[Decimal, amount("calcium", *_CATION)],
    trivalent: Annotated[Decimal, amount("trivalent", *_CATION, label="Trivalent cations")] = Decimal(0),
) -> Worked:
    """Advice only: emulsions above the usual limit have been stable, and others below it have not."""
    number = aggregation_number(sodium + potassium, magnesium + calcium, trivalent)
    gauge = Gauge("advice", "Against the usual limit", number, "mmol/L", limit("can", "all"))
    return Worked(
        results=(Result("can", "Critical aggregation number", number, "mmol/L", ONE), gauge.verdict()),
        steps=(Step("Divalent cations", magnesium + calcium, "mmol/L"),),
        used=(gauge.limit.source,) if gauge.limit else (),
    )
