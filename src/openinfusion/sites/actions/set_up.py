# SPDX-License-Identifier: Apache-2.0
"""Setting up: sites, rooms, hoods, cold stores, chairs, licences."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.kernel.position import Position
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.journal import write
from openinfusion.platform.models import Site
from openinfusion.sites.actions.report import Upload, kept
from openinfusion.sites.domain.cleanroom import RoomKind
from openinfusion.sites.domain.cold_store import ColdStoreKind
from openinfusion.sites.domain.licence import LASTING, LicenceKind
from openinfusion.sites.models import Chair, Cleanroom, ColdStore, Hood, Pharmacy, SiteLicence
from openinfusion.sites.permissions import FURNISH, LICENSE, SET_UP


@action
def open_site(*, name: str, kind: str, timezone: str, details: dict[str, str], by: Actor) -> UUID:
    """Open a pharmacy or a suite; ``details`` are the fields of Pharmacy."""
    by.must(SET_UP)
    site = Site.objects.create(name=name, kind=kind, timezone=timezone)
    Pharmacy.objects.create(site=site, **details)
    write(by, "sites.site.open", site, "{actor} opened the {kind} {subject}.", noted={"kind": kind})
    return site.id


@action
def locate_site(*, site_id: UUID, point: Position | None, by: Actor) -> UUID:
    """Keep where a site is on the map, from where ways of drivers and nurses are worked out; None takes it off."""
    by.must(FURNISH)
    row = Pharmacy.objects.select_for_update(of=("self",)).filter(site_id=site_id).first()
    if row is None:
        raise NotFound(f"pharmacy at {site_id}")
    text = "{actor} put {subject} on the map at {point}." if point else "{actor} took {subject} off the map."
    revise(
        row, "sites.site.locate", text, by=by, noted={"point": str(point or "")},
        latitude=point.latitude if point else None, longitude=point.longitude if point else None,
    )
    return site_id


@action
def add_room(
    *, site_id: UUID, name: str, kind: RoomKind, hazardous: bool, by: Actor, iso_class: int | None = None
) -> UUID:
    """Add a cleanroom. A buffer room or anteroom has a class; a containment area is held at negative pressure."""
    by.must(FURNISH)
    site, name = lock(Site, site_id), name.strip()
    if kind in (RoomKind.BUFFER, RoomKind.ANTE) and iso_class is None:
        raise Malformed(Fault("ISO class", f"a {kind.label} has a class: 7 or 8"))
    if kind is RoomKind.CONTAINED and not hazardous:
        raise Malformed(Fault("Hazardous", f"a {kind.label} is held at negative pressure"))
    if Cleanroom.objects.filter(site_id=site_id, name=name).exists():
        raise Malformed(Fault("Name", f"there is a room {name} at {site} already"))
    return _room(site, name, kind, hazardous, iso_class, by).id


def _room(site: Site, name: str, kind: RoomKind, hazardous: bool, iso_class: int | None, by: Actor) -> Cleanroom:
    room = Cleanroom.objects.create(site=site, name=name, kind=kind.value, hazardous=hazardous, iso_class=iso_class)
    noted = {"kind": kind.label, "class": f", ISO {iso_class}" if iso_class else ", not classified"}
    write(by, "sites.room.add", room, "{actor} added the {kind} {subject}{class}.", noted=noted)
    return room


@action
def add_hood(
    *, site_id: UUID, name: str, hazardous: bool, by: Actor, room_name: str = "", room_id: UUID | None = None
) -> UUID:
    """Add a hood in a room; it may be used once both are certified, cleaned and in range.

    Named by a name that no room has yet, the room is added too: a buffer room of ISO 7.
    """
    by.must(SET_UP)
    room = _home(site_id, room_id, room_name, hazardous, by)
    hood = Hood.objects.create(site_id=site_id, name=name, room=room, hazardous=hazardous)
    write(by, "sites.hood.add", hood, "{actor} added the hood {subject}.")
    return hood.id


def _home(site_id: UUID, room_id: UUID | None, room_name: str, hazardous: bool, by: Actor) -> Cleanroom:
    if room_id is not None:
        room = lock(Cleanroom, room_id)
        if room.site_id != site_id:
            raise Refused(Reason("other-site", f"{room} is at another site"))
        return room
    if not room_name.strip():
        raise Malformed(Fault("Room", "in which room does it stand?"))
    site = lock(Site, site_id)  # so that two hoods added at once share one room
    found = Cleanroom.objects.filter(site_id=site_id, name=room_name.strip()).first()
    return found or _room(site, room_name.strip(), RoomKind.BUFFER, hazardous, 7, by)


@action
def add_cold_store(*, site_id: UUID, name: str, kind: ColdStoreKind, by: Actor) -> UUID:
    by.must(SET_UP)
    store = ColdStore.objects.create(site_id=site_id, name=name, kind=kind.value)
    write(by, "sites.cold_store.add", store, "{actor} added the {kind} {subject}.", noted={"kind": kind.value})
    return store.id


@action
def add_chair(*, site_id: UUID, name: str, by: Actor) -> UUID:
    by.must(SET_UP)
    chair = Chair.objects.create(site_id=site_id, name=name)
    write(by, "sites.chair.add", chair, "{actor} added the chair {subject}.")
    return chair.id


@action
def record_site_licence(
    *, site_id: UUID, kind: LicenceKind, state: str, number: str, expires_on: date | None, by: Actor, file: Upload | None = None
) -> UUID:
    """Record a licence of a site, or its renewal (same kind, state and number). Only an NPI and a PTAN never expire."""
    by.must(LICENSE)
    site, state, number = lock(Site, site_id), state.strip().upper(), number.strip()
    if len(state) != 2 or not state.isalpha():
        raise Malformed(Fault("State", "two letters, such as IL"))
    if not number:
        raise Malformed(Fault("Number", "the number is missing"))
    if expires_on is None and kind not in LASTING:
        raise Malformed(Fault("Valid until", f"a {kind.label} has a last day"))
    changes = {"expires_on": expires_on} | ({"file_id": kept(file, by)} if file else {})
    row, _ = SiteLicence.objects.update_or_create(
        site=site, kind=kind.value, state_code=state, number=number, defaults=changes
    )
    noted = {"site": site.name, "until": expires_on or "for good"}
    write(by, "sites.licence.record", row, "{actor} recorded {subject} of {site}, valid until {until}.", noted=noted)
    return row.id
