# SPDX-License-Identifier: Apache-2.0
"""Calcium beside phosphate: against a curve the site enters and signs. No curve is shipped; no result says compatible.

The volume is the lowest one the two meet in: what is in the container when calcium goes in, without the lipid. The
phosphate counts all sources, that of amino acids and of the phospholipid of the emulsion too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from openinfusion.calculations.domain.calculation import Verdict
from openinfusion.calculations.domain.figures import row
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Reason, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class SolubilityCurve:
    """A published curve of one product: the most calcium (mEq/L) at a phosphate (mmol/L), and what it holds for."""

    product: str
    amino_acid_percent: Decimal
    dextrose_percent: Decimal
    cysteine: bool
    temperature_c: Decimal
    source: str
    points: tuple[tuple[Decimal, Decimal], ...]
    signed_by: str = ""

    def __post_init__(self) -> None:
        falls = all(p < q and a >= b for (p, a), (q, b) in pairwise(self.points))
        if len(self.points) < 2 or not falls:
            text = "a curve has two or more points; phosphate rises and calcium does not"
            raise Refused(Reason("curve-not-monotone", text, "enter the points again"))

    def most_calcium(self, phosphate: Decimal) -> Decimal | None:
        """mEq/L on the line between the two points beside; None outside of the curve, which is never prolonged."""
        for (p, a), (q, b) in pairwise(self.points):
            if p <= phosphate <= q:
                return a + (b - a) * (phosphate - p) / (q - p)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """What meets: final percents, concentrations in the lowest volume, cysteine, and the warmest it gets."""

    product: str
    amino_acid_percent: Decimal
    dextrose_percent: Decimal
    cysteine: bool
    temperature_c: Decimal
    calcium_meq_l: Decimal
    phosphate_mmol_l: Decimal


def fitting(curves: Iterable[SolubilityCurve], mixture: Mixture) -> tuple[SolubilityCurve, ...]:
    """The signed curves that err to the safe side: not more amino acids, dextrose or cysteine, and not cooler."""
    fit = [
        c
        for c in curves
        if c.signed_by
        and c.product == mixture.product
        and c.amino_acid_percent <= mixture.amino_acid_percent
        and c.dextrose_percent <= mixture.dextrose_percent
        and (mixture.cysteine or not c.cysteine)
        and c.temperature_c >= mixture.temperature_c
    ]
    return tuple(c for c in fit if not any(_nearer(other, c) for other in fit))


def _nearer(one: SolubilityCurve, other: SolubilityCurve) -> bool:
    mine, its = _strength(one), _strength(other)
    return mine != its and all(a >= b for a, b in zip(mine, its, strict=True))


def _strength(curve: SolubilityCurve) -> tuple[Decimal, ...]:
    return curve.amino_acid_percent, curve.dextrose_percent, Decimal(curve.cysteine), -curve.temperature_c


def judge(curves: Sequence[SolubilityCurve], mixture: Mixture, margin_percent: Decimal | None = None) -> Verdict:
    """below, near, above or cannot-judge; of several fitting curves the lowest limit holds."""
    if mixture.calcium_meq_l == 0 or mixture.phosphate_mmol_l == 0:
        return _said("below", "calcium and phosphate do not meet", "ok")
    fit = fitting(curves, mixture)
    if not fit:
        return _said("cannot-judge", "no signed curve fits this product, strength, cysteine and temperature", "warn")
    bounds = [c.most_calcium(mixture.phosphate_mmol_l) for c in fit]
    known = [b for b in bounds if b is not None]
    if len(known) < len(bounds):
        return _said("cannot-judge", "the phosphate lies outside of the curve, which is not prolonged", "warn")
    margin = row("nutrition_practice", name="curve_margin_percent").figure() if margin_percent is None else margin_percent
    return _against(mixture, min(known), margin)


def _against(mixture: Mixture, most: Decimal, margin: Decimal) -> Verdict:
    figures = (
        f"calcium {shown_number(round(mixture.calcium_meq_l, 2))} mEq/L, the curve has {shown_number(round(most, 2))} "
        f"at phosphate {shown_number(round(mixture.phosphate_mmol_l, 2))} mmol/L"
    )
    if mixture.calcium_meq_l > most:
        return _said("above", f"above the curve: stop; {figures}", "crit")
    if mixture.calcium_meq_l >= most * (100 - margin) / 100:
        return _said("near", f"near the curve: calcium is not added without a pharmacist's decision; {figures}", "warn")
    return _said("below", f"below the curve; {figures}", "info")


def _said(code: str, text: str, tone: str) -> Verdict:
    return Verdict("calcium_phosphate", "Calcium with phosphate", code, text, tone)


def phosphate_of(*, salts_mmol: Decimal, amino_acids_mmol: Decimal, lipid_ml: Decimal) -> Decimal:
    """All phosphate, mmol: of the salts, of the amino acid product, and 15 mmol per L of emulsion."""
    return salts_mmol + amino_acids_mmol + lipid_ml * row("nutrition_practice", name="lipid_phosphate_mmol_l").figure() / 1000
