# SPDX-License-Identifier: Apache-2.0
"""A break that a plan gives to a person. Nurses and drivers have them by the same rules."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True)
class PlannedBreak:
    """From when to when, and which rule asks for it. Whether it was taken nobody records."""

    starts_at: datetime
    ends_at: datetime
    why: str = ""


def break_values(breaks: Iterable[PlannedBreak]) -> list[dict[str, str]]:
    """Breaks as a row keeps them."""
    return [{"starts_at": b.starts_at.isoformat(), "ends_at": b.ends_at.isoformat(), "why": b.why} for b in breaks]


def breaks_in(held: Iterable[dict[str, str]]) -> tuple[PlannedBreak, ...]:
    """The breaks that ``break_values`` wrote."""
    return tuple(
        PlannedBreak(datetime.fromisoformat(b["starts_at"]), datetime.fromisoformat(b["ends_at"]), b["why"]) for b in held
    )


def breaks_from(held: Sequence[PlannedBreak], new: Iterable[PlannedBreak], now: datetime) -> tuple[PlannedBreak, ...]:
    """Breaks that have begun stay, those to come are the new plan's. Malformed where two overlap."""
    begun = [b for b in held if b.starts_at <= now]
    found = sorted([*begun, *(b for b in new if b not in begun)], key=lambda b: b.starts_at)
    if any(b.ends_at <= b.starts_at for b in found) or any(b.starts_at < a.ends_at for a, b in pairwise(found)):
        raise Malformed(Fault("breaks", "a break ends after it begins, and before the next one begins"))
    return tuple(found)
