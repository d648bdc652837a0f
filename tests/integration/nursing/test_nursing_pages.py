# SPDX-License-Identifier: Apache-2.0
"""Visits by their pages and API: the manager offers, the nurse writes on the phone and signs."""
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.platform.clock import now
from openinfusion.platform.models import User

ZONE = ZoneInfo("America/Chicago")
PASSWORD = "a long enough password"


def wall(minutes: int) -> str:
    return (now() + timedelta(minutes=minutes)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def nurse(thread: Any) -> Client:
    """The nurse of the thread, signed in as herself."""
    user = User.objects.get(pk=thread.nurse.id)
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(account: Callable[..., Any]) -> Client:
    client = Client()
    client.force_login(account(Role.NURSE_MANAGER))
    return client


def requested(thread: Any) -> UUID:
    return nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="teach and start", by=thread.manager)


def test_a_visit_is_offered_made_recorded_and_signed_through_the_pages(thread: Any, nurse: Client, manager: Client) -> None:
    visit_id = requested(thread)
    url = f"/nursing/visits/{visit_id}/"
    page = manager.get(url).content.decode()
    assert "Offer to a nurse" in page and "may do it" in page
    offer = {"nurse_id": str(thread.nurse.id), "planned_start": wall(60), "planned_end": wall(180)}
    assert manager.post(f"{url}offer/", offer).status_code == 302
    assert nursing.visit(visit_id).number in nurse.get("/nursing/?mine=1").content.decode()
    for step in ("accept", "confirm", "set_out", "arrive"):
        assert nurse.post(f"{url}{step}/").status_code == 302, step
    assert "Still to write" in nurse.get(url).content.decode()
    assert nurse.post(f"{url}document/").status_code == 409
    record = f"{url}record/"
    parts: list[tuple[str, dict[str, Any]]] = [
        ("identity", {"identifiers": ["name", "birth date"]}),
        ("line", {"line_site": "left PICC", "line_flushes": "yes", "line_blood_return": "yes"}),
        ("vitals", {"vitals_at": wall(-90), "temperature_c": "36.8", "pulse_per_min": 70, "respirations_per_min": 14,
                    "systolic_mmhg": 120, "diastolic_mmhg": 80}),
        ("rate", {"rate_at": wall(-80), "rate_ml_per_h": "200"}),
        ("rate", {"rate_at": wall(-50), "rate_ml_per_h": "0"}),
        ("reaction", {"reaction": "none"}),
        ("teaching", {"taught": "flushing\nsigns of infection", "taught_back": "yes"}),
        ("closing", {"started_at": wall(-95), "ended_at": wall(-5)}),
    ]
    for part, body in parts:
        assert nurse.post(f"{record}{part}/", body).status_code == 302, part
    assert nurse.post(f"{record}vitals/", {"vitals_at": wall(-10), "temperature_c": "1e2"}).status_code == 422
    assert "100 mL by the rate steps" in nurse.get(url).content.decode()
    assert nurse.post(f"{url}document/").status_code == 302
    assert nurse.post(f"{url}sign/", {"signature": PASSWORD}).status_code == 302
    assert (nursing.visit(visit_id).state, nursing.visit(visit_id).minutes) == ("signed", 90)
    assert nursing.visit(visit_id).number in manager.get("/nursing/table.csv").content.decode()


def test_the_same_by_the_api(thread: Any, nurse: Client, manager: Client) -> None:
    therapy_id = thread.bench.therapy()

    def post(who: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
        return who.post(f"/api/nursing/visits{path}", json.dumps(body), content_type="application/json", headers=headers)

    made = post(manager, "", {"therapy_id": str(therapy_id), "purpose": "first visit"}).json()
    start = now() + timedelta(hours=2)
    offer = {"nurse_id": str(thread.nurse.id), "planned_start": start.isoformat(), "planned_end": (start + timedelta(hours=1)).isoformat()}
    assert post(manager, f"/{made['id']}/offer", offer | {"nurse_id": str(thread.driver.id)}).status_code == 409
    assert post(manager, f"/{made['id']}/offer", offer).json()["state"] == "offered"
    for step in ("accept", "confirm", "set_out", "arrive"):
        assert post(nurse, f"/{made['id']}/steps/{step}", {}).status_code == 200
    at = now() - timedelta(minutes=100)
    body = {
        "identifiers": ["name", "birth date"], "line_site": "PICC", "line_flushes": True, "reaction": "none",
        "started_at": at.isoformat(), "ended_at": (at + timedelta(minutes=95)).isoformat(),
        "rates": [{"at": (at + timedelta(minutes=10)).isoformat(), "rate_ml_per_h": "200"},
                  {"at": (at + timedelta(minutes=40)).isoformat(), "rate_ml_per_h": "0"}],
        "vitals": [{"at": (at + timedelta(minutes=5)).isoformat(), "temperature_c": "36.8", "pulse_per_min": 70,
                    "respirations_per_min": 14, "systolic_mmhg": 120, "diastolic_mmhg": 80}],
    }
    assert post(nurse, f"/{made['id']}/record", body).status_code == 200
    assert post(nurse, f"/{made['id']}/steps/document", {}).json()["state"] == "documented"
    assert post(nurse, f"/{made['id']}/steps/sign", {}).status_code == 409
    signed = post(nurse, f"/{made['id']}/steps/sign", {}, **{"X-Signature": PASSWORD}).json()
    assert (signed["state"], signed["minutes"]) == ("signed", 95)
