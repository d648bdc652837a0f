# SPDX-License-Identifier: Apache-2.0
"""Interventions, care plan, teaching, calls and events: written down, settled, judged, and never deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from openinfusion.clinical import public as clinical
from openinfusion.clinical.models import Call, ClinicalEvent, Intervention
from openinfusion.kernel.refusal import Malformed, NotFound, Refused
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import Ask
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now, today
from openinfusion.platform.journal import timeline
from openinfusion.therapy import public as therapy


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def kinds(by: Any, role: str) -> dict[str, int]:
    return dict(clinical.waiting(by, Ask(roles=frozenset({role}))).counts)


def test_an_intervention_is_settled_with_an_outcome_and_its_minutes_add_up(bench: Any) -> None:
    prescription_id = bench.prescription()
    made = clinical.record_intervention(
        patient_id=bench.patient_id,
        kind="renal_dosing",
        problem="creatinine rose",
        minutes=10,
        prescription_id=prescription_id,
        by=bench.pharmacist,
    )
    (row,) = clinical.interventions_where(patient_id=bench.patient_id)
    assert (row.state, row.therapy_id) == ("open", therapy.prescription(prescription_id).therapy_id)
    assert kinds(bench.pharmacist, "pharmacist")["Intervention"] == 1
    with pytest.raises(Refused) as no:
        clinical.settle_intervention(intervention_id=made, outcome="liked", by=bench.pharmacist)
    assert codes(no) == {"outcome-missing"}
    clinical.settle_intervention(intervention_id=made, outcome="accepted", minutes=5, by=bench.pharmacist)
    (row,) = clinical.interventions_where(patient_id=bench.patient_id)
    assert (row.state, row.minutes, row.outcome_text) == ("settled", 15, "Accepted")
    assert "15 minutes in all" in timeline(subject_id=made)[0].sentence
    with pytest.raises(IntegrityError, match="intervention_has_outcome"), transaction.atomic():
        Intervention.objects.filter(pk=made).update(outcome="")


def test_an_intervention_says_its_type_its_problem_and_its_time(bench: Any) -> None:
    with pytest.raises(Malformed) as no:
        clinical.record_intervention(
            patient_id=bench.patient_id, kind="x", problem=" ", minutes=0, discipline="magic", by=bench.pharmacist
        )
    assert {f.path for f in no.value.faults} == {"kind", "problem", "minutes", "discipline"}
    with pytest.raises(Refused, match="permission"):
        clinical.record_intervention(patient_id=bench.patient_id, kind="other", problem="x", minutes=1, by=bench.technician)
    assert clinical.interventions_where(patient_id=bench.patient_id) == []


def test_a_goal_can_be_measured_is_reviewed_and_settled(bench: Any) -> None:
    said = {"discipline": "pharmacy", "problem": "bone infection", "goal": "no fever, CRP below 10 by week 6"}
    with pytest.raises(Malformed, match="ongoing"):
        clinical.write_goal(patient_id=bench.patient_id, measure="ongoing monitoring", by=bench.pharmacist, **said)
    goal = clinical.write_goal(patient_id=bench.patient_id, measure="weekly labs, call each Monday", by=bench.pharmacist, **said)
    with pytest.raises(Refused) as no:
        clinical.advance_goal(goal_id=goal, step="meet", by=bench.pharmacist)
    assert codes(no) == {"never-reviewed"}
    assert kinds(bench.pharmacist, "pharmacist").get("Care plan review", 0) == 0
    with time_machine.travel(now() + timedelta(days=31)):
        assert kinds(bench.pharmacist, "pharmacist")["Care plan review"] == 1
        assert kinds(bench.pharmacist, "nurse").get("Care plan review", 0) == 0
        clinical.review_goal(goal_id=goal, progress="afebrile, CRP 14", by=bench.pharmacist)
        assert kinds(bench.pharmacist, "pharmacist").get("Care plan review", 0) == 0
        clinical.advance_goal(goal_id=goal, step="meet", by=bench.pharmacist)
    (fact,) = clinical.goals_where(patient_id=bench.patient_id)
    assert fact.state == "met" and [r.progress for r in fact.reviews] == ["afebrile, CRP 14"]


def test_a_topic_is_learned_when_it_was_last_taught_back(bench: Any) -> None:
    course = therapy.therapy(therapy.prescription(bench.prescription()).therapy_id)
    topics = clinical.to_teach(course)
    assert "aseptic technique" in topics
    said = {"patient_id": bench.patient_id, "topic": "aseptic technique", "method": "demonstration", "by": bench.pharmacist}
    clinical.record_teaching(result="not_yet", **said)
    assert clinical.to_teach(course) == topics
    clinical.record_teaching(result="teaches_back", learner="daughter", language="Spanish", interpreter=True, **said)
    assert clinical.to_teach(course) == tuple(t for t in topics if t != "aseptic technique")
    clinical.record_teaching(result="with_help", **said)
    assert clinical.to_teach(course) == topics, "what was forgotten is taught again"
    with pytest.raises(Malformed) as no:
        clinical.record_teaching(
            result="liked it", taught_on=today("America/Chicago") + timedelta(days=3), **(said | {"method": "song"})
        )
    assert {f.path for f in no.value.faults} == {"result", "method", "taught_on"}


def test_an_urgent_call_goes_to_the_pharmacist_on_call_and_no_other_way(bench: Any) -> None:
    call = clinical.log_call(
        patient_id=bench.patient_id,
        caller="Amara",
        topic="fever_or_chills",
        words="39 degrees since noon",
        advice="wait",
        by=bench.technician,
    )
    (row,) = clinical.calls_where(pk=call)
    assert row.state == "with_pharmacist" and row.due_at == row.escalated_at + timedelta(minutes=30)
    assert kinds(bench.pharmacist, "pharmacist")["Call"] == 1
    with pytest.raises(Refused):
        clinical.advance_call(call_id=call, step="settle", by=bench.technician)
    with pytest.raises(Refused, match="permission"):
        clinical.advance_call(call_id=call, step="take", by=bench.technician)
    with time_machine.travel(now() + timedelta(minutes=45)):
        assert clinical.waiting(bench.pharmacist, Ask(roles=frozenset({"pharmacist"}))).late >= 1
        clinical.advance_call(call_id=call, step="take", by=bench.pharmacist)
        clinical.advance_call(call_id=call, step="resolve", reason="sent to the emergency department", by=bench.pharmacist)
    (row,) = clinical.calls_where(pk=call)
    assert (row.state, row.taker_name, row.resolution) == ("settled", "Pat One", "sent to the emergency department")
    assert any("after 45 minutes" in line.sentence for line in timeline(subject_id=call))
    with pytest.raises(Refused, match="settled"):
        clinical.advise(call_id=call, advice="later thought", by=bench.pharmacist)
    with pytest.raises(IntegrityError, match="call_urgent_was_taken"), transaction.atomic():
        Call.objects.filter(pk=call).update(taken_at=None)


def test_a_plain_call_is_settled_by_its_advice_or_waits_for_one(bench: Any, someone: Callable[..., Any]) -> None:
    said = {"patient_id": bench.patient_id, "caller": "Amara", "topic": "how_to", "words": "which cap?", "by": bench.technician}
    done = clinical.log_call(advice="the blue one", **said)
    assert clinical.calls_where(pk=done)[0].state == "settled"
    waits = clinical.log_call(**said)
    with pytest.raises(Refused) as no:
        clinical.advance_call(call_id=waits, step="settle", by=bench.technician)
    assert codes(no) == {"no-advice"}
    clinical.advise(call_id=waits, advice="the white one", by=bench.technician)
    clinical.advance_call(call_id=waits, step="settle", by=bench.technician)
    nurse = someone(Role.NURSE, name="Nan Nurse")
    handed = clinical.log_call(hand_to="nurse", **said)
    assert kinds(nurse, "nurse")["Call"] == 1
    clinical.advance_call(call_id=handed, step="to_pharmacist", reason="about the dose", by=nurse)
    assert clinical.calls_where(pk=handed)[0].state == "with_pharmacist"
    with pytest.raises(Malformed) as bad:
        clinical.log_call(**(said | {"topic": "gossip", "caller": ""}))
    assert {f.path for f in bad.value.faults} == {"topic", "caller"}


def test_a_line_event_names_its_device_and_is_judged(bench: Any) -> None:
    on = today("America/Chicago")
    said = {
        "patient_id": bench.patient_id,
        "family": "line_event",
        "kind": "occlusion",
        "text": "does not flush",
        "occurred_on": on,
    }
    with pytest.raises(Malformed, match="name the device"):
        clinical.report_event(by=bench.technician, **said)
    line = patients.line(bench.patient_id)
    event = clinical.report_event(line_id=line.id, harm="moderate", by=bench.technician, **said)
    (row,) = clinical.events_where(pk=event)
    assert row.device == "PICC, tip central" and kinds(bench.pharmacist, "pharmacist")["Event"] == 1
    with pytest.raises(Refused) as no:
        clinical.advance_event(event_id=event, step="review", reason="cleared with alteplase", by=bench.pharmacist)
    assert codes(no) == {"relation-unknown"}
    clinical.advance_event(
        event_id=event, step="review", reason="cleared with alteplase", related="related", ended_on=on, by=bench.pharmacist
    )
    (row,) = clinical.events_where(pk=event)
    assert (row.state, row.related, row.judgement) == ("reviewed", "related", "cleared with alteplase")
    with pytest.raises(IntegrityError, match="event_of_a_line_names_it"), transaction.atomic():
        ClinicalEvent.objects.filter(pk=event).update(device="")


def test_an_entry_in_error_leaves_every_list_and_stays_in_the_history(bench: Any) -> None:
    event = clinical.report_event(
        patient_id=bench.patient_id,
        family="adverse_reaction",
        kind="skin",
        text="rash",
        occurred_on=today("America/Chicago"),
        by=bench.pharmacist,
    )
    with pytest.raises(Refused, match="reason"):
        clinical.strike_entry(kind="event", entry_id=event, reason=" ", by=bench.pharmacist)
    clinical.strike_entry(kind="event", entry_id=event, reason="another patient's", by=bench.pharmacist)
    assert clinical.events_where(patient_id=bench.patient_id) == []
    assert kinds(bench.pharmacist, "pharmacist").get("Event", 0) == 0
    assert ClinicalEvent.objects.filter(pk=event).exists()
    with pytest.raises(Refused, match="already"):
        clinical.strike_entry(kind="event", entry_id=event, reason="again", by=bench.pharmacist)
    with pytest.raises(Refused, match="in error"):
        clinical.advance_event(event_id=event, step="review", reason="x", related="related", by=bench.pharmacist)
    with pytest.raises(NotFound):
        clinical.strike_entry(kind="patient", entry_id=event, reason="x", by=bench.pharmacist)
