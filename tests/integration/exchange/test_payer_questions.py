# SPDX-License-Identifier: Apache-2.0
"""One request for authorization, sent as 278 or as a PAS bundle; the payer's 278 answer is entered by its trace."""
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openinfusion.exchange.actions.eligibility import ask_eligibility, eligibility_text, receive_eligibility
from openinfusion.exchange.actions.payer_questions import authorization_text, receive_review_answers, send_authorization
from openinfusion.exchange.domain.x12.eligibility_reader import read_eligibility_questions
from openinfusion.exchange.domain.x12.review_reader import read_review_requests
from openinfusion.intake import public as intake
from openinfusion.intake.queries import benefits_of
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor
from openinfusion.platform.files import open_file


@pytest.fixture
def auth(bench: Any, someone: Callable[..., Actor]) -> tuple[UUID, Actor]:
    """An open authorization at a pharmacy with its NPI; and who works it."""
    payers.load_payers(by=bench.administrator)
    by = someone(Role.INTAKE, Role.AUTHORIZATION, site_id=bench.site_id)
    said = intake.ReferralIn(
        person=intake.PersonIn(family="Sample", given="Dee", born_on=date(1980, 2, 2), sex=intake.SexIn.FEMALE),
        source="form", source_name="Clinic", orders=(intake.OrderIn(
            drug_text="ceftriaxone 2 g IV daily", route="IV", days=14, start_on=date(2026, 12, 1), icd10="M86.9",
            prescriber_name="Sam Imaginary", prescriber_npi="1234567893"),),
        coverages=(intake.CoverageIn(plan="Meridian PPO", member_id="DEMO7", first=date(2026, 1, 1)),),
    )
    referral = intake.receive_referral(referral=said, fingerprint="q", by=by)
    return intake.open_authorization(referral_id=referral, units={"S9500": 14, "J0696": 112}, by=by), by


def answer(text: str, decision: str, extra: str = "") -> bytes:
    """A 278 response to this request, made of the request's own loops."""
    trace = read_review_requests(text)[0].trace
    head = text[:106].replace("ISA*", "ISA*", 1)
    body = [
        "GS*HI*PAYER*US*20261123*1200*1*X*005010X217", "ST*278*0001*005010X217", "BHT*0007*11*1*20261123*1200", "HL*1**20*1",
        "NM1*X3*2*MERIDIAN*****PI*FICT1", "HL*2*1*21*1", "NM1*1P*2*PHARMACY*****XX*1999999984", "HL*3*2*22*1",
        "NM1*IL*1*SAMPLE*DEE****MI*DEMO7", "HL*4*3*EV*0", f"TRN*2*{trace}*9199999998", "UM*HS*I*42", f"HCR*{decision}{extra}",
        "DTP*472*RD8*20261201-20261231", "SE*13*0001", "GE*1*1", f"IEA*1*{head[90:99]}",
    ]
    return (head + "~".join(body) + "~").encode()


def test_the_same_request_goes_as_278_and_as_fhir(auth: tuple[UUID, Actor]) -> None:
    id, _ = auth
    (request,) = read_review_requests(authorization_text(id, "x12", 5))
    bundle = json.loads(authorization_text(id, "fhir"))
    claim = bundle["entry"][0]["resource"]
    assert claim["use"] == "preauthorization" and bundle["type"] == "collection"
    assert [s.code for s in request.services] == [i["productOrService"]["coding"][0]["code"] for i in claim["item"]]
    assert [int(s.units) for s in request.services] == [i["quantity"]["value"] for i in claim["item"]] == [112, 14]
    kinds = [e["resource"]["resourceType"] for e in bundle["entry"]]
    assert kinds == ["Claim", "Organization", "Organization", "Coverage", "Patient"]
    ids = {f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in bundle["entry"]}
    refs = {claim[k]["reference"] for k in ("patient", "insurer", "provider")} | {claim["insurance"][0]["coverage"]["reference"]}
    assert refs <= ids and "missing" in claim["supportingInfo"][0]["valueString"]


def test_sent_it_counts_as_submitted_and_the_approval_is_entered(auth: tuple[UUID, Actor]) -> None:
    id, by = auth
    text = open_file(send_authorization(authorization_id=id, form="x12", by=by)).data.decode()
    assert (intake.authorization(id).state, intake.authorization(id).transport) == ("submitted", "x12")
    with pytest.raises(Refused):
        send_authorization(authorization_id=id, form="x12", by=by)
    assert "not decided" in receive_review_answers(data=answer(text, "A4"), by=by)[0]
    assert intake.authorization(id).state == "submitted"
    receive_review_answers(data=answer(text, "A1", "*AUTH77"), by=by)
    seen = intake.authorization(id)
    assert (seen.state, seen.number, seen.first, seen.last) == ("approved", "AUTH77", date(2026, 12, 1), date(2026, 12, 31))
    assert [m.kind for m in intake.authorization_case(id).messages] == ["answer", "answer", "request"]


