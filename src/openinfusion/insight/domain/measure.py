# SPDX-License-Identifier: Apache-2.0
"""A measure: its figure, what it means, the bars of its chart and the rows behind it."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, the value shown, and how long it is in thousandths of the longest."""

    label: str
    shown: str
    thousandths: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure that can be opened. ``head`` and ``rows`` are the rows behind it, ``urls`` where each row leads."""

    key: str
    title: str
    figure: str
    meaning: str
    bars: tuple[Bar, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    urls: tuple[str, ...] = ()

    @property
    def chart_height(self) -> int:
        """Ten units a bar."""
        return max(len(self.bars), 1) * 10


def bars(values: Sequence[tuple[str, int, str]]) -> tuple[Bar, ...]:
    """Bars of these (label, value, shown); the longest is 1000, a negative or zero value has no length."""
    longest = max((v for _, v, _ in values), default=0)
    return tuple(Bar(label, shown, max(v, 0) * 1000 // longest if longest > 0 else 0) for label, v, shown in values)


def percent(part: int, whole: int) -> str:
    """A share to one decimal; a dash where there is nothing to divide by."""
    if not whole:
        return "–"
    return f"{_rounded(Decimal(part * 100) / whole)} %"


def days(value: Decimal) -> str:
    return f"{_rounded(value)} d"


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value, the mean of the two middle ones for an even number."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def days_sales_outstanding(open_cents: int, charged_cents: int, period_days: int) -> str:
    """How many days of charges are still owed: open balance over the daily charge of the period."""
    if charged_cents <= 0:
        return "–"
    return days(Decimal(open_cents) * period_days / charged_cents)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
