# SPDX-License-Identifier: Apache-2.0
"""The nurse visit: its states, its steps and what stands against each."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.nursing.domain.second_nurse import SETTLED, SURE
from openinfusion.nursing.permissions import MAKE, MISS, OFFER, REQUEST, REVIEW, SIGN, SUITE_CHECK_IN


class VisitState(StrEnum):
    REQUESTED = "requested"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    EN_ROUTE = "en_route"
    IN_PROGRESS = "in_progress"
    DOCUMENTED = "documented"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    BILLABLE = "billable"
    MISSED = "missed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What the guards ask of a visit; the action gathers it.

    ``second``: how the second place stands, empty where the visit needs one nurse; ``second_reasons``: why she may not.
    ``from_shelf``: packages of the suite's own stock that stand on the record as given. ``appointment``: the number of the one
    that is made as this visit and has not ended.
    """

    nurse: UUID | None = None
    actor: UUID | None = None
    nurse_reasons: Sequence[Reason] = ()
    is_planned: bool = False
    record_reasons: Sequence[Reason] = ()
    in_suite: bool = False
    second: str = ""
    second_reasons: Sequence[Reason] = ()
    from_shelf: int = 0
    appointment: str = ""


def nurse_may_do_it(f: VisitFacts) -> Reason | None:
    return f.nurse_reasons[0] if f.nurse_reasons else None


def nurse_is_named(f: VisitFacts) -> Reason | None:
    return None if f.nurse is not None else Reason("no-nurse", "no nurse is named")


def time_is_planned(f: VisitFacts) -> Reason | None:
    return None if f.is_planned else Reason("no-time", "the visit has no planned time")


def it_is_their_own(f: VisitFacts) -> Reason | None:
    if f.nurse == f.actor:
        return None
    return Reason("another-nurse", "only the nurse of this visit may do that")


def it_is_in_a_suite(f: VisitFacts) -> Reason | None:
    return None if f.in_suite else Reason("not-in-suite", "only a visit behind an appointment of a suite begins with a check-in")


def second_nurse_is_sure(f: VisitFacts) -> Reason | None:
    if f.second in SURE:
        return None
    return Reason("no-second-nurse", "this visit needs two nurses, and no second one has accepted it",
                  "offer the second place to somebody, or move the visit")


def second_nurse_may_do_it(f: VisitFacts) -> Reason | None:
    return f.second_reasons[0] if f.second_reasons else None


def second_nurse_has_signed(f: VisitFacts) -> Reason | None:
    if f.second in SETTLED:
        return None
    return Reason("second-not-signed", "the second nurse has not signed to have been there", "the second nurse signs first")


def nothing_from_the_shelf_was_given(f: VisitFacts) -> Reason | None:
    if not f.from_shelf:
        return None
    one = f.from_shelf == 1
    many = "a package from the suite's shelf stands" if one else f"{f.from_shelf} packages from the suite's shelf stand"
    return Reason("shelf-on-record", f"{many} on the record as given",
                  "say of each on the visit what became of it")


def no_appointment_holds_it(f: VisitFacts) -> Reason | None:
    if not f.appointment:
        return None
    return Reason("has-appointment", f"appointment {f.appointment} of a suite is made as this visit", "cancel the appointment")


def it_is_not_in_a_suite(f: VisitFacts) -> Reason | None:
    if not f.in_suite:
        return None
    return Reason("in-suite", "this visit is made in a suite", "book its appointment, or cancel that one first")


def record_is_complete(f: VisitFacts) -> Reason | None:
    if not f.record_reasons:
        return None
    missing = "; ".join(r.text for r in f.record_reasons)
    return Reason("record-incomplete", f"the record is not complete: {missing}")


S = VisitState
_OPEN = (S.REQUESTED, S.OFFERED, S.ACCEPTED, S.CONFIRMED)
_OWN = (it_is_their_own,)
BY_CODE = frozenset({"offer", "check_in", "withdraw"})  # they come with a nurse and a time, or with the appointment

