# SPDX-License-Identifier: Apache-2.0
"""The suite by its pages and API: the board, booking, moving by keys, check-in, refusals that change nothing."""
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Appointment
from openinfusion.platform.clock import told
from openinfusion.platform.models import User

WALL = "%Y-%m-%dT%H:%M"


@pytest.fixture
def scheduler(account: Callable[..., Any]) -> Client:
    client = Client()
    client.force_login(account(Role.SUITE_SCHEDULER))
    return client


def test_without_a_suite_the_board_says_so(thread: Any, scheduler: Client) -> None:
    assert "No suite here" in scheduler.get("/nursing/suite/").content.decode()


def test_an_appointment_is_asked_for_booked_moved_and_undone_through_the_pages(suite: Any, scheduler: Client) -> None:
    course = suite.thread.bench.therapy()
    asking = scheduler.get("/nursing/suite/ask/?q=Sampleton").content.decode()
    here = datetime.now(suite.at(8).tzinfo)
    assert "length not known" in asking and any(f'value="{t:%Y-%m-%dT%H:%M}"' in asking for t in (here, here - timedelta(minutes=1)))
    ask = {"site_id": str(suite.site_id), "wished_at": suite.at(8).strftime(WALL), "purpose": "infusion", "acuity": "1"}
    assert scheduler.post(f"/nursing/suite/therapies/{course}/ask/", ask | {"acuity": "1e0"}).status_code == 422
    assert scheduler.post(f"/nursing/suite/therapies/{course}/ask/", ask).status_code == 302
    a = Appointment.objects.get()
    url, board = f"/nursing/suite/appointments/{a.id}/", f"/nursing/suite/?site={suite.site_id}&day={suite.tomorrow}"
    assert "say how long it takes" in scheduler.get(board).content.decode()
    assert scheduler.post(f"{url}length/", {"infusion_minutes": "1_0"}).status_code == 422
    assert scheduler.post(f"{url}length/", {"infusion_minutes": "60"}).status_code == 302
    assert "fits at 08:" in scheduler.get(board).content.decode()
    book = {"starts_at": suite.at(9).strftime(WALL), "chair_id": str(suite.chairs[0]), "nurse_id": str(suite.thread.nurse.id)}
    assert scheduler.post(f"{url}book/", book).status_code == 409
    assert scheduler.post(f"{url}book/", book | {"hold_why": "comes at noon"}).status_code == 302
    page = scheduler.get(board).content.decode()
    assert "k-6 w-5" in page and "hold" in page and "1 of 4" in page
    assert scheduler.post(f"{url}nudge/", {"minutes": "15", "chairs": "1"}).status_code == 302
    a.refresh_from_db()
    assert (a.starts_at, a.chair_id) == (suite.at(9, 15), suite.chairs[1])
    assert "was moved" in scheduler.get(f"{board}&moved={a.id}").content.decode()
    assert scheduler.post(f"{url}nudge/", {"minutes": "15", "version": "1"}).status_code == 409
    assert scheduler.post(f"{url}undo/").status_code == 302
    a.refresh_from_db()
    assert (a.starts_at, a.chair_id) == (suite.at(9), suite.chairs[0])
    page = scheduler.get(url).content.decode()
    assert f'value="{suite.at(9):%Y-%m-%dT%H:%M}"' in page, "the form that moves it shows its hour by the suite's clock"
    assert "Is it ready?" in page and "booked though not ready" in page
    assert a.number in scheduler.get(f"/nursing/suite/table.csv?site={suite.site_id}&day={suite.tomorrow}").content.decode()
    who = User.objects.get(pk=scheduler.session["_auth_user_id"])
    with told(suite.at(9, 20)):
        scheduler = Client()
        scheduler.force_login(who)
        assert "late" in scheduler.get(board).content.decode()
        assert scheduler.post(f"{url}step/check_in/").status_code == 302
        assert "checked in" in scheduler.get(url).content.decode()
        assert scheduler.post(f"{url}step/infuse/").status_code == 409
    scheduler = Client()
    scheduler.force_login(who)
    assert scheduler.get("/nursing/suite/?day=nonsense").status_code == 422


