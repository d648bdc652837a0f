# SPDX-License-Identifier: Apache-2.0
"""Orders are transcribed, revised and never edited; plans are concrete and signed; doses fall on the patient's own clock."""
from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openinfusion.kernel.refusal import Malformed, Refused, Stale
from openinfusion.platform.clock import now, today
from openinfusion.platform.journal import timeline
from openinfusion.therapy import public as therapy
from openinfusion.therapy.models import Prescription
from openinfusion.therapy.public import PlanText

PLAN = PlanText(treatment_type="home infusion of ceftriaxone through a PICC", amount="2 g per dose", duration="14 days",
                frequency="every 24 hours")


def test_a_revision_is_a_new_version_that_points_to_the_old_one(bench: Any) -> None:
    first = bench.prescription()
    second = therapy.revise_prescription(prescription_id=first, order=bench.order(days=21), reason="bone involved", by=bench.intake)
    old, new = therapy.prescription(first), therapy.prescription(second)
    assert (old.state, new.state, new.version_no, new.previous_id) == ("changed", "transcribed", 2, first)
    assert old.order.days == 14, "the old version still says what it said"
    changed = {d.field: (d.old, d.new) for d in therapy.changes_of(second) if d.changed}
    assert list(changed) == ["Duration"] and changed["Duration"][0].startswith("14 days")
    assert [v.version_no for v in therapy.versions(first)] == [2, 1]


def test_a_version_is_revised_once(bench: Any) -> None:
    first = bench.prescription()
    therapy.revise_prescription(prescription_id=first, order=bench.order(days=21), reason="longer", by=bench.intake)
    with pytest.raises(Refused):
        therapy.revise_prescription(prescription_id=first, order=bench.order(days=28), reason="longer", by=bench.intake)
    with pytest.raises(Refused, match="says the same"):
        therapy.revise_prescription(prescription_id=therapy.versions(first)[0].id, order=bench.order(days=21), reason="x", by=bench.intake)


def test_a_vague_order_is_refused_and_nothing_is_kept(bench: Any) -> None:
    therapy_id = bench.therapy()
    with pytest.raises(Malformed, match="as directed"):
        therapy.transcribe_prescription(therapy_id=therapy_id, order=bench.order(instructions="Use as directed"), by=bench.intake)
    assert therapy.prescriptions_of(therapy_id) == []


def test_a_route_the_drug_is_not_given_by_is_refused(bench: Any) -> None:
    with pytest.raises(Malformed, match="not given"):
        therapy.transcribe_prescription(therapy_id=bench.therapy(), order=bench.order(route="epidural"), by=bench.intake)


def test_a_stale_version_is_refused(bench: Any) -> None:
    with pytest.raises(Stale):
        therapy.revise_prescription(prescription_id=bench.prescription(), order=bench.order(days=3), reason="x", version=9, by=bench.intake)


def test_the_database_refuses_a_verifier_who_transcribed(bench: Any) -> None:
    row = Prescription.objects.get(pk=bench.prescription())
    with pytest.raises(IntegrityError, match="prescription_two_people"), transaction.atomic():
        Prescription.objects.filter(pk=row.pk).update(verified_by=row.transcribed_by)


def test_doses_fall_where_the_patient_lives(bench: Any) -> None:
    day = today("America/Chicago") + timedelta(days=2)
    prescription_id = bench.prescription(interval_hours=None, clock_times=(time(8), time(20)), start_on=day)
    due = therapy.schedule(prescription_id, day, day)
    assert [d.local.time() for d in due] == [time(8), time(20)]
    assert due[0].local.tzinfo is not None and due[0].at.utcoffset() == timedelta(0)


