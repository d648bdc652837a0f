# SPDX-License-Identifier: Apache-2.0
"""The order at the hoods: the question as planning gets it, what finds no hood, and the steps of a plan."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.compounding.domain import hood_plan
from openinfusion.compounding.domain.departure import Departure
from openinfusion.compounding.domain.hood_plan import (
    HOOD_PLAN,
    HoodPlanFacts,
    HoodPlanState,
    HoodThere,
    ToMake,
    hood_figures,
    instant,
    needed,
    problem_of,
    slot,
    turns_of,
    why_not,
)
from openinfusion.kernel.refusal import Broken, Refused
from openinfusion.planning import public as planning

ZONE, DAY = ZoneInfo("America/Chicago"), date(2026, 3, 2)
OPENS = datetime(2026, 3, 2, 6, tzinfo=ZONE)
FIGURES = hood_figures(DAY)


def order(number: int, **more: object) -> ToMake:
    said = {"id": UUID(int=number), "number": f"WO-{number}", "drug_code": "ceftriaxone", "hazardous": False, "doses": 3,
            "need_by": OPENS + timedelta(hours=6), "ready": True}
    return ToMake(**(said | more))  # type: ignore[arg-type]


def hood(number: int, **more: object) -> HoodThere:
    return HoodThere(**({"id": UUID(int=100 + number), "name": f"Hood {number}", "hazardous": False} | more))  # type: ignore[arg-type]


def test_minutes_become_slots_and_nothing_begins_before_now() -> None:
    problem = problem_of([order(1), order(2, ready=False)], [hood(1)], DAY, ZONE, OPENS + timedelta(minutes=62), FIGURES)
    first, second = problem.preparations
    making, check = first.steps
    assert (making.at, first.release, first.due) == ((("Hood 1", 5),), 13, 72)  # 15 + 2 × 5 minutes; from 07:05 on; needed at noon
    assert check.at == (("pharmacist's check 1", 2),) and check.family == ""
    assert second.release == 13 + 6
    assert {(s.opens, s.closes) for s in problem.stations} == {(13, 14 * 12)}
    plan = planning.plan_batches(problem, planning.Effort(0.05))
    assert planning.batch_faults(problem, plan) == [] and plan.late == 0


@pytest.mark.parametrize(("dose", "chair", "made", "why"), [
    ((2, 18), None, (2, 14, 15), "for the courier at 14:30"),  # a quarter of an hour is for packing out
    ((2, 16), None, (2, 9, 45), "for the courier at 10:00"),  # the one at 14:30 would come half an hour after it
    ((3, 8), None, (2, 14, 15), "for the courier at 14:30"),  # of the day before
    ((3, 8), (2, 11), (2, 11, 0), "for the chair at 11:00"),
])
def test_it_is_made_for_its_chair_or_for_the_last_courier_that_comes_in_time(
    dose: tuple[int, int], chair: tuple[int, int] | None, made: tuple[int, int, int], why: str,
) -> None:
    seat = datetime(2026, 3, *chair, tzinfo=ZONE) if chair else None
    assert needed(datetime(2026, 3, *dose, tzinfo=ZONE), seat, ZONE, FIGURES) == (datetime(2026, 3, *made, tzinfo=ZONE), why)


def test_without_couriers_on_file_the_dose_itself_says_when() -> None:
    dose = datetime(2026, 3, 2, 18, tzinfo=ZONE)
    assert needed(dose, None, ZONE, replace(FIGURES, waves=())) == (dose, "")


def test_hazardous_drugs_are_a_family_of_their_own_with_a_longer_change_over() -> None:
    problem = problem_of([order(1), order(2, hazardous=True)], [hood(1), hood(2, hazardous=True)], DAY, ZONE, OPENS, FIGURES)
    assert {f.name: f.change for f in problem.families} == {"ceftriaxone": 2, "ceftriaxone hazardous": 4}


def test_a_hood_that_is_not_fit_is_left_out_and_the_reason_says_so() -> None:
    out = hood(1, against=("its certificate has ended",))
    problem = problem_of([order(1)], [out], DAY, ZONE, OPENS, FIGURES)
    assert [s.name for s in problem.stations] == ["pharmacist's check 1"] and problem.preparations[0].steps[0].at == ()
    assert why_not(order(1), [out]) == "no hood for drugs that are not hazardous is fit: Hood 1: its certificate has ended"
    assert why_not(order(1, hazardous=True), [out]) == "the site has no hood for hazardous drugs"
    assert why_not(order(1), [hood(1)]) == "it would not be made and checked before the hoods close"


def test_after_closing_nothing_has_a_place() -> None:
    problem = problem_of([order(1)], [hood(1)], DAY, ZONE, OPENS + timedelta(hours=15), FIGURES)
    assert planning.plan_batches(problem, planning.Effort(0.05)).unplaced == ("WO-1",)


def test_slots_are_counted_minutes_on_the_night_the_clock_changes() -> None:
    """On 8 March 2026 two o'clock is three: from one to four are two hours."""
    opens = datetime(2026, 3, 8, 1, tzinfo=ZONE)
    assert instant(24, opens) == datetime(2026, 3, 8, 4, tzinfo=ZONE)
    assert slot(datetime(2026, 3, 8, 4, tzinfo=ZONE).astimezone(ZoneInfo("UTC")), opens.astimezone(ZoneInfo("UTC"))) == 24


