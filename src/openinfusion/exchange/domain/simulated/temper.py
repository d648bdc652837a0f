# SPDX-License-Identifier: Apache-2.0
"""How a simulated payer behaves: shares out of a hundred, and delays; each fate follows from the seed and a number."""
from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Temper:
    """Shares in per cent. ``seed`` makes another world; the same seed makes the same one."""

    seed: int = 0
    files_rejected: int = 3  # 999 R
    claims_rejected_by_house: int = 4  # 277CA of the clearing house
    claims_rejected_by_payer: int = 3  # 277CA of the payer
    unanswered: int = 5  # the answer never comes
    late: int = 15  # it comes three times as late
    in_two_parts: int = 20  # a remittance that pays a part of its claims first
    unknown_members: int = 6
    inactive_members: int = 6
    denied_requests: int = 10
    pended_requests: int = 15
    partial_requests: int = 15

    def roll(self, subject: str, what: str) -> int:
        """A number from 0 to 99 that belongs to this subject and question alone."""
        return int(hashlib.sha256(f"{self.seed}|{what}|{subject}".encode()).hexdigest(), 16) % 100

    def happens(self, subject: str, what: str, share: int) -> bool:
        return self.roll(subject, what) < share

    def delay(self, subject: str, usual: timedelta) -> timedelta:
        """How long it takes: the usual time and up to a quarter more, or three times as long where it is late."""
        factor = 3 if self.happens(subject, "late", self.late) else 1
        return usual * factor + usual / 4 * self.roll(subject, "delay") / 100
