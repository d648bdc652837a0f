# SPDX-License-Identifier: Apache-2.0
"""A delivery leaves only when the patient agreed, everything is scanned, packed to last, and checked by another person."""
from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from openinfusion.delivery.domain.pack_out import Lane, Payload, Season, choose, pack_outs, season_of, strictest
from openinfusion.delivery.domain.refill_call import Answers, against_delivery, flags
from openinfusion.delivery.domain.ticket import TICKET, TicketFacts, TicketState
from openinfusion.delivery.permissions import ALL
from openinfusion.kernel.refusal import Reason, Refused

EVERYTHING = frozenset(p.code for p in ALL)
S = TicketState
GOOD = TicketFacts(lines=2, was_called=True, has_pack_out=True, received_by="Ada Quibble", has_signature=True, arrived_c=Decimal("5.0"))
CALL = Answers("Ada Quibble", "self", 1, 0, "", "", "", True, True, date(2026, 2, 3))


def codes(state: TicketState, step: str, facts: TicketFacts, signed: bool = True) -> set[str]:
    with pytest.raises(Refused) as no:
        TICKET.advance(state, step, facts, EVERYTHING, signed=signed)
    return {r.code for r in no.value.reasons}


def test_every_state_can_be_reached() -> None:
    reached, edge = {TICKET.initial}, {TICKET.initial}
    while edge:
        edge = {s.target for s in TICKET.steps if s.source in edge} - reached
        reached |= edge
    assert reached == set(TicketState)


@pytest.mark.parametrize(("state", "step", "facts", "why"), [
    (S.DRAFT, "begin_call", TicketFacts(), {"empty"}),
    (S.PRE_DELIVERY_ASSESSMENT, "confirm", TicketFacts(lines=1), {"not-called"}),
    (S.PRE_DELIVERY_ASSESSMENT, "confirm", replace(GOOD, call_reasons=(Reason("no-consent", "x"),)), {"no-consent"}),
    (S.CONFIRMED, "pick", replace(GOOD, unpicked=("bag 1",)), {"not-picked"}),
    (S.CONFIRMED, "pick", replace(GOOD, recalled=("lot 7",)), {"recalled"}),
    (S.PICKED, "pack", replace(GOOD, has_pack_out=False), {"no-pack-out"}),
    (S.RPH_CHECKED, "dispatch", replace(GOOD, recalled=("lot 7",)), {"recalled"}),
    (S.DISPATCHED, "deliver", TicketFacts(lines=1, needs_temperature=True), {"no-receiver", "no-signature", "no-temperature"}),
    (S.DISPATCHED, "dispatch", GOOD, {"no-such-step"}),
])
def test_what_is_missing_stands_against_the_step(state: TicketState, step: str, facts: TicketFacts, why: set[str]) -> None:
    assert codes(state, step, facts) == why


def test_who_packed_may_not_check_and_the_check_is_signed() -> None:
    me = uuid4()
    assert codes(S.PACKED, "check", replace(GOOD, packed_by=me, actor=me), signed=False) == {"same-person", "signature-missing"}
    assert TICKET.advance(S.PACKED, "check", replace(GOOD, packed_by=me, actor=uuid4()), EVERYTHING, signed=True).target is S.RPH_CHECKED


def test_no_consent_or_a_wrong_address_forbids_the_delivery() -> None:
    assert [r.code for r in against_delivery(CALL)] == []
    bad = replace(CALL, consents=False, is_address_right=False, spoke_with=" ")
    assert [r.code for r in against_delivery(bad)] == ["no-consent", "address-wrong", "nobody-answered"]


def test_what_the_pharmacist_should_hear_is_told_in_words() -> None:
    told = flags(replace(CALL, doses_missed=2, missed_why="pump alarm", side_effects="rash", changes="new antibiotic", doses_on_hand=5))
    assert told == (
        "change reported: new antibiotic", "side effects reported: rash", "2 doses missed (pump alarm)", "5 doses still on hand",
    )
    assert flags(CALL) == ()


def test_the_pack_out_is_the_shortest_that_lasts_and_none_is_a_refusal() -> None:
    assert choose(Payload.REFRIGERATED, Lane.OVERNIGHT, date(2026, 7, 1), 24).code == "OV-S-36"
    assert choose(Payload.REFRIGERATED, Lane.COURIER, date(2026, 1, 1), 4).code == "CR-W-12"
    with pytest.raises(Refused, match="no pack-out is on file"):
        choose(Payload.REFRIGERATED, Lane.COURIER, date(2026, 1, 1), 13)


def test_the_season_and_the_strictest_storage_decide() -> None:
    assert (season_of(date(2026, 5, 1)), season_of(date(2026, 11, 1))) == (Season.SUMMER, Season.WINTER)
    assert strictest(["room", "refrigerated"]) is Payload.REFRIGERATED
    assert strictest(["room", "frozen", "refrigerated"]) is Payload.FROZEN
    assert strictest([]) is Payload.ROOM


def test_every_payload_lane_and_season_that_is_on_file_names_its_source_and_is_marked_unverified() -> None:
    assert all(p.source.text and not p.is_validated for p in pack_outs())
    assert len({p.code for p in pack_outs()}) == len(pack_outs())
