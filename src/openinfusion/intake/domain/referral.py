# SPDX-License-Identifier: Apache-2.0
"""A referral and what may happen to it next."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openinfusion.intake import permissions as may
from openinfusion.intake.domain.item import reason_against
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class ReferralState(StrEnum):
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    PENDING_INFO = "pending_info"
    BENEFITS_PENDING = "benefits_pending"
    AUTH_PENDING = "auth_pending"
    CLINICALLY_ACCEPTED = "clinically_accepted"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    START_OF_CARE = "start_of_care"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REFERRED_OUT = "referred_out"
    NO_RESPONSE = "no_response"


class TurnAway(StrEnum):
    """Why a referral ended without care: the coded reasons."""

    OUT_OF_NETWORK = "out_of_network"
    NOT_COVERED = "not_covered"
    AUTHORIZATION_DENIED = "authorization_denied"
    DRUG_NOT_AVAILABLE = "drug_not_available"
    LIMITED_DISTRIBUTION = "limited_distribution"
    OUTSIDE_AREA = "outside_area"
    NO_NURSE = "no_nurse"
    HOME_UNSAFE = "home_unsafe"
    CLINICALLY_UNSUITABLE = "clinically_unsuitable"
    PATIENT_DECLINED = "patient_declined"
    PRESCRIBER_WITHDREW = "prescriber_withdrew"
    PATIENT_HOSPITALIZED = "patient_hospitalized"
    DUPLICATE = "duplicate"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """What the guards look at."""

    missing: tuple[str, ...] = ()
    missing_clinical: tuple[str, ...] = ()
    coverage: bool = False
    benefits: bool = False
    authorization_needed: bool = False
    authorized: bool = False
    start_on: date | None = None
    turn_away: str = ""
    referred_to: str = ""


def coverage_is_known(f: ReferralFacts) -> Reason | None:
    return (
        None if f.coverage else Reason("coverage-missing", "no coverage is recorded", "record the patient's coverage")
    )


def benefits_are_recorded(f: ReferralFacts) -> Reason | None:
    return None if f.benefits else Reason("benefits-missing", "the benefits are not recorded", "verify and record them")


def authorization_is_needed(f: ReferralFacts) -> Reason | None:
    if f.authorization_needed:
        return None
    return Reason(
        "authorization-not-needed", "the payer wants no authorization for this therapy", "accept it clinically"
    )


def authorization_is_settled(f: ReferralFacts) -> Reason | None:
    if f.authorized or not f.authorization_needed:
        return None
    return Reason("authorization-missing", "the payer's authorization is not there", "work the authorization")


def clinical_items_are_there(f: ReferralFacts) -> Reason | None:
    return reason_against(f.missing_clinical)


def all_items_are_there(f: ReferralFacts) -> Reason | None:
    return reason_against(f.missing)


def start_is_set(f: ReferralFacts) -> Reason | None:
    return None if f.start_on else Reason("start-missing", "the start of care has no date", "set the date")


def reason_is_coded(f: ReferralFacts) -> Reason | None:
    if f.turn_away in set(TurnAway):
        return None
    return Reason("code-missing", "choose the coded reason", "one of the reasons of the list")


def destination_is_named(f: ReferralFacts) -> Reason | None:
    return None if f.referred_to.strip() else Reason("destination-missing", "say to whom the patient is referred")


S = ReferralState
OPEN = (S.RECEIVED, S.IN_REVIEW, S.PENDING_INFO, S.BENEFITS_PENDING, S.AUTH_PENDING, S.CLINICALLY_ACCEPTED)
_Step = Step[ReferralState, ReferralFacts]


def _ends(sources: Iterable[ReferralState]) -> list[_Step]:
    decide = may.DECIDE.code
    found: list[_Step] = []
    for s in sources:
        found += [
            Step(
                "decline",
                s,
                S.DECLINED,
                decide,
                "Decline",
                "{actor} declined {subject} ({code})",
                (reason_is_coded,),
                "crit",
                True,
            ),
            Step(
                "refer_out",
                s,
                S.REFERRED_OUT,
                decide,
                "Refer out",
                "{actor} referred {subject} to {destination} ({code})",
                (reason_is_coded, destination_is_named),
                "warn",
                True,
            ),
            Step(
                "cancel",
                s,
                S.CANCELLED,
                decide,
                "Cancel",
                "{actor} cancelled {subject} ({code})",
                (reason_is_coded,),
                "crit",
                True,
            ),
        ]
    return found


_WORK, _DECIDE = may.WORK.code, may.DECIDE.code
REFERRAL: Machine[ReferralState, ReferralFacts] = Machine(
    name="intake.referral",
    initial=S.RECEIVED,
    steps=(
        Step("review", S.RECEIVED, S.IN_REVIEW, _WORK, "Start review", "{actor} began to review {subject}", (), "pri"),
        Step(
            "verify_benefits",
            S.IN_REVIEW,
            S.BENEFITS_PENDING,
            _WORK,
            "Verify benefits",
            "{actor} sent {subject} to benefits",
            (coverage_is_known,),
            "pri",
        ),
        *(
            Step(
                "ask",
                s,
                S.PENDING_INFO,
                _WORK,
                "Ask for information",
                "{actor} asked for what {subject} lacks",
                (),
                "wait",
                True,
            )
            for s in (S.IN_REVIEW, S.BENEFITS_PENDING, S.AUTH_PENDING)
        ),
        Step(
            "answer",
            S.PENDING_INFO,
            S.IN_REVIEW,
            _WORK,
            "Information is here",
            "{actor} took {subject} up again",
            (),
            "pri",
        ),
        Step(
            "give_up",
            S.PENDING_INFO,
            S.NO_RESPONSE,
            _DECIDE,
            "No response",
            "{actor} closed {subject}: no response",
            (),
            "crit",
            True,
        ),
        Step(
            "authorize",
            S.BENEFITS_PENDING,
            S.AUTH_PENDING,
            _WORK,
            "Get authorization",
            "{actor} sent {subject} to authorization",
            (benefits_are_recorded, authorization_is_needed),
            "pri",
        ),
        *(
            Step(
                "accept_clinically",
                s,
                S.CLINICALLY_ACCEPTED,
                may.CLINICAL.code,
                "Accept clinically",
                "{actor} accepted {subject} clinically",
                (benefits_are_recorded, clinical_items_are_there, authorization_is_settled),
                "ok",
            )
            for s in (S.BENEFITS_PENDING, S.AUTH_PENDING)
        ),
        Step(
            "accept",
            S.CLINICALLY_ACCEPTED,
            S.ACCEPTED,
            _DECIDE,
            "Accept the patient",
            "{actor} accepted {subject}",
            (all_items_are_there, authorization_is_settled, start_is_set),
            "ok",
        ),
        Step(
            "schedule",
            S.ACCEPTED,
            S.SCHEDULED,
            _WORK,
            "Schedule start of care",
            "{actor} scheduled {subject} to start on {start}",
            (start_is_set,),
            "pri",
        ),
        Step(
            "start_care",
            S.SCHEDULED,
            S.START_OF_CARE,
            _WORK,
            "Start of care",
            "{actor} recorded the start of care of {subject}",
            (start_is_set,),
            "ok",
        ),
        *(
            Step(
                "correct",
                s,
                S.IN_REVIEW,
                _WORK,
                "Back to review",
                "{actor} returned {subject} to review",
                (),
                "warn",
                True,
            )
            for s in (S.BENEFITS_PENDING, S.AUTH_PENDING, S.CLINICALLY_ACCEPTED)
        ),
        Step(
            "correct",
            S.SCHEDULED,
            S.ACCEPTED,
            _WORK,
            "Unschedule",
            "{actor} took back the schedule of {subject}",
            (),
            "warn",
            True,
        ),
        *_ends(OPEN),
        *(
            Step(
                "cancel",
                s,
                S.CANCELLED,
                _DECIDE,
                "Cancel",
                "{actor} cancelled {subject} ({code})",
                (reason_is_coded,),
                "crit",
                True,
            )
            for s in (S.ACCEPTED, S.SCHEDULED)
        ),
    ),
    owners={
        S.RECEIVED: Role.INTAKE,
        S.IN_REVIEW: Role.INTAKE,
        S.PENDING_INFO: Role.INTAKE,
        S.BENEFITS_PENDING: Role.INTAKE,
        S.AUTH_PENDING: Role.AUTHORIZATION,
        S.CLINICALLY_ACCEPTED: Role.INTAKE,
        S.ACCEPTED: Role.INTAKE,
        S.SCHEDULED: Role.INTAKE,
        S.START_OF_CARE: "",
        S.DECLINED: "",
        S.CANCELLED: "",
        S.REFERRED_OUT: "",
        S.NO_RESPONSE: "",
    },
    tones={
        S.RECEIVED: "info",
        S.IN_REVIEW: "info",
        S.PENDING_INFO: "wait",
        S.BENEFITS_PENDING: "wait",
        S.AUTH_PENDING: "wait",
        S.CLINICALLY_ACCEPTED: "ok",
        S.ACCEPTED: "ok",
        S.SCHEDULED: "move",
        S.START_OF_CARE: "ok",
        S.DECLINED: "crit",
        S.CANCELLED: "idle",
        S.REFERRED_OUT: "idle",
        S.NO_RESPONSE: "idle",
    },
)
