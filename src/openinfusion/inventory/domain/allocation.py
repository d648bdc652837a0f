# SPDX-License-Identifier: Apache-2.0
"""First expiry, first out: which lots to take for a need, and whether a choice departs from that order."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.inventory.domain.ownership import OWNED, Pool
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
    pool: Pool = OWNED


@dataclass(frozen=True, slots=True)
class Need:
    """So many packages of a product; ``lots`` are the ones in the hand, if a scan named them."""

    product_id: UUID
    quantity: Decimal
    lots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """So much from this lot in this place."""

    lot_id: UUID
    location_id: UUID
    quantity: Decimal


def first_expiry_first_out(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The order of picking: earliest expiry, then lot number, then place, so that it is the same every time."""
    return sorted(candidates, key=lambda c: (c.expires_on, c.number, c.location_id))


def allocate(
    candidates: Sequence[Candidate], need: Decimal, *, usable_until: date, pool: Pool = OWNED,
) -> list[Pick]:
    """The picks that cover a need from one pool's lots still in date on that day; Refused with how much is short.

    Other pools are never touched, however much they hold.
    """
    picks: list[Pick] = []
    left = need
    for c in first_expiry_first_out(candidates):
        if left <= 0:
            break
        if c.expires_on < usable_until or c.available <= 0 or not pool.holds(c.pool):
            continue
        take = min(left, c.available)
        picks.append(Pick(c.lot_id, c.location_id, take))
        left -= take
    if left > 0:
        raise Refused(Reason(
            "short-stock", f"short by {shown_number(left)} of {shown_number(need)} in date", "receive stock or buy",
        ))
    return picks


def allocate_in_hand(
    candidates: Sequence[Candidate], need: Need, *, usable_until: date, pool: Pool = OWNED,
) -> list[Pick]:
    """The picks from the lots that were scanned, in that order, and from no other; Refused where they do not cover it."""
    picks: list[Pick] = []
    left = need.quantity
    for number in need.lots:
        mine = [c for c in candidates if c.number == number]
        if not mine:
            raise Refused(Reason("lot-not-on-shelf", f"no lot {number} is free on the shelf", "receive it, or scan another lot"))
        against = [pool.reason_against(c.pool, number) for c in mine]
        mine = [c for c, no in zip(mine, against, strict=True) if no is None]
        if not mine:
            raise Refused(*(no for no in against[:1] if no))
        if mine[0].expires_on < usable_until:
            raise Refused(Reason("lot-expired", f"lot {number} expired on {mine[0].expires_on:%d-%b-%Y}", "quarantine it"))
        for c in mine:
            take = min(left, c.available)
            if take > 0:
                picks.append(Pick(c.lot_id, c.location_id, take))
                left -= take
    if left > 0:
        had = need.quantity - left
        said = f"of lot {', '.join(need.lots)} only {shown_number(had)} of {shown_number(need.quantity)} are free"
        raise Refused(Reason("short-lot", said, "scan a second lot as well, or correct the count"))
    return picks


def skipped(candidates: Sequence[Candidate], chosen: UUID, *, usable_until: date) -> list[Candidate]:
    """Lots that expire before the chosen one and still have stock: the ones a choice out of order passes over."""
    mine = [c for c in candidates if c.lot_id == chosen]
    if not mine:
        return []
    return [c for c in first_expiry_first_out(candidates)
            if c.available > 0 and mine[0].pool.holds(c.pool) and usable_until <= c.expires_on < mine[0].expires_on]
