# SPDX-License-Identifier: Apache-2.0
"""Random walks over the second place of a visit: what must hold whatever is tried."""
from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.nursing.domain.second_nurse import SECOND, SecondFacts, SecondState
from openinfusion.nursing.permissions import ALL

EVERYTHING = frozenset(p.code for p in ALL)
ME, OTHER = UUID(int=1), UUID(int=2)
NO = Reason("no", "no")
FACTS = st.builds(
    SecondFacts, nurse=st.sampled_from([None, ME, OTHER]), first=st.sampled_from([None, ME, OTHER]), actor=st.just(ME),
    nurse_reasons=st.sampled_from([(), (NO,)]), begun=st.booleans(), one_may=st.booleans(),
)
S = SecondState


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
