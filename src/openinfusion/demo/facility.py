# SPDX-License-Identifier: Apache-2.0
"""The demonstration's facility: equipment with its calibrations, samples of two weeks, incidents in each state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from openinfusion.demo.staff import Crew, House
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.quality import public as quality
from openinfusion.sites import public as sites

SAMPLED_ON = 70  # days after the house opened


def sampling(house: House, crew: Crew) -> Iterator[None]:
    """Day by day what becomes of a round of samples of every room: taken, into the incubator, moved on, counted."""
    by, rooms = house.by(crew.technicians[0]), sites.rooms(crew.site_id)
    for _ in range(SAMPLED_ON):
        yield
    air, surface = sites.SampleKind.AIR, sites.SampleKind.SURFACE
    first, *others = [r for r in rooms if r.iso_class is not None]
    taken = [
        sites.take_sample(kind=surface, spot="work surface, centre", hood_id=crew.hoods["main"], by=by),
        sites.take_sample(kind=air, spot="by the pass-through", room_id=first.id, by=by),
        sites.take_sample(kind=surface, spot="door handle", room_id=first.id, by=by),
        *(sites.take_sample(kind=kind, spot="centre", room_id=r.id, by=by) for r in others for kind in (air, surface)),
    ]
    for step, days in (("incubate", 3), ("move", 6)):
        for sample_id in taken:
            sites.advance_sample(sample_id=sample_id, step=step, by=by)
        for _ in range(days):
            yield
    for place, sample_id in enumerate(taken):
        sites.count_sample(sample_id=sample_id, count=4 if place == 1 else 0, genus="Micrococcus" if place == 1 else "", by=by)
    sites.take_sample(kind=sites.SampleKind.AIR, spot="centre", hood_id=crew.hoods["main"], by=by)
    while True:
        yield


def equip(house: House) -> int:
    """Equipment of the first pharmacy: calibrated, due soon, and one that only warns when it lapses."""
    site_id, by, today = house.sites["north"], house.by("compliance"), house_today()
    room = next(r.id for r in sites.rooms(site_id) if not r.hazardous)
    kinds = sites.EquipmentKind
    for kind, name, days, where in (
        (kinds.SCALE, "Scale 1", 100, room),
        (kinds.COMPOUNDER, "Compounder 1", 170, room),
        (kinds.PRESSURE_GAUGE, "Gauge, buffer room", 30, room),
        (kinds.INCUBATOR, "Incubator 1", 380, None),
    ):
        made = sites.add_equipment(site_id=site_id, kind=kind, name=name, serial=f"NW-{name[:2].upper()}-7", room_id=where, by=by)
        sites.record_calibration(
            equipment_id=made,
            calibrated_on=today - timedelta(days=days),
            passed=True,
            done_by="Example Metrology LLC",
            standard="NIST weights and gauges, certificate 8841",
            by=by,
        )
    store = sites.cold_stores(site_id)[0].id
    sites.add_probe(site_id=site_id, name="Probe, refrigerator 1", cold_store_id=store, by=by)
    return 9


def troubles(house: House) -> int:
    """Four incidents opened by hand, one in each state."""
    site_id, opener, owner = house.sites["north"], house.by("technician"), house.by("compliance")
    titles = (
        "A bag leaked at its port in the hood",
        "The wrong flush was packed and found at the check",
        "A vial stood open past its hours",
        "The anteroom's door did not close by itself",
    )
    for number, title in enumerate(titles):
        id = _opened(title, now() - timedelta(days=3 + 4 * number), site_id, opener)
        if number:
            _handle(id, number, owner, house)
    return 18


def _opened(title: str, at: datetime, site_id: UUID, by: Actor) -> UUID:
    trouble = quality.Trouble(quality.IncidentKind.OTHER, title, at, site_id, ended_at=at + timedelta(hours=1))
    return quality.open_incident(trouble=trouble, by=by)


def _handle(id: UUID, how_far: int, owner: Actor, house: House) -> None:
    """As far as the number says: investigating, action planned, closed."""
    quality.own_incident(incident_id=id, owner_id=owner.id, due_on=house_today() + timedelta(days=4), by=owner)
    quality.advance_incident(incident_id=id, step="investigate", by=owner)
    if how_far < 2:
        return
    quality.name_cause(incident_id=id, kind=quality.CauseKind.METHOD, text="the step is not on the worksheet", by=owner)
    actions = [
        quality.plan_action(incident_id=id, kind=kind, text=text, owner_id=house.by("pharmacist").id, by=owner)
        for kind, text in (
            (quality.ActionKind.CORRECTIVE, "what was touched is looked through and judged"),
            (quality.ActionKind.PREVENTIVE, "the step is put on the worksheet and taught"),
        )
    ]
    quality.advance_incident(incident_id=id, step="plan", by=owner)
    if how_far < 3:
        return
    for action in actions:
        quality.do_action(action_id=action, result="done; seen to work for a week", by=house.by("pharmacist"))
    quality.advance_incident(incident_id=id, step="close", by=house.by("pharmacist", signing=True))
