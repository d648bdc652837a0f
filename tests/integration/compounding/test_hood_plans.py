# SPDX-License-Identifier: Apache-2.0
"""A day at the hoods is planned, put in force and mended; pages and API; a refusal changes nothing."""
from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from openinfusion.compounding import public as compounding
from openinfusion.compounding.models import HoodPlan
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.planning import public as planning
from openinfusion.platform.clock import today
from openinfusion.sites import public as sites


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openinfusion.compounding.actions.hood_plan.effort_of", lambda row: planning.Effort(0.05, row.seed))


@pytest.fixture
def waiting(bench: Any) -> Any:
    for name in ("cefTRIAXone 2 g", "cefTRIAXone 1 g", "sodium chloride 0.9%", "elastomeric infuser 100 mL"):
        bench.receive(name)
    prescription_id = bench.prescription()
    bench.verify(prescription_id)
    return compounding.work_orders_of(prescription_id)[0]


def due_day(order: Any) -> date:
    return max(order.need_by.date() + timedelta(days=1), today("America/Chicago"))


def planned(bench: Any, order: Any, **more: Any) -> HoodPlan:
    plan_id = compounding.ask_for_hood_plan(site_id=bench.site_id, day=due_day(order), by=bench.technician, **more)
    compounding.solve_hood_plan(plan_id=plan_id, by=bench.technician)
    return HoodPlan.objects.get(pk=plan_id)


def test_a_day_is_planned_put_in_force_and_shown_at_the_bench(bench: Any, waiting: Any, browse: Any) -> None:
    row = planned(bench, waiting)
    assert (row.state, row.faults, row.left) == ("proposed", [], [])
    (turn,) = row.turns or ()
    assert turn["checked"] - turn["ends"] == 2, "ten minutes of a pharmacist's check"
    assert compounding.waiting(bench.technician).counts["Hood plan"] == 1
    client = browse(bench.technician)
    page = client.get(f"/compounding/hood-plans/{row.id}/").content.decode()
    for word in (waiting.number, "Hood 1", "separate check found nothing", "Work by this plan", "unverified", "Checked"):
        assert word in page, word
    assert client.post(f"/compounding/hood-plans/{row.id}/accept/").status_code in (302, 200)
    row.refresh_from_db()
    assert row.state == "accepted" and row.accepter_name == bench.technician.name
    listed = client.get(f"/compounding/hood-plans/{row.id}/", {"export": "csv"})
    assert listed["Content-Type"].startswith("text/csv") and waiting.number in listed.content.decode()
    HoodPlan.objects.filter(pk=row.pk).update(bound=row.cost, turns=[{k: v for k, v in turn.items() if k != "checked"}])
    page = client.get(f"/compounding/hood-plans/{row.id}/").content.decode()
    assert "no order of this day is better" in page, "and a plan of before checks were planned is still shown"
    board = client.get("/compounding/hood-plans/", {"site": str(bench.site_id), "day": row.day.isoformat()}).content.decode()
    assert "In force" in board and waiting.number in board


def test_the_same_question_is_one_plan_and_a_worked_out_one_stays(bench: Any, waiting: Any) -> None:
    row = planned(bench, waiting)
    compounding.solve_hood_plan(plan_id=row.id, by=bench.technician)
    with pytest.raises(IntegrityError, match="hood_plan_asked_once"), transaction.atomic():
        HoodPlan.objects.create(site_id=row.site_id, day=row.day, sha256=row.sha256, seconds=2, began=row.began, orders=[], hoods=[],
                                asked_by=row.asked_by, asker_name="")
    assert HoodPlan.objects.count() == 1


