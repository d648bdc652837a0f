# SPDX-License-Identifier: Apache-2.0
"""The second place: every state is reached, nobody is her own second, and what lets one nurse go alone is a row."""
from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.nursing.domain.second_nurse import SECOND, SETTLED, SURE, SecondFacts, SecondState, SecondWhy, why_two
from openinfusion.nursing.domain.visit import VISIT, VisitFacts, VisitState
from openinfusion.nursing.domain.visit_form import types_on
from openinfusion.nursing.permissions import ALL

EVERYTHING = frozenset(p.code for p in ALL)
ME, OTHER = UUID(int=1), UUID(int=2)
ON = date(2026, 11, 1)
NO = Reason("no", "no")
FACTS = st.builds(
    SecondFacts, nurse=st.sampled_from([None, ME, OTHER]), first=st.sampled_from([None, ME, OTHER]), actor=st.just(ME),
    nurse_reasons=st.sampled_from([(), (NO,)]), begun=st.booleans(), one_may=st.booleans(),
)
S = SecondState


def test_every_state_can_be_reached_and_every_reason_has_its_row() -> None:
    reached, edge = {SECOND.initial}, {SECOND.initial}
    while edge:
        edge = {s.target for s in SECOND.steps if s.source in edge} - reached
        reached |= edge
    assert reached == set(SecondState)
    assert {why for why in SecondWhy if why_two(why, ON).one_may} == {SecondWhy.TURNING, SecondWhy.TRAINING}
    assert {t.second for t in types_on(ON).values()} == {"", "double_check"}


@given(st.lists(st.tuples(st.sampled_from(sorted({s.name for s in SECOND.steps})), FACTS, st.booleans(), st.booleans()), max_size=40))
def test_nobody_is_offered_unfit_or_signs_for_another_or_goes_alone_without_a_word(
    tried: list[tuple[str, SecondFacts, bool, bool]],
) -> None:
    state = SECOND.initial
    for name, facts, signed, worded in tried:
        try:
            step = SECOND.advance(state, name, facts, EVERYTHING, reason="because" if worded else "", signed=signed)
        except Refused:
            continue
        if step.target is S.OFFERED:
            assert facts.nurse not in (None, facts.first) and facts.first is not None and not facts.nurse_reasons
        if step.target is S.PRESENT:
            assert state is S.ACCEPTED and signed and facts.begun and facts.nurse == facts.actor
        if step.target is S.ALONE:
            assert worded and (facts.one_may or facts.begun)
        if step.name == "free":
            assert worded and not facts.begun
        state = step.target


@pytest.mark.parametrize("second", ["", *SecondState])
def test_a_visit_is_begun_by_two_and_signed_after_two(second: str) -> None:
    def goes(state: VisitState, step: str) -> bool:
        facts = VisitFacts(nurse=ME, actor=ME, is_planned=True, second=second)
        return not VISIT.reasons(VISIT.step(state, step), facts, EVERYTHING)

    begins = {goes(VisitState.CONFIRMED, "set_out"), goes(VisitState.EN_ROUTE, "arrive")}
    assert begins == {second in SURE}
    assert {goes(s, "sign") for s in (VisitState.DOCUMENTED, VisitState.REVIEWED)} == {second in SETTLED}
    ill = VisitFacts(nurse=ME, actor=ME, is_planned=True, second=second, second_reasons=(NO,))
    assert VISIT.reasons(VISIT.step(VisitState.CONFIRMED, "set_out"), ill, EVERYTHING)
