# SPDX-License-Identifier: Apache-2.0
"""A transfer on the road: sent from one place, in transit, received at another; what does not arrive is said."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openinfusion.inventory import permissions
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class TransferState(StrEnum):
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    TURNED_BACK = "turned_back"


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """Of each line what was sent and, at the receipt, what arrived; and what is said about the rest."""

    sent: tuple[Decimal, ...] = ()
    arrived: tuple[Decimal, ...] = ()
    reason: str = ""


def nothing_came_out_of_nowhere(f: TransferFacts) -> Reason | None:
    if all(a <= s for s, a in zip(f.sent, f.arrived, strict=False)):
        return None
    return Reason("more-than-sent", "more arrived than was sent", "count again; receive the rest as new stock")


def what_is_missing_is_explained(f: TransferFacts) -> Reason | None:
    if f.reason.strip() or all(a >= s for s, a in zip(f.sent, f.arrived, strict=False)):
        return None
    return Reason("missing-unexplained", "less arrived than was sent", "say in the reason what happened to the rest")


_S = TransferState
_P = permissions.MOVE.code

TRANSFER: Machine[TransferState, TransferFacts] = Machine(
    name="inventory.transfer",
    initial=_S.IN_TRANSIT,
    steps=(
        Step("receive", _S.IN_TRANSIT, _S.RECEIVED, _P, "Receive", "{actor} received {subject}",
             (nothing_came_out_of_nowhere, what_is_missing_is_explained), "ok"),
        Step("turn_back", _S.IN_TRANSIT, _S.TURNED_BACK, _P, "Turn back", "{actor} turned {subject} back to where it came from",
             (), "warn", True),
    ),
    owners={_S.IN_TRANSIT: Role.WAREHOUSE, _S.RECEIVED: "", _S.TURNED_BACK: ""},
    tones={_S.IN_TRANSIT: "move", _S.RECEIVED: "ok", _S.TURNED_BACK: "warn"},
)
