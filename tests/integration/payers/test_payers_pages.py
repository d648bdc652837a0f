# SPDX-License-Identifier: Apache-2.0
"""The pages and the API of payers: they show, search, export and act once; a refusal changes nothing."""
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openinfusion.kernel.roles import Role
from openinfusion.payers import models
from openinfusion.payers import public as payers
from openinfusion.payers.web.forms import contract_form

Browser = Callable[..., Client]
DAY = date(2026, 11, 1)


@pytest.fixture
def contract(desk: SimpleNamespace) -> payers.ContractFact:
    return payers.contract_for(desk.plans["meridian_ppo"].id, DAY)


def filled(contract: payers.ContractFact, **changes: object) -> dict[str, object]:
    """What the form of a contract sends when it is saved as shown, changed as said."""
    form = contract_form(payers.contract_text(contract.id), first=date(2026, 12, 1), last=None, source="Amendment 3", why="new rates")
    sent = {k: v for k, v in ((n, form.initial.get(n)) for n in form.fields) if v is not None and v is not False and v != ""}
    return sent | changes


def test_the_list_searches_filters_and_exports(desk: SimpleNamespace, browser: Browser) -> None:
    client = browser(Role.BILLER)
    text = client.get("/payers/").content.decode()
    assert "Meridian Example Health" in text and "unverified" in text and "Enter a payer" in text
    assert "Meridian" not in client.get("/payers/?type=medicaid").content.decode().split("<main")[1]
    assert "Nothing fits" in client.get("/payers/?q=zzz").content.decode()
    assert client.get("/payers/table/?q=prairie").content.decode().count("\n") == 2
    assert "Enter a payer" not in browser(Role.PHARMACIST).get("/payers/").content.decode()


def test_a_payer_and_a_contract_show_what_they_say(desk: SimpleNamespace, browser: Browser, contract: payers.ContractFact) -> None:
    client = browser(Role.BILLER)
    text = client.get(f"/payers/{contract.payer_key}/").content.decode()
    assert "Rules on file" in text and "Enter a contract" in text and str(contract.id) in text
    page = client.get(f"/payers/contracts/{contract.id}/?q=J1745").content.decode()
    assert "J1745" in page and "S9500" not in page and "Draft a new version" in page
    assert "No line prices" in client.get(f"/payers/contracts/{contract.id}/?q=Z1").content.decode()
    assert "S9500 145.00" in client.get(f"/payers/contracts/{contract.id}/rates/").content.decode()
    assert client.get(f"/payers/contracts/{UUID(int=1)}/").status_code == 404
    assert browser(Role.DRIVER).get("/payers/").status_code == 403


def test_a_new_version_goes_from_page_to_page(desk: SimpleNamespace, browser: Browser, contract: payers.ContractFact) -> None:
    author, other = browser(Role.BILLER), browser(Role.EXECUTIVE)
    said = {"first": "2026-12-01", "source": "Amendment 3", "why": "new rates", "copy_of": str(contract.id)}
    went = author.post(f"/payers/{contract.payer_key}/begin/", said)
    draft = models.ContractDraft.objects.get()
    assert went.status_code == 302 and went["Location"] == f"/payers/drafts/{draft.id}/edit/"
    page = author.get(f"/payers/drafts/{draft.id}/edit/").content.decode()
    assert "S9500 145.00" in page and "class:biologic" in page
    assert "Nothing yet" in author.get(f"/payers/drafts/{draft.id}/").content.decode()
    bad = author.post(f"/payers/drafts/{draft.id}/change/", filled(contract, rates="S9500 1e3\nX", rules="no", version=1))
    text = bad.content.decode()
    assert bad.status_code == 422 and "1e3" in text and "begin with a billing code" in text and "kind, codes or classes" in text
    good = author.post(f"/payers/drafts/{draft.id}/change/", filled(contract, rates="# ours\nS9500 150.00\n", version=1))
    assert good.status_code == 302, good.content.decode()
    assert "S9500: $150.00 a unit" in author.get(f"/payers/drafts/{draft.id}/").content.decode()
    assert author.post(f"/payers/drafts/{draft.id}/step/propose/", {"version": 2}).status_code == 302
    assert "draft" in author.get("/payers/").content.decode()
    refused = other.post(f"/payers/drafts/{draft.id}/step/approve/", {"version": 3})
    assert refused.status_code == 409 and "signature" in refused.content.decode()
    assert models.Contract.objects.filter(payer_id=contract.payer_key).count() == 1
    payers.advance_contract_draft(draft_id=draft.id, step="approve", by=desk.executive.signing("test"))
    made = payers.contract_for(desk.plans["meridian_ppo"].id, date(2026, 12, 1))
    page = other.get(f"/payers/contracts/{made.id}/").content.decode()
    assert "What it changed" in page and "to come" in page
    assert "Approved by" in other.get(f"/payers/drafts/{draft.id}/").content.decode()