def test_a_nurse_manager_sets_the_suites_terms_and_a_scheduler_may_not(suite: Any, scheduler: Client, account: Callable[..., Any]) -> None:
    manager = Client()
    manager.force_login(account(Role.NURSE_MANAGER))
    assert "Set the suite" in manager.get(f"/nursing/suite/?site={suite.site_id}").content.decode()
    said = {"effective_from": str(suite.tomorrow), "opens": "07:00", "closes": "16:00", "latest": "17:00", "nurse_acuity": "3",
            "setup_minutes": "15", "disconnect_minutes": "5", "turnover_minutes": "10", "observation_minutes": "30",
            "grace_minutes": "20", "prep_minutes": "30", "benches": "1", "source": "counted in October"}
    url = f"/nursing/suite/{suite.site_id}/terms/"
    assert scheduler.post(url, said).status_code == 409
    assert manager.post(url, said | {"closes": "06:00"}).status_code == 422
    assert manager.post(url, said).status_code == 302
    assert "counted in October" in manager.get(f"/nursing/suite/?site={suite.site_id}&day={suite.tomorrow}").content.decode()


def test_the_same_by_the_api(suite: Any, scheduler: Client) -> None:
    def post(path: str, body: dict[str, Any]) -> Any:
        return scheduler.post(f"/api/nursing{path}", json.dumps(body), content_type="application/json")

    made = post("/appointments", {"therapy_id": str(suite.thread.bench.therapy()), "site_id": str(suite.site_id),
                                  "wished_at": suite.at(8).isoformat(), "infusion_minutes": 60, "first_dose": False}).json()
    one, place = f"/appointments/{made['id']}", {"chair_id": str(suite.chairs[0]), "nurse_id": str(suite.thread.nurse.id)}
    assert [f["number"] for f in scheduler.get(f"/api/nursing/suites/{suite.site_id}/days/{suite.tomorrow}/fits").json()] == [made["number"]]
    assert post(f"{one}/book", place | {"starts_at": suite.at(9).isoformat()}).status_code == 409
    said = post(f"{one}/book", place | {"starts_at": suite.at(9).isoformat(), "hold_why": "word"}).json()
    assert (said["state"], said["hold_why"]) == ("booked", "word")
    moved = post(f"{one}/move", {"starts_at": suite.at(10).isoformat()}).json()
    assert datetime.fromisoformat(moved["starts_at"]) == suite.at(10)
    assert post(f"{one}/undo", {}).status_code == 200
    lights = {x["code"]: x["standing"] for x in scheduler.get(f"/api/nursing{one}/lights").json()}
    assert (lights["drug"], lights["nurse"], lights["chair"]) == ("no", "yes", "yes")
    assert len(scheduler.get(f"/api/nursing/suites/{suite.site_id}/days/{suite.tomorrow}").json()) == 1
    assert post(f"{one}/steps/unbook", {"reason": "called"}).json()["state"] == "ready_check"
    assert post(f"{one}/length", {"infusion_minutes": 90}).json()["infusion_minutes"] == 90
    assert scheduler.get(f"/api/nursing/suites/{suite.site_id}/terms/{suite.tomorrow}").json()["nurse_acuity"] == 4
    assert len(scheduler.get("/api/nursing/appointments?state=ready_check").json()) == 1


def test_how_the_suite_went_is_a_page_a_table_and_json(suite: Any, scheduler: Client) -> None:
    day = suite.tomorrow
    asked = {"site": str(suite.site_id), "first": day.isoformat(), "last": day.isoformat()}
    assert "Nobody sat in these days" in scheduler.get("/nursing/suite/use/", asked).content.decode()
    a = Appointment.objects.get(pk=suite.booked(0, 9))
    with told(suite.at(9, 20)):
        nursing.advance_appointment(appointment_id=a.id, step="check_in", by=suite.thread.nurse)
    page = scheduler.get("/nursing/suite/use/", asked).content.decode()
    assert "All days" in page and f"{day:%d-%b-%Y}" in page
    table = scheduler.get("/nursing/suite/use/table.csv", asked).content.decode()
    assert table.splitlines()[1].startswith(f"{day.isoformat()},1,0,")
    url = f"/api/nursing/suites/{suite.site_id}/use"
    (said,) = scheduler.get(url, {"first": day.isoformat(), "last": day.isoformat()}).json()
    assert (said["came"], said["waits"], said["wait"]) == (1, 0, None)
    assert scheduler.get(url, {"first": day.isoformat(), "last": (day - timedelta(days=1)).isoformat()}).status_code == 422
    assert scheduler.get("/nursing/suite/use/", {"first": "soon"}).status_code == 422
