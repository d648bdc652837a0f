# SPDX-License-Identifier: Apache-2.0
"""A day at the bench looked at by other code than made it: hoods, change-overs, release, beyond-use and cost."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from openinfusion.planning.domain.batches.plan import BatchPlan, Turn
from openinfusion.planning.domain.batches.problem import BatchProblem


def faults_of(problem: BatchProblem, plan: BatchPlan) -> list[str]:
    """What is wrong with the plan, in words; none where it may be used."""
    wanted = {r.name: r for r in problem.preparations}
    told = Counter([*(t.preparation for t in plan.turns), *plan.unplaced])
    found = [f"{n} stands {c} times" for n, c in told.items() if c > 1] + [f"{n} is unknown" for n in told if n not in wanted]
    found += [f"{n} is neither made nor left out" for n in wanted if n not in told]
    if found:
        return found
    hoods, families = {h.name: h for h in problem.hoods}, {f.name: f for f in problem.families}
    cost = problem.prices.left_out * len(plan.unplaced)
    for turn in plan.turns:
        r, hood = wanted[turn.preparation], hoods[turn.hood]
        family = families[r.family]
        if family.hazardous != hood.hazardous:
            found.append(f"{r.name} is made at a hood of the other kind")
        if turn.starts < r.release or turn.ends - turn.starts != r.lasts:
            found.append(f"{r.name} begins before its release, or not long enough")
        if turn.ends + r.bud < r.due:
            found.append(f"{r.name} is beyond its use before it is due")
        if turn.ends > hood.closes:
            found.append(f"{r.name} is made after the hood closes")
        if turn.ends > r.due:
            cost += problem.prices.late * r.weight * (turn.ends - r.due)
        cost += problem.prices.change * turn.change
    found += [fault for name in hoods for fault in _hood(problem, [t for t in plan.turns if t.hood == name], hoods[name].opens)]
    return found if found or cost == plan.cost else [f"the day is said to cost {plan.cost}, and costs {cost}"]


def _hood(problem: BatchProblem, turns: list[Turn], opens: int) -> list[str]:
    """One after the other, with the change-over wherever the family changes."""
    family = {r.name: r.family for r in problem.preparations}
    change = {f.name: f.change for f in problem.families}
    turns = sorted(turns, key=lambda t: t.starts)
    found = []
    for before, after in pairwise([None, *turns]):
        assert after is not None
        same = before is not None and family[before.preparation] == family[after.preparation]
        needed = 0 if same else change[family[after.preparation]]
        if after.change != needed or after.starts - needed < (before.ends if before else opens):
            found.append(f"{after.preparation} has no time for its change-over, or its hood is taken")
    return found
