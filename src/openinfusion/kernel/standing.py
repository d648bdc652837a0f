# SPDX-License-Identifier: Apache-2.0
"""How far a clinical or regulatory figure may be trusted. Every such figure is a dated, sourced row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """sourced: read in the source named. unverified: not confirmed. signed: a pharmacist has signed it here."""

    SOURCED = "sourced"
    UNVERIFIED = "unverified"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from, since when it holds and who stands for it."""

    text: str
    effective_from: date
    standing: Standing
    signed_by: str = ""

    def __str__(self) -> str:
        mark = "" if self.standing is not Standing.UNVERIFIED else " (unverified)"
        return f"{self.text}, from {self.effective_from.isoformat()}{mark}"
