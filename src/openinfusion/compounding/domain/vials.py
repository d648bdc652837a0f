# SPDX-License-Identifier: Apache-2.0
"""Which packages to open for a supply, and what is used and left over of each; the choice itself is a calculation."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from openinfusion.calculations import public as calculations
from openinfusion.calculations.public import Vial


@dataclass(frozen=True, slots=True)
class VialSize:
    """One product: how much one package holds (in the unit of the need), and how many are free, if that is known."""

    product_id: UUID
    amount: Decimal
    free: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """So many packages of one product, what is used of them and what is left over."""

    product_id: UUID
    packages: int
    used: Decimal
    discarded: Decimal


def choose_vials(need: Decimal, sizes: Sequence[VialSize]) -> tuple[Opened, ...]:
    """The packages that cover the need with the least left over, largest first; Refused if no choice can."""
    ordered = sorted(sizes, key=lambda s: (-s.amount, str(s.product_id)))
    chosen = calculations.choose_vials(need, [Vial(s.amount, s.free) for s in ordered])
    left, opened = need, []
    for size, packages in zip(ordered, chosen.counts, strict=True):
        if packages:
            held = size.amount * packages
            used = min(left, held)
            left -= used
            opened.append(Opened(size.product_id, packages, used, held - used))
    return tuple(opened)
