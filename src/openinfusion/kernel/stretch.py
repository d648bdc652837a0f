# SPDX-License-Identifier: Apache-2.0
"""A stretch of somebody's time, worked or off, and what it speaks against. Nurses and drivers are planned by the same rules."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from openinfusion.kernel.refusal import Fault, Malformed, Reason

LONGEST_DAYS = 60


class SpanKind(StrEnum):
    WORKS = "works"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a person's time, half open. ``overtime``: minutes the person stays beyond the end of a shift at most."""

    kind: SpanKind
    starts_at: datetime
    ends_at: datetime
    note: str = ""
    overtime: int = 0


def must_be_ordered(starts_at: datetime, ends_at: datetime) -> None:
    """Malformed unless it ends after it begins, within 60 days, both with their time zone."""
    ends = (("starts_at", starts_at), ("ends_at", ends_at))
    if faults := [Fault(name, "a time zone is needed") for name, at in ends if at.utcoffset() is None]:
        raise Malformed(*faults)
    if ends_at <= starts_at:
        raise Malformed(Fault("ends_at", "it ends after it begins"))
    if (ends_at - starts_at).days > LONGEST_DAYS:
        raise Malformed(Fault("ends_at", f"one entry is at most {LONGEST_DAYS} days long"))


def overlaps(kind: SpanKind, name: str, *, sick: bool = False) -> Reason:
    """Why a stretch is not planned beside another of its kind. Being ill is a kind of its own, beside any time off."""
    if sick:
        return Reason("overlaps", f"{name} is noted as ill in these hours already", "take that back first")
    words = "a shift" if kind is SpanKind.WORKS else "time off"
    return Reason("overlaps", f"{name} already has {words} planned in these hours", "end that first")


def against_off(planned: Sequence[Stretch], start: datetime, end: datetime, name: str) -> Iterator[Reason]:
    """The first time off that these hours touch."""
    for one in planned:
        if one.kind is SpanKind.OFF and one.starts_at < end and start < one.ends_at:
            note = f" ({one.note})" if one.note else ""
            yield Reason("off-then", f"{name} has that time off{note}", "choose another time or person")
            return


def against_time(planned: Sequence[Stretch], start: datetime, end: datetime, name: str, plans_shifts: bool) -> Iterator[Reason]:
    """Why a person cannot come then. ``plans_shifts``: their shifts are planned at all; where they are not, nothing is judged."""
    if off := next(against_off(planned, start, end, name), None):
        yield off
        return
    works = [s for s in planned if s.kind is SpanKind.WORKS]
    if plans_shifts and not any(_holds(s, start, end) for s in works):
        yield Reason("not-on-shift", f"{name} does not work then", "choose a time within the shift, or plan one")


def _holds(shift: Stretch, start: datetime, end: datetime) -> bool:
    """Whether these hours begin within a shift and end with it, or within the overtime that was planned with it."""
    return shift.starts_at <= start < shift.ends_at and end <= shift.ends_at + timedelta(minutes=shift.overtime)