def test_a_figure_that_is_missing_is_a_fault_of_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Broken, match="not in force"):
        hood_figures(date(2020, 1, 1))
    assert "opens" in FIGURES.unverified


@pytest.mark.parametrize(("facts", "why"), [
    (HoodPlanFacts(faults=("two at once",)), "two at once"),
    (HoodPlanFacts(past=True), "the day is over"),
    (HoodPlanFacts(unfit=("Hood 1: failed",)), "Hood 1: failed"),
])
def test_a_plan_is_put_in_force_only_where_nothing_stands_against_it(facts: HoodPlanFacts, why: str) -> None:
    with pytest.raises(Refused, match=why):
        HOOD_PLAN.advance(HoodPlanState.PROPOSED, "accept", facts, {hood_plan.PLAN.code})
    assert HOOD_PLAN.advance(HoodPlanState.PROPOSED, "accept", HoodPlanFacts(), {hood_plan.PLAN.code}).target is HoodPlanState.ACCEPTED


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["a", "b", "c"]), st.booleans(), st.integers(0, 24), st.booleans()),
                min_size=1, max_size=12), st.integers(0, 900))
def test_whatever_waits_the_plan_passes_the_check_and_nothing_is_lost(rows: list[tuple[int, str, bool, int, bool]], now: int) -> None:
    orders = [order(n, doses=d, drug_code=c, hazardous=h, need_by=OPENS + timedelta(hours=due), ready=ready)
              for n, (d, c, h, due, ready) in enumerate(rows)]
    hoods = [hood(1), hood(2), hood(3, hazardous=True), replace(hood(4), against=("out",))]
    problem = problem_of(orders, hoods, DAY, ZONE, OPENS + timedelta(minutes=now), FIGURES)
    plan = min((planning.earliest_due(problem), planning.due_by_family(problem)), key=lambda p: p.cost)
    assert planning.batch_faults(problem, plan) == []
    assert {t.preparation for t in plan.turns} | set(plan.unplaced) == {o.number for o in orders}
    assert all(t.starts * 5 >= now and t.station != "Hood 4" for t in plan.turns)
    kept = turns_of(plan)
    assert all(k["checked"] - k["ends"] >= FIGURES.check // 5 for k in kept)
    ends = sorted(k["checked"] for k in kept)
    assert all(b - a >= FIGURES.check // 5 for a, b in pairwise(ends)), "one pharmacist checks one at a time"
    hazardous = {o.number for o in orders if o.hazardous}
    assert all((k["hood"] == "Hood 3") == (k["preparation"] in hazardous) for k in kept)


ROUTE = Departure(UUID(int=7), "the route North", time(16), date(2026, 3, 2))
CARRIER = Departure(UUID(int=8), "UPS Next Day", time(18), weekdays=frozenset({0, 1, 2, 3, 4}), minutes=16 * 60)


@pytest.mark.parametrize(("dose", "known", "usual", "made", "why"), [
    ((3, 8), [ROUTE], None, (2, 15, 45), "for the route North at 16:00"),
    ((2, 17), [ROUTE], None, (1, 14, 15), "for the courier at 14:30"),  # it would come too late; the day before has no route
    ((3, 8), [ROUTE, CARRIER], None, (2, 15, 45), "for the route North at 16:00"),  # a driver takes it, whatever a carrier could
    ((3, 11), [ROUTE, CARRIER], CARRIER.source, (2, 17, 45), "for UPS Next Day at 18:00"),
    ((3, 8), [ROUTE, CARRIER], CARRIER.source, (2 - 3, 17, 45), "for UPS Next Day at 18:00"),  # on Friday, before the weekend
    ((3, 11), [ROUTE], CARRIER.source, (2, 15, 45), "for the route North at 16:00"),  # the service is not used any more
])  # fmt: skip
def test_a_days_own_routes_and_a_therapys_carrier_count_before_the_houses_hours(
    dose: tuple[int, int], known: list[Departure], usual: UUID | None, made: tuple[int, int, int], why: str
) -> None:
    when = datetime(2026, 3, 1, *made[1:], tzinfo=ZONE) + timedelta(days=made[0] - 1)
    assert needed(datetime(2026, 3, *dose, tzinfo=ZONE), None, ZONE, FIGURES, known, usual) == (when, why)


def test_a_carrier_that_needs_longer_than_the_days_looked_at_leaves_the_dose_to_say() -> None:
    dose, slow = datetime(2026, 3, 3, 8, tzinfo=ZONE), replace(CARRIER, minutes=10 * 24 * 60)
    assert needed(dose, None, ZONE, FIGURES, [slow], slow.source) == (dose, "")
