# SPDX-License-Identifier: Apache-2.0
"""Random walks over the visit's machine, and over the plan of rates: what must hold whatever is tried."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.nursing.domain.infusion_record import RateStep
from openinfusion.nursing.domain.titration import Next, advise
from openinfusion.nursing.domain.visit import VISIT, VisitFacts, VisitState
from openinfusion.nursing.permissions import ALL

ME, OTHER = UUID(int=1), UUID(int=2)
EVERYTHING = frozenset(p.code for p in ALL)
NAMES = sorted({s.name for s in VISIT.steps})
REASON = Reason("no", "no")
FACTS = st.builds(
    VisitFacts, nurse=st.sampled_from([None, ME, OTHER]), actor=st.just(ME), nurse_reasons=st.sampled_from([(), (REASON,)]),
    is_planned=st.booleans(), record_reasons=st.sampled_from([(), (REASON,)]),
)
S = VisitState
ON_THE_WAY_TO_SIGNED = {S.DOCUMENTED, S.REVIEWED}


@given(st.lists(st.tuples(st.sampled_from(NAMES), FACTS, st.booleans()), max_size=60))
def test_nothing_is_signed_but_whole_by_its_nurse_and_after_it_was_made(tried: list[tuple[str, VisitFacts, bool]]) -> None:
    state, been = VISIT.initial, {VISIT.initial}
    for name, facts, signed in tried:
        try:
            step = VISIT.advance(state, name, facts, EVERYTHING, reason="because", signed=signed)
        except Refused:
            continue
        if step.target is S.OFFERED:
            assert facts.nurse is not None and facts.is_planned and not facts.nurse_reasons
        if step.target is S.IN_PROGRESS and state is S.EN_ROUTE:
            assert facts.nurse == facts.actor
        if step.target is S.SIGNED:
            assert state in ON_THE_WAY_TO_SIGNED and signed and facts.nurse == facts.actor and not facts.record_reasons
            assert S.IN_PROGRESS in been
        assert state not in VISIT.terminal
        state = step.target
        been.add(state)


@given(
    plan=st.lists(st.integers(1, 900), min_size=1, max_size=8, unique=True).map(lambda r: tuple(Decimal(x) for x in sorted(r))),
    ran=st.lists(st.integers(0, 1000), max_size=10), held=st.booleans(),
)
def test_an_advised_rate_is_of_the_plan_and_a_reaction_never_raises(plan: tuple[Decimal, ...], ran: list[int], held: bool) -> None:
    noon = datetime(2026, 2, 2, 12, tzinfo=UTC)
    run = [RateStep(noon + timedelta(minutes=n), Decimal(r)) for n, r in enumerate(ran)]
    advice = advise(plan, 15, run, held)
    if advice.next in {Next.START, Next.RAISE}:
        assert advice.rate_ml_per_h in plan
    if held and run:
        assert advice.next in {Next.HOLD, Next.STOPPED}
    if advice.back_ml_per_h is not None:
        assert advice.back_ml_per_h < run[-1].rate_ml_per_h
