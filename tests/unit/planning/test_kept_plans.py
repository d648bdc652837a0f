# SPDX-License-Identifier: Apache-2.0
"""A problem written as a file is the same problem when it is read; a plan kept as values is the same plan."""
from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from openinfusion.planning import public as planning
from openinfusion.planning.public import Pair, Pin, Place, Prices, Promise, Rest, RoutingProblem, Shift, Visit, Window

PROBLEM = RoutingProblem(
    (Place("base", "41.8", "-87.6"), Place("a", "41.9", "-87.7"), Place("b", "41.7", "-87.5")),
    ((0, 900, 800), (910, 0, 1500), (820, 1490, 0)), ((0, 9, 8), (9, 0, 15), (8, 15, 0)),
    (Shift("Ann Mon", "Ann", 0, 1, 480, 960, 30, 500, frozenset({"port"}), frozenset({"IL"}), (5,), (Rest(660, 780, 30),), 7),
     Shift("Bea Mon", "Bea", 0, 0, 480, 960, capacity=(5,))),
    (Visit("v1", 1, 60, (Window(500, 600), Window(700, 800)), (Window(500, 520), Window(700, 720)), frozenset({"port"}), "IL", (2,), (1,), 240,
           frozenset({"Ann"}), frozenset({"Bea"}), 50_000, "p1"),
     Visit("v2", 2, 20, (Window(480, 900),)), Visit("v3", 2, 20, (Window(480, 900),))),
    (Pair("v2", "v3", 0, 10),), (Pin("v1", "Ann", 510), Pin("v2", "Bea")), Prices(late=3, moved=9), (Promise("v2", "Bea", 540),),
    name="a morning",
)  # fmt: skip


def test_a_problem_written_and_read_is_the_same() -> None:
    first, zone = date(2026, 3, 9), ZoneInfo("America/Chicago")
    text = json.dumps(planning.own_document(PROBLEM, first, zone))
    read = planning.read_problem(text)
    assert read.problem == PROBLEM
    assert (read.first, read.zone) == (first, zone)


def test_a_plan_kept_as_values_is_the_same() -> None:
    plan = planning.plan_routes(PROBLEM, planning.Effort(1, engine="insertion"))
    assert plan.placed()
    assert planning.plan_of_values(json.loads(json.dumps(planning.plan_values(plan)))) == plan


def test_a_day_of_which_nothing_can_be_done_leaves_everything_out() -> None:
    nobody = replace(PROBLEM, shifts=(), pins=(), visits=tuple(replace(v, delivers=(), collects=()) for v in PROBLEM.visits))
    plan = planning.plan_routes(nobody, planning.Effort(1))
    assert plan.routes == () and plan.unplaced == ("v1", "v2", "v3")
    assert all("nobody works" in out.reasons for out in planning.left_out(nobody, plan))
