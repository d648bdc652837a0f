# SPDX-License-Identifier: Apache-2.0
"""On which days a delivery may come: not before the payer's window opens, not after the patient has run out."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class DeliveryDays:
    """``first`` and ``last`` day that will do; ``last`` None: any later day will."""

    first: date
    last: date | None

    def within(self, first: date, last: date) -> Iterator[date]:
        """Those of the days asked about that will do; what is late already is wanted on the first of them."""
        if self.last is not None and self.last < first:
            yield first
            return
        day = max(first, self.first)
        while day <= last and (self.last is None or day <= self.last):
            yield day
            day += timedelta(days=1)


def days_for(need_by: date, not_before: date | None, runs_out_after: date | None, early: int) -> DeliveryDays:
    """The days of a delivery. ``runs_out_after``: the last day that what is at home covers, where that is known.

    A payer who lets it come only after the patient has run out is kept all the same: then it comes on the first day it may.
    """
    last = need_by if runs_out_after is None else min(need_by, runs_out_after)
    first = min(need_by - timedelta(days=early), last)
    if not_before is not None and not_before > first:
        first = not_before
    return DeliveryDays(first, max(first, last))
