# SPDX-License-Identifier: Apache-2.0
"""What the gate asks of hoods and their rooms: all of it in one round trip, however many hoods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.reading import Among, Reading, together
from openinfusion.sites.domain.cleanroom import RoomFacts, RoomKind, RoomState
from openinfusion.sites.domain.equipment import EquipmentFacts, EquipmentKind, EquipmentState, stops_work
from openinfusion.sites.domain.hood import HoodFacts, HoodState
from openinfusion.sites.models import Cleanroom, Equipment, Hood
from openinfusion.sites.queries.facility import zone_of

_ROOM = (
    "name", "kind", "iso_class", "hazardous", "state", "certified_until", "cleaned_at", "sporicidal_at", "pressure_at",
    "pressure_ok", "sample_why",
)  # fmt: skip
_HOODS = Reading(
    lambda among: Hood.objects.filter(among("id")),
    "id", "name", "state", "hazardous", "certified_until", "cleaned_at", "failed_why", "sample_why", "room_id",
    "room__failed_why", "site__timezone", *(f"room__{c}" for c in _ROOM),
)  # fmt: skip


def _standing(among: Among) -> Any:
    rooms = Hood.objects.filter(among("id")).values("room_id")
    return Equipment.objects.filter(room_id__in=rooms, state=EquipmentState.IN_SERVICE.value)


_EQUIPMENT = Reading(_standing, "room_id", "name", "kind", "calibrated_until")


@dataclass(frozen=True, slots=True)
class Fitness:
    """A hood with its room as the rules ask for them; ``failed_why``: why dating falls back, empty where it does not."""

    hood: HoodFacts
    room_id: UUID
    failed_why: str


def fitness_of(hood_ids: Iterable[UUID], at: datetime) -> dict[UUID, Fitness]:
    """The facts of these hoods at an instant, by id; a hood that is not yours is absent."""
    hoods, equipment = together((_HOODS, _EQUIPMENT), hood_ids)
    standing: dict[UUID, list[Any]] = defaultdict(list)
    for e in equipment:
        standing[e.room_id].append(e)
    return {h.id: _fitness(h, standing[h.room_id], at) for h in hoods}


def hood_fitness(hood_id: UUID, at: datetime) -> Fitness:
    """The facts of one hood; NotFound if it is not yours."""
    found = fitness_of([hood_id], at).get(hood_id)
    if found is None:
        raise NotFound(f"hood {hood_id}")
    return found


def _fitness(h: Any, standing: list[Any], at: datetime) -> Fitness:
    room = RoomFacts(
        h.room__name,
        RoomKind(h.room__kind),
        h.room__iso_class,
        h.room__hazardous,
        RoomState(h.room__state),
        h.room__certified_until,
        h.room__cleaned_at,
        h.room__sporicidal_at,
        h.room__pressure_at,
        h.room__pressure_ok,
        h.room__sample_why,
        at,
        h.site__timezone,
        _lapsed(standing, at, h.site__timezone),
    )
    hood = HoodFacts(
        h.name, HoodState(h.state), h.hazardous, h.certified_until, h.cleaned_at, h.failed_why, h.sample_why, room, at
    )
    failed = room.state is RoomState.FAILED
    return Fitness(hood, h.room_id, h.room__failed_why if failed else "")


def _lapsed(standing: Iterable[Any], at: datetime, zone: str) -> tuple[str, ...]:
    today = at.astimezone(ZoneInfo(zone)).date()

    def facts(e: Any) -> EquipmentFacts:
        return EquipmentFacts(e.name, EquipmentKind(e.kind), EquipmentState.IN_SERVICE, e.calibrated_until, today)

    return tuple(sorted(e.name for e in standing if stops_work(facts(e))))


def room_facts(room: Cleanroom, at: datetime) -> RoomFacts:
    """The facts that the rules and the buttons of a room ask for."""
    zone = zone_of(room.site_id)
    standing = Equipment.objects.filter(room_id=room.id, state=EquipmentState.IN_SERVICE.value)
    return RoomFacts(
        room.name,
        RoomKind(room.kind),
        room.iso_class,
        room.hazardous,
        RoomState(room.state),
        room.certified_until,
        room.cleaned_at,
        room.sporicidal_at,
        room.pressure_at,
        room.pressure_ok,
        room.sample_why,
        at,
        zone,
        _lapsed(standing, at, zone),
    )
