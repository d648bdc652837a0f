# SPDX-License-Identifier: Apache-2.0
"""What a check found: its tier, the words, the evidence, and what to do about it."""
from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from openinfusion.kernel.standing import Source


class Tier(StrEnum):
    """hard blocks · soft needs a coded answer · cannot_judge needs a pharmacist's word · info and passed are shown."""

    HARD = "hard"
    CANNOT_JUDGE = "cannot_judge"
    SOFT = "soft"
    INFO = "info"
    PASSED = "passed"

    @property
    def tone(self) -> str:
        return {"hard": "crit", "cannot_judge": "warn", "soft": "warn", "info": "info", "passed": "ok"}[self.value]

    @property
    def needs_answer(self) -> bool:
        return self in (Tier.SOFT, Tier.CANNOT_JUDGE)


_ORDER = {tier: n for n, tier in enumerate(Tier)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of one check. ``evidence`` are the facts it rests on, so that an answer dies when they change."""

    rule: str  # allergy, duplicate, dose_range, line, stability
    code: str  # stable: allergy-same-side-chain
    tier: Tier
    title: str
    text: str
    do: str = ""  # what to do about it
    evidence: tuple[str, ...] = ()
    source: Source | None = None
    sends_back: bool = True  # a verified order goes back to the pharmacist for it, if it needs somebody

    @property
    def fingerprint(self) -> str:
        """The same finding on the same facts has the same fingerprint; other facts, another."""
        words = "\x1f".join((self.rule, self.code, self.tier.value, *self.evidence))
        return hashlib.sha256(words.encode()).hexdigest()[:32]


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Most dangerous first, then by rule."""
    return tuple(sorted(findings, key=lambda f: (_ORDER[f.tier], f.rule, f.code)))
