# SPDX-License-Identifier: Apache-2.0
"""The patient's own page end to end: what they see, what they answer, what they ask for, and what staff get of it."""
from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from openinfusion.clinical import public as clinical
from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import CallConcern, DeliveryTicket, RefillCall
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.waiting import Ask
from openinfusion.nursing import public as nursing
from openinfusion.platform.clock import now
from openinfusion.platform.models import Entry
from openinfusion.portal import public as portal
from openinfusion.portal.models import PatientRequest


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def refill(thread: Any, **changes: str) -> dict[str, str]:
    said = {f"said_{s.code}": s.answer.value for s in delivery.nothing_new("antibiotic")}
    return said | {"doses_on_hand": "1", "doses_missed": "0", "address_right": "yes", "consents": "on", "receives": "me"} | changes


def test_what_comes_who_comes_and_how(thread: Any, own: Any) -> None:
    ticket_id = thread.delivered()
    course = delivery.ticket(ticket_id).therapy_id
    visit_id = nursing.visits_of(course)[0].id
    start = now() + timedelta(days=1)
    nursing.offer_visit(visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=start, planned_end=start + timedelta(hours=1), by=thread.manager)
    nursing.advance_visit(visit_id=visit_id, step="accept", by=thread.nurse)
    shown = text_of(own.enter().get("/portal/my/"))
    assert "Hello Amara" in shown and "Nan, your nurse" in shown and "Nurse, your" not in shown
    assert "Use before" in shown and "No delivery is planned now." in shown
    assert "Every 24 hours" in shown and "Scrub the cap" in shown and "tel:555-0100" in shown
    assert 'href="tel:911"' in shown


def test_the_patient_confirms_the_refill(thread: Any, own: Any) -> None:
    ticket_id = thread.ticket()
    client = own.enter()
    assert "Answer and confirm" in text_of(client.get("/portal/my/"))
    assert client.get(f"/portal/my/refill/{ticket_id}/").status_code == 200
    answer = client.post(f"/portal/my/refill/{ticket_id}/", refill(thread))
    assert answer.status_code == 302 and answer["Location"].endswith("said=confirmed")
    assert delivery.ticket(ticket_id).state == "confirmed"
    assert RefillCall.objects.get().caller_name == "Amara Sampleton (patient)"
    entry = Entry.objects.filter(verb="delivery.ticket.confirm").latest("number")
    assert entry.actor_id == thread.bench.patient_id and "(patient)" in entry.sentence
    assert "Answer and confirm" not in text_of(client.get("/portal/my/"))
    assert client.post(f"/portal/my/refill/{ticket_id}/", refill(thread)).status_code == 409
    assert RefillCall.objects.count() == 1


def test_a_concern_holds_as_on_the_telephone(thread: Any, own: Any) -> None:
    ticket_id = thread.ticket()
    client = own.enter()
    said = refill(thread, said_reaction="yes", details="itchy arms")
    assert client.post(f"/portal/my/refill/{ticket_id}/", said)["Location"].endswith("said=held")
    assert delivery.ticket(ticket_id).state == "pre_delivery_assessment"
    assert "itchy arms" in CallConcern.objects.get().text
    assert "We look at your answers first" in text_of(client.get("/portal/my/"))


def test_a_wrong_address_holds_it_and_becomes_a_request(thread: Any, own: Any) -> None:
    ticket_id = thread.ticket()
    client = own.enter()
    client.post(f"/portal/my/refill/{ticket_id}/", refill(thread, address_right="no", instructions="now at 7 Sample Way"))
    assert delivery.ticket(ticket_id).state == "pre_delivery_assessment"
    row = PatientRequest.objects.get()
    assert (row.kind, row.role) == ("change_delivery", "warehouse") and "7 Sample Way" in row.words


def test_what_is_not_answered_or_no_number_changes_nothing(thread: Any, own: Any) -> None:
    ticket_id, client = thread.ticket(), own.enter()
    for bad in ({"doses_on_hand": "1e2"}, {"doses_on_hand": "٣"}, {"doses_missed": "-1"}, {"said_reaction": ""}, {"consents": ""}):
        assert client.post(f"/portal/my/refill/{ticket_id}/", refill(thread, **bad)).status_code == 422, bad
    assert not RefillCall.objects.exists() and delivery.ticket(ticket_id).state == "draft"


def test_change_and_cancel_are_asked_for_and_never_done(thread: Any, own: Any) -> None:
    ticket_id = thread.ticket()
    before = DeliveryTicket.objects.get(pk=ticket_id).version
    client = own.enter()
    answer = client.post(f"/portal/my/ask/delivery/{ticket_id}/", {"code": "cancel_delivery", "words": "I am in hospital"})
    assert answer["Location"].endswith("said=asked")
    assert DeliveryTicket.objects.get(pk=ticket_id).version == before
    row = PatientRequest.objects.get()
    assert row.subject_text == delivery.ticket(ticket_id).number and row.role == "warehouse"
    assert "We have it and will call you" in text_of(client.get("/portal/my/"))
    waits = portal.waiting(thread.warehouse, Ask(roles=frozenset({"warehouse"})))
    assert [w.kind for w in waits.rows] == ["Patient's request"] and waits.rows[0].due_at == row.due_at
    assert not portal.waiting(thread.nurse, Ask(roles=frozenset({"nurse"}))).rows


