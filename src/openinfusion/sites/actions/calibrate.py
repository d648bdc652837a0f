# SPDX-License-Identifier: Apache-2.0
"""Equipment: adding it, its calibrations, taking it out and back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import today
from openinfusion.platform.journal import write
from openinfusion.platform.models import Site
from openinfusion.sites.actions.report import Upload, kept
from openinfusion.sites.domain.equipment import EquipmentKind, EquipmentState, due_on
from openinfusion.sites.models import Calibration, Cleanroom, ColdStore, Equipment
from openinfusion.sites.permissions import CERTIFY, FURNISH
from openinfusion.sites.queries.facility import zone_of
from openinfusion.sites.queries.place import equipment_facts


@action
def add_equipment(
    *,
    site_id: UUID,
    kind: EquipmentKind,
    name: str,
    by: Actor,
    serial: str = "",
    room_id: UUID | None = None,
    cold_store_id: UUID | None = None,
) -> UUID:
    """Add a piece of equipment; until it is calibrated it stops the work of its room where the rule says so."""
    by.must(FURNISH)
    site, name = lock(Site, site_id), name.strip()
    if not name or Equipment.objects.filter(site_id=site_id, name=name).exists():
        raise Malformed(Fault("Name", f"give it a name that no equipment at {site} has"))
    for place in [lock(Cleanroom, room_id)] if room_id else [lock(ColdStore, cold_store_id)] if cold_store_id else []:
        if place.site_id != site_id:
            raise Refused(Reason("other-site", f"{place} is at another site"))
    row = Equipment.objects.create(
        site=site, kind=kind.value, name=name, serial=serial.strip(), room_id=room_id, cold_store_id=cold_store_id
    )
    write(by, "sites.equipment.add", row, "{actor} added the {kind} {subject}.", noted={"kind": kind.value.replace("_", " ")})
    return row.id


@action
def record_calibration(
    *,
    equipment_id: UUID,
    calibrated_on: date,
    passed: bool,
    done_by: str,
    standard: str,
    by: Actor,
    note: str = "",
    report: Upload | None = None,
) -> UUID:
    """Record a calibration against a traceable standard. One that failed takes the equipment out of service."""
    by.must(CERTIFY)
    row = lock(Equipment, equipment_id)
    here = today(zone_of(row.site_id))
    if calibrated_on > here:
        raise Malformed(Fault("Calibrated on", "this day is still to come"))
    if not done_by.strip() or not standard.strip():
        raise Malformed(Fault("Standard", "name who did it and the traceable standard"))
    if not passed and not note.strip():
        raise Malformed(Fault("Note", "say what it showed"))
    Calibration.objects.create(
        equipment=row,
        calibrated_on=calibrated_on,
        passed=passed,
        done_by=done_by.strip(),
        standard=standard.strip(),
        note=note.strip(),
        report_file_id=kept(report, by),
        recorded_by=by.id,
    )
    due = due_on(EquipmentKind(row.kind), calibrated_on) if passed else None
    if passed and row.calibrated_until is not None and due is not None and due < row.calibrated_until:
        due = row.calibrated_until  # an older record, entered later
    sentence = "{actor} recorded that {subject} {result} its calibration of {on}."
    noted = {"result": "passed" if passed else "failed", "on": calibrated_on, "standard": standard.strip()}
    revise(row, "sites.equipment.calibrate", sentence, by=by, reason=note, noted=noted, calibrated_until=due)
    if not passed and row.state == EquipmentState.IN_SERVICE.value:
        advance(row, "take_out", equipment_facts(row, here), by=by, reason=f"failed its calibration: {note.strip()}")
    return row.id


@action
def advance_equipment(*, equipment_id: UUID, step: str, by: Actor, reason: str = "") -> UUID:
    """Take equipment out of service, put it back, retire it."""
    row = lock(Equipment, equipment_id)
    advance(row, step, equipment_facts(row, today(zone_of(row.site_id))), by=by, reason=reason)
    return row.id
