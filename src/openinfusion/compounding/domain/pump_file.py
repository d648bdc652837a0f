# SPDX-License-Identifier: Apache-2.0
"""What a pump compounder is told to deliver into one bag, and whether what it says it delivered is that."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openinfusion.compounding.domain.second_look import bench_setting
from openinfusion.kernel.quantity import shown_number


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpLine:
    """One ingredient of one bag, in the order of mixing. ``place`` is the step at the hood that it does."""

    place: int
    ndc: str
    name: str
    volume_ml: Decimal
    expected_g: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpResult:
    """One line of what the compounder says it did."""

    order: str
    bag: int
    ndc: str
    lot: str
    volume_ml: Decimal
    weight_g: Decimal | None = None


def pump_tolerance() -> Decimal:
    """How far, in percent, a delivered volume may be off."""
    return Decimal(bench_setting("pump-volume-percent"))


def pump_mismatches(
    number: str, bag: int, lines: Sequence[PumpLine], results: Sequence[PumpResult], lots: dict[str, frozenset[str]],
) -> list[str]:
    """Everything that is not as it was told, in words: order, bag, ingredients and their order, lots, volumes.

    ``lots``: the lots that were staged, by NDC-11. Nothing found means that the bag is what it should be.
    """
    found = []
    if any(r.order != number or r.bag != bag for r in results):
        found.append(f"the file is not of {number}, bag {bag}")
    if [r.ndc for r in results] != [line.ndc for line in lines]:
        wanted = ", ".join(line.name for line in lines)
        found.append(f"not these ingredients in this order: {wanted}")
        return found
    for line, result in zip(lines, results, strict=True):
        if result.lot.upper() not in lots.get(line.ndc, frozenset()):
            found.append(f"{line.name}: lot {result.lot or 'none'} was not staged")
        if abs(result.volume_ml - line.volume_ml) * 100 > line.volume_ml * pump_tolerance():
            told = f"{shown_number(result.volume_ml)} mL, {shown_number(line.volume_ml)} mL told"
            found.append(f"{line.name}: {told}")
    return found
