# SPDX-License-Identifier: Apache-2.0
"""Which vials to open: least left over, then fewest vials. Exact, by dynamic programming on whole steps."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from math import gcd
from uuid import UUID

from openinfusion.kernel.refusal import Reason, Refused

_MOST_STATES = 60_000


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
    """The packages that cover the need with the least left over; Refused if no choice can."""
    usable = sorted((s for s in sizes if s.amount > 0 and s.free != 0), key=lambda s: (-s.amount, str(s.product_id)))
    if need <= 0 or not usable:
        raise Refused(Reason("no-product", "no product covers this need", "receive stock or choose a product"))
    counts = _exact(need, usable)
    return _shared_out(need, [(s, n) for s, n in zip(usable, counts, strict=True) if n])


def _exact(need: Decimal, sizes: Sequence[VialSize]) -> list[int]:
    scale = max(_places(need), *(_places(s.amount) for s in sizes))
    whole = [int(s.amount.scaleb(scale)) for s in sizes]
    step = gcd(*whole)
    target = int((need.scaleb(scale) / step).to_integral_value(rounding=ROUND_CEILING))
    weights = [w // step for w in whole]
    if target + max(weights) > _MOST_STATES:
        return _largest_first(target, weights, sizes)
    return _fewest_packages(target, weights, sizes)


def _places(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _fewest_packages(target: int, weights: list[int], sizes: Sequence[VialSize]) -> list[int]:
    """Bounded knapsack: for each total the fewest packages that make it; then the first total at or over the need."""
    top = target + max(weights)
    best: dict[int, list[int]] = {0: [0] * len(weights)}
    for index, weight in enumerate(weights):
        free = sizes[index].free
        for total in range(weight, top + 1):
            before = best.get(total - weight)
            if before is None or (free is not None and before[index] >= free):
                continue
            now = best.get(total)
            if now is None or sum(before) + 1 < sum(now):
                best[total] = [n + (i == index) for i, n in enumerate(before)]
    for total in range(target, top + 1):
        if total in best:
            return best[total]
    raise Refused(Reason("short-stock", "the stock on hand does not cover this need", "receive stock or buy"))


def _largest_first(target: int, weights: list[int], sizes: Sequence[VialSize]) -> list[int]:
    """For needs too large to search: largest packages first, the smallest that closes the rest."""
    counts, left = [0] * len(weights), target
    for index, weight in enumerate(weights):
        take = left // weight if index < len(weights) - 1 else -(-left // weight)
        free = sizes[index].free
        counts[index] = take if free is None else min(take, free)
        left -= counts[index] * weight
    if left > 0:
        raise Refused(Reason("short-stock", "the stock on hand does not cover this need", "receive stock or buy"))
    return counts


def _shared_out(need: Decimal, chosen: list[tuple[VialSize, int]]) -> tuple[Opened, ...]:
    left, opened = need, []
    for size, packages in chosen:
        held = size.amount * packages
        used = min(left, held)
        left -= used
        opened.append(Opened(size.product_id, packages, used, held - used))
    return tuple(opened)