def test_when_a_hood_goes_out_the_rest_is_planned_without_it(bench: Any, waiting: Any, browse: Any) -> None:
    at = bench.administrator
    second = sites.add_hood(site_id=bench.site_id, name="Hood 2", room_name="Buffer room", hazardous=False, by=at)
    row = planned(bench, waiting, out=[second])
    compounding.advance_hood_plan(plan_id=row.id, step="accept", by=bench.technician)
    client = browse(bench.technician)
    answer = client.post(f"/compounding/hood-plans/{row.id}/again/", {"out": [str(bench.hood_id)]})
    assert answer.status_code in (200, 302)
    new = HoodPlan.objects.exclude(pk=row.pk).get()
    assert new.basis == row.id and new.cause == "out: Hood 1"
    compounding.solve_hood_plan(plan_id=new.id, by=bench.technician)
    new.refresh_from_db()
    assert "Hood 1" not in {t["hood"] for t in new.turns or ()}
    page = client.get(f"/compounding/hood-plans/{new.id}/").content.decode()
    assert "out, as was said" in page
    row.refresh_from_db()
    assert row.state == "accepted"  # nothing is replaced before somebody puts the new one in force
    compounding.advance_hood_plan(plan_id=new.id, step="accept", by=bench.technician)
    row.refresh_from_db()
    assert row.state == "replaced"


def test_a_plan_over_a_hood_that_is_not_fit_any_more_is_refused_and_changes_nothing(bench: Any, waiting: Any) -> None:
    row = planned(bench, waiting)
    sites.certify_hood(hood_id=bench.hood_id, certified_until=row.began - timedelta(days=1), room_failed=False, by=bench.administrator)
    with pytest.raises(Refused, match="Hood 1"):
        compounding.advance_hood_plan(plan_id=row.id, step="accept", by=bench.technician)
    row.refresh_from_db()
    assert row.state == "proposed"
    compounding.advance_hood_plan(plan_id=row.id, step="set_aside", by=bench.technician)


def test_nothing_to_do_the_past_strangers_and_unknown_hoods_are_refused(bench: Any, waiting: Any) -> None:
    ask = {"site_id": bench.site_id, "by": bench.technician}
    with pytest.raises(Refused, match="the day is over"):
        compounding.ask_for_hood_plan(day=today("America/Chicago") - timedelta(days=2), **ask)
    with pytest.raises(Malformed, match="no hood of this site"):
        compounding.ask_for_hood_plan(day=due_day(waiting), out=[UUID(int=1)], **ask)
    with pytest.raises(Malformed, match="1 to"):
        compounding.ask_for_hood_plan(day=due_day(waiting), seconds=0, **ask)
    with pytest.raises(Refused, match="compounding"):
        compounding.ask_for_hood_plan(site_id=bench.site_id, day=due_day(waiting), by=bench.intake)
    assert not HoodPlan.objects.exists()


def test_the_api_asks_reads_and_puts_in_force(bench: Any, waiting: Any, browse: Any) -> None:
    client = browse(bench.technician)
    asked = client.post("/api/compounding/hood-plans", json.dumps({"site_id": str(bench.site_id), "day": due_day(waiting).isoformat()}),
                        content_type="application/json")
    assert asked.status_code == 200, asked.content
    plan_id = asked.json()["id"]
    compounding.solve_hood_plan(plan_id=UUID(plan_id), by=bench.technician)
    told = client.get(f"/api/compounding/hood-plans/{plan_id}").json()
    assert told["state"] == "proposed" and told["turns"][0]["number"] == waiting.number
    assert told["turns"][0]["checked"] > told["turns"][0]["ends"] and told["bound"] is None
    put = client.post(f"/api/compounding/hood-plans/{plan_id}/accept", json.dumps({"version": told["version"]}), content_type="application/json")
    assert put.status_code == 200, put.content
    assert HoodPlan.objects.get(pk=plan_id).state == "accepted"


def test_what_cannot_be_worked_out_says_so(bench: Any, waiting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the solver fell over")

    monkeypatch.setattr("openinfusion.compounding.actions.hood_plan.planning.plan_batches", broken)
    row = planned(bench, waiting)
    assert (row.state, row.failure) == ("failed", "the solver fell over")
    with pytest.raises(Refused, match="no step"):
        compounding.advance_hood_plan(plan_id=row.id, step="replace", by=bench.technician)
