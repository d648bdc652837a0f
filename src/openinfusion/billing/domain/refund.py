# SPDX-License-Identifier: Apache-2.0
"""Refunds of credit balances: asked for by one, approved by another, and entered when the money has left."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.billing.permissions import POST, REFUND, WORK
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class RefundState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What the guards ask: the credit as it stands now; ``asker`` and ``actor`` are ids of people."""

    cents: int
    credit_cents: int
    asker: str
    actor: str


def credit_is_there(f: RefundFacts) -> Reason | None:
    if f.cents > f.credit_cents:
        return Reason("no-credit", f"the credit is {Money(f.credit_cents)} now", "ask for that")
    return None


def approver_is_another_person(f: RefundFacts) -> Reason | None:
    return Reason("same-person", "whoever asked for a refund does not approve it") if f.actor == f.asker else None


S = RefundState

REFUND_MACHINE: Machine[RefundState, RefundFacts] = Machine(
    name="billing.refund",
    initial=S.REQUESTED,
    owners={S.REQUESTED: Role.EXECUTIVE, S.APPROVED: Role.BILLER, S.PAID: "", S.REFUSED: ""},
    tones={S.REQUESTED: "wait", S.APPROVED: "info", S.PAID: "ok", S.REFUSED: "idle"},
    steps=(
        Step("approve", S.REQUESTED, S.APPROVED, REFUND.code, "Approve", "{actor} approved {subject}",
             (credit_is_there, approver_is_another_person), "primary"),
        Step("pay", S.APPROVED, S.PAID, POST.code, "Enter the payment", "{actor} entered that {subject} was paid",
             (credit_is_there,), "primary"),
        *(Step("refuse", s, S.REFUSED, p, "Do not refund", "{actor} refused {subject}", (), "neutral", needs_reason=True)
          for s, p in ((S.REQUESTED, WORK.code), (S.APPROVED, REFUND.code))),
    ),
)
