# SPDX-License-Identifier: Apache-2.0
"""A plan of treatment: type, amount, duration and frequency, which the prescriber signs and dates."""
from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Malformed, Reason
from openinfusion.kernel.roles import Role
from openinfusion.therapy import permissions


class PlanState(StrEnum):
    WRITTEN = "written"
    SENT = "sent"
    SIGNED = "signed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanText:
    """The words of a plan. Each of the four is concrete; vague words are refused."""

    treatment_type: str  # home infusion of cefTRIAXone through a PICC
    amount: str  # 2 g per dose
    duration: str  # 42 days, through 04-Jan-2027
    frequency: str  # every 24 hours
    visits: str = ""  # skilled nursing: weekly, line care and labs
    safety: str = ""  # safety measures


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the guards look at: the signature as it stands on the returned paper."""

    signer_name: str = ""
    signed_on: date | None = None
    written_on: date | None = None
    today: date | None = None


def signature_is_named_and_dated(f: PlanFacts) -> Reason | None:
    if f.signer_name.strip() and f.signed_on:
        return None
    return Reason("signature-undated", "the signature needs the prescriber's name and the date on the paper")


def signature_date_is_possible(f: PlanFacts) -> Reason | None:
    if not f.signed_on or not f.today or not f.written_on or f.written_on <= f.signed_on <= f.today:
        return None
    return Reason("signature-date", "the plan is signed between the day it was written and today")


_S = PlanState
_SIGNATURE = (signature_is_named_and_dated, signature_date_is_possible)


def _outdate(source: PlanState) -> Step[PlanState, PlanFacts]:
    """Whoever may revise an order outdates its plan with it: a changed order is never covered by the old signature."""
    return Step("outdate", source, _S.SUPERSEDED, permissions.TRANSCRIBE.code, "Outdate",
                "{actor} changed the order, so the plan of treatment no longer holds: sign again", (), "warn", True)


def _supersede(source: PlanState) -> Step[PlanState, PlanFacts]:
    return Step("supersede", source, _S.SUPERSEDED, permissions.PLAN.code, "Supersede",
                "{actor} superseded the plan of treatment: the order changed, sign again", (), "warn", True)


PLAN: Machine[PlanState, PlanFacts] = Machine(
    name="therapy.plan",
    initial=_S.WRITTEN,
    steps=(
        Step("send", _S.WRITTEN, _S.SENT, permissions.PLAN.code, "Send to prescriber",
             "{actor} sent the plan of treatment to the prescriber", (), "info"),
        Step("sign", _S.SENT, _S.SIGNED, permissions.PLAN_SIGN.code, "Record signature",
             "{actor} recorded the signature of {signer_name}, dated {signed_on}, on the plan of treatment",
             _SIGNATURE, "ok"),
        _supersede(_S.WRITTEN), _supersede(_S.SENT), _supersede(_S.SIGNED),
        _outdate(_S.WRITTEN), _outdate(_S.SENT), _outdate(_S.SIGNED),
    ),
    owners={_S.WRITTEN: Role.INTAKE, _S.SENT: Role.INTAKE, _S.SIGNED: "", _S.SUPERSEDED: ""},
    tones={_S.WRITTEN: "warn", _S.SENT: "wait", _S.SIGNED: "ok", _S.SUPERSEDED: "idle"},
)


@cache
def _vague() -> tuple[str, ...]:
    with (Path(__file__).parent / "data" / "vague_words.toml").open("rb") as file:
        return tuple(tomllib.load(file)["rule"]["words"])


def vague_words(text: str) -> tuple[str, ...]:
    """The vague words that stand in a text, as listed in data/vague_words.toml."""
    plain = re.sub(r"\s+", " ", text.lower())
    return tuple(w for w in _vague() if re.search(rf"\b{re.escape(w)}\b", plain))


_RHYTHMS = "once|twice|daily|weekly|monthly|continuous|continuously|every (day|week|month)"


def check_plan(plan: PlanText) -> None:
    """Malformed with every vague or missing part of a plan.

    Type, amount, duration and frequency must be there; no word of them, nor of the visits, may be vague; and where a
    figure belongs (amount, duration, frequency) a figure or a named rhythm stands.
    """
    faults = []
    for field in ("treatment_type", "amount", "duration", "frequency"):
        text: str = getattr(plan, field)
        if not text.strip():
            faults.append(Fault(field, "is missing"))
        faults += [Fault(field, f"“{w}” is not a {field.replace('_', ' ')}; write a figure") for w in vague_words(text)]
    faults += [Fault("visits", f"“{w}” is no visit frequency; write how often") for w in vague_words(plan.visits)]
    if plan.amount.strip() and not re.search(r"\d", plan.amount):
        faults.append(Fault("amount", "an amount has a number and a unit, such as 2 g per dose"))
    if plan.duration.strip() and not re.search(r"\d", plan.duration):
        faults.append(Fault("duration", "a duration has a number and a unit, such as 42 days"))
    if plan.frequency.strip() and not re.search(rf"\d|\b({_RHYTHMS})\b", plan.frequency.lower()):
        faults.append(Fault("frequency", "a frequency says how often, such as every 24 hours"))
    if faults:
        raise Malformed(*faults)
