# SPDX-License-Identifier: Apache-2.0
"""Reads of the therapy room: frozen facts for pages, doors and guards."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.kernel.refusal import NotFound
from openinfusion.patients import public as patients
from openinfusion.platform.action import fetch
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today, house_zone
from openinfusion.platform.reading import Reading, columns_of
from openinfusion.therapy.domain.nutrition import read
from openinfusion.therapy.domain.order import PrescriptionOrder
from openinfusion.therapy.domain.prescription import ENDED, RUNNING, PrescriptionFacts, PrescriptionState
from openinfusion.therapy.domain.therapy import TherapyFacts
from openinfusion.therapy.models import PlanAttempt, PlanOfTreatment, Prescription, Therapy


@dataclass(frozen=True, slots=True)
class TherapyFact:
    """A course of therapy as other rooms see it."""

    id: UUID
    number: str
    state: str
    patient_id: UUID
    site_id: UUID
    drug_code: str
    drug_name: str
    therapy_class: str
    diagnosis: str
    prescriber_name: str
    prescriber_npi: str
    start_on: date
    started_on: date | None
    ended_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class PrescriptionFact:
    """A prescription version as other rooms see it."""

    id: UUID
    number: str  # K7Q2M9XD-02
    state: str
    version_no: int
    previous_id: UUID | None
    therapy_id: UUID
    patient_id: UUID
    drug_name: str
    order: PrescriptionOrder
    expires_on: date
    transcribed_by: UUID
    transcriber_name: str
    transcribed_at: datetime
    verified_by: UUID | None
    verifier_name: str
    verified_at: datetime | None
    version: int

    @property
    def verified(self) -> bool:
        """Verified, and not ended or sent back since."""
        return PrescriptionState(self.state) in RUNNING

    @property
    def ended(self) -> bool:
        return PrescriptionState(self.state) in ENDED

    @property
    def line(self) -> str:
        """The medication in one line."""
        o = self.order
        return f"{self.drug_name} — DOSE {o.dose} — {o.route} — {o.frequency}"


@dataclass(frozen=True, slots=True)
class PlanFact:
    """The plan of treatment in force, or the word that none is written."""

    id: UUID | None
    therapy_id: UUID
    state: str  # not_written, written, sent, signed
    treatment_type: str = ""
    amount: str = ""
    duration: str = ""
    frequency: str = ""
    visits: str = ""
    safety: str = ""
    written_on: date | None = None
    signer_name: str = ""
    signed_on: date | None = None
    sent_at: datetime | None = None
    chase_at: datetime | None = None
    replaces: UUID | None = None  # the plan before the order changed

    @property
    def signed(self) -> bool:
        return self.state == "signed"


def therapy_fact(row: Therapy) -> TherapyFact:
    return TherapyFact(
        row.id, row.number, row.state, row.patient_id, row.site_id, row.drug_code, row.drug_name, row.therapy_class,
        row.diagnosis, row.prescriber_name, row.prescriber_npi, row.start_on, row.started_on, row.ended_on, row.version,
    )


def order_of(row: Prescription) -> PrescriptionOrder:
    """The order of a row, as it was transcribed."""
    return PrescriptionOrder(
        drug_code=row.drug_code, dose=Quantity(row.dose_amount, unit(row.dose_unit)), route=row.route,
        start_on=row.start_on, days=row.days, interval_hours=row.interval_hours, clock_times=tuple(row.clock_times),
        every_days=row.every_days, first_dose_time=row.first_dose_time, infusion_minutes=row.infusion_minutes,
        rate_ml_per_h=row.rate_ml_per_h, doses=row.doses, osmolarity_mosm_per_l=row.osmolarity_mosm_per_l,
        diagnosis=row.diagnosis, prescriber_name=row.prescriber_name, prescriber_npi=row.prescriber_npi,
        ordered_on=row.ordered_on, instructions=row.instructions, source_text=row.source_text,
        source_ref=row.source_ref, nutrition=read(row.nutrition) if row.nutrition else None,
    )


def prescription_fact(row: Prescription) -> PrescriptionFact:
    return PrescriptionFact(
        row.id, f"{row.number}-{row.version_no:02d}", row.state, row.version_no, row.previous_id, row.therapy_id,
        row.patient_id, row.drug_name, order_of(row), row.expires_on, row.transcribed_by, row.transcriber_name,
        row.made_at, row.verified_by, row.verifier_name, row.verified_at, row.version,
    )


def prescription_by_id(prescription_id: UUID) -> PrescriptionFact:
    if not (found := prescriptions_by_id([prescription_id])):
        raise NotFound(f"prescription {prescription_id}")
    return found[0]


OPEN = ("transcribed", "clarification", "clinically_verified", "active", "on_hold")
_SORTED = ("-start_on", "number", "-version_no")
_BY_ID = Reading(lambda among: Prescription.objects.filter(among("pk")).order_by(*_SORTED), *columns_of(Prescription))
_OPEN_OF_PATIENTS = Reading(
    lambda among: Prescription.objects.filter(among("patient_id"), state__in=OPEN).order_by(*_SORTED), *columns_of(Prescription)
)
_OF_THERAPY = Reading(
    lambda among: Prescription.objects.filter(among("therapy_id")).order_by(*_SORTED), *columns_of(Prescription)
)


_SITES = Reading(lambda among: Therapy.objects.filter(among("pk")).order_by(), "id", "site_id")


def sites_of(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The site of each course."""
    return {row.id: row.site_id for row in _SITES(ids)}


