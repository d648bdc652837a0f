# SPDX-License-Identifier: Apache-2.0
"""What comes back: a device that is picked up, a box that could not be handed over; received into stock or quarantine."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.delivery.permissions import DRIVE, OPEN, RECONCILE
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason


class ReturnState(StrEnum):
    ASKED = "asked"
    COLLECTED = "collected"
    RECEIVED = "received"
    NOT_GIVEN = "not_given"


class ReturnKind(StrEnum):
    DEVICE = "device"
    PREPARATION = "preparation"
    SUPPLY = "supply"
    SHIPPER = "shipper"


class Disposition(StrEnum):
    """Where it went. What was at a patient's home never goes back to stock; what only rode in the van may."""

    DEVICE_RETURNED = "device_returned"
    STOCK = "stock"
    QUARANTINE = "quarantine"
    DESTROYED = "destroyed"
    BACK_ON_TICKET = "back_on_ticket"


_FITTING = {
    ReturnKind.DEVICE: {Disposition.DEVICE_RETURNED},
    ReturnKind.PREPARATION: {Disposition.QUARANTINE, Disposition.DESTROYED, Disposition.BACK_ON_TICKET},
    ReturnKind.SUPPLY: {Disposition.STOCK, Disposition.QUARANTINE, Disposition.DESTROYED},
    ReturnKind.SHIPPER: {Disposition.STOCK, Disposition.DESTROYED},
}


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """``left_home``: it was in the patient's hands. ``disposition`` is asked when it is received."""

    kind: ReturnKind
    left_home: bool
    disposition: Disposition | None = None


def disposition_fits(f: ReturnFacts) -> Reason | None:
    """A home's goods never return to stock; a device goes the way of devices."""
    if f.disposition is None:
        return Reason("no-disposition", "say where it goes", "stock, quarantine, destroyed, or the device's return")
    if f.disposition not in _FITTING[f.kind]:
        return Reason("wrong-disposition", f"a {f.kind.value} is not received as {f.disposition.value.replace('_', ' ')}")
    if f.left_home and f.disposition in {Disposition.STOCK, Disposition.BACK_ON_TICKET} and f.kind is not ReturnKind.SHIPPER:
        return Reason("was-at-home", "what was in a patient's hands does not go back to stock", "quarantine or destroy it")
    return None


R = ReturnState
RETURN: Machine[ReturnState, ReturnFacts] = Machine(
    name="delivery.return",
    initial=R.ASKED,
    owners={R.ASKED: "driver", R.COLLECTED: "warehouse", R.RECEIVED: "", R.NOT_GIVEN: "warehouse"},
    tones={R.ASKED: "wait", R.COLLECTED: "move", R.RECEIVED: "ok", R.NOT_GIVEN: "warn"},
    steps=(
        Step("collect", R.ASKED, R.COLLECTED, DRIVE.code, "Collected", "{actor} collected {subject}", (), "primary"),
        Step("miss", R.ASKED, R.NOT_GIVEN, DRIVE.code, "Not given", "{actor} was not given {subject}", (), "danger",
             needs_reason=True),
        Step("ask_again", R.NOT_GIVEN, R.ASKED, OPEN.code, "Ask again", "{actor} asked for {subject} again", (), "neutral"),
        Step("receive", R.COLLECTED, R.RECEIVED, RECONCILE.code, "Received",
             "{actor} received {subject}: {disposition}", (disposition_fits,), "primary"),
    ),
)
