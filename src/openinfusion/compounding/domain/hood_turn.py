# SPDX-License-Identifier: Apache-2.0
"""Whose hood it is: one hood for one person at a time, from the first order begun there until it is left."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from openinfusion.compounding import permissions
from openinfusion.compounding.domain.label import wall_time
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class TurnState(StrEnum):
    HELD = "held"
    FINISHED = "finished"  # nothing begun is left there
    LEFT = "left"
    HANDED_OVER = "handed_over"
    CLEARED = "cleared"  # by somebody else, because it was left without a word


@dataclass(frozen=True, slots=True)
class TurnFacts:
    """What the guards look at."""

    holder: str = ""
    mine: bool = False  # whether the one who asks holds it
    begun: tuple[str, ...] = ()  # numbers of the orders the holder has begun there
    successor_against: tuple[Reason, ...] = ()  # against the one who is to have it next


def holder_says_so(f: TurnFacts) -> Reason | None:
    if f.mine:
        return None
    return Reason("not-holder", f"{f.holder} has it", f"{f.holder} leaves it, or a pharmacist clears it")


def somebody_else_clears(f: TurnFacts) -> Reason | None:
    return Reason("own-hood", "you have it yourself", "leave it, or hand it over") if f.mine else None


def nothing_begun_is_left(f: TurnFacts) -> Reason | None:
    return Reason("still-begun", f"still begun there: {', '.join(f.begun)}", "finish it, or leave the hood") if f.begun else None


def successor_may_have_it(f: TurnFacts) -> Reason | None:
    if not f.successor_against:
        return None
    first = f.successor_against[0]
    return Reason(first.code, "; ".join(r.text for r in f.successor_against), first.clears)


_S = TurnState
_COMPOUND = permissions.COMPOUND.code

HOOD_TURN: Machine[TurnState, TurnFacts] = Machine(
    name="compounding.hood_turn",
    initial=_S.HELD,
    steps=(
        Step("finish", _S.HELD, _S.FINISHED, _COMPOUND, "Nothing is left to do there",
             "{subject} is free: {actor} ended the work there", (nothing_begun_is_left,), "move"),
        Step("leave", _S.HELD, _S.LEFT, _COMPOUND, "Leave the hood", "{actor} left {subject}", (holder_says_so,), "move"),
        Step("hand_over", _S.HELD, _S.HANDED_OVER, _COMPOUND, "Hand over", "{actor} handed {subject} over to {to}",
             (holder_says_so, successor_may_have_it), "move"),
        Step("clear", _S.HELD, _S.CLEARED, permissions.CLEAR_HOOD.code, "Clear the hood",
             "{actor} cleared {subject}, left by {holder}", (somebody_else_clears,), "warn", True),
    ),
    owners={_S.HELD: Role.PHARMACIST, _S.FINISHED: "", _S.LEFT: "", _S.HANDED_OVER: "", _S.CLEARED: ""},
    tones={_S.HELD: "move", _S.FINISHED: "idle", _S.LEFT: "idle", _S.HANDED_OVER: "idle", _S.CLEARED: "warn"},
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A hood that somebody has: who, and since when."""

    id: UUID
    hood_id: UUID
    hood_name: str
    person_id: UUID
    person: str
    taken_at: datetime
    version: int


def turn_reasons(held: tuple[Turn, ...], hood_id: UUID, actor: UUID, zone: str) -> list[Reason]:
    """Every reason why this person may not work at this hood now, of the turns that stand: who has it since when."""
    found = []
    for t in held:
        since = wall_time(t.taken_at, zone)
        if t.hood_id == hood_id and t.person_id != actor:
            clears = f"{t.person} leaves it or hands it over; a pharmacist clears a hood that was left"
            found.append(Reason("hood-taken", f"{t.person} has {t.hood_name} since {since}", clears))
        elif t.person_id == actor and t.hood_id != hood_id:
            found.append(Reason("other-hood-held", f"{t.person} still has {t.hood_name}, since {since}", "leave it first"))
    return found
