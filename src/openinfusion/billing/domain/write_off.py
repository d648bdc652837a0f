# SPDX-License-Identifier: Apache-2.0
"""Write-offs: why something is given up, who may give up how much, and the second person above one's limit."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from openinfusion.billing.domain.ledger import Account
from openinfusion.billing.permissions import WRITE_OFF
from openinfusion.kernel.figures import rows
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class Side(StrEnum):
    """Whose share it is."""

    PAYER = "payer"
    PATIENT = "patient"

    @property
    def account(self) -> Account:
        return Account.RECEIVABLE if self is Side.PAYER else Account.PATIENT


@dataclass(frozen=True, slots=True)
class WriteOffReason:
    """One reason; ``avoidable``: better work would have prevented it."""

    code: str
    text: str
    avoidable: bool
    side: str  # payer, patient or both
    account: Account

    def fits(self, side: Side) -> bool:
        return self.side in {"both", side.value}


@cache
def write_off_reasons() -> dict[str, WriteOffReason]:
    """Every reason on file, by code."""
    return {
        r["code"]: WriteOffReason(r["code"], r["text"], r["avoidable"], r["side"], Account(r["account"]))
        for r in rows(__package__, "data/write_off_reasons.toml")
    }


def limit_cents(roles: Iterable[Role]) -> int:
    """The most that a person of these roles may write off, in cents; nothing for roles that are not on file."""
    held = {role.value for role in roles}
    return max((r["cents"] for r in rows(__package__, "data/write_off_limits.toml") if r["role"] in held), default=0)


class WriteOffState(StrEnum):
    REQUESTED = "requested"
    POSTED = "posted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class WriteOffFacts:
    """What the guards ask; ``asker`` and ``actor`` are ids of people."""

    cents: int
    open_cents: int
    asker: str
    asker_limit_cents: int
    actor: str
    actor_limit_cents: int


def within_the_limit(f: WriteOffFacts) -> Reason | None:
    if f.cents > f.actor_limit_cents:
        text = f"{Money(f.cents)} is above the limit of {Money(f.actor_limit_cents)}"
        return Reason("above-limit", text, "somebody with a higher limit")
    return None


def another_person_above_the_limit(f: WriteOffFacts) -> Reason | None:
    if f.cents > f.asker_limit_cents and f.actor == f.asker:
        return Reason("same-person", "above the asker's own limit another person must agree")
    return None


def still_open(f: WriteOffFacts) -> Reason | None:
    if f.cents > f.open_cents:
        return Reason("not-open", f"only {Money(f.open_cents)} is still open")
    return None


_S, _P = WriteOffState, WRITE_OFF.code

WRITE_OFF_MACHINE: Machine[WriteOffState, WriteOffFacts] = Machine(
    name="billing.write_off",
    initial=_S.REQUESTED,
    owners={_S.REQUESTED: Role.EXECUTIVE, _S.POSTED: "", _S.REFUSED: ""},
    tones={_S.REQUESTED: "wait", _S.POSTED: "ok", _S.REFUSED: "idle"},
    steps=(
        Step("post", _S.REQUESTED, _S.POSTED, _P, "Agree and post", "{actor} wrote off {subject}",
             (still_open, within_the_limit, another_person_above_the_limit), "danger"),
        Step("refuse", _S.REQUESTED, _S.REFUSED, _P, "Refuse", "{actor} refused to write off {subject}", (), "neutral",
             needs_reason=True),
    ),
)
