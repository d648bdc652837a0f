# SPDX-License-Identifier: Apache-2.0
"""Viable samples: taking, incubating, counting; what a count over its level does to the hood or the room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.sites.domain.certification import HOOD_ISO
from openinfusion.sites.domain.cleanroom import RoomState
from openinfusion.sites.domain.figure import level
from openinfusion.sites.domain.sample import SampleFacts, SampleKind
from openinfusion.sites.events import SampleExceeded
from openinfusion.sites.models import Cleanroom, Hood, Sample
from openinfusion.sites.permissions import MEASURE
from openinfusion.sites.queries.facility import zone_of
from openinfusion.sites.queries.fitness import room_facts
from openinfusion.sites.queries.log import clean_since


@action
def take_sample(
    *,
    kind: SampleKind,
    spot: str,
    by: Actor,
    medium_lot: str = "",
    hood_id: UUID | None = None,
    room_id: UUID | None = None,
) -> UUID:
    """Take a sample of a hood (ISO 5) or of a room that has a class."""
    by.must(MEASURE)
    place: Hood | Cleanroom = lock(Hood, hood_id) if hood_id else lock(Cleanroom, room_id or new_id())
    iso = HOOD_ISO if isinstance(place, Hood) else place.iso_class
    if iso is None:
        raise Malformed(Fault("Place", f"{place} has no class, so nothing can be judged there"))
    if not spot.strip():
        raise Malformed(Fault("Spot", "say where exactly it was taken"))
    row = Sample.objects.create(
        **_of(place),
        site_id=place.site_id,
        kind=kind.value,
        spot=f"{place.name}, {spot.strip()}",
        iso_class=iso,
        medium_lot=medium_lot.strip(),
        taken_at=now(),
        taken_by=by.id,
        taker_name=by.name,
    )
    write(by, "sites.sample.take", row, "{actor} took the {subject}.")
    return row.id


def _of(place: Hood | Cleanroom) -> dict[str, Any]:
    return {"hood": place} if isinstance(place, Hood) else {"room": place}


@action
def advance_sample(*, sample_id: UUID, step: str, by: Actor, reason: str = "") -> UUID:
    """Incubate, move on, or void a sample. The count has its own action."""
    if step == "result":
        raise Malformed(Fault("count", "the count comes with its number"))
    row = lock(Sample, sample_id)
    changes: dict[str, dict[str, Any]] = {"incubate": {"warmed_at": now()}, "move": {"moved_at": now()}}
    advance(row, step, sample_facts(row), by=by, reason=reason, **changes.get(step, {}))
    return row.id


def sample_facts(row: Sample, count: int | None = None, genus: str = "") -> SampleFacts:
    """The facts that the rules and the buttons of a sample ask for."""
    return SampleFacts(now(), row.warmed_at, row.moved_at, count, genus, level(row.kind, row.iso_class))


@action
def count_sample(*, sample_id: UUID, count: int, by: Actor, genus: str = "") -> UUID:
    """Enter the count. Over its level a hood may not be used, a room fails or is asked about, as the row says."""
    row = lock(Sample, sample_id)
    if count < 0:
        raise Malformed(Fault("Count", "a count is 0 or more"))
    limit = level(row.kind, row.iso_class)
    over = limit.is_over(count)
    place: Hood | Cleanroom = lock(Hood, row.hood_id) if row.hood_id else lock(Cleanroom, row.room_id or new_id())
    what = f"{row.kind.capitalize()} sample of {day_of(row.taken_at, zone_of(row.site_id)):%d-%b-%Y} at {row.spot}"
    why = f"{what}: {count} is over {limit.more_than} {limit.unit}"
    clear_at = clean_since({"hood_id" if row.hood_id else "room_id": place.id}, row.taken_at, place.made_at)
    news = SampleExceeded(
        sample_id=row.id,
        site_id=row.site_id,
        place_kind="hood" if row.hood_id else "room",
        place_id=place.id,
        title=f"{why} ({genus.strip()})",
        clear_at=clear_at,
    )
    advance(
        row,
        "result",
        sample_facts(row, count, genus),
        by=by,
        news=[news] if over else [],
        noted={"count": f"{count} {limit.unit}", "verdict": f", over {limit.more_than}" if over else ", within its level"},
        count=count,
        genus=genus.strip(),
        exceeded=over,
        read_at=now(),
        read_by=by.id,
        reader_name=by.name,
    )
    if over:
        _exceeded(place, why, limit.effect, by)
    elif place.sample_why.startswith(row.kind.capitalize()) and _newest(row):
        _mark(place, "")
    return row.id


def _newest(row: Sample) -> bool:
    """Whether this was taken after every sample of its kind and place that was over its level: only then it clears."""
    over = Sample.objects.filter(hood=row.hood, room=row.room, kind=row.kind, exceeded=True)
    return not over.filter(taken_at__gte=row.taken_at).exists()


def _exceeded(place: Hood | Cleanroom, why: str, effect: str, by: Actor) -> None:
    _mark(place, why)
    if effect == "fail" and isinstance(place, Cleanroom) and place.state == RoomState.IN_USE.value:
        advance(place, "fail", room_facts(place, now()), by=by, reason=why, failed_why=f"{place.name}: {why}")


def _mark(place: Hood | Cleanroom, why: str) -> None:
    place.sample_why = why
    place.version += 1
    place.save(update_fields=["sample_why", "version"])
