# SPDX-License-Identifier: Apache-2.0
"""What is odd about a file that could be read: on which level, in which segment, what was stated and what adds up."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Level(StrEnum):
    """How far a finding reaches."""

    ENVELOPE = "envelope"
    STRUCTURE = "structure"
    VALUE = "value"
    SERVICE = "service"
    CLAIM = "claim"
    TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True)
class Finding:
    """One oddity. ``code`` is stable for programs, ``text`` is for people; amounts only where sums disagree."""

    level: Level
    segment: int
    code: str
    subject: str
    text: str
    stated: Decimal | None = None
    computed: Decimal | None = None

    def __str__(self) -> str:
        sums = f": stated {self.stated}, computed {self.computed}" if self.stated is not None else ""
        return f"{self.subject} (segment {self.segment}): {self.text}{sums}"
