# SPDX-License-Identifier: Apache-2.0
"""Underpayment: what a payer allowed for a line against what its contract promises; and how the difference is worked."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from openinfusion.billing.domain.remittance import SEQUESTERED, LineIn
from openinfusion.billing.permissions import POST, WORK
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.roles import Role


class ShortState(StrEnum):
    FOUND = "found"
    DISPUTED = "disputed"
    RECOVERED = "recovered"
    ACCEPTED = "accepted"
    ANSWERED = "answered_again"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the contract promises for a line, in cents; ``has_rate`` is false where it names no rate."""

    cents: int
    has_rate: bool


def allowed_cents(lines: Sequence[LineIn]) -> int:
    """What the payer allowed: paid, the patient's share, and the federal cut, which no contract is to blame for."""
    return sum(
        line.paid_cents + sum(a.cents for a in line.adjustments if a.group == "PR" or a.carc == SEQUESTERED)
        for line in lines
    )


def short_cents(lines: Sequence[LineIn], expected: Expected, tolerance_cents: int) -> int:
    """Cents that a line's answer lies below the contract; zero within the tolerance or where the contract names no rate."""
    if not expected.has_rate:
        return 0
    short = expected.cents - allowed_cents(lines)
    return short if short > tolerance_cents else 0


S, W = ShortState, WORK.code

UNDERPAYMENT: Machine[ShortState, None] = Machine(
    name="billing.underpayment",
    initial=S.FOUND,
    owners={S.FOUND: Role.BILLER, S.DISPUTED: "", S.RECOVERED: "", S.ACCEPTED: "", S.ANSWERED: ""},
    tones={S.FOUND: "warn", S.DISPUTED: "move", S.RECOVERED: "ok", S.ACCEPTED: "idle", S.ANSWERED: "idle"},
    steps=(
        Step("dispute", S.FOUND, S.DISPUTED, W, "Dispute", "{actor} disputed underpayment {subject}", (), "primary",
             needs_reason=True),
        *(Step("accept", s, S.ACCEPTED, W, "Accept the payment", "{actor} accepted the payment in place of {subject}", (),
               "neutral", needs_reason=True) for s in (S.FOUND, S.DISPUTED)),
        *(Step("recover", s, S.RECOVERED, W, "It was made up", "{actor} recorded that {subject} was made up", (), "ok",
               needs_reason=True) for s in (S.FOUND, S.DISPUTED)),
        *(Step("answer", s, S.ANSWERED, POST.code, "Answered again", "the payer's next answer settled {subject} ({actor})")
          for s in (S.FOUND, S.DISPUTED)),
    ),
)
