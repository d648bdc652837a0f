# SPDX-License-Identifier: Apache-2.0
"""Visits are asked for by a page, one or a series, by an order of the therapy, with the patient's hour."""
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseVisit
from openinfusion.platform.clock import today
from openinfusion.platform.journal import timeline


@pytest.fixture
def manager(account: Callable[..., Any]) -> Client:
    client = Client()
    client.force_login(account(Role.NURSE_MANAGER))
    return client


def test_a_page_finds_the_therapy_and_asks_for_a_series(thread: Any, manager: Client) -> None:
    prescription_id = thread.bench.prescription()
    thread.bench.verify(prescription_id)
    therapy_id = NurseVisit.objects.get().therapy_id
    page = manager.get("/nursing/ask/", {"q": "Sampleton"}).content.decode()
    assert "1 asked for already" in page and "Ask for a visit, or several" in page and str(prescription_id) in page
    assert "No running therapy" in manager.get("/nursing/ask/", {"q": "Nobody"}).content.decode()
    assert "Find the patient" in manager.get("/nursing/ask/").content.decode()
    assert manager.get("/nursing/ask/", {"therapy": "x"}).status_code == 404
    first = today("America/Chicago") + timedelta(days=3)
    said = {"purpose": "dressing change", "prescription_id": str(prescription_id), "infuses": "", "earliest_on": first.isoformat(),
            "latest_on": (first + timedelta(days=1)).isoformat(), "wished_from": "09:00", "wished_by": "11:00", "times": "4"}
    url = f"/nursing/therapies/{therapy_id}/request/"
    assert "come every 1 to 90 days" in manager.post(url, said).content.decode()
    assert "begin with a day" in manager.post(url, said | {"every_days": "7", "earliest_on": "", "latest_on": ""}).content.decode()
    assert manager.post(url, said | {"every_days": "7"}).status_code == 302
    made = list(NurseVisit.objects.filter(purpose="dressing change").order_by("earliest_on"))
    assert [(v.earliest_on, v.latest_on) for v in made] == [
        (first + timedelta(days=7 * n), first + timedelta(days=7 * n + 1)) for n in range(4)
    ]
    assert {(v.wished_from, v.wished_by, v.prescription_id) for v in made} == {(time(9), time(11), prescription_id)}
    again = manager.get("/nursing/ask/", {"therapy": str(therapy_id)}).content.decode()
    assert "5 asked for already" in again and 'value="09:00"' in again, "what the patient wished last stands there"
    visit = manager.get(f"/nursing/visits/{made[0].id}/").content.decode()
    assert "wished 09:00 to 11:00" in visit and "Ask for more visits" in visit


def test_a_series_is_refused_where_two_would_meet(thread: Any) -> None:
    day = today("America/Chicago")
    said: dict[str, Any] = {"therapy_id": thread.bench.therapy(), "purpose": "weekly", "earliest_on": day, "by": thread.manager}
    for wrong in ({"every_days": 7, "times": 0}, {"every_days": 0, "times": 3}, {"times": 3}, {"every_days": 7, "times": 3, "earliest_on": None},
                  {"every_days": 2, "times": 3, "latest_on": day + timedelta(days=2)}, {"every_days": 7, "times": 61}, {"every_days": 91, "times": 3}):
        with pytest.raises(Malformed):
            nursing.request_series(**said | wrong)
    assert not NurseVisit.objects.exists()
    assert len(nursing.request_series(**said, every_days=2, times=3, latest_on=day + timedelta(days=1))) == 3


def test_a_visit_names_an_order_of_its_own_therapy(thread: Any) -> None:
    other = thread.bench.prescription()
    with pytest.raises(Malformed, match="another therapy"):
        nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="start", prescription_id=other, by=thread.manager)


def test_a_wish_is_written_down_taken_back_and_kept_whole(thread: Any, manager: Client) -> None:
    visit_id = nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="start", by=thread.manager)
    url = f"/nursing/visits/{visit_id}/wish/"
    assert manager.post(url, {"wished_from": "14:00", "wished_by": "13:00"}).status_code == 422
    assert manager.post(url, {"wished_from": "13:00", "wished_by": "14:00"}).status_code == 302
    assert nursing.visit(visit_id).wish.earliest == time(13)
    with pytest.raises(IntegrityError, match="visit_wish_in_order"), transaction.atomic():
        NurseVisit.objects.update(wished_by=time(12))
    sent = manager.post(f"/api/nursing/visits/{visit_id}/wish", json.dumps({"wished_by": "10:00:00"}), content_type="application/json")
    assert sent.json()["wish"] == {"earliest": None, "by": "10:00:00"}
    manager.post(url, {})
    assert not nursing.visit(visit_id).wish
    assert [line for line in timeline(subject_id=visit_id) if "wished" in str(line)]
    nursing.advance_visit(visit_id=visit_id, step="cancel", reason="the patient is in hospital", by=thread.manager)
    with pytest.raises(Refused, match="not begun"):
        nursing.wish_hours(visit_id=visit_id, wished_from=None, wished_by=time(9), by=thread.manager)
    with pytest.raises(Refused, match="nursing"):
        nursing.wish_hours(visit_id=visit_id, wished_from=None, wished_by=time(9), by=thread.warehouse)


def test_a_series_over_the_api(thread: Any, manager: Client) -> None:
    said = {"therapy_id": str(thread.bench.therapy()), "purpose": "labs", "earliest_on": today("America/Chicago").isoformat(), "every_days": 7, "times": 2}
    made = manager.post("/api/nursing/series", json.dumps(said), content_type="application/json").json()
    assert [v["purpose"] for v in made] == ["labs", "labs"]
