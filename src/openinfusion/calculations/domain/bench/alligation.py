# SPDX-License-Identifier: Apache-2.0
"""Alligation: two strengths mixed to a third between them, and a solution made stronger."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Reason, Refused

_SOURCE: Final = published("Alligation alternate, a method of pharmaceutical arithmetic", 2026)
_PERCENT: Final = {"low": "0", "high": "100", "also": {"mg/mL": "0.1"}}
_TENTH: Final = Decimal("0.1")


def parts(high: Decimal, low: Decimal, target: Decimal) -> tuple[Decimal, Decimal]:
    """Parts of the strong and of the weak solution: target − low, and high − target."""
    return target - low, high - target


def fortifier_volume(volume_ml: Decimal, has: Decimal, target: Decimal, strong: Decimal) -> Decimal:
    """mL of the strong solution that bring a volume from what it has to the target: V (t − c) ÷ (h − t)."""
    return volume_ml * (target - has) / (strong - target)


@calculation(
    "alligation",
    "Alligation of two strengths",
    group="bench",
    formula="parts of the strong = target − weak; parts of the weak = strong − target",
    source=_SOURCE,
)
def _alligation(
    high: Annotated[Decimal, amount("strong", "%", **_PERCENT)],
    low: Annotated[Decimal, amount("weak", "%", **_PERCENT)],
    target: Annotated[Decimal, amount("target", "%", **_PERCENT)],
    total_ml: Annotated[Decimal | None, amount("total", "mL", "0.1", "100000")] = None,
) -> Worked:
    """The strengths in one unit by volume; volumes are taken to add up."""
    if not low <= target <= high or low == high:
        raise Refused(Reason("target-outside", "the target is not between the two strengths", "take a stronger or weaker one"))
    strong, weak = parts(high, low, target)
    over = Fraction(strong) / Fraction(strong + weak)
    code = f"{over.numerator}:{over.denominator - over.numerator}"
    results: list[Result | Verdict] = [
        Verdict("ratio", "Strong to weak", code, f"{code.replace(':', ' parts to ')}"),
        Result("strong_parts", "Parts of the strong", strong, "1", _TENTH),
        Result("weak_parts", "Parts of the weak", weak, "1", _TENTH),
    ]
    if total_ml is not None:
        volume = total_ml * strong / (strong + weak)
        results.append(Result("strong_volume", "Volume of the strong", volume, "mL", _TENTH))
        results.append(Result("weak_volume", "Volume of the weak", total_ml - volume, "mL", _TENTH))
    return Worked(results=tuple(results))


@calculation(
    "fortification",
    "A solution made stronger",
    group="bench",
    formula="mL of the strong = volume × (target − has) ÷ (strong − target)",
    source=_SOURCE,
)
def _fortification(
    volume_ml: Annotated[Decimal, amount("volume", "mL", "0.1", "100000")],
    has: Annotated[Decimal, amount("has", "%", **_PERCENT)],
    target: Annotated[Decimal, amount("target", "%", **_PERCENT)],
    strong: Annotated[Decimal, amount("strong", "%", **_PERCENT)],
) -> Worked:
    """The strong solution is added; nothing is withdrawn before."""
    if not has <= target < strong:
        raise Refused(Reason("target-outside", f"{shown_number(target)} % is not between the solution and the stronger one"))
    added = fortifier_volume(volume_ml, has, target, strong)
    return Worked(
        results=(
            Result("added", "Strong solution to add", added, "mL", _TENTH),
            Result("final", "Final volume", volume_ml + added, "mL", _TENTH),
        )
    )
