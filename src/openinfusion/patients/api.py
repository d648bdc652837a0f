# SPDX-License-Identifier: Apache-2.0
"""Patients as JSON: search, register, the banner, and one recorder for each kind of entry."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema, Status

from openinfusion.kernel.position import position_of
from openinfusion.patients import public as patients
from openinfusion.patients.domain.chart import LineType, MeasurementKind, Relationship, Severity
from openinfusion.patients.permissions import READ
from openinfusion.patients.public import Address, Demographics, Identifier, Sex
from openinfusion.platform.actor import Actor
from openinfusion.platform.api import Amount, Instant, Whole, router_for

router = router_for("patients")


class Made(Schema):
    id: UUID


class PatientOut(Schema):
    id: UUID
    name: str
    mrn: str
    born_on: date
    sex: str


class IdentifierBody(Schema):
    system: str
    value: str


class DemographicsBody(Schema):
    family: str
    given: str
    born_on: date
    sex: Sex
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    timezone: str = ""
    identifiers: list[IdentifierBody] = []


class BannerOut(Schema):
    patient: PatientOut
    age: int
    allergy_state: str
    allergies: list[str]
    weight_kg: Decimal | None
    height_cm: Decimal | None
    crcl: str
    line: str | None
    chips: list[str]


class PlaceOut(Schema):
    """Where a home is on the map, in degrees; without degrees only its ZIP code is known."""

    latitude: Decimal | None
    longitude: Decimal | None
    how: str


class PlaceBody(Schema):
    """Degrees as a map gives them, west negative; without them what is on record is taken off."""

    latitude: Amount | None = None
    longitude: Amount | None = None
    how: str = ""
    reason: str = ""


class AllergyBody(Schema):
    substance: str
    reaction: str = ""
    severity: Severity = Severity.UNKNOWN
    noted_on: date | None = None


class ConditionBody(Schema):
    icd10: str = ""
    text: str = ""
    onset_on: date | None = None


class MeasurementBody(Schema):
    kind: MeasurementKind
    value: Amount
    taken_at: Instant | None = None
    confirmed: bool = False


class LabBody(Schema):
    loinc: str
    name: str
    value: Amount
    unit: str
    taken_at: Instant | None = None


class ReportValue(Schema):
    loinc: str
    name: str
    value: Amount
    unit: str


class ReportBody(Schema):
    """A laboratory report: the values of one draw."""

    taken_at: Instant | None = None
    values: list[ReportValue]


class ReportMade(Schema):
    ids: list[UUID]


class AskedBody(Schema):
    """``about``: pregnancy or lactation; ``said``: yes, no, impossible, unknown or not_asked."""

    about: str
    said: str
    asked_on: date | None = None
    note: str = ""


class MedicationBody(Schema):
    name: str
    sig: str = ""
    started_on: date | None = None


class LineBody(Schema):
    type: LineType
    lumens: Whole = 1
    site: str = ""
    placed_on: date | None = None


class CoverageBody(Schema):
    plan_id: UUID
    member_id: str
    first: date
    last: date | None = None
    group_number: str = ""
    rank: Whole = 1
    relationship: Relationship = Relationship.SELF
    subscriber: str = ""


class HomeBody(Schema):
    assessed_on: date
    refrigerator: bool
    electricity: bool
    running_water: bool
    phone: bool
    caregiver: bool
    safe_entry: bool
    able_to_learn: bool
    services: list[str] = []
    note: str = ""


class ConsentBody(Schema):
    kind: patients.ConsentKind
    given_on: date
    signer: str


class ErrorBody(Schema):
    reason: str


def _by(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


@router.get("/", response=list[PatientOut])
def patient_list(request: HttpRequest, text: str = "") -> list[PatientOut]:
    """Patients by the beginning of a name, birth date or record number."""
    _by(request).must(READ)
    return [PatientOut(id=p.id, name=p.name, mrn=p.mrn, born_on=p.born_on, sex=p.sex) for p in patients.search(text)]


@router.post("/", response={201: Made})
def patient_add(request: HttpRequest, body: DemographicsBody) -> Status[Made]:
    """Register; the same person answers the same id."""
    said = Demographics(
        body.family,
        body.given,
        body.born_on,
        body.sex,
        Address(body.line1, body.line2, body.city, body.state, body.zip),
        body.phone,
        body.email,
        body.language,
        body.timezone,
        tuple(Identifier(i.system, i.value) for i in body.identifiers),
    )
    return Status(201, Made(id=patients.register(demographics=said, by=_by(request))))


@router.get("/{patient_id}", response=BannerOut)
def banner(request: HttpRequest, patient_id: UUID) -> BannerOut:
    """The head of the chart: what is unknown says so."""
    _by(request).must(READ)
    b = patients.banner(patient_id)
    p = b.patient
    return BannerOut(
        patient=PatientOut(id=p.id, name=p.name, mrn=p.mrn, born_on=p.born_on, sex=p.sex), age=b.age,
        allergy_state=b.allergies.state, allergies=[a.substance for a in b.allergies.items], weight_kg=b.weight_kg,
        height_cm=b.height_cm, crcl=str(b.crcl) if b.crcl else b.crcl_unknown, line=str(b.line) if b.line else None,
        chips=list(b.chips),
    )


@router.get("/{patient_id}/place", response=PlaceOut)
def place(request: HttpRequest, patient_id: UUID) -> PlaceOut:
    """Where the home is on the map, and how that is known."""
    _by(request).must(READ)
    at = patients.patient(patient_id).address
    return PlaceOut(
        latitude=at.point.latitude if at.point else None, longitude=at.point.longitude if at.point else None, how=at.located_how,
    )


@router.post("/{patient_id}/place", response=Made)
def place_keep(request: HttpRequest, patient_id: UUID, body: PlaceBody) -> Made:
    """Say where the home is, or take it off the map."""
    point = position_of(body.latitude, body.longitude)
    made = patients.locate_home(patient_id=patient_id, point=point, how=body.how, reason=body.reason, by=_by(request))
    return Made(id=made)


@router.post("/{patient_id}/allergies", response=Made)
def allergy_add(request: HttpRequest, patient_id: UUID, body: AllergyBody) -> Made:
    return Made(id=patients.record_allergy(patient_id=patient_id, by=_by(request), **body.dict()))


@router.post("/{patient_id}/no-known-allergies", response=Made)
def allergies_none(request: HttpRequest, patient_id: UUID) -> Made:
    return Made(id=patients.record_no_known_allergies(patient_id=patient_id, by=_by(request)))


@router.post("/{patient_id}/conditions", response=Made)
def condition_add(request: HttpRequest, patient_id: UUID, body: ConditionBody) -> Made:
    return Made(id=patients.record_condition(patient_id=patient_id, by=_by(request), **body.dict()))


@router.post("/{patient_id}/measurements", response=Made)
def measurement_add(request: HttpRequest, patient_id: UUID, body: MeasurementBody) -> Made:
    return Made(id=patients.record_measurement(patient_id=patient_id, by=_by(request), **body.dict()))


@router.post("/{patient_id}/labs", response=Made)
def lab_add(request: HttpRequest, patient_id: UUID, body: LabBody) -> Made:
    return Made(id=patients.record_lab(patient_id=patient_id, by=_by(request), **body.dict()))


@router.post("/{patient_id}/lab-reports", response=ReportMade)
def lab_report_add(request: HttpRequest, patient_id: UUID, body: ReportBody) -> ReportMade:
    """Every value of one draw, all or none of them."""
    values = [patients.LabValue(v.loinc, v.name, v.value, v.unit) for v in body.values]
    made = patients.record_lab_report(patient_id=patient_id, values=values, taken_at=body.taken_at, by=_by(request))
    return ReportMade(ids=made)


@router.post("/{patient_id}/pregnancy", response=Made)
def asked_add(request: HttpRequest, patient_id: UUID, body: AskedBody) -> Made:
    """What the patient said about pregnancy or lactation, or that nobody asked."""
    return Made(id=patients.record_asked(patient_id=patient_id, by=_by(request), **body.dict()))


@router.post("/{patient_id}/medications", response=Made)
def medication_add(request: HttpRequest, patient_id: UUID, body: MedicationBody) -> Made:
    """What the patient takes besides our therapies."""
    return Made(id=patients.record_medication(patient_id=patient_id, by=_by(request), **body.dict()))


@router.post("/{patient_id}/lines", response=Made)
def line_add(request: HttpRequest, patient_id: UUID, body: LineBody) -> Made:
    return Made(id=patients.record_line(patient_id=patient_id, by=_by(request), **body.dict()))


@router.post("/{patient_id}/coverage", response=Made)
def coverage_add(request: HttpRequest, patient_id: UUID, body: CoverageBody) -> Made:
    return Made(id=patients.record_coverage(patient_id=patient_id, by=_by(request), **body.dict()))


@router.post("/{patient_id}/home", response=Made)
def home_add(request: HttpRequest, patient_id: UUID, body: HomeBody) -> Made:
    return Made(id=patients.record_home_assessment(patient_id=patient_id, by=_by(request), **body.dict()))


@router.post("/{patient_id}/consents", response=Made)
def consent_add(request: HttpRequest, patient_id: UUID, body: ConsentBody) -> Made:
    return Made(id=patients.record_consent(patient_id=patient_id, by=_by(request), **body.dict()))


@router.post("/entries/{kind}/{entry_id}/entered-in-error", response=Made)
def entry_wrong(request: HttpRequest, kind: str, entry_id: UUID, body: ErrorBody) -> Made:
    """Mark an entry as entered in error; it stays in the history."""
    return Made(id=patients.mark_entered_in_error(kind=kind, entry_id=entry_id, reason=body.reason, by=_by(request)))
