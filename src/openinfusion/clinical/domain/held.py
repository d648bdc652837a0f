# SPDX-License-Identifier: Apache-2.0
"""A hold parameter as it was judged: met, holding the cycle, or not to be judged."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HoldVerdict(StrEnum):
    MET = "met"
    HOLD = "hold"
    CANNOT_JUDGE = "cannot_judge"

    @property
    def tone(self) -> str:
        return {"met": "ok", "hold": "crit", "cannot_judge": "warn"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldJudged:
    """One row as it stands now. ``hard``: no override clears it."""

    test: str
    name: str
    limit: str
    verdict: HoldVerdict
    result: str  # the value with its day, or why there is none
    hard: bool
    why: str

    @property
    def kept(self) -> dict[str, str]:
        """As it is kept with the clearance."""
        return {"test": self.name, "limit": self.limit, "verdict": self.verdict.value, "text": self.result}