def test_a_first_contract_is_entered_for_one_plan(desk: SimpleNamespace, browser: Browser, contract: payers.ContractFact) -> None:
    client = browser(Role.BILLER)
    assert client.get(f"/payers/{contract.payer_key}/new/").status_code == 200
    plan = str(desk.plans["meridian_hmo"].id)
    went = client.post(f"/payers/{contract.payer_key}/contracts/", filled(contract, plan_id=plan, concurrent_pct="100, 50"))
    draft = models.ContractDraft.objects.get()
    assert went.status_code == 302 and str(draft.plan_id) == plan and draft.content["terms"]["concurrent_pct"] == [100, 50]
    assert "everything is new" in client.get(f"/payers/drafts/{draft.id}/").content.decode()
    assert client.post(f"/payers/{contract.payer_key}/contracts/", filled(contract, concurrent_pct="half")).status_code == 422


def test_price_lists_are_imported_shown_and_taken_back(desk: SimpleNamespace, browser: Browser) -> None:
    client = browser(Role.BILLER)
    assert "No list yet" in client.get("/payers/prices/").content.decode()
    file = SimpleUploadedFile("asp.csv", b"HCPCS Code,Payment Limit\nJ1745,31.041\nbad,1\n")
    went = client.post("/payers/prices/import/", {"basis": "asp", "first": "2026-10-01", "source": "a list", "file": file})
    assert went.status_code == 302
    page = client.get(went["Location"]).content.decode()
    assert "bad" in page and "no billing code" in page and "Take back" in page
    assert "31.041" in client.get("/payers/prices/?q=j1745").content.decode()
    assert "No price" in client.get("/payers/prices/?q=J0001").content.decode()
    assert client.post(f"{went['Location']}withdraw/", {"reason": "wrong quarter"}).status_code == 302
    assert "taken back" in client.get(went["Location"]).content.decode()
    assert client.get(f"/payers/prices/{UUID(int=3)}/").status_code == 404


def test_payers_and_plans_are_entered_on_the_page(desk: SimpleNamespace, browser: Browser) -> None:
    client = browser(Role.BILLER)
    went = client.post("/payers/enter/", {"name": "Acme Example", "type": "commercial", "x12_id": "ACME1"})
    assert went.status_code == 302
    assert client.post(f"{went['Location']}plans/", {"name": "Gold", "filing": "CI", "benefit": "medical"}).status_code == 302
    page = client.get(went["Location"]).content.decode()
    assert "Gold" in page and "No contract" in page


def test_the_api_shows_drafts_checks_and_quotes(desk: SimpleNamespace, browser: Browser, contract: payers.ContractFact) -> None:
    client = browser(Role.BILLER)
    base = "/api/payers"
    said = client.get(f"{base}/contracts/{contract.id}").json()
    assert "S9500 145.00" in said["rates"] and said["standing"] == "unverified"

    def post(path: str, body: object) -> object:
        return client.post(f"{base}{path}", json.dumps(body), content_type="application/json")

    made = post("/contracts", {"copy_of": str(contract.id), "first": "2026-12-01", "source": "x", "why": "y", "rates": ["S9500 150"], "rules": []})
    assert made.status_code == 200, made.content
    assert post(f"/contract-drafts/{made.json()['id']}/steps/propose", {}).status_code == 200
    assert post("/contracts", {"copy_of": str(contract.id), "first": "2026-12-01", "source": "x", "why": "y", "rates": ["S9500 1e3"]}).status_code == 422
    plan = desk.plans["meridian_ppo"].id
    line = {"code": "s9500", "units": "7", "first": "2026-11-01", "last": "2026-11-07", "place": "99"}
    found = post(f"/plans/{plan}/check", {"on": "2026-11-07", "therapy_class": "antibiotic", "lines": [line]}).json()
    assert [f["kind"] for f in found] == ["place"]
    assert post(f"/plans/{plan}/check", {"on": "2026-11-07", "therapy_class": "x", "lines": [line | {"units": "1e3"}]}).status_code == 422
    quote = post(f"/plans/{plan}/quote", {"on": "2026-11-01", "lines": [{"hcpcs": "S9500", "units": "7"}, {"hcpcs": "J9999", "units": 1, "charge_cents": 5}]}).json()
    assert quote["reimbursement_cents"] == 101500 and "no rate" in quote["why"]["J9999"]
