# SPDX-License-Identifier: Apache-2.0
"""Benefits: which benefit pays, in which order payers pay, what the patient will owe, and when it is asked again.

Each answer comes with its reason. What is not known widens the estimate and is named; it is never taken as nothing.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Reason

FEDERAL = frozenset({"medicare_b", "medicare_advantage", "medicaid", "part_d", "tricare"})


@dataclass(frozen=True, slots=True)
class Routed:
    """Medical, pharmacy or both, and why."""

    benefit: str
    why: str


def routed(payer_type: str, plan_benefit: str, *, by_pump: bool) -> Routed:
    """Which benefit a plan pays home infusion from. Part B pays a drug given through a pump at home, Part D others."""
    if payer_type == "part_d":
        return Routed("pharmacy", "Part D pays the drug only; per diem, supplies and nursing are no benefit of it")
    if payer_type == "medicare_b":
        if by_pump:
            return Routed("medical", "Part B pays a drug that a pump gives at home, with pump and supplies")
        return Routed("both", "Part B pays no drug without a pump: bill it for the denial, and the drug to Part D")
    if plan_benefit == "both":
        return Routed("both", "the plan pays the drug from its pharmacy benefit, days and visits from its medical one")
    return Routed(plan_benefit, f"the plan's home infusion is a {plan_benefit} benefit")


@dataclass(frozen=True, slots=True)
class Cover:
    """One coverage as far as the order of payers goes by it."""

    id: UUID
    plan: str
    payer_type: str
    rank: int
    relationship: str  # self, spouse, child, other
    holder_born_on: date | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A coverage, its place in the order, and the rule that puts it there; ``ask`` is what has to be asked first."""

    cover: Cover
    place: int
    why: str
    ask: str = ""


_LAST = {"medicaid": (3, "Medicaid pays last, always"), "tricare": (2, "TRICARE pays after every other plan but Medicaid")}


def payer_order(covers: Sequence[Cover]) -> tuple[Placed, ...]:
    """Who pays first: own coverage before that by somebody else, of two parents the earlier birthday of the year."""
    group = any(c.payer_type == "commercial" for c in covers)
    placed = []
    for c in covers:
        tier, why, ask = 1, "the only coverage" if len(covers) == 1 else "as recorded", ""
        if c.payer_type in _LAST:
            tier, why = _LAST[c.payer_type]
        elif c.payer_type in ("medicare_b", "medicare_advantage", "part_d") and group:
            why = "Medicare beside a group plan: who is first goes by work, size of employer, disability or kidney disease"
            ask = "ask for the employer's size and whether the holder still works"
        elif c.relationship == "self" and len(covers) > 1:
            why = "own coverage pays before that of a relative"
        elif c.relationship == "child":
            why = "birthday rule: the parent whose birthday comes first in the year"
            ask = "" if c.holder_born_on else "ask for the holder's date of birth"
        placed.append((tier, c.relationship != "self", _birthday(c), c.rank, c, why, ask))
    placed.sort(key=lambda p: p[:4])
    return tuple(Placed(p[4], n, p[5], p[6]) for n, p in enumerate(placed, 1))


def _birthday(c: Cover) -> tuple[int, int]:
    if c.relationship != "child" or c.holder_born_on is None:
        return (0, 0) if c.relationship != "child" else (13, 0)
    return c.holder_born_on.month, c.holder_born_on.day


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan said of the patient's share; None where it did not."""

    deductible_left: Money | None
    coinsurance_pct: Decimal | None
    copay: Money | None
    out_of_pocket_left: Money | None


@dataclass(frozen=True, slots=True)
class PatientCost:
    """What the patient will owe for a course: between, and what is not known."""

    low: Money
    high: Money
    unknown: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def certain(self) -> bool:
        return self.low == self.high and not self.unknown


def patient_cost(low: Money, high: Money, said: Terms, *, copays: int = 1) -> PatientCost:
    """The patient's share of an allowed amount between ``low`` and ``high``.

    An unknown deductible is between nothing and everything; an unknown coinsurance between nothing and the whole rest.
    The out-of-pocket maximum bounds it where it is known.
    """
    unknown, why = [], []
    if said.deductible_left is None:
        unknown.append("what is left of the deductible")
    if said.coinsurance_pct is None and said.copay is None:
        unknown.append("coinsurance or copay")
    if said.out_of_pocket_left is None:
        unknown.append("what is left of the out-of-pocket maximum")
    least = _owed(low, said.deductible_left or Money(0), said.coinsurance_pct or Decimal(0), said.copay, copays)
    most_share = said.coinsurance_pct if said.coinsurance_pct is not None else Decimal(0 if said.copay is not None else 100)
    most = high if said.deductible_left is None else _owed(high, said.deductible_left, most_share, said.copay, copays)
    if said.deductible_left is not None:
        why.append(f"deductible left {said.deductible_left}")
    if said.coinsurance_pct is not None:
        why.append(f"then {said.coinsurance_pct.normalize():f} % coinsurance")
    if said.copay is not None:
        why.append(f"copay {said.copay}, {copays} times")
    if said.out_of_pocket_left is not None:
        least, most = min(least, said.out_of_pocket_left), min(most, said.out_of_pocket_left)
        why.append(f"at most {said.out_of_pocket_left} until the out-of-pocket maximum")
    return PatientCost(min(least, most), most, tuple(unknown), tuple(why))


def _owed(allowed: Money, deductible: Money, share: Decimal, copay: Money | None, copays: int) -> Money:
    first = min(allowed, deductible)
    rest = allowed - first
    owed = first + rest * (share / 100)
    if copay is not None:
        owed = owed + min(rest, copay * copays)
    return min(owed, allowed)


def ask_again(verified_on: date, today: date, ship_on: date | None, days: int) -> str:
    """Why benefits have to be asked again; empty while they are fresh. Coverage changes with the month and before a shipment."""
    if (verified_on.year, verified_on.month) != (today.year, today.month):
        return f"verified {verified_on:%d-%b-%Y}; coverage is asked again on the first of each month"
    if ship_on is not None and today >= ship_on - timedelta(days=1) and verified_on < ship_on - timedelta(days=days):
        return f"verified {verified_on:%d-%b-%Y}; it is asked again before what ships on {ship_on:%d-%b-%Y}"
    return ""


def may_have_copay_card(kind: str, payer_types: Iterable[str]) -> Reason | None:
    """A manufacturer's copay programme is never for members of federal programmes (anti-kickback statute)."""
    federal = sorted(set(payer_types) & FEDERAL)
    if kind != "manufacturer_copay" or not federal:
        return None
    who = ", ".join(f.replace("_", " ") for f in federal)
    text = f"a manufacturer's copay programme is not for members of {who}"
    return Reason("federal-payer", text, "ask an independent foundation")
