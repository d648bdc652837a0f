# SPDX-License-Identifier: Apache-2.0
"""Care of a device (cleaning, maintenance) and the days it was with a patient, for billing."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Fault, Malformed


class CareKind(StrEnum):
    CLEANING = "cleaning"
    MAINTENANCE = "maintenance"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Care:
    """What was done to a device: with which agent or by which procedure, and whether it passed."""

    kind: CareKind
    done_on: date
    how: str
    passed: bool

    def must_be_sound(self, today: date) -> None:
        faults = []
        if not self.how.strip():
            faults.append(Fault("how", "name the agent, or the procedure and its result"))
        if self.done_on > today:
            faults.append(Fault("done_on", "is in the future"))
        if faults:
            raise Malformed(*faults)


@cache
def _every() -> tuple[tuple[str, int], ...]:
    return tuple((r["form"], int(r["days"])) for r in rows(__package__, "data/maintenance.toml"))


def maintenance_due_on(form: str, done_on: date) -> date:
    """When preventive maintenance is next due for a product of this form; the general row where no other fits."""
    days = next((n for word, n in _every() if word and word in form.lower()), dict(_every())[""])
    return done_on + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Placement:
    """One stay with a patient: from the day it went out to the day it came back, or on."""

    first_on: date
    last_on: date | None = None

    def days(self, first: date, last: date) -> frozenset[date]:
        """The calendar days of this stay from a first to a last day, all included."""
        begin, end = max(self.first_on, first), min(self.last_on or last, last)
        return frozenset(begin + timedelta(days=n) for n in range((end - begin).days + 1)) if begin <= end else frozenset()


def rental_days(placements: Iterable[Placement], first: date, last: date) -> int:
    """Calendar days on which at least one device was there: two pumps on one day are one day."""
    return len(frozenset[date]().union(*(p.days(first, last) for p in placements)))
