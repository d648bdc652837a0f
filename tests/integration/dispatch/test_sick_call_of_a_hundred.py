# SPDX-License-Identifier: Apache-2.0
"""A nurse of a day with a hundred visits calls in sick: by the form, through the queue's work, to a page that says who is moved."""
from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests.integration.dispatch.test_day_plans import _nurse, accept, tomorrow

from openinfusion.dispatch import handlers
from openinfusion.dispatch import public as dispatch
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.public import PlanKind
from openinfusion.dispatch.queries.plan import move_lines, people_lines
from openinfusion.kernel.position import Position
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.planning import public as planning
from openinfusion.therapy import public as therapy

VISITS, NURSES, STREETS = 100, 16, 25


def day_of(thread: Any, someone: Callable[..., Any], scope: UUID) -> None:
    """A hundred visits of patients in a town and its country, and nurses who may all go."""
    at, by = random.Random(4), thread.bench.intake
    for n in range(NURSES):
        _nurse(thread, someone, scope, f"{n:02}. Nurse", licensed=True)
    courses = []
    for n in range(STREETS):
        patient_id = patients.register(demographics=Demographics(
            f"Street{n:02}", "Sam", date(1960, 1, 1 + n), Sex.MALE, Address(f"{n} Sample Way", "", "Springfield", "IL", "62701"),
        ), by=by)  # fmt: skip
        spot = Position(Decimal(at.randrange(3960000, 4000000)) / 100000, Decimal(at.randrange(-8990000, -8940000)) / 100000)
        patients.locate_home(patient_id=patient_id, point=spot, how="map", reason="far out", by=by)
        courses.append(therapy.begin_therapy(
            patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=thread.bench.site_id,
            prescriber="Lena Fictional, MD", start_on=tomorrow(), by=by))  # fmt: skip
    for n in range(VISITS):
        nursing.request_visit(therapy_id=courses[n % STREETS], purpose=f"visit {n}", visit_type="lab_draw", infuses=False, by=thread.manager)


def test_a_sick_call_moves_its_own_visits_and_hardly_another(
    thread: Any, someone: Callable[..., Any], scope: UUID, account: Callable[..., Any], monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("pyvrp")
    pytest.importorskip("numba")
    queued: list[str] = []
    monkeypatch.setattr(handlers, "later", lambda work, *, by, plan_id: queued.append(plan_id))
    monkeypatch.setattr("openinfusion.dispatch.actions.ask.effort_of", lambda row: planning.Effort(row.seconds, row.seed))
    day_of(thread, someone, scope)
    thread.bench.tell()
    plan_id = dispatch.ask_for_plan(kind=PlanKind.NURSES, site_id=thread.bench.site_id, day=tomorrow(), seconds=4, by=thread.manager)
    dispatch.solve_plan(plan_id=plan_id, by=thread.manager)
    before = accept(thread, DayPlan.objects.get(pk=plan_id))
    assert (before.plan or {})["unplaced"] == []
    busiest = max(people_lines(before), key=lambda p: len(p.calls))
    page = Client()
    page.force_login(account(Role.NURSE_MANAGER))
    made = page.post(f"/dispatch/{plan_id}/change/", {"absent": [busiest.name], "cause": "called in sick"}).headers["Location"]
    assert "being worked out" in page.get(made).content.decode()
    queued.clear()
    thread.bench.tell()
    for asked in queued:
        handlers.solve(by=thread.manager, plan_id=asked)
    after = DayPlan.objects.get(pk=made.strip("/").split("/")[-1])
    moves = after.moves or {}
    assert after.state == "proposed" and after.faults == [] and (after.plan or {})["unplaced"] == []
    assert busiest.name not in {p.name for p in people_lines(after)}
    assert moves["others"] == VISITS - len(busiest.calls) and moves["others_moved"] <= moves["others"] * 0.05, moves
    assert {m.name for m in move_lines(after)} >= {c.name for c in busiest.calls}
    shown = page.get(made).content.decode()
    assert f"{moves['others_moved']} of {moves['others']} others go to somebody else" in shown and "called in sick" in shown
