# SPDX-License-Identifier: Apache-2.0
"""Routes: times, breaks, pairs, cold chain, reasons, what is left out, re-planning, and the check that trusts nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openinfusion.kernel.refusal import Malformed
from openinfusion.planning.public import (
    Call,
    Effort,
    Happening,
    Pair,
    Pause,
    Pin,
    Place,
    Prices,
    Promise,
    Rest,
    RoutePlan,
    RoutingProblem,
    Shift,
    Visit,
    Window,
    at_hour,
    difference_of,
    hard_reason,
    left_out,
    order_of,
    plan_routes,
    replan_routes,
    route_faults,
    timed,
    why,
)

LINE = tuple(tuple(abs(a - b) * 10 for b in range(6)) for a in range(6))  # six places in a row, ten minutes apart
INSERTION = Effort(1, 1, "insertion")


def visit(name: str, place: int, opens: int = 0, closes: int = 600, lasts: int = 20, **more: object) -> Visit:
    return Visit(name, place, lasts, (Window(opens, closes),), **more)  # type: ignore[arg-type]


def shift(name: str, ends: int = 480, **more: object) -> Shift:
    return Shift(name, name, 0, 0, 0, ends, **more)  # type: ignore[arg-type]


def problem(shifts: list[Shift], visits: list[Visit], **more: object) -> RoutingProblem:
    return RoutingProblem(tuple(Place(str(n)) for n in range(6)), LINE, LINE, tuple(shifts), tuple(visits), **more)  # type: ignore[arg-type]


def starts(plan: RoutePlan) -> dict[str, int]:
    return {c.visit: c.starts for r in plan.routes for c in r.calls}


def test_one_leaves_as_late_as_the_first_window_allows() -> None:
    day = problem([shift("Ann")], [visit("a", 1, 100, 120), visit("b", 2, 0, 600)])
    plan = timed(day, [(0, 0), (1, 0)]).plan
    assert plan.routes[0].leaves == 90 and starts(plan) == {"a": 100, "b": 130} and plan.routes[0].returns == 170
    assert route_faults(day, plan) == []


def test_a_break_is_taken_in_the_waiting_time_or_before_leaving() -> None:
    rest = Rest(100, 150, 30)
    waiting = problem([shift("Ann", rests=(rest,))], [visit("a", 1, 0, 0 + 10), visit("b", 2, 200, 300)])
    plan = timed(waiting, [(0, 0), (1, 0)]).plan
    assert plan.routes[0].pauses == (Pause(100, 130, 1, True),) and starts(plan)["b"] == 200
    assert route_faults(waiting, plan) == []
    busy = problem([shift("Ann", rests=(rest,))], [visit("a", 1, 0, 10, 80), visit("b", 2, 0, 300, 60)])
    plan = timed(busy, [(0, 0), (1, 0)]).plan
    assert plan.routes[0].pauses == (Pause(100, 130, 1),) and starts(plan)["b"] == 140
    assert route_faults(busy, plan) == []
    short = problem([shift("Ann", rests=(rest,))], [visit("a", 1, 0, 10)])
    assert timed(short, [(0, 0)]).plan.routes[0].pauses == ()
    long = problem([shift("Ann", rests=(rest, Rest(140, 200, 10)))], [visit("a", 1, 0, 10, 130), visit("b", 1, 0, 300, 120)])
    plan = timed(long, [(0, 0), (1, 0)]).plan
    assert [p.starts for p in plan.routes[0].pauses] == [140, 170] and route_faults(long, plan) == []


def test_two_people_begin_together_and_a_sequence_keeps_its_gap() -> None:
    day = problem([shift("Ann"), shift("Ben")], [visit("a", 1, 50), visit("b", 1)], pairs=(Pair("a", "b"),))
    plan = plan_routes(day, INSERTION)
    assert starts(plan) == {"a": 50, "b": 50} and len(plan.routes) == 2 and route_faults(day, plan) == []
    later = replace(day, pairs=(Pair("a", "b", 30, 40),))
    assert starts(plan_routes(later, INSERTION)) == {"a": 50, "b": 80}
    early = replace(later, visits=(visit("a", 1), visit("b", 1, 200)))
    found = plan_routes(early, INSERTION)
    assert starts(found) == {"a": 160, "b": 200} and route_faults(early, found) == []
    alone = replace(day, shifts=(shift("Ann"),))
    assert plan_routes(alone, INSERTION).unplaced == ("a", "b")


@pytest.mark.parametrize(("who", "what", "reason"), [
    ({}, {"skills": frozenset(["port"])}, "not competent for port"),
    ({}, {"licence": "IL"}, "no licence of IL"),
    ({}, {"barred": frozenset(["Ann"])}, "does not go to this patient"),
    ({"capacity": (1,)}, {"delivers": (2,)}, "does not fit"),
    ({"ends": 30}, {}, "no window of it"),
    ({"longest": 30}, {}, "longer than the shift may be"),
    ({}, {"cold": 5}, "out of the refrigerator"),
])  # fmt: skip
def test_every_hard_reason_is_said_and_the_visit_is_left_out(who: dict[str, object], what: dict[str, object], reason: str) -> None:
    day = problem([shift("Ann", **who)], [visit("a", 2, **what)])  # type: ignore[arg-type]
    if not day.dimensions and day.visits[0].delivers:
        pytest.fail("a load without a capacity")
    assert reason in hard_reason(day, day.shifts[0], day.visits[0])
    plan = plan_routes(day, INSERTION)
    assert plan.unplaced == ("a",) and any(reason in r for r in left_out(day, plan)[0].reasons)
    assert plan.cost.total == day.prices.left_out and route_faults(day, plan) == []


def test_what_is_left_out_comes_with_the_least_that_would_have_to_give_way() -> None:
    day = problem([shift("Ann", 100)], [visit("a", 1, 0, 30, 60), visit("b", 1, 0, 30, 30)])
    plan = plan_routes(day, INSERTION)
    out = left_out(day, plan)[0]
    assert len(plan.unplaced) == 1 and out.reasons == ("the shifts that may make it have no room",)
    assert [w.gives for w in out.ways] == ["window"] or {"window", "hours"} >= {w.gives for w in out.ways}
    skilled = problem([shift("Ann")], [visit("a", 1, skills=frozenset(["port"]), licence="WI")])
    ways = left_out(skilled, plan_routes(skilled, INSERTION))[0].ways
    assert [w.text for w in ways] == ["if Ann had port"]
    assert left_out(problem([], [visit("a", 1)]), RoutePlan((), ("a",), plan.cost))[0].reasons == ("nobody works",)


def test_a_reason_tells_each_other_persons_price_part_by_part() -> None:
    day = problem(
        [shift("Ann"), shift("Ben", skills=frozenset(["x"])), replace(shift("Cid"), start=5, end=5)],
        [visit("a", 1, prefers=frozenset(["Ann"])), visit("b", 5)], prices=Prices(1, 0, other_person=7),
    )  # fmt: skip
    plan = plan_routes(day, INSERTION)
    told = why(day, plan, "a")
    assert told.person == "Ann" and told.pin is None
    by = {o.person: o for o in told.others}
    assert by["Ben"].more is not None and (by["Ben"].more.people, by["Ben"].more.distance) == (7, 0)
    assert by["Cid"].more is not None and by["Cid"].more.total == by["Cid"].more.distance + 7
    barred = replace(day, pins=(Pin("a", "Cid"),))
    pinned = plan_routes(barred, INSERTION)
    told = why(barred, pinned, "a")
    assert told.pin == pinned.cost.total - plan.cost.total and all("pinned to Cid" in o.reason for o in told.others)


def test_what_binds_is_said() -> None:
    day = problem(
        [shift("Ann", 60, overtime=60, skills=frozenset(["s"]))],
        [visit("a", 1, 30, 33, 30, skills=frozenset(["s"]), wished=(Window(0, 20),), cold=20)],
    )  # fmt: skip
    told = why(day, timed(day, [(0, 0)]).plan, "a").tight
    assert len(told) == 5 and "only Ann may make it" in told and "10 min later than wished" in told
    paired = problem([shift("Ann"), shift("Ben")], [visit("a", 1), visit("b", 1)], pairs=(Pair("a", "b"),))
    found = why(paired, plan_routes(paired, INSERTION), "a")
    assert "begins with its other half" in found.tight and found.others[0].reason == "makes the other half of this visit"


def test_after_a_sick_call_the_others_stay_and_the_difference_is_told() -> None:
    visits = [visit(f"v{n}", n % 5 + 1) for n in range(9)]
    day = problem([shift("Ann"), shift("Ben"), shift("Cid")], visits, prices=Prices(1, 1, longest_day=1))
    plan = plan_routes(day, INSERTION)
    found = replan_routes(day, plan, Happening(absent=frozenset(["Ann"]), moved=10_000), INSERTION)
    assert found.difference.others_moved == 0 and found.plan.unplaced == () and route_faults(found.what_is_left.problem, found.plan) == []
    assert {c.visit for c in found.difference.changes} >= {c.visit for r in plan.routes if r.person == "Ann" for c in r.calls}


def test_begun_visits_leave_late_ones_wait_urgent_ones_come() -> None:
    day = problem([shift("Ann", rests=(Rest(15, 300, 10),))], [visit("a", 1), visit("b", 2), visit("c", 3)], pins=(Pin("b", "Ann"), Pin("c", at=100)))
    plan = timed(day, [(0, 0), (1, 0), (2, 0)]).plan
    what = Happening(now=starts(plan)["a"] + 1, late=(("b", 90), ("c", 601)), urgent=(visit("u", 1),), dropped=frozenset())
    found = replan_routes(day, plan, what, INSERTION)
    assert found.what_is_left.begun == ("a",) and starts(found.plan)["b"] >= 90 and "u" in starts(found.plan)
    assert "c" not in starts(found.plan) and found.plan.unplaced == ("c",)
    gone = replan_routes(day, plan, Happening(now=5, dropped=frozenset(["b"])), INSERTION)
    assert set(starts(gone.plan)) == {"a", "c"} and difference_of(day, plan).changes


def test_the_check_finds_every_kind_of_fault() -> None:
    day = problem(
        [shift("Ann", 200, longest=150, capacity=(2,), rests=(Rest(0, 40, 10),)), replace(shift("Ben"), person="Ann")],
        [visit("a", 1, 20, 60, skills=frozenset(["s"]), licence="IL", barred=frozenset(["Ann"]), delivers=(1,), cold=10), visit("b", 2, delivers=(3,)), visit("c", 1)],
        pairs=(Pair("a", "c"),), pins=(Pin("b", at=30),),
    )  # fmt: skip
    good = timed(day, [(1, 0)]).plan
    route = good.routes[0]
    a, b, c = Call("a", 5, 5, 6), Call("b", 20, 21, 41), Call("c", 70, 70, 90)

    def told(**more: object) -> str:
        return "; ".join(route_faults(day, replace(good, routes=(replace(route, **more),), unplaced=tuple({"a", "b", "c"} - {x.visit for x in more.get("calls", ())}))))  # type: ignore[arg-type,attr-defined]

    first = told(calls=(a, b, c), pauses=(), leaves=-1, returns=400, person="Zoe", distance=1)
    for text in ("Ann's, not Zoe's", "leaves before", "longer than it may be", "no time for the way", "is said to go", "does not last", "outside of its windows",
                 "does not go", "not competent", "no licence", "pinned otherwise", "carries 4 where 2 fit", "a break is not taken", "do not begin as they must"):  # fmt: skip
        assert text in first, text
    assert "out of the refrigerator" in told(calls=(Call("a", 30, 30, 50),), leaves=0)
    assert "only one is placed" in told(calls=(replace(a, starts=20, ends=40),))
    assert "need two people" in told(calls=(Call("a", 20, 20, 40), Call("c", 20, 20, 40)))
    assert "outside of its time" in told(calls=(b,), pauses=(Pause(50, 60, 1),))
    assert "overlap" in told(calls=(b,), pauses=(Pause(25, 35, 0),)) and "more breaks" in told(calls=(b,), pauses=(Pause(0, 10, 0), Pause(50, 60, 1)))
    twice = replace(good, routes=(replace(route, calls=()), replace(route, shift="Ben", calls=())), unplaced=("a", "b", "c"))
    assert "two routes at once" in "; ".join(route_faults(day, twice))
    names = route_faults(day, replace(good, routes=(route, route), unplaced=("x", "a")))
    assert any("stands 2 times" in n for n in names) and any("no visit" in n for n in names)
    assert any("neither placed" in n for n in names) and any("stands twice" in n for n in names)
    plain = problem([shift("Ann")], [visit("b", 2)])
    right = timed(plain, [(0, 0)]).plan
    assert "is said to cost" in route_faults(plain, replace(right, cost=replace(right.cost, late=1)))[0]


@pytest.mark.parametrize(("more", "path"), [
    ({"ticks": 0}, "ticks"),
    ({"pairs": (Pair("a", "a"),)}, "pairs.0"),
    ({"pairs": (Pair("a", "b", 5, 1), Pair("b", "a"))}, "pairs.0"),
    ({"pins": (Pin("z"), Pin("z", "Ann"))}, "pins.0"),
    ({"pins": (Pin("a", at=900),)}, "pins.0.at"),
    ({"today": (Promise("a", "Ann", 1), Promise("a", "Ann", 2))}, "today"),
    ({"prices": Prices(late=-1)}, "prices.late"),
])  # fmt: skip
def test_what_cannot_be_right_is_refused_with_its_path(more: dict[str, object], path: str) -> None:
    with pytest.raises(Malformed) as no:
        problem([shift("Ann")], [visit("a", 1), visit("b", 1)], **more)
    assert path in [f.path for f in no.value.faults]


def test_places_shifts_and_visits_are_looked_at_too() -> None:
    bad = [
        replace(shift("Ann"), start=9), shift("Ben", -1), shift("Cid", overtime=-1),
        shift("Dan", rests=(Rest(5, 1, 0), Rest(1, 2, 3))), shift("Dan"),
    ]  # fmt: skip
    wrong = [visit("a", 9, lasts=-1), visit("b", 1, delivers=(-1,)), replace(visit("c", 1), windows=()), visit("d", 1, 9, 1),
             replace(visit("e", 1, wished=(Window(5, 1),)), windows=(Window(5, 6), Window(6, 7)))]  # fmt: skip
    with pytest.raises(Malformed) as no:
        problem(bad, wrong)
    assert len(no.value.faults) >= 12
    with pytest.raises(Malformed):
        RoutingProblem((Place("a"),), ((0, 1),), ((-1,),), (), ())


def test_a_plans_order_gives_the_plan_again_even_with_a_ring_of_pairs() -> None:
    day = problem([shift("Ann"), shift("Ben")], [visit(n, 1) for n in "abcd"], pairs=(Pair("a", "b", 0, 300), Pair("c", "d", 0, 300)))
    ring = timed(day, [(0, 0), (1, 1), (2, 1), (3, 0)]).plan
    assert timed(day, order_of(day, ring)).plan.cost == ring.cost
    crossed = replace(ring, routes=(
        replace(ring.routes[0], calls=(Call("a", 10, 10, 30), Call("d", 30, 30, 50))),
        replace(ring.routes[1], calls=(Call("c", 10, 10, 30), Call("b", 30, 30, 50))),
    ))  # fmt: skip
    assert len(order_of(day, crossed)) == 4
    tangled = replace(ring, routes=(
        replace(ring.routes[0], calls=(Call("d", 10, 10, 30), Call("a", 30, 30, 50))),
        replace(ring.routes[1], calls=(Call("b", 10, 10, 30), Call("c", 30, 30, 50))),
    ))  # fmt: skip
    assert len(order_of(day, tangled)) == 4


def test_fairness_over_days_shares_work_and_the_check_adds_it_up_again() -> None:
    days = [Shift(f"{who} {n}", who, 0, 0, n * 1440, n * 1440 + 480) for who in ("Ann", "Ben") for n in (0, 1)]
    both = (Window(0, 480), Window(1440, 1920))
    visits = [Visit(f"v{n}", 1, 60, both) for n in range(4)]
    alone, fair = (problem(days, visits, prices=Prices(1, 1, longest_week=price)) for price in (0, 1_000))
    order = [(n, 0) for n in range(4)]
    plain = timed(fair, order).plan
    assert plain.cost.longest_week == 1_000 * (plain.routes[0].returns - plain.routes[0].leaves)
    assert route_faults(fair, plain) == [] and timed(alone, order).plan.cost.longest_week == 0
    wrong = replace(plain, cost=replace(plain.cost, longest_week=0))
    assert any("said to cost" in f for f in route_faults(fair, wrong))
    pytest.importorskip("numba")
    found = plan_routes(fair, Effort(1, 1, "order"))
    shared = {who: sum(r.returns - r.leaves for r in found.routes if r.person == who) for who in ("Ann", "Ben")}
    assert shared["Ann"] == shared["Ben"] and route_faults(fair, found) == []
    assert len({r.person for r in plan_routes(alone, Effort(1, 1, "order")).routes}) == 1


def test_an_hour_named_by_hand_is_tried_on_the_plan_as_it_stands() -> None:
    day = problem([shift("Ann"), shift("Ben")], [visit("a", 1, lasts=30), visit("b", 2, lasts=30)])
    plan = plan_routes(day, INSERTION)
    begins = {c.visit: c.starts for r in plan.routes for c in r.calls}
    same = at_hour(day, plan, "a", plan.placed()["a"][0].person, begins["a"])
    assert same.reason == "" and same.more is not None and same.more.total == 0
    later = at_hour(day, plan, "a", "", begins["a"] + 60)
    assert later.starts == begins["a"] + 60 and later.more is not None and later.more.total >= 0
    assert "outside of the visit's windows" in at_hour(day, plan, "a", "Ann", 10_000).reason
    with pytest.raises(Malformed):
        at_hour(day, plan, "a", "Nobody", 60)
    out = replace(plan, routes=tuple(replace(r, calls=tuple(c for c in r.calls if c.visit != "a")) for r in plan.routes))
    placed = at_hour(day, replace(out, unplaced=("a",)), "a", "", 60)
    assert placed.reason == "" and placed.starts == 60


def test_a_wish_holds_on_each_of_its_days_and_is_late_by_that_days_hour() -> None:
    both = visit("a", 1, wished=(Window(60, 120), Window(1440, 1560)))
    assert [both.late(t) for t in (0, 100, 150, 1400, 1440, 1600)] == [0, 0, 30, 1280, 0, 40]
    assert [both.wish_at(t) for t in (0, 1439, 1440)] == [Window(60, 120), Window(60, 120), Window(1440, 1560)]
    assert visit("b", 1).late(10_000) == 0
    week = problem(
        [shift("Ann", 540), replace(shift("Ben"), begins=1440, ends=1980)],
        [replace(both, windows=(Window(200, 540), Window(1440, 1980)))], prices=Prices(1, 0, late=5),
    )  # fmt: skip
    plan = plan_routes(week, INSERTION)
    assert route_faults(week, plan) == [] and plan.cost.late == 0 and plan.placed()["a"][0].person == "Ben"


@pytest.mark.parametrize(("who", "what", "pins", "gives"), [
    ({}, {"cold": 5}, (), "cold"), ({"capacity": (1,)}, {"delivers": (2,)}, (), "load"), ({"ends": 300}, {}, (Pin("a", "Ann", 390),), "pin"),
])  # fmt: skip
def test_a_pin_a_pack_out_and_a_vans_room_may_give_way_too(
    who: dict[str, object], what: dict[str, object], pins: tuple[Pin, ...], gives: str
) -> None:
    day = replace(problem([shift("Ann", **who)], [visit("a", 2, 0, 400, **what)]), pins=pins)
    assert gives in [w.gives for w in left_out(day, plan_routes(day, INSERTION))[0].ways]
