# SPDX-License-Identifier: Apache-2.0
"""A payer's authorization and what may happen to it next."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openinfusion.intake import permissions as may
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class AuthorizationState(StrEnum):
    TO_SUBMIT = "to_submit"
    NOT_REQUIRED = "not_required"
    SUBMITTED = "submitted"
    INFO_REQUESTED = "info_requested"
    PEER_TO_PEER = "peer_to_peer"
    APPROVED = "approved"
    PARTIAL = "partial"
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    DENIED = "denied"
    APPEALED = "appealed"
    OVERTURNED = "overturned"
    UPHELD = "upheld"
    WITHDRAWN = "withdrawn"


class Transport(StrEnum):
    """How a request travels."""

    X12 = "x12"  # 278
    FHIR = "fhir"  # PAS bundle
    PORTAL = "portal"
    FAX = "fax"
    PHONE = "phone"


MOST_APPEALS = 3


@dataclass(frozen=True, slots=True)
class AuthorizationFacts:
    """What the guards look at: the payer's answer as it would be kept, and today."""

    today: date
    number: str = ""
    first: date | None = None
    last: date | None = None
    codes: int = 0
    peer_until: date | None = None
    appeal_until: date | None = None
    appeal_level: int = 0
    used_up: bool = False


def answer_is_complete(f: AuthorizationFacts) -> Reason | None:
    lacking = [name for name, there in (
        ("number", f.number.strip()), ("first day", f.first), ("last day", f.last), ("codes", f.codes),
    ) if not there]
    return Reason("answer-incomplete", f"the payer's answer lacks: {', '.join(lacking)}") if lacking else None


def days_are_in_order(f: AuthorizationFacts) -> Reason | None:
    if f.first and f.last and f.last < f.first:
        return Reason("days-reversed", "the last day lies before the first")
    return None


def codes_are_named(f: AuthorizationFacts) -> Reason | None:
    return None if f.codes else Reason("codes-missing", "say which codes are asked for")


def has_begun(f: AuthorizationFacts) -> Reason | None:
    if f.first and f.first <= f.today:
        return None
    return Reason("not-begun", f"it holds from {f.first:%d-%b-%Y}" if f.first else "it has no first day")


def has_ended(f: AuthorizationFacts) -> Reason | None:
    if f.last and f.last < f.today:
        return None
    return Reason("not-ended", f"it holds until {f.last:%d-%b-%Y}" if f.last else "it has no last day")


def peer_window_is_open(f: AuthorizationFacts) -> Reason | None:
    if f.peer_until is None or f.today <= f.peer_until:
        return None
    return Reason("peer-window-closed", f"the payer's physician could be called until {f.peer_until:%d-%b-%Y}", "appeal instead")


def appeal_is_in_time(f: AuthorizationFacts) -> Reason | None:
    if f.appeal_until is None or f.today <= f.appeal_until:
        return None
    return Reason("appeal-late", f"an appeal could be filed until {f.appeal_until:%d-%b-%Y}", "ask anew instead")


def appeals_are_left(f: AuthorizationFacts) -> Reason | None:
    if f.appeal_level < MOST_APPEALS:
        return None
    return Reason("appeals-spent", f"{MOST_APPEALS} levels of appeal are spent")


def units_are_used_up(f: AuthorizationFacts) -> Reason | None:
    return None if f.used_up else Reason("units-left", "units are left")


S = AuthorizationState
_Step = Step[AuthorizationState, AuthorizationFacts]
_MAY = may.AUTHORIZE.code


def _step(
    name: str, sources: Iterable[AuthorizationState], target: AuthorizationState, label: str, sentence: str,
    *guards: object, tone: str = "neutral", why: bool = False,
) -> list[_Step]:
    return [Step(name, s, target, _MAY, label, sentence, guards, tone, why) for s in sources]  # type: ignore[arg-type]


