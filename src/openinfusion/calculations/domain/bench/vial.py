# SPDX-License-Identifier: Apache-2.0
"""Which vials to open: least left over, then fewest vials, then least cost, then fewest different lots.

Exact: sizes are counted in their greatest common divisor, and every total up to the first that covers the need is
reached in the best way there is, with the stock on hand as bound.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from math import gcd
from typing import Final

from openinfusion.kernel.refusal import Reason, Refused

MOST_STATES: Final = 200_000
_ZERO: Final = Decimal(0)
_SHORT: Final = Reason("short-stock", "the stock on hand does not cover this need", "receive stock or buy")


@dataclass(frozen=True, slots=True)
class Vial:
    """What one vial holds, in the unit of the need; how many are free, if that is known; what one costs."""

    holds: Decimal
    free: int | None = None
    cost: Decimal = _ZERO


@dataclass(frozen=True, slots=True)
class Chosen:
    """How many of each vial, in the order they were offered, and what they hold together."""

    counts: tuple[int, ...]
    total: Decimal


def choose_vials(need: Decimal, vials: Sequence[Vial]) -> Chosen:
    """The vials that cover the need; Refused if none can, or if the sizes are too fine to be searched exactly."""
    totals = _Totals(need, vials)
    for total in range(totals.target, totals.top + 1):
        if totals.reached(total):
            return totals.chosen(total)
    raise Refused(_SHORT)


def nearest_vials(need: Decimal, vials: Sequence[Vial], share: Decimal) -> Chosen | None:
    """Whole vials nearest to the need and within ``share`` of it, above before below; None if no total is that near."""
    totals = _Totals(need, vials)
    least = max(1, int(need * (1 - share) / totals.step))
    found = [t for t in range(least, totals.top + 1) if totals.reached(t) and abs(t * totals.step - need) <= need * share]
    if not found:
        return None
    return totals.chosen(min(found, key=lambda t: (abs(t * totals.step - need), t < totals.target)))


class _Totals:
    """Every total that can be reached, each with the least key: vials, then cost, then different lots, in one integer."""

    def __init__(self, need: Decimal, vials: Sequence[Vial]) -> None:
        if need <= 0 or not any(v.holds > 0 and v.free != 0 for v in vials):
            raise Refused(Reason("no-product", "no product covers this need", "receive stock or choose a product"))
        self.vials = vials
        self.usable = [n for n, v in enumerate(vials) if v.holds > 0 and v.free != 0]
        scale = max(_places(vials[n].holds) for n in self.usable)
        whole = [int(vials[n].holds.scaleb(scale)) for n in self.usable]
        shared = gcd(*whole)
        self.step = Decimal(shared).scaleb(-scale)
        self.weights = [w // shared for w in whole]
        self.target = int((need / self.step).to_integral_value(rounding=ROUND_CEILING))
        self.top = self.target + max(self.weights) - 1
        if self.top > MOST_STATES:
            raise Refused(
                Reason("too-fine", "these sizes are too fine for an exact search", "split the need, or round the sizes")
            )
        self.keys, self.taken = self._searched()

    def reached(self, total: int) -> bool:
        return self.keys[total] < self.never

    def chosen(self, total: int) -> Chosen:
        counts, left = [0] * len(self.vials), total
        for place in reversed(range(len(self.usable))):
            counts[self.usable[place]] = self.taken[place][left]
            left -= counts[self.usable[place]] * self.weights[place]
        return Chosen(tuple(counts), total * self.step)

    def _searched(self) -> tuple[list[int], list[list[int]]]:
        costs = _whole_costs([self.vials[n].cost for n in self.usable])
        most = self.top // min(self.weights) + 1
        kinds = len(self.usable) + 1
        vial = kinds * (most * max(costs) + 1)
        self.never = vial * (most + 1)
        keys, taken = [0] + [self.never] * self.top, []
        for place, weight in enumerate(self.weights):
            free = self.vials[self.usable[place]].free
            keys, counts = _with(keys, weight, vial + costs[place] * kinds, most if free is None else free)
            taken.append(counts)
        return keys, taken


def _with(before: list[int], weight: int, each: int, free: int) -> tuple[list[int], list[int]]:
    """The keys once up to ``free`` vials of one kind may be added, and how many of it each total takes.

    Along each residue of the weight the best start of the last ``free`` places is kept in a queue (sliding minimum).
    """
    keys, counts = before.copy(), [0] * len(before)
    for residue in range(min(weight, len(before))):
        queue: deque[tuple[int, int]] = deque()  # place along the residue, key with the vials up to there taken off
        for place, total in enumerate(range(residue, len(before), weight)):
            while queue and queue[0][0] < place - free:
                queue.popleft()
            if queue and (key := queue[0][1] + place * each + 1) < keys[total]:
                keys[total], counts[total] = key, place - queue[0][0]
            start = before[total] - place * each
            while queue and queue[-1][1] >= start:
                queue.pop()
            queue.append((place, start))
    return keys, counts


def _places(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _whole_costs(costs: Sequence[Decimal]) -> list[int]:
    scale = max(_places(cost) for cost in costs)
    return [int(cost.scaleb(scale)) for cost in costs]
