# SPDX-License-Identifier: Apache-2.0
"""The web base: signing, refusals, idle sign-off, headers, tokens."""
from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from openinfusion.kernel.roles import Role
from openinfusion.platform.api import token_digest
from openinfusion.platform.clock import now
from openinfusion.platform.models import ApiToken, Entry
from openinfusion.platform.permissions import system_actor
from openinfusion.sites import public as sites
from openinfusion.sites.models import Hood

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DETAILS = {
    "legal_name": "North Infusion", "npi": "1", "tax_id": "1", "taxonomy": "3336H0001X", "street": "1 A", "city": "B",
    "state_code": "IL", "zip_code": "1", "phone": "1",
}
PASSWORD = "a long test password"


@pytest.fixture
def hood(scope):
    by = system_actor(scope)
    site = sites.open_site(name="North", kind="pharmacy", timezone="America/Chicago", details=DETAILS, by=by)
    hood = sites.add_hood(site_id=site, name="Hood 1", room_name="Buffer", hazardous=False, by=by)
    sites.certify_hood(hood_id=hood, certified_until=now() + timedelta(days=90), room_failed=False, by=by)
    return hood


@pytest.fixture
def compliance(account, hood):
    client = Client()
    client.force_login(account(Role.COMPLIANCE, password=PASSWORD), backend=BACKEND)
    return client


def test_a_step_that_needs_a_signature_takes_the_password_and_no_other(compliance, hood) -> None:
    assert compliance.post(f"/sites/hoods/{hood}/take_out/", {"reason": "filter leak"}).status_code == 302
    for given in ({}, {"signature": "wrong"}):
        refused = compliance.post(f"/sites/hoods/{hood}/put_back/", {"reason": "repaired", **given}, headers={"HX-Request": "true"})
        assert refused.status_code in {409, 422} and b"Nothing was changed" in refused.content
        assert Hood.objects.get(pk=hood).state == "out_of_service"
    done = compliance.post(f"/sites/hoods/{hood}/put_back/", {"reason": "repaired", "signature": PASSWORD})
    assert done.status_code == 302 and Hood.objects.get(pk=hood).state == "in_service"
    assert Entry.objects.order_by("-number").first().signature == "password"


def test_five_wrong_signatures_end_the_session(compliance, hood) -> None:
    for _ in range(5):
        compliance.post(f"/sites/hoods/{hood}/take_out/", {"reason": "x", "signature": "wrong"})
    assert compliance.get("/sites/").status_code == 302


def test_a_double_click_is_one_effect(compliance, hood) -> None:
    for _ in range(2):
        assert compliance.post(f"/sites/hoods/{hood}/take_out/", {"reason": "leak", "_key": "same"}).status_code == 302
    assert Entry.objects.filter(verb="sites.hood.take_out").count() == 1


def test_without_the_permission_the_page_says_so(account, hood) -> None:
    client = Client()
    client.force_login(account(Role.PARTNER), backend=BACKEND)
    assert client.get("/sites/").status_code == 403


def test_an_idle_session_is_signed_off_and_polling_does_not_keep_it(compliance) -> None:
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        assert compliance.get("/sites/").status_code == 200
        clock.shift(timedelta(minutes=14))
        assert compliance.get("/sites/", headers={"X-Poll": "1"}).status_code == 200
        clock.shift(timedelta(minutes=2))
        answer = compliance.get("/sites/")
        assert answer.status_code == 302 and "idle=1" in answer["Location"]


def test_pages_are_not_kept_and_the_policy_is_strict(compliance) -> None:
    answer = compliance.get("/sites/")
    assert answer["Cache-Control"] == "no-store"
    assert "unsafe" not in answer["Content-Security-Policy"] and "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


def test_the_api_takes_a_token_and_tells_refusals_alike(account, scope, hood) -> None:
    user = account(Role.TECHNICIAN)
    ApiToken.objects.create(organization_id=scope, user=user, label="probe", sha256=token_digest("secret-token"))
    client, auth = Client(), {"Authorization": "Bearer secret-token"}
    assert client.get("/api/sites/").status_code == 401
    assert client.get("/api/sites/", headers={"Authorization": "Bearer other"}).status_code == 401
    seen = client.get("/api/sites/", headers=auth).json()
    assert [s["name"] for s in seen] == ["North"]
    fridge = sites.add_cold_store(site_id=seen[0]["id"], name="F", kind=sites.ColdStoreKind.REFRIGERATOR, by=system_actor(scope))
    post = lambda body: client.post(f"/api/sites/cold-stores/{fridge}/readings", body, content_type="application/json", headers=auth)  # noqa: E731
    assert post({"celsius": "5.5"}).status_code == 200
    assert post({"celsius": "20"}).json()["error"] == "refused"
    assert post({"celsius": "warm"}).status_code == 422


def test_health_needs_no_sign_in() -> None:
    assert Client().get("/livez").json() == {"alive": True}
    assert Client().get("/readyz").json()["ready"] is True
