# SPDX-License-Identifier: Apache-2.0
"""A finding of the scrub: what is wrong, on which SNIP level, on which line, and where it is mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from openinfusion.kernel.refusal import Reason


class Level(IntEnum):
    """The SNIP levels, and a level of our own for what only the house knows."""

    STRUCTURE = 1
    GUIDE = 2
    BALANCE = 3
    SITUATION = 4
    CODES = 5
    BUSINESS = 6
    PAYER = 7

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Level.STRUCTURE: "structure",
    Level.GUIDE: "required parts",
    Level.BALANCE: "sums",
    Level.SITUATION: "what goes together",
    Level.CODES: "code sets",
    Level.BUSINESS: "infusion billing",
    Level.PAYER: "the payer's rules",
}


class Place(StrEnum):
    """Where a finding is mended; pages make a link of it."""

    LINE = "line"
    CLAIM = "claim"
    PATIENT = "patient"
    COVERAGE = "coverage"
    THERAPY = "therapy"
    PLAN = "plan_of_treatment"
    CONTRACT = "contract"
    AUTHORIZATION = "authorization"
    SITE = "site"
    PAYER = "payer"
    SOURCE = "source"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing against a claim. A hard one keeps it from being sent; another one is told and stops nothing."""

    code: str
    level: Level
    text: str
    place: Place
    line: int = 0  # 0: the claim as a whole
    is_hard: bool = True
    clears: str = ""

    @property
    def reason(self) -> Reason:
        """As guards and pages of refusals say it."""
        return Reason(self.code, f"line {self.line}: {self.text}" if self.line else self.text, self.clears)


def kept(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as a claim keeps them."""
    return [
        {
            "code": f.code,
            "level": int(f.level),
            "text": f.text,
            "line": f.line,
            "hard": f.is_hard,
            "place": f.place.value,
            "clears": f.clears,
        }
        for f in found
    ]


def finding_of(said: dict[str, Any]) -> Finding:
    """A finding as it was kept, read back."""
    return Finding(
        said["code"], Level(said["level"]), said["text"], Place(said["place"]), said["line"], said["hard"], said["clears"]
    )
