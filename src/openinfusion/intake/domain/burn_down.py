# SPDX-License-Identifier: Apache-2.0
"""How an authorization is used up: units approved, given, scheduled and left, and the day on which it runs out."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Use:
    """Units of a code on a day: given, or only scheduled."""

    code: str
    day: date
    units: Decimal


@dataclass(frozen=True, slots=True)
class CodeBurn:
    """One code. ``approved`` 0 means without a limit; ``runs_out_on`` is the first day that is not covered any more."""

    code: str
    approved: int
    given: Decimal
    scheduled: Decimal
    runs_out_on: date | None

    @property
    def left(self) -> Decimal | None:
        """Units that are neither given nor scheduled; below zero where more is scheduled than approved. None: no limit."""
        return None if not self.approved else self.approved - self.given - self.scheduled

    @property
    def over(self) -> bool:
        return self.left is not None and self.left < 0


@dataclass(frozen=True, slots=True)
class BurnDown:
    """All codes; ``runs_out_on`` is the first day not covered, by units or by the last day of the authorization."""

    codes: tuple[CodeBurn, ...]
    ends_on: date | None
    runs_out_on: date | None
    why: str


def burn_down(
    approved: Mapping[str, int], given: Iterable[Use], scheduled: Sequence[Use], last: date | None, needed_until: date | None,
) -> BurnDown:
    """Units by code, day after day: what is given first, then what is scheduled, until one is not covered.

    ``needed_until`` is the last day of the course; an authorization that outlasts it does not run out.
    """
    done, ahead = list(given), sorted(scheduled, key=lambda u: u.day)
    codes = tuple(
        _code(code, units, [u for u in done if u.code == code], [u for u in ahead if u.code == code])
        for code, units in approved.items()
    )
    by_units = min((c.runs_out_on for c in codes if c.runs_out_on), default=None)
    by_days = last + timedelta(days=1) if last is not None and (needed_until is None or needed_until > last) else None
    if by_units is not None and (by_days is None or by_units <= by_days):
        code = next(c.code for c in codes if c.runs_out_on == by_units)
        return BurnDown(codes, last, by_units, f"the units of {code} are used up")
    return BurnDown(codes, last, by_days, "its last day has passed" if by_days else "")


def _code(code: str, approved: int, given: list[Use], scheduled: list[Use]) -> CodeBurn:
    used = sum((u.units for u in given), Decimal(0))
    ahead, out = Decimal(0), None
    for use in scheduled:
        ahead += use.units
        if approved and used + ahead > approved and out is None:
            out = use.day
    if approved and used > approved and given:
        out = max(u.day for u in given)
    return CodeBurn(code, approved, used, ahead, out)
