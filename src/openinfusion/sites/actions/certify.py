# SPDX-License-Identifier: Apache-2.0
"""Certifications of rooms and hoods, calibrations of equipment, and the steps that take them out and back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now, today
from openinfusion.sites.actions.report import Upload, kept
from openinfusion.sites.domain.certification import HOOD_ISO, Measurements, air_changes_wanted, failings, holds_until
from openinfusion.sites.domain.cleanroom import RoomKind, RoomState
from openinfusion.sites.events import CertificationFailed
from openinfusion.sites.models import Certification, Cleanroom, Hood
from openinfusion.sites.permissions import CERTIFY
from openinfusion.sites.queries.facility import zone_of
from openinfusion.sites.queries.fitness import hood_fitness, room_facts


@action
def certify_hood(*, hood_id: UUID, certified_until: datetime, room_failed: bool, by: Actor) -> UUID:
    """Record one visit's finding about a hood and the room it stands in, with the day until which both hold.

    The short form; a report with its measurements is recorded by ``record_certification``, place by place.
    """
    by.must(CERTIFY)
    hood = lock(Hood, hood_id)
    room = lock(Cleanroom, hood.room_id)
    on = now().astimezone(ZoneInfo(zone_of(hood.site_id))).date()
    Certification.objects.create(hood=hood, certified_on=on, holds_until=certified_until, passed=True, recorded_by=by.id)
    revise(
        hood,
        "sites.hood.certify",
        "{actor} recorded that {subject} is certified until {until}; its room {room}.",
        by=by,
        noted={"until": certified_until, "room": "failed" if room_failed else "passed"},
        certified_until=certified_until,
        failed_why="",
    )
    if room_failed:
        why = f"{room.name} failed its certification of {on:%d-%b-%Y}"
        row = Certification.objects.create(room=room, certified_on=on, passed=False, failings="failed", recorded_by=by.id)
        _fail_room(room, why, row, by)
    elif room.certified_until is None or room.certified_until < certified_until or room.state == RoomState.IN_USE.value:
        Certification.objects.create(room=room, certified_on=on, holds_until=certified_until, passed=True, recorded_by=by.id)
        room.certified_until = certified_until
        room.save(update_fields=["certified_until"])
    return hood.id


@action
def record_certification(
    *,
    certified_on: date,
    certifier: str,
    report_number: str,
    measured: Measurements,
    by: Actor,
    hood_id: UUID | None = None,
    room_id: UUID | None = None,
    airflow: str = "",
    report: Upload | None = None,
) -> UUID:
    """Record a certifier's report on one hood or one room; it is judged by the figures on file as well as by their word."""
    by.must(CERTIFY)
    place: Hood | Cleanroom = lock(Hood, hood_id) if hood_id else lock(Cleanroom, _named(room_id))
    zone = zone_of(place.site_id)
    if certified_on > today(zone):
        raise Malformed(Fault("Certified on", "this day is still to come"))
    if not certifier.strip() or not report_number.strip():
        raise Malformed(Fault("Certifier", "name who certified it and the number of the report"))
    against = _failings(place, measured)
    until = holds_until(certified_on, zone)
    row = Certification.objects.create(
        **_of(place),
        certified_on=certified_on,
        holds_until=None if against else until,
        passed=not against,
        failings="; ".join(against),
        certifier=certifier.strip(),
        report_number=report_number.strip(),
        particles=measured.particles,
        smoke_passed=measured.smoke_passed,
        air_changes=measured.air_changes,
        airflow=airflow,
        report_file_id=kept(report, by),
        recorded_by=by.id,
    )
    if against:
        _failed(place, row, by)
    else:
        _passed(place, row, by)
    return row.id


def _named(room_id: UUID | None) -> UUID:
    if room_id is None:
        raise Malformed(Fault("place", "name the hood or the room"))
    return room_id


def _of(place: Hood | Cleanroom) -> dict[str, Any]:
    return {"hood": place} if isinstance(place, Hood) else {"room": place}


def _failings(place: Hood | Cleanroom, measured: Measurements) -> tuple[str, ...]:
    if isinstance(place, Hood):
        return failings(measured, HOOD_ISO, None)
    wanted = air_changes_wanted(RoomKind(place.kind), place.iso_class, place.hazardous)
    return failings(measured, place.iso_class, wanted)


