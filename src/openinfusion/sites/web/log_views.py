# SPDX-License-Identifier: Apache-2.0
"""Views of a site's lists: rounds of readings, cleanings, samples, equipment, probes, licences."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.http import HttpResponse

from openinfusion.kernel.quantity import parse_decimal
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.api import token_digest
from openinfusion.platform.clock import now
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, then, writes
from openinfusion.sites.actions.calibrate import add_equipment, advance_equipment, record_calibration
from openinfusion.sites.actions.clean import record_cleaning
from openinfusion.sites.actions.measure import import_readings, record_round
from openinfusion.sites.actions.probe import add_probe, give_token, take_token
from openinfusion.sites.actions.sample import advance_sample, count_sample, take_sample
from openinfusion.sites.actions.set_up import record_site_licence
from openinfusion.sites.domain.cleaning import CleaningKind
from openinfusion.sites.domain.equipment import EquipmentKind
from openinfusion.sites.domain.licence import LicenceKind
from openinfusion.sites.domain.reading import Given, Measured
from openinfusion.sites.domain.sample import SampleKind
from openinfusion.sites.permissions import READ
from openinfusion.sites.web import log_pages, place_pages
from openinfusion.sites.web.forms import (
    CalibrationForm,
    CleaningRoundForm,
    CountForm,
    EquipmentForm,
    LicenceForm,
    ProbeForm,
    ReadingsFileForm,
    SampleForm,
    place_of,
    upload,
)


@reads(READ.code)
def round_sheet(request: Request, site_id: UUID) -> HttpResponse:
    """The sheet a technician fills on a tablet, room by room."""
    return show(request, "sites/round.html", log_pages.round_page(site_id))


@writes
def round_record(request: Request, site_id: UUID) -> HttpResponse:
    record_round(site_id=site_id, readings=_round(request, site_id), by=request.actor)
    return then(request, "sites:site", site_id, said="The readings are recorded.")


def _round(request: Request, site_id: UUID) -> list[Given]:
    """What was filled in; a field left empty was not read. Malformed names every value that is no number."""
    found: list[Given] = []
    faults: list[Fault] = []
    at = now()
    for point in log_pages.points_of(site_id):
        typed = request.POST.get(point.name, "").strip()
        if not typed:
            continue
        measured, _, place = point.name.partition(":")
        try:
            value = parse_decimal(typed[:40], field=f"{point.place}, {point.measured}")
        except Malformed as no:
            faults += no.faults
        else:
            done = request.POST.get(f"action:{point.name}", "").strip()[:500]
            found.append(Given(place, Measured(measured), value, at, done))
    if not found and not faults:
        faults.append(Fault("", "nothing is filled in"))
    if faults:
        raise Malformed(*faults)
    return found


@writes
def readings_file(request: Request, site_id: UUID) -> HttpResponse:
    file = read(ReadingsFileForm, request)["file"]
    new = import_readings(site_id=site_id, data=file.read(), by=request.actor)
    return then(request, "sites:site", site_id, said=f"{new} new readings were taken in.")


@reads(READ.code)
def cleaning(request: Request, site_id: UUID) -> HttpResponse:
    return show(request, "sites/cleaning.html", log_pages.cleaning_page(site_id, request.actor))


@writes
def cleaning_record(request: Request, site_id: UUID) -> HttpResponse:
    said = read(CleaningRoundForm, request, places=log_pages.places(site_id))
    chosen = [place_of(choice) for choice in said["places"]]
    record_cleaning(
        site_id=site_id,
        agent=said["agent"],
        kind=CleaningKind(said["kind"]),
        hood_ids=[id for kind, id in chosen if kind == "hood"],
        room_ids=[id for kind, id in chosen if kind == "room"],
        by=request.actor,
    )
    return then(request, "sites:site", site_id, said="The cleaning is recorded.")


@reads(READ.code)
def samples(request: Request, site_id: UUID) -> HttpResponse:
    return show(request, "sites/samples.html", log_pages.samples_page(site_id, request.GET.get("state", ""), request.actor))


@writes
def sample_take(request: Request, site_id: UUID) -> HttpResponse:
    said = read(SampleForm, request, places=log_pages.places(site_id))
    kind, id = place_of(said["place"])
    place = {"hood_id": id} if kind == "hood" else {"room_id": id}
    take_sample(kind=SampleKind(said["kind"]), spot=said["spot"], medium_lot=said["medium_lot"], by=request.actor, **place)
    return then(request, "sites:samples", site_id, said="The sample is recorded.")


@writes
def sample_step(request: Request, sample_id: UUID, step: str) -> HttpResponse:
    if step == "result":
        return _counted(request, sample_id)
    advance_sample(sample_id=sample_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, _back(request), said="Done.")


def _counted(request: Request, sample_id: UUID) -> HttpResponse:
    count_sample(sample_id=sample_id, by=request.actor, **read(CountForm, request))
    return then(request, _back(request), said="The count is recorded.")


def _back(request: Request) -> str:
    """The list of the site the person works at, or all sites."""
    return f"/sites/{request.actor.site_id}/samples/" if request.actor.site_id else "/sites/"


@reads(READ.code)
def equipment_list(request: Request, site_id: UUID) -> HttpResponse:
    return show(request, "sites/equipment_list.html", log_pages.equipment_list_page(site_id, request.actor))


@writes
def equipment_add(request: Request, site_id: UUID) -> HttpResponse:
    said = read(EquipmentForm, request, places=log_pages.places(site_id, hoods=False, stores=True))
    kind, place = said.pop("place").partition(":")[0::2]
    said |= {f"{kind}_id": UUID(place)} if place else {}
    said["kind"] = EquipmentKind(said["kind"])
    made = add_equipment(site_id=site_id, by=request.actor, **said)
    return then(request, "sites:equipment", made, said="Added; record its calibration.")


@reads(READ.code)
def equipment(request: Request, equipment_id: UUID) -> HttpResponse:
    return show(request, "sites/equipment.html", place_pages.equipment_page(equipment_id, request.actor))


@writes
def calibration_add(request: Request, equipment_id: UUID) -> HttpResponse:
    said = read(CalibrationForm, request)
    said["passed"], said["report"] = said.pop("result") == "yes", upload(said["report"])
    record_calibration(equipment_id=equipment_id, by=request.actor, **said)
    return then(request, "sites:equipment", equipment_id, said="The calibration is recorded.")


@writes
def equipment_step(request: Request, equipment_id: UUID, step: str) -> HttpResponse:
    advance_equipment(equipment_id=equipment_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "sites:equipment", equipment_id, said="Done.")


@reads(READ.code)
def probes(request: Request, site_id: UUID) -> HttpResponse:
    return show(request, "sites/probes.html", log_pages.probes_page(site_id, request.actor))


@writes
def probe_add(request: Request, site_id: UUID) -> HttpResponse:
    said = read(ProbeForm, request, places=log_pages.places(site_id, hoods=False, stores=True))
    kind, id = place_of(said["place"])
    add_probe(site_id=site_id, name=said["name"], by=request.actor, **{f"{kind}_id": id})
    return then(request, "sites:probes", site_id, said="Added; give it a token.")


@writes
def probe_token(request: Request, probe_id: UUID) -> HttpResponse:
    """A new token, shown once. Only its digest goes into the action, so that no record ever holds the token."""
    token = secrets.token_urlsafe(32)
    give_token(probe_id=probe_id, sha256=token_digest(token), hint=token[-4:], by=request.actor)
    part = bool(getattr(request, "htmx", None))
    return show(request, "sites/token_part.html" if part else "sites/token.html", token)


@writes
def probe_take(request: Request, probe_id: UUID) -> HttpResponse:
    take_token(probe_id=probe_id, by=request.actor)
    return then(request, "sites:list", said="The token is void.")


@reads(READ.code)
def licences(request: Request, site_id: UUID) -> HttpResponse:
    return show(request, "sites/licences.html", log_pages.licences_page(site_id, request.actor))


@writes
def licence_record(request: Request, site_id: UUID) -> HttpResponse:
    said = read(LicenceForm, request)
    said["kind"], said["file"] = LicenceKind(said["kind"]), upload(said["file"])
    record_site_licence(site_id=site_id, by=request.actor, **said)
    return then(request, "sites:licences", site_id, said="The licence is recorded.")
