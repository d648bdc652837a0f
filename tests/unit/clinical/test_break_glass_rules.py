# SPDX-License-Identifier: Apache-2.0
"""Passing a hard stop: which ones ever, what has to be said, and through whose hands it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from openinfusion.clinical.domain.break_glass import (
    BREAK_GLASS,
    PassFacts,
    PassState,
    check_proposal,
    emergency_reasons,
    passable,
    review_due,
)
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.permissions import ALL
from openinfusion.kernel.refusal import Malformed, Refused

AT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
EVERYTHING = frozenset(p.code for p in ALL)
STOP = Finding(
    rule="allergy", code="allergy-same-side-chain", tier=Tier.HARD, title="Same side chain", text="x", do="choose another drug"
)
SAID: dict[str, Any] = {
    "reason_code": "no_alternative", "note": "sepsis, graded challenge", "prescriber": "Lena Fictional, MD", "reached_at": AT, "at": AT,
}


def test_five_stops_and_no_others_can_be_passed() -> None:
    assert {p.code: p.hours for p in passable().values()} == dict.fromkeys(
        ("allergy-not-recorded", "allergy-same-side-chain", "allergy-same-class", "carbapenem-valproate", "pregnancy-ganciclovir-pregnant"),
        24,
    )
    assert check_proposal(STOP, **SAID) == passable()["allergy-same-side-chain"]
    for finding, code in ((replace(STOP, tier=Tier.SOFT), "no-hard-stop"), (replace(STOP, code="route-wrong"), "never-passed")):
        with pytest.raises(Refused) as no:
            check_proposal(finding, **SAID)
        assert [r.code for r in no.value.reasons] == [code]


@pytest.mark.parametrize(("change", "path"), [
    ({"reason_code": "because"}, "reason_code"), ({"note": "  too short "}, "note"), ({"prescriber": " "}, "prescriber"),
    ({"reached_at": AT - timedelta(hours=4, seconds=1)}, "reached_at"), ({"reached_at": AT + timedelta(seconds=1)}, "reached_at"),
    ({"reached_at": AT.replace(tzinfo=None)}, "reached_at"),
])  # fmt: skip
def test_what_was_said_is_checked(change: dict[str, Any], path: str) -> None:
    with pytest.raises(Malformed) as no:
        check_proposal(STOP, **SAID | change)
    assert [f.path for f in no.value.faults] == [path]


def test_the_borders_of_what_was_said_pass() -> None:
    assert check_proposal(STOP, **SAID | {"reached_at": AT - timedelta(hours=4), "note": "ten signs.", "reason_code": "stopping_is_worse"})
    assert {"no_alternative", "stopping_is_worse"} <= set(emergency_reasons())
    assert review_due(AT) == AT + timedelta(hours=72)


@pytest.mark.parametrize(("state", "step", "facts", "codes"), [
    (PassState.PROPOSED, "confirm", PassFacts(), []),
    (PassState.PROPOSED, "confirm", PassFacts(actor_proposed=True, ordered_by_hand_of_actor=True, stands=False),
     ["own-pass", "own-transcription", "stop-gone"]),
    (PassState.LAPSED, "review", PassFacts(), []), (PassState.LAPSED, "review", PassFacts(actor_took_part=True), ["own-pass"]),
])  # fmt: skip
def test_it_goes_through_three_pairs_of_hands(state: PassState, step: str, facts: PassFacts, codes: list[str]) -> None:
    found: list[str] = []
    try:
        BREAK_GLASS.advance(state, step, facts, EVERYTHING, reason="it has lapsed", signed=True)
    except Refused as no:
        found = [r.code for r in no.reasons]
    assert found == codes
