# SPDX-License-Identifier: Apache-2.0
"""A visit is asked for by itself, offered to a nurse who may make it, recorded, signed; one nurse is in one place."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from openinfusion.clinical import public as clinical
from openinfusion.clinical.models import Education
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseVisit
from openinfusion.nursing.public import RateStep, ReactionKind, VisitEntries, Vitals
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import timeline


def requested(thread: Any) -> UUID:
    return nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="teach and start", by=thread.manager)


def offered(thread: Any, hours: int = 24) -> UUID:
    visit_id, start = requested(thread), now() + timedelta(hours=hours)
    nursing.offer_visit(
        visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=start, planned_end=start + timedelta(hours=2), by=thread.manager,
    )
    return visit_id


def in_progress(thread: Any) -> UUID:
    visit_id = offered(thread)
    for step in ("accept", "confirm", "set_out", "arrive"):
        nursing.advance_visit(visit_id=visit_id, step=step, by=thread.nurse)
    return visit_id


def write_all(thread: Any, visit_id: UUID) -> None:
    at = now() - timedelta(minutes=100)
    nursing.write_record(
        visit_id=visit_id, by=thread.nurse,
        entries=VisitEntries(
            identifiers=("name", "birth date"), line_site="left arm, clean", line_flushes=True, line_blood_return=True,
            reaction=ReactionKind.NONE, taught=("flushing",), taught_back=True, started_at=at, ended_at=at + timedelta(minutes=95),
        ),
        rates=[RateStep(at + timedelta(minutes=10), Decimal(200)), RateStep(at + timedelta(minutes=40), Decimal(0))],
        vitals=[Vitals(at + timedelta(minutes=5), Decimal("36.9"), 70, 14, 120, 80, 98)],
    )


def test_a_verified_order_of_a_nursed_therapy_asks_for_one_first_visit(thread: Any) -> None:
    prescription_id = thread.bench.prescription()
    thread.bench.verify(prescription_id)
    (visit,) = NurseVisit.objects.all()
    assert (visit.state, visit.prescription_id) == ("requested", prescription_id)
    nursing.request_first_visit(therapy_id=visit.therapy_id, prescription_id=prescription_id, by=thread.manager)
    assert NurseVisit.objects.count() == 1
    assert nursing.waiting(thread.manager).rows[0].missing == ("a nurse",)


def test_a_visit_goes_from_offer_to_signature_and_tells_its_minutes(thread: Any) -> None:
    visit_id = in_progress(thread)
    with pytest.raises(Refused, match="record is not complete: two identifiers"):
        nursing.advance_visit(visit_id=visit_id, step="document", by=thread.nurse)
    write_all(thread, visit_id)
    nursing.advance_visit(visit_id=visit_id, step="document", by=thread.nurse)
    with pytest.raises(Refused, match="signature"):
        nursing.advance_visit(visit_id=visit_id, step="sign", by=thread.nurse)
    nursing.advance_visit(visit_id=visit_id, step="sign", by=thread.nurse.signing("test"))
    assert (nursing.visit(visit_id).state, nursing.visit(visit_id).minutes) == ("signed", 95)
    assert "signed the record of visit" in " ".join(line.sentence for line in timeline(subject_id=visit_id))


def test_what_a_signed_visit_taught_stands_on_the_chart_once(thread: Any) -> None:
    visit_id = in_progress(thread)
    write_all(thread, visit_id)
    nursing.advance_visit(visit_id=visit_id, step="document", by=thread.nurse)
    patient_id = thread.bench.patient_id
    assert not Education.objects.filter(patient_id=patient_id).exists(), "only what is signed"
    nursing.advance_visit(visit_id=visit_id, step="sign", by=thread.nurse.signing("test"))
    visit = nursing.visit(visit_id)
    (row,) = Education.objects.filter(patient_id=patient_id)
    assert (row.topic, row.result, row.note, row.therapy_id, row.recorded_by) == (
        "flushing", "teaches_back", visit.number, visit.therapy_id, thread.nurse.id)
    said = {"patient_id": patient_id, "therapy_id": visit.therapy_id, "visit": visit.number, "taught_on": house_today(),
            "by": thread.nurse}
    assert clinical.keep_visit_teaching(topics=[" flushing ", "storage", "storage"], taught_back=False, **said) == 1
    assert clinical.keep_visit_teaching(topics=["storage"], taught_back=True, **said) == 0
    assert Education.objects.get(topic="storage").result == "not_yet"
    with pytest.raises(Malformed, match="what was taught"):
        clinical.keep_visit_teaching(topics=[" "], taught_back=True, **said)


def test_a_person_without_the_competency_is_refused_with_the_reason_and_nothing_changes(thread: Any) -> None:
    visit_id, start = requested(thread), now() + timedelta(hours=24)
    with pytest.raises(Refused, match="on record"):
        nursing.offer_visit(visit_id=visit_id, nurse_id=thread.driver.id, planned_start=start,
                            planned_end=start + timedelta(hours=1), by=thread.manager)
    assert (nursing.visit(visit_id).state, nursing.visit(visit_id).nurse) == ("requested", None)


def test_one_nurse_is_never_in_two_places_by_rule_and_by_the_database(thread: Any) -> None:
    first = NurseVisit.objects.get(pk=offered(thread))
    other = requested(thread)
    assert first.planned_start and first.planned_end
    with pytest.raises(Refused, match=f"has visit {first.number} at that time"):
        nursing.offer_visit(visit_id=other, nurse_id=thread.nurse.id, planned_start=first.planned_start + timedelta(minutes=30),
                            planned_end=first.planned_end + timedelta(hours=1), by=thread.manager)
    with pytest.raises(IntegrityError, match="visit_one_place_at_a_time"), transaction.atomic():
        NurseVisit.objects.filter(pk=other).update(
            state="offered", nurse=thread.nurse.id, planned_start=first.planned_start, planned_end=first.planned_end,
        )
    nursing.offer_visit(visit_id=other, nurse_id=thread.nurse.id, planned_start=first.planned_end,
                        planned_end=first.planned_end + timedelta(hours=1), by=thread.manager)


def test_only_the_nurse_of_the_visit_writes_and_only_while_it_is_open(thread: Any) -> None:
    visit_id = offered(thread)
    with pytest.raises(Refused, match="the record is offered"):
        nursing.write_record(visit_id=visit_id, entries=VisitEntries(note="x"), by=thread.nurse)
    for step in ("accept", "confirm", "set_out", "arrive"):
        nursing.advance_visit(visit_id=visit_id, step=step, by=thread.nurse)
    with pytest.raises(Refused, match="only the nurse"):
        nursing.write_record(visit_id=visit_id, entries=VisitEntries(note="x"), by=thread.manager)
    assert nursing.record(visit_id).vitals == ()


def test_a_temperature_in_fahrenheit_is_noticed(thread: Any) -> None:
    visit_id = in_progress(thread)
    with pytest.raises(Malformed, match="°F"):
        nursing.write_record(visit_id=visit_id, entries=VisitEntries(), by=thread.nurse,
                             vitals=[Vitals(now(), Decimal("98.6"), 70, 14, 120, 80)])
    assert nursing.record(visit_id).vitals == ()


def test_a_refused_offer_goes_back_to_be_offered_again(thread: Any) -> None:
    visit_id = offered(thread)
    nursing.advance_visit(visit_id=visit_id, step="refuse", reason="ill", by=thread.nurse)
    start = now() + timedelta(hours=48)
    nursing.offer_visit(visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=start, planned_end=start + timedelta(hours=1),
                        by=thread.manager)
    assert nursing.visit(visit_id).state == "offered"
