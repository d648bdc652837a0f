# SPDX-License-Identifier: Apache-2.0
"""The house sets what plans weigh from a day on: plans of that day use it, those before it and those asked for do not."""
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client

from openinfusion.dispatch import public as dispatch
from openinfusion.dispatch.actions.figures import set_figures
from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.figures import DayFigures, assumed_on
from openinfusion.dispatch.models import DayPlan, PlanFigures
from openinfusion.dispatch.queries.figures import figure_rows, figures_on
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import timeline

SOON = timedelta(days=1)


def figures(day: date, **other: Any) -> DayFigures:
    said = {"paid": 60, "late": 900, "begins": time(7), "source": "decided by the nurse managers"} | other
    return replace(assumed_on(PlanKind.NURSES, day), effective_from=day, **said)


def asked(thread: Any, day: date) -> DayPlan:
    plan_id = dispatch.ask_for_plan(kind=PlanKind.NURSES, site_id=thread.bench.site_id, day=day, seconds=1, by=thread.manager)
    return DayPlan.objects.get(pk=plan_id)


@pytest.fixture
def manager(account: Callable[..., Any]) -> Client:
    client = Client()
    client.force_login(account(Role.NURSE_MANAGER))
    return client


def test_plans_of_that_day_on_weigh_by_them(thread: Any) -> None:
    first, second = house_today() + SOON, house_today() + 2 * SOON
    nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="start", by=thread.manager)
    row_id = set_figures(figures=figures(second), by=thread.manager)
    early, later = asked(thread, first), asked(thread, second)
    assert [p.problem["prices"]["paid"] for p in (early, later)] == [120, 60]
    assert later.problem["prices"]["late"] == 900 and figures_on(PlanKind.NURSES, second).begins == time(7)
    assert [f.status for f in figure_rows(PlanKind.NURSES)] == [f"set by {thread.manager.name}"] and not figure_rows(PlanKind.DRIVERS)
    (line,) = timeline(subject_id=row_id)
    assert "paid 120 to 60" in line.sentence and "late 300 to 900" in line.sentence and "moved" not in line.sentence
    set_figures(figures=figures(second + SOON, paid=61), by=thread.bench.pharmacist)
    assert figures_on(PlanKind.NURSES, second).paid == 60 and figures_on(PlanKind.NURSES, second + 9 * SOON).paid == 61


def test_today_twice_a_day_what_cannot_be_and_who_may_not_are_refused(thread: Any) -> None:
    day = house_today() + SOON
    with pytest.raises(Malformed, match="a day to come"):
        set_figures(figures=figures(house_today()), by=thread.manager)
    with pytest.raises(Malformed):
        set_figures(figures=figures(day, agreed=400), by=thread.manager)
    for nobody in (thread.warehouse, thread.bench.intake):
        with pytest.raises(Refused):
            set_figures(figures=figures(day), by=nobody)
    set_figures(figures=figures(day), by=thread.manager)
    with pytest.raises(Refused, match="already"):
        set_figures(figures=figures(day, paid=70), by=thread.manager)
    assert PlanFigures.objects.count() == 1


def test_the_database_holds_the_bounds_and_what_was_set(thread: Any) -> None:
    set_figures(figures=figures(house_today() + SOON), by=thread.manager)
    row = PlanFigures.objects.get()
    for change in (lambda: PlanFigures.objects.update(paid=1), row.delete):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            change()
    kept = {k: v for k, v in asdict(figures(house_today() + 2 * SOON)).items() if k != "status"} | {"kind": "nurses", "set_by_name": "x"}
    for wrong in ({"left_out": 5}, {"agreed": 400}, {"ends": time(6)}, {"paid": 0, "distance": 0}, {"moved": 200_000}, {"source": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanFigures.objects.create(**kept | wrong)


def test_the_page_shows_what_each_price_is_worth_and_sets_others(thread: Any, manager: Client, account: Callable[..., Any]) -> None:
    page = manager.get("/dispatch/figures/").content.decode()
    assert "A minute after the patient&#x27;s wished hour" in page or "A minute after the patient's wished hour" in page
    assert "A kilometre driven" in page and "8.3" in page  # 1,000 points by 120
    assert "2.5" in page and "unverified" in page and "Use them" in page
    said = {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in asdict(figures(house_today() + SOON)).items()}
    wrong = manager.post("/dispatch/figures/nurses/set/", said | {"paid": "1e3"})
    assert wrong.status_code == 422 and not PlanFigures.objects.exists()
    assert manager.post("/dispatch/figures/nurses/set/", said).status_code == 302
    assert "decided by the nurse managers" in manager.get("/dispatch/figures/?kind=nurses").content.decode()
    assert manager.get("/dispatch/figures/?kind=doctors").status_code == 404 == manager.post("/dispatch/figures/doctors/set/", said).status_code
    reader = Client()
    reader.force_login(account(Role.DRIVER))
    page = reader.get("/dispatch/figures/?kind=drivers").content.decode()
    assert "A nurse manager or a pharmacist sets them" in page and reader.post("/dispatch/figures/drivers/set/", said).status_code == 409


def test_a_plan_says_what_it_was_weighed_by(thread: Any, manager: Client) -> None:
    nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="start", by=thread.manager)
    day = house_today() + SOON
    row = asked(thread, day)
    dispatch.solve_plan(plan_id=row.id, by=thread.manager)
    assert "one minute of a nurse 120 points" in manager.get(f"/dispatch/{row.id}/").content.decode()
    set_figures(figures=figures(day), by=thread.manager)
    page = manager.get(f"/dispatch/{row.id}/").content.decode()
    assert "120 points a minute" in page and "as they were when it was asked for" in page


def test_figures_over_the_api(thread: Any, manager: Client) -> None:
    url = "/api/dispatch/figures/nurses"
    found = manager.get(url).json()
    assert found["rows"] == [] and found["in_force"]["paid"] == 120 and found["in_force"]["status"] == "unverified"
    said = {k: v for k, v in found["in_force"].items() if k != "status"} | {
        "effective_from": (house_today() + SOON).isoformat(), "paid": 80, "source": "a trial of two weeks"}
    made = manager.post(url, json.dumps(said), content_type="application/json")
    assert made.status_code == 200 and UUID(made.json()["id"])
    assert [r["paid"] for r in manager.get(url).json()["rows"]] == [80]
    assert manager.post(url, json.dumps(said | {"paid": 1.5}), content_type="application/json").status_code == 422
    assert manager.get("/api/dispatch/figures/doctors").status_code == 404
