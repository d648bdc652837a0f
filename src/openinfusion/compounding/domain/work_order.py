# SPDX-License-Identifier: Apache-2.0
"""A compounding work order: one supply of one prescription, step by step, never checked by the one who made it."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from openinfusion.compounding import permissions
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class WorkOrderState(StrEnum):
    PLANNED = "planned"
    RELEASED = "released"
    STAGED = "staged"
    PRE_CHECKED = "pre_checked"
    IN_COMPOUNDING = "in_compounding"
    COMPOUNDED = "compounded"
    FINAL_CHECK = "final_check"
    VERIFIED = "verified"
    LABELED = "labeled"
    RELEASED_TO_DISPENSE = "released_to_dispense"
    QUARANTINED = "quarantined"
    WASTED = "wasted"
    RECALLED = "recalled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOrderFacts:
    """Everything the guards look at, gathered by the queries before they ask."""

    actor: UUID
    order_reasons: tuple[Reason, ...] = ()  # against the prescription
    room_reasons: tuple[Reason, ...] = ()  # against room and hood
    turn_reasons: tuple[Reason, ...] = ()  # against taking the hood: somebody else has it
    person_reasons: tuple[Reason, ...] = ()  # against the person at the hood
    licence_reasons: tuple[Reason, ...] = ()  # against the licences of whoever releases, verifies or dispenses
    ship_reasons: tuple[Reason, ...] = ()  # against the site's shipping to the patient's state; asked before anything is made
    stock_reasons: tuple[Reason, ...] = ()  # against the lots
    short: tuple[str, ...] = ()  # ingredients without allocated stock
    unscanned: tuple[str, ...] = ()  # ingredients whose lots were not captured in full
    unconfirmed: tuple[str, ...] = ()  # keyed entries that nobody else confirmed
    scanned_by: frozenset[UUID] = field(default_factory=frozenset)
    staged_by: UUID | None = None
    compounded_by: UUID | None = None
    hood_chosen: bool = False
    dated: bool = False  # a beyond-use date stands, with its limit
    label_printed: bool = False
    past_beyond_use: bool = False
    undone: tuple[str, ...] = ()  # steps at the hood that nobody did yet, or that wait for another person
    unwitnessed: tuple[str, ...] = ()  # what was wasted at the hood and no witness has seen
    stopped: str = ""  # what stops the work at the hood


Guard = Callable[[WorkOrderFacts], Reason | None]


def _joined(code: str, reasons: tuple[Reason, ...]) -> Reason | None:
    if not reasons:
        return None
    clears = "; ".join(dict.fromkeys(r.clears for r in reasons if r.clears))
    return Reason(code if len(reasons) > 1 else reasons[0].code, "; ".join(r.text for r in reasons), clears)


def order_is_verified(f: WorkOrderFacts) -> Reason | None:
    return _joined("order", f.order_reasons)


def room_is_fit(f: WorkOrderFacts) -> Reason | None:
    return _joined("room", f.room_reasons)


def hood_is_free(f: WorkOrderFacts) -> Reason | None:
    return _joined("hood-turn", f.turn_reasons)


def person_is_competent(f: WorkOrderFacts) -> Reason | None:
    return _joined("person", f.person_reasons)


def licence_covers_it(f: WorkOrderFacts) -> Reason | None:
    return _joined("licence", f.licence_reasons)


def site_may_ship_there(f: WorkOrderFacts) -> Reason | None:
    return _joined("ship", f.ship_reasons)


def stock_is_usable(f: WorkOrderFacts) -> Reason | None:
    return _joined("stock", f.stock_reasons)


def ingredients_are_allocated(f: WorkOrderFacts) -> Reason | None:
    if not f.short:
        return None
    return Reason("short-stock", f"no stock allocated for {', '.join(f.short)}", "receive stock, then allocate again")


def every_lot_is_scanned(f: WorkOrderFacts) -> Reason | None:
    if not f.unscanned:
        return None
    return Reason("unscanned", f"not scanned yet: {', '.join(f.unscanned)}", "scan each package")


def keyed_entries_are_confirmed(f: WorkOrderFacts) -> Reason | None:
    if not f.unconfirmed:
        return None
    return Reason("keyed", f"keyed, not scanned: {', '.join(f.unconfirmed)}", "a second person confirms")


def checker_did_not_stage(f: WorkOrderFacts) -> Reason | None:
    if f.actor != f.staged_by and f.actor not in f.scanned_by:
        return None
    return Reason("own-work", "whoever staged or scanned may not check it", "another person checks")


def hood_is_chosen(f: WorkOrderFacts) -> Reason | None:
    return None if f.hood_chosen else Reason("no-hood", "no hood is chosen", "choose the hood")


def the_compounder_says_so(f: WorkOrderFacts) -> Reason | None:
    if f.actor == f.compounded_by:
        return None
    return Reason("not-compounder", "only the person who compounds can say it is done")


def every_step_is_done(f: WorkOrderFacts) -> Reason | None:
    if not f.undone:
        return None
    more = f" and {len(f.undone) - 1} more" if len(f.undone) > 1 else ""
    return Reason("steps-undone", f"not done at the hood: {f.undone[0]}{more}", "do every step at the hood")


def nothing_stops_the_work(f: WorkOrderFacts) -> Reason | None:
    return Reason("stopped", f"the work is stopped: {f.stopped}", "acknowledge it at the hood") if f.stopped else None


def waste_is_witnessed(f: WorkOrderFacts) -> Reason | None:
    if not f.unwitnessed:
        return None
    return Reason("unwitnessed", f"wasted and not witnessed: {', '.join(f.unwitnessed)}", "another person witnesses it")


def checker_is_another_person(f: WorkOrderFacts) -> Reason | None:
    if f.actor != f.compounded_by:
        return None
    return Reason("own-work", "the person who compounded may not verify it", "another pharmacist verifies")


def beyond_use_date_stands(f: WorkOrderFacts) -> Reason | None:
    return None if f.dated else Reason("undated", "no beyond-use date stands")


def it_is_in_date(f: WorkOrderFacts) -> Reason | None:
    return Reason("past-beyond-use", "the beyond-use date has passed", "waste it") if f.past_beyond_use else None


def label_is_printed(f: WorkOrderFacts) -> Reason | None:
    return None if f.label_printed else Reason("no-label", "the label is not printed", "print it")


_S = WorkOrderState
_Step = Step[WorkOrderState, WorkOrderFacts]
_GATE: tuple[Guard, ...] = (order_is_verified, room_is_fit, hood_is_free, person_is_competent, stock_is_usable)
_MADE = (_S.IN_COMPOUNDING, _S.COMPOUNDED, _S.FINAL_CHECK, _S.VERIFIED, _S.LABELED, _S.RELEASED_TO_DISPENSE)
_UNMADE = (_S.PLANNED, _S.RELEASED, _S.STAGED, _S.PRE_CHECKED)

WORK_ORDER: Machine[WorkOrderState, WorkOrderFacts] = Machine(
    name="compounding.work_order",
    initial=_S.PLANNED,
    steps=(
        Step("release", _S.PLANNED, _S.RELEASED, permissions.RELEASE.code, "Release to bench",
             "{actor} released {subject} to the bench",
             (order_is_verified, site_may_ship_there, licence_covers_it, ingredients_are_allocated), "ok"),
        Step("stage", _S.RELEASED, _S.STAGED, permissions.STAGE.code, "Stage", "{actor} staged {subject}",
             (order_is_verified,), "move"),
        Step("pre_check", _S.STAGED, _S.PRE_CHECKED, permissions.CHECK.code, "Check ingredients",
             "{actor} checked the ingredients of {subject}",
             (every_lot_is_scanned, keyed_entries_are_confirmed, checker_did_not_stage, stock_is_usable), "ok"),
        Step("start", _S.PRE_CHECKED, _S.IN_COMPOUNDING, permissions.COMPOUND.code, "Start in the hood",
             "{actor} started {subject} in {hood}", (hood_is_chosen, *_GATE), "move"),
        Step("finish", _S.IN_COMPOUNDING, _S.COMPOUNDED, permissions.COMPOUND.code, "Compounded",
             "{actor} compounded {subject}",
             (the_compounder_says_so, every_step_is_done, nothing_stops_the_work, waste_is_witnessed), "move"),
        Step("present", _S.COMPOUNDED, _S.FINAL_CHECK, permissions.COMPOUND.code, "To final check",
             "{actor} brought {subject} to the final check", (beyond_use_date_stands,), "move"),
        Step("verify", _S.FINAL_CHECK, _S.VERIFIED, permissions.VERIFY.code, "Verify product",
             "{actor} verified {subject} and signed",
             (checker_is_another_person, licence_covers_it, order_is_verified, beyond_use_date_stands, it_is_in_date), "ok",
             sign="verified the finished preparation"),
        Step("label", _S.VERIFIED, _S.LABELED, permissions.LABEL.code, "Label applied",
             "{actor} labelled {subject}", (label_is_printed,), "move"),
        Step("dispense", _S.LABELED, _S.RELEASED_TO_DISPENSE, permissions.DISPENSE.code, "Release to dispense",
             "{actor} released {subject} to dispense",
             (order_is_verified, checker_is_another_person, licence_covers_it, it_is_in_date), "ok", sign="released"),
        *(Step("quarantine", s, _S.QUARANTINED, permissions.REJECT.code, "Quarantine", "{actor} quarantined {subject}",
               (), "warn", True) for s in _MADE),
        Step("waste", _S.QUARANTINED, _S.WASTED, permissions.REJECT.code, "Waste", "{actor} wasted {subject}",
             (), "crit", True),
        Step("recall", _S.QUARANTINED, _S.RECALLED, permissions.DISPENSE.code, "Recall", "{actor} recalled {subject}",
             (), "crit", True),
        Step("recall", _S.RELEASED_TO_DISPENSE, _S.RECALLED, permissions.DISPENSE.code, "Recall",
             "{actor} recalled {subject}", (), "crit", True),
        *(Step("cancel", s, _S.CANCELLED, permissions.PLAN.code, "Cancel", "{actor} cancelled {subject}",
               (), "idle", True) for s in _UNMADE),
    ),
    owners={
        _S.PLANNED: Role.PHARMACIST, _S.RELEASED: Role.TECHNICIAN, _S.STAGED: Role.TECHNICIAN,
        _S.PRE_CHECKED: Role.TECHNICIAN, _S.IN_COMPOUNDING: Role.TECHNICIAN, _S.COMPOUNDED: Role.TECHNICIAN,
        _S.FINAL_CHECK: Role.PHARMACIST, _S.VERIFIED: Role.TECHNICIAN, _S.LABELED: Role.PHARMACIST,
        _S.RELEASED_TO_DISPENSE: "", _S.QUARANTINED: Role.PHARMACIST, _S.WASTED: "", _S.RECALLED: "", _S.CANCELLED: "",
    },
    tones={
        _S.PLANNED: "info", _S.RELEASED: "info", _S.STAGED: "move", _S.PRE_CHECKED: "move", _S.IN_COMPOUNDING: "move",
        _S.COMPOUNDED: "move", _S.FINAL_CHECK: "wait", _S.VERIFIED: "ok", _S.LABELED: "ok",
        _S.RELEASED_TO_DISPENSE: "ok", _S.QUARANTINED: "warn", _S.WASTED: "idle", _S.RECALLED: "crit",
        _S.CANCELLED: "idle",
    },
)

UNMADE = frozenset(_UNMADE)
STILL_HERE = frozenset(_MADE) - {_S.RELEASED_TO_DISPENSE}