def test_a_plan_is_concrete_sent_signed_and_dated(bench: Any) -> None:
    therapy_id = bench.therapy()
    assert therapy.plan_of_treatment(therapy_id).state == "not_written"
    with pytest.raises(Malformed, match="ongoing"):
        therapy.write_plan(therapy_id=therapy_id, plan=PlanText(treatment_type="infusion", amount="2 g", duration="ongoing", frequency="daily"), by=bench.intake)
    plan_id = therapy.write_plan(therapy_id=therapy_id, plan=PLAN, by=bench.intake)
    with pytest.raises(Refused, match="in force"):
        therapy.write_plan(therapy_id=therapy_id, plan=PLAN, by=bench.intake)
    therapy.send_plan(plan_id=plan_id, by=bench.intake)
    with pytest.raises(Refused, match="date on the paper"):
        therapy.sign_plan(plan_id=plan_id, signer_name="Lena Fictional, MD", signed_on=None, by=bench.intake)
    with pytest.raises(Refused, match="between"):
        therapy.sign_plan(plan_id=plan_id, signer_name="Lena Fictional, MD", signed_on=date(2020, 1, 1), by=bench.intake)
    today = therapy.plan_of_treatment(therapy_id).written_on
    therapy.sign_plan(plan_id=plan_id, signer_name="Lena Fictional, MD", signed_on=today, by=bench.intake)
    plan = therapy.plan_of_treatment(therapy_id)
    assert plan.signed and plan.signed_on == today
    assert "recorded the signature of Lena Fictional" in timeline(subject_id=plan_id)[0].sentence


def test_a_revision_calls_for_a_new_plan(bench: Any) -> None:
    prescription_id = bench.prescription()
    therapy_id = therapy.prescription(prescription_id).therapy_id
    therapy.write_plan(therapy_id=therapy_id, plan=PLAN, by=bench.intake)
    therapy.revise_prescription(prescription_id=prescription_id, order=bench.order(days=21), reason="longer", by=bench.intake)
    plan = therapy.plan_of_treatment(therapy_id)
    assert (plan.state, plan.signed) == ("written", False) and plan.duration.startswith("21 days")


def test_a_course_starts_with_a_verified_order_and_ends_when_nothing_runs(bench: Any) -> None:
    prescription_id = bench.prescription()
    therapy_id = therapy.prescription(prescription_id).therapy_id
    with pytest.raises(Refused, match="is verified"):
        therapy.advance_therapy(therapy_id=therapy_id, step="start", by=bench.pharmacist)
    bench.verify(prescription_id)
    therapy.activate_prescription(prescription_id=prescription_id, by=bench.pharmacist)
    assert therapy.therapy(therapy_id).state == "active" and therapy.therapy(therapy_id).started_on
    with pytest.raises(Refused, match="still run"):
        therapy.advance_therapy(therapy_id=therapy_id, step="discontinue", reason="x", by=bench.pharmacist)
    therapy.steer_prescription(prescription_id=prescription_id, step="discontinue", reason="rash", by=bench.pharmacist)
    therapy.advance_therapy(therapy_id=therapy_id, step="discontinue", reason="rash", by=bench.pharmacist)
    assert therapy.therapy(therapy_id).ended_on


def test_verification_is_not_done_from_the_prescription(bench: Any) -> None:
    with pytest.raises(Refused, match="review"):
        therapy.steer_prescription(prescription_id=bench.prescription(), step="verify", by=bench.pharmacist)


def test_an_order_is_transcribed_and_revised_on_its_page(bench: Any, browse: Any) -> None:
    therapy_id, client = bench.therapy(), browse(bench.intake)
    assert "Transcribe an order" in client.get(f"/therapy/{therapy_id}/").content.decode()
    assert client.get(f"/therapy/{therapy_id}/transcribe/").status_code == 200
    fields = {
        "drug_code": "ceftriaxone", "dose_amount": "2000", "dose_unit": "mg", "route": "IV", "interval_hours": "24", "every_days": "1",
        "first_dose_time": "08:00", "infusion_minutes": "30", "start_on": today("America/Chicago").isoformat(), "days": "14", "doses": "0",
        "prescriber_name": "Lena Fictional, MD",
    }
    wrong = client.post(f"/therapy/{therapy_id}/transcription/", fields | {"dose_amount": "2e3"})
    assert wrong.status_code == 422 and "Dose" in wrong.content.decode() and therapy.prescriptions_of(therapy_id) == []
    assert client.post(f"/therapy/{therapy_id}/transcription/", fields).status_code == 302
    (made,) = therapy.prescriptions_of(therapy_id)
    page = client.get(f"/therapy/prescriptions/{made.id}/").content.decode()
    assert "2,000 mg" in page and "every 24 hours" in page
    assert client.get(f"/therapy/prescriptions/{made.id}/revise/").status_code == 200
    revised = fields | {"days": "21", "reason": "longer", "version": str(made.version)}
    assert client.post(f"/therapy/prescriptions/{made.id}/revision/", revised).status_code == 302
    newest = therapy.versions(made.id)[0]
    page = client.get(f"/therapy/prescriptions/{newest.id}/").content.decode()
    assert "<del>14 days" in page and "<ins>21 days" in page


