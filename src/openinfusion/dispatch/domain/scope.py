# SPDX-License-Identifier: Apache-2.0
"""What a plan is about: which people, of which sites, on which days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused

MOST_DAYS = 7


@dataclass(frozen=True, slots=True)
class PlanScope:
    """``sites``: each once, the one it was asked from first. One to seven days, ``last`` included."""

    kind: PlanKind
    sites: tuple[UUID, ...]
    first: date
    last: date

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    @property
    def is_one_day(self) -> bool:
        return self.first == self.last

    @property
    def is_one_site(self) -> bool:
        return len(self.sites) == 1


def scope_of(kind: PlanKind, site: UUID, more: Iterable[UUID], first: date, last: date | None) -> PlanScope:
    """The scope somebody asks for; Malformed where it is none."""
    last = last or first
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Malformed(Fault("last_day", f"a plan is of 1 to {MOST_DAYS} days: choose a last day from {first} on"))
    return PlanScope(kind, tuple(dict.fromkeys((site, *more))), first, last)


def one_zone(zones: Iterable[tuple[str, str]]) -> str:
    """The time zone of all the sites (name and zone each); Refused where they have several: nobody guesses whose noon it is."""
    named = list(zones)
    found = {zone for _, zone in named}
    if len(found) != 1:
        said = ", ".join(f"{name} is in {zone}" for name, zone in named)
        raise Refused(Reason("zones", f"the sites do not share a time zone: {said}", "plan sites of one time zone together"))
    return found.pop()
