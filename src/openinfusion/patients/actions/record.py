# SPDX-License-Identifier: Apache-2.0
"""Recording what is known of a patient. Each entry is a row of its own; a wrong one is marked as entered in error."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.patients import models
from openinfusion.patients.actions.register import demand
from openinfusion.patients.adapters import allergens, bounds
from openinfusion.patients.domain.chart import TIP_OF, LineType, MeasurementKind, Severity
from openinfusion.patients.domain.plausible import check_bounds, jump, proportion
from openinfusion.patients.events import ChartChanged
from openinfusion.patients.models.chart import ChartRow
from openinfusion.patients.permissions import CORRECT, RECORD
from openinfusion.patients.queries import row_of, valid
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write


def keep(row: ChartRow, by: Actor, what: str, sentence: str, *, clinical: bool = True, **noted: object) -> UUID:
    """Save a new entry, journal it and, where it is clinical, tell the rooms above."""
    row.recorded_by, row.recorded_name = by.id, by.name
    row.save(force_insert=True)
    news = [ChartChanged(patient_id=row.patient_id, what=what)] if clinical else []
    write(by, f"patients.{what}.recorded", row, sentence, patient_id=row.patient_id, noted=noted, news=news)
    return row.id


def not_in_future(at: datetime | date | None, field: str) -> None:
    if at is None:
        return
    later = at > now() if isinstance(at, datetime) else at > house_today()
    if later:
        raise Malformed(Fault(field, "lies in the future"))


@action
def record_allergy(
    *, patient_id: UUID, substance: str, by: Actor, reaction: str = "", severity: str = Severity.UNKNOWN.value,
    noted_on: date | None = None, origin: str = "typed",
) -> UUID:
    """Record an allergy; the substance is read as a drug or an allergen of the catalog where it is known."""
    demand(by, RECORD.code)
    patient = lock(models.Patient, patient_id)
    substance = substance.strip()
    if not substance:
        raise Malformed(Fault("substance", "say what the patient is allergic to"))
    same = valid(models.Allergy, patient_id, substance__iexact=substance).first()
    if same is not None and (same.severity, same.reaction) == (severity, reaction):
        raise Refused(Reason("already-recorded", f"the allergy to {substance} is recorded already"))
    ingredient, groups = _meaning(substance)
    if patient.no_known_allergies_at is not None:
        patient.no_known_allergies_at = None
        patient.save(update_fields=["no_known_allergies_at"])
    row = models.Allergy(
        patient=patient, substance=substance, ingredient=ingredient, groups=list(groups), reaction=reaction.strip(),
        severity=Severity(severity).value, noted_on=noted_on, origin=origin,
    )
    return keep(
        row, by, "allergy", "{actor} recorded an allergy to {substance}", substance=substance, severity=severity
    )


def _meaning(substance: str) -> tuple[str, tuple[str, ...]]:
    """The ingredient and the groups this substance stands for; empty where the catalog does not know it."""
    word = substance.lower().strip()
    for known in (word, word.removesuffix("s")):
        if known in allergens():
            return allergens()[known]
    try:
        drug = catalog.match_drug(substance)
    except Refused:
        return "", ()
    return (drug.ingredients[0] if drug.ingredients else drug.code), drug.allergy_groups


@action
def record_no_known_allergies(*, patient_id: UUID, by: Actor) -> UUID:
    """The patient was asked and knows of no allergy."""
    demand(by, RECORD.code)
    row = lock(models.Patient, patient_id)
    if valid(models.Allergy, patient_id).exists():
        raise Refused(Reason("allergies-recorded", "allergies are recorded; mark them as entered in error first"))
    revise(
        row, "patients.allergy.none_known", "{actor} recorded that {subject} knows of no allergies", by=by,
        patient_id=row.id, news=[ChartChanged(patient_id=row.id, what="allergy")], no_known_allergies_at=now(),
    )
    return row.id


@action
def record_condition(
    *, patient_id: UUID, by: Actor, icd10: str = "", text: str = "", onset_on: date | None = None, origin: str = "typed"
) -> UUID:
    """Record a condition by its ICD-10-CM code, its text, or both."""
    demand(by, RECORD.code)
    patient = row_of(patient_id)
    if not text.strip():
        try:
            text = catalog.code_text("icd10", icd10)
        except NotFound:
            raise Malformed(
                Fault("text", f"“{icd10}” is not in the list kept here; write the condition in words")
            ) from None
    row = models.Condition(
        patient=patient, icd10=icd10.strip().upper(), text=text.strip(), onset_on=onset_on, origin=origin
    )
    return keep(row, by, "condition", "{actor} recorded {text}", text=f"{row.icd10} {row.text}".strip())


@action
def record_measurement(
    *,
    patient_id: UUID,
    kind: str,
    value: Decimal,
    by: Actor,
    taken_at: datetime | None = None,
    confirmed: bool = False,
    origin: str = "typed",
) -> UUID:
    """Record a weight (weight_kg) or height (height_cm). A jump, or one that hardly fits the other, must be confirmed."""
    demand(by, RECORD.code)
    patient = lock(models.Patient, patient_id)
    kind = MeasurementKind(kind).value
    word, _, unit = kind.partition("_")
    check_bounds(word, value, bounds(kind))
    not_in_future(taken_at, "taken_at")
    newest = {m.kind: m.value for m in valid(models.Measurement, patient_id).order_by("taken_at")}
    together = newest | {kind: value}
    doubts = (
        jump(word, value, newest.get(kind), bounds(kind)),
        proportion(together.get(MeasurementKind.WEIGHT), together.get(MeasurementKind.HEIGHT), bounds("body_mass_index")),
    )
    if not confirmed and (found := [d for d in doubts if d]):
        raise Refused(*found)
    row = models.Measurement(patient=patient, kind=kind, value=value, taken_at=taken_at or now(), origin=origin)
    return keep(
        row, by, "measurement", "{actor} recorded a {word} of {value} {unit}", word=word, value=value, unit=unit
    )


@action
def record_lab(
    *, patient_id: UUID, loinc: str, name: str, value: Decimal, unit: str, by: Actor, taken_at: datetime | None = None,
    origin: str = "typed",
) -> UUID:
    """Record a laboratory value with the time it was drawn."""
    demand(by, RECORD.code)
    not_in_future(taken_at, "taken_at")
    row = models.Lab(
        patient=row_of(patient_id), loinc=loinc.strip(), name=name.strip(), value=value, unit=unit.strip(),
        taken_at=taken_at or now(), origin=origin,
    )
    return keep(row, by, "lab", "{actor} recorded {name} {value} {unit}", name=row.name, value=value, unit=row.unit)


@action
def record_medication(
    *, patient_id: UUID, name: str, by: Actor, sig: str = "", started_on: date | None = None, origin: str = "typed",
) -> UUID:
    """Record what the patient takes at home; the ingredients follow from the name where the catalog knows it."""
    demand(by, RECORD.code)
    not_in_future(started_on, "started_on")
    words = " ".join(name.split())
    if not words:
        raise Malformed(Fault("name", "which medication?"))
    taken = valid(models.Medication, patient_id, stopped_on=None).values_list("name", flat=True)
    if words.lower() in {t.lower() for t in taken}:
        raise Refused(Reason("already-recorded", f"{words} is on the list already", "stop the old entry first"))
    row = models.Medication(
        patient=row_of(patient_id), name=words, ingredients=list(_ingredients(words)), sig=sig.strip(),
        started_on=started_on, origin=origin,
    )
    return keep(row, by, "medication", "{actor} recorded that the patient takes {name}", name=words)


def _ingredients(name: str) -> tuple[str, ...]:
    try:
        drug = catalog.match_drug(name)
    except Refused:
        return ()
    return tuple(drug.ingredients) or (drug.code,)


@action
def stop_medication(*, medication_id: UUID, stopped_on: date, by: Actor) -> UUID:
    """The patient no longer takes it since this day."""
    demand(by, RECORD.code)
    not_in_future(stopped_on, "stopped_on")
    row = lock(models.Medication, medication_id)
    if row.stopped_on or row.in_error_at:
        raise Refused(Reason("already-stopped", f"{row.name} is not on the list any more"))
    revise(
        row, "patients.medication.stopped", "{actor} recorded that the patient stopped {name}", by=by,
        patient_id=row.patient_id, noted={"name": row.name},
        news=[ChartChanged(patient_id=row.patient_id, what="medication")], stopped_on=stopped_on,
    )
    return row.id


@action
def record_line(
    *,
    patient_id: UUID,
    type: str,
    by: Actor,
    tip: str = "",
    lumens: int = 1,
    site: str = "",
    placed_on: date | None = None,
    origin: str = "typed",
) -> UUID:
    """Record the access device now in place; the tip follows from the type unless it is said."""
    demand(by, RECORD.code)
    not_in_future(placed_on, "placed_on")
    kind = LineType(type)
    row = models.Line(
        patient=row_of(patient_id), type=kind.value, tip=tip or TIP_OF[kind].value, lumens=lumens, site=site.strip(),
        placed_on=placed_on, origin=origin,
    )
    return keep(row, by, "line", "{actor} recorded a {line}, tip {tip}", line=kind.value.replace("_", " "), tip=row.tip)


@action
def remove_line(*, line_id: UUID, removed_on: date, by: Actor) -> UUID:
    """The access device was removed on this day."""
    demand(by, RECORD.code)
    row = lock(models.Line, line_id)
    against = [Reason("already-removed", f"removed on {row.removed_on}")] if row.removed_on else []
    if row.placed_on and removed_on < row.placed_on:
        against.append(Reason("before-placed", f"it was placed on {row.placed_on}"))
    if against:
        raise Refused(*against)
    revise(
        row, "patients.line.removed", "{actor} recorded that {subject} was removed", by=by, patient_id=row.patient_id,
        news=[ChartChanged(patient_id=row.patient_id, what="line")], removed_on=removed_on,
    )
    return row.id


KINDS: dict[str, Any] = {
    "medication": models.Medication, "pregnancy": models.Asked,
    "allergy": models.Allergy, "condition": models.Condition, "measurement": models.Measurement, "lab": models.Lab,
    "line": models.Line, "coverage": models.Coverage, "home": models.Home, "contact": models.Contact,
    "consent": models.Consent, "document": models.Document,
}


@action
def mark_entered_in_error(*, kind: str, entry_id: UUID, reason: str, by: Actor) -> UUID:
    """Take an entry out of the chart's readings, with the reason; it stays in the history."""
    if kind not in KINDS:
        raise NotFound(f"entry of the kind {kind}")
    row = lock(KINDS[kind], entry_id)
    against = []
    if not by.may(CORRECT.code):
        against.append(Reason("not-permitted", f"needs the permission {CORRECT.code}"))
    if row.in_error_at is not None:
        against.append(Reason("already-in-error", "this entry is marked already"))
    if not reason.strip():
        against.append(Reason("reason-missing", "marking an entry as entered in error needs a reason in words"))
    if against:
        raise Refused(*against)
    revise(
        row, f"patients.{kind}.entered_in_error", "{actor} marked {subject} as entered in error", by=by, reason=reason,
        patient_id=row.patient_id, news=[ChartChanged(patient_id=row.patient_id, what=kind)], in_error_at=now(),
        in_error_by=by.id, in_error_reason=reason.strip(),
    )
    return row.id  # type: ignore[no-any-return]