def _passed(place: Hood | Cleanroom, row: Certification, by: Actor) -> None:
    """A report of an earlier day than the one in force changes nothing that is in force."""
    later = row.holds_until is not None and (place.certified_until is None or row.holds_until >= place.certified_until)
    changes: dict[str, Any] = {"certified_until": row.holds_until} if later else {}
    if isinstance(place, Hood) and later:
        changes["failed_why"] = ""
    noun = "hood" if isinstance(place, Hood) else "cleanroom"
    revise(
        place,
        f"sites.{noun}.certify",
        "{actor} recorded that {certifier} certified {subject}, which holds until {until}.",
        by=by,
        noted={"certifier": row.certifier, "until": row.holds_until, "report": row.report_number},
        **changes,
    )


def _failed(place: Hood | Cleanroom, row: Certification, by: Actor) -> None:
    if isinstance(place, Cleanroom):
        _fail_room(place, f"{place.name} failed its certification of {row.certified_on:%d-%b-%Y}: {row.failings}", row, by)
        return
    why = f"failed its certification of {row.certified_on:%d-%b-%Y}: {row.failings}"
    news = _news(place, row, f"{place.name} {why}")
    revise(
        place,
        "sites.hood.certify",
        "{actor} recorded that {subject} failed its certification: {why}.",
        by=by,
        news=[news],
        noted={"why": row.failings},
        certified_until=None,
        failed_why=why,
    )


def _fail_room(room: Cleanroom, why: str, row: Certification, by: Actor) -> None:
    """A room that fails is failed from now on; one that has failed or is closed keeps its state, with the newer reason."""
    news = [_news(room, row, why)]
    if room.state == RoomState.IN_USE.value:
        advance(room, "fail", room_facts(room, now()), by=by, reason=why, news=news, failed_why=why, certified_until=None)
        return
    sentence = "{actor} recorded that {subject} failed its certification again."
    revise(room, "sites.cleanroom.certify", sentence, by=by, reason=why, news=news, failed_why=why, certified_until=None)


def _news(place: Hood | Cleanroom, row: Certification, title: str) -> CertificationFailed:
    earlier = Certification.objects.filter(**_of(place), passed=True, certified_on__lt=row.certified_on)
    last = earlier.order_by("-certified_on").values_list("certified_on", flat=True).first()
    zone = ZoneInfo(zone_of(place.site_id))
    clear_at = datetime.combine(last, datetime.min.time(), zone) if last else place.made_at
    return CertificationFailed(
        certification_id=row.id,
        site_id=place.site_id,
        place_kind="hood" if isinstance(place, Hood) else "room",
        place_id=place.id,
        title=title,
        clear_at=clear_at,
    )


@action
def advance_hood(*, hood_id: UUID, step: str, by: Actor, reason: str = "") -> UUID:
    """Take a hood out of service, put it back, retire it."""
    hood = lock(Hood, hood_id)
    advance(hood, step, hood_fitness(hood_id, now()).hood, by=by, reason=reason)
    return hood.id


@action
def advance_room(*, room_id: UUID, step: str, by: Actor, reason: str = "") -> UUID:
    """Fail a room, clear it, close it, open it again, retire it (when no hood in it is in use)."""
    room = lock(Cleanroom, room_id)
    if step == "retire" and Hood.objects.filter(room_id=room_id).exclude(state="retired").exists():
        raise Refused(Reason("hoods-there", f"hoods stand in {room}", "retire or move them first"))
    changes: dict[str, Any] = {"fail": {"failed_why": reason.strip()}, "clear": {"failed_why": ""}, "open": {"failed_why": ""}}
    advance(room, step, room_facts(room, now()), by=by, reason=reason, **changes.get(step, {}))
    return room.id


@action
def move_hood(*, hood_id: UUID, room_id: UUID, by: Actor) -> UUID:
    """Move a hood into another room of its site. A moved hood must be certified again."""
    by.must(CERTIFY)
    hood, room = lock(Hood, hood_id), lock(Cleanroom, room_id)
    if room.site_id != hood.site_id:
        raise Refused(Reason("other-site", f"{room} is at another site"))
    sentence = "{actor} moved {subject} into {room}; it must be certified again."
    revise(hood, "sites.hood.move", sentence, by=by, noted={"room": room.name}, room=room, certified_until=None)
    return hood.id


