# SPDX-License-Identifier: Apache-2.0
"""Random walks over the ticket: whatever is tried in whatever order, nothing leaves or arrives that may not."""
from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.delivery.domain.ticket import TICKET, TicketFacts, TicketState
from openinfusion.delivery.permissions import ALL
from openinfusion.kernel.refusal import Reason, Refused

NO = (Reason("no", "no"),)
PERSON = uuid4()
MAY = frozenset(p.code for p in ALL)
FACTS = st.builds(
    TicketFacts,
    lines=st.integers(0, 2), unpicked=st.sampled_from(((), ("a",))), call_reasons=st.sampled_from(((), NO)), was_called=st.booleans(),
    has_pack_out=st.booleans(), packed_by=st.sampled_from((None, PERSON)), actor=st.sampled_from((PERSON, uuid4())),
    received_by=st.sampled_from(("", "A")), has_signature=st.booleans(), arrived_c=st.sampled_from((None, Decimal(5))),
    needs_temperature=st.booleans(), recalled=st.sampled_from(((), ("lot",))), expired=st.sampled_from(((), ("lot",))),
    open_concerns=st.integers(0, 2), undone=st.sampled_from(((), ("step",))), lacks_logger=st.booleans(),
    lacks_validation=st.booleans(), against_pack_out=st.sampled_from(((), NO)), against_lane=st.sampled_from(((), NO)),
    ship_reasons=st.sampled_from(((), NO)),
)
STEPS = st.sampled_from(sorted({s.name for s in TICKET.steps}))
ENDS = frozenset({TicketState.RECONCILED, TicketState.CANCELLED})


@given(st.lists(st.tuples(STEPS, FACTS), max_size=40))
def test_no_walk_breaks_a_rule(walk: list[tuple[str, TicketFacts]]) -> None:
    state = TICKET.initial
    for name, facts in walk:
        try:
            taken = TICKET.advance(state, name, facts, MAY, reason="because", signed=True)
        except Refused:
            continue
        assert state not in ENDS
        _holds(taken, facts)
        state = taken.target


def _holds(taken: Any, f: TicketFacts) -> None:
    if taken.name == "confirm":
        assert f.was_called and not f.call_reasons and not f.open_concerns
    if taken.name == "check":
        assert f.packed_by != f.actor and not f.unpicked and not f.lacks_validation
    if taken.name == "pack":
        assert f.has_pack_out and not f.undone and not f.lacks_logger and not f.lacks_validation
    if taken.name == "dispatch":
        assert not (f.recalled or f.expired or f.open_concerns or f.lacks_validation or f.against_pack_out or f.against_lane
                    or f.ship_reasons)
    if taken.name == "deliver":
        assert f.received_by and f.has_signature and (f.arrived_c is not None or not f.needs_temperature)


@given(st.lists(STEPS, max_size=60))
def test_with_everything_in_order_every_walk_ends_or_can_go_on(names: list[str]) -> None:
    fine = replace(TicketFacts(), lines=1, was_called=True, has_pack_out=True, packed_by=PERSON, actor=uuid4(), received_by="A",
                   has_signature=True, arrived_c=Decimal(5))
    state = TICKET.initial
    for name in names:
        try:
            state = TICKET.advance(state, name, fine, MAY, reason="because", signed=True).target
        except Refused:
            continue
    assert state in ENDS or any(o.enabled for o in TICKET.offers(state, fine, MAY))
