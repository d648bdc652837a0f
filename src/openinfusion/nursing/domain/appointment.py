# SPDX-License-Identifier: Apache-2.0
"""The appointment in a suite: its states, its steps and what stands against each."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.nursing.domain.readiness import Ready, Standing
from openinfusion.nursing.domain.second_nurse import SURE
from openinfusion.nursing.permissions import SUITE_CARE, SUITE_CHECK_IN, SUITE_PLAN


class AppointmentState(StrEnum):
    REQUESTED = "requested"
    READY_CHECK = "ready_check"
    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    PRE_MED = "pre_med"
    INFUSING = "infusing"
    OBSERVING = "observing"
    DISCHARGED = "discharged"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AppointmentFacts:
    """What the guards ask of an appointment; the action gathers it.

    ``against_place``: why this chair, nurse and time cannot be. ``ready``: the six lights. ``late_at``: from when on it
    counts as missed. ``drug_scanned``: the label of the right drug stands on the visit's record, nothing against it.
    ``second``, ``second_reasons``: how the second place stands, empty where one nurse makes it, and why she may not.
    ``infusion_stopped``: the visit's last rate is 0. ``observed_until``: None where it is not known yet.
    ``infused``: a rate is on record. ``nothing_infused``: a nurse said that nothing is. ``drug_from_shelf``: packages of the
    drug itself, of the suite's own stock, that stand on the record as given.
    """

    length_known: bool = False
    placed: bool = False
    against_place: Sequence[Reason] = ()
    ready: Sequence[Ready] = ()
    hold_why: str = ""
    now: datetime | None = None
    late_at: datetime | None = None
    its_day: bool = False
    nurse_reasons: Sequence[Reason] = ()
    order_reasons: Sequence[Reason] = ()
    drug_scanned: bool = False
    infused: bool = False
    drug_from_shelf: int = 0
    nothing_infused: bool = False
    infusion_stopped: bool = False
    observed_until: datetime | None = None
    record_done: bool = False
    second: str = ""
    second_reasons: Sequence[Reason] = ()


def its_length_is_known(f: AppointmentFacts) -> Reason | None:
    if f.length_known:
        return None
    return Reason("no-length", "how long the infusion takes is not known", "the nurse or pharmacist enters the minutes")


def chair_nurse_and_time_are_named(f: AppointmentFacts) -> Reason | None:
    return None if f.placed else Reason("no-place", "a chair, a nurse and a time are named together")


def its_place_is_free(f: AppointmentFacts) -> Reason | None:
    if not f.against_place:
        return None
    clears = "; ".join(dict.fromkeys(r.clears for r in f.against_place if r.clears))
    return Reason(f.against_place[0].code, "; ".join(r.text for r in f.against_place), clears)


def it_is_ready_or_held_with_a_word(f: AppointmentFacts) -> Reason | None:
    lacking = [r for r in f.ready if r.standing is not Standing.YES]
    if not lacking or f.hold_why.strip():
        return None
    said = "; ".join(f"{r.title.lower()}: {r.why}" for r in lacking)
    return Reason("not-ready", f"not ready: {said}", "say why it is booked all the same, and it stands as a hold")


def it_is_its_day(f: AppointmentFacts) -> Reason | None:
    return None if f.its_day else Reason("another-day", "the appointment is on another day", "move it to today first")


def it_is_late(f: AppointmentFacts) -> Reason | None:
    if f.late_at is not None and f.now is not None and f.now >= f.late_at:
        return None
    return Reason("not-late", "the patient may still come: the minutes of grace are not over")


def its_nurse_may_do_it(f: AppointmentFacts) -> Reason | None:
    return f.nurse_reasons[0] if f.nurse_reasons else None


def its_second_nurse_is_sure(f: AppointmentFacts) -> Reason | None:
    if f.second in SURE:
        return None
    return Reason("no-second-nurse", "this appointment needs two nurses, and no second one has accepted it",
                  "offer the second place on its visit")


def its_second_nurse_may_do_it(f: AppointmentFacts) -> Reason | None:
    return f.second_reasons[0] if f.second_reasons else None


def order_is_verified(f: AppointmentFacts) -> Reason | None:
    return f.order_reasons[0] if f.order_reasons else None


def drug_is_in_hand(f: AppointmentFacts) -> Reason | None:
    if f.drug_scanned:
        return None
    return Reason("no-drug", "the drug in hand is not scanned", "scan its label on the visit")


def record_is_open(f: AppointmentFacts) -> Reason | None:
    if not f.record_done:
        return None
    return Reason("record-closed", "the visit's record is finished", "go on writing it on the visit first")


def nothing_ran_in(f: AppointmentFacts) -> Reason | None:
    if not f.infused:
        return None
    return Reason("rates-on-record", "the record has rates of an infusion", "begin the infusion here, or correct the record")


def drug_is_not_on_record(f: AppointmentFacts) -> Reason | None:
    if not f.drug_from_shelf:
        return None
    return Reason("drug-on-record", "drug from the suite's shelf stands on the record as given",
                  "say of each package on the visit what became of it")


def nothing_was_to_be_infused(f: AppointmentFacts) -> Reason | None:
    return None if f.nothing_infused else Reason("infused", "something was infused", "discharge when the observation is over")


def infusion_is_stopped(f: AppointmentFacts) -> Reason | None:
    if f.infusion_stopped:
        return None
    return Reason("still-runs", "the record does not say that the infusion was stopped", "write the rate of 0 on the visit")


def observation_is_over(f: AppointmentFacts) -> Reason | None:
    if f.observed_until is None or f.now is None:
        return Reason("not-observed", "when the observation ends is not known", "write the rate of 0 on the visit")
    if f.now < f.observed_until:
        return Reason("observe", f"the observation lasts until {f.observed_until:%H:%M}", "wait, or say why it ends earlier")
    return None


def record_is_finished(f: AppointmentFacts) -> Reason | None:
    return None if f.record_done else Reason("record-open", "the visit's record is not finished", "finish it on the visit")


S = AppointmentState
_PLACE = (its_length_is_known, chair_nurse_and_time_are_named, its_place_is_free)
_HARD = (order_is_verified, drug_is_in_hand)
_HELD = (S.REQUESTED, S.READY_CHECK, S.BOOKED)
_PLAN, _CARE, _DOOR = SUITE_PLAN.code, SUITE_CARE.code, SUITE_CHECK_IN.code

APPOINTMENT: Machine[AppointmentState, AppointmentFacts] = Machine(
    name="nursing.appointment",
    initial=S.REQUESTED,
    owners={
        S.REQUESTED: Role.SUITE_SCHEDULER, S.READY_CHECK: Role.SUITE_SCHEDULER, S.BOOKED: Role.SUITE_SCHEDULER,
        S.CHECKED_IN: Role.NURSE, S.PRE_MED: Role.NURSE, S.INFUSING: Role.NURSE, S.OBSERVING: Role.NURSE,
        S.DISCHARGED: "", S.NO_SHOW: "", S.CANCELLED: "", S.REFUSED: "",
    },
    tones={
        S.REQUESTED: "wait", S.READY_CHECK: "wait", S.BOOKED: "info", S.CHECKED_IN: "move", S.PRE_MED: "move",
        S.INFUSING: "move", S.OBSERVING: "warn", S.DISCHARGED: "ok", S.NO_SHOW: "crit", S.CANCELLED: "idle", S.REFUSED: "warn",
    },
    steps=(
        Step("begin_check", S.REQUESTED, S.READY_CHECK, _PLAN, "Check readiness",
             "{actor} began the readiness check of {subject}"),
        Step("book", S.READY_CHECK, S.BOOKED, _PLAN, "Book", "{actor} booked {subject}: {place}",
             (*_PLACE, it_is_ready_or_held_with_a_word), "primary"),
        Step("unbook", S.BOOKED, S.READY_CHECK, _PLAN, "Back to the waiting list",
             "{actor} put {subject} back on the waiting list", (), "neutral", needs_reason=True),
        Step("check_in", S.BOOKED, S.CHECKED_IN, _DOOR, "Check in", "{actor} checked {subject} in",
             (it_is_its_day, its_nurse_may_do_it, its_second_nurse_is_sure, its_second_nurse_may_do_it), "primary"),
        Step("pre_medicate", S.CHECKED_IN, S.PRE_MED, _CARE, "Pre-medication given",
             "{actor} gave the pre-medication of {subject}", (order_is_verified,)),
        *(Step("infuse", s, S.INFUSING, _CARE, "Begin the infusion", "{actor} began the infusion of {subject}", _HARD, "primary")
          for s in (S.CHECKED_IN, S.PRE_MED)),
        *(Step("stop", s, S.OBSERVING, _CARE, "No infusion today", "{actor} recorded that nothing is infused at {subject}",
               (nothing_ran_in, drug_is_not_on_record, record_is_open), "warn", needs_reason=True)
          for s in (S.CHECKED_IN, S.PRE_MED)),
        Step("resume", S.OBSERVING, S.CHECKED_IN, _CARE, "It is infused after all",
             "{actor} recorded that {subject} is infused after all", (nothing_was_to_be_infused, record_is_open)),
        Step("observe", S.INFUSING, S.OBSERVING, _CARE, "Infusion ended, observe", "{actor} ended the infusion of {subject}",
             (infusion_is_stopped,), "primary"),
        Step("discharge", S.OBSERVING, S.DISCHARGED, _CARE, "Discharge", "{actor} discharged {subject}",
             (observation_is_over, record_is_finished), "primary"),
        Step("discharge_early", S.OBSERVING, S.DISCHARGED, _CARE, "Discharge before the observation is over",
             "{actor} discharged {subject} before the observation was over", (record_is_finished,), "warn", needs_reason=True),
        Step("miss", S.BOOKED, S.NO_SHOW, _DOOR, "Did not come", "{actor} recorded that {subject} did not come",
             (it_is_late,), "danger"),
        *(Step("refuse", s, S.REFUSED, _DOOR, "Refused", "{actor} recorded that {subject} was refused", (), "danger",
               needs_reason=True) for s in (S.BOOKED, S.CHECKED_IN, S.PRE_MED)),
        *(Step("cancel", s, S.CANCELLED, _PLAN, "Cancel", "{actor} cancelled {subject}", (), "danger", needs_reason=True)
          for s in _HELD),
    ),
)
IN_CHAIR = (S.CHECKED_IN, S.PRE_MED, S.INFUSING, S.OBSERVING)
SEATED = (S.BOOKED, *IN_CHAIR)
WAITING = (S.REQUESTED, S.READY_CHECK)
