# SPDX-License-Identifier: Apache-2.0
"""Milligrams, millimoles, milliequivalents and milliosmoles of a salt. The label's own value wins."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row, table
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.kernel.refusal import Reason

_SALT: Final = choice("salt", *((r["salt"], r["label"]) for r in table("salts")))
_LABEL: Final = amount("label", "meq/g", "0.01", "100", label="Label value", note="wins over the weight of the molecule")
_MASS: Final = amount("amount", "mg", "0.001", "1000000", also={"g": "1000"})
_SOURCE: Final = published("Stoichiometry; the salts as rows", 2026)
_HUNDREDTH: Final = Decimal("0.01")
_CLOSE: Final = Decimal("0.005")


def millimoles(mg: Decimal, molecular_weight: Decimal) -> Decimal:
    """mmol of so many mg."""
    return mg / molecular_weight


def meq_per_g(salt: Row, label: Decimal | None) -> Decimal:
    """mEq in 1 g: as the label says (typed, or in the row), else by the molecular weight."""
    if label is not None:
        return label
    return salt.figure("label_meq_per_g") if salt.get("label_meq_per_g") else _by_weight(salt)


def _by_weight(salt: Row) -> Decimal:
    return 1000 / salt.figure("molecular_weight") * salt.figure("valence")


def _steps(salt: Row, used: Decimal) -> tuple[tuple[Step, ...], tuple[Reason, ...]]:
    computed = _by_weight(salt)
    steps = (
        Step(f"Molecular weight of {salt['formula']}", salt.figure("molecular_weight"), "g/mol"),
        Step("mEq in 1 g by that weight", computed, "meq/g"),
        Step("mEq in 1 g used", used, "meq/g"),
    )
    if abs(used - computed) <= computed * _CLOSE:
        return steps, ()
    return steps, (Reason("label-differs", "the label and the weight of the molecule differ", "make sure which salt it is"),)


@calculation(
    "milliequivalents",
    "Milliequivalents of a salt",
    group="bench",
    formula="mmol = mg ÷ molecular weight; mEq = mmol × charges; mOsm = mmol × particles; the label's mEq wins",
    source=_SOURCE,
)
def _equivalents(
    salt: Annotated[str, _SALT], mg: Annotated[Decimal, _MASS], label: Annotated[Decimal | None, _LABEL] = None
) -> Worked:
    """Osmoles are ideal: every particle counted as if it were free."""
    found = row("salts", salt=salt)
    mmol, per_g = millimoles(mg, found.figure("molecular_weight")), meq_per_g(found, label)
    steps, warned = _steps(found, per_g)
    return Worked(
        results=(
            Result("meq", "Milliequivalents", mg / 1000 * per_g, "meq", _HUNDREDTH),
            Result("mmol", "Millimoles", mmol, "mmol", _HUNDREDTH),
            Result("mosm", "Ideal milliosmoles", mmol * found["particles"], "mOsm", _HUNDREDTH),
        ),
        steps=steps,
        warnings=warned,
        used=(found.source,),
    )


@calculation(
    "mass-of-milliequivalents",
    "Mass of so many milliequivalents",
    group="bench",
    formula="mg = mEq ÷ (mEq in 1 g) × 1000; the label's mEq wins",
    source=_SOURCE,
)
def _mass(
    salt: Annotated[str, _SALT],
    meq: Annotated[Decimal, amount("milliequivalents", "meq", "0.001", "100000")],
    label: Annotated[Decimal | None, _LABEL] = None,
) -> Worked:
    """The way back. Milliequivalents never become milligrams without the salt."""
    found = row("salts", salt=salt)
    per_g = meq_per_g(found, label)
    steps, warned = _steps(found, per_g)
    mass = Result("mass", "Mass", meq / per_g * 1000, "mg", Decimal("0.1"))
    return Worked(results=(mass,), steps=steps, warnings=warned, used=(found.source,))


@calculation(
    "solution-milliequivalents",
    "Milliequivalents of a solution",
    group="bench",
    formula="mg/mL = % × 10; mEq/mL = mg/mL ÷ 1000 × mEq in 1 g",
    source=_SOURCE,
)
def _solution(
    salt: Annotated[str, _SALT],
    percent: Annotated[Decimal, amount("strength", "%", "0.0001", "100", also={"mg/mL": "0.1"})],
    label: Annotated[Decimal | None, _LABEL] = None,
) -> Worked:
    """Of a salt in water, weight by volume."""
    found = row("salts", salt=salt)
    per_g = meq_per_g(found, label)
    steps, warned = _steps(found, per_g)
    per_ml = percent / 100 * per_g
    mosm = percent * 10 / found.figure("molecular_weight") * found["particles"] * 1000
    return Worked(
        results=(
            Result("per_ml", "In 1 mL", per_ml, "meq/mL", Decimal("0.001")),
            Result("per_l", "In 1 L", per_ml * 1000, "meq/L", Decimal("0.1")),
            Result("osmolarity", "Ideal osmolarity", mosm, "mOsm/L", Decimal(1)),
        ),
        steps=steps,
        warnings=warned,
        used=(found.source,),
    )
