# SPDX-License-Identifier: Apache-2.0
"""The delivery ticket: its states, its steps and what stands against each."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from openinfusion.delivery.permissions import CALL, CHECK, DRIVE, OPEN, PACK, RECONCILE
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class TicketState(StrEnum):
    DRAFT = "draft"
    PRE_DELIVERY_ASSESSMENT = "pre_delivery_assessment"
    CONFIRMED = "confirmed"
    PICKED = "picked"
    PACKED = "packed"
    RPH_CHECKED = "rph_checked"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    FAILED = "failed"
    RETURNED = "returned"
    RECONCILED = "reconciled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What the guards ask of a ticket; the action gathers it."""

    lines: int = 0
    unpicked: Sequence[str] = ()
    call_reasons: Sequence[Reason] = ()
    was_called: bool = False
    has_pack_out: bool = False
    packed_by: UUID | None = None
    actor: UUID | None = None
    received_by: str = ""
    has_signature: bool = False
    arrived_c: Decimal | None = None
    needs_temperature: bool = False
    recalled: Sequence[str] = ()
    ship_reasons: Sequence[Reason] = ()  # against shipping to the patient's state; asked when it leaves


def something_goes_along(f: TicketFacts) -> Reason | None:
    return None if f.lines else Reason("empty", "nothing is on this ticket yet")


def patient_was_asked(f: TicketFacts) -> Reason | None:
    return None if f.was_called else Reason("not-called", "the pre-delivery call has not been made")


def patient_agreed(f: TicketFacts) -> Reason | None:
    return f.call_reasons[0] if f.call_reasons else None


def everything_is_picked(f: TicketFacts) -> Reason | None:
    if f.unpicked:
        return Reason("not-picked", f"not scanned yet: {', '.join(f.unpicked[:4])}", "scan each item")
    return None


def pack_out_is_chosen(f: TicketFacts) -> Reason | None:
    return None if f.has_pack_out else Reason("no-pack-out", "no pack-out is chosen",
        "choose the lane and the pack-out")


def checker_is_another_person(f: TicketFacts) -> Reason | None:
    if f.packed_by is not None and f.packed_by == f.actor:
        return Reason("same-person", "who packed it may not check it", "another pharmacist checks")
    return None


def nothing_is_recalled(f: TicketFacts) -> Reason | None:
    return Reason("recalled", f"quarantined or recalled: {', '.join(f.recalled)}") if f.recalled else None


def may_ship_there(f: TicketFacts) -> Reason | None:
    if not f.ship_reasons:
        return None
    clears = "; ".join(dict.fromkeys(r.clears for r in f.ship_reasons if r.clears))
    return Reason(f.ship_reasons[0].code, "; ".join(r.text for r in f.ship_reasons), clears)


def receiver_is_named(f: TicketFacts) -> Reason | None:
    return None if f.received_by.strip() else Reason("no-receiver", "who took it is not named")


def receiver_signed(f: TicketFacts) -> Reason | None:
    return None if f.has_signature else Reason("no-signature", "the receiver has not signed")


def temperature_was_read(f: TicketFacts) -> Reason | None:
    if f.needs_temperature and f.arrived_c is None:
        return Reason("no-temperature", "the temperature on arrival was not read")
    return None


S = TicketState
_PROOF = (receiver_is_named, receiver_signed, temperature_was_read)
_CANCEL = "{actor} cancelled delivery {subject}"

