# SPDX-License-Identifier: Apache-2.0
"""Views of patients: each calls at most one action."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from openinfusion.kernel.position import read_position
from openinfusion.kernel.refusal import NotFound
from openinfusion.patients import public as patients
from openinfusion.patients.permissions import READ, REGISTER
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.patients.web import forms as f
from openinfusion.patients.web import pages
from openinfusion.platform.house_day import house_zone
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, then, writes


@reads(READ.code)
def patient_list(request: Request) -> HttpResponse:
    return show(request, "patients/list.html", pages.list_page(request.GET.get("q", "")))


@reads(REGISTER.code)
def new(request: Request) -> HttpResponse:
    return show(request, "patients/new.html", pages.NewPage(f.DemographicsForm()))


def _demographics(said: dict[str, Any]) -> Demographics:
    place = Address(*(said[k] for k in ("line1", "line2", "city", "state", "zip")))
    return Demographics(
        said["family"],
        said["given"],
        said["born_on"],
        Sex(said["sex"]),
        place,
        said["phone"],
        said["email"],
        said["language"],
    )


@writes
def register(request: Request) -> HttpResponse:
    id = patients.register(demographics=_demographics(read(f.DemographicsForm, request)), by=request.actor)
    return then(request, "patients:patient", id, said="The patient is registered.")


@reads(READ.code)
def patient(request: Request, patient_id: UUID) -> HttpResponse:
    return show(request, "patients/patient.html", pages.patient_page(patient_id, request.actor))


@writes
def demographics(request: Request, patient_id: UUID) -> HttpResponse:
    said = _demographics(read(f.DemographicsForm, request))
    patients.change_demographics(patient_id=patient_id, demographics=said, by=request.actor)
    return then(request, "patients:patient", patient_id, said="Changed.")


@writes
def place(request: Request, patient_id: UUID) -> HttpResponse:
    said = read(f.PlaceForm, request)
    point = read_position(said["point"]) if said["point"].strip() else None
    patients.locate_home(patient_id=patient_id, point=point, how=said["how"], reason=said["reason"], by=request.actor)
    return then(request, "patients:patient", patient_id, said="The home is on the map." if point else "Taken off the map.")


RECORDERS = {
    "allergy": patients.record_allergy,
    "no-known-allergies": patients.record_no_known_allergies,
    "condition": patients.record_condition,
    "measurement": patients.record_measurement,
    "lab": patients.record_lab,
    "medication": patients.record_medication,
    "pregnancy": patients.record_asked,
    "line": patients.record_line,
    "coverage": patients.record_coverage,
    "home": patients.record_home_assessment,
    "contact": patients.record_contact,
    "consent": patients.record_consent,
    "document": patients.record_document,
}


@writes
def record(request: Request, patient_id: UUID, what: str) -> HttpResponse:
    """Record one thing; which action that is follows from the address."""
    if what not in RECORDERS:
        raise NotFound(what)
    said = _as_asked(patient_id, what, read(f.FORMS[what], request))
    RECORDERS[what](patient_id=patient_id, by=request.actor, **said)  # type: ignore[operator]
    return then(request, f"/patients/{patient_id}/#{what}", said="Recorded.")


def _as_asked(patient_id: UUID, what: str, said: dict[str, Any]) -> dict[str, Any]:
    if what == "coverage":
        return said | {"plan_id": UUID(said["plan_id"])}
    if what == "lab" and isinstance(said["taken_at"], datetime):
        zone = ZoneInfo(patients.timezone(patient_id) or house_zone())  # what was typed is the clock where they live
        return said | {"taken_at": said["taken_at"].replace(tzinfo=zone)}
    if what == "document":
        file = said.pop("file")
        return said | {
            "name": file.name,
            "data": file.read(),
            "media_type": file.content_type or "application/octet-stream",
        }
    return said


@writes
def in_error(request: Request, patient_id: UUID, kind: str, entry_id: UUID) -> HttpResponse:
    reason = read(StepForm, request)["reason"]
    patients.mark_entered_in_error(kind=kind, entry_id=entry_id, reason=reason, by=request.actor)
    return then(request, f"/patients/{patient_id}/#{kind}", said="Marked as entered in error.")


@writes
def medication_stop(request: Request, patient_id: UUID, medication_id: UUID) -> HttpResponse:
    patients.stop_medication(medication_id=medication_id, by=request.actor, **read(f.StopForm, request))
    return then(request, f"/patients/{patient_id}/#medication", said="Recorded.")


@writes
def line_remove(request: Request, patient_id: UUID, line_id: UUID) -> HttpResponse:
    patients.remove_line(line_id=line_id, by=request.actor, **read(f.LineRemovalForm, request))
    return then(request, f"/patients/{patient_id}/#line", said="The removal is recorded.")


@writes
def match_decide(request: Request, patient_id: UUID, match_id: UUID) -> HttpResponse:
    patients.decide_match(match_id=match_id, by=request.actor, **read(f.MatchForm, request))
    return then(request, "patients:patient", patient_id, said="Decided.")
