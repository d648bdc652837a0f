# SPDX-License-Identifier: Apache-2.0
"""Tests of a course come due, are drawn, come back, and somebody acts; what is late is in the pharmacist's queue."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, transaction

from openinfusion.clinical import public as clinical
from openinfusion.clinical.jobs import plan_nightly
from openinfusion.clinical.models import Monitoring
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Malformed, Refused, Stale
from openinfusion.kernel.waiting import Ask
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now, today
from openinfusion.platform.journal import timeline
from openinfusion.platform.permissions import system_actor
from openinfusion.therapy import public as therapy

CBC = (
    ("6690-2", "white cells", "7.1", "10*3/uL"),
    ("718-7", "hemoglobin", "12.8", "g/dL"),
    ("777-3", "platelets", "240", "10*3/uL"),
)


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def record(bench: Any, *labs: tuple[str, str, str, str], ago: timedelta = timedelta(0)) -> list[UUID]:
    made = [
        patients.record_lab(
            patient_id=bench.patient_id,
            loinc=code,
            name=name,
            value=Decimal(value),
            unit=unit,
            taken_at=now() - ago,
            by=bench.pharmacist,
        )
        for code, name, value, unit in labs
    ]
    bench.tell()
    return made


@pytest.fixture
def course(bench: Any) -> Any:
    """A verified course of ceftriaxone, 42 days."""
    prescription_id = bench.prescription(days=42)
    bench.verify(prescription_id)
    return therapy.prescription(prescription_id)


def open_of(course: Any, **where: Any) -> dict[str, Any]:
    return {m.name: m for m in clinical.monitoring_where(therapy_id=course.therapy_id, **where)}


def test_a_verified_order_brings_the_tests_of_its_protocol(bench: Any, course: Any) -> None:
    found = open_of(course)
    assert {m.name: (m.state, m.every_days) for m in found.values()} == {
        "CBC": ("due", 7),
        "basic metabolic panel": ("due", 7),
        "hepatic panel": ("due", 7),
    }
    assert {m.due_on for m in found.values()} == {therapy.therapy(course.therapy_id).start_on}
    assert "(unverified)" in found["CBC"].source
    with pytest.raises(Refused, match="on the list"):
        clinical.plan_monitoring(therapy_id=course.therapy_id, by=bench.pharmacist)


def test_a_panel_is_answered_when_every_member_is_on_the_chart(bench: Any, course: Any) -> None:
    record(bench, *CBC[:2])
    assert open_of(course)["CBC"].state == "due"
    with pytest.raises(Refused) as no:
        clinical.advance_monitoring(monitoring_id=open_of(course)["CBC"].id, step="result", by=bench.pharmacist)
    assert codes(no) == {"no-result"} and "777-3" in str(no.value)
    record(bench, CBC[2])
    (done,) = clinical.monitoring_where(therapy_id=course.therapy_id, code="58410-2", state="resulted")
    assert done.drawn_on == today("America/Chicago") and "hemoglobin 12.8 g/dL" in done.result and not done.flagged
    (following,) = clinical.monitoring_where(therapy_id=course.therapy_id, code="58410-2", state="due")
    assert following.due_on == done.drawn_on + timedelta(days=7)
    assert timeline(subject_id=done.id)[0].sentence.startswith("OpenInfusion matched the result of CBC")


def test_an_old_result_does_not_answer_and_one_from_before_the_start_is_the_baseline(bench: Any) -> None:
    record(bench, *CBC, ago=timedelta(days=2))
    prescription_id = bench.prescription(days=42)
    bench.verify(prescription_id)
    course = therapy.prescription(prescription_id)
    assert open_of(course)["CBC"].due_on == today("America/Chicago") + timedelta(days=5)
    assert open_of(course)["hepatic panel"].due_on == course.order.start_on


def test_a_test_that_was_not_drawn_is_overdue_for_the_pharmacist(bench: Any, course: Any) -> None:
    ask = Ask(roles=frozenset({"pharmacist"}), kind="Monitoring")
    assert clinical.waiting(bench.pharmacist, ask).counts["Monitoring"] == 0
    with time_machine.travel(now() + timedelta(days=3)):
        waited = clinical.waiting(bench.pharmacist, ask)
        assert waited.counts["Monitoring"] == waited.late == 3 and waited.rows[0].missing == ("the draw",)
        clinical.advance_monitoring(monitoring_id=open_of(course)["CBC"].id, step="draw", by=bench.pharmacist)
        assert clinical.waiting(bench.pharmacist, ask).counts["Monitoring"] == 2, "drawn, so not overdue until the result is"
    with time_machine.travel(now() + timedelta(days=7)):
        assert clinical.waiting(bench.pharmacist, ask).counts["Monitoring"] == 3


METABOLIC = (
    ("2160-0", "creatinine", "0.9", "mg/dL"), ("2823-3", "potassium", "4.1", "mmol/L"), ("2951-2", "sodium", "139", "mmol/L"),
)


def test_all_results_within_range_are_seen_at_once_and_the_others_wait(bench: Any, course: Any, browse: Any) -> None:
    def states() -> dict[str, str]:
        return {m.name: m.state for m in clinical.monitoring_where(therapy_id=course.therapy_id) if m.resulted_on}

    client, care = browse(bench.pharmacist), f"/clinical/patients/{bench.patient_id}/"
    with pytest.raises(Refused) as no:
        clinical.accept_results(patient_id=bench.patient_id, by=bench.pharmacist)
    assert codes(no) == {"nothing-to-see"}
    record(bench, *METABOLIC, ("1742-6", "ALT", "30", "U/L"), ("6768-6", "alkaline phosphatase", "80", "U/L"),
           ("1975-2", "bilirubin", "0.6", "mg/dL"), *CBC[:2], ("777-3", "platelets", "80", "10*3/uL"))
    assert set(states().values()) == {"resulted"} and "all 2 within range" in client.get(care).content.decode()
    assert client.post(f"{care}results/accept/").status_code == 302
    assert states() == {"CBC": "resulted", "basic metabolic panel": "acted_on", "hepatic panel": "acted_on"}
    assert "within range" not in client.get(care).content.decode()
    assert client.post(f"/api/clinical/patients/{bench.patient_id}/results/accept").status_code == 409
    assert len(clinical.monitoring_where(therapy_id=course.therapy_id, state="due")) == 3, "each has its next one, once"


def test_who_may_not_judge_results_accepts_none(bench: Any, course: Any) -> None:
    record(bench, *METABOLIC)
    with pytest.raises(Refused):
        clinical.accept_results(patient_id=bench.patient_id, by=bench.technician)
    assert [m.state for m in clinical.monitoring_where(therapy_id=course.therapy_id, code="24320-4") if m.resulted_on] == ["resulted"]


def test_a_result_out_of_range_is_acted_on_in_words(bench: Any, course: Any) -> None:
    record(bench, *CBC[:2], ("777-3", "platelets", "80", "10*3/uL"))
    (row,) = clinical.monitoring_where(therapy_id=course.therapy_id, state="resulted")
    assert row.flagged and "outside 150 to 400" in row.result
    with pytest.raises(Refused) as no:
        clinical.advance_monitoring(monitoring_id=row.id, step="accept", by=bench.pharmacist)
    assert codes(no) == {"flagged"}
    with pytest.raises(Refused, match="needs a reason"):
        clinical.advance_monitoring(monitoring_id=row.id, step="act", by=bench.pharmacist)
    with pytest.raises(Stale):
        clinical.advance_monitoring(monitoring_id=row.id, step="act", reason="x", version=99, by=bench.pharmacist)
    clinical.advance_monitoring(monitoring_id=row.id, step="act", reason="prescriber told; repeat in 2 days", by=bench.pharmacist)
    (done,) = clinical.monitoring_where(pk=row.id)
    assert (done.state, done.actor_name, done.action_note) == ("acted_on", "Pat One", "prescriber told; repeat in 2 days")


def test_a_result_entered_in_error_takes_the_test_back(bench: Any, course: Any) -> None:
    made = record(bench, *CBC)
    row = next(m for m in clinical.monitoring_where(therapy_id=course.therapy_id, state="resulted"))
    following = clinical.monitoring_where(therapy_id=course.therapy_id, code="58410-2", state="due")
    assert len(following) == 1
    clinical.advance_monitoring(monitoring_id=following[0].id, step="cancel", reason="drawn elsewhere", by=bench.pharmacist)
    Monitoring.objects.filter(code="58410-2", state="due").delete()
    patients.mark_entered_in_error(kind="lab", entry_id=made[2], reason="another patient's", by=bench.pharmacist)
    bench.tell()
    (back,) = clinical.monitoring_where(pk=row.id)
    assert (back.state, back.drawn_on, back.result) == ("due", None, "")


def test_an_error_after_the_next_was_planned_folds_the_two_into_one(bench: Any, course: Any) -> None:
    made = record(bench, *CBC)
    patients.mark_entered_in_error(kind="lab", entry_id=made[0], reason="another patient's", by=bench.pharmacist)
    bench.tell()
    rows = clinical.monitoring_where(therapy_id=course.therapy_id, code="58410-2", state__in=["due", "drawn"])
    assert len(rows) == 1 and rows[0].due_on == course.order.start_on


def test_a_pharmacist_adds_changes_and_stops_tests(bench: Any, course: Any) -> None:
    on = today("America/Chicago")
    with pytest.raises(Malformed) as no:
        clinical.add_monitoring(
            therapy_id=course.therapy_id, code="2157-6", every_days=0, due_on=on - timedelta(days=1), by=bench.pharmacist
        )
    assert {f.path for f in no.value.faults} == {"every_days", "due_on"}
    with pytest.raises(Refused, match="permission"):
        clinical.add_monitoring(therapy_id=course.therapy_id, code="2157-6", every_days=7, due_on=on, by=bench.technician)
    added = clinical.add_monitoring(therapy_id=course.therapy_id, code="2157-6", every_days=3, due_on=on, by=bench.pharmacist)
    with pytest.raises(Refused, match="already"):
        clinical.add_monitoring(therapy_id=course.therapy_id, code="2157-6", every_days=3, due_on=on, by=bench.pharmacist)
    record(bench, ("2157-6", "creatine kinase", "90", "U/L"))
    (following,) = clinical.monitoring_where(therapy_id=course.therapy_id, code="2157-6", state="due")
    assert following.due_on == on + timedelta(days=3) and following.id != added
    clinical.advance_monitoring(monitoring_id=following.id, step="stop", reason="statin stopped", by=bench.pharmacist)
    with time_machine.travel(now() + timedelta(days=10)):
        assert plan_nightly(by=system_actor(bench.pharmacist.organization_id)) == 0
    assert clinical.monitoring_where(therapy_id=course.therapy_id, code="2157-6", state="due") == []


def test_an_assessment_is_answered_in_words(bench: Any, course: Any) -> None:
    on = today("America/Chicago")
    row = clinical.add_monitoring(therapy_id=course.therapy_id, code="audiology", every_days=14, due_on=on, by=bench.pharmacist)
    with pytest.raises(Refused) as no:
        clinical.advance_monitoring(monitoring_id=row, step="draw", by=bench.pharmacist)
    assert codes(no) == {"no-sample"}
    clinical.advance_monitoring(monitoring_id=row, step="assess", reason="hears as before, no dizziness", by=bench.pharmacist)
    assert open_of(course, pk=row)["hearing and balance asked or tested"].result == "hears as before, no dizziness"


def test_the_night_puts_the_next_ones_on_the_list_and_the_end_clears_them(bench: Any, course: Any) -> None:
    by = system_actor(bench.pharmacist.organization_id)
    for row in clinical.monitoring_where(therapy_id=course.therapy_id):
        clinical.advance_monitoring(monitoring_id=row.id, step="cancel", reason="done in hospital", by=bench.pharmacist)
    open_now = clinical.monitoring_where(therapy_id=course.therapy_id, state="due")
    assert {m.due_on for m in open_now} == {course.order.start_on + timedelta(days=7)}
    Monitoring.objects.filter(state="due").delete()
    assert plan_nightly(by=by) == 1 and plan_nightly(by=by) == 0
    therapy.activate_prescription(prescription_id=course.id, by=system_actor(bench.pharmacist.organization_id))
    therapy.steer_prescription(prescription_id=course.id, step="discontinue", reason="cured", by=bench.pharmacist)
    bench.tell()
    assert clinical.monitoring_where(therapy_id=course.therapy_id, state="due") == []


def test_the_database_holds_the_stops(bench: Any, course: Any) -> None:
    row = Monitoring.objects.filter(state="due").first()
    assert row is not None
    with pytest.raises(IntegrityError, match="monitoring_open_once"), transaction.atomic():
        Monitoring(
            **{f.attname: getattr(row, f.attname) for f in Monitoring._meta.fields if f.name not in ("id", "organization")}
        ).save()
    with pytest.raises(IntegrityError, match="monitoring_act_is_said"), transaction.atomic():
        Monitoring.objects.filter(state="due").update(
            acted_by=None, state="acted_on", drawn_on=today("UTC"), resulted_on=today("UTC")
        )


def test_the_check_says_what_the_list_says(bench: Any) -> None:
    """At every day of a course: a test is overdue by the check if and only if it stands overdue in the queue."""
    prescription_id = bench.prescription(drug_code="vancomycin", dose=Quantity(Decimal(1000), MG), interval_hours=12,
                                         infusion_minutes=90, days=42)

    def late() -> set[str]:
        return {f.code for f in clinical.findings_for(prescription_id) if f.rule == "monitoring" and f.code.endswith("overdue")}

    with time_machine.travel(now() + timedelta(days=20)):
        assert late() == set()  # transcribed: no list yet, so nothing is late, only a baseline may be missing
    bench.verify(prescription_id)
    therapy_id = therapy.prescription(prescription_id).therapy_id
    seen = set()
    for days in range(12):
        with time_machine.travel(now() + timedelta(days=days)):
            rows = clinical.monitoring_where(therapy_id=therapy_id, state__in=["due", "drawn"])
            overdue = {r.name for r in rows if r.late}
            told = [f for f in clinical.findings_for(prescription_id) if f.rule == "monitoring" and f.code.endswith("overdue")]
            assert len(told) == len(overdue), (days, overdue, told)
            seen.add(bool(overdue))
    assert seen == {True, False}
    late_row = next(r for r in clinical.monitoring_where(therapy_id=therapy_id, state="due"))
    with time_machine.travel(now() + timedelta(days=11)):
        before = len(late())
        clinical.advance_monitoring(monitoring_id=late_row.id, step="stop", reason="followed at the clinic", by=bench.pharmacist)
        assert len(late()) == before - 1  # stopped on the list: the check follows