def prescriptions_by_id(ids: Iterable[UUID]) -> list[PrescriptionFact]:
    """Many versions, newest order first; those that are not yours are absent."""
    return [prescription_fact(r) for r in _BY_ID(ids)]


def open_of_patients(ids: Iterable[UUID]) -> list[PrescriptionFact]:
    """Every version of these patients that has not ended, newest order first."""
    return [prescription_fact(r) for r in _OPEN_OF_PATIENTS(ids)]


def prescriptions_of_therapy(therapy_id: UUID) -> list[PrescriptionFact]:
    """Every version of every order of a course, newest order first."""
    return [prescription_fact(r) for r in _OF_THERAPY([therapy_id])]


def prescriptions_where(**where: object) -> list[PrescriptionFact]:
    """Versions that match, newest order first, newest version first."""
    rows = Prescription.objects.filter(**where).order_by("-start_on", "number", "-version_no")
    return [prescription_fact(r) for r in rows]


def versions_of(prescription_id: UUID) -> list[PrescriptionFact]:
    """Every version of the same prescription, newest first."""
    return prescriptions_where(number=fetch(Prescription, prescription_id).number)


def plan_fact(therapy_id: UUID) -> PlanFact:
    row = PlanOfTreatment.objects.filter(therapy_id=therapy_id).exclude(state="superseded").first()
    if row is None:
        return PlanFact(None, therapy_id, "not_written")
    return PlanFact(
        row.id, therapy_id, row.state, row.treatment_type, row.amount, row.duration, row.frequency, row.visits,
        row.safety, row.written_on, row.signer_name, row.signed_on, row.sent_at, row.chase_at, row.previous_id,
    )


@dataclass(frozen=True, slots=True)
class AttemptFact:
    """One time the prescriber was asked for the signature."""

    asked_at: datetime
    channel: str
    spoke_with: str
    result: str
    asker_name: str


def attempts_of(plan_id: UUID) -> list[AttemptFact]:
    """How often a plan was chased, newest first."""
    rows = PlanAttempt.objects.filter(plan_id=plan_id).order_by("-asked_at")
    return [AttemptFact(r.asked_at, r.channel, r.spoke_with, r.result, r.asker_name) for r in rows]


@dataclass(frozen=True, slots=True)
class Span:
    """The days a course was under care: from the start of care to its end, or still running."""

    therapy_id: UUID
    patient_id: UUID
    therapy_class: str
    drug_name: str
    state: str
    started_on: date
    ended_on: date | None


def spans_of(first: date, last: date) -> list[Span]:
    """Courses under care on any day of a period, both days included."""
    rows = Therapy.objects.filter(started_on__lte=last).filter(Q(ended_on=None) | Q(ended_on__gte=first))
    columns = ("id", "patient_id", "therapy_class", "drug_name", "state", "started_on", "ended_on")
    return [Span(*row) for row in rows.order_by("started_on", "id").values_list(*columns)]


def local_today(patient_id: UUID) -> date:
    """Today where the patient lives."""
    return now().astimezone(ZoneInfo(zone_of(patient_id))).date()


def zone_of(patient_id: UUID) -> str:
    """The IANA zone where the patient lives; UTC where the address does not tell."""
    return patients.timezone(patient_id) or house_zone()


def prescription_facts(row: Prescription) -> PrescriptionFacts:
    return PrescriptionFacts(today=local_today(row.patient_id), last_on=row.last_on, expires_on=row.expires_on)


def therapy_facts(row: Therapy) -> TherapyFacts:
    states = list(Prescription.objects.filter(therapy=row).values_list("state", flat=True))
    running = ("active", "on_hold")
    return TherapyFacts(
        verified_prescriptions=states.count("clinically_verified"),
        running_prescriptions=sum(s in running for s in states),
    )


def run_out_orders() -> list[UUID]:
    """Open orders whose last valid day has passed where their patient lives."""
    rows = Prescription.objects.filter(state__in=OPEN, expires_on__lt=house_today())
    return [r.id for r in rows if local_today(r.patient_id) > r.expires_on]


def patient_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """FAMILY, Given by patient id, in one query."""
    return {i: p.name for i, p in patients.patients(list(set(ids))).items()}
