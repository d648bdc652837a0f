# SPDX-License-Identifier: Apache-2.0
"""The pages and the API of the rooms up to acceptance: they show, they act once, and a refusal changes nothing."""
from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from openinfusion.intake import public as intake
from openinfusion.intake.models import Referral
from openinfusion.intake.public import ReferralIn
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.patients.models import Allergy, Patient
from openinfusion.payers import public as payers

Enter = Callable[..., UUID]


@pytest.fixture
def browser(account: Callable[..., Any], house: SimpleNamespace) -> Callable[..., Client]:
    """browser(Role...) → a client that is signed in."""
    def make(*roles: Role) -> Client:
        client = Client()
        client.force_login(account(*roles, site_id=house.site_id), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client
    return make


@pytest.fixture
def referral_id(house: SimpleNamespace, a_referral: Callable[..., ReferralIn]) -> UUID:
    return intake.receive_referral(referral=a_referral(), fingerprint="page", by=house.intake)


def test_the_board_shows_each_referral_in_its_lane_with_what_it_lacks(browser: Callable[..., Client], referral_id: UUID) -> None:
    page = browser(Role.INTAKE).get("/intake/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "FICTIONAL, Cleo" in text and "Missing" in text and f"/intake/{referral_id}/" in text
    assert "FICTIONAL" not in browser(Role.INTAKE).get("/intake/?q=zzz").content.decode()


def test_the_table_is_the_board_as_csv(browser: Callable[..., Client], referral_id: UUID) -> None:
    answer = browser(Role.INTAKE).get("/intake/table/")
    assert answer["Content-Type"].startswith("text/csv")
    assert "FICTIONAL, Cleo" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.INTAKE, Role.PHARMACIST, Role.AUTHORIZATION])
def test_the_referral_page_opens_for_those_who_work_it(browser: Callable[..., Client], referral_id: UUID, role: Role) -> None:
    text = browser(role).get(f"/intake/{referral_id}/").content.decode()
    assert "Required items" in text and "Expected" in text


def test_a_driver_sees_no_referral(browser: Callable[..., Client], referral_id: UUID) -> None:
    assert browser(Role.DRIVER).get(f"/intake/{referral_id}/").status_code == 403


def test_a_referral_by_hand_twice_with_one_key_is_one(browser: Callable[..., Client], house: SimpleNamespace) -> None:
    client = browser(Role.INTAKE)
    said = {
        "_key": "k1", "source_name": "Example Clinic", "family": "Sample", "given": "Dee", "born_on": "1950-01-01", "sex": "female",
        "drug_text": "Vancomycin 1 g IV q12h",
    }
    for _ in range(2):
        assert client.post("/intake/receive/", said).status_code == 302
    made = Referral.objects.get()
    assert made.drug_code == "vancomycin"
    page = client.get(f"/intake/{made.id}/").content.decode()
    assert "Not known: no coverage is recorded." in page and "None is needed by the plan" not in page


def test_a_wrong_form_names_its_faults_and_saves_nothing(browser: Callable[..., Client], house: SimpleNamespace) -> None:
    answer = browser(Role.INTAKE).post("/intake/receive/", {"family": "Sample"})
    assert answer.status_code == 422 and "Given name" in answer.content.decode()
    assert Referral.objects.count() == 0 and Patient.objects.count() == 0


def test_steps_and_records_go_through_the_pages(browser: Callable[..., Client], referral_id: UUID) -> None:
    client = browser(Role.INTAKE)
    assert client.post(f"/intake/{referral_id}/step/review/").status_code == 302
    assert client.post(f"/intake/{referral_id}/step/decline/", {"reason": "far"}).status_code == 409
    plan = payers.plans()[0].id
    assert client.post(f"/intake/{referral_id}/benefits/", {"plan_id": plan, "in_network": "yes", "copay": "25.50"}).status_code == 302
    assert client.post(f"/intake/{referral_id}/assessment/", {"willing": "on", "services": ["meals"]}).status_code == 302
    assert client.post(f"/intake/{referral_id}/authorization/", {"units": "S9500 14\nJ0696 112"}).status_code == 302
    assert client.post(f"/intake/{referral_id}/authorization/", {"units": "S9500"}).status_code == 422
    auth = intake.referral(referral_id).authorizations[0]
    assert client.post(f"/intake/authorizations/{auth.id}/submit/").status_code == 302
    answer = {"number": "A1", "first": "2026-11-01", "last": "2026-12-31"}
    assert client.post(f"/intake/authorizations/{auth.id}/approve/", answer).status_code == 302
    assert client.post(f"/intake/{referral_id}/items/letter_of_medical_necessity/receive/", {"note": "fax"}).status_code == 302
    seen = intake.referral(referral_id)
    assert seen.state == "in_review" and seen.authorizations[0].state == "approved"
    assert "A1" in client.get(f"/intake/{referral_id}/").content.decode()