def test_a_reaction_reaches_clinical_and_the_pharmacist_with_a_clock(thread: Any, own: Any) -> None:
    client = own.enter()
    shown = text_of(client.get("/portal/my/ask/problem/"))
    assert shown.index("Call 911 first") < shown.index("In your own words") if "In your own words" in shown else "911" in shown
    answer = client.post("/portal/my/ask/problem/", {
        "code": "symptom", "words": "rash and fever", "is_reaction": "on", "harm": "moderate", "signs": ["breath"]})
    assert answer["Location"].endswith("said=urgent")
    row = PatientRequest.objects.get()
    event = clinical.events_where(id=row.event_id)[0]
    assert event.patient_id == thread.bench.patient_id and "rash and fever" in event.text and event.harm == "severe"
    assert row.role == "pharmacist" and row.due_at - row.made_at <= timedelta(minutes=15, seconds=5)
    assert Entry.objects.get(verb="clinical.event.report").actor_id == thread.bench.patient_id
    client.post("/portal/my/ask/problem/", {"code": "pump", "words": "it beeps", "harm": "mild"})
    assert PatientRequest.objects.get(kind="pump").role == "nurse_manager"
    PatientRequest.objects.update(due_at=now() - timedelta(minutes=1))
    assert portal.waiting(thread.bench.pharmacist).late == 2


def test_a_page_can_not_be_flooded(thread: Any, own: Any) -> None:
    me = portal.patient_actor(thread.bench.patient_id)
    for n in range(20):
        portal.ask(patient_id=me.id, code="question", words=f"question {n}", by=me)
    with pytest.raises(Refused):
        portal.ask(patient_id=me.id, code="question", words="one more", by=me)


def test_staff_give_print_renew_take_and_settle(thread: Any, browse: Any) -> None:
    b = thread.bench
    staff = browse(b.pharmacist)
    url = f"/portal/patients/{b.patient_id}/"
    assert "No link" in text_of(staff.get(url)) and "Nobody has a page yet" in text_of(staff.get("/portal/"))
    given = staff.post(f"{url}give/", {"code_way": "letter"})
    page = given.context["page"]
    secrets = {"token": page.token, "code": page.code}
    paper = staff.post(f"/portal/links/{page.link_id}/letter/", secrets)
    assert paper.content[:4] == b"%PDF" and paper["Cache-Control"] == "no-store"
    assert staff.post(f"/portal/links/{page.link_id}/letter/", secrets | {"code": "not it"}).status_code == 409
    client = Client()
    client.post(f"/portal/my/{page.token}/", {"code": page.code, "born_on": "1968-07-14"})
    client.post("/portal/my/ask/problem/", {"code": "question", "words": "may I shower?", "harm": "mild"})
    row = PatientRequest.objects.get()
    shown = text_of(staff.get(url))
    assert "may I shower?" in shown and "opened their own page" in shown
    assert staff.post(f"/portal/requests/{row.id}/settle/", {}).status_code == 409
    staff.post(f"/portal/requests/{row.id}/take/")
    staff.post(f"/portal/requests/{row.id}/settle/", {"reason": "yes, with the cover"})
    assert PatientRequest.objects.get().state == "settled"
    assert "Done: yes, with the cover" in text_of(client.get("/portal/my/"))
    assert "yes, with the cover" in text_of(staff.get("/portal/requests.csv?show=settled"))
    for show in ("open", "late", "mine", "settled"):
        assert staff.get(f"/portal/?show={show}").status_code == 200
    assert staff.post(f"/portal/links/{page.link_id}/renew/", {"code_way": "phone"}).status_code == 200
    assert client.get("/portal/my/").status_code == 403
    assert staff.post(f"/portal/links/{page.link_id}/revoke/", {}).status_code == 409
    assert staff.post(f"/portal/links/{page.link_id}/revoke/", {"reason": "lost phone"}).status_code == 302
    assert [r.kind for r in portal.on_chart(b.patient_id, b.pharmacist)] == ["Patient's page"]


def test_the_same_by_the_api(thread: Any, browse: Any) -> None:
    b = thread.bench
    staff = browse(b.pharmacist)

    def post(url: str, said: dict[str, Any]) -> Any:
        return staff.post(f"/api/portal{url}", json.dumps(said), content_type="application/json")

    assert post(f"/patients/{b.patient_id}/link", {"code_way": "pigeon"}).status_code == 422
    made = post(f"/patients/{b.patient_id}/link", {"code_way": "phone"}).json()
    assert post(f"/patients/{b.patient_id}/link", {}).status_code == 409
    listed = staff.get("/api/portal/links").json()
    assert [x["id"] for x in listed] == [made["id"]] and made["token"] not in str(listed)
    again = post(f"/links/{made['id']}/renew", {"code_way": "phone"}).json()
    assert again["token"] != made["token"]
    me = portal.patient_actor(b.patient_id)
    asked = portal.ask(patient_id=b.patient_id, code="line", words="it is red", by=me)
    assert staff.get(f"/api/portal/requests?patient_id={b.patient_id}&state=open").json()[0]["kind"] == "line"
    assert post(f"/requests/{asked}/settle", {}).status_code == 409
    assert post(f"/requests/{asked}/settle", {"reason": "nurse comes today"}).status_code == 200
    assert post(f"/links/{made['id']}/revoke", {"reason": "asked to"}).status_code == 200
