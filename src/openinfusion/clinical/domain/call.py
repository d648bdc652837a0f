# SPDX-License-Identifier: Apache-2.0
"""A telephone call: who called, about what, what was advised; handed to whoever is on call where it must be.

An answer of the call before a delivery is one, too: it waits for one role, and the delivery waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.coded import call_topics, check, said
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Reason
from openinfusion.kernel.roles import Role


class CallState(StrEnum):
    LOGGED = "logged"
    WITH_PHARMACIST = "with_pharmacist"
    WITH_NURSE = "with_nurse"
    WITH_MANAGER = "with_manager"
    TAKEN = "taken"
    SETTLED = "settled"


class Release(StrEnum):
    """What becomes of what waits for a call: it may go, or it is held."""

    GO = "go"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """``holds``: something waits for this call; ``role``: whose turn it is where one role must answer; ``roles``: the actor's."""

    urgent: bool = False
    advice: str = ""
    holds: bool = False
    release: str = ""
    role: str = ""
    roles: frozenset[str] = frozenset()


def an_urgent_call_is_handed_on(f: CallFacts) -> Reason | None:
    if not f.urgent:
        return None
    return Reason("urgent", "a call about this is settled by the pharmacist or nurse on call", "hand it on")


def the_advice_is_written(f: CallFacts) -> Reason | None:
    return None if f.advice.strip() else Reason("no-advice", "the advice given is not written down")


def it_is_their_turn(f: CallFacts) -> Reason | None:
    if not f.role or f.role in f.roles:
        return None
    return Reason("another-role", f"this waits for a {f.role.replace('_', ' ')}")


def the_wait_is_answered(f: CallFacts) -> Reason | None:
    if not f.holds or f.release in set(Release):
        return None
    return Reason("no-release", "something waits for this call", "say whether it may go or is held")


_S = CallState
_ENDS = (it_is_their_turn, the_wait_is_answered)
_P = permissions
_WITH = (_S.WITH_PHARMACIST, _S.WITH_NURSE, _S.WITH_MANAGER)
WITH = tuple(s.value for s in _WITH)  # handed to somebody on call and not taken


def _hand_on(to: CallState) -> tuple[Step[CallState, CallFacts], ...]:
    """The steps that hand a call to the holder of one duty, from wherever it is and was not settled."""
    duty = to.removeprefix("with_")
    return tuple(
        Step(
            f"to_{duty}",
            s,
            to,
            _P.CALL_LOG.code,
            f"To the {duty} on call",
            f"{{actor}} handed {{subject}} to the {duty} on call ({{on_call}})",
            (),
            "warn",
            True,
        )
        for s in (_S.LOGGED, *_WITH, _S.TAKEN)
        if s is not to
    )


CALL: Machine[CallState, CallFacts] = Machine(
    name="clinical.call",
    initial=_S.LOGGED,
    steps=(
        Step(
            "settle",
            _S.LOGGED,
            _S.SETTLED,
            _P.CALL_LOG.code,
            "Settled",
            "{actor} settled {subject}",
            (an_urgent_call_is_handed_on, the_advice_is_written, *_ENDS),
            "ok",
        ),
        *_hand_on(_S.WITH_PHARMACIST),
        *_hand_on(_S.WITH_NURSE),
        *_hand_on(_S.WITH_MANAGER),
        *(
            Step(
                "take",
                s,
                _S.TAKEN,
                _P.CALL_TAKE.code,
                "Take the call",
                "{actor} took {subject} after {minutes} minutes",
                (),
                "info",
            )
            for s in _WITH
        ),
        Step("resolve", _S.TAKEN, _S.SETTLED, _P.CALL_TAKE.code, "Resolved", "{actor} resolved {subject}", _ENDS, "ok", True),
    ),
    owners={
        _S.LOGGED: Role.PHARMACIST,
        _S.WITH_PHARMACIST: Role.PHARMACIST,
        _S.WITH_NURSE: Role.NURSE,
        _S.WITH_MANAGER: Role.NURSE_MANAGER,
        _S.TAKEN: Role.PHARMACIST,
        _S.SETTLED: "",
    },
    tones={
        _S.LOGGED: "info",
        _S.WITH_PHARMACIST: "warn",
        _S.WITH_NURSE: "warn",
        _S.WITH_MANAGER: "crit",
        _S.TAKEN: "wait",
        _S.SETTLED: "ok",
    },
)


def check_call(topic: str, caller: str, words: str) -> None:
    """Malformed with every fault."""
    check(
        None if topic in call_topics() else Fault("topic", f"“{topic}” is not in the list of topics"),
        said("caller", caller, "who called?"),
        said("words", words, "what did the caller say?"),
    )
