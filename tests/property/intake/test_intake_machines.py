# SPDX-License-Identifier: Apache-2.0
"""Random walks of the referral and authorization machines: the gate holds, ends are ends, every state can be reached."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.intake.domain.authorization import AUTHORIZATION, HOLDING, AuthorizationFacts, AuthorizationState
from openinfusion.intake.domain.referral import REFERRAL, ReferralFacts, ReferralState
from openinfusion.intake.permissions import ALL
from openinfusion.kernel.machine import Machine
from openinfusion.kernel.refusal import Refused

EVERYTHING = frozenset(p.code for p in ALL)
facts = st.builds(
    ReferralFacts, missing=st.sampled_from([(), ("weight",)]), missing_clinical=st.sampled_from([(), ("weight",)]), coverage=st.booleans(),
    benefits=st.booleans(), authorization_needed=st.booleans(), authorized=st.booleans(), start_on=st.sampled_from([None, date(2026, 1, 1)]),
    turn_away=st.sampled_from(["", "no_nurse", "because"]), referred_to=st.sampled_from(["", "Example"]),
)
answers = st.builds(
    AuthorizationFacts, today=st.just(date(2026, 6, 1)), number=st.sampled_from(["", "A1"]),
    first=st.sampled_from([None, date(2026, 1, 1), date(2026, 7, 1)]), last=st.sampled_from([None, date(2026, 3, 1), date(2026, 12, 1)]),
    codes=st.integers(0, 2),
)


@given(st.lists(st.tuples(st.sampled_from(sorted({s.name for s in REFERRAL.steps})), facts), max_size=30))
def test_no_walk_accepts_a_patient_while_something_is_missing(walk: list[tuple[str, ReferralFacts]]) -> None:
    state = ReferralState.RECEIVED
    for name, seen in walk:
        try:
            step = REFERRAL.advance(state, name, seen, EVERYTHING, reason="because")
        except Refused:
            continue
        assert state not in REFERRAL.terminal
        if step.target is ReferralState.ACCEPTED and step.name == "accept":
            assert not seen.missing and (seen.authorized or not seen.authorization_needed)
        if step.target is ReferralState.CLINICALLY_ACCEPTED:
            assert seen.benefits and not seen.missing_clinical
        if step.target in (ReferralState.DECLINED, ReferralState.REFERRED_OUT, ReferralState.CANCELLED):
            assert seen.turn_away == "no_nurse"
        state = step.target


@given(st.lists(st.tuples(st.sampled_from(sorted({s.name for s in AUTHORIZATION.steps})), answers), max_size=30))
def test_no_walk_holds_an_authorization_without_number_days_and_codes(walk: list[tuple[str, AuthorizationFacts]]) -> None:
    state = AuthorizationState.TO_SUBMIT
    for name, seen in walk:
        try:
            step = AUTHORIZATION.advance(state, name, seen, EVERYTHING, reason="because")
        except Refused:
            continue
        if step.target in HOLDING and step.name in ("approve", "approve_part", "overturn"):
            assert seen.number and seen.codes and seen.first and seen.last and seen.first <= seen.last
        state = step.target


@pytest.mark.parametrize("machine", [REFERRAL, AUTHORIZATION], ids=lambda m: m.name)
def test_every_state_can_be_reached(machine: Machine[Any, Any]) -> None:
    reached, edge = {machine.initial}, [machine.initial]
    while edge:
        here = edge.pop()
        for step in machine.steps:
            if step.source is here and step.target not in reached:
                reached.add(step.target)
                edge.append(step.target)
    assert reached == set(machine.states)


@pytest.mark.parametrize("step", [s for s in REFERRAL.steps if s.name in ("decline", "refer_out", "cancel", "give_up", "correct", "ask")], ids=lambda s: f"{s.source}-{s.name}")
def test_ends_and_corrections_want_a_reason(step: Any) -> None:
    whole = ReferralFacts(turn_away="no_nurse", referred_to="Example", benefits=True, coverage=True, start_on=date(2026, 1, 1))
    with pytest.raises(Refused, match="needs a reason"):
        REFERRAL.advance(step.source, step.name, whole, EVERYTHING)