_ASKED = (S.SUBMITTED, S.PEER_TO_PEER)
AUTHORIZATION: Machine[AuthorizationState, AuthorizationFacts] = Machine(
    name="intake.authorization",
    initial=S.TO_SUBMIT,
    steps=(
        *_step(
            "waive",
            (S.TO_SUBMIT,),
            S.NOT_REQUIRED,
            "Not required",
            "{actor} noted that {subject} is not required",
            why=True,
        ),
        *_step(
            "submit", (S.TO_SUBMIT,), S.SUBMITTED, "Submit", "{actor} submitted {subject}", codes_are_named, tone="pri"
        ),
        *_step(
            "ask",
            _ASKED,
            S.INFO_REQUESTED,
            "Payer asks for more",
            "{actor} noted that the payer asks for more on {subject}",
            tone="wait",
            why=True,
        ),
        *_step(
            "answer",
            (S.INFO_REQUESTED,),
            S.SUBMITTED,
            "Answered",
            "{actor} answered the payer on {subject}",
            tone="pri",
        ),
        *_step(
            "call_peer",
            (S.SUBMITTED, S.INFO_REQUESTED),
            S.PEER_TO_PEER,
            "Peer to peer",
            "{actor} arranged a peer-to-peer talk on {subject}",
            tone="wait",
        ),
        *_step(
            "call_peer",
            (S.DENIED,),
            S.PEER_TO_PEER,
            "Peer to peer",
            "{actor} arranged a peer-to-peer talk on {subject}",
            peer_window_is_open,
            tone="wait",
        ),
        *_step(
            "withdraw",
            (S.TO_SUBMIT, S.SUBMITTED, S.INFO_REQUESTED),
            S.WITHDRAWN,
            "Withdraw",
            "{actor} withdrew {subject}",
            tone="danger",
            why=True,
        ),
        *_step(
            "approve",
            _ASKED,
            S.APPROVED,
            "Approved",
            "{actor} entered the approval of {subject}, {number}",
            answer_is_complete,
            days_are_in_order,
            tone="ok",
        ),
        *_step(
            "approve_part",
            _ASKED,
            S.PARTIAL,
            "Approved in part",
            "{actor} entered the approval in part of {subject}, {number}",
            answer_is_complete,
            days_are_in_order,
            tone="warn",
            why=True,
        ),
        *_step("deny", _ASKED, S.DENIED, "Denied", "{actor} entered the denial of {subject}", tone="crit", why=True),
        *_step(
            "activate",
            (S.APPROVED, S.PARTIAL, S.OVERTURNED),
            S.ACTIVE,
            "In force",
            "{actor} put {subject} in force",
            has_begun,
            tone="ok",
        ),
        *_step(
            "warn", (S.ACTIVE,), S.EXPIRING, "Runs out soon", "{actor} noted that {subject} runs out soon", tone="warn"
        ),
        *_step(
            "expire", (S.ACTIVE, S.EXPIRING), S.EXPIRED, "Expired", "{actor} closed {subject} as expired", has_ended
        ),
        *_step(
            "use_up",
            (S.ACTIVE, S.EXPIRING),
            S.EXPIRED,
            "Used up",
            "{actor} closed {subject}: its units are used up",
            units_are_used_up,
        ),
        *_step(
            "appeal",
            (S.DENIED, S.PARTIAL, S.UPHELD),
            S.APPEALED,
            "Appeal",
            "{actor} appealed the denial of {subject}",
            appeal_is_in_time,
            appeals_are_left,
            tone="pri",
            why=True,
        ),
        *_step(
            "overturn",
            (S.APPEALED,),
            S.OVERTURNED,
            "Overturned",
            "{actor} entered that the denial of {subject} was overturned, {number}",
            answer_is_complete,
            days_are_in_order,
            tone="ok",
        ),
        *_step(
            "uphold",
            (S.APPEALED,),
            S.UPHELD,
            "Upheld",
            "{actor} entered that the denial of {subject} was upheld",
            tone="crit",
            why=True,
        ),
    ),
    owners={
        s: "" if s in (S.NOT_REQUIRED, S.EXPIRED, S.WITHDRAWN, S.ACTIVE) else Role.AUTHORIZATION
        for s in AuthorizationState
    },
    tones={
        S.TO_SUBMIT: "info",
        S.SUBMITTED: "wait",
        S.INFO_REQUESTED: "warn",
        S.PEER_TO_PEER: "wait",
        S.APPROVED: "ok",
        S.PARTIAL: "warn",
        S.ACTIVE: "ok",
        S.EXPIRING: "warn",
        S.EXPIRED: "crit",
        S.DENIED: "crit",
        S.APPEALED: "wait",
        S.OVERTURNED: "ok",
        S.UPHELD: "crit",
        S.NOT_REQUIRED: "idle",
        S.WITHDRAWN: "idle",
    },
)
GRANTED = frozenset({S.APPROVED, S.PARTIAL, S.ACTIVE, S.EXPIRING, S.OVERTURNED, S.NOT_REQUIRED})
HOLDING = GRANTED - {S.NOT_REQUIRED}


def calendar_step(state: AuthorizationState, first: date, last: date, today: date, warn_days: int) -> str:
    """The step the calendar asks for; empty where it asks for none."""
    if state in (S.APPROVED, S.PARTIAL, S.OVERTURNED) and first <= today:
        return "activate"
    if state in (S.ACTIVE, S.EXPIRING) and last < today:
        return "expire"
    if state is S.ACTIVE and (last - today).days <= warn_days:
        return "warn"
    return ""
