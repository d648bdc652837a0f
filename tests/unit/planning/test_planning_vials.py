# SPDX-License-Identifier: Apache-2.0
"""The vials of a day: worked cases, stock that runs out, open vials, habits, and the check that trusts nobody."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.planning.domain import vial_solver
from openinfusion.planning.public import (
    Dose,
    Draw,
    Partial,
    VialPlan,
    VialProblem,
    VialSize,
    largest_first,
    one_size,
    plan_vials,
    vial_faults,
)

D = Decimal
TRASTUZUMAB = (VialSize("150", D(150), 15_000), VialSize("420", D(420), 42_000))


def problem(*doses: tuple[str, int], sizes: tuple[VialSize, ...] = TRASTUZUMAB, keeps: int = 0, **more: object) -> VialProblem:
    return VialProblem(sizes, tuple(Dose(f"dose {n}", D(amount), at) for n, (amount, at) in enumerate(doses, 1)), keeps, **more)  # type: ignore[arg-type]


def counts(found: VialProblem) -> dict[str, int]:
    plan = plan_vials(found)
    assert vial_faults(found, plan) == [] and plan.proven
    return plan.counts()


@pytest.mark.parametrize(("sizes", "dose", "expected", "wasted"), [
    (TRASTUZUMAB, "546", {"420": 1, "150": 1}, "24"),
    ((VialSize("350", D(350), 350), VialSize("500", D(500), 500)), "600", {"350": 2}, "100"),
    (tuple(VialSize(str(s), D(s), s) for s in (40, 100, 120, 240)), "355", {"240": 1, "120": 1}, "5"),
    (tuple(VialSize(s, D(s), int(D(s) * 10)) for s in ("1", "2.5", "5", "10", "20", "30")), "37", {"30": 1, "5": 1, "1": 2}, "0"),
])  # fmt: skip
def test_one_dose_takes_the_vials_of_the_worked_examples(
    sizes: tuple[VialSize, ...], dose: str, expected: dict[str, int], wasted: str
) -> None:
    one = problem((dose, 0), sizes=sizes)
    assert counts(one) == expected and plan_vials(one).wasted == D(wasted)


def test_what_is_left_serves_the_next_dose_within_its_time() -> None:
    shared = problem(("300", 0), ("120", 60), keeps=60)
    assert counts(shared) == {"420": 1} and plan_vials(shared).wasted == 0
    assert counts(replace(shared, keeps=59)) == {"150": 3}
    assert counts(replace(shared, keeps=0)) == {"150": 3}


def test_an_open_vial_is_used_up_while_it_lasts_and_is_never_overdrawn() -> None:
    open_vial = Partial("A", D(100), 30)
    plan = plan_vials(problem(("150", 30), ("150", 40), open=(open_vial, Partial("B", D(0), 900)), keeps=600))
    assert Draw("dose 1", "A", D(100)) in plan.draws and plan.cents == 30_000
    late = problem(("100", 31), open=(open_vial,))
    assert plan_vials(late).cents == 15_000 and vial_faults(late, plan_vials(late)) == []


def test_the_open_vial_that_ends_sooner_goes_first() -> None:
    found = problem(("50", 10), ("50", 100), open=(Partial("long", D(50), 200), Partial("short", D(50), 20)))
    plan = plan_vials(found)
    assert [(d.dose, d.source) for d in plan.draws] == [("dose 1", "short"), ("dose 2", "long")] and plan.opened == ()
    assert vial_faults(found, plan) == []


def test_a_size_that_runs_out_is_planned_around_and_too_little_is_refused() -> None:
    few = (replace(TRASTUZUMAB[0], free=1), TRASTUZUMAB[1])
    assert counts(problem(("300", 0), ("300", 0), sizes=few)) == {"420": 2}
    assert counts(problem(("300", 0), ("150", 0), sizes=(replace(TRASTUZUMAB[0], free=2), TRASTUZUMAB[1]))) in (
        {"150": 1, "420": 1}, {"150": 2, "420": 1},
    )
    with pytest.raises(Refused, match="do not cover"):
        plan_vials(problem(("600", 0), sizes=(replace(TRASTUZUMAB[0], free=1), replace(TRASTUZUMAB[1], free=1))))


def test_without_a_price_the_amount_stands_for_it() -> None:
    unpriced = (VialSize("150", D(150), 0), VialSize("420", D(420), 42_000))
    assert counts(problem(("300", 0), sizes=unpriced)) == {"150": 2}


def test_a_day_without_doses_opens_nothing() -> None:
    plan = plan_vials(problem())
    assert plan == VialPlan((), (), proven=True) and plan.wasted == 0 and plan.wasted_cents == 0


def test_habits_cost_more_and_hold_too() -> None:
    day = problem(("546", 0), ("300", 10), ("420", 20), keeps=720)
    single, clerk, plan = one_size(day), largest_first(day), plan_vials(day)
    assert vial_faults(day, single) == [] == vial_faults(day, clerk)
    assert (plan.cents, clerk.cents, single.cents) == (129_000, 129_000, 168_000)
    assert (plan.wasted, plan.wasted_cents) == (D(24), D(2400)) and clerk.counts() == {"420": 2, "150": 3}


def test_what_is_cut_off_is_not_called_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vial_solver, "MOST_WAYS", 1)
    day = problem(("546", 0), ("300", 10), ("333", 20), keeps=720)
    plan = plan_vials(day)
    assert not plan.proven and vial_faults(day, plan) == []


@pytest.mark.parametrize(("wrong", "path"), [
    ({"sizes": ()}, "sizes"), ({"sizes": (VialSize("x", D(0), 1),)}, "sizes.0"), ({"sizes": (VialSize("x", D(1), -1),)}, "sizes.0"),
    ({"doses": (Dose("a", D(0), 0),)}, "doses.0"), ({"doses": (Dose("a", D(1), 0), Dose("a", D(1), 0))}, "doses"), ({"keeps": -1}, "keeps"),
])  # fmt: skip
def test_a_problem_that_means_nothing_is_malformed(wrong: dict[str, object], path: str) -> None:
    given: dict[str, object] = {"sizes": TRASTUZUMAB, "doses": (Dose("a", D(1), 0),), "keeps": 0} | wrong
    with pytest.raises(Malformed) as no:
        VialProblem(**given)  # type: ignore[arg-type]
    assert path in {f.path for f in no.value.faults}


def test_the_check_notices_every_kind_of_fault() -> None:
    day = problem(("150", 0), ("100", 60), keeps=30, open=(Partial("A", D(10), 30),), sizes=(replace(TRASTUZUMAB[0], free=1),))
    good = plan_vials(replace(day, sizes=(TRASTUZUMAB[0],)))
    first, second = good.opened
    for wrong, word in (
        (replace(good, draws=good.draws[:-1]), "gets"), (replace(good, draws=(*good.draws, Draw("x", 1, D(1)))), "no dose of the day"),
        (replace(good, draws=(*good.draws, Draw("dose 1", 1, D(150)))), "more than it holds"),
        (replace(good, draws=(*good.draws, Draw("dose 2", "A", D(1)))), "outside of its time"),
        (replace(good, draws=(*good.draws, Draw("dose 2", 9, D(1)))), "from no vial"), (good, "are there"),
        (replace(good, opened=(replace(first, product="none"), second)), "no vial of this drug"),
    ):  # fmt: skip
        assert any(word in fault for fault in vial_faults(day, wrong)), word
    alone = problem(("100", 0), ("50", 0))
    two = plan_vials(alone)
    both = replace(two, opened=two.opened[:1], draws=tuple(replace(d, source=1) for d in two.draws))
    assert any("shared" in fault for fault in vial_faults(alone, both))
