# SPDX-License-Identifier: Apache-2.0
"""Outcomes, computed from the records of a period: every figure with its numerator and its denominator.

Days are calendar days, both ends included. A device-day is a day on which a patient under care has a device of that
class in place; several devices of one class on one day are one device-day (as catheter-days are counted in
surveillance). A therapy-day is a day of one course under care.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from openinfusion.clinical.domain.policy import policy

PER = 1000
TOO_FEW = "too few to tell"


@dataclass(frozen=True, slots=True)
class Days:
    """Days of one patient: a device in place, or a course under care; still running where ``last`` is None."""

    patient_id: UUID
    first: date
    last: date | None
    group: str  # the class of device, or of therapy


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date

    def cut(self, span: Days) -> tuple[date, date] | None:
        """The part of a span that lies in the period."""
        first, last = max(self.first, span.first), min(self.last, span.last or self.last)
        return (first, last) if first <= last else None


def therapy_days(courses: Iterable[Days], period: Period) -> int:
    """Days under care, course by course."""
    return sum((cut[1] - cut[0]).days + 1 for c in courses if (cut := period.cut(c)))


def device_days(devices: Iterable[Days], courses: Iterable[Days], period: Period) -> dict[str, int]:
    """Device-days by class of device: days with a device in place while any course of the patient is under care."""
    care: dict[UUID, set[date]] = {}
    for course in courses:
        care.setdefault(course.patient_id, set()).update(_days(course, period))
    worn: dict[tuple[str, UUID], set[date]] = {}
    for device in devices:
        under = care.get(device.patient_id)
        if under:
            worn.setdefault((device.group, device.patient_id), set()).update(d for d in _days(device, period) if d in under)
    found: dict[str, int] = {}
    for (group, _), days in worn.items():
        if days:
            found[group] = found.get(group, 0) + len(days)
    return found


def _days(span: Days, period: Period) -> Iterable[date]:
    cut = period.cut(span)
    if cut is None:
        return ()
    return (cut[0] + timedelta(days=n) for n in range((cut[1] - cut[0]).days + 1))


@dataclass(frozen=True, slots=True)
class Measure:
    """One outcome. ``figure`` is empty where too few days or cases stand behind it to say anything."""

    key: str
    title: str
    count: int
    of: int
    unit: str  # what the denominator counts
    figure: Decimal | None
    per: str  # "per 1,000 device-days" or "%"
    meaning: str

    @property
    def shown(self) -> str:
        if self.figure is None:
            return TOO_FEW
        return f"{self.figure} {self.per}"


def rate(key: str, title: str, count: int, days: int, unit: str, on: date, meaning: str = "") -> Measure:
    """Events per 1,000 days to two decimals; too few to tell below the least number of days."""
    enough = days >= policy("least_days", on).value
    figure = _rounded(Decimal(count) * PER / days, "0.01") if enough else None
    return Measure(key, title, count, days, unit, figure, f"per 1,000 {unit}", meaning)


def share(key: str, title: str, count: int, of: int, unit: str, on: date, meaning: str = "") -> Measure:
    """A share in per cent to one decimal; too few to tell below the least number of cases."""
    enough = of >= policy("least_courses", on).value
    figure = _rounded(Decimal(count) * 100 / of, "0.1") if enough else None
    return Measure(key, title, count, of, unit, figure, "%", meaning)


def _rounded(value: Decimal, to: str) -> Decimal:
    return value.quantize(Decimal(to), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event, as the outcomes count it."""

    patient_id: UUID
    family: str
    kind: str
    related: str
    on: date
    group: str = ""  # the class of device


def counted(events: Sequence[Happened], which: Callable[[Happened], bool]) -> int:
    return sum(1 for e in events if which(e))
