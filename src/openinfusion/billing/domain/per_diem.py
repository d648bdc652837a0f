# SPDX-License-Identifier: Apache-2.0
"""Per-diem days: which calendar days a contract pays for a course, and the claim lines they make.

A day is counted once per patient and exclusivity group, whatever is re-billed. Source of the counting rules: the
national coding standard's definition (access to therapy, up to 72 hours between doses) and payers that count infusion
days; both stand in the contract, not here.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from openinfusion.kernel.span import DaySpan


class DayBasis(StrEnum):
    ACCESS = "access"
    INFUSION_DAY = "infusion_day"
    DISPENSED_DAYS = "dispensed_days"


class LineSplit(StrEnum):
    NONE = "none"
    CALENDAR_MONTH = "calendar_month"
    WEEK = "week"
    PER_DISPENSE = "per_dispense"


@dataclass(frozen=True, slots=True)
class DayRules:
    """What a contract says about days."""

    basis: DayBasis = DayBasis.ACCESS
    split: LineSplit = LineSplit.NONE
    max_interval_h: int = 72
    counts_first_day: bool = True
    counts_last_day: bool = True


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of a course: its first and last day, how often it is given, on which days, which days rest."""

    start: date
    interval_h: int
    infusion_days: frozenset[date]
    stop: date | None = None
    held_days: frozenset[date] = field(default_factory=frozenset)
    dispensed_days: int = 0


def billable_days(course: Course, rules: DayRules, span: DaySpan) -> tuple[date, ...]:
    """The days of ``span`` this contract pays for, in order."""
    last = min(span.last, course.stop) if course.stop else span.last
    first = max(span.first, course.start)
    if last < first:
        return ()
    days = [d for d in DaySpan(first, last).days() if d not in course.held_days]
    rare = rules.basis is DayBasis.ACCESS and course.interval_h > rules.max_interval_h
    if rules.basis is DayBasis.INFUSION_DAY or rare:
        days = [d for d in days if d in course.infusion_days]
    if rules.basis is DayBasis.DISPENSED_DAYS:
        days = days[:course.dispensed_days]
    if not rules.counts_first_day:
        days = [d for d in days if d != course.start]
    if not rules.counts_last_day:
        days = [d for d in days if d != course.stop]
    return tuple(days)


@dataclass(frozen=True, slots=True)
class PaidDay:
    """One day under one code, with everything at whose change a line must break."""

    day: date
    code: str
    rate_cents: int
    modifier: str = ""
    authorization: str = ""
    dispense: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One claim line: consecutive days of one kind. Units are exactly the days of the span."""

    code: str
    modifier: str
    authorization: str
    rate_cents: int
    span: DaySpan

    @property
    def units(self) -> int:
        return len(self.span)


def runs(days: Iterable[PaidDay], split: LineSplit) -> tuple[Run, ...]:
    """The days as lines: maximal runs of consecutive days, broken at every change and at the contract's boundaries."""
    ordered = sorted(days, key=lambda d: (d.code, d.day))
    groups: list[list[PaidDay]] = []
    for before, this in pairwise([None, *ordered]):
        if before is None or this is None or not _continues(before, this, split):
            groups.append([])
        if this is not None:
            groups[-1].append(this)
    return tuple(_run(group) for group in groups)


def _run(group: Sequence[PaidDay]) -> Run:
    first = group[0]
    return Run(first.code, first.modifier, first.authorization, first.rate_cents, DaySpan(first.day, group[-1].day))


def _continues(a: PaidDay, b: PaidDay, split: LineSplit) -> bool:
    same = (a.code, a.rate_cents, a.modifier, a.authorization) == (b.code, b.rate_cents, b.modifier, b.authorization)
    if not same or b.day - a.day != timedelta(days=1):
        return False
    if split is LineSplit.CALENDAR_MONTH:
        return (a.day.year, a.day.month) == (b.day.year, b.day.month)
    if split is LineSplit.WEEK:
        return a.day.isocalendar()[:2] == b.day.isocalendar()[:2]
    return split is LineSplit.NONE or a.dispense == b.dispense


CONCURRENT = ("", "SH", "SJ")


def concurrency(rates: Mapping[str, int]) -> dict[str, str]:
    """Codes running on one day, each with its modifier: the best paid has none, the next SH, all others SJ."""
    ranked = sorted(rates, key=lambda code: (-rates[code], code))
    return {code: CONCURRENT[min(n, 2)] for n, code in enumerate(ranked)}


@dataclass(frozen=True, slots=True)
class Clash:
    """A day that is already counted in the same exclusivity group."""

    day: date
    group: str
    code: str


def free_days(
    days: Iterable[date], group: str, taken: Mapping[date, str],
) -> tuple[tuple[date, ...], tuple[Clash, ...]]:
    """The days not yet in the ledger of this patient and group, and those that are, with the code that has them."""
    wanted = sorted(set(days))
    clashes = tuple(Clash(d, group, taken[d]) for d in wanted if d in taken)
    return tuple(d for d in wanted if d not in taken), clashes
