# SPDX-License-Identifier: Apache-2.0
"""Nursing on a claim: 99601 for a visit of up to two hours, 99602 for each further hour, past the midpoint."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openinfusion.kernel.refusal import Reason, Refused

VISIT: Final = "99601"
FURTHER_HOUR: Final = "99602"


@dataclass(frozen=True, slots=True)
class VisitRule:
    """How long the first code lasts and from how many minutes a further hour counts; a row of the contract."""

    first_minutes: int = 120
    hour_minutes: int = 60
    counts_from_minutes: int = 31


@dataclass(frozen=True, slots=True)
class VisitLine:
    code: str
    units: int


def visit_lines(minutes: int, rule: VisitRule) -> tuple[VisitLine, ...]:
    """The lines of one visit of so many minutes with the patient."""
    if minutes <= 0:
        raise Refused(Reason("no-minutes", "a visit that took no time cannot be billed"))
    whole, rest = divmod(max(minutes - rule.first_minutes, 0), rule.hour_minutes)
    further = whole + (1 if rest >= rule.counts_from_minutes else 0)
    return (VisitLine(VISIT, 1), *((VisitLine(FURTHER_HOUR, further),) if further else ()))
