# SPDX-License-Identifier: Apache-2.0
"""Billing codes that ended, and how many units of the code that followed make one unit of the old one.

The sizes of units change under one's feet: vancomycin's 500 mg became 10 mg, so that what is billed by the old habit is
paid at a fiftieth. Nothing is converted silently: whoever bills is told the new code and the factor.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openinfusion.kernel.standing import Source


@dataclass(frozen=True, slots=True)
class CodeChange:
    """``old`` is billed up to and with ``ended``; from the day after it is ``new``, ``factor`` units for one."""

    old: str
    new: str
    factor: Decimal
    ended: date
    source: Source

    def units(self, old_units: Decimal) -> Decimal:
        return old_units * self.factor


def ended_before(code: str, day: date, changes: Iterable[CodeChange]) -> CodeChange | None:
    """The change that ended a code before a day; None while it is still billed, or where nothing is known of its end."""
    return next((c for c in changes if c.old == code and c.ended < day), None)


def too_early(code: str, day: date, changes: Iterable[CodeChange]) -> CodeChange | None:
    """The change that had not come yet on a day: before it, the old code was billed."""
    ways = [c for c in changes if c.new == code]
    return ways[0] if ways and all(day <= c.ended for c in ways) else None
