# SPDX-License-Identifier: Apache-2.0
"""What a day of vials costs by habit: the baselines a plan is compared with. Nothing is shared between doses."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from openinfusion.planning.domain.vial_problem import Dose, Draw, OpenedVial, VialPlan, VialProblem, VialSize


def one_size(problem: VialProblem) -> VialPlan:
    """Every dose from vials of the largest size only."""
    largest = max(problem.sizes, key=lambda s: s.holds)
    return _by_habit(problem, [largest])


def largest_first(problem: VialProblem) -> VialPlan:
    """Every dose from the largest vials that fit whole, and the smallest one that holds the rest."""
    return _by_habit(problem, sorted(problem.sizes, key=lambda s: -s.holds))


def _by_habit(problem: VialProblem, sizes: Sequence[VialSize]) -> VialPlan:
    opened: list[OpenedVial] = []
    draws: list[Draw] = []
    for dose in problem.in_time():
        left = dose.amount
        for size in _kinds(dose, sizes):
            vial = OpenedVial(len(opened) + 1, size.product, size.holds, size.cents, dose.at, dose.name)
            opened.append(vial)
            draws.append(Draw(dose.name, vial.number, min(left, size.holds)))
            left -= min(left, size.holds)
    return VialPlan(tuple(opened), tuple(draws), proven=False)


def _kinds(dose: Dose, sizes: Sequence[VialSize]) -> list[VialSize]:
    found: list[VialSize] = []
    left = dose.amount
    for size in sizes:
        whole = int(left // size.holds)
        found += [size] * whole
        left -= whole * size.holds
    if left > Decimal(0):
        found.append(min((s for s in sizes if s.holds >= left), key=lambda s: s.holds))
    return found
