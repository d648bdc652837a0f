# SPDX-License-Identifier: Apache-2.0
"""Times become chairs and nurses: who sits stays, nobody is given more than she may watch, and what nobody can hold is said."""
from __future__ import annotations

from uuid import UUID

from openinfusion.dispatch.domain.suite_plan import Watcher, named_chairs, named_nurses
from openinfusion.planning import public as planning

ANN, BEA = UUID(int=1), UUID(int=2)


def problem(*appointments: planning.Appointment, chairs: tuple[str, ...] = ("C1", "C2"), ratio: int = 4) -> planning.SuiteProblem:
    return planning.SuiteProblem(chairs, (planning.SuiteNurse("Ann", 0, 100),), appointments, 0, 90, 100, ratio)


def one(name: str, **said: object) -> planning.Appointment:
    return planning.Appointment(name, 0, 10, **said)  # type: ignore[arg-type]


def plan(*seats: tuple[str, int]) -> planning.SuitePlan:
    return planning.SuitePlan(tuple(planning.Seat(n, "C1", s, s + 10, 0) for n, s in seats), (), 0, "by hand")


def chairs_of(p: planning.SuitePlan) -> dict[str, str]:
    return {s.appointment: s.chair for s in p.seats}


def test_who_sits_and_who_was_promised_a_chair_keep_it() -> None:
    p = problem(one("a"), one("b", held=5, chair="C2"), one("c", chair="C1"))
    assert chairs_of(named_chairs(p, plan(("a", 20), ("b", 5), ("c", 0)))) == {"a": "C2", "b": "C2", "c": "C1"}


def test_a_promise_gives_way_where_two_were_promised_the_same_chair() -> None:
    p = problem(one("a", held=0, chair="C1"), one("b", chair="C1"))
    assert chairs_of(named_chairs(p, plan(("a", 0), ("b", 5)))) == {"a": "C1", "b": "C2"}


def test_what_cannot_be_coloured_stays_as_the_solver_said_and_the_check_tells() -> None:
    p = problem(one("a", held=0, chair="C1"), one("b", held=5, chair="C1"))
    kept = plan(("a", 0), ("b", 5))
    assert named_chairs(p, kept) == kept
    assert any("two patients at once" in f for f in planning.suite_faults(p, kept))


def test_the_promised_nurse_first_then_who_watches_least_and_never_above_the_ratio() -> None:
    p = problem(one("a", acuity=3), one("b", acuity=2), one("c"), ratio=4)
    both = [Watcher(ANN, "Ann", ((0, 100),)), Watcher(BEA, "Bea", ((0, 100),))]
    assert named_nurses(p, plan(("a", 0), ("b", 5), ("c", 30)), both, {"c": BEA}) == {"a": ANN, "b": BEA, "c": BEA}


def test_nobody_off_shift_or_barred_is_named_and_who_sits_keeps_her_nurse_even_then() -> None:
    p = problem(one("a"), one("b"), one("h", held=0))
    watchers = [Watcher(ANN, "Ann", ((0, 12),), frozenset({"a"}))]
    assert named_nurses(p, plan(("a", 0), ("b", 5), ("h", 0)), watchers, {"h": ANN}) == {"h": ANN}
