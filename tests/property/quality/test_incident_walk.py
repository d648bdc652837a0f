# SPDX-License-Identifier: Apache-2.0
"""Random walks: whatever is tried in whatever order, a closed incident has a cause, done actions and another closer."""
from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Refused
from openinfusion.quality.domain.incident import INCIDENT, IncidentFacts, IncidentState

PEOPLE = (new_id(), new_id())
MAY = frozenset({"quality.incident.handle"})
STEPS = sorted({s.name for s in INCIDENT.steps})
MOVES = st.one_of(
    st.tuples(st.just("step"), st.sampled_from(STEPS)),
    st.tuples(st.just("owner"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("cause"), st.sampled_from(["", "a cause"])),
    st.tuples(st.just("actions"), st.tuples(st.integers(0, 2), st.integers(0, 2), st.booleans())),
)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(PEOPLE), MOVES, st.booleans()), max_size=25))
def test_no_walk_closes_what_is_not_finished(walk: list) -> None:
    state, facts = IncidentState.OPEN, IncidentFacts(PEOPLE[0])
    for actor, (kind, value), signed in walk:
        facts = replace(facts, actor=actor)
        if kind == "owner":
            facts = replace(facts, owner=value)
        elif kind == "cause":
            facts = replace(facts, cause=value)
        elif kind == "actions":
            facts = replace(facts, corrective=value[0], preventive=value[1], undone=("x",) if value[2] else ())
        else:
            try:
                state = INCIDENT.advance(state, value, facts, MAY, reason="why", signed=signed).target
            except Refused:
                continue
            if state is IncidentState.CLOSED:
                assert facts.cause and not facts.undone and facts.owner not in (None, actor) and signed
            if state is not IncidentState.OPEN:
                assert facts.owner is not None
