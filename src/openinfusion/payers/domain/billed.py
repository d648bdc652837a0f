# SPDX-License-Identifier: Apache-2.0
"""What the rules of a payer look at: the lines to be billed, what was billed before, the papers and the day."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from openinfusion.kernel.standing import Source


@dataclass(frozen=True, slots=True)
class BilledLine:
    """One line of a claim. Units may still have a fraction; whole ones are made by the payer's rounding."""

    code: str
    units: Decimal
    first: date
    last: date
    modifiers: tuple[str, ...] = ()
    place: str = "12"
    ndc11: str = ""
    description: str = ""
    single_dose: bool = False  # a drug from single-dose containers
    authorized_units: int | None = None  # what its authorization holds still; 0: no limit; None: none is there
    protein_g_per_day: Decimal | None = None
    days_supply: int | None = None
    subcutaneous: bool = False
    by_pump: bool = False
    rental_month: int | None = None

    def on(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Billed:
    """A claim as a payer's rules see it; ``before`` are lines billed earlier for the same patient."""

    therapy_class: str
    lines: tuple[BilledLine, ...]
    before: tuple[BilledLine, ...] = ()
    documents: frozenset[str] = field(default_factory=frozenset)

    @property
    def suite(self) -> bool:
        return any(line.place == SUITE for line in self.lines)


HOME, SUITE = "12", "49"  # places of service


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What a rule has against a line: in words, with the rule's own words and source."""

    kind: str
    code: str
    text: str
    rule: str
    source: Source | None
