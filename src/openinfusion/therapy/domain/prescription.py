# SPDX-License-Identifier: Apache-2.0
"""A prescription version and what may happen to it. It is revised by a new version, never edited."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.therapy import permissions


class PrescriptionState(StrEnum):
    RECEIVED = "received"
    TRANSCRIBED = "transcribed"
    CLARIFICATION = "clarification"
    CLINICALLY_VERIFIED = "clinically_verified"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    CHANGED = "changed"
    COMPLETED = "completed"
    DISCONTINUED = "discontinued"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class PrescriptionFacts:
    """What the guards look at."""

    today: date  # where the patient lives
    last_on: date  # last day of the ordered course
    expires_on: date  # last day the order may be filled from


def order_is_still_valid(f: PrescriptionFacts) -> Reason | None:
    if f.today <= f.expires_on:
        return None
    return Reason("order-expired", f"the order may be filled until {f.expires_on:%d-%b-%Y}", "ask for a new order")


def last_day_has_come(f: PrescriptionFacts) -> Reason | None:
    if f.today >= f.last_on:
        return None
    return Reason("course-runs", f"the ordered course runs until {f.last_on:%d-%b-%Y}", "or discontinue with a reason")


def order_has_run_out(f: PrescriptionFacts) -> Reason | None:
    if f.today > f.expires_on:
        return None
    return Reason("order-valid", f"the order is valid until {f.expires_on:%d-%b-%Y}")


_S = PrescriptionState
_TRANSCRIBE, _VERIFY = permissions.TRANSCRIBE.code, permissions.VERIFY.code
_CONTROL, _DISPENSE = permissions.CONTROL.code, permissions.DISPENSE.code
_OPEN = (_S.TRANSCRIBED, _S.CLARIFICATION, _S.CLINICALLY_VERIFIED, _S.ACTIVE, _S.ON_HOLD)
RUNNING = frozenset({_S.CLINICALLY_VERIFIED, _S.ACTIVE})
ENDED = frozenset({_S.CHANGED, _S.COMPLETED, _S.DISCONTINUED, _S.EXPIRED})

_Step = Step[PrescriptionState, PrescriptionFacts]


def _change(source: PrescriptionState) -> _Step:
    return Step("change", source, _S.CHANGED, _TRANSCRIBE, "Revise", "{actor} replaced {subject} by a new version",
                (), "warn", True)


def _discontinue(source: PrescriptionState) -> _Step:
    return Step("discontinue", source, _S.DISCONTINUED, _CONTROL, "Discontinue", "{actor} discontinued {subject}",
                (), "crit", True)


def _expire(source: PrescriptionState) -> _Step:
    return Step("expire", source, _S.EXPIRED, _CONTROL, "Expire", "{actor} let {subject} expire",
                (order_has_run_out,), "idle")


PRESCRIPTION: Machine[PrescriptionState, PrescriptionFacts] = Machine(
    name="therapy.prescription",
    initial=_S.RECEIVED,
    steps=(
        Step("transcribe", _S.RECEIVED, _S.TRANSCRIBED, _TRANSCRIBE, "Transcribe", "{actor} transcribed {subject}"),
        Step("query", _S.TRANSCRIBED, _S.CLARIFICATION, _VERIFY, "Ask the prescriber",
             "{actor} asked the prescriber about {subject}", (), "wait", True),
        Step("answer", _S.CLARIFICATION, _S.TRANSCRIBED, _TRANSCRIBE, "Prescriber answered",
             "{actor} entered the prescriber's answer about {subject}", (), "info", True),
        Step("verify", _S.TRANSCRIBED, _S.CLINICALLY_VERIFIED, _VERIFY, "Verify", "{actor} verified {subject}",
             (order_is_still_valid,), "ok"),
        Step("reopen", _S.CLINICALLY_VERIFIED, _S.TRANSCRIBED, _VERIFY, "Back to verification",
             "{actor} sent {subject} back to verification", (), "warn", True),
        Step("activate", _S.CLINICALLY_VERIFIED, _S.ACTIVE, _DISPENSE, "Activate",
             "{actor} made {subject} active", (), "ok"),
        Step("hold", _S.ACTIVE, _S.ON_HOLD, _CONTROL, "Hold", "{actor} put {subject} on hold", (), "wait", True),
        Step("resume", _S.ON_HOLD, _S.ACTIVE, _CONTROL, "Resume", "{actor} resumed {subject}",
             (order_is_still_valid,), "ok", True),
        Step("complete", _S.ACTIVE, _S.COMPLETED, _CONTROL, "Complete", "{actor} completed {subject}",
             (last_day_has_come,), "ok"),
        *(_change(s) for s in _OPEN),
        *(_discontinue(s) for s in (_S.RECEIVED, *_OPEN)),
        *(_expire(s) for s in _OPEN),
    ),
    owners={
        _S.RECEIVED: Role.TECHNICIAN, _S.TRANSCRIBED: Role.PHARMACIST, _S.CLARIFICATION: Role.PHARMACIST,
        _S.CLINICALLY_VERIFIED: "", _S.ACTIVE: "", _S.ON_HOLD: Role.PHARMACIST, _S.CHANGED: "", _S.COMPLETED: "",
        _S.DISCONTINUED: "", _S.EXPIRED: "",
    },
    tones={
        _S.RECEIVED: "info", _S.TRANSCRIBED: "info", _S.CLARIFICATION: "wait", _S.CLINICALLY_VERIFIED: "ok",
        _S.ACTIVE: "ok", _S.ON_HOLD: "wait",
    },
)
