# SPDX-License-Identifier: Apache-2.0
"""Dispatch by its pages and its API: a day is planned by the form, worked out by the queue, accepted, explained, exported."""
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.queries.plan import people_lines
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseVisit
from openinfusion.platform.clock import today


@pytest.fixture
def manager(account: Callable[..., Any]) -> Client:
    client = Client()
    client.force_login(account(Role.NURSE_MANAGER))
    return client


@pytest.fixture
def solved(thread: Any, scope: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], DayPlan]:
    """What the worker would do with what was queued."""
    from openinfusion.dispatch import handlers

    queued: list[str] = []
    monkeypatch.setattr(handlers, "later", lambda work, *, by, plan_id: queued.append(plan_id))

    def run() -> DayPlan:
        thread.bench.tell()
        for plan_id in queued:
            handlers.solve(by=thread.manager, plan_id=plan_id)
        return DayPlan.objects.get(pk=queued[-1])

    return run


def posted(client: Client, url: str, said: dict[str, Any]) -> Any:
    return client.post(url, json.dumps(said), content_type="application/json")


def test_a_day_by_the_pages(thread: Any, manager: Client, solved: Callable[[], DayPlan]) -> None:
    day = today("America/Chicago") + timedelta(days=1)
    board = f"/dispatch/?kind=nurses&site={thread.bench.site_id}&day={day}"
    assert "This day is not planned" in manager.get(board).content.decode()
    nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="start", by=thread.manager)
    page = manager.get(board).content.decode()
    assert "SAMPLETON" in page and "No shift is planned for" in page
    made = manager.post("/dispatch/plan/", {"kind": "nurses", "site": str(thread.bench.site_id), "day": day.isoformat(), "seconds": "1"})
    url = made.headers["Location"]
    assert "being worked out" in manager.get(url).content.decode()
    row = solved()
    page = manager.get(url).content.decode()
    assert "Nan Nurse" in page and "separate check found nothing" in page and "hx-trigger" not in page.split("<main")[1].split("</main")[0].split('id="plan"')[1][:200]
    name = people_lines(row)[0].calls[0].name
    why = manager.get(f"{url}why/", {"visit": name}).content.decode()
    assert "What anybody else would cost" in why and "Move and pin it" in why
    assert manager.get(f"{url}why/", {"visit": "nothing"}).status_code == 404
    assert name in manager.get(f"{url}plan.csv").content.decode()
    assert manager.post(f"{url}accept/").status_code == 302
    assert "In force" in manager.get(board).content.decode() and NurseVisit.objects.get().state == "offered"


def test_what_happened_and_a_move_by_hand_make_proposals(thread: Any, manager: Client, solved: Callable[[], DayPlan]) -> None:
    day = today("America/Chicago") + timedelta(days=1)
    nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="start", by=thread.manager)
    manager.post("/dispatch/plan/", {"kind": "nurses", "site": str(thread.bench.site_id), "day": day.isoformat(), "seconds": "1"})
    row = solved()
    name = people_lines(row)[0].calls[0].name
    assert manager.post(f"/dispatch/{row.id}/change/", {"name": name}).status_code == 422
    assert manager.post(f"/dispatch/{row.id}/change/", {"late": name}).status_code == 422
    manager.post(f"/dispatch/{row.id}/change/", {"name": name, "at": "14:00"})
    pinned = solved()
    page = manager.get(f"/dispatch/{pinned.id}/").content.decode()
    assert "pinned" in page and "What changes" in page and "at 14:00" in page
    manager.post(f"/dispatch/{pinned.id}/change/", {"absent": ["Nan Nurse"], "cause": "called in sick"})
    page = manager.get(f"/dispatch/{solved().id}/").content.decode()
    assert "Has no place" in page and "called in sick" in page


def test_a_day_by_the_api(thread: Any, manager: Client, solved: Callable[[], DayPlan]) -> None:
    day = (today("America/Chicago") + timedelta(days=1)).isoformat()
    nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="start", by=thread.manager)
    ask = {"kind": "nurses", "site_id": str(thread.bench.site_id), "day": day, "seconds": 1}
    assert posted(manager, "/api/dispatch/plans", ask | {"kind": "pilots"}).status_code == 422
    made = posted(manager, "/api/dispatch/plans", ask).json()["id"]
    solved()
    plan = manager.get(f"/api/dispatch/plans/{made}").json()
    assert plan["state"] == "proposed" and plan["people"][0]["calls"][0]["kind"] == "visit"
    assert [p["id"] for p in manager.get("/api/dispatch/plans", {"day": day, "kind": "nurses"}).json()] == [made]
    name = plan["people"][0]["calls"][0]["name"]
    assert manager.get(f"/api/dispatch/plans/{made}/why", {"visit": name}).json()["person"] == "Nan Nurse"
    assert manager.get(f"/api/dispatch/plans/{made}/why", {"visit": "nothing"}).status_code == 404
    naive = {"pins": [{"name": name, "at": f"{day}T14:00:00"}]}
    assert posted(manager, f"/api/dispatch/plans/{made}/changes", naive).status_code == 422
    assert posted(manager, f"/api/dispatch/plans/{made}/changes", {"absent": ["Nan Nurse"]}).status_code == 200
    assert posted(manager, f"/api/dispatch/plans/{made}/accept", {}).status_code == 200
    assert manager.get(f"/api/dispatch/plans/{made}").json()["state"] == "accepted"


