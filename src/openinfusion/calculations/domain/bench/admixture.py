# SPDX-License-Identifier: Apache-2.0
"""A drug added to a bag: the volume by the label of the bag and the true one, and what comes of the strength."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.inputs import amount, choice, yes_no
from openinfusion.calculations.domain.measure import shown_unit
from openinfusion.kernel.refusal import Reason, Refused

_SOURCE: Final = published("Arithmetic of admixture; when to withdraw as a row", 2026)
_BAG: Final = amount("bag", "mL", "1", "20000", label="Bag as labelled", also={"L": "1000"})
_OVERFILL: Final = amount("overfill", "mL", "0", "1000", note="what the maker puts in beyond the label")
_ADDED: Final = amount("additive", "mL", "0.001", "5000", label="Volume of the additive")
_WITHDRAW: Final = choice(
    "withdraw",
    ("nothing", "nothing"),
    ("additive", "as much as is added"),
    ("additive-and-overfill", "as much as is added, and the overfill"),
)
_ZERO: Final = Decimal(0)
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag (mL): its label, its overfill, what is added, and how much of either is withdrawn before."""

    nominal: Decimal
    overfill: Decimal
    added: Decimal
    drawn: Decimal  # for the additive
    drawn_overfill: Decimal

    @property
    def withdrawn(self) -> Decimal:
        return self.drawn + self.drawn_overfill

    @property
    def true_ml(self) -> Decimal:
        return self.nominal + self.overfill - self.withdrawn + self.added

    @property
    def labelled_ml(self) -> Decimal:
        """As if the bag had held just what its label says."""
        return self.nominal - self.drawn + self.added

    def true_amount(self, held_per_ml: Decimal, added: Decimal) -> Decimal:
        """What was in the bag and not withdrawn, and what was added."""
        return held_per_ml * (self.nominal + self.overfill - self.withdrawn) + added

    def labelled_amount(self, held_per_ml: Decimal, added: Decimal) -> Decimal:
        return held_per_ml * (self.nominal - self.drawn) + added


def prepared(nominal: Decimal, overfill: Decimal, added: Decimal, withdraw: str) -> Bag:
    """The bag under a rule of withdrawal; Refused if more is withdrawn than its label says it holds."""
    drawn = _ZERO if withdraw == "nothing" else added
    if drawn > nominal:
        raise Refused(Reason("withdrawn-too-much", "more would be withdrawn than the bag holds", "take a larger bag"))
    return Bag(nominal, overfill, added, drawn, overfill if withdraw == "additive-and-overfill" else _ZERO)


def _volumes(bag: Bag) -> tuple[Result | Verdict, ...]:
    said = f"{'nothing' if not bag.withdrawn else 'a volume'} is withdrawn before adding; the label of the bag must say so"
    return (
        Result("true", "True volume", bag.true_ml, "mL", _TENTH),
        Result("nominal", "Volume without overfill", bag.labelled_ml, "mL", _TENTH),
        Result("withdrawn", "Withdrawn before adding", bag.withdrawn, "mL", _TENTH),
        Verdict("rule", "Rule", "withdrawn" if bag.withdrawn else "added", said),
    )


def _strengths(bag: Bag, held: Decimal, added: Decimal, unit: str) -> Worked:
    total, without = bag.true_amount(held, added), bag.labelled_amount(held, added)
    return Worked(
        results=(
            Result("concentration", "True strength", total / bag.true_ml * 1000, f"{unit}/L", Decimal("0.001")),
            Result("labelled", "Strength without overfill", without / bag.labelled_ml * 1000, f"{unit}/L", Decimal("0.001")),
            Result("total", f"In the bag, {shown_unit(unit)}", total, unit, Decimal("0.01")),
            *_volumes(bag),
        )
    )


@calculation(
    "admixture-volume",
    "Volume after an addition",
    group="bench",
    formula="volume = label + overfill − withdrawn + added",
    source=_SOURCE,
)
def _volume(
    bag_ml: Annotated[Decimal, _BAG],
    added_ml: Annotated[Decimal, _ADDED],
    withdraw: Annotated[str, _WITHDRAW],
    overfill_ml: Annotated[Decimal, _OVERFILL] = _ZERO,
) -> Worked:
    """The true volume and the one without overfill, since both are in use and they differ."""
    return Worked(results=_volumes(prepared(bag_ml, overfill_ml, added_ml, withdraw)))


@calculation(
    "admixture-milliequivalents",
    "Strength in mEq/L after an addition",
    group="bench",
    formula="mEq/L = (mEq left in the bag + mEq added) ÷ volume",
    source=_SOURCE,
)
def _milliequivalents(
    bag_ml: Annotated[Decimal, _BAG],
    added_ml: Annotated[Decimal, _ADDED],
    added: Annotated[Decimal, amount("added", "meq", "0", "10000")],
    withdraw: Annotated[str, _WITHDRAW],
    held: Annotated[Decimal, amount("held", "meq/L", "0", "5000", label="Strength before")] = _ZERO,
    overfill_ml: Annotated[Decimal, _OVERFILL] = _ZERO,
) -> Worked:
    """What is withdrawn takes its share of what the bag held."""
    return _strengths(prepared(bag_ml, overfill_ml, added_ml, withdraw), held / 1000, added, "meq")


@calculation(
    "admixture-mass",
    "Strength in mg/L after an addition",
    group="bench",
    formula="mg/L = (mg left in the bag + mg added) ÷ volume",
    source=_SOURCE,
)
def _mass(
    bag_ml: Annotated[Decimal, _BAG],
    added_ml: Annotated[Decimal, _ADDED],
    added: Annotated[Decimal, amount("added", "mg", "0", "1000000")],
    withdraw: Annotated[str, _WITHDRAW],
    held: Annotated[Decimal, amount("held", "mg/mL", "0", "1000", label="Strength before")] = _ZERO,
    overfill_ml: Annotated[Decimal, _OVERFILL] = _ZERO,
) -> Worked:
    """What is withdrawn takes its share of what the bag held."""
    return _strengths(prepared(bag_ml, overfill_ml, added_ml, withdraw), held, added, "mg")


@calculation(
    "withdrawal-rule",
    "Withdraw before adding?",
    group="bench",
    formula="withdraw if the additive is above the policy's share of the bag, for chemotherapy, and in small bags",
    source=_SOURCE,
)
def _rule(
    bag_ml: Annotated[Decimal, _BAG],
    added_ml: Annotated[Decimal, _ADDED],
    chemotherapy: Annotated[bool, yes_no("chemotherapy")],
) -> Worked:
    """The site's policy, with its reasons."""
    policy = row("withdrawal", name="policy")
    reasons = []
    if added_ml > bag_ml * policy.figure("above_percent") / 100:
        reasons.append(f"the additive is above {policy['above_percent']} % of the bag")
    if chemotherapy:
        reasons.append("it is chemotherapy")
    if bag_ml < policy.figure("bags_below_ml"):
        reasons.append(f"the bag is below {policy['bags_below_ml']} mL")
    said = Verdict(
        "rule",
        "Rule",
        "withdraw" if reasons else "leave",
        f"withdraw as much as is added: {' and '.join(reasons)}" if reasons else "add without withdrawing",
    )
    return Worked(results=(said,), used=(policy.source,))
