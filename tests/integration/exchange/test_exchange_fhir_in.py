# SPDX-License-Identifier: Apache-2.0
"""FHIR bundles at the door: real ones become referrals with what they lack; bad ones leave nothing behind."""
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from openinfusion.exchange.actions.receive_bundle import receive_bundle
from openinfusion.exchange.domain.fhir_referral import read_referral
from openinfusion.exchange.models import InboundBundle
from openinfusion.intake import public as intake
from openinfusion.intake.models import Referral
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.patients.models import Patient
from openinfusion.platform.files import open_file
from openinfusion.platform.models import Entry

CORPORA = ("synthea_r4_smart", "us_core_610", "us_core_700", "us_core_800", "hl7_r4_examples", "davinci_pas_2.0.1",
           "davinci_pas_2.2.1", "inferno_pas_fixtures", "davinci_prior_auth_ri", "post_acute_orders", "specialty_rx")


def furosemide(shared: Path) -> bytes:
    return next((shared / "samples/fhir/synthea_r4_smart").glob("furosemide__Michele*")).read_bytes()


def clinosim(shared: Path, drug: str) -> bytes:
    """One patient of the simulated hospital with all that is said about them, as a bundle."""
    folder = shared / "samples/fhir/clinosim_seed11"
    rows: dict[str, list[dict[str, Any]]] = {
        f.stem: [json.loads(line) for line in f.read_text().splitlines()] for f in folder.glob("*.ndjson")
    }
    order = next(m for m in rows["MedicationRequest"] if m["medicationCodeableConcept"]["text"] == drug and m["status"] in ("active", "completed"))
    order["status"], who = "active", order["subject"]["reference"]

    def theirs(kind: str) -> list[dict[str, Any]]:
        return [r for r in rows[kind] if any(r.get(k, {}).get("reference") == who for k in ("subject", "patient", "beneficiary"))]

    patient = [p for p in rows["Patient"] if f"Patient/{p['id']}" == who]
    found = [*patient, order, *theirs("AllergyIntolerance"), *theirs("Condition"), *theirs("Coverage"), *theirs("Observation"), *rows["Organization"]]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in found]}).encode()


@pytest.mark.parametrize("corpus", CORPORA)
def test_a_real_corpus_is_read_or_named_faulty_and_never_fails_otherwise(shared: Path, corpus: str) -> None:
    files = [f for f in sorted((shared / "samples/fhir" / corpus).rglob("*")) if f.is_file()]
    assert files
    for file in files:
        try:
            read_referral(file.read_bytes())
        except Malformed as no:
            assert all(f.path.startswith("Bundle") for f in no.faults), file.name


def test_a_real_bundle_with_an_injectable_becomes_a_referral_for_a_drug_of_the_catalog(house: SimpleNamespace, shared: Path) -> None:
    id = receive_bundle(data=furosemide(shared), by=house.intake)
    seen = intake.referral(id)
    assert (seen.drug_code, seen.therapy_class, seen.source) == ("furosemide", "diuretic", "FHIR")
    assert "Lasix 40mg" in " ".join(seen.other_orders), "the tablets are not the infusion"
    assert {"allergies", "coverage", "complete order", "access device"} <= set(seen.missing)
    assert not {"weight", "height"} & set(seen.missing), "the bundle said these"
    assert seen.file_id and open_file(seen.file_id).data == furosemide(shared)


@pytest.mark.parametrize(("drug", "code"), [("Ceftriaxone", "ceftriaxone"), ("Piperacillin/Tazobactam", "piperacillin_tazobactam")])
def test_a_patient_of_the_simulated_hospital_comes_with_dose_and_route(house: SimpleNamespace, shared: Path, drug: str, code: str) -> None:
    seen = intake.referral(receive_bundle(data=clinosim(shared, drug), by=house.intake))
    assert (seen.drug_code, seen.route) == (code, "IV") and seen.dose is not None and seen.interval_hours


def test_the_same_bundle_twice_is_one_referral(house: SimpleNamespace, shared: Path) -> None:
    first = receive_bundle(data=furosemide(shared), by=house.intake)
    assert receive_bundle(data=furosemide(shared), by=house.intake) == first
    assert Referral.objects.count() == 1 and InboundBundle.objects.get().times == 2


def test_a_faulty_bundle_leaves_nothing_behind(house: SimpleNamespace, shared: Path) -> None:
    raw = json.loads(furosemide(shared))
    person = next(e for e in raw["entry"] if e["resource"]["resourceType"] == "Patient")
    person["resource"]["birthDate"] = "31/12/1950"
    before = Entry.objects.count()
    with pytest.raises(Malformed, match=r"resource\.birthDate"):
        receive_bundle(data=json.dumps(raw).encode(), by=house.intake)
    assert not Referral.objects.exists() and not Patient.objects.exists() and Entry.objects.count() == before


def test_a_driver_may_not_bring_one_in(house: SimpleNamespace, shared: Path) -> None:
    with pytest.raises(Refused, match=r"exchange\."):
        receive_bundle(data=furosemide(shared), by=house.driver)
    assert not Patient.objects.exists()


@pytest.fixture
def client(account: Callable[..., Any], house: SimpleNamespace) -> Client:
    found = Client()
    found.force_login(account(Role.INTAKE), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_the_api_answers_the_referral_or_an_operation_outcome(client: Client, shared: Path) -> None:
    good = client.post("/api/exchange/fhir", furosemide(shared), content_type="application/fhir+json")
    assert good.status_code == 201
    assert client.post("/api/exchange/fhir", furosemide(shared), content_type="application/fhir+json").json() == good.json()
    assert intake.referral(good.json()["referral_id"]).state == "received"
    bad = client.post("/api/exchange/fhir", b'{"resourceType":"Bundle","type":"odd"}', content_type="application/fhir+json")
    assert bad.status_code == 422
    told = bad.json()
    assert told["resourceType"] == "OperationOutcome"
    assert {tuple(i["expression"]) for i in told["issue"]} == {("Bundle.type",), ("Bundle.entry",)}


def test_a_bundle_is_uploaded_on_a_page(client: Client, shared: Path) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    assert client.get("/exchange/fhir/").status_code == 200
    answer = client.post("/exchange/fhir/receive/", {"bundle": SimpleUploadedFile("b.json", furosemide(shared))})
    assert answer.status_code == 302 and answer["Location"] == f"/intake/{Referral.objects.get().id}/"
    wrong = client.post("/exchange/fhir/receive/", {"bundle": SimpleUploadedFile("b.json", b"{}")})
    assert wrong.status_code == 422 and "Bundle.resourceType" in wrong.content.decode()


def test_what_the_bundle_said_stands_in_the_chart(house: SimpleNamespace, shared: Path) -> None:
    seen = intake.referral(receive_bundle(data=furosemide(shared), by=house.intake))
    assert patients.measurements(seen.patient.id, "weight_kg") and patients.labs(seen.patient.id) and patients.conditions(seen.patient.id)
    assert patients.allergies(seen.patient.id).state is patients.AllergyState.NOT_RECORDED
