# SPDX-License-Identifier: Apache-2.0
"""What waits at the sites, by whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.kernel.machine import shown
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import Ask, Waited, Waiting, few
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.queue import waited, whose_turn
from openinfusion.sites.domain.cleanroom import CLEANROOM, RoomState
from openinfusion.sites.domain.equipment import EQUIPMENT, EquipmentState
from openinfusion.sites.domain.figure import whole
from openinfusion.sites.domain.sample import SAMPLE, SampleState
from openinfusion.sites.models import Cleanroom, Equipment, Excursion, Hood, Sample
from openinfusion.sites.queries.due import due_at
from openinfusion.sites.queries.facility import pharmacies
from openinfusion.sites.queries.place import cold_stores_of

SOON = timedelta(days=30)
_COMPLIANCE = Role.COMPLIANCE.value


def waiting_at_sites(by: Actor, ask: Ask) -> Waited:
    """Hoods and rooms that are out, cold stores out of range, what is due within 30 days, samples to move on."""
    found = _samples(ask)
    if not ask.has(_COMPLIANCE):
        return found
    at = now()
    states = whose_turn(CLEANROOM, ask)
    found += waited(Cleanroom.objects.filter(state__in=states), ask, kind="Room", make=_rooms)
    out = Equipment.objects.filter(state__in=whose_turn(EQUIPMENT, ask))
    found += waited(out, ask, kind="Equipment", make=_equipment)
    for kind, make in (("Hood", _hoods), ("Cold store", _cold_stores), ("Facility due", _due)):
        found += few(kind, ask, at, make)
    return found


def _hoods() -> Iterator[Waiting]:
    for hood in Hood.objects.filter(state="out_of_service").select_related("site"):
        url = f"/sites/hoods/{hood.id}/"
        yield Waiting("sites", "Hood", hood.id, f"{hood.site.name}: {hood.name}", "", "out of service", "warn", _COMPLIANCE,
                      hood.made_at, url)  # fmt: skip


def _cold_stores() -> Iterator[Waiting]:
    names = {s.id: s.name for s in pharmacies()}
    going_on = {e.cold_store_id: e.began_at for e in Excursion.objects.filter(ended_at=None, cold_store__isnull=False)}
    for site_id, name in names.items():
        for store in cold_stores_of(site_id):
            if store.in_range is False:
                title = f"{name}: {store.name} at {store.last_celsius} °C"
                since = going_on.get(store.id) or store.last_at or now()
                yield Waiting("sites", "Cold store", store.id, title, "", "out of range", "crit", _COMPLIANCE, since,
                              f"/sites/cold-stores/{store.id}/")  # fmt: skip


def _due() -> Iterator[Waiting]:
    for site in pharmacies():
        zone, late = ZoneInfo(site.timezone), now().astimezone(ZoneInfo(site.timezone)).date()
        for due in due_at(site):
            if due.on is not None and due.on > late + SOON:
                continue
            state = "never done" if due.on is None else "late" if due.on <= late else f"due {due.on:%d-%b-%Y}"
            tone = "crit" if due.late(late) else "warn"
            due_on = datetime.combine(due.on, time(0), zone) if due.on else None
            yield Waiting("sites", "Facility due", site.id, f"{due.site}: {due.kind.lower()} of {due.what}", "", state, tone,
                          _COMPLIANCE, now(), due.url, due_on)  # fmt: skip


def _rooms(rows: list[Cleanroom]) -> list[Waiting]:
    return [_row("Room", r.id, r.name, shown(s := RoomState(r.state)), CLEANROOM.tone(s), CLEANROOM.owner(s), r.made_at,
                 f"/sites/rooms/{r.id}/", missing=(r.failed_why,) if r.failed_why else ()) for r in rows]  # fmt: skip


def _equipment(rows: list[Equipment]) -> list[Waiting]:
    return [_row("Equipment", r.id, r.name, shown(s := EquipmentState(r.state)), EQUIPMENT.tone(s), EQUIPMENT.owner(s),
                 r.made_at, f"/sites/equipment/{r.id}/") for r in rows]  # fmt: skip


def _row(
    kind: str, id: UUID, title: str, state: str, tone: str, owner: str, since: datetime, url: str, missing: tuple[str, ...] = ()
) -> Waiting:
    return Waiting("sites", kind, id, title, "", state, tone, owner, since, url, missing=missing)


def _samples(ask: Ask) -> Waited:
    """Samples whose band is over; what still incubates waits for nobody."""
    states = whose_turn(SAMPLE, ask)
    if not states:
        return Waited()
    at = now()
    first, second = (timedelta(hours=whole(f"incubation_{n}_hours")) for n in ("first", "second"))
    mine = Sample.objects.filter(state__in=states)
    ready = (
        mine.filter(state="taken")
        | mine.filter(state="incubating", warmed_at__lte=at - first)
        | mine.filter(state="second_band", moved_at__lte=at - second)
    )
    return waited(ready, ask, kind="Sample", since="taken_at", make=_ready)


def _ready(rows: list[Sample]) -> list[Waiting]:
    todo = {"taken": "to incubate", "incubating": "to move on", "second_band": "to count"}
    return [_row("Sample", r.id, str(r), todo[r.state], SAMPLE.tone(s := SampleState(r.state)), SAMPLE.owner(s), r.taken_at,
                 f"/sites/{r.site_id}/samples/") for r in rows]  # fmt: skip
