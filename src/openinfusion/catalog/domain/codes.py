# SPDX-License-Identifier: Apache-2.0
"""Code sets: billing codes with the size of their unit and the days they hold, diagnoses, side-chain groups."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING

from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.standing import Source


@dataclass(frozen=True, slots=True)
class HcpcsFact:
    """One billing code. Codes of one ``exclusive_group`` never stand together for one therapy and day."""

    code: str
    text: str
    klass: str
    unit: Quantity
    unit_text: str
    exclusive_group: str
    effective_to: date | None
    source: Source

    def units(self, quantity: Quantity) -> int:
        """Whole billing units of a billed quantity, rounded up once."""
        return int((quantity / self.unit).to_integral_value(rounding=ROUND_CEILING))

    def holds_on(self, day: date) -> bool:
        return self.source.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    @property
    def per_diem(self) -> bool:
        return self.klass == "per_diem"


@dataclass(frozen=True, slots=True)
class SideChain:
    """A beta-lactam and the R1 group whose side chain it carries; ``likeness`` is identical or similar."""

    group: str
    ingredient: str
    likeness: str
    source: Source


