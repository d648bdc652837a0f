# SPDX-License-Identifier: Apache-2.0
"""The beyond-use date: the earliest of every limit that applies, with the limit named.

Limits: the table row for category, method and sterility test; stability; the earliest component; the facility, when it
is downgraded. Hours are elapsed hours. A component is usable through the last minute of its expiry day at the site; an
expiry that names only a month ends with that month.
"""
from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source, Standing


class Storage(StrEnum):
    ROOM = "room"
    REFRIGERATED = "refrigerated"
    FROZEN = "frozen"

    @property
    def words(self) -> str:
        return {"room": "room temperature 20–25 °C", "refrigerated": "refrigerate 2–8 °C",
                "frozen": "freeze −25 to −10 °C"}[self.value]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of data/beyond_use.csv."""

    category: int
    method: str
    nonsterile_start: str
    sterility_test: str
    hours: dict[Storage, int]
    source: Source

    def fits(self, facts: BeyondUseFacts) -> bool:
        start, test = "yes" if facts.nonsterile_start else "no", "yes" if facts.sterility_tested else "no"
        return (self.category == facts.category and self.method in ("any", facts.method)
                and self.nonsterile_start in ("any", start) and self.sterility_test == test
                and self.source.effective_from <= day_of(facts.made_at, facts.zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One lot that goes in: its name and the last day it may be used."""

    name: str
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BeyondUseFacts:
    """What the date is computed from."""

    made_at: datetime
    zone: str  # of the site
    category: int
    method: str = "aseptic"
    storage: Storage
    nonsterile_start: bool = False
    sterility_tested: bool = False
    stability_hours: int | None = None
    stability_source: str = ""
    components: tuple[Component, ...] = ()
    facility_category_limit: int | None = None  # the category the rooms are fit for, when downgraded
    facility_why: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: its name, the words that go with it, and the instant it sets."""

    name: str  # table, stability, component, facility
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BeyondUse:
    """The date, the limit that set it, and the others that were looked at."""

    at: datetime
    limit: Limit
    considered: tuple[Limit, ...]


def beyond_use(facts: BeyondUseFacts) -> BeyondUse:
    """The beyond-use date; Refused if no table row fits or nothing is left of it."""
    limits = [_table_limit(facts), *_facility_limit(facts), *_stability_limit(facts), *_component_limits(facts)]
    shortest = min(limits, key=lambda x: x.at)
    if shortest.at <= facts.made_at:
        raise Refused(Reason("nothing-left", f"no time is left: {shortest.text}", "use another lot"))
    return BeyondUse(shortest.at, shortest, tuple(sorted(limits, key=lambda x: x.at)))


def table_hours(facts: BeyondUseFacts) -> tuple[int, TableRow]:
    """The table's hours for these facts; Refused where the table has none."""
    rows = [r for r in table() if r.fits(facts)]
    if not rows:
        raise Refused(Reason(
            "no-table-row", f"no row for Category {facts.category}, {facts.method}, sterility "
            f"{'tested' if facts.sterility_tested else 'not tested'}", "change category, method or testing",
        ))
    row = max(rows, key=lambda r: r.source.effective_from)
    if facts.storage not in row.hours:
        raise Refused(Reason("no-table-row", f"Category {row.category} may not be kept: {facts.storage.words}"))
    return row.hours[facts.storage], row


def _table_limit(facts: BeyondUseFacts) -> Limit:
    hours, row = table_hours(facts)
    return Limit("table", f"Category {row.category}, {facts.storage.words}: {_span(hours)} ({row.source})",
                 _later(facts.made_at, hours))


def _facility_limit(facts: BeyondUseFacts) -> list[Limit]:
    limit = facts.facility_category_limit
    if limit is None or limit >= facts.category:
        return []
    row = next((r for r in table() if r.category == limit and facts.storage in r.hours), None)
    if row is None:
        raise Refused(Reason("facility", f"the rooms are fit for Category {limit} only, which is not kept so"))
    hours = row.hours[facts.storage]
    why = f" because {facts.facility_why}" if facts.facility_why else ""
    text = f"rooms downgraded to Category {limit}{why}: {_span(hours)}"
    return [Limit("facility", text, _later(facts.made_at, hours))]


def _stability_limit(facts: BeyondUseFacts) -> list[Limit]:
    if facts.stability_hours is None:
        return []
    source = f" ({facts.stability_source})" if facts.stability_source else ""
    text = f"stability {_span(facts.stability_hours)}{source}"
    return [Limit("stability", text, _later(facts.made_at, facts.stability_hours))]


def _component_limits(facts: BeyondUseFacts) -> list[Limit]:
    return [_expiry(c, facts.zone) for c in facts.components]


def _expiry(component: Component, zone: str) -> Limit:
    text = f"{component.name} expires {component.expires_on:%d-%b-%Y}"
    return Limit("component", text, end_of_day(component.expires_on, zone))


def as_supplied(components: Sequence[Component], zone: str) -> BeyondUse:
    """The date of what goes out as it was supplied: the earliest of its packages, and no table."""
    if not components:
        raise Refused(Reason("no-lots", "no lot was captured, so no date stands", "scan the packages"))
    limits = tuple(sorted((_expiry(c, zone) for c in components), key=lambda x: x.at))
    return BeyondUse(limits[0].at, limits[0], limits)


def end_of_day(day: date, zone: str) -> datetime:
    """The first instant after a day where the site is."""
    following = datetime.combine(day + timedelta(days=1), time(0), tzinfo=ZoneInfo(zone))
    return following.astimezone(UTC)


def last_day_of(text: str) -> date:
    """An expiry as printed: 2027-02-28, or 2027-02 for the whole month."""
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        first_of_next = date(year + month // 12, month % 12 + 1, 1)
        return first_of_next - timedelta(days=1)
    return date.fromisoformat(text)


def _later(at: datetime, hours: int) -> datetime:
    return at.astimezone(UTC) + timedelta(hours=hours)


def _span(hours: int) -> str:
    return f"{hours // 24} days" if hours > 48 and hours % 24 == 0 else f"{hours} hours"


@cache
def table() -> Sequence[TableRow]:
    """The rows of data/beyond_use.csv."""
    with (Path(__file__).parent / "data" / "beyond_use.csv").open(newline="", encoding="utf-8") as file:
        return tuple(_row(r) for r in csv.DictReader(file))


def _row(r: dict[str, str]) -> TableRow:
    hours = {s: int(r[f"{s.value}_hours"]) for s in Storage if r[f"{s.value}_hours"]}
    source = Source(r["source"], date.fromisoformat(r["effective_from"]), Standing(r["status"]))
    return TableRow(int(r["category"]), r["method"], r["nonsterile_start"], r["sterility_test"], hours, source)
