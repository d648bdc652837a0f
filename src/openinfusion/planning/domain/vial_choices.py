# SPDX-License-Identifier: Apache-2.0
"""Every sensible way to open vials for an amount: of all ways to the same total, only the best is kept."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from math import lcm


@dataclass(frozen=True, slots=True)
class Choice:
    """So many vials of each size; ``price`` orders choices: cost first, then how many vials."""

    total: int
    price: int
    counts: tuple[int, ...]


MANY = 1 << 20  # more vials than a day ever opens: cost and number of vials in one figure


class Choices:
    """The ways to open vials of these sizes (whole numbers, as scaled) for up to a greatest need.

    Of ways that reach the same total and use the same number of each scarce size, the cheapest stays.
    """

    __slots__ = ("_by_total", "_largest", "_totals")

    def __init__(self, holds: Sequence[int], cents: Sequence[int], most: int, scarce: Sequence[int | None]) -> None:
        self._largest = max(holds)
        best: dict[tuple[int, tuple[int, ...]], Choice] = {(0, (0,) * len(holds)): Choice(0, 0, (0,) * len(holds))}
        for n, (size, price) in enumerate(zip(holds, cents, strict=True)):
            best = _with(best, n, size, price * MANY + 1, most + self._largest, scarce)
        by_total: dict[int, list[Choice]] = {}
        for choice in best.values():
            if choice.total:
                by_total.setdefault(choice.total, []).append(choice)
        self._by_total = by_total
        self._totals = sorted(by_total)

    def reaching(self, need: int) -> list[Choice]:
        """The ways to at least this much, with less than the largest vial beyond it."""
        first = bisect_left(self._totals, need)
        last = bisect_left(self._totals, need + self._largest)
        return [choice for total in self._totals[first:last] for choice in self._by_total[total]]


def _with(
    best: dict[tuple[int, tuple[int, ...]], Choice], n: int, size: int, price: int, most: int, scarce: Sequence[int | None],
) -> dict[tuple[int, tuple[int, ...]], Choice]:
    """The same ways, with none or more vials of one more size."""
    free, found = scarce[n], dict(best)
    for (total, used), choice in best.items():
        for count in range(1, (most - total) // size + 1 if free is None else min(free, (most - total) // size) + 1):
            counts = (*choice.counts[:n], count, *choice.counts[n + 1 :])
            kept = used if free is None else (*used[:n], count, *used[n + 1 :])
            made = Choice(total + count * size, choice.price + count * price, counts)
            key = (made.total, kept)
            if key not in found or made.price < found[key].price:
                found[key] = made
    return found


def denominator_of(amounts: Iterable[Decimal]) -> int:
    """The number that makes whole numbers of all these amounts."""
    return reduce(lcm, (a.as_integer_ratio()[1] for a in amounts), 1)
