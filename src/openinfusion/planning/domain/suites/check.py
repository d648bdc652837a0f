# SPDX-License-Identifier: Apache-2.0
"""A suite day looked at by other code than made it: chairs, nurses, hands, benches, beyond-use and cost, slot by slot."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from openinfusion.planning.domain.suites.plan import Seat, SuitePlan
from openinfusion.planning.domain.suites.problem import Appointment, SuiteNurse, SuiteProblem


def faults_of(problem: SuiteProblem, plan: SuitePlan) -> list[str]:
    """What is wrong with the plan, in words; none where it may be used."""
    known = {a.name: a for a in problem.appointments}
    told = Counter([*(s.appointment for s in plan.seats), *plan.unplaced])
    found = [f"{n} stands {c} times" for n, c in told.items() if c > 1] + [f"{n} is unknown" for n in told if n not in known]
    found += [f"{n} is neither seated nor left out" for n in known if n not in told]
    if found:
        return found
    pairs = [(s, known[s.appointment]) for s in plan.seats]
    found += [fault for s, a in pairs for fault in _seat(problem, s, a)]
    found += _chairs(problem, plan) + _turns(pairs)
    for t in range(problem.latest):
        found += _slot(problem, pairs, t)
    total = sum(_cost(problem, s, a) for s, a in pairs) + problem.prices.left_out * len(plan.unplaced)
    return found if found or total == plan.cost else [f"the day is said to cost {plan.cost}, and costs {total}"]


def _seat(problem: SuiteProblem, s: Seat, a: Appointment) -> list[str]:
    found = []
    if s.ends - s.starts != a.lasts or s.chair not in problem.chairs:
        found.append(f"{a.name} has no chair or not long enough")
    if s.starts < problem.opens or s.ends > problem.latest:
        found.append(f"{a.name} sits outside of the hours")
    if a.held is not None and s.starts != a.held:
        found.append(f"{a.name} is held at another time")
    if a.pinned is not None and s.starts != a.pinned:
        found.append(f"{a.name} is pinned to another time")
    if a.held is None:
        ready = s.prep_starts + a.prep
        if s.starts < a.asked:
            found.append(f"{a.name} begins before it can")
        if s.prep_starts < 0 or not ready <= s.starts <= ready + a.bud:
            found.append(f"the drug of {a.name} is not ready, or beyond its use")
    return found


def _chairs(problem: SuiteProblem, plan: SuitePlan) -> list[str]:
    found = []
    for chair in problem.chairs:
        rows = sorted((s.starts, s.ends) for s in plan.seats if s.chair == chair)
        if any(b < a for (_, a), (b, _) in pairwise(rows)):
            found.append(f"{chair} has two patients at once")
    return found


def _turns(pairs: list[tuple[Seat, Appointment]]) -> list[str]:
    """Who begins before those have ended after whom they come; who sits already is past being told."""
    ends = {a.name: s.ends for s, a in pairs}
    return [f"{a.name} begins before {name} has ended" for s, a in pairs if a.held is None
            for name in a.after if name in ends and s.starts < ends[name]]  # fmt: skip


def _slot(problem: SuiteProblem, pairs: list[tuple[Seat, Appointment]], t: int) -> list[str]:
    """Nurses and benches in one slot. What is held sits already: only what is added to it is a fault of the plan."""
    there = sum(1 for n in problem.nurses if _at_chairs(n, t))
    sitting = [(s, a) for s, a in pairs if s.starts <= t < s.ends]
    free = [(s, a) for s, a in sitting if a.held is None]
    acuity = sum(a.acuity for _, a in sitting)
    busy = [(s, a) for s, a in sitting if t < s.starts + a.setup or t >= s.ends - a.disconnect]
    made = [a for s, a in pairs if s.prep_starts <= t < s.prep_starts + a.prep]
    found = []
    if free and acuity > problem.ratio * there:
        found.append(f"slot {t}: {there} nurses watch an acuity of {acuity}")
    if len(busy) > there and any(a.held is None for _, a in busy):
        found.append(f"slot {t}: {len(busy)} patients need the hands of {there} nurses")
    if len(made) > problem.benches and any(a.held is None for a in made):
        found.append(f"slot {t}: {len(made)} preparations at {problem.benches} benches")
    for m in problem.means:
        users = [(a, count) for _, a in sitting for name, count in a.uses if name == m.name]
        if sum(count for _, count in users) > m.count and any(a.held is None for a, _ in users):
            found.append(f"slot {t}: {m.name} is used {sum(count for _, count in users)} times and there are {m.count}")
    return found


def _at_chairs(nurse: SuiteNurse, t: int) -> bool:
    if t < nurse.begins or t >= nurse.ends:
        return False
    return all(t < begins or t >= ends for begins, ends in nurse.away)


def _cost(problem: SuiteProblem, s: Seat, a: Appointment) -> int:
    price, wait = problem.prices, s.starts - a.asked if s.starts > a.asked else 0
    total = price.wait * wait * a.weight
    if s.ends > problem.closes:
        total += price.after * (s.ends - problem.closes)
    if wait > a.flex:
        total += price.beyond * (wait - a.flex)
    if a.promised is not None and a.held is None:
        total += price.moved * abs(a.promised - s.starts)
    return total
