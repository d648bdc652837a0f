# SPDX-License-Identifier: Apache-2.0
"""Every site's day on one page and over the API; and the moment a plan reckons from."""
from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.integration.dispatch.test_day_plans import tomorrow, visits
from tests.integration.dispatch.test_dispatch_pages import manager, posted, solved

from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.public import PlanKind, ask_for_plan
from openinfusion.dispatch.queries.hours import plan_now
from openinfusion.kernel.roles import Role
from openinfusion.platform.clock import now, told

__all__ = ["manager", "solved"]


@pytest.mark.parametrize(("at", "said"), [
    ("10:00:00", "10:00"), ("10:00:01", "10:05"), ("10:04:59", "10:05"), ("23:58:00", "00:00"),
])
def test_a_plan_reckons_from_the_next_full_five_minutes(at: str, said: str) -> None:
    with told(datetime.fromisoformat(f"2026-11-23T{at}").replace(tzinfo=UTC)):
        assert f"{plan_now():%H:%M}" == said and plan_now().second == 0 <= (plan_now() - now()).total_seconds() < 300


def test_the_same_question_within_a_few_minutes_of_today_is_one_plan(thread: Any) -> None:
    visits(thread, 2)
    noon = datetime.combine(tomorrow(), datetime.min.time(), UTC) + timedelta(hours=18, minutes=1)
    with told(noon):
        day = tomorrow() - timedelta(days=1)
        asked = {"kind": PlanKind.NURSES, "site_id": thread.bench.site_id, "day": day, "seconds": 1, "by": thread.manager}
        first = ask_for_plan(**asked)
    with told(noon + timedelta(minutes=3)):
        assert ask_for_plan(**asked) == first
    with told(noon + timedelta(minutes=9)):
        assert ask_for_plan(**asked) != first


def test_every_site_on_one_page_and_over_the_api(thread: Any, manager: Client, solved: Callable[[], DayPlan]) -> None:
    visits(thread, 2)
    page = f"/dispatch/branches/?day={tomorrow()}"
    assert "Ask for every site" in manager.get(page).content.decode() and not DayPlan.objects.exists()
    said = {"day": tomorrow().isoformat(), "kinds": ["drivers", "nurses"]}
    answer = manager.post("/dispatch/branches/ask/", said).content.decode()
    assert "Not everything could be asked for" in answer and "drivers: nothing is to be planned" in answer
    assert "1 being worked out" in answer and DayPlan.objects.get().kind == "nurses"
    solved()
    text = manager.get(page).content.decode()
    assert "1 go to 2" in text and "being worked out" not in text
    there = posted(manager, "/api/dispatch/branches", {"kinds": ["nurses"], "day": said["day"], "keep": True}).json()
    assert [(b["left"], b["why_not"]) for b in there] == [(True, "")] and there[0]["plan_id"] == str(DayPlan.objects.get().id)
    assert posted(manager, "/api/dispatch/branches", {"kinds": ["pilots"], "day": said["day"]}).status_code == 422
    over = posted(manager, "/api/dispatch/branches", {"kinds": ["nurses"], "day": "2020-01-01"}).json()
    assert "the day is over" in over[0]["why_not"] and DayPlan.objects.count() == 1
    assert Client().post("/dispatch/branches/ask/", said).status_code in (302, 403)


def test_who_does_not_plan_asks_for_nothing(thread: Any, account: Callable[..., Any]) -> None:
    visits(thread, 1)
    nurse = Client()
    nurse.force_login(account(Role.NURSE))
    assert "Ask for every site" not in nurse.get("/dispatch/branches/").content.decode()
    assert nurse.post("/dispatch/branches/ask/", {"day": tomorrow().isoformat(), "kinds": ["nurses"]}).status_code == 409
    assert not DayPlan.objects.exists()
