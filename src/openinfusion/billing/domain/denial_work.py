# SPDX-License-Identifier: Apache-2.0
"""Working a denial: its states, its steps up to the external review, and how it ends."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openinfusion.billing.permissions import POST, WORK, WRITE_OFF
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class DenialState(StrEnum):
    OPEN = "open"
    WORKING = "working"
    APPEALED = "appealed"
    APPEALED_AGAIN = "appealed_again"
    EXTERNAL = "external_review"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    CLOSED = "closed"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True, slots=True)
class DenialFacts:
    """What the guards ask. ``level``: how many appeals were filed; ``has_packet``: one is prepared for the next level."""

    level: int = 0
    has_packet: bool = False
    due_on: date = date.max
    today: date = date.min


def a_packet_is_prepared(f: DenialFacts) -> Reason | None:
    return None if f.has_packet else Reason("no-packet", "no appeal is prepared for this level", "write the letter first")


def in_time(f: DenialFacts) -> Reason | None:
    if f.today > f.due_on:
        return Reason("too-late", f"the time for it ended on {f.due_on:%d-%b-%Y}", "ask the payer for an extension, or write off")
    return None


def _after(level: int) -> tuple[str, str]:
    return f"level-{level}", f"level {level} has not been decided yet"


def once_upheld(f: DenialFacts) -> Reason | None:
    return None if f.level == 1 else Reason(*_after(1))


def twice_upheld(f: DenialFacts) -> Reason | None:
    return None if f.level >= 2 else Reason(*_after(2))


S, W = DenialState, WORK.code
OVER = frozenset({S.CLOSED.value, S.WRITTEN_OFF.value})
_AT_PAYER = (S.APPEALED, S.APPEALED_AGAIN, S.EXTERNAL)
_NOT_OVER = tuple(s for s in S if s.value not in OVER)
_FILES = (a_packet_is_prepared, in_time)

DENIAL: Machine[DenialState, DenialFacts] = Machine(
    name="billing.denial",
    initial=S.OPEN,
    owners={
        S.OPEN: Role.BILLER, S.WORKING: Role.BILLER, S.APPEALED: "", S.APPEALED_AGAIN: "", S.EXTERNAL: "",
        S.UPHELD: Role.BILLER, S.OVERTURNED: Role.BILLER, S.CLOSED: "", S.WRITTEN_OFF: "",
    },
    tones={
        S.OPEN: "crit", S.WORKING: "warn", S.APPEALED: "move", S.APPEALED_AGAIN: "move", S.EXTERNAL: "move",
        S.UPHELD: "crit", S.OVERTURNED: "ok", S.CLOSED: "idle", S.WRITTEN_OFF: "idle",
    },
    steps=(
        Step("take", S.OPEN, S.WORKING, W, "Take it on", "{actor} took on denial {subject}", (), "primary"),
        Step("appeal", S.WORKING, S.APPEALED, W, "File the appeal", "{actor} filed an appeal against denial {subject}",
             _FILES, "primary"),
        Step("appeal_again", S.UPHELD, S.APPEALED_AGAIN, W, "File the second appeal",
             "{actor} filed the second appeal against denial {subject}", (once_upheld, *_FILES), "primary"),
        Step("ask_outside", S.UPHELD, S.EXTERNAL, W, "Ask for external review",
             "{actor} asked for external review of denial {subject}", (twice_upheld, *_FILES), "primary"),
        *(Step("uphold", s, S.UPHELD, W, "The payer stands by it", "{actor} recorded that denial {subject} was upheld", (),
               "warn", needs_reason=True) for s in _AT_PAYER),
        *(Step("overturn", s, S.OVERTURNED, W, "It is overturned", "{actor} recorded that denial {subject} was overturned", (),
               "ok", needs_reason=True) for s in _AT_PAYER),
        *(Step("close", s, S.CLOSED, W, "Close", "{actor} closed denial {subject}", (), "neutral", needs_reason=True)
          for s in (S.WORKING, S.UPHELD, S.OVERTURNED)),
        *(Step("answer", s, S.CLOSED, POST.code, "Answered again", "the payer's next answer closed denial {subject} ({actor})")
          for s in _NOT_OVER),
        *(Step("correct", s, S.CLOSED, W, "Corrected", "{actor} corrected the claim that denial {subject} refused")
          for s in _NOT_OVER),
        *(Step("write_off", s, S.WRITTEN_OFF, WRITE_OFF.code, "Written off", "{actor} wrote off what denial {subject} refused")
          for s in _NOT_OVER),
    ),
)
