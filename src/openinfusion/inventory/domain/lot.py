# SPDX-License-Identifier: Apache-2.0
"""A lot: one batch of one product with one expiry. It is quarantined, cleared, recalled; never deleted."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from openinfusion.inventory import permissions
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class LotState(StrEnum):
    AVAILABLE = "available"
    QUARANTINED = "quarantined"
    RECALLED = "recalled"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What the guards look at."""

    expires_on: date
    today: date
    on_hand: Decimal = Decimal(0)


def lot_is_in_date(f: LotFacts) -> Reason | None:
    if f.today <= f.expires_on:
        return None
    return Reason("lot-expired", f"the lot expired {f.expires_on:%d-%b-%Y}", "waste it")


def nothing_is_left(f: LotFacts) -> Reason | None:
    if not f.on_hand:
        return None
    return Reason("still-on-hand", f"{f.on_hand.normalize():f} of the lot are still on hand", "waste them first")


_S = LotState

LOT: Machine[LotState, LotFacts] = Machine(
    name="inventory.lot",
    initial=_S.AVAILABLE,
    steps=(
        Step("quarantine", _S.AVAILABLE, _S.QUARANTINED, permissions.QUARANTINE.code, "Quarantine",
             "{actor} put {subject} in quarantine", (), "warn", True),
        Step("clear", _S.QUARANTINED, _S.AVAILABLE, permissions.CLEAR.code, "Clear",
             "{actor} cleared {subject} from quarantine", (lot_is_in_date,), "ok", True),
        Step("recall", _S.AVAILABLE, _S.RECALLED, permissions.RECALL.code, "Recall", "{actor} recalled {subject}",
             (), "crit", True),
        Step("recall", _S.QUARANTINED, _S.RECALLED, permissions.RECALL.code, "Recall", "{actor} recalled {subject}",
             (), "crit", True),
        *(Step("destroy", s, _S.DESTROYED, permissions.RECALL.code, "Record the end",
               "{actor} recorded that nothing of {subject} is left", (nothing_is_left,), "crit", True)
          for s in (_S.RECALLED, _S.QUARANTINED)),
    ),
    owners={
        _S.AVAILABLE: "", _S.QUARANTINED: Role.PHARMACIST, _S.RECALLED: Role.WAREHOUSE, _S.DESTROYED: "",
    },
    tones={_S.AVAILABLE: "ok", _S.QUARANTINED: "warn", _S.RECALLED: "crit", _S.DESTROYED: "idle"},
)


def lot_reasons(state: LotState, expires_on: date, today: date, number: str) -> list[Reason]:
    """Every reason against using this lot today."""
    reasons = []
    if state is not LotState.AVAILABLE:
        clears = "a pharmacist clears it" if state is LotState.QUARANTINED else "take another lot"
        reasons.append(Reason(f"lot-{state.value}", f"lot {number} is {state.value}", clears))
    if expires_on < today:
        reasons.append(Reason("lot-expired", f"lot {number} expired {expires_on:%d-%b-%Y}", "take another lot"))
    return reasons
