# SPDX-License-Identifier: Apache-2.0
"""Pages of devices: by serial, with program, care, stays and history; a scan jumps to any of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from openinfusion.inventory import permissions
from openinfusion.inventory.domain.program import PROGRAM, ProgramState, differences
from openinfusion.inventory.domain.pump import PUMP, PumpState
from openinfusion.inventory.models import DeviceCare, Placement, Pump, PumpProgram
from openinfusion.inventory.queries import today_at
from openinfusion.inventory.queries.device import ordered, program_facts, pump_state_facts, settings_of
from openinfusion.inventory.web.device_forms import CareForm, ProgramForm, ReceiveForm, SettingsForm
from openinfusion.inventory.web.forms import PumpForm
from openinfusion.inventory.web.table import Choice, Entry, Page, Table, cell, facts, table
from openinfusion.patients import public as patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.therapy import public as therapy

_MOST = 300


def pumps_page(by: Actor, text: str, state: str) -> Page:
    rows = Pump.objects.select_related("product", "site").order_by("serial")
    if text:
        rows = rows.filter(Q(serial__icontains=text) | Q(product__name__icontains=text))
    if state == "due":
        rows = rows.filter(Q(maintenance_due_on__lte=house_today()) | Q(maintenance_due_on__isnull=True)).exclude(
            state__in=["retired", "lost"]
        )
    elif state:
        rows = rows.filter(state=state)
    found = list(rows[:_MOST])
    names = patients.patients([r.patient_id for r in found if r.patient_id])
    entries: tuple[Entry, ...] = ()
    if by.may(permissions.PUMP.code):
        entries = (Entry("New device", reverse("inventory:pump_receive"), "Receive", ReceiveForm()),)
    options = (("", "Every state"), ("due", "maintenance due"), *((s.value, s.value.replace("_", " ")) for s in PumpState))
    return Page(
        "Devices",
        "pumps",
        "pumps, poles and other devices by serial",
        search=text,
        choices=(Choice("state", "State", options, state),),
        links=(("CSV", f"{reverse('inventory:pumps_csv')}?q={text}&state={state}"), ("Scan to jump", reverse("inventory:jump"))),
        entries=entries,
        tables=(
            table(
                "Devices",
                ("Serial", "Device", "Site", "State", "Patient", "Maintenance due"),
                [
                    (
                        cell(r.serial, href=reverse("inventory:pump", args=[r.id]), code=True),
                        r.product.name,
                        r.site.name,
                        cell(r.state.replace("_", " "), tone=PUMP.tone(PumpState(r.state))),
                        names[r.patient_id].name if r.patient_id in names else "",
                        _due(r),
                    )
                    for r in found
                ],
                empty="No device matches",
                text="Change the filter, or receive one.",
            ),
        ),
    )


def _due(row: Pump) -> Any:
    if row.maintenance_due_on is None:
        return cell("never recorded", tone="warn")
    late = row.maintenance_due_on < house_today()
    return cell(f"{row.maintenance_due_on:%d-%b-%Y}", tone="crit" if late else "ok")


def pump_page(pump_id: UUID, by: Actor) -> Page:
    row = fetch(Pump, pump_id)
    names = patients.patients([p for p in (row.patient_id, row.last_patient_id) if p])
    state = pump_state_facts(row, today_at(row.site_id))
    program = PumpProgram.objects.filter(pump=row).exclude(state="replaced").first()
    acts = (
        *acts_of(
            PUMP,
            row.state,
            state,
            by,
            forms={s: PumpForm(auto_id=f"{s}-%s") for s in ("assign", "inspect")},
            url_for=lambda step: reverse("inventory:pump_step", args=[row.id, step]),
        ),
        *(_program_acts(program, by) if program else ()),
    )
    notices = [("crit", f"The program is not the order: {d}") for d in _differences(program)] if program else []
    return Page(
        f"{row.product.name} {row.serial}",
        "pumps",
        str(row.site),
        row.state.replace("_", " "),
        PUMP.tone(PumpState(row.state)),
        acts,
        notices=tuple(notices),
        facts=facts(
            ("Patient", _patient(names, row.patient_id)),
            ("Last patient", _patient(names, row.last_patient_id)),
            ("Maintenance due", _due(row)),
            ("Program", program.state if program else "none"),
            ("Entered by", program.enterer_name if program else ""),
            ("Checked by", program.checker_name if program else ""),
        ),
        tables=(*((_settings(program),) if program else ()), _care(row.id), _stays(row.id)),
        entries=_entries(row, by),
        lines=tuple(timeline(subject_ids=[row.id, *([program.id] if program else [])])),
    )


def _patient(names: Any, id: UUID | None) -> Any:
    return cell(names[id].name, href=f"/chart/{id}/") if id in names else ""


def _differences(program: PumpProgram) -> tuple[str, ...]:
    return differences(settings_of(program), ordered(program.prescription_id))


def _program_acts(program: PumpProgram, by: Actor) -> tuple[Act, ...]:
    if program.state != ProgramState.ENTERED.value:
        return ()
    found = acts_of(
        PROGRAM,
        program.state,
        program_facts(program, by.id),
        by,
        leave_out=frozenset({"replace"}),
        forms={"check": SettingsForm(auto_id="seen-%s")},
        url_for=lambda step: reverse("inventory:program_check", args=[program.id]),
    )
    return tuple(Act("check", "Check the program", a.url, a.tone, a.needs_reason, a.sign, a.reasons, a.form) for a in found)


def _settings(program: PumpProgram) -> Table:
    """While the check is open the settings are not shown: whoever checks reads them off the pump."""
    order = therapy.prescription(program.prescription_id)
    if program.state == ProgramState.ENTERED.value:
        return table("Program", ("Order", "Settings"), [(order.line, "hidden until a second person has read them off the pump")])
    s = settings_of(program)
    pairs = (
        ("Order", order.line),
        ("Mode", s.mode.value),
        ("Concentration", s.concentration),
        ("Rate, mL/h", s.rate_ml_per_h),
        ("Volume, mL", s.volume_ml),
        ("Every, h", s.every_hours),
        ("Bolus, mL", s.bolus_ml),
        ("Lockout, min", s.lockout_minutes),
        ("Limit in an hour, mL", s.hourly_limit_ml),
    )
    return table("Program", ("Setting", "Value"), [(name, cell(value).text) for name, value in pairs if value not in (None, 0)])


def _care(pump_id: UUID) -> Table:
    return table(
        "Care",
        ("Day", "What", "How", "Passed", "Next due", "By"),
        [
            (
                c.done_on,
                c.kind,
                c.how,
                cell("yes", tone="ok") if c.passed else cell("no", tone="crit"),
                c.next_due_on,
                c.doer_name,
            )
            for c in DeviceCare.objects.filter(pump_id=pump_id).order_by("-done_on", "-made_at")[:50]
        ],
        empty="No care on record",
        text="Record cleanings and maintenance here.",
    )


def _stays(pump_id: UUID) -> Table:
    rows = list(Placement.objects.filter(pump_id=pump_id).order_by("-first_on")[:50])
    names = patients.patients([r.patient_id for r in rows])
    return table(
        "With patients",
        ("Patient", "From", "To", "Days"),
        [
            (_patient(names, r.patient_id), r.first_on, r.last_on, ((r.last_on or house_today()) - r.first_on).days + 1)
            for r in rows
        ],
        empty="Never with a patient",
        text="Days are counted for billing from the hand-over to the return.",
    )


def _entries(row: Pump, by: Actor) -> tuple[Entry, ...]:
    found = []
    if row.state == PumpState.ASSIGNED.value and row.patient_id and by.may(permissions.PROGRAM.code):
        orders = [(o.id, o.line) for o in therapy.open_orders_of(row.patient_id) if o.verified]
        found.append(
            Entry("Program", reverse("inventory:program", args=[row.id]), "Hand to a second person", ProgramForm(orders=orders))
        )
    if by.may(permissions.PUMP.code):
        found.append(Entry("Care", reverse("inventory:pump_care", args=[row.id]), "Record", CareForm()))
    return tuple(found)
