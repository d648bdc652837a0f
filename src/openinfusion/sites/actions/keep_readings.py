# SPDX-License-Identifier: Apache-2.0
"""Keeping readings inside an action: rows, the room's latest pressure, and the excursions that begin, go on and end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import Max

from openinfusion.kernel.news import News
from openinfusion.platform.actor import Actor
from openinfusion.platform.rows import rows_by
from openinfusion.sites.domain.cleanroom import RoomKind
from openinfusion.sites.domain.cold_store import ColdStoreKind
from openinfusion.sites.domain.reading import Given, Measured, Range, TakenBy, cold_range, room_range
from openinfusion.sites.events import ExcursionBegan, ExcursionEnded
from openinfusion.sites.models import Cleanroom, ColdStore, Excursion, RoomReading, TemperatureReading

Place: TypeAlias = Cleanroom | ColdStore
_NONE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading with the place it is of."""

    place: Place
    given: Given

    @property
    def range(self) -> Range:
        if isinstance(self.place, ColdStore):
            return cold_range(ColdStoreKind(self.place.kind))
        return room_range(self.given.measured, RoomKind(self.place.kind), self.place.hazardous)

    @property
    def in_range(self) -> bool:
        return self.range.holds(self.given.value)


@dataclass
class Kept:
    """What was kept: how many readings, how many of them out of range, which excursions began and ended."""

    last_id: UUID = _NONE
    count: int = 0
    out: int = 0
    began: list[Excursion] = field(default_factory=list)
    ended: list[Excursion] = field(default_factory=list)


def keep(taken: Sequence[Taken], how: TakenBy, by: Actor) -> Kept:
    """Keep these readings of places that are locked; what is on record already (but for those by hand) is passed over."""
    done = Kept()
    groups: dict[tuple[UUID, Measured], list[Taken]] = defaultdict(list)
    for one in taken:
        groups[one.place.id, one.given.measured].append(one)
    for (_, measured), mine in groups.items():
        place = mine[0].place
        latest = _latest(place, measured, how)
        new = _new(mine, how)
        _store(new, how, by, done)
        _follow(place, measured, new, latest, done)
    return done


def _rows(place: Place, measured: Measured) -> Any:
    if isinstance(place, ColdStore):
        return TemperatureReading.objects.filter(cold_store=place)
    return RoomReading.objects.filter(room=place, measured=measured.value)


def _latest(place: Place, measured: Measured, how: TakenBy) -> datetime | None:
    """When the place was last read before these; by hand nothing is ever late."""
    if how is TakenBy.HAND:
        return None
    found: datetime | None = _rows(place, measured).aggregate(last=Max("at"))["last"]
    return found


def _new(mine: Sequence[Taken], how: TakenBy) -> list[Taken]:
    """In the order of time, each instant once, without those that are on record."""
    ordered = sorted({t.given.at: t for t in reversed(mine)}.values(), key=lambda t: t.given.at)
    if how is TakenBy.HAND:
        return sorted(mine, key=lambda t: t.given.at)
    instants = [t.given.at for t in ordered]
    there = set(_rows(mine[0].place, mine[0].given.measured).filter(at__in=instants).values_list("at", flat=True))
    return [t for t in ordered if t.given.at not in there]


def _store(new: Sequence[Taken], how: TakenBy, by: Actor, done: Kept) -> None:
    rows: list[Any] = []
    for t in new:
        said = {
            "at": t.given.at, "in_range": t.in_range, "action_taken": t.given.action_taken, "taken_by": how.value,
            "read_by": by.id, "reader_name": by.name,
        }  # fmt: skip
        if isinstance(t.place, ColdStore):
            rows.append(TemperatureReading(cold_store=t.place, celsius=t.given.value, **said))
        else:
            rows.append(RoomReading(room=t.place, measured=t.given.measured.value, value=t.given.value, **said))
    if rows:
        type(rows[0]).objects.bulk_create(rows)
        done.last_id = rows[-1].id
    done.count += len(rows)
    done.out += sum(not t.in_range for t in new)


