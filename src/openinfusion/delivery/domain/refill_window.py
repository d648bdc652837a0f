# SPDX-License-Identifier: Apache-2.0
"""When a payer lets the next supply go out: not earlier than so many days before the last one ends, not unasked."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.standing import Source, Standing


@dataclass(frozen=True, slots=True)
class RefillWindow:
    """A payer's window. ``log_items``: each item on hand is asked for and written down."""

    code: str
    payer_types: frozenset[str]
    earliest_days: int
    contact_days: int
    log_items: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Refill:
    """What a window is held against. ``first``, ``last``: the days the supply at home covers; ``percents``: the shares

    of it that plans want used up before the next one. ``counted``: whether what is on hand was asked item by item.
    """

    payer_type: str
    first: date
    last: date
    called_on: date
    arrives_on: date
    counted: bool
    percents: tuple[int, ...] = ()


@cache
def refill_windows() -> tuple[RefillWindow, ...]:
    """Every window on file."""
    return tuple(
        RefillWindow(r["code"], frozenset(r["payer_types"]), r["earliest_days"], r["contact_days"], r["log_items"],
                     Source(r["source"], r["effective_from"], Standing(r["status"])))
        for r in rows(__package__, "data/refill_windows.toml")
    )


def windows_for(payer_type: str, on: date) -> Iterator[RefillWindow]:
    """The windows that hold for payers of a type on a day."""
    return (w for w in refill_windows() if payer_type in w.payer_types and w.source.effective_from <= on)


def too_early(r: Refill, windows: Iterable[RefillWindow]) -> Iterator[Reason]:
    """Why the payer would not have this refill yet."""
    for w in windows:
        yield from _against(r, w)
    for percent in r.percents:
        used, days = max((r.arrives_on - r.first).days, 0), (r.last - r.first).days + 1
        if used * 100 < percent * days:
            day = r.first + timedelta(days=-(-percent * days // 100))
            yield Reason("refill-percent", f"the plan wants {percent} percent of the last supply used up; it will be {used} of "
                         f"{days} days", f"from {day:%d-%b-%Y}")


def _against(r: Refill, w: RefillWindow) -> Iterator[Reason]:
    earliest, contact = r.last - timedelta(days=w.earliest_days), r.last - timedelta(days=w.contact_days)
    if r.arrives_on < earliest:
        yield Reason("refill-early", f"the supply on hand lasts to {r.last:%d-%b-%Y}; this payer's refill may arrive no sooner "
                     f"than {w.earliest_days} days before", f"from {earliest:%d-%b-%Y}")
    if r.called_on < contact:
        yield Reason("refill-asked-early", f"the payer wants the need confirmed within {w.contact_days} days before the supply "
                     "ends", f"call from {contact:%d-%b-%Y}")
    if w.log_items and not r.counted:
        yield Reason("refill-not-counted", "this payer wants what is on hand asked and written down for each item",
                     "ask how many of each are left")
