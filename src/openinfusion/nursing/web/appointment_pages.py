# SPDX-License-Identifier: Apache-2.0
"""The page of one appointment: its lights, its place, its visit and its steps."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.kernel.machine import shown
from openinfusion.kernel.roles import Role
from openinfusion.nursing.domain.appointment import APPOINTMENT
from openinfusion.nursing.domain.appointment import AppointmentState as S
from openinfusion.nursing.domain.readiness import Ready
from openinfusion.nursing.models import Appointment
from openinfusion.nursing.permissions import REQUEST, SUITE_CARE, SUITE_PLAN
from openinfusion.nursing.queries.order import order_of
from openinfusion.nursing.queries.second import SecondFact, second_fact
from openinfusion.nursing.queries.suite import facts_of, lacking_record, lights_of, second_of
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.nursing.web.forms import SecondForm
from openinfusion.nursing.web.suite_forms import BookForm, LengthForm, MoveForm, PinForm
from openinfusion.patients.public import Banner, banner
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.sites import public as sites
from openinfusion.team.public import people
from openinfusion.therapy.public import therapy


@dataclass(frozen=True, slots=True)
class AppointmentPage:
    row: Appointment
    tone: str
    state: str
    banner: Banner
    drug: str
    order: str
    chair: str
    site: str
    zone: str
    day: date | None
    lights: tuple[Ready, ...]
    lacking: tuple[str, ...]
    acts: tuple[Act, ...]
    lines: tuple[Line, ...]
    second: SecondFact | None


def appointment_page(appointment_id: UUID, by: Actor) -> AppointmentPage:
    """One appointment."""
    row = fetch(Appointment, appointment_id)
    state, order = S(row.state), order_of(row.therapy_id, row.prescription_id)
    chairs = dict(sites.chairs(row.site_id))
    over = state in (S.DISCHARGED, S.NO_SHOW, S.CANCELLED, S.REFUSED)
    return AppointmentPage(
        row, APPOINTMENT.tone(state), shown(state), banner(row.patient_id), therapy(row.therapy_id).drug_name,
        order.line if order else "No order of this therapy is on file", chairs.get(row.chair_id, "") if row.chair_id else "",
        sites.pharmacy(row.site_id).name, str(zone_at(row.site_id)),
        row.starts_at.astimezone(zone_at(row.site_id)).date() if row.starts_at else None, () if over else lights_of(row),
        lacking_record(row.visit), (*_by_hand(row, chairs, by), *_steps(row, by)), tuple(timeline(subject_id=row.id)),
        second_fact(second) if (second := second_of(row)) else None,
    )


def _steps(row: Appointment, by: Actor) -> tuple[Act, ...]:
    return acts_of(
        APPOINTMENT, row.state, facts_of(row), by, leave_out=frozenset({"book"}),
        url_for=lambda step: reverse("nursing:appointment_step", args=[row.id, step]),
    )


def _by_hand(row: Appointment, chairs: dict[UUID, str], by: Actor) -> tuple[Act, ...]:
    """Booking, moving and saying the length: what brings data along."""
    waits, found = row.state in (S.REQUESTED.value, S.READY_CHECK.value), []
    if waits and (by.may(SUITE_PLAN.code) or by.may(SUITE_CARE.code)):
        form = LengthForm(initial={"infusion_minutes": row.infusion_minutes}, auto_id="length-%s")
        found.append(_act("length", "Say how long it takes", row, form))
    if (waits or row.state == S.BOOKED.value) and by.may(REQUEST.code) and second_of(row) is None:
        found.append(_act("second", "This appointment needs two nurses", row, SecondForm(auto_id="why-two-%s")))
    if not by.may(SUITE_PLAN.code):
        return tuple(found)
    options = {
        "chairs": [(str(id), name) for id, name in sorted(chairs.items(), key=lambda c: (len(c[1]), c[1]))],
        "nurses": [(str(p.id), p.name) for p in people(Role.NURSE) if p.home_site_id in (None, row.site_id)],
    }
    at = (row.starts_at or row.wished_at).astimezone(zone_at(row.site_id))
    here = {"starts_at": at, "chair_id": row.chair_id, "nurse_id": row.nurse, "version": row.version}
    if waits and row.infusion_minutes is not None:
        found.insert(0, _act("book", "Book", row, BookForm(initial=here, auto_id="book-%s", **options), "primary"))
    if row.pinned_at is not None and (waits or row.state == S.BOOKED.value):
        found.append(_act("free", "Take the pin off", row, None))
    elif waits or row.state == S.BOOKED.value:
        pin = PinForm(initial={"at": at}, booked=row.starts_at is not None, auto_id="pin-%s")
        found.append(_act("pin", "Pin its time", row, pin))
    if row.state == S.BOOKED.value:
        found.append(_act("move", "Move", row, MoveForm(initial=here, auto_id="move-%s", **options)))
        if row.before is not None:
            found.append(_act("undo", "Undo the last move", row, None))
    return tuple(found)


def _act(name: str, label: str, row: Appointment, form: forms.Form | None, tone: str = "neutral") -> Act:
    return Act(name, label, reverse(f"nursing:appointment_{name}", args=[row.id]), tone, form=form)
