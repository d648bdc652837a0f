# SPDX-License-Identifier: Apache-2.0
"""Passing a hard stop in an emergency: which ones ever, by two pharmacists, for hours, reviewed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.coded import check, said
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.policy import rows, source_of
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Reason, Refused
from openinfusion.kernel.roles import Role
from openinfusion.kernel.standing import Source


@dataclass(frozen=True, slots=True)
class Passable:
    """A hard stop that may be passed, for how many hours from the second signature, and why it may."""

    code: str
    hours: int
    why: str
    source: Source


@cache
def passable() -> dict[str, Passable]:
    """Every hard stop that may ever be passed, by the code of the finding; all others never."""
    return {
        r["code"]: Passable(r["code"], r["hours"], r["why"], source_of(r)) for r in rows("break_glass") if r["kind"] == "stop"
    }


@cache
def emergency_reasons() -> dict[str, str]:
    """The coded reasons: code to text."""
    return {r["code"]: r["text"] for r in rows("break_glass") if r["kind"] == "reason"}


@cache
def _figure(code: str) -> int:
    return next(int(r["value"]) for r in rows("break_glass") if r["kind"] == "figure" and r["code"] == code)


def review_due(confirmed_at: datetime) -> datetime:
    """By when compliance reviews a pass."""
    return confirmed_at + timedelta(hours=_figure("review_hours"))


class PassState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PassFacts:
    """What the guards look at: whose hands it went through, and whether the stop still stands on the same facts."""

    actor_proposed: bool = False
    actor_took_part: bool = False
    stands: bool = True
    ordered_by_hand_of_actor: bool = False


def confirmer_is_another_pharmacist(f: PassFacts) -> Reason | None:
    if not f.actor_proposed:
        return None
    return Reason("own-pass", "whoever asked for it may not confirm it", "another pharmacist confirms")


def reviewer_took_no_part(f: PassFacts) -> Reason | None:
    return Reason("own-pass", "whoever took part may not review it", "somebody else reviews") if f.actor_took_part else None


def confirmer_did_not_transcribe(f: PassFacts) -> Reason | None:
    if not f.ordered_by_hand_of_actor:
        return None
    return Reason("own-transcription", "whoever transcribed the order may not confirm it", "another pharmacist confirms")


def the_stop_stands_on_the_same_facts(f: PassFacts) -> Reason | None:
    return None if f.stands else Reason("stop-gone", "the stop is gone or rests on other facts now", "look at the order again")


_S = PassState
_PASS, _REVIEW = permissions.BREAK_GLASS.code, permissions.BREAK_GLASS_REVIEW.code

BREAK_GLASS: Machine[PassState, PassFacts] = Machine(
    name="clinical.break_glass",
    initial=_S.PROPOSED,
    steps=(
        Step(
            "confirm",
            _S.PROPOSED,
            _S.IN_FORCE,
            _PASS,
            "Confirm the emergency and sign",
            "{actor} confirmed that {subject} is passed until {until}",
            (confirmer_is_another_pharmacist, confirmer_did_not_transcribe, the_stop_stands_on_the_same_facts),
            "crit",
            sign="confirmed the emergency",
        ),
        Step("withdraw", _S.PROPOSED, _S.WITHDRAWN, _PASS, "Withdraw", "{actor} will not pass {subject}", (), "idle", True),
        Step("end", _S.IN_FORCE, _S.LAPSED, _PASS, "End it now", "{actor} ended the passing of {subject}", (), "warn", True),
        Step(
            "review",
            _S.LAPSED,
            _S.REVIEWED,
            _REVIEW,
            "Reviewed",
            "{actor} reviewed the passing of {subject}",
            (reviewer_took_no_part,),
            "ok",
            True,
            sign="reviewed",
        ),
    ),
    owners={
        _S.PROPOSED: Role.PHARMACIST,
        _S.IN_FORCE: Role.COMPLIANCE,
        _S.LAPSED: Role.COMPLIANCE,
        _S.REVIEWED: "",
        _S.WITHDRAWN: "",
    },
    tones={
        _S.PROPOSED: "wait",
        _S.IN_FORCE: "crit",
        _S.LAPSED: "warn",
        _S.REVIEWED: "ok",
        _S.WITHDRAWN: "idle",
    },
)


def check_proposal(
    finding: Finding, *, reason_code: str, note: str, prescriber: str, reached_at: datetime, at: datetime
) -> Passable:
    """What the stop's row says. Malformed with every fault of what was said; Refused for a stop that is never passed."""
    if finding.tier is not Tier.HARD:
        raise Refused(Reason("no-hard-stop", f"“{finding.title}” is no hard stop", "answer it with a reason"))
    if finding.code not in passable():
        raise Refused(Reason("never-passed", f"“{finding.title}” is never passed, by anybody", finding.do))
    check(
        None if reason_code in emergency_reasons() else Fault("reason_code", f"“{reason_code}” is not in the list"),
        None if len(note.strip()) >= _figure("note_letters") else Fault("note", "say what the emergency is and what is watched"),
        said("prescriber", prescriber, "which prescriber was called?"),
        _reached(reached_at, at),
    )
    return passable()[finding.code]


def _reached(reached_at: datetime, at: datetime) -> Fault | None:
    hours = _figure("call_hours")
    if reached_at.tzinfo is None:
        return Fault("reached_at", "the time needs its zone")
    if at - timedelta(hours=hours) <= reached_at <= at:
        return None
    return Fault("reached_at", f"the prescriber was reached within the last {hours} hours")
