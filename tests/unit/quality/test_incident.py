# SPDX-License-Identifier: Apache-2.0
"""An incident goes on with an owner, a cause and actions that are done, and is closed by somebody else."""
from __future__ import annotations

from datetime import date

import pytest

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Refused
from openinfusion.quality.domain.deadline import act_by, investigate_by
from openinfusion.quality.domain.incident import INCIDENT, IncidentFacts, IncidentState

ME, OTHER = new_id(), new_id()
MAY = frozenset({"quality.incident.handle"})
READY = IncidentFacts(ME, OTHER, "the door stood open", 1, 1)


def codes(state: IncidentState, step: str, facts: IncidentFacts, **how: object) -> list[str]:
    try:
        INCIDENT.advance(state, step, facts, MAY, **how)
    except Refused as no:
        return [r.code for r in no.reasons]
    return []


S = IncidentState


@pytest.mark.parametrize(("state", "step", "facts", "against"), [
    (S.OPEN, "investigate", IncidentFacts(ME), ["no-owner"]),
    (S.OPEN, "investigate", IncidentFacts(ME, ME), []),
    (S.INVESTIGATING, "plan", IncidentFacts(ME, OTHER), ["no-cause", "no-action"]),
    (S.INVESTIGATING, "plan", IncidentFacts(ME, OTHER, "c", 1, 0), ["no-action"]),
    (S.INVESTIGATING, "plan", READY, []),
    (S.ACTION_PLANNED, "close", READY, []),
    (S.ACTION_PLANNED, "close", IncidentFacts(OTHER, OTHER, "c", 1, 1), ["own-incident"]),
    (S.ACTION_PLANNED, "close", IncidentFacts(ME, OTHER, "c", 1, 1, ("fix the door",)), ["undone"]),
    (S.ACTION_PLANNED, "close", IncidentFacts(ME, OTHER, "c", 1, 1, (), True), ["going-on"]),
    (S.INVESTIGATING, "dismiss", IncidentFacts(ME, OTHER), ["no-cause"]),
    (S.INVESTIGATING, "dismiss", IncidentFacts(ME, OTHER, "door ajar"), []),
    (S.CLOSED, "close", READY, ["no-such-step"]),
])
def test_each_step_and_what_stands_against_it(state: S, step: str, facts: IncidentFacts, against: list[str]) -> None:
    assert codes(state, step, facts, reason="because", signed=True) == against


def test_closing_is_signed_and_reopening_says_why() -> None:
    assert codes(S.ACTION_PLANNED, "close", READY) == ["signature-missing"]
    assert codes(S.CLOSED, "reopen", READY) == ["reason-missing"]
    assert codes(S.CLOSED, "reopen", READY, reason="it came back") == []


def test_deadlines_cross_month_and_leap_day() -> None:
    assert investigate_by(date(2028, 2, 25)) == date(2028, 3, 3)
    assert act_by(date(2027, 1, 30)) == date(2027, 3, 1)
