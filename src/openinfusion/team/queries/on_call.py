# SPDX-License-Identifier: Apache-2.0
"""Who is on call: shifts of a span, who holds a duty at an instant and who is rung next, and the hours nobody holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.span import Span
from openinfusion.platform.models import Site
from openinfusion.team.domain.on_call import Duty, duties, gaps, line_after
from openinfusion.team.models import OnCallShift


@dataclass(frozen=True, slots=True)
class Place:
    """A site as the roster needs it."""

    id: UUID
    name: str
    kind: str
    timezone: str


@dataclass(frozen=True, slots=True)
class ShiftFact:
    """A shift that counts. ``user_id`` is the account of who holds it."""

    id: UUID
    site_id: UUID
    duty: Duty
    user_id: UUID
    name: str
    phone: str
    starts_at: datetime
    ends_at: datetime
    version: int

    def __str__(self) -> str:
        return f"{self.name}, {self.phone}"


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who holds a duty at an instant (``holder`` is None where nobody does) and who is rung after, those who are there."""

    duty: Duty
    site: str
    holder: ShiftFact | None
    then: tuple[ShiftFact, ...]

    @property
    def words(self) -> str:
        """Who is rung, or that nobody is there and who is next, in words for journal and page."""
        title = duties()[self.duty].title.lower()
        if self.holder is not None:
            return f"{title}: {self.holder}"
        if self.then:
            return f"nobody is {title} at {self.site} now; ring next: {duties()[self.then[0].duty].title.lower()} {self.then[0]}"
        return f"nobody is {title} at {self.site} now, nor in any line after; ring whoever leads the site"


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours nobody holds a duty that must be held."""

    site: Place
    duty: Duty
    span: Span


def places() -> list[Place]:
    """Every site by name."""
    return [Place(s.id, s.name, s.kind, s.timezone) for s in Site.objects.order_by("name")]


def place_of(site_id: UUID) -> Place:
    """The site; NotFound if it is not there or not yours."""
    for s in Site.objects.filter(pk=site_id):
        return Place(s.id, s.name, s.kind, s.timezone)
    raise NotFound(f"site {site_id}")


def shifts_between(first: datetime, last: datetime, site_id: UUID | None = None) -> list[ShiftFact]:
    """The shifts that count and touch [first, last), of a site or of all, by beginning."""
    found = OnCallShift.objects.filter(taken_off_at=None, starts_at__lt=last, ends_at__gt=first)
    return _facts(found if site_id is None else found.filter(site_id=site_id))


def _facts(found: Iterable[OnCallShift]) -> list[ShiftFact]:
    found = found.select_related("person").order_by("starts_at", "duty")  # type: ignore[attr-defined]
    return [
        ShiftFact(s.id, s.site_id, Duty(s.duty), s.person.user_id, s.person.name, s.phone, s.starts_at, s.ends_at, s.version)
        for s in found
    ]


def on_call_at(site_id: UUID, duty: Duty, at: datetime) -> OnCall:
    """Who holds a duty at a site at an instant, and who of the lines after."""
    there = {
        s.duty: s
        for s in _facts(
            OnCallShift.objects.filter(
                taken_off_at=None,
                site_id=site_id,
                starts_at__lte=at,
                ends_at__gt=at,
            )
        )
    }
    after = tuple(there[d] for d in line_after(duty) if d in there)
    return OnCall(duty, place_of(site_id).name, there.get(duty), after)


def gaps_of(at: datetime, site_id: UUID | None = None, until: datetime | None = None) -> list[Gap]:
    """The gaps of every duty that must be held at every pharmacy (suites have none), from an instant until another.

    Without an end each duty is looked at for as many days as its row says.
    """
    sites = [p for p in places() if p.kind == "pharmacy" and site_id in (None, p.id)]
    rules = [r for r in duties().values() if r.required]
    ends = {r.duty: until or at + timedelta(days=r.watch_days) for r in rules}
    held: dict[tuple[UUID, Duty], list[Span]] = defaultdict(list)
    for s in shifts_between(at, max(ends.values()), site_id):
        held[s.site_id, s.duty].append(Span(s.starts_at, s.ends_at))
    return [
        Gap(site, rule.duty, span)
        for site in sites
        for rule in rules
        for span in gaps(held[site.id, rule.duty], Span(at, ends[rule.duty]))
    ]
