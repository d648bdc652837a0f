# SPDX-License-Identifier: Apache-2.0
"""A day at the bench looked at by other code than made it: stations, change-overs, steps, release, beyond-use and cost."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from openinfusion.planning.domain.batches.plan import BatchPlan, Turn
from openinfusion.planning.domain.batches.problem import BatchProblem


def faults_of(problem: BatchProblem, plan: BatchPlan) -> list[str]:
    """What is wrong with the plan, in words; none where it may be used."""
    wanted = {r.name: r for r in problem.preparations}
    told = Counter([*((t.preparation, t.step) for t in plan.turns), *((n, 0) for n in plan.unplaced)])
    found = [f"{n} stands {c} times" for (n, _), c in told.items() if c > 1]
    found += [f"{n} is unknown" for n in dict.fromkeys(n for n, _ in told) if n not in wanted]
    found += [f"{n} is neither made nor left out" for n in wanted if (n, 0) not in told]
    whole = {n: sorted(s for m, s in told if m == n) for n in wanted}
    found += [f"{n} is not made whole" for n, r in wanted.items() if n not in plan.unplaced and (n, 0) in told
              and whole[n] != list(range(len(r.steps)))]  # fmt: skip
    if found:
        return found
    stations, families = {s.name: s for s in problem.stations}, {f.name: f for f in problem.families}
    cost = problem.prices.left_out * len(plan.unplaced) + problem.prices.done * max((t.ends for t in plan.turns), default=0)
    ended: dict[str, int] = {}
    for turn in sorted(plan.turns, key=lambda t: t.step):
        r, station = wanted[turn.preparation], stations[turn.station]
        step = r.steps[turn.step]
        if dict(step.at).get(turn.station) != turn.ends - turn.starts:
            found.append(f"{r.name} takes another time at {turn.station}, or cannot be done there")
        if step.family and families[step.family].hazardous != station.hazardous:
            found.append(f"{r.name} is made at a hood of the other kind")
        if turn.starts < ended.get(r.name, r.release):
            found.append(f"{r.name} begins before its release, or before the step before it has ended")
        if turn.step == 0 and turn.ends + r.bud < r.due:
            found.append(f"{r.name} is beyond its use before it is due")
        if turn.ends > station.closes:
            found.append(f"{r.name} is worked on after {station.name} closes")
        ended[r.name] = turn.ends
        cost += problem.prices.change * turn.change
    cost += sum(problem.prices.late * wanted[n].weight * (at - wanted[n].due) for n, at in ended.items() if at > wanted[n].due)
    found += [f for s in problem.stations for f in _station(problem, [t for t in plan.turns if t.station == s.name], s.opens)]
    return found if found or cost == plan.cost else [f"the day is said to cost {plan.cost}, and costs {cost}"]


def _station(problem: BatchProblem, turns: list[Turn], opens: int) -> list[str]:
    """One after the other, with the change-over wherever the family changes."""
    steps = {r.name: r.steps for r in problem.preparations}
    change = {f.name: f.change for f in problem.families}
    turns = sorted(turns, key=lambda t: t.starts)
    found = []
    for before, after in pairwise([None, *turns]):
        assert after is not None
        family = steps[after.preparation][after.step].family
        same = before is not None and steps[before.preparation][before.step].family == family
        needed = change[family] if family and not same else 0
        if after.change != needed or after.starts - needed < (before.ends if before else opens):
            found.append(f"{after.preparation} has no time for its change-over, or {after.station} is taken")
    return found
