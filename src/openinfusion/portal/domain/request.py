# SPDX-License-Identifier: Apache-2.0
"""A patient's request: what they asked for or reported on their own page; somebody takes it within its time and settles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.kernel.roles import Role
from openinfusion.kernel.standing import Source, Standing
from openinfusion.portal.domain.figures import whole
from openinfusion.portal.permissions import SETTLE

LONGEST = 1000  # characters of a patient's words


class RequestState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    SETTLED = "settled"


class About(StrEnum):
    """What a request concerns; it decides on which form the patient finds it."""

    DELIVERY = "delivery"
    VISIT = "visit"
    HEALTH = "health"
    THING = "thing"


_S = RequestState
REQUEST: Machine[RequestState, None] = Machine(
    name="portal.request",
    initial=_S.OPEN,
    # whose turn it is stands on each request; pharmacists are named because health is theirs
    owners={_S.OPEN: Role.PHARMACIST, _S.TAKEN: Role.PHARMACIST, _S.SETTLED: ""},
    tones={_S.OPEN: "warn", _S.TAKEN: "info", _S.SETTLED: "ok"},
    steps=(
        Step("take", _S.OPEN, _S.TAKEN, SETTLE.code, "I take it", "{actor} took {subject}", (), "primary"),
        Step("settle", _S.OPEN, _S.SETTLED, SETTLE.code, "Settled", "{actor} settled {subject}", (), "ok", needs_reason=True),
        Step("settle", _S.TAKEN, _S.SETTLED, SETTLE.code, "Settled", "{actor} settled {subject}", (), "ok", needs_reason=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request. ``minutes``: within which somebody takes it; ``role``: in whose queue it comes."""

    code: str
    text: str
    about: About
    role: str
    minutes: int
    asks_reaction: bool
    source: Source


@cache
def kinds() -> dict[str, Kind]:
    """Every kind, in the order it is offered."""
    return {
        r["code"]: Kind(
            r["code"], r["text"], About(r["about"]), Role(r["role"]).value, r["minutes"], r["asks_reaction"],
            Source(r["source"], r["effective_from"], Standing(r["status"])),
        )
        for r in rows(__package__, "data/request_kinds.toml")
    }  # fmt: skip


def kind(code: str) -> Kind:
    """One kind; Malformed where there is none of this code."""
    if code not in kinds():
        raise Malformed(Fault("kind", "choose what it is about"))
    return kinds()[code]


@dataclass(frozen=True, slots=True)
class Sign:
    """A warning sign with which one calls 911 before one writes anything."""

    code: str
    text: str
    source: Source


@cache
def signs() -> dict[str, Sign]:
    return {
        r["code"]: Sign(r["code"], r["text"], Source(r["source"], r["effective_from"], Standing(r["status"])))
        for r in rows(__package__, "data/warning_signs.toml")
    }


def check_words(words: str, given_signs: tuple[str, ...]) -> None:
    """Malformed with every fault: nothing said, too much said, a sign that is none."""
    faults = []
    if not words.strip():
        faults.append(Fault("words", "write in your own words what it is"))
    if len(words) > LONGEST:
        faults.append(Fault("words", f"keep it under {LONGEST} characters; we call you for the rest"))
    faults += [Fault("signs", f"there is no sign “{s}”") for s in given_signs if s not in signs()]
    if faults:
        raise Malformed(*faults)


def due_at(of: Kind, is_urgent: bool, now: datetime) -> datetime:
    """Until when somebody takes it."""
    return now + timedelta(minutes=min(of.minutes, whole("urgent_minutes")) if is_urgent else of.minutes)


def role_for(of: Kind, is_reaction: bool) -> str:
    """In whose queue it comes: what may come of the medicine is the pharmacist's whatever its kind."""
    return Role.PHARMACIST.value if is_reaction else of.role
