# SPDX-License-Identifier: Apache-2.0
"""Suite days and bench days: booking, waiting list, check-in, and the checks that trust nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openinfusion.kernel.refusal import Broken, Malformed
from openinfusion.planning.adapters import batch_planner, suite_planner
from openinfusion.planning.public import (
    Appointment,
    BatchPlan,
    BatchProblem,
    Effort,
    Family,
    Means,
    Preparation,
    Seat,
    Station,
    SuiteNurse,
    SuitePlan,
    SuiteProblem,
    Turn,
    WorkStep,
    after_check_in,
    at_hoods,
    batch_faults,
    due_by_family,
    earliest_due,
    figures,
    fills,
    first_come,
    no_places,
    plan_batches,
    plan_suite,
    seat_why,
    sorted_first,
    suite_faults,
)

ANNEALED = Effort(0.2, 1, "annealing")


def suite(*rows: Appointment, chairs: int = 1, nurses: int = 1, **more: object) -> SuiteProblem:
    return SuiteProblem(
        tuple(f"chair {n}" for n in range(chairs)), tuple(SuiteNurse(f"nurse {n}", 0, 100) for n in range(nurses)), rows, 10, 60, 100, **more  # type: ignore[arg-type]
    )  # fmt: skip


def starts(plan: SuitePlan) -> dict[str, int]:
    return {s.appointment: s.starts for s in plan.seats}


def test_one_chair_is_used_by_one_after_the_other_and_waiting_costs() -> None:
    day = suite(Appointment("a", 10, 12), Appointment("b", 10, 6, weight=2, flex=5))
    plan = first_come(day, [0, 1])
    assert starts(plan) == {"a": 10, "b": 22} and plan.cost == 2 * 12 + 3 * 7 and suite_faults(day, plan) == []
    better = plan_suite(day, ANNEALED)
    assert starts(better) == {"b": 10, "a": 16} and better.cost == 6
    told = figures(day, plan)
    assert (told.mean_wait_tenths, told.late_wait, told.after, told.chair_use) == (60, 12, 0, 36)
    assert figures(day, SuitePlan((), (), 0, "")).late_wait == 0


def test_hands_acuity_breaks_and_bench_hold_a_beginning_back() -> None:
    hands = suite(Appointment("a", 10, 12), Appointment("b", 10, 12), chairs=2)
    assert sorted(starts(sorted_first(hands)).values()) == [10, 13]
    acuity = suite(Appointment("a", 10, 12, acuity=3), Appointment("b", 10, 12, acuity=2), chairs=2, ratio=4)
    assert sorted(starts(sorted_first(acuity)).values()) == [10, 22]
    away = replace(hands, nurses=(SuiteNurse("n", 0, 100, ((9, 20),)),))
    assert min(starts(sorted_first(away)).values()) == 20
    slow = suite(Appointment("a", 10, 6, prep=10, bud=0), Appointment("b", 10, 6, prep=10, bud=0), chairs=2)
    assert sorted(starts(sorted_first(slow)).values()) == [10, 20]
    full = suite(Appointment("a", 95, 12))
    assert sorted_first(full).unplaced == ("a",) and plan_suite(full).unplaced == ("a",)


def test_the_waiting_list_fills_gaps_and_nobody_moves() -> None:
    day = suite(Appointment("a", 10, 12), Appointment("b", 40, 12))
    plan = plan_suite(day, ANNEALED)
    waiting = [Appointment("short", 20, 6), Appointment("long", 15, 30), Appointment("longest", 10, 51)]
    assert fills(day, plan, waiting) == [("short", 22)]


def test_at_check_in_who_sits_stays_and_promises_are_kept_unless_it_pays() -> None:
    day = suite(Appointment("a", 10, 12), Appointment("b", 22, 6), Appointment("c", 30, 6), chairs=2, nurses=2)
    plan = plan_suite(day, ANNEALED)
    rest = after_check_in(day, plan, 12, {"b": 26}, moved=9)
    a, b, c = rest.appointments
    assert a.held == 10 and a.chair == plan.seats[0].chair and (b.asked, b.promised) == (26, 22) and c.promised == 30
    again = plan_suite(rest, Effort(2, 1))
    assert starts(again) == {"a": 10, "b": 26, "c": 30} and again.cost == 9 * 4
    assert suite_faults(rest, again) == []


def test_a_break_of_a_nurse_is_covered_by_the_others_or_nobody_sits_through_it() -> None:
    day = suite(Appointment("a", 10, 12, acuity=2), Appointment("b", 10, 12, acuity=2), chairs=2, nurses=2, ratio=3)
    rested = replace(day, nurses=(replace(day.nurses[0], away=((15, 21), (40, 43))), day.nurses[1]))
    assert rested.hands[14:22] == (2, 1, 1, 1, 1, 1, 1, 2) and rested.hands[41] == 1
    plan = plan_suite(rested, ANNEALED)
    assert suite_faults(rested, plan) == [] and sorted(starts(plan).values()) != [10, 10], "four of acuity are more than one may watch"
    both = first_come(day, [0, 1])
    assert "watch an acuity of 4" in "; ".join(suite_faults(rested, both)) and suite_faults(day, both) == []


@pytest.mark.parametrize(("day", "reason", "way"), [
    (suite(Appointment("a", 10, 80), Appointment("b", 10, 80)), "every chair is taken", "one more chair"),
    (suite(Appointment("a", 10, 80), Appointment("b", 10, 80), chairs=2, ratio=1), "watch as much as they may", "one more nurse"),
    (suite(Appointment("a", 70, 20), Appointment("b", 70, 20)), "lies before the time", "earlier than it is wished"),
    (suite(Appointment("a", 10, 88, prep=8, bud=0), Appointment("b", 10, 88, prep=8, bud=0), chairs=2, nurses=2), "bench", "one more place at the bench"),
    (suite(Appointment("b", 10, 95)), "beyond the latest hour", "a longer day"),
])  # fmt: skip
def test_who_has_no_place_is_told_why_and_what_would_give_one(day: SuiteProblem, reason: str, way: str) -> None:
    plan = first_come(day, range(len(day.appointments)))
    (one,) = no_places(day, plan)
    assert one.appointment == "b" and any(reason in r for r in one.reasons), one
    assert way in [w.text for w in one.ways] and all(w.starts >= 10 for w in one.ways)
    longer = [w for w in one.ways if w.text == "a longer day"]
    assert all(w.longer > 0 for w in longer)


def test_nothing_but_another_day_is_said_where_nothing_else_helps() -> None:
    (one,) = no_places(day := replace(suite(Appointment("a", 10, 200)), nurses=()), first_come(day, [0]))
    assert one.ways == () and "no nurse is at the chairs" in one.reasons and "beyond the latest hour" in one.reasons[1]


def test_a_full_day_has_a_bound_too_and_who_is_left_out_is_the_cheapest() -> None:
    pytest.importorskip("ortools")
    pytest.importorskip("numba")
    day = suite(*(Appointment(n, 10, 40, weight=w) for n, w in (("a", 1), ("b", 1), ("c", 9))), Appointment("late", 90, 40))
    plan = plan_suite(day, Effort(3, 1))
    assert set(plan.unplaced) >= {"late"} and len(plan.unplaced) == 2 and suite_faults(day, plan) == []
    assert plan.bound is not None and 2 * day.prices.left_out <= plan.bound <= plan.cost


def test_a_second_infusion_begins_when_the_first_has_ended_and_pumps_are_counted() -> None:
    day = suite(Appointment("a", 10, 12), Appointment("b", 10, 6, after=("a",), weight=9), Appointment("c", 10, 6, after=("gone",)),
                Appointment("gone", 90, 30), chairs=4, nurses=4)  # fmt: skip
    for effort in (Effort(1, 1, "insertion"), ANNEALED, Effort(2, 1)):
        plan = plan_suite(day, effort)
        assert starts(plan) == {"a": 10, "b": 22, "c": 10} and plan.unplaced == ("gone",), "whoever has no seat holds nobody up"
        assert suite_faults(day, plan) == []
    early = replace(plan, seats=tuple(replace(s, starts=12, ends=18) if s.appointment == "b" else s for s in plan.seats))
    assert "b begins before a has ended" in suite_faults(day, early)
    assert fills(day, plan, [Appointment("d", 10, 6, after=("a",))]) == [("d", 22)]
    pumps = suite(*(Appointment(n, 10, 12, uses=(("pump", 1),)) for n in "abc"), chairs=3, nurses=3, means=(Means("pump", 2),))
    for effort in (Effort(1, 1, "insertion"), ANNEALED, Effort(2, 1)):
        assert sorted(starts(plan_suite(pumps, effort)).values()) == [10, 10, 22], effort
    both = first_come(replace(pumps, means=(Means("pump", 3),)), range(3))
    assert "pump is used 3 times and there are 2" in suite_faults(pumps, both)[0]


def test_reasons_name_the_pump_and_the_turn() -> None:
    day = suite(Appointment("a", 10, 12), Appointment("b", 10, 6, after=("a",)), chairs=2, nurses=2)
    assert any("before or after another" in r for r in seat_why(day, plan_suite(day, ANNEALED), "b").binds)
    scarce = suite(*(Appointment(n, 10, 80, uses=(("pump", 1),)) for n in "ab"), chairs=2, nurses=2, means=(Means("pump", 1),))
    (one,) = no_places(scarce, first_come(scarce, [0, 1]))
    assert "every pump is in use when it could begin" in one.reasons and "one more pump" in [w.text for w in one.ways]
    (none,) = no_places(never := suite(Appointment("a", 10, 8, uses=(("pump", 2),)), means=(Means("pump", 1),)), first_come(never, [0]))
    assert none.reasons == ("it needs more of pump than the suite has",)
    held = suite(Appointment("a", 10, 12), Appointment("b", 10, 6, after=("a",), held=12), chairs=2, nurses=2)
    assert starts(plan_suite(held, ANNEALED)) == {"b": 12, "a": 10}, "who sits already is past being told, and holds nobody back"


def test_the_check_of_a_suite_day_finds_every_kind_of_fault() -> None:
    day = suite(Appointment("a", 10, 12, acuity=3), Appointment("b", 12, 12, acuity=3), Appointment("c", 10, 5, held=20), benches=0)
    wrong = SuitePlan((Seat("a", "chair 0", 9, 21, 0), Seat("b", "chair 0", 12, 23, 11), Seat("c", "chair 9", 21, 26, 19)), (), 0, "")
    told = "; ".join(suite_faults(day, wrong))
    for text in ("no chair", "outside of the hours", "held at another time", "begins before it can", "not ready", "two patients at once",
                 "watch an acuity", "need the hands", "preparations at"):  # fmt: skip
        assert text in told, text
    names = "; ".join(suite_faults(day, SuitePlan((wrong.seats[0], wrong.seats[0]), ("z",), 0, "")))
    assert "stands 2 times" in names and "unknown" in names and "neither" in names
    good = suite(Appointment("a", 10, 60, flex=0, weight=1, promised=14), prices=replace(day.prices, moved=2))
    plan = sorted_first(good)
    assert suite_faults(good, plan) == [] and "is said to cost" in suite_faults(good, replace(plan, cost=1))[0]


def test_a_plan_that_fails_its_check_is_never_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite_planner, "faults_of", lambda *_: ["wrong"])
    monkeypatch.setattr(batch_planner, "faults_of", lambda *_: ["wrong"])
    with pytest.raises(Broken):
        plan_suite(suite(Appointment("a", 10, 12)))
    with pytest.raises(Broken):
        plan_batches(BatchProblem((), (), ()))


@pytest.mark.parametrize("make", [
    lambda: suite(Appointment("a", 10, 2)), lambda: suite(Appointment("a", 10, 12, held=95)), lambda: suite(Appointment("a", 1, 9), Appointment("a", 1, 9)),
    lambda: suite(ratio=0), lambda: SuiteProblem((), (), (), 9, 5, 1),
    lambda: suite(Appointment("a", 10, 9, after=("z",))), lambda: suite(Appointment("a", 10, 9, uses=(("pump", 1),))),
    lambda: suite(Appointment("a", 10, 9, after=("b",)), Appointment("b", 10, 9, after=("a",))),
    lambda: suite(means=(Means("pump", -1),)), lambda: suite(means=(Means("pump", 1), Means("pump", 1))),
    lambda: BatchProblem((Station("h", 5, 1),), (Family("f", -1),), (Preparation("p", (WorkStep((("h", 0),), "g"),), 0, 0, 0),)),
    lambda: BatchProblem((Station("h", 0, 1), Station("h", 0, 1)), (), ()),
    lambda: BatchProblem((Station("h", 0, 9),), (Family("f", 1, True),), (Preparation("p", (WorkStep((("h", 1),), "f"),), 0, 0, 0),)),
    lambda: BatchProblem((Station("h", 0, 9),), (Family("f", 1),), (Preparation("p", (WorkStep((("h", 1),), "f"), WorkStep((("h", 1),))), 0, 0, 0),)),
    lambda: BatchProblem((), (), (Preparation("p", (), 0, 0, 0),)),
])  # fmt: skip
def test_days_that_cannot_be_right_are_refused(make: object) -> None:
    with pytest.raises(Malformed):
        make()  # type: ignore[operator]


FAMILIES = (Family("x", 2), Family("y", 2), Family("h", 4, True))
HOODS = (Station("one", 0, 50),)


def dose(name: str, family: int, due: int, bud: int = 48, hoods: tuple[Station, ...] = HOODS) -> Preparation:
    return Preparation(name, (at_hoods(hoods, FAMILIES[family], 2),), 0, due, bud)


ROWS = (dose("a", 0, 6), dose("b", 1, 8), dose("c", 0, 10))
DAY = BatchProblem(HOODS, FAMILIES, ROWS)


def test_families_are_made_together_where_that_is_cheaper() -> None:
    listed = earliest_due(DAY)
    assert [t.preparation for t in listed.turns] == ["a", "b", "c"] and (listed.changes, listed.late, listed.cost) == (3, 1, 6 + 8 * 2)
    assert [t.preparation for t in due_by_family(DAY).turns] == ["a", "c", "b"]
    plan = plan_batches(DAY, ANNEALED)
    assert (plan.changes, plan.cost) == (2, 4 + 8 * 2) or plan.cost <= 20
    assert batch_faults(DAY, plan) == []


def test_beyond_use_release_and_kind_of_hood_are_kept() -> None:
    fresh = replace(DAY, preparations=(dose("a", 0, 40, bud=10), dose("h", 2, 6)))
    plan = plan_batches(fresh, ANNEALED)
    assert [(t.preparation, t.starts) for t in plan.turns] == [("a", 28)] and plan.unplaced == ("h",)
    closing = replace(DAY, stations=(Station("one", 0, 5),))
    assert set(plan_batches(closing, ANNEALED).unplaced) == {"b", "c"}


def test_what_is_made_is_checked_and_the_one_who_checks_has_one_at_a_time() -> None:
    check = WorkStep((("pharmacist", 3),))
    rows = tuple(replace(r, steps=(*r.steps, check)) for r in ROWS)
    day = BatchProblem((*HOODS, Station("pharmacist", 0, 50)), FAMILIES, rows)
    plan = plan_batches(day, ANNEALED)
    assert batch_faults(day, plan) == [] and plan.unplaced == ()
    checks = sorted((t.starts, t.ends) for t in plan.turns if t.step == 1)
    assert checks[0] == (4, 7) and checks[1][0] >= 7 and checks[2][0] >= checks[1][1]
    assert plan.cost > plan_batches(DAY, ANNEALED).cost, "what waits for its check is late"
    early = replace(day, stations=(*HOODS, Station("pharmacist", 0, 8)))
    cut = plan_batches(early, ANNEALED)
    assert len(cut.unplaced) == 2 and batch_faults(early, cut) == [] and len(cut.turns) == 2, "what cannot be checked is not made either"
    half = replace(plan, turns=tuple(t for t in plan.turns if (t.preparation, t.step) != ("a", 1)))
    assert "a is not made whole" in batch_faults(day, half)
    early_check = replace(plan, turns=tuple(replace(t, starts=0, ends=3) if (t.preparation, t.step) == ("a", 1) else t for t in plan.turns))
    assert "before the step before it has ended" in "; ".join(batch_faults(day, early_check))


def test_a_short_day_at_the_bench_has_a_bound_and_often_it_is_reached() -> None:
    pytest.importorskip("ortools")
    pytest.importorskip("numba")
    plan = plan_batches(DAY, Effort(2, 1))
    assert plan.bound == plan.cost == 20 and batch_faults(DAY, plan) == []
    early = replace(DAY, prices=replace(DAY.prices, late=0, change=0, done=1))
    assert plan_batches(early, Effort(2, 1)).cost == 2 + 2 + 2 + 2 + 2, "two families: two change-overs, three of two slots"


def test_the_check_of_a_bench_day_finds_every_kind_of_fault() -> None:
    wrong = BatchPlan((Turn("a", "one", 0, 3, 0), Turn("b", "two", 2, 4, 0), Turn("c", "one", 60, 62, 0)), (), 0, 0, 0, "")
    stations = (*HOODS, Station("two", 0, 50, True))
    day = BatchProblem(stations, FAMILIES, (replace(ROWS[0], bud=2, due=9), ROWS[1], ROWS[2]))
    told = "; ".join(batch_faults(day, wrong))
    for text in ("other kind", "takes another time", "beyond its use", "after one closes", "no time for its change-over"):
        assert text in told, text
    names = "; ".join(batch_faults(DAY, BatchPlan((wrong.turns[0], wrong.turns[0]), ("z",), 0, 0, 0, "")))
    assert "stands 2 times" in names and "unknown" in names and "neither" in names
    assert "is said to cost" in batch_faults(DAY, replace(earliest_due(DAY), cost=1))[0]


def test_what_is_pinned_begins_then_in_every_method_or_has_no_place() -> None:
    day = suite(Appointment("a", 10, 12, pinned=20), Appointment("b", 10, 12), Appointment("c", 10, 12))
    for effort in (Effort(1, 1, "insertion"), ANNEALED, Effort(2, 1)):
        plan = plan_suite(day, effort)
        assert starts(plan)["a"] == 20 and suite_faults(day, plan) == [] and plan.unplaced == (), effort
    moved = replace(day, appointments=(replace(day.appointments[0], pinned=21), *day.appointments[1:]))
    assert any("pinned to another time" in f for f in suite_faults(moved, plan))
    taken = suite(Appointment("a", 10, 12, held=10), Appointment("b", 10, 12, pinned=15))
    out = plan_suite(taken, Effort(2, 1))
    (one,) = no_places(taken, out)
    assert out.unplaced == ("b",) and [w.text for w in one.ways] == ["without its pin"] and "pinned to a time" in one.reasons[0]
    full = suite(Appointment("a", 10, 12, held=10), Appointment("e", 22, 74, held=22), Appointment("b", 10, 80, pinned=14))
    (one,) = no_places(full, plan_suite(full, Effort(2, 1)))
    assert one.ways and {w.starts for w in one.ways} == {14}, "where it has no place without its pin either, it keeps it in what is tried"
    for wrong in (Appointment("a", 10, 12, held=10, pinned=10), Appointment("a", 10, 12, pinned=9)):
        with pytest.raises(Malformed):
            suite(wrong)


def test_a_seat_tells_what_it_costs_what_kept_it_and_what_another_hour_would() -> None:
    day = suite(Appointment("a", 10, 12), Appointment("b", 10, 6, flex=5, pinned=40), Appointment("c", 10, 6))
    plan = first_come(day, [0, 1, 2])
    assert starts(plan) == {"a": 10, "b": 40, "c": 22}
    why = seat_why(day, plan, "b", step=1)
    assert (why.wait, why.beyond, why.after, why.moved) == (30, 3 * 25, 0, 0) and why.binds == ("every chair is taken",)
    hours = {h.starts: h for h in why.hours}
    assert 40 not in hours and hours[28].more == 18 + 3 * 13 - 105 and hours[20].reason == "every chair is taken"
    assert why.pin == 105 - (18 + 39)
    free = seat_why(day, plan, "c")
    assert free.pin is None and free.binds == ("every chair is taken",) and free.wait == 12
    late = seat_why(suite(Appointment("a", 50, 12)), first_come(suite(Appointment("a", 50, 12)), [0]), "a")
    assert late.after == 8 and late.hours[0].starts == 53 and late.binds == (), "nothing before the wish"