VISIT: Machine[VisitState, VisitFacts] = Machine(
    name="nursing.visit",
    initial=S.REQUESTED,
    owners={
        S.REQUESTED: Role.NURSE_MANAGER, S.OFFERED: Role.NURSE, S.ACCEPTED: Role.NURSE, S.CONFIRMED: Role.NURSE,
        S.EN_ROUTE: Role.NURSE, S.IN_PROGRESS: Role.NURSE, S.DOCUMENTED: Role.NURSE, S.REVIEWED: Role.NURSE,
        S.SIGNED: "", S.BILLABLE: "", S.MISSED: Role.NURSE_MANAGER, S.REFUSED: Role.NURSE_MANAGER, S.CANCELLED: "",
    },
    tones={
        S.REQUESTED: "warn", S.OFFERED: "wait", S.ACCEPTED: "info", S.CONFIRMED: "info", S.EN_ROUTE: "move",
        S.IN_PROGRESS: "move", S.DOCUMENTED: "wait", S.REVIEWED: "wait", S.SIGNED: "ok", S.BILLABLE: "ok",
        S.MISSED: "crit", S.REFUSED: "warn", S.CANCELLED: "idle",
    },
    steps=(
        Step("offer", S.REQUESTED, S.OFFERED, OFFER.code, "Offer", "{actor} offered visit {subject} to {nurse}",
             (it_is_not_in_a_suite, nurse_is_named, time_is_planned, nurse_may_do_it), "primary"),
        Step("offer", S.REFUSED, S.OFFERED, OFFER.code, "Offer to another nurse",
             "{actor} offered visit {subject} to {nurse}",
             (it_is_not_in_a_suite, nurse_is_named, time_is_planned, nurse_may_do_it), "primary"),
        Step("accept", S.OFFERED, S.ACCEPTED, MAKE.code, "Accept", "{actor} accepted visit {subject}",
             (it_is_their_own, nurse_may_do_it), "primary"),
        Step("refuse", S.OFFERED, S.REFUSED, MAKE.code, "Refuse", "{actor} refused visit {subject}", _OWN, "neutral",
             needs_reason=True),
        Step("confirm", S.ACCEPTED, S.CONFIRMED, MAKE.code, "Confirmed with the patient",
             "{actor} confirmed visit {subject} with the patient", _OWN, "primary"),
        Step("set_out", S.CONFIRMED, S.EN_ROUTE, MAKE.code, "Set out", "{actor} set out for visit {subject}",
             (it_is_their_own, nurse_may_do_it, second_nurse_is_sure, second_nurse_may_do_it), "primary"),
        Step("check_in", S.REQUESTED, S.IN_PROGRESS, SUITE_CHECK_IN.code, "Checked in at the suite",
             "{actor} began visit {subject} in the suite with {nurse}",
             (it_is_in_a_suite, nurse_is_named, nurse_may_do_it, second_nurse_is_sure), "primary"),
        Step("arrive", S.EN_ROUTE, S.IN_PROGRESS, MAKE.code, "Arrived", "{actor} began visit {subject}",
             (it_is_their_own, second_nurse_is_sure), "primary"),
        Step("document", S.IN_PROGRESS, S.DOCUMENTED, MAKE.code, "Finish the record",
             "{actor} documented visit {subject}", (it_is_their_own, record_is_complete), "primary"),
        Step("amend", S.DOCUMENTED, S.IN_PROGRESS, MAKE.code, "Go on writing",
             "{actor} took the record of {subject} up again", _OWN),
        Step("review", S.DOCUMENTED, S.REVIEWED, REVIEW.code, "Reviewed",
             "{actor} reviewed the record of visit {subject}"),
        Step("return", S.DOCUMENTED, S.IN_PROGRESS, REVIEW.code, "Send back",
             "{actor} sent the record of {subject} back to the nurse", (), "warn", needs_reason=True),
        Step("sign", S.DOCUMENTED, S.SIGNED, SIGN.code, "Sign", "{actor} signed the record of visit {subject}",
             (it_is_their_own, record_is_complete, second_nurse_has_signed), "primary", sign="signed"),
        Step("sign", S.REVIEWED, S.SIGNED, SIGN.code, "Sign", "{actor} signed the record of visit {subject}",
             (it_is_their_own, record_is_complete, second_nurse_has_signed), "primary", sign="signed"),
        Step("bill", S.SIGNED, S.BILLABLE, MAKE.code, "Hand to billing", "{actor} handed visit {subject} to billing"),
        *(Step("miss", s, S.MISSED, MISS.code, "Missed or refused", "{actor} recorded that visit {subject} did not take place",
               (nothing_from_the_shelf_was_given,), "danger", needs_reason=True)
          for s in (S.ACCEPTED, S.CONFIRMED, S.EN_ROUTE, S.IN_PROGRESS)),
        *(Step("reschedule", s, S.REQUESTED, OFFER.code, "Reschedule", "{actor} moved visit {subject}", (), "neutral",
               needs_reason=True) for s in (S.OFFERED, S.ACCEPTED, S.CONFIRMED, S.MISSED)),
        *(Step("cancel", s, S.CANCELLED, OFFER.code, "Cancel", "{actor} cancelled visit {subject}",
               (no_appointment_holds_it,), "danger", needs_reason=True) for s in (*_OPEN, S.MISSED, S.REFUSED)),
        Step("withdraw", S.REQUESTED, S.CANCELLED, REQUEST.code, "Withdraw",
             "{actor} withdrew visit {subject} with its appointment", (it_is_in_a_suite,), "danger", needs_reason=True),
    ),
)