def test_a_denial_by_278_opens_the_appeal(auth: tuple[UUID, Actor]) -> None:
    id, by = auth
    text = open_file(send_authorization(authorization_id=id, form="fhir", by=by)).data.decode()
    assert json.loads(text)["resourceType"] == "Bundle"
    receive_review_answers(data=answer(authorization_text(id, "x12", 1), "A3", "**0V"), by=by)
    assert intake.authorization(id).state == "denied" and intake.authorization(id).appeal_until is not None


def test_what_is_not_ours_changes_nothing(auth: tuple[UUID, Actor]) -> None:
    id, by = auth
    text = authorization_text(id, "x12", 1).replace(intake.authorization_question(id).trace, "A" + "0" * 32)
    with pytest.raises(Refused, match="no request of ours"):
        receive_review_answers(data=answer(text, "A1", "*X"), by=by)
    with pytest.raises(Refused, match="sent as"):
        send_authorization(authorization_id=id, form="pigeon", by=by)


def test_the_page_shows_both_forms_and_takes_the_answer(auth: tuple[UUID, Actor], account: Callable[..., Any], bench: Any) -> None:
    id, _ = auth
    client = Client()
    client.force_login(account(Role.AUTHORIZATION, site_id=bench.site_id), backend="allauth.account.auth_backends.AuthenticationBackend")
    at = f"/exchange/authorizations/{id}/"
    page = client.get(at).content.decode()
    assert "NM1*X3" in page and "profile-claim" in page
    assert client.post(f"{at}send/x12/").status_code == 302
    file = SimpleUploadedFile("a.txt", answer(authorization_text(id, "x12", 2), "A1", "*OK1"))
    assert client.post(f"{at}answer/", {"file": file}).status_code == 302
    assert intake.authorization(id).number == "OK1"


def told(text: str, *benefits: str) -> bytes:
    """A 271 to this question."""
    (question,) = read_eligibility_questions(text)
    body = [
        "GS*HB*PAYER*US*20261123*1200*1*X*005010X279A1", "ST*271*0001*005010X279A1", "BHT*0022*11*1*20261123*1200", "HL*1**20*1",
        "NM1*PR*2*MERIDIAN*****PI*FICT1", "HL*2*1*21*1", "NM1*1P*2*PHARMACY*****XX*1999999984", "HL*3*2*22*0",
        f"TRN*2*{question.trace}*9199999998", "NM1*IL*1*SAMPLE*DEE****MI*DEMO7", *benefits, "SE*13*0001", "GE*1*1", f"IEA*1*{text[90:99]}",
    ]
    return (text[:106] + "~".join(body) + "~").encode()


def test_a_271_is_recorded_with_its_figures_and_in_words(auth: tuple[UUID, Actor]) -> None:
    id, by = auth
    referral = intake.authorization(id).referral_id
    text = open_file(ask_eligibility(referral_id=referral, by=by)).data.decode()
    lines = ("EB*1*IND*30**GOLD PLAN", "EB*C*IND*30***23*1500*****Y", "EB*C*IND*30***29*400*****Y", "EB*A*IND*42*****.2****Y", "EB*G*IND*30***29*2500*****Y")
    assert "in force" in receive_eligibility(data=told(text, *lines), by=by)[0]
    found = benefits_of(referral)
    assert found is not None and found.active and found.coinsurance_pct == 20
    assert (found.deductible_cents, found.deductible_left_cents, found.out_of_pocket_left_cents) == (150000, 40000, 250000)
    assert len(found.said) == 5 and found.file_id
    with pytest.raises(Refused, match="no question of ours"):
        receive_eligibility(data=told(text.replace(intake.eligibility_question(referral).trace, "E" + "1" * 32), *lines), by=by)


def test_the_benefits_page_asks_and_takes_the_answer(auth: tuple[UUID, Actor], account: Callable[..., Any], bench: Any) -> None:
    referral = intake.authorization(auth[0]).referral_id
    client = Client()
    client.force_login(account(Role.INTAKE, site_id=bench.site_id), backend="allauth.account.auth_backends.AuthenticationBackend")
    at = f"/exchange/eligibility/{referral}/"
    assert "NM1*IL" in client.get(at).content.decode()
    assert client.post(f"{at}ask/").status_code == 302
    file = SimpleUploadedFile("a.txt", told(eligibility_text(referral, 2), "EB*1*IND*30", "EB*A*IND*42*****.2"))
    assert client.post(f"{at}answer/", {"file": file}).status_code == 302
    help = {"kind": "manufacturer_copay", "name": "Example Copay Help", "amount": "5000"}
    assert client.post(f"/intake/{referral}/assistance/", help).status_code == 302
    page = client.get(f"/intake/{referral}/").content.decode()
    assert "Example Copay Help" in page and "Paid from" in page and "answer in words" in page
