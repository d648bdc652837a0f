# SPDX-License-Identifier: Apache-2.0
"""First expiry, first out: which lots to take for a need, and whether a choice departs from that order."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Reason, Refused


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one lot has free in one place."""

    lot_id: UUID
    number: str
    location_id: UUID
    expires_on: date
    available: Decimal


@dataclass(frozen=True, slots=True)
class Pick:
    """So much from this lot in this place."""

    lot_id: UUID
    location_id: UUID
    quantity: Decimal


def first_expiry_first_out(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The order of picking: earliest expiry, then lot number, then place, so that it is the same every time."""
    return sorted(candidates, key=lambda c: (c.expires_on, c.number, c.location_id))


def allocate(candidates: Sequence[Candidate], need: Decimal, *, usable_until: date) -> list[Pick]:
    """The picks that cover a need from lots still in date on that day; Refused with how much is short."""
    picks: list[Pick] = []
    left = need
    for c in first_expiry_first_out(candidates):
        if left <= 0:
            break
        if c.expires_on < usable_until or c.available <= 0:
            continue
        take = min(left, c.available)
        picks.append(Pick(c.lot_id, c.location_id, take))
        left -= take
    if left > 0:
        raise Refused(Reason(
            "short-stock", f"short by {shown_number(left)} of {shown_number(need)} in date", "receive stock or buy",
        ))
    return picks


def skipped(candidates: Sequence[Candidate], chosen: UUID, *, usable_until: date) -> list[Candidate]:
    """Lots that expire before the chosen one and still have stock: the ones a choice out of order passes over."""
    mine = [c for c in candidates if c.lot_id == chosen]
    if not mine:
        return []
    return [c for c in first_expiry_first_out(candidates)
            if c.available > 0 and usable_until <= c.expires_on < mine[0].expires_on]