def test_those_who_may_not_plan_see_and_do_nothing_else(thread: Any, account: Callable[..., Any]) -> None:
    nurse, biller = Client(), Client()
    nurse.force_login(account(Role.NURSE))
    biller.force_login(account(Role.BILLER))
    assert "Plan this day" not in nurse.get("/dispatch/?kind=nurses").content.decode()
    assert biller.get("/dispatch/").status_code == 403
    assert nurse.post("/dispatch/plan/", {"kind": "nurses", "site": str(thread.bench.site_id), "day": "2031-01-01", "seconds": "1"}).status_code in (403, 409)


def test_a_week_by_the_pages(thread: Any, manager: Client, solved: Callable[[], DayPlan]) -> None:
    day = today("America/Chicago") + timedelta(days=1)
    last = day + timedelta(days=2)
    therapy_id = thread.bench.therapy()
    made = [nursing.request_visit(therapy_id=therapy_id, purpose=f"visit {n}", by=thread.manager) for n in range(2)]
    kept = manager.post(f"/nursing/visits/{made[0]}/days/", {"earliest_on": last.isoformat(), "latest_on": last.isoformat()})
    assert kept.status_code == 302
    assert "any day from" in manager.get(f"/nursing/visits/{made[0]}/").content.decode()
    assert manager.post(f"/nursing/visits/{made[0]}/days/", {"earliest_on": last.isoformat()}).status_code == 422
    ask = {"kind": "nurses", "site": str(thread.bench.site_id), "day": day.isoformat(), "seconds": "1"}
    assert manager.post("/dispatch/plan/", ask | {"last_day": (day + timedelta(days=9)).isoformat()}).status_code == 422
    assert not DayPlan.objects.exists()
    url = manager.post("/dispatch/plan/", ask | {"last_day": last.isoformat()}).headers["Location"]
    row = solved()
    page = manager.get(url).content.decode()
    assert "The days at a glance" in page and f"to {last:%d-%b-%Y}" in page and f"{last:%A}" in page
    assert "of " in manager.get(f"/dispatch/?kind=nurses&site={thread.bench.site_id}&day={last}").content.decode()
    assert manager.post(f"/dispatch/{row.id}/change/", {"away": ["Nan Nurse"]}).status_code == 422
    name = people_lines(row)[-1].calls[-1].name
    assert manager.post(f"/dispatch/{row.id}/change/", {"name": name, "at": "14:00"}).status_code == 422
    manager.post(f"/dispatch/{row.id}/change/", {"away": ["Nan Nurse"], "away_on": last.isoformat(), "from_day": last.isoformat()})
    new = solved()
    assert (new.day, new.last_day, new.away) == (last, last, [["Nan Nurse", last.isoformat()]])
    assert "What changes" in manager.get(f"/dispatch/{new.id}/").content.decode()
    assert manager.post(f"{url}accept/").status_code == 302
    board = manager.get(f"/dispatch/?kind=nurses&site={thread.bench.site_id}&day={last}").content.decode()
    assert "In force" in board and f"of {day:%d-%b-%Y} to {last:%d-%b-%Y}" in board


def test_a_week_by_the_api(thread: Any, manager: Client, solved: Callable[[], DayPlan]) -> None:
    day = today("America/Chicago") + timedelta(days=1)
    last = day + timedelta(days=2)
    visit_id = nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="start", by=thread.manager)
    said = {"earliest_on": last.isoformat(), "latest_on": last.isoformat()}
    assert posted(manager, f"/api/nursing/visits/{visit_id}/days", said).json()["latest_on"] == last.isoformat()
    assert posted(manager, f"/api/nursing/visits/{visit_id}/days", {"latest_on": last.isoformat()}).status_code == 422
    ask = {"kind": "nurses", "site_id": str(thread.bench.site_id), "day": day.isoformat(), "seconds": 1}
    assert posted(manager, "/api/dispatch/plans", ask | {"last_day": (day + timedelta(days=7)).isoformat()}).status_code == 422
    made = posted(manager, "/api/dispatch/plans", ask | {"last_day": last.isoformat()}).json()["id"]
    solved()
    plan = manager.get(f"/api/dispatch/plans/{made}").json()
    assert (plan["day"], plan["last_day"], plan["people"][0]["day"]) == (day.isoformat(), last.isoformat(), last.isoformat())
    assert plan["in_force"] == [] and len(plan["sites"]) == 1
    assert [p["id"] for p in manager.get("/api/dispatch/plans", {"day": last.isoformat()}).json()] == [made]
    away = {"away": [{"name": "Nan Nurse", "day": last.isoformat()}], "from_day": last.isoformat()}
    assert posted(manager, f"/api/dispatch/plans/{made}/changes", away).status_code == 200
    assert posted(manager, f"/api/dispatch/plans/{made}/changes", away | {"from_day": "2031-01-01"}).status_code == 422
    assert posted(manager, f"/api/dispatch/plans/{made}/accept", {}).status_code == 200
    assert len(manager.get(f"/api/dispatch/plans/{made}").json()["in_force"]) == 3
