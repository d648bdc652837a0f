# SPDX-License-Identifier: Apache-2.0
"""The plan of a day at the bench: batches by drug, and in each the vials that serve its preparations with the least cost.

Nothing is decided here for anybody: the plan says in which order a batch is best made and what is carried over, the bench
still stages whole packages and gives back what stayed closed.
"""
from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from openinfusion.calculations import public as calculations
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Broken, Refused
from openinfusion.planning import public as planning


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One preparation of the day: so much of a drug, in the unit of its vials' content."""

    work_order_id: UUID
    number: str
    amount: Decimal  # all doses of the supply
    doses: int
    need_by: datetime
    held_cents: int  # what the packages cost that are held for it now
    shares: bool  # its vials may be shared: the stock is the house's own


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVial:
    """What is left of an opened container of the drug, and for how many minutes it may still be used."""

    code: str
    name: str
    left: Decimal
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """So much of one vial for one preparation, in words a technician reads."""

    product: str
    amount: Decimal
    opened_for: str  # the number of the preparation it is opened for; empty where it stands open already
    carried: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One preparation of a batch at its place, and where its drug comes from."""

    wanted: Wanted
    minute: int
    takes: tuple[Take, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A drug's preparations of the day in the order they are best made."""

    drug_code: str
    drug_name: str
    unit: str
    hazardous: bool
    turns: tuple[Turn, ...]
    opened: tuple[tuple[str, int], ...]  # product name and how many of it
    cost: Money
    wasted: Decimal
    wasted_cost: Money
    held: Money
    one_size: Money
    largest_first: Money
    proven: bool
    against: str = ""  # why nothing could be planned

    @property
    def saved(self) -> Money:
        """Against what is held for the preparations now; never less than nothing is claimed."""
        return Money(max(self.held.cents - self.cost.cents, 0))


@cache
def _rows() -> dict[str, Any]:
    with (Path(__file__).parent / "data" / "day.toml").open("rb") as file:
        return tomllib.load(file)


def minutes_each() -> int:
    """From one preparation of a batch to the next."""
    return int(_rows()["minutes"]["each"])


def rounding_share(therapy_class: str) -> Decimal | None:
    """How far a dose of this class may be proposed to be rounded, as a share of it; None where never."""
    policy = next((r["policy"] for r in _rows()["rounding"] if r["class"] == therapy_class), None)
    return calculations.rounding_percent(policy) / 100 if policy else None


def plan_batch(
    *, drug_code: str, drug_name: str, unit: str, hazardous: bool, wanted: Iterable[Wanted],
    sizes: Sequence[tuple[str, planning.VialSize]], open_vials: Sequence[OpenVial], keeps_minutes: int,
) -> Batch:
    """The batch with its vials planned; ``sizes`` with the name of each product. What cannot be covered says why."""
    queue = sorted(wanted, key=lambda w: (w.need_by, w.number))
    names = {size.product: name for name, size in sizes}
    shared = all(w.shares for w in queue)
    minute = {w.number: n * minutes_each() for n, w in enumerate(queue)}
    problem = planning.VialProblem(
        tuple(size for _, size in sizes), tuple(planning.Dose(w.number, w.amount, minute[w.number]) for w in queue),
        keeps_minutes if shared else 0,
        tuple(planning.Partial(v.code, v.left, v.minutes) for v in open_vials) if shared else (),
    )
    held = Money(sum(w.held_cents for w in queue))
    try:
        plan = planning.plan_vials(problem)
    except Refused as no:
        turns = tuple(Turn(wanted=w, minute=minute[w.number], takes=()) for w in queue)
        return Batch(drug_code=drug_code, drug_name=drug_name, unit=unit, hazardous=hazardous, turns=turns, opened=(),
                     cost=Money(0), wasted=Decimal(0), wasted_cost=Money(0), held=held, one_size=Money(0),
                     largest_first=Money(0), proven=False, against="; ".join(r.text for r in no.reasons))
    if faults := planning.vial_faults(problem, plan):
        raise Broken(f"the vial plan of {drug_name} does not hold: {'; '.join(faults)}")
    return Batch(
        drug_code=drug_code, drug_name=drug_name, unit=unit, hazardous=hazardous,
        turns=tuple(Turn(wanted=w, minute=minute[w.number], takes=_takes(w, plan, names, open_vials)) for w in queue),
        opened=tuple((names[product], count) for product, count in sorted(plan.counts().items(), key=lambda x: names[x[0]])),
        cost=Money(plan.cents), wasted=plan.wasted, wasted_cost=Money(int(plan.wasted_cents.to_integral_value())), held=held,
        one_size=Money(planning.one_size(problem).cents), largest_first=Money(planning.largest_first(problem).cents),
        proven=plan.proven,
    )


def _takes(
    wanted: Wanted, plan: planning.VialPlan, names: dict[str, str], open_vials: Sequence[OpenVial]
) -> tuple[Take, ...]:
    """Where the drug of one preparation comes from, draws of the same kind together."""
    opened, standing = {v.number: v for v in plan.opened}, {v.code: v for v in open_vials}
    found: dict[tuple[str, str, bool], Decimal] = {}
    for draw in plan.draws:
        if draw.dose != wanted.number:
            continue
        if isinstance(draw.source, int):
            vial = opened[draw.source]
            key = (names[vial.product], vial.dose, vial.dose != wanted.number)
        else:
            key = (standing[draw.source].name, "", True)
        found[key] = found.get(key, Decimal(0)) + draw.amount
    return tuple(Take(product=p, amount=a, opened_for=o, carried=c) for (p, o, c), a in found.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """A dose that whole vials nearly hold: what rounding it would save. A proposal, nothing more."""

    wanted: Wanted
    dose: Decimal
    percent: Decimal
    saved: Money


def rounding_of(wanted: Wanted, share: Decimal, sizes: Sequence[planning.VialSize]) -> Rounding | None:
    """The nearest whole vials within the policy's share of the dose, where they cost less than the dose as ordered."""
    if wanted.doses != 1:
        return None
    vials = [calculations.Vial(s.holds, s.free, Decimal(s.cents)) for s in sizes]
    try:
        near, ordered = calculations.nearest_vials(wanted.amount, vials, share), calculations.choose_vials(wanted.amount, vials)
    except Refused:
        return None
    if near is None or near.total == wanted.amount:
        return None
    saved = _cost(ordered, sizes) - _cost(near, sizes)
    if saved <= 0:
        return None
    percent = (near.total - wanted.amount) / wanted.amount * 100
    return Rounding(wanted=wanted, dose=near.total, percent=round(percent, 1), saved=Money(saved))


def _cost(chosen: calculations.Chosen, sizes: Sequence[planning.VialSize]) -> int:
    return sum(n * s.cents for n, s in zip(chosen.counts, sizes, strict=True))