TICKET: Machine[TicketState, TicketFacts] = Machine(
    name="delivery.ticket",
    initial=S.DRAFT,
    owners={
        S.DRAFT: Role.WAREHOUSE, S.PRE_DELIVERY_ASSESSMENT: Role.WAREHOUSE, S.CONFIRMED: Role.WAREHOUSE,
        S.PICKED: Role.WAREHOUSE, S.PACKED: Role.PHARMACIST, S.RPH_CHECKED: Role.DRIVER, S.DISPATCHED: Role.DRIVER,
        S.DELIVERED: "", S.FAILED: Role.WAREHOUSE, S.RETURNED: Role.WAREHOUSE, S.RECONCILED: "", S.CANCELLED: "",
    },
    tones={
        S.DRAFT: "info", S.PRE_DELIVERY_ASSESSMENT: "wait", S.CONFIRMED: "info", S.PICKED: "info", S.PACKED: "wait",
        S.RPH_CHECKED: "ok", S.DISPATCHED: "move", S.DELIVERED: "ok", S.FAILED: "crit", S.RETURNED: "warn",
        S.RECONCILED: "idle", S.CANCELLED: "idle",
    },
    steps=(
        Step("begin_call", S.DRAFT, S.PRE_DELIVERY_ASSESSMENT, CALL.code, "Begin the call",
             "{actor} began the pre-delivery call for {subject}", (something_goes_along,), "primary"),
        Step("call_again", S.PRE_DELIVERY_ASSESSMENT, S.DRAFT, CALL.code, "Not reached",
             "{actor} did not reach the patient for {subject}", (), "neutral", needs_reason=True),
        Step("confirm", S.PRE_DELIVERY_ASSESSMENT, S.CONFIRMED, CALL.code, "Confirm the delivery",
             "{actor} confirmed delivery {subject} with the patient", (patient_was_asked, patient_agreed), "primary"),
        Step("reopen", S.CONFIRMED, S.DRAFT, CALL.code, "Back to draft", "{actor} reopened delivery {subject}", (),
             "neutral", needs_reason=True),
        Step("pick", S.CONFIRMED, S.PICKED, PACK.code, "Picked", "{actor} picked everything for {subject}",
             (something_goes_along, everything_is_picked, nothing_is_recalled), "primary"),
        Step("pack", S.PICKED, S.PACKED, PACK.code, "Packed", "{actor} packed {subject} with pack-out {pack_out}",
             (pack_out_is_chosen, nothing_is_recalled), "primary"),
        Step("check", S.PACKED, S.RPH_CHECKED, CHECK.code, "Check", "{actor} checked the package {subject}",
             (everything_is_picked, pack_out_is_chosen, checker_is_another_person, nothing_is_recalled), "primary",
             sign="checked"),
        Step("unpack", S.PACKED, S.CONFIRMED, PACK.code, "Unpack", "{actor} unpacked {subject}", (), "neutral",
             needs_reason=True),
        Step("dispatch", S.RPH_CHECKED, S.DISPATCHED, DRIVE.code, "Take it out",
             "{actor} took {subject} out for delivery",
             (nothing_is_recalled, may_ship_there), "primary"),
        Step("deliver", S.DISPATCHED, S.DELIVERED, DRIVE.code, "Handed over",
             "{actor} handed {subject} to {received_by} ({relation})", _PROOF, "ok"),
        Step("fail", S.DISPATCHED, S.FAILED, DRIVE.code, "Could not deliver", "{actor} could not deliver {subject}", (),
             "danger", needs_reason=True),
        Step("dispatch", S.FAILED, S.DISPATCHED, DRIVE.code, "Take it out again",
             "{actor} took {subject} out again", (nothing_is_recalled, may_ship_there), "neutral"),
        Step("take_back", S.FAILED, S.RETURNED, RECONCILE.code, "Received back",
             "{actor} received {subject} back at the pharmacy", (), "primary"),
        Step("reconcile", S.RETURNED, S.RECONCILED, RECONCILE.code, "Reconcile",
             "{actor} reconciled the returned delivery {subject}", (), "primary", needs_reason=True),
        Step("reconcile", S.DELIVERED, S.RECONCILED, RECONCILE.code, "Reconcile",
             "{actor} reconciled delivery {subject}", (), "neutral"),
        Step("cancel", S.DRAFT, S.CANCELLED, OPEN.code, "Cancel", _CANCEL, (), "danger", needs_reason=True),
        Step("cancel", S.CONFIRMED, S.CANCELLED, OPEN.code, "Cancel", _CANCEL, (), "danger", needs_reason=True),
    ),
)
