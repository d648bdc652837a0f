# SPDX-License-Identifier: Apache-2.0
"""A patient leaves before the infusion: what was given by then stays on the record and is charged, and the chair has an end."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from tests.integration.nursing.test_suites_own_shelf import IRON, SALINE, Chair, chair, packet_sections

from openinfusion.billing import public as billing
from openinfusion.kernel.refusal import Refused
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Appointment, NurseVisit, SectionEntry, ShelfPackage
from openinfusion.nursing.public import RateStep, ReactionKind, VisitEntries, Vitals
from openinfusion.platform.clock import told
from openinfusion.platform.journal import timeline

__all__ = ["chair"]


def step(chair: Chair, name: str, minutes: int, reason: str = "") -> None:
    with told(chair.begins + timedelta(minutes=minutes)):
        nursing.advance_appointment(appointment_id=chair.appointment_id, step=name, reason=reason, by=chair.thread.nurse)


def write(chair: Chair, minutes: int, rates: list[RateStep] | None = None) -> None:
    begins = chair.begins
    with told(begins + timedelta(minutes=minutes)):
        nursing.write_record(
            visit_id=chair.visit.id, by=chair.thread.nurse,
            sections=[nursing.Said(code, values) for code, values in {
                "teaching": {"taught": ["what comes next"], "taught_back": "yes"},
                "patient": {"signed_name": "Amara Sampleton", "signed_relation": "self", "strokes": "M10 10 L20 30 L40 10"},
            }.items() if code in packet_sections(chair)],
            entries=VisitEntries(
                identifiers=("name", "birth date"), line_site="left arm, clean", line_flushes=True, line_blood_return=True,
                reaction=ReactionKind.NONE, started_at=begins, ended_at=begins + timedelta(minutes=minutes - 1),
            ),
            rates=rates or [], vitals=[Vitals(begins + timedelta(minutes=5), Decimal("36.9"), 70, 14, 120, 80, 98)],
        )


def test_what_was_given_stays_and_the_patient_is_discharged(chair: Chair) -> None:
    chair.scan(SALINE, "shelf")
    with pytest.raises(Refused, match="stands on the record as given"):
        step(chair, "refuse", 10, "felt unwell")
    with pytest.raises(Refused, match="reason"):
        step(chair, "stop", 10)
    step(chair, "stop", 10, "felt unwell after the first bag was hung")
    row = Appointment.objects.get(pk=chair.appointment_id)
    assert (row.state, chair.visit.infuses, chair.visit.in_suite) == ("observing", False, True)
    assert any("infuses nothing" in line.sentence for line in timeline(subject_id=chair.visit.id))
    with pytest.raises(Refused, match="record is not finished"):
        step(chair, "discharge", 20)
    write(chair, 25)
    with told(chair.begins + timedelta(minutes=26)):
        nursing.advance_visit(visit_id=chair.visit.id, step="document", by=chair.thread.nurse)
    with pytest.raises(Refused, match="record is finished"):
        step(chair, "resume", 27)
    step(chair, "discharge", 30)
    with told(chair.begins + timedelta(minutes=31)):
        nursing.advance_visit(visit_id=chair.visit.id, step="sign", by=chair.thread.nurse.signing("test"))
        chair.thread.bench.tell()
    assert ShelfPackage.objects.filter(became="").count() == 1
    (claim,) = billing.claims_of(chair.visit.therapy_id)
    assert {line.place for line in claim.lines} == {"49"} and not any(line.code.startswith(("9636", "9641")) for line in claim.lines)
    with pytest.raises(IntegrityError, match="took place in the suite"), transaction.atomic():
        NurseVisit.objects.filter(pk=chair.visit.id).update(in_suite=False)


def test_it_is_infused_after_all(chair: Chair) -> None:
    step(chair, "stop", 5, "felt unwell")
    step(chair, "resume", 9)
    assert Appointment.objects.get(pk=chair.appointment_id).state == "checked_in" and chair.visit.infuses
    chair.scan(IRON)
    step(chair, "infuse", 12)
    with pytest.raises(Refused):
        step(chair, "stop", 13, "too late for that")


def test_nothing_is_stopped_that_ran_and_no_visit_that_took_place_is_refused(chair: Chair) -> None:
    chair.scan(IRON)
    begins = chair.begins
    write(chair, 50, [RateStep(begins + timedelta(minutes=10), Decimal(200)), RateStep(begins + timedelta(minutes=40), Decimal(0))])
    with pytest.raises(Refused, match="rates of an infusion"):
        step(chair, "stop", 51, "felt unwell")
    NurseVisit.objects.filter(pk=chair.visit.id).update(state="documented")
    before = Appointment.objects.get(pk=chair.appointment_id)
    with pytest.raises(Refused, match="it took place"):
        step(chair, "refuse", 52, "felt unwell")
    after = Appointment.objects.get(pk=chair.appointment_id)
    assert (after.state, after.version, chair.visit.in_suite) == (before.state, before.version, True)


def test_drug_on_record_is_dealt_with_before_nothing_is_infused_and_the_shelf_stays_open(chair: Chair) -> None:
    chair.scan(IRON)
    with pytest.raises(Refused, match="drug from the suite's shelf stands on the record"):
        step(chair, "stop", 6, "has a fever")
    (row,) = ShelfPackage.objects.all()
    nursing.take_back_package(visit_id=chair.visit.id, package_id=row.id, became=nursing.Became.SHELF, why="has a fever",
                              by=chair.thread.nurse)
    step(chair, "stop", 7, "has a fever")
    chair.scan(SALINE, "shelf")  # what is given to someone who is observed stands on the record as well
    assert ShelfPackage.objects.filter(became="", given_as="diluent").count() == 1


def test_a_visit_that_an_appointment_holds_is_ended_with_it_and_goes_to_no_home(chair: Chair) -> None:
    manager = chair.thread.manager
    waits = chair.suite.booked(1, 13)
    visit_id = nursing.ask_for_second_in_suite(appointment_id=waits, why="turning", by=manager)
    with pytest.raises(Refused, match="cancel the appointment"):
        nursing.advance_visit(visit_id=visit_id, step="cancel", reason="by mistake", by=manager)
    at = chair.begins + timedelta(days=2)
    with pytest.raises(Refused, match="made in a suite"):
        nursing.offer_visit(visit_id=visit_id, nurse_id=chair.thread.nurse.id, planned_start=at, planned_end=at + timedelta(hours=1),
                            by=manager)
    NurseVisit.objects.filter(pk=visit_id).update(state="cancelled")  # as a page of yesterday may have left it
    nursing.advance_appointment(appointment_id=waits, step="cancel", reason="the patient called", by=manager)
    assert Appointment.objects.get(pk=waits).state == "cancelled"


def test_no_kit_or_an_expired_one_is_a_stop_that_is_answered_in_words(chair: Chair) -> None:
    def say(despite: str = "", **values: str) -> None:
        with told(chair.begins + timedelta(minutes=3)):
            nursing.write_section(visit_id=chair.visit.id, section="kit", values=values, despite=despite, by=chair.thread.nurse)

    if "kit" not in packet_sections(chair):
        NurseVisit.objects.filter(pk=chair.visit.id).update(type_code="first_dose")
    yesterday, last = str(chair.begins.date() - timedelta(days=1)), str(chair.begins.date())
    with pytest.raises(Refused, match="expired on"):
        say(kit_on_hand="yes", kit_expires_on=yesterday)
    with pytest.raises(Refused, match="no anaphylaxis kit"):
        say(kit_on_hand="no", kit_missing_why="left in the car")
    say(kit_on_hand="yes", kit_expires_on=last)
    say("the pharmacist said to go on", kit_on_hand="no", kit_missing_why="the pharmacist, by telephone")
    (entry,) = SectionEntry.objects.filter(visit=chair.visit, section="kit", stands=True)
    assert entry.problems == ["no anaphylaxis kit is at hand"] and entry.why == "the pharmacist said to go on"
