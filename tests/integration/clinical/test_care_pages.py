# SPDX-License-Identifier: Apache-2.0
"""The pages and the API of monitoring, outcomes, care and calls."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from openinfusion.clinical import public as clinical
from openinfusion.clinical.web import care_pages, monitoring_pages
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now, today
from openinfusion.therapy import public as therapy


def fill(bench: Any) -> Any:
    """One patient with something of everything; the course."""
    prescription_id = bench.prescription(days=42)
    bench.verify(prescription_id)
    by, on = bench.pharmacist, today("America/Chicago")
    for ago, value in ((20, "0.8"), (10, "1.0"), (1, "1.6")):
        patients.record_lab(
            patient_id=bench.patient_id,
            loinc="2160-0",
            name="creatinine",
            value=Decimal(value),
            unit="mg/dL",
            taken_at=now() - timedelta(days=ago),
            by=by,
        )
    clinical.record_intervention(patient_id=bench.patient_id, kind="level_follow_up", problem="level 24", minutes=10, by=by)
    clinical.write_goal(
        patient_id=bench.patient_id, discipline="nursing", problem="line", goal="no infection", measure="weekly dressing", by=by
    )
    clinical.record_teaching(
        patient_id=bench.patient_id, topic="aseptic technique", method="spoken", result="teaches_back", by=by
    )
    clinical.log_call(patient_id=bench.patient_id, caller="Amara", topic="reaction", words="hives", by=by)
    clinical.report_event(patient_id=bench.patient_id, family="adverse_reaction", kind="skin", text="rash", occurred_on=on, by=by)
    return therapy.prescription(prescription_id)


def test_a_patients_clinical_page_takes_every_entry(bench: Any, browse: Any) -> None:
    course = fill(bench)
    client = browse(bench.pharmacist)
    url, on = f"/clinical/patients/{bench.patient_id}/", today("America/Chicago")
    page = client.get(url).content.decode()
    for word in ("level 24", "no infection", "aseptic technique", "rash", "Add a goal", "Lab trends", "CBC"):
        assert word in page, word
    add = {
        "goal": {"discipline": "pharmacy", "problem": "infection", "goal": "cured by week 6", "measure": "weekly labs"},
        "intervention": {
            "kind": "other",
            "discipline": "pharmacy",
            "problem": "asked",
            "minutes": "5",
            "outcome": "accepted",
            "therapy_id": str(course.therapy_id),
        },
        "education": {"topic": "whom to call", "method": "spoken", "result": "teaches_back", "learner": "patient"},
        "event": {
            "what": "unplanned_care:emergency_visit",
            "harm": "moderate",
            "related": "unknown",
            "occurred_on": on.isoformat(),
            "text": "fever",
        },
        "test": {"therapy_id": str(course.therapy_id), "code": "2157-6", "every_days": "7", "due_on": on.isoformat()},
    }
    for kind, said in add.items():
        answer = client.post(f"{url}add/{kind}/", said)
        assert answer.status_code == 302, (kind, answer.content.decode()[:2000])
    assert client.post(f"{url}add/goal/", add["goal"] | {"measure": "ongoing"}).status_code == 422
    assert client.post(f"{url}add/nonsense/", {}).status_code == 404
    assert "creatine kinase" in client.get(url).content.decode()
    goal = clinical.goals_where(patient_id=bench.patient_id, discipline="pharmacy")[0]
    assert client.post(f"/clinical/entries/goal/{goal.id}/review/", {"progress": "better"}).status_code == 302
    assert client.post(f"/clinical/entries/goal/{goal.id}/meet/").status_code == 302
    open_one = clinical.interventions_where(patient_id=bench.patient_id, state="open")[0]
    assert (
        client.post(f"/clinical/entries/intervention/{open_one.id}/settle/", {"outcome": "declined", "minutes": "5"}).status_code
        == 302
    )
    event = clinical.events_where(patient_id=bench.patient_id, kind="skin")[0]
    judged = client.post(f"/clinical/entries/event/{event.id}/review/", {"related": "related", "reason": "mild, goes on"})
    assert judged.status_code == 302
    taught = clinical.teaching_where(patient_id=bench.patient_id)[0]
    assert client.post(f"/clinical/entries/education/{taught.id}/error/", {"reason": "wrong patient"}).status_code == 302
    after = client.get(url).content.decode()
    assert "Take up again" in after and "mild, goes on" in after and "20 minutes in all" in after
    chart = client.get(f"/patients/{bench.patient_id}/chart/")
    if chart.status_code == 200:
        assert "Care plan, interventions, teaching, calls" in chart.content.decode()


def test_the_queue_of_tests_is_filtered_and_worked_through(bench: Any, browse: Any) -> None:
    course = fill(bench)
    client = browse(bench.pharmacist)
    empty = client.get("/clinical/monitoring/").content.decode()
    assert "Nothing here" in empty and empty.count('aria-current="page">Monitor') == 1 and 'aria-current="page">Verify' not in empty
    due = client.get("/clinical/monitoring/?show=due").content.decode()
    assert "CBC" in due and "Enter the values" in due
    one = client.get(f"/clinical/monitoring/?patient={bench.patient_id}").content.decode()
    assert "All open" in one and "basic metabolic panel" in one
    assert client.get("/clinical/monitoring/?patient=nonsense").status_code == 404
    test = clinical.monitoring_where(therapy_id=course.therapy_id, code="58410-2")[0]
    drawn = client.post(f"/clinical/monitoring/{test.id}/draw/", {"drawn_on": (now() + timedelta(days=5)).date().isoformat()})
    assert drawn.status_code == 409
    assert (
        client.post(f"/clinical/monitoring/{test.id}/draw/", {"drawn_on": today("America/Chicago").isoformat()}).status_code
        == 302
    )
    assert "CBC" in client.get("/clinical/monitoring/?show=drawn").content.decode()
    assert client.post(f"/clinical/monitoring/{test.id}/cancel/", {"reason": "drawn elsewhere"}).status_code == 302
    assert "CBC" in client.get("/clinical/monitoring/?show=out").content.decode()


def test_trends_draw_values_range_and_course(bench: Any, browse: Any) -> None:
    fill(bench)
    page = browse(bench.pharmacist).get(f"/clinical/patients/{bench.patient_id}/trends/").content.decode()
    assert page.count("<circle") == 4 and 'class="range"' in page and "Reference 0.5 to 1.3 mg/dL" in page
    assert "out of range" in page


def test_a_call_is_written_down_handed_on_taken_and_resolved(bench: Any, browse: Any) -> None:
    client = browse(bench.technician)
    assert "About which patient" in client.get("/clinical/calls/new/").content.decode()
    assert "SAMPLETON" in client.get("/clinical/calls/new/?q=sampl").content.decode()
    assert "Nobody by that name" in client.get("/clinical/calls/new/?q=zzz").content.decode()
    assert "What was said" in client.get(f"/clinical/calls/new/?patient={bench.patient_id}").content.decode()
    said = {"patient_id": str(bench.patient_id), "caller": "Amara", "topic": "bleeding", "words": "does not stop"}
    assert client.post("/clinical/calls/log/", said | {"words": ""}).status_code == 422
    made = client.post("/clinical/calls/log/", said)
    assert made.status_code == 302
    url = made["Location"]
    assert "urgent" in client.get(url).content.decode() and "Amara" in client.get("/clinical/calls/").content.decode()
    rph = browse(bench.pharmacist)
    assert rph.post(f"{url}take/").status_code == 302
    assert rph.post(f"{url}advise/", {"advice": "press, call 911"}).status_code == 302
    assert rph.post(f"{url}resolve/", {"reason": "ambulance came"}).status_code == 302
    assert "ambulance came" in rph.get(url).content.decode() and "No call waits" in rph.get("/clinical/calls/").content.decode()


def test_outcomes_are_shown_and_exported(bench: Any, browse: Any) -> None:
    fill(bench)
    client = browse(bench.pharmacist)
    page = client.get("/clinical/outcomes/").content.decode()
    assert "too few to tell" in page and "(unverified)" in page
    file = client.get("/clinical/outcomes.csv?first=2026-01-01&last=2026-03-31")
    assert file["Content-Type"].startswith("text/csv") and "clabsi" in file.content.decode()
    assert client.get("/clinical/outcomes/?first=x&last=y").status_code == 422
    assert browse(bench.technician).get("/clinical/outcomes/").status_code == 403


def test_rendering_asks_the_database_nothing(bench: Any, browse: Any) -> None:
    fill(bench)
    by = bench.pharmacist
    with CaptureQueriesContext(connection) as seen:
        pages = {
            "clinical/care.html": care_pages.care_page(bench.patient_id, by),
            "clinical/monitoring.html": monitoring_pages.queue_page("due", None, by),
            "clinical/trends.html": monitoring_pages.trend_page(bench.patient_id),
            "clinical/outcomes.html": monitoring_pages.outcomes_page(today("UTC") - timedelta(days=30), today("UTC"), ""),
            "clinical/calls.html": care_pages.calls_page("", by),
        }
    assert len(seen) < 90
    request = browse(by).get("/livez").wsgi_request
    for template, page in pages.items():
        with CaptureQueriesContext(connection) as asked:
            render_to_string(template, {"page": page, "frame": {}, "request": request})
        assert len(asked) == 0, (template, [q["sql"][:120] for q in asked])


def test_the_same_over_the_api(bench: Any, browse: Any) -> None:
    course = fill(bench)
    client = browse(bench.pharmacist)

    def post(path: str, body: dict[str, Any]) -> Any:
        return client.post(f"/api/clinical/{path}", body, content_type="application/json")

    tests = client.get("/api/clinical/monitoring", {"therapy_id": str(course.therapy_id)}).json()
    assert {t["name"] for t in tests} == {"CBC", "basic metabolic panel", "hepatic panel"}
    assert post(f"monitoring/{tests[0]['id']}/steps", {"step": "accept"}).status_code == 409
    assert post(f"monitoring/{tests[0]['id']}/steps", {"step": "draw"}).status_code == 200
    assert (
        post(
            f"therapies/{course.therapy_id}/monitoring",
            {"code": "2157-6", "every_days": 7, "due_on": today("America/Chicago").isoformat()},
        ).status_code
        == 200
    )
    assert post(f"therapies/{course.therapy_id}/monitoring/plan", {}).status_code == 409
    p = f"patients/{bench.patient_id}"
    made = post(f"{p}/interventions", {"kind": "other", "problem": "asked", "minutes": 4}).json()["id"]
    assert post(f"interventions/{made}/outcome", {"outcome": "not_needed"}).status_code == 200
    goal = post(
        f"{p}/goals", {"discipline": "nutrition", "problem": "weight", "goal": "70 kg by June", "measure": "weigh weekly"}
    ).json()["id"]
    assert post(f"goals/{goal}/reviews", {"progress": "68 kg"}).status_code == 200
    assert post(f"goals/{goal}/steps", {"step": "withdraw", "reason": "moved"}).status_code == 200
    assert post(f"{p}/education", {"topic": "pump", "method": "video", "result": "with_help"}).status_code == 200
    call = post(f"{p}/calls", {"caller": "Amara", "topic": "supplies", "words": "no caps", "hand_to": "nurse"}).json()["id"]
    assert post(f"calls/{call}/steps", {"step": "take"}).status_code == 200
    event = post(
        f"{p}/events",
        {"family": "adverse_reaction", "kind": "gut", "text": "nausea", "occurred_on": today("America/Chicago").isoformat()},
    ).json()["id"]
    assert post(f"events/{event}/steps", {"step": "review", "related": "related", "reason": "known"}).status_code == 200
    assert post(f"entries/event/{event}/error", {"reason": "double"}).status_code == 200
    for path, count in (("interventions", 2), ("goals", 2), ("education", 2), ("events", 1)):
        assert len(client.get(f"/api/clinical/{p}/{path}").json()) == count, path
    assert len(client.get("/api/clinical/calls", {"patient_id": str(bench.patient_id)}).json()) == 2
    figures = client.get("/api/clinical/outcomes", {"first": "2026-01-01", "last": "2026-12-31"}).json()
    assert {f["key"] for f in figures} >= {"clabsi", "adr", "completed"} and figures[0]["figure"] is None
