# SPDX-License-Identifier: Apache-2.0
"""A plan of a suite day: annealing over the order of booking, then CP-SAT from there, with its bound. Checked by other code."""

from __future__ import annotations

import importlib.util
from typing import Any

from openinfusion.kernel.refusal import Broken
from openinfusion.planning.adapters.effort import Effort
from openinfusion.planning.adapters.suite_model import by_cpsat
from openinfusion.planning.domain.suites.booking import booked, sorted_order
from openinfusion.planning.domain.suites.check import faults_of
from openinfusion.planning.domain.suites.plan import SuitePlan
from openinfusion.planning.domain.suites.problem import SuiteProblem, in_turn

HOT, COOL = 30.0, 0.5


def plan_suite(problem: SuiteProblem, effort: Effort | None = None) -> SuitePlan:
    """The best day found in the time. Without the planning packages: booked in the order of the wished times."""
    effort = effort or Effort()
    plan = booked(problem, sorted_order(problem), "sorted")
    if len(problem.appointments) > 1 and importlib.util.find_spec("numba"):
        plan = _annealed(problem, effort, plan)
        left = effort.seconds * 0.7
        if effort.engine == "auto" and left >= 1 and importlib.util.find_spec("ortools"):
            plan = by_cpsat(problem, effort, plan, left)
    faults = faults_of(problem, plan)
    if faults:
        raise Broken(f"the check of a suite day found: {'; '.join(faults[:5])}")
    return plan


def _annealed(problem: SuiteProblem, effort: Effort, start: SuitePlan) -> SuitePlan:
    import numpy as np

    from openinfusion.planning.adapters.suite_kernel import anneal, day_of, decode, room_for

    day, room = day_of(problem), room_for(problem)
    order: Any = np.array(in_turn(problem, sorted_order(problem)), np.int64)
    best, cost = order.copy(), int(decode(day, room, order, np.inf))
    costs, random = np.array([cost, cost], np.int64), np.array([effort.seed * 2_654_435_761 % (1 << 62) + 1], np.uint64)
    seconds = effort.seconds * (0.3 if effort.engine == "auto" and effort.seconds >= 1.5 else 1.0)
    begun, chunk, spent = effort.clock(), 50, 0.0
    while spent < seconds:
        at = [HOT * (COOL / HOT) ** min(1.0, x / seconds) for x in (spent, spent + seconds / 40)]
        before = effort.clock()
        anneal(day, room, order, best, costs, random, at[0], at[1], chunk)
        chunk = max(20, min(int(chunk * (seconds / 40) / max(effort.clock() - before, 1e-6)), chunk * 4))
        spent = effort.clock() - begun
    plan = booked(problem, [int(i) for i in best], "annealing")
    return plan if plan.cost < start.cost else start
