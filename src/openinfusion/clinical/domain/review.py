# SPDX-License-Identifier: Apache-2.0
"""The verification review of one prescription version."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.clinical import permissions
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class ReviewState(StrEnum):
    WAITING = "waiting"
    CLARIFICATION = "clarification"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """Counted on the findings as they are at this moment, never as they were."""

    hard: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    transcribed_by_actor: bool = False


def no_hard_stop_stands(f: ReviewFacts) -> Reason | None:
    if not f.hard:
        return None
    return Reason("hard-stop", f"{len(f.hard)} hard stop(s): {'; '.join(f.hard)}", "change the order")


def every_finding_is_answered(f: ReviewFacts) -> Reason | None:
    if not f.unanswered:
        return None
    text = f"{len(f.unanswered)} to answer: {'; '.join(f.unanswered)}"
    return Reason("unanswered", text, "answer each with a reason")


def verifier_did_not_transcribe(f: ReviewFacts) -> Reason | None:
    if not f.transcribed_by_actor:
        return None
    return Reason("own-transcription", "whoever transcribed the order may not verify it", "another pharmacist verifies")


_S = ReviewState

REVIEW: Machine[ReviewState, ReviewFacts] = Machine(
    name="clinical.review",
    initial=_S.WAITING,
    steps=(
        Step("verify", _S.WAITING, _S.VERIFIED, permissions.VERIFY.code, "Verify and sign",
             "{actor} verified {subject} and signed", (
                 no_hard_stop_stands, every_finding_is_answered, verifier_did_not_transcribe,
             ), "ok", sign="verified"),
        Step("clarify", _S.WAITING, _S.CLARIFICATION, permissions.VERIFY.code, "Clarify with prescriber",
             "{actor} asked the prescriber about {subject}", (), "wait", True),
        Step("answer", _S.CLARIFICATION, _S.WAITING, permissions.OPEN.code, "Prescriber answered",
             "{actor} entered the prescriber's answer about {subject}", (), "info", True),
        Step("reopen", _S.VERIFIED, _S.WAITING, permissions.VERIFY.code, "Reopen verification",
             "{actor} reopened {subject}: what was known has changed", (), "warn", True),
        *(Step("withdraw", s, _S.WITHDRAWN, permissions.OPEN.code, "Withdraw",
               "{actor} withdrew {subject}: the order ended", (), "idle", True)
          for s in (_S.WAITING, _S.CLARIFICATION, _S.VERIFIED)),
    ),
    owners={
        _S.WAITING: Role.PHARMACIST, _S.CLARIFICATION: Role.PHARMACIST, _S.VERIFIED: "", _S.WITHDRAWN: "",
    },
    tones={_S.WAITING: "info", _S.CLARIFICATION: "wait", _S.VERIFIED: "ok", _S.WITHDRAWN: "idle"},
)
