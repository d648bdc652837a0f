# SPDX-License-Identifier: Apache-2.0
"""The delivery ticket: its states, its steps and what stands against each."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from openinfusion.delivery.permissions import CALL, CHECK, DRIVE, GIVE, OPEN, PACK, RECONCILE
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
    open_concerns: int = 0
    undone: Sequence[str] = ()  # steps of the pack-out that nobody ticked
    lacks_logger: bool = False
    lacks_validation: bool = False
    against_pack_out: Sequence[Reason] = ()  # why the pack-out does not hold any more; asked when it leaves
    expired: Sequence[str] = ()
    against_lane: Sequence[Reason] = ()  # why it cannot go by this carrier now
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


def concerns_are_answered(f: TicketFacts) -> Reason | None:
    if not f.open_concerns:
        return None
    many = "an answer of the call waits" if f.open_concerns == 1 else f"{f.open_concerns} answers of the call wait"
    return Reason("concern-open", f"{many} for somebody to look at", "the pharmacist, the nurse manager or intake answers it")


def pack_out_is_prepared(f: TicketFacts) -> Reason | None:
    if not f.undone:
        return None
    return Reason("not-prepared", f"not ticked yet: {'; '.join(f.undone)}", "do it, then tick it with the pack-out")


def pack_out_is_validated(f: TicketFacts) -> Reason | None:
    if not f.lacks_validation:
        return None
    return Reason("no-validation", "this must stay cold and its pack-out has no validation on file", "choose one that has")


def logger_is_in(f: TicketFacts) -> Reason | None:
    if not f.lacks_logger:
        return None
    return Reason("no-logger", "this pack-out goes with a temperature logger", "scan the logger that is put in")


def pack_out_still_holds(f: TicketFacts) -> Reason | None:
    return f.against_pack_out[0] if f.against_pack_out else None


def nothing_is_expired(f: TicketFacts) -> Reason | None:
    return Reason("expired", f"beyond use: {', '.join(f.expired)}", "take it off and make it anew") if f.expired else None


def carrier_takes_it(f: TicketFacts) -> Reason | None:
    return f.against_lane[0] if f.against_lane else None


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
_WHOLE = (nothing_is_recalled, nothing_is_expired)
_SAFE = (pack_out_is_chosen, pack_out_is_validated, *_WHOLE)
_LEAVES = (*_WHOLE, concerns_are_answered, pack_out_is_validated, pack_out_still_holds, carrier_takes_it, may_ship_there)
AT_CHAIR = "nurse at the suite"  # who received what is given there, whether it travelled or not
IN_HOUSE = (S.DRAFT, S.PRE_DELIVERY_ASSESSMENT, S.CONFIRMED, S.PICKED, S.PACKED, S.RPH_CHECKED)
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
             "{actor} confirmed delivery {subject} with the patient", 
             (patient_was_asked, patient_agreed, concerns_are_answered), "primary"),
        Step("reopen", S.CONFIRMED, S.DRAFT, CALL.code, "Back to draft", "{actor} reopened delivery {subject}", (),
             "neutral", needs_reason=True),
        Step("pick", S.CONFIRMED, S.PICKED, PACK.code, "Picked", "{actor} picked everything for {subject}",
             (something_goes_along, everything_is_picked, *_WHOLE), "primary"),
        Step("pack", S.PICKED, S.PACKED, PACK.code, "Packed", "{actor} packed {subject} with pack-out {pack_out}",
             (*_SAFE, pack_out_is_prepared, logger_is_in), "primary"),
        Step("check", S.PACKED, S.RPH_CHECKED, CHECK.code, "Check", "{actor} checked the package {subject}",
             (everything_is_picked, checker_is_another_person, *_SAFE), "primary",
             sign="checked"),
        Step("unpack", S.PACKED, S.CONFIRMED, PACK.code, "Unpack", "{actor} unpacked {subject}", (), "neutral",
             needs_reason=True),
        Step("unpack", S.RPH_CHECKED, S.CONFIRMED, PACK.code, "Unpack", "{actor} unpacked {subject}", (), "neutral",
             needs_reason=True),
        Step("dispatch", S.RPH_CHECKED, S.DISPATCHED, DRIVE.code, "Take it out",
             "{actor} took {subject} out for delivery{with_whom}",
             _LEAVES, "primary"),
        Step("deliver", S.DISPATCHED, S.DELIVERED, DRIVE.code, "Handed over",
             "{actor} handed {subject} to {received_by} ({relation})", _PROOF, "ok"),
        *(Step("give", s, S.DELIVERED, GIVE.code, "Given in the suite", "{actor} took {subject} at the chair, for visit {visit}",
               (something_goes_along, receiver_is_named, *_WHOLE), "ok") for s in IN_HOUSE),
        Step("fail", S.DISPATCHED, S.FAILED, DRIVE.code, "Could not deliver", "{actor} could not deliver {subject}", (),
             "danger", needs_reason=True),
        Step("dispatch", S.FAILED, S.DISPATCHED, DRIVE.code, "Take it out again",
             "{actor} took {subject} out again{with_whom}", _LEAVES, "neutral"),
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
