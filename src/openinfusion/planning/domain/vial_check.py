# SPDX-License-Identifier: Apache-2.0
"""A vial plan looked at by other code than made it: every dose gets its amount, no vial gives more or longer than it may."""

from __future__ import annotations

from decimal import Decimal

from openinfusion.planning.domain.vial_problem import VialPlan, VialProblem


def faults_of(problem: VialProblem, plan: VialPlan) -> list[str]:
    """What is wrong with the plan, in words; none where it may be used."""
    return [*_doses(problem, plan), *_vials(problem, plan), *_stock(problem, plan)]


def _doses(problem: VialProblem, plan: VialPlan) -> list[str]:
    found = []
    for dose in problem.doses:
        given = sum((d.amount for d in plan.draws if d.dose == dose.name), Decimal(0))
        if given != dose.amount:
            found.append(f"{dose.name} gets {given} of {dose.amount}")
    known = {d.name for d in problem.doses}
    return found + [f"{d.dose} is no dose of the day" for d in plan.draws if d.dose not in known]


def _vials(problem: VialProblem, plan: VialPlan) -> list[str]:
    """Each vial holds what is drawn from it, is opened for the dose that draws first, and is used in its time."""
    held: dict[int | str, tuple[Decimal, int, int]] = {v.number: (v.holds, v.at, v.at + problem.keeps) for v in plan.opened}
    held.update({p.name: (p.left, 0, p.until) for p in problem.open})
    at = {d.name: d.at for d in problem.doses}
    found = []
    for source, (there, begins, until) in held.items():
        draws = [d for d in plan.draws if d.source == source]
        if sum((d.amount for d in draws), Decimal(0)) > there:
            found.append(f"vial {source} gives more than it holds")
        if any(not begins <= at.get(d.dose, begins) <= until for d in draws):
            found.append(f"vial {source} is used outside of its time")
        if isinstance(source, int) and not problem.keeps and len({d.dose for d in draws}) > 1:
            found.append(f"vial {source} is shared, which it may not be")
    if any(d.source not in held or d.amount <= 0 for d in plan.draws):
        found.append("something is drawn from no vial, or nothing is drawn")
    return found


def _stock(problem: VialProblem, plan: VialPlan) -> list[str]:
    known, counts = {s.product: s for s in problem.sizes}, plan.counts()
    found = [f"{n} of {product} are opened, {known[product].free} are there" for product, n in counts.items()
             if product in known and (free := known[product].free) is not None and n > free]
    return found + [f"{v.product} is no vial of this drug" for v in plan.opened
                    if v.product not in known or (known[v.product].holds, known[v.product].cents) != (v.holds, v.cents)]