def _follow(place: Place, measured: Measured, new: Sequence[Taken], latest: datetime | None, done: Kept) -> None:
    """Let excursions begin, go on and end as the readings say. Readings older than the latest known tell of the past only."""
    late = [t for t in new if latest is not None and t.given.at < latest]
    fresh = [t for t in new if latest is None or t.given.at >= latest]
    _past(place, measured, late, done)
    if not fresh:
        return
    going_on = _going_on(place, measured)
    for t in fresh:
        if going_on is None and not t.in_range:
            going_on = _begin(place, t, done)
        elif going_on is not None and t.in_range:
            going_on.ended_at = max(t.given.at, going_on.began_at)
            _save(going_on, done)
            going_on = None
        elif going_on is not None and _distance(t) > _distance(t, going_on.worst):
            going_on.worst = t.given.value
            going_on.save(update_fields=["worst"])
    last = fresh[-1]
    if isinstance(place, Cleanroom) and measured is Measured.PRESSURE:
        _mark_pressure(place, last)


def _mark_pressure(room: Cleanroom, last: Taken) -> None:
    """The room's latest pressure, as the gate asks for it."""
    if room.pressure_at is None or last.given.at >= room.pressure_at:
        room.pressure_at, room.pressure_ok = last.given.at, last.in_range
        room.version += 1
        room.save(update_fields=["pressure_at", "pressure_ok", "version"])


def _going_on(place: Place, measured: Measured) -> Excursion | None:
    kind = "cold_store" if isinstance(place, ColdStore) else "room"
    found = rows_by(Excursion, kind, place.id, order=("id",), measured=measured.value, ended_at=None)
    return found[0] if found else None


def _of(place: Place) -> dict[str, Any]:
    return {"cold_store": place} if isinstance(place, ColdStore) else {"room": place}


def _begin(place: Place, t: Taken, done: Kept, ended_at: datetime | None = None) -> Excursion:
    made = Excursion.objects.create(
        **_of(place), site_id=place.site_id, measured=t.given.measured.value, began_at=t.given.at, ended_at=ended_at,
        worst=t.given.value,
    )  # fmt: skip
    done.began.append(made)
    return made


def _save(excursion: Excursion, done: Kept) -> None:
    excursion.version += 1
    excursion.save(update_fields=["ended_at", "version"])
    done.ended.append(excursion)


def _past(place: Place, measured: Measured, late: Sequence[Taken], done: Kept) -> None:
    """Stretches out of range that come to light afterwards: each a whole excursion, from its first to its last reading."""
    stretch: list[Taken] = []
    for t in (*late, None):
        if t is not None and not t.in_range:
            stretch.append(t)
        elif stretch:
            worst = max(stretch, key=_distance)
            made = _begin(place, stretch[0], done, ended_at=stretch[-1].given.at)
            made.worst = worst.given.value
            made.save(update_fields=["worst"])
            stretch = []


def _distance(t: Taken, value: Any = None) -> Any:
    """How far a value is outside of the range of its place."""
    seen, kept = (t.given.value if value is None else value), t.range
    below = kept.low - seen if kept.low is not None else 0
    above = seen - kept.high if kept.high is not None else 0
    return max(below, above, 0)


def _title(e: Excursion) -> str:
    measured = Measured(e.measured)
    return f"{measured.value.capitalize()} of {e.cold_store or e.room} out of range: {e.worst} {measured.unit}"


def news_of(done: Kept) -> list[News]:
    """What began and what ended. One that began and ended in the same file is told twice, in this order."""
    began: list[News] = [
        ExcursionBegan(
            excursion_id=e.id,
            site_id=e.site_id,
            place_kind="cold_store" if e.cold_store_id else "room",
            place_id=e.cold_store_id or e.room_id or _NONE,
            title=_title(e),
            began_at=e.began_at,
        )
        for e in done.began
    ]
    ended = [e for e in done.began if e.ended_at and e not in done.ended] + done.ended
    return began + [ExcursionEnded(excursion_id=e.id, site_id=e.site_id, ended_at=e.ended_at) for e in ended if e.ended_at]