def test_the_plan_goes_through_its_page(bench: Any, browse: Any) -> None:
    therapy_id, client = bench.therapy(), browse(bench.intake)
    words = {"treatment_type": "home infusion", "amount": "2 g", "duration": "14 days", "frequency": "every 24 hours"}
    assert client.post(f"/therapy/{therapy_id}/plan/", words | {"frequency": "as directed"}).status_code == 422
    assert client.post(f"/therapy/{therapy_id}/plan/", words).status_code == 302
    plan_id = therapy.plan_of_treatment(therapy_id).id
    assert client.post(f"/therapy/{therapy_id}/plan/{plan_id}/send/").status_code == 302
    today = therapy.plan_of_treatment(therapy_id).written_on
    signed = client.post(f"/therapy/{therapy_id}/plan/{plan_id}/sign/", {"signer_name": "Lena Fictional", "signed_on": today.isoformat()})
    assert signed.status_code == 302 and therapy.plan_of_treatment(therapy_id).signed


def test_the_same_over_the_api(bench: Any, browse: Any) -> None:
    client = browse(bench.intake)
    made = client.post("/api/therapy/", {
        "patient_id": str(bench.patient_id), "drug_code": "ceftriaxone", "site_id": str(bench.site_id), "prescriber": "Lena Fictional",
        "start_on": today("America/Chicago").isoformat()}, content_type="application/json")
    assert made.status_code == 200, made.content
    therapy_id = made.json()["id"]
    order = {"drug_code": "ceftriaxone", "dose": "2000", "dose_unit": "mg", "route": "IV", "start_on": today("America/Chicago").isoformat(),
             "days": 14, "interval_hours": 24, "infusion_minutes": 30, "prescriber_name": "Lena Fictional"}
    bad = client.post(f"/api/therapy/{therapy_id}/prescriptions", order | {"interval_hours": None}, content_type="application/json")
    assert bad.status_code == 422 and bad.json()["details"][0]["path"] == "interval_hours"
    first = client.post(f"/api/therapy/{therapy_id}/prescriptions", order, content_type="application/json").json()["id"]
    second = client.post(f"/api/therapy/prescriptions/{first}/revisions", order | {"days": 7, "reason": "shorter"}, content_type="application/json").json()["id"]
    changes = client.get(f"/api/therapy/prescriptions/{second}/changes").json()
    assert [c["field"] for c in changes if c["changed"]] == ["Duration"]
    doses = client.get(f"/api/therapy/prescriptions/{second}/doses", {"first": today("America/Chicago").isoformat(), "last": (today("America/Chicago") + timedelta(days=30)).isoformat()}).json()
    assert 6 <= len(doses) <= 7


def test_an_order_past_its_last_valid_day_expires(bench: Any) -> None:
    import time_machine

    from openinfusion.platform.permissions import system_actor
    from openinfusion.therapy.jobs import expire_orders

    prescription_id = bench.prescription()
    house = system_actor(bench.pharmacist.organization_id)
    assert expire_orders(by=house) == 0
    with time_machine.travel(now() + timedelta(days=368)):
        assert expire_orders(by=house) == 1
    assert therapy.prescription(prescription_id).state == "expired"
