# SPDX-License-Identifier: Apache-2.0
"""The patient's own page as an attacker sees it: nobody gets in by guessing, nor further than one patient's page."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from openinfusion.delivery.models import RefillCall
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import NotFound, Refused
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.models import Call, Entry
from openinfusion.portal import public as portal
from openinfusion.portal.domain.link import token_of
from openinfusion.portal.models import PageSession, PatientLink, PatientRequest
from openinfusion.portal.web.own_session import COOKIE
from openinfusion.therapy import public as therapy

ELSEWHERE = ("/", "/patients/", "/delivery/", "/nursing/", "/clinical/", "/portal/", "/portal/requests.csv", "/journal/")


def test_neither_link_nor_code_nor_cookie_is_kept_readable(thread: Any, own: Any) -> None:
    client = own.enter()
    row = PatientLink.objects.get(pk=own.link_id)
    held = " ".join(str(v) for v in (*row.__dict__.values(), *PageSession.objects.get().__dict__.values()))
    told = " ".join(f"{e.sentence} {e.noted}" for e in Entry.objects.filter(patient_id=thread.bench.patient_id))
    kept = " ".join(str(c.answer) for c in Call.objects.all())
    for secret in (own.token, client.cookies[COOKIE].value):
        assert secret not in held + told + kept
    assert own.code not in told + kept and own.code not in row.code_hash


def test_the_cookie_is_for_these_pages_only(own: Any) -> None:
    client = own.enter()
    cookie = client.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/portal/my/", True, "Strict")
    assert cookie["max-age"] == 20 * 60
    for url in ELSEWHERE:
        answer = client.get(url)
        assert answer.status_code == 302 and "/accounts/login/" in answer["Location"], url
    for url in ("/api/portal/links", "/api/patients/patients", "/api/delivery/tickets"):
        assert client.get(url).status_code in (401, 404), url


def test_nothing_is_cached_indexed_or_told_to_other_sites(own: Any) -> None:
    client = own.enter()
    for answer in (client.get("/portal/my/"), Client().get(f"/portal/my/{own.token}/"), Client().get("/portal/my/")):
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "same-origin" and "noindex" in answer["X-Robots-Tag"]
        assert "script" not in answer.content.decode()


def test_wrong_codes_wait_and_lock_and_staff_open_it_again(thread: Any, own: Any) -> None:
    for tried in range(1, 6):
        _, answer = own.door(code="000000" if own.code != "000000" else "111111")
        assert answer.status_code == 403 and COOKIE not in answer.cookies
        row = PatientLink.objects.get(pk=own.link_id)
        assert row.wrong_tries == tried
        if tried < 5:
            assert own.door()[1].status_code == 409, "the right code does not help before the wait is over"
            own.wait_is_over()
    assert row.state == "locked"
    assert own.door()[1].status_code == 404 and not PageSession.objects.exists()
    made = portal.renew_link(link_id=own.link_id, code_way="phone", by=thread.bench.pharmacist)
    assert own.door()[1].status_code == 404, "the old link is gone"
    own.token, own.code = made["token"], made["code"]
    own.enter()


def test_the_right_code_with_another_birthday_counts_as_wrong_and_is_told_the_same(own: Any) -> None:
    _, wrong_day = own.door(born_on="1968-07-15")
    own.wait_is_over()
    _, wrong_code = own.door(code="000000" if own.code != "000000" else "111111")
    words = [a.content.decode().split('role="alert">')[1].split("</p>")[0] for a in (wrong_day, wrong_code)]
    assert words[0] == words[1]
    assert PatientLink.objects.get(pk=own.link_id).wrong_tries == 2


def test_expired_revoked_and_invented_links_answer_alike(thread: Any, own: Any, scope: Any) -> None:
    client = own.enter()
    unknown = Client().get(f"/portal/my/{token_of(scope, b'x' * 26)}/")
    other_house = Client().get(f"/portal/my/{token_of(new_id(), b'x' * 26)}/")
    PatientLink.objects.filter(pk=own.link_id).update(expires_at=now())
    expired = Client().get(f"/portal/my/{own.token}/")
    assert client.get("/portal/my/").status_code == 403
    PatientLink.objects.filter(pk=own.link_id).update(expires_at=now() + timedelta(days=1))
    assert client.get("/portal/my/").status_code == 200
    portal.revoke_link(link_id=own.link_id, reason="moved away", by=thread.bench.pharmacist)
    revoked = Client().get(f"/portal/my/{own.token}/")
    assert client.get("/portal/my/").status_code == 403, "a session that runs ends with the link"
    assert {a.status_code for a in (unknown, other_house, expired, revoked)} == {404}
    assert len({a.content for a in (unknown, other_house, expired, revoked)}) == 1


def test_a_session_ends_by_itself_and_by_leaving(own: Any) -> None:
    client = own.enter()
    assert client.post("/portal/my/leave/").status_code == 200
    stolen = Client()
    stolen.cookies[COOKIE] = client.cookies[COOKIE].value or "x"
    assert client.get("/portal/my/").status_code == 403 and stolen.get("/portal/my/").status_code == 403
    client = own.enter()
    PageSession.objects.filter(left_at=None).update(began_at=now() - timedelta(hours=1), ends_at=now())
    assert client.get("/portal/my/").status_code == 403


def test_nobody_reaches_another_patients_things(thread: Any, own: Any) -> None:
    b = thread.bench
    other = patients.register(demographics=Demographics(
        "Otherton", "Olga", date(1970, 1, 2), Sex.FEMALE, Address("9 Sample Way", "", "Springfield", "IL", "62701")), by=b.intake)
    course = therapy.begin_therapy(
        patient_id=other, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=b.site_id,
        prescriber="Lena Fictional, MD", start_on=house_today(), by=b.intake)
    ticket = _a_ticket(course, other, b.site_id)
    client = own.enter()
    assert client.get(f"/portal/my/refill/{ticket}/").status_code == 404
    assert client.post(f"/portal/my/refill/{ticket}/", {}).status_code == 404
    answer = client.post(f"/portal/my/ask/delivery/{ticket}/", {"code": "cancel_delivery", "words": "stop it"})
    assert answer.status_code == 404 and not PatientRequest.objects.exists() and not RefillCall.objects.exists()
    me = portal.patient_actor(b.patient_id)
    with pytest.raises(NotFound):
        portal.ask(patient_id=other, code="question", words="whose is it", by=me)
    with pytest.raises(NotFound):
        portal.answer_refill(ticket_id=ticket, answers=thread.answers(), by=me)
    assert "OTHERTON" not in client.get("/portal/my/").content.decode().upper()


def _a_ticket(therapy_id: Any, patient_id: Any, site_id: Any) -> Any:
    from openinfusion.delivery.models import DeliveryTicket, TicketLine

    ticket = DeliveryTicket.objects.create(
        number="DOTHER", patient_id=patient_id, therapy_id=therapy_id, site_id=site_id, address="9 Sample Way")
    TicketLine.objects.create(ticket=ticket, kind="equipment", text="pole", scan_code="00399901000111")
    return ticket.id


def test_the_patient_holds_no_verb_but_their_own(thread: Any, own: Any) -> None:
    me = portal.patient_actor(thread.bench.patient_id)
    assert me.permissions == {"portal.page.use"} and not me.roles
    for forbidden in (
        lambda: portal.give_link(patient_id=me.id, code_way="phone", by=me),
        lambda: portal.renew_link(link_id=own.link_id, code_way="phone", by=me),
        lambda: portal.revoke_link(link_id=own.link_id, reason="x", by=me),
    ):
        with pytest.raises(Refused):
            forbidden()
    assert not portal.waiting(me).rows


def test_forms_of_other_sites_are_refused(own: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/portal/my/{own.token}/", {"code": own.code, "born_on": "1968-07-14"}).status_code == 403
    assert not PageSession.objects.exists()


def test_one_link_a_patient_held_by_the_database(thread: Any, own: Any) -> None:
    row = PatientLink.objects.get(pk=own.link_id)
    with pytest.raises(Refused):
        portal.give_link(patient_id=row.patient_id, code_way="phone", by=thread.bench.pharmacist)
    row.pk, row.sha256 = new_id(), "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        PatientLink.objects.filter(pk=own.link_id).update(wrong_tries=5)
