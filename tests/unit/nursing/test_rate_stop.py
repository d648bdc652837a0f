# SPDX-License-Identifier: Apache-2.0
"""What speaks against a rate, and that nothing ever speaks against lowering or stopping one."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.nursing.domain.infusion_record import RateStep
from openinfusion.nursing.domain.rate_stop import RatePlan, Running, against_rate

NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)
GAMUNEX = RatePlan("gamunex_pi", "Gamunex-C", tuple(Decimal(r) for r in (42, 84, 168, 252, 336)), 30, "label")
PRIVIGEN = RatePlan("privigen_pi", "Privigen", tuple(Decimal(r) for r in (21, 42, 84, 168, 252, 336)), 30, "label")
ORDER = RatePlan("order", "The order's rate", (Decimal(250),), 60, "order")


def at(minutes: int, rate: str | int) -> RateStep:
    return RateStep(NOON + timedelta(minutes=minutes), Decimal(rate))


def codes(step: RateStep, now: Running, plan: str = "") -> list[str]:
    return [r.code for r in against_rate(step, now, plan)]


ONE = Running((GAMUNEX,))
RUNS = replace(ONE, run=(at(0, 42), at(30, 84)))


@pytest.mark.parametrize(("step", "now", "plan", "said"), [
    (at(0, 42), ONE, "", []),
    (at(0, 84), ONE, "", ["step-skipped"]),
    (at(0, 84), replace(ONE, borne_ml_per_h=Decimal(168)), "", []),
    (at(0, 252), replace(ONE, borne_ml_per_h=Decimal(168)), "", ["step-skipped"]),
    (at(0, 500), replace(ONE, borne_ml_per_h=Decimal(500)), "", ["above-plan"]),
    (at(60, 168), RUNS, "", []),
    (at(59, 168), RUNS, "", ["too-early"]),
    (at(60, 252), RUNS, "", ["step-skipped"]),
    (at(31, 252), RUNS, "", ["step-skipped", "too-early"]),
    (at(31, 400), RUNS, "", ["above-plan"]),
    (at(60, 168), replace(RUNS, run=(*RUNS.run, at(50, 84))), "", []),  # the same rate written again begins nothing
    (at(60, 168), replace(RUNS, reacted_at=NOON + timedelta(minutes=40)), "", ["reaction-held"]),
    (at(60, 168), replace(RUNS, reacted_at=NOON + timedelta(minutes=90)), "", []),  # it came afterwards
    (at(60, 168), replace(RUNS, reacted_at=NOON, resume_ml_per_h=Decimal(84)), "", ["reaction-held"]),
    (at(60, 168), replace(RUNS, reacted_at=NOON, resume_ml_per_h=Decimal(168)), "", []),
    (at(50, 84), replace(RUNS, run=(*RUNS.run, at(40, 0))), "", []),  # stopped for something else, and on where it was
    (at(50, 168), replace(RUNS, run=(*RUNS.run, at(40, 0))), "", ["step-skipped"]),
    (at(0, 42), Running((GAMUNEX, PRIVIGEN)), "", ["which-plan"]),
    (at(0, 42), Running((GAMUNEX, PRIVIGEN)), "gamunex_pi", []),
    (at(0, 42), Running((GAMUNEX, PRIVIGEN)), "privigen_pi", ["step-skipped"]),
    (at(0, 42), Running((GAMUNEX, PRIVIGEN)), "octagam10_dm", ["not-this-plan"]),
    (at(0, 21), Running((GAMUNEX, PRIVIGEN), "gamunex_pi"), "privigen_pi", ["other-plan"]),
    (at(0, 42), replace(ONE, drug_scanned=False), "", ["drug-not-scanned"]),
    (at(0, 100), Running(()), "", []),  # nothing is on file: nothing is guessed
    (at(0, 250), Running((ORDER,)), "", []),
    (at(0, 125), Running((ORDER,)), "", []),
    (at(1, 250), Running((ORDER,), run=(at(0, 125),)), "", []),
    (at(0, 251), Running((ORDER,)), "", ["above-plan"]),
    (at(45, 0), replace(RUNS, reacted_at=NOON, drug_scanned=False), "other", []),
    (at(45, 42), replace(RUNS, reacted_at=NOON), "", []),
])
def test_what_speaks_against_a_rate(step: RateStep, now: Running, plan: str, said: list[str]) -> None:
    assert codes(step, now, plan) == said


def test_the_words_say_what_to_do_and_why_it_begins_low() -> None:
    (one,) = against_rate(at(0, 84), replace(ONE, lowest_why="the product is another than last time"))
    assert str(one) == "the next rate of Gamunex-C is 42 mL/h: the product is another than last time (raise it step by step)"
    (early,) = against_rate(at(48, 168), RUNS)
    assert str(early) == "84 mL/h runs for 30 minutes at least: 12 more (take the vital signs then, and raise it)"


rates = st.decimals(0, 600, places=1)


@given(st.lists(st.tuples(st.integers(0, 300), rates), max_size=6), rates, st.integers(0, 400), st.booleans())
def test_lowering_and_stopping_are_never_refused(ran: list[tuple[int, Decimal]], rate: Decimal, minute: int, reacted: bool) -> None:
    run = tuple(RateStep(NOON + timedelta(minutes=m), r) for m, r in sorted(ran))
    now = Running((GAMUNEX, PRIVIGEN), run=run, reacted_at=NOON if reacted else None)
    step = at(minute, rate)
    before = [r.rate_ml_per_h for r in run if r.at <= step.at]
    if not rate or (before and rate <= before[-1]):
        assert codes(step, now) == []
    else:
        assert "which-plan" in codes(step, now)


@given(st.data())
def test_whatever_is_let_through_stays_within_the_plan_and_its_times(data: Any) -> None:
    run: tuple[RateStep, ...] = ()
    minute = 0
    for _ in range(8):
        minute += data.draw(st.integers(1, 45))
        step = at(minute, data.draw(st.sampled_from(["0", "21", "42", "84", "100", "168", "252", "336", "400"])))
        if codes(step, replace(ONE, run=run)) == []:
            run = (*run, step)
    highest = Decimal(0)
    for before, after in pairwise(run):
        highest = max(highest, before.rate_ml_per_h)
        if after.rate_ml_per_h > highest:
            assert after.rate_ml_per_h <= min(r for r in GAMUNEX.rates if r > highest or r == GAMUNEX.highest)
    assert all(r.rate_ml_per_h <= GAMUNEX.highest for r in run)
