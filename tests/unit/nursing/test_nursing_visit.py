# SPDX-License-Identifier: Apache-2.0
"""A visit is made by the nurse it was accepted by, and its record is complete before it is signed."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from openinfusion.kernel.quantity import ML, Quantity
from openinfusion.kernel.refusal import Malformed, Reason, Refused
from openinfusion.nursing.domain.infusion_record import (
    InfusionRecord,
    RateStep,
    ReactionKind,
    Vitals,
    infused_volume,
    missing,
)
from openinfusion.nursing.domain.rate_plan import planned_steps, rate_plans, total_minutes
from openinfusion.nursing.domain.visit import VISIT, VisitFacts, VisitState
from openinfusion.nursing.permissions import ALL

EVERYTHING = frozenset(p.code for p in ALL)
NOON = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)
S = VisitState


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


VITALS = Vitals(at(0), Decimal("36.8"), 72, 14, 122, 78, 98)
FULL = InfusionRecord(
    True, ("name", "birth date"), "left upper arm", True, True,
    (RateStep(at(5), Decimal(42)), RateStep(at(35), Decimal(84)), RateStep(at(65), Decimal(0))), (VITALS,),
    ReactionKind.NONE, 0, "", ("flushing",), True, at(0), at(80),
)


def test_every_state_can_be_reached() -> None:
    reached, edge = {VISIT.initial}, {VISIT.initial}
    while edge:
        edge = {s.target for s in VISIT.steps if s.source in edge} - reached
        reached |= edge
    assert reached == set(VisitState)


def test_a_full_record_lacks_nothing_and_an_empty_one_says_everything() -> None:
    assert list(missing(FULL)) == []
    assert [r.code for r in missing(InfusionRecord(True))] == ["identifiers", "line", "times", "vitals", "rates", "reaction"]


@pytest.mark.parametrize(("record", "code"), [
    (replace(FULL, identifiers=("name", "Name ")), "identifiers"),
    (replace(FULL, ended_at=at(0)), "times"),
    (replace(FULL, rates=FULL.rates[:2]), "stop"),
    (replace(FULL, vitals=(replace(VITALS, at=at(10)),)), "first-vitals"),
    (replace(FULL, reaction=ReactionKind.INFUSION), "reaction-detail"),
    (replace(FULL, taught_back=False), "teach-back"),
])
def test_each_gap_in_a_record_is_named(record: InfusionRecord, code: str) -> None:
    assert [r.code for r in missing(record)] == [code]


def test_the_volume_is_the_sum_of_rates_times_minutes() -> None:
    assert infused_volume(FULL.rates) == Quantity(Decimal(63), ML)


def test_rate_steps_out_of_order_are_malformed() -> None:
    with pytest.raises(Malformed):
        infused_volume((FULL.rates[1], FULL.rates[0]))


def test_planned_steps_follow_the_worked_example_of_28_g_at_70_kg() -> None:
    plan = next(p for p in rate_plans() if p.code == "gamunex_pi")
    steps = planned_steps(plan, Decimal(70), Decimal(280))
    assert [s.rate_ml_per_h for s in steps] == [42, 84, 168, 252, 336]
    assert [s.volume_ml for s in steps] == [21, 42, 84, 126, 7]
    assert total_minutes(steps) == Decimal("121.25")


def test_only_the_visits_own_nurse_accepts_and_signs() -> None:
    mine = uuid4()
    with pytest.raises(Refused, match="only the nurse"):
        VISIT.advance(S.OFFERED, "accept", VisitFacts(nurse=mine, actor=uuid4()), EVERYTHING)
    assert VISIT.advance(S.OFFERED, "accept", VisitFacts(nurse=mine, actor=mine), EVERYTHING).target is S.ACCEPTED
    with pytest.raises(Refused, match="signature"):
        VISIT.advance(S.DOCUMENTED, "sign", VisitFacts(nurse=mine, actor=mine), EVERYTHING)


def test_a_nurse_without_the_competency_is_not_offered_the_visit() -> None:
    facts = VisitFacts(nurse=uuid4(), is_planned=True, nurse_reasons=(Reason("competency", "no infusion competency"),))
    with pytest.raises(Refused, match="no infusion competency"):
        VISIT.advance(S.REQUESTED, "offer", facts, EVERYTHING)


def test_an_incomplete_record_cannot_be_finished() -> None:
    me = uuid4()
    facts = VisitFacts(nurse=me, actor=me, record_reasons=tuple(missing(InfusionRecord(True))))
    with pytest.raises(Refused, match="two identifiers"):
        VISIT.advance(S.IN_PROGRESS, "document", facts, EVERYTHING)
