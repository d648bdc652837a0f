# SPDX-License-Identifier: Apache-2.0
"""The second place: every state is reached, what lets one nurse go alone is a row, and a visit is begun and signed by two."""
from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from openinfusion.kernel.refusal import Reason
from openinfusion.nursing.domain.second_nurse import SECOND, SETTLED, SURE, SecondState, SecondWhy, why_two
from openinfusion.nursing.domain.visit import VISIT, VisitFacts, VisitState
from openinfusion.nursing.domain.visit_form import types_on
from openinfusion.nursing.permissions import ALL

EVERYTHING = frozenset(p.code for p in ALL)
ME = UUID(int=1)
ON = date(2026, 11, 1)
NO = Reason("no", "no")


def test_every_state_can_be_reached_and_every_reason_has_its_row() -> None:
    reached, edge = {SECOND.initial}, {SECOND.initial}
    while edge:
        edge = {s.target for s in SECOND.steps if s.source in edge} - reached
        reached |= edge
    assert reached == set(SecondState)
    assert {why for why in SecondWhy if why_two(why, ON).one_may} == {SecondWhy.TURNING, SecondWhy.TRAINING}
    assert {t.second for t in types_on(ON).values()} == {"", "double_check"}


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
