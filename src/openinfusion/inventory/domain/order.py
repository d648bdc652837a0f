# SPDX-License-Identifier: Apache-2.0
"""A purchase order: proposed with its reason, approved within a limit by role, sent, received line by line."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.kernel.figures import rows
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role

_NOTHING = Money(0)


class OrderState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    SENT = "sent"
    PART_RECEIVED = "part_received"
    RECEIVED = "received"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What it is worth, who proposed it, who is at it and in which roles, and how much has come."""

    total: Money = _NOTHING
    minimum: Money = _NOTHING
    lines: int = 0
    proposer: UUID | None = None
    actor: UUID | None = None
    roles: frozenset[str] = frozenset()
    ordered: Decimal = Decimal(0)
    received: Decimal = Decimal(0)


@cache
def limits() -> dict[str, Money]:
    """Up to how much each role approves, from the rows."""
    return {r["role"]: Money.of(r["dollars"]) for r in rows(__package__, "data/approval.toml") if "role" in r}


@cache
def second_person_from() -> Money:
    """From this amount on, whoever proposed an order may not approve it."""
    return next(Money.of(r["dollars"]) for r in rows(__package__, "data/approval.toml") if r.get("name") == "second_person_from")


def limit_of(roles: Iterable[str]) -> Money:
    """The highest limit among these roles; zero where none may approve."""
    return max((limits()[r] for r in roles if r in limits()), default=Money(0))


def something_is_ordered(f: OrderFacts) -> Reason | None:
    return None if f.lines else Reason("empty-order", "the order has no line", "add a product")


def minimum_is_reached(f: OrderFacts) -> Reason | None:
    if f.total >= f.minimum:
        return None
    return Reason("below-minimum", f"{f.total} is below the supplier's minimum of {f.minimum}", "add to it, or wait")


def total_is_within_limit(f: OrderFacts) -> Reason | None:
    limit = limit_of(f.roles)
    if f.total <= limit:
        return None
    return Reason("above-limit", f"{f.total} is above your limit of {limit}", "somebody with a higher limit approves")


def approver_is_another_person(f: OrderFacts) -> Reason | None:
    if f.actor != f.proposer or f.total < second_person_from():
        return None
    text = f"from {second_person_from()} on, whoever proposed it may not approve it"
    return Reason("own-order", text, "another person approves")


def everything_has_come(f: OrderFacts) -> Reason | None:
    if f.received >= f.ordered:
        return None
    left = shown_number(f.ordered - f.received)
    return Reason("not-all-came", f"{left} package(s) have not come", "close it short, with a reason")


_S = OrderState
_B, _A, _R = permissions.BUY.code, permissions.APPROVE_ORDER.code, permissions.RECEIVE.code

ORDER: Machine[OrderState, OrderFacts] = Machine(
    name="inventory.order",
    initial=_S.DRAFT,
    steps=(
        Step("propose", _S.DRAFT, _S.PROPOSED, _B, "Propose", "{actor} proposed {subject}",
             (something_is_ordered, minimum_is_reached)),
        Step("hand_back", _S.PROPOSED, _S.DRAFT, _A, "Hand back", "{actor} handed {subject} back", (), "warn", True),
        Step("approve", _S.PROPOSED, _S.APPROVED, _A, "Approve", "{actor} approved {subject}",
             (total_is_within_limit, approver_is_another_person), "ok", False, "order approved"),
        Step("send", _S.APPROVED, _S.SENT, _B, "Sent to the supplier", "{actor} sent {subject}"),
        *(Step("receive", s, _S.PART_RECEIVED, _R, "Receive some", "{actor} received a part of {subject}")
          for s in (_S.SENT, _S.PART_RECEIVED)),
        *(Step("complete", s, _S.RECEIVED, _R, "All received", "{actor} received all of {subject}", (everything_has_come,), "ok")
          for s in (_S.SENT, _S.PART_RECEIVED)),
        *(Step("close_short", s, _S.CLOSED, _B, "Close short", "{actor} closed {subject} short", (), "warn", True)
          for s in (_S.SENT, _S.PART_RECEIVED)),
        Step("close", _S.RECEIVED, _S.CLOSED, _B, "Close", "{actor} closed {subject}", (), "ok"),
        *(Step("cancel", s, _S.CANCELLED, _B, "Cancel", "{actor} cancelled {subject}", (), "warn", True)
          for s in (_S.DRAFT, _S.PROPOSED, _S.APPROVED)),
    ),
    owners={_S.DRAFT: Role.BUYER, _S.PROPOSED: Role.PHARMACIST, _S.APPROVED: Role.BUYER, _S.SENT: Role.WAREHOUSE,
            _S.PART_RECEIVED: Role.WAREHOUSE, _S.RECEIVED: Role.BUYER, _S.CLOSED: "", _S.CANCELLED: ""},
    tones={_S.PROPOSED: "wait", _S.APPROVED: "ok", _S.SENT: "move", _S.PART_RECEIVED: "warn", _S.RECEIVED: "ok",
           _S.CLOSED: "idle", _S.CANCELLED: "idle"},
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One line of a delivery against the order: packages and cents for one."""

    ordered: Decimal
    before: Decimal
    good: Decimal
    damaged: Decimal = Decimal(0)
    ordered_cents: int = 0
    invoiced_cents: int = 0

    def differences(self) -> tuple[str, ...]:
        """In words: short, over, damaged, dearer, cheaper."""
        found = []
        came = self.before + self.good + self.damaged
        if came < self.ordered:
            found.append(f"short {shown_number(self.ordered - came)}")
        if came > self.ordered:
            found.append(f"over {shown_number(came - self.ordered)}")
        if self.damaged:
            found.append(f"damaged {shown_number(self.damaged)}")
        if self.invoiced_cents != self.ordered_cents:
            word = "dearer" if self.invoiced_cents > self.ordered_cents else "cheaper"
            found.append(f"{Money(abs(self.invoiced_cents - self.ordered_cents))} a package {word} than ordered")
        return tuple(found)