def test_no_two_dialogs_of_the_page_share_an_id(browser: Callable[..., Client], house: SimpleNamespace, referral_id: UUID) -> None:
    intake.advance_referral(referral_id=referral_id, step="review", by=house.intake)
    for _ in range(2):
        auth = intake.open_authorization(referral_id=referral_id, units={"S9500": 14}, by=house.auth)
        intake.advance_authorization(authorization_id=auth, step="submit", by=house.auth)
    text = browser(Role.INTAKE, Role.AUTHORIZATION).get(f"/intake/{referral_id}/").content.decode()
    ids = re.findall(r'id="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))


def test_the_api_walks_the_same_way(browser: Callable[..., Client], house: SimpleNamespace) -> None:
    client = browser(Role.INTAKE)

    def call(path: str, body: dict[str, Any], **headers: str) -> Any:
        return client.post(f"/api/intake/{path}", json.dumps(body), content_type="application/json", headers=headers)

    body = {
        "person": {"family": "Sample", "given": "Eve", "born_on": "1980-02-02", "sex": "female"},
        "orders": [{"drug_text": "ceftriaxone", "route": "IV", "dose_amount": "2", "dose_unit": "g"}],
    }
    made = call("referrals", body, **{"Idempotency-Key": "one"})
    assert made.status_code == 201
    assert call("referrals", body, **{"Idempotency-Key": "one"}).json() == made.json()
    id = made.json()["id"]
    assert call(f"referrals/{id}/steps/review", {}).json()["state"] == "in_review"
    refused = call(f"referrals/{id}/steps/verify_benefits", {})
    assert refused.status_code == 409 and refused.json()["details"][0]["code"] == "coverage-missing"
    assert client.get(f"/api/intake/referrals/{id}").json()["state"] == "in_review"
    assert "coverage" in client.get(f"/api/intake/referrals/{id}").json()["missing"]
    assert client.get(f"/api/intake/referrals/{id}/expected-margin").json()["unknowns"]
    assert client.get("/api/intake/referrals").json()[0]["id"] == id


def test_a_patients_page_records_and_corrects(browser: Callable[..., Client], referral_id: UUID) -> None:
    client = browser(Role.INTAKE)
    patient_id = intake.referral(referral_id).patient.id
    at = f"/patients/{patient_id}/"
    assert client.post(f"{at}record/allergy/", {"substance": "latex", "severity": "mild"}).status_code == 302
    assert client.post(f"{at}record/measurement/", {"kind": "weight_kg", "value": "7O"}).status_code == 422
    assert client.post(f"{at}record/measurement/", {"kind": "weight_kg", "value": "70.5"}).status_code == 302
    assert client.post(f"{at}record/line/", {"type": "picc", "lumens": "1"}).status_code == 302
    assert client.post(f"{at}record/consent/", {"kind": "treatment", "given_on": "2026-01-02", "signer": "Cleo"}).status_code == 302
    entry = Allergy.objects.get()
    assert client.post(f"{at}error/allergy/{entry.id}/", {"reason": ""}).status_code == 409
    assert client.post(f"{at}error/allergy/{entry.id}/", {"reason": "wrong chart"}).status_code == 302
    text = client.get(at).content.decode()
    assert "latex" not in text and "weight 70.5 kg" in text and "PICC" in text
    assert client.get("/patients/?q=fic").content.decode().count("FICTIONAL, Cleo") == 1
    assert client.get("/patients/new/").status_code == 200


def test_catalog_and_payer_pages_show_sources_and_unverified_marks(browser: Callable[..., Client], house: SimpleNamespace) -> None:
    client = browser(Role.PHARMACIST)
    assert "cefTRIAXone" in client.get("/catalog/?q=ceft").content.decode()
    text = client.get("/catalog/drugs/ceftriaxone/").content.decode()
    assert "unverified" in text and "J0696" in text and "Sign as valid here" in text
    assert client.get("/catalog/drugs/moonstone/").status_code == 404
    assert "Meridian Example Health" in client.get("/payers/").content.decode()
    payer = payers.payers()[0]
    assert "Contracts" in client.get(f"/payers/{payer.id}/").content.decode()


def test_the_other_apis_answer(browser: Callable[..., Client], referral_id: UUID) -> None:
    client = browser(Role.INTAKE)
    assert client.get("/api/catalog/drugs?therapy_class=iron").json()[0]["therapy_class"] == "iron"
    assert client.get("/api/catalog/drugs/ceftriaxone/products").json()[0]["hcpcs"] == "J0696"
    assert client.get("/api/catalog/codes/J3373").json()["unit"] == "10 mg"
    plan = client.get("/api/payers/plans").json()[0]["id"]
    body = {"lines": [{"hcpcs": "Z0000", "units": "1"}], "on": date(2026, 11, 1).isoformat()}
    assert client.post(f"/api/payers/plans/{plan}/quote", json.dumps(body), content_type="application/json").json()["unknown"] == ["Z0000"]
    patient_id = intake.referral(referral_id).patient.id
    assert client.get(f"/api/patients/{patient_id}").json()["allergy_state"] == "not_recorded"
    made = client.post(f"/api/patients/{patient_id}/allergies", json.dumps({"substance": "egg"}), content_type="application/json")
    assert made.status_code == 200 and patients.allergies(patient_id).items[0].groups == ("egg",)


def test_a_repeated_key_on_a_form_acts_once(browser: Callable[..., Client], referral_id: UUID) -> None:
    client = browser(Role.INTAKE)
    at = f"/patients/{intake.referral(referral_id).patient.id}/record/contact/"
    for _ in range(2):
        assert client.post(at, {"_key": "same", "name": "Bo Sample", "phone": "555-0101"}).status_code == 302
    assert len(patients.contacts(intake.referral(referral_id).patient.id)) == 1
