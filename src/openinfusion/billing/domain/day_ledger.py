# SPDX-License-Identifier: Apache-2.0
"""The ledger of per-diem days: which days are free, which rank each therapy has on a day, and whose days fall out.

A day is ranked by what the contract pays, the best first: no modifier, SH, SJ. A day that has been sent keeps its rank;
what comes later takes the next one that is free, because a claim that is out is changed by a correction only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from openinfusion.billing.domain.per_diem import CONCURRENT, Clash

CATHETER = "cath"  # catheter care is billed only on days without any other per diem


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """One entry of a day. ``key`` tells entries apart; ``is_fixed``: it has been sent, and keeps its modifier."""

    key: str
    code: str
    group: str
    rate_cents: int
    modifier: str = ""
    is_fixed: bool = False


def ranked(entries: Sequence[LedgerDay]) -> dict[str, str]:
    """The modifier of every entry of one day, by its key."""
    found = {e.key: e.modifier for e in entries if e.is_fixed}
    free = [m for m in CONCURRENT[:2] if m not in found.values()]
    for e in sorted((e for e in entries if not e.is_fixed), key=lambda e: (-e.rate_cents, e.code, e.key)):
        found[e.key] = free.pop(0) if free else CONCURRENT[2]
    return found


def open_days(
    days: Iterable[date],
    group: str,
    running: Mapping[date, Sequence[LedgerDay]],
    most_a_day: int = 0,
) -> tuple[tuple[date, ...], tuple[Clash, ...]]:
    """The days that may be entered for this group, and those that may not, each with the code that stands in the way."""
    free: list[date] = []
    clashes: list[Clash] = []
    for day in sorted(set(days)):
        there = running.get(day, ())
        same = [e for e in there if e.group == group]
        others = [e for e in there if e.group not in (group, CATHETER)]
        against = (
            same or (others if group == CATHETER else []) or (others[:1] if most_a_day and len(others) >= most_a_day else [])
        )
        if against:
            clashes.append(Clash(day, group, against[0].code))
        else:
            free.append(day)
    return tuple(free), tuple(clashes)


def displaced(entries: Sequence[LedgerDay], group: str) -> tuple[str, ...]:
    """The keys of entries that fall out when this group comes to the day: catheter care that has not been sent."""
    if group == CATHETER:
        return ()
    return tuple(e.key for e in entries if e.group == CATHETER and not e.is_fixed)


def dispensed_days(doses: int, interval_h: int) -> int:
    """How many days a delivery of so many doses lasts."""
    return int((Decimal(doses) * interval_h / 24).to_integral_value(rounding=ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Away:
    """A stay elsewhere: the day of admission is out, the day of return is in. Without a return it goes on."""

    kind: str
    admitted_on: date
    returned_on: date | None = None

    def holds(self, day: date) -> bool:
        return self.admitted_on <= day and (self.returned_on is None or day < self.returned_on)


def held_days(days: Iterable[date], stays: Iterable[Away], hold_on: Iterable[str]) -> frozenset[date]:
    """The days on which a stay of a kind that the contract names interrupts the therapy."""
    named = frozenset(hold_on)
    known = [s for s in stays if s.kind in named]
    return frozenset(d for d in days if any(s.holds(d) for s in known))
