# SPDX-License-Identifier: Apache-2.0
"""Writes of the sites room: set up, certify, clean, measure, take out of service and back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.platform.models import Site
from openinfusion.sites.domain.cold_store import ColdStoreKind, band
from openinfusion.sites.models import Chair, Cleaning, ColdStore, Hood, Pharmacy, TemperatureReading
from openinfusion.sites.permissions import CERTIFY, CLEAN, MEASURE, SET_UP
from openinfusion.sites.queries import facts_of


@action
def open_site(*, name: str, kind: str, timezone: str, details: dict[str, str], by: Actor) -> UUID:
    """Open a pharmacy or a suite; ``details`` are the fields of Pharmacy."""
    by.must(SET_UP)
    site = Site.objects.create(name=name, kind=kind, timezone=timezone)
    Pharmacy.objects.create(site=site, **details)
    write(by, "sites.site.open", site, "{actor} opened the {kind} {subject}.", noted={"kind": kind})
    return site.id


@action
def add_hood(*, site_id: UUID, name: str, room_name: str, hazardous: bool, by: Actor) -> UUID:
    """Add a hood; it may be used once it is certified and cleaned."""
    by.must(SET_UP)
    hood = Hood.objects.create(site_id=site_id, name=name, room_name=room_name, hazardous=hazardous)
    write(by, "sites.hood.add", hood, "{actor} added the hood {subject}.")
    return hood.id


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
def certify_hood(*, hood_id: UUID, certified_until: datetime, room_failed: bool, by: Actor) -> UUID:
    """Record a certification of the hood and the finding about its room."""
    by.must(CERTIFY)
    hood = lock(Hood, hood_id)
    revise(
        hood,
        "sites.hood.certify",
        "{actor} recorded that {subject} is certified until {until}; its room {room}.",
        by=by,
        noted={"until": certified_until, "room": "failed" if room_failed else "passed"},
        certified_until=certified_until,
        room_failed=room_failed,
    )
    return hood.id


@action
def clean_hood(*, hood_id: UUID, agent: str, by: Actor) -> UUID:
    """Record that the hood was cleaned now."""
    by.must(CLEAN)
    hood = lock(Hood, hood_id)
    Cleaning.objects.create(hood=hood, at=now(), agent=agent, cleaned_by=by.id)
    revise(hood, "sites.hood.clean", "{actor} cleaned {subject} with {agent}.", by=by, noted={"agent": agent}, cleaned_at=now())
    return hood.id


@action
def advance_hood(*, hood_id: UUID, step: str, by: Actor, reason: str = "") -> UUID:
    """Take a hood out of service, put it back, retire it."""
    hood = lock(Hood, hood_id)
    advance(hood, step, facts_of(hood, now()), by=by, reason=reason)
    return hood.id


@action
def record_temperature(*, cold_store_id: UUID, celsius: Decimal, by: Actor, action_taken: str = "") -> UUID:
    """Record a reading; one out of range is refused without what was done about it."""
    by.must(MEASURE)
    store = lock(ColdStore, cold_store_id)
    kept = band(ColdStoreKind(store.kind))
    if not kept.holds(celsius) and not action_taken.strip():
        raise Refused(
            Reason(
                "excursion-unexplained",
                f"{celsius} °C is outside {kept.low} to {kept.high} °C: say what was done about it",
            )
        )
    reading = TemperatureReading.objects.create(
        cold_store=store,
        at=now(),
        celsius=celsius,
        in_range=kept.holds(celsius),
        action_taken=action_taken,
        read_by=by.id,
    )
    write(
        by,
        "sites.reading.record",
        store,
        "{actor} read {celsius} °C at {subject}{result}.",
        noted={"celsius": celsius, "result": "" if reading.in_range else ", out of range"},
        reason=action_taken,
    )
    return reading.id
