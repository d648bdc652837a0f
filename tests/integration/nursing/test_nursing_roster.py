# SPDX-License-Identifier: Apache-2.0
"""Nurses' time, agencies, licences, miles, handovers and missed visits: what is refused, and what a plan may read."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from openinfusion.kernel.refusal import Malformed, Refused, Stale
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Availability, Mileage, Miss
from openinfusion.platform.clock import now, today
from openinfusion.team.models import Credential

HOUR = timedelta(hours=1)


def requested(thread: Any) -> UUID:
    return nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="weekly", visit_type="line_care", by=thread.manager)


def offer(thread: Any, visit_id: UUID, start: Any) -> UUID:
    return nursing.offer_visit(visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=start, planned_end=start + HOUR,
                               by=thread.manager)


def plan(thread: Any, kind: str, start: Any, hours: int, by: Any = None) -> UUID:
    return nursing.plan_time_of(nurse_id=thread.nurse.id, kind=kind, starts_at=start, ends_at=start + hours * HOUR,
                                by=by or thread.nurse)


def test_time_off_and_the_shift_speak_against_an_offer(thread: Any) -> None:
    start, visit_id = now() + timedelta(days=2), requested(thread)
    off = plan(thread, "off", start, 4)
    with pytest.raises(Refused, match="has that time off"):
        offer(thread, visit_id, start + HOUR)
    nursing.end_time_of(availability_id=off, by=thread.nurse)
    with pytest.raises(Refused, match="already"):
        nursing.end_time_of(availability_id=off, by=thread.nurse)
    plan(thread, "works", start, 2, thread.manager)
    with pytest.raises(Refused, match="does not work then"):
        offer(thread, visit_id, start + 2 * HOUR)
    assert nursing.visit(visit_id).state == "requested"
    offer(thread, visit_id, start + HOUR)


def test_one_kind_never_overlaps_by_rule_and_by_the_database(thread: Any) -> None:
    start = now() + timedelta(days=2)
    first = plan(thread, "works", start, 8)
    with pytest.raises(Refused, match="already has a shift"):
        plan(thread, "works", start + 7 * HOUR, 2)
    plan(thread, "off", start + HOUR, 1)
    plan(thread, "works", start + 8 * HOUR, 2)
    row = Availability.objects.get(pk=first)
    with pytest.raises(IntegrityError, match="availability_no_overlap"), transaction.atomic():
        Availability.objects.create(nurse=row.nurse, nurse_name="x", kind="works", starts_at=start, ends_at=start + HOUR)
    for who, kind in ((thread.driver, "works"), (thread.nurse, "sleeps")):
        with pytest.raises((Malformed, Refused)):
            nursing.plan_time_of(nurse_id=who.id, kind=kind, starts_at=start, ends_at=start + HOUR, by=thread.manager)


def test_a_licence_of_the_patient_s_state_is_a_hard_reason(thread: Any) -> None:
    visit_id = requested(thread)
    Credential.objects.filter(person__user_id=thread.nurse.id).update(state="WI")
    with pytest.raises(Refused, match="no nurse licence for IL"):
        offer(thread, visit_id, now() + timedelta(days=1))


def agency(thread: Any, until: date, **more: Any) -> UUID:
    said: dict[str, Any] = {
        "name": "Prairie Nursing (fictional)", "phone": "555-0199", "contract_until": until, "licence_number": "A-1", "licence_state": "il",
        "licence_until": until, "insurance_until": until, "competencies_on": today("America/Chicago"),
    }
    return nursing.keep_agency(by=thread.manager, **(said | more))


def test_a_nurse_of_an_agency_may_not_go_when_its_papers_have_lapsed(thread: Any) -> None:
    day = today("America/Chicago")
    agency_id = agency(thread, day + timedelta(days=30))
    nursing.send_from_agency(agency_id=agency_id, nurse_id=thread.nurse.id, by=thread.manager)
    with pytest.raises(Refused, match="comes from"):
        nursing.send_from_agency(agency_id=agency_id, nurse_id=thread.nurse.id, by=thread.manager)
    with pytest.raises(Refused, match="on file already"):
        agency(thread, day)
    with pytest.raises(Malformed):
        agency(thread, day, name=" ", licence_state="Illinois")
    visit_id = requested(thread)
    agency(thread, day - timedelta(days=1), agency_id=agency_id)
    with pytest.raises(Refused, match=r"contract of Prairie Nursing \(fictional\) ended"):
        offer(thread, visit_id, now() + timedelta(days=1))
    agency(thread, day + timedelta(days=90), agency_id=agency_id)
    offer(thread, visit_id, now() + timedelta(days=1))


def test_miles_are_paid_at_the_rate_of_the_day_and_entered_again_replace(thread: Any) -> None:
    visit_id = requested(thread)
    offer(thread, visit_id, now() + HOUR)
    for step in ("accept", "confirm", "set_out"):
        nursing.advance_visit(visit_id=visit_id, step=step, by=thread.nurse)
    with pytest.raises(Refused, match="not begun"):
        nursing.enter_miles(visit_id=visit_id, miles=Decimal(10), by=thread.nurse)
    nursing.advance_visit(visit_id=visit_id, step="arrive", by=thread.nurse)
    with pytest.raises(Refused, match="only the nurse"):
        nursing.enter_miles(visit_id=visit_id, miles=Decimal(10), by=thread.manager)
    for wrong in (Decimal("10.25"), Decimal(-1), Decimal(1000)):
        with pytest.raises(Malformed):
            nursing.enter_miles(visit_id=visit_id, miles=wrong, by=thread.nurse)
    nursing.enter_miles(visit_id=visit_id, miles=Decimal("10.1"), by=thread.nurse)
    nursing.enter_miles(visit_id=visit_id, miles=Decimal("20.2"), by=thread.nurse)
    row = Mileage.objects.get(visit_id=visit_id)
    assert (row.cents_per_mile, row.cents) == (Decimal("72.50"), 1465)  # 20.2 × 72.5 = 1464.5


def test_a_missed_visit_says_why_what_next_and_who_was_told(thread: Any) -> None:
    visit_id = requested(thread)
    offer(thread, visit_id, now() + HOUR)
    nursing.advance_visit(visit_id=visit_id, step="accept", by=thread.nurse)
    said: dict[str, Any] = {"visit_id": visit_id, "kind": "missed", "reason_code": "hospital", "next_step": "reschedule", "by": thread.nurse}
    with pytest.raises(Malformed, match="tell first"):
        nursing.report_miss(told=["patient"], **said)
    assert nursing.visit(visit_id).state == "accepted" and not Miss.objects.exists()
    nursing.report_miss(told=["pharmacist", "nurse manager"], text="since this morning", **said)
    assert nursing.visit(visit_id).state == "missed"
    assert Miss.objects.get(visit_id=visit_id).text == "since this morning"
    with pytest.raises(Malformed):
        nursing.report_miss(told=[], **(said | {"kind": "forgotten"}))


def test_a_handover_waits_for_its_nurse_and_only_that_one_reads_it(thread: Any) -> None:
    therapy_id = thread.bench.therapy()
    with pytest.raises(Malformed):
        nursing.hand_over_to(therapy_id=therapy_id, situation="", recommendation="x", by=thread.manager)
    note = nursing.hand_over_to(therapy_id=therapy_id, situation="line sluggish", recommendation="flush slowly, call if it stays",
                                for_nurse=thread.nurse.id, by=thread.manager)
    assert nursing.waiting(thread.nurse).counts["Handover"] == 1
    with pytest.raises(Refused, match="it is for Nan Nurse"):
        nursing.read_handover(handover_id=note, by=thread.bench.pharmacist)
    nursing.read_handover(handover_id=note, by=thread.nurse)
    with pytest.raises(Refused, match="already"):
        nursing.read_handover(handover_id=note, by=thread.nurse)
    assert "Handover" not in nursing.waiting(thread.nurse).counts


def test_a_plan_reads_visits_and_nurses_of_a_day_and_gives_them_out(thread: Any) -> None:
    site_id, day = thread.bench.site_id, today("America/Chicago") + timedelta(days=1)
    visit_id = requested(thread)
    (wanted,) = nursing.visits_waiting(day, site_id)
    assert (wanted.id, wanted.minutes, wanted.zip_code, wanted.fixed) == (visit_id, 45, "62701", False)
    start = now() + timedelta(days=1)
    nursing.assign_visit(visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=start, planned_end=start + HOUR, version=wanted.version,
                         by=thread.manager)
    with pytest.raises(Stale):
        nursing.assign_visit(visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=start, planned_end=start + HOUR,
                             version=wanted.version, by=thread.manager)
    nursing.assign_visit(visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=start + HOUR, planned_end=start + 2 * HOUR,
                         by=thread.manager)
    assert nursing.visit(visit_id).planned_start == start + HOUR
    (seen,) = [n for n in nursing.nurses_of((start + HOUR).astimezone(tz()).date(), site_id) if n.id == thread.nurse.id]
    assert seen.busy == ((start + HOUR, start + 2 * HOUR),)
    assert nursing.reasons_for(visit_id, thread.nurse.id, day) == ()


def tz() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("America/Chicago")


def test_the_pages_of_the_manager_open_and_their_forms_work(thread: Any, browse: Any) -> None:
    visit_id, manager = requested(thread), browse(thread.manager)
    board = manager.get("/nursing/board/").content.decode()
    assert nursing.visit(visit_id).purpose in board and "On call" in board
    assert nursing.visit(visit_id).number in manager.get(f"/nursing/board/table.csv?day={today('America/Chicago')}").content.decode()
    assert manager.get("/nursing/board/?day=nonsense").status_code == 422
    start = (now() + timedelta(days=1)).astimezone(tz())
    said = {"nurse_id": str(thread.nurse.id), "kind": "works", "starts_at": start.strftime("%Y-%m-%dT08:00"),
            "ends_at": start.strftime("%Y-%m-%dT16:00")}
    assert manager.post("/nursing/roster/plan/", said).status_code == 302
    assert manager.post("/nursing/roster/plan/", said).status_code == 409
    assert "Nan Nurse" in manager.get(f"/nursing/roster/?day={start:%Y-%m-%d}").content.decode()
    row = Availability.objects.get()
    assert manager.post(f"/nursing/roster/{row.id}/end/").status_code == 302
    day = str(today("America/Chicago") + timedelta(days=30))
    papers = {"name": "Prairie Nursing (fictional)", "phone": "555-0199", "contract_until": day, "licence_number": "A1", "licence_state": "IL",
              "licence_until": day, "insurance_until": day, "competencies_on": day}
    assert manager.post("/nursing/agencies/enter/", papers).status_code == 302
    page = manager.get("/nursing/agencies/").content.decode()
    assert "may send" in page and "555-0199" in page
    for path in ("miles/", "miles/table.csv", "phones/"):
        assert manager.get(f"/nursing/{path}").status_code == 200
    phone_id = nursing.register_phone(name="Nan's phone", by=thread.nurse)
    assert manager.post(f"/nursing/phones/{phone_id}/revoke/", {"reason": "lost"}).status_code == 302
    assert "revoked" in browse(thread.nurse).get("/nursing/phones/").content.decode()
    assert manager.post(f"/nursing/phones/{phone_id}/allow/", {"reason": "found"}).status_code == 302
    assert manager.post(f"/nursing/phones/{uuid4()}/allow/", {"reason": "found"}).status_code == 404


def test_the_page_of_the_day_keeps_nothing_of_anybody(thread: Any, browse: Any) -> None:
    nurse = browse(thread.nurse)
    page = nurse.get("/nursing/day/")
    assert page.status_code == 200 and "Nan" not in page.content.decode()
    worker = nurse.get("/nursing/day/worker.js")
    assert worker["Content-Type"].startswith("text/javascript") and "/nursing/day/vault.js" in worker.content.decode()
    assert nurse.get("/nursing/day/vault.js").status_code == 200 and nurse.get("/nursing/day/other.js").status_code == 404
    assert browse(thread.driver).get("/nursing/day/").status_code == 403


def test_what_a_plan_needs_is_answered_by_the_api(thread: Any, browse: Any) -> None:
    therapy_id = thread.bench.therapy()
    nursing.request_visit(therapy_id=therapy_id, purpose="line care", by=thread.manager)
    agency(thread, today("America/Chicago") + timedelta(days=30))
    client, asked = browse(thread.manager), f"?day={today('America/Chicago')}&site_id={thread.bench.site_id}"
    visits, nurses, agencies = (
        client.get(f"/api/nursing/{path}") for path in (f"planning/visits{asked}", f"planning/nurses{asked}", "agencies")
    )
    assert (visits.status_code, nurses.status_code, agencies.status_code) == (200, 200, 200), visits.content[:300]
    assert [v["purpose"] for v in visits.json()] == ["line care"]
    assert thread.nurse.name in {n["name"] for n in nurses.json()} and agencies.json()[0]["name"]


def test_a_nurse_with_time_off_within_the_illness_is_noted_as_ill_and_the_time_off_stays(thread: Any, browse: Any) -> None:
    start, visit_id = now() + timedelta(days=2), requested(thread)
    off = plan(thread, "off", start + HOUR, 2)
    with pytest.raises(Refused, match="already has time off"):
        plan(thread, "off", start, 8)
    said = {"nurse_id": thread.nurse.id, "starts_at": start, "ends_at": start + 8 * HOUR, "by": thread.nurse}
    with pytest.raises(Malformed, match="does not work"):
        nursing.plan_time_of(kind="works", sick=True, **said)
    ill = nursing.plan_time_of(kind="off", sick=True, **said)
    with pytest.raises(Refused, match="noted as ill in these hours already"):
        nursing.plan_time_of(kind="off", sick=True, **said)
    with pytest.raises(Refused, match=r"has that time off \(sick\)"):
        offer(thread, visit_id, start + 4 * HOUR)
    assert {(a.id, a.sick, a.ended) for a in Availability.objects.all()} == {(off, False, False), (ill, True, False)}
    with pytest.raises(IntegrityError, match="availability_no_overlap"), transaction.atomic():
        Availability.objects.create(nurse=thread.nurse.id, nurse_name="x", kind="off", sick=True, starts_at=start, ends_at=start + HOUR)
    with pytest.raises(IntegrityError, match="availability_sick_is_off"), transaction.atomic():
        Availability.objects.create(nurse=thread.manager.id, nurse_name="x", kind="works", sick=True, starts_at=start, ends_at=start + HOUR)
    nursing.end_time_of(availability_id=ill, by=thread.nurse)
    offer(thread, visit_id, start + 4 * HOUR)
    assert Availability.objects.get(pk=off).ended is False
    desk, day = browse(thread.manager), (start + timedelta(days=3)).date()
    body = {"nurse_id": str(thread.nurse.id), "kind": "off", "starts_at": f"{day}T08:00", "ends_at": f"{day}T16:00"}
    assert desk.post("/nursing/roster/plan/", body).status_code == 302
    assert desk.post("/nursing/roster/plan/", body).status_code == 409
    assert desk.post("/nursing/roster/plan/", body | {"sick": "on"}).status_code == 302
    assert ">sick<" in desk.get(f"/nursing/roster/?day={day}").content.decode()
