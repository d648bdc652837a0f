# SPDX-License-Identifier: Apache-2.0
"""The machines of the clinical room: what each step needs, and every reason that is given against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from openinfusion.clinical.domain.call import check_call
from openinfusion.clinical.domain.coded import check, coded
from openinfusion.clinical.domain.event import EVENT, EventFacts, EventState, check_event
from openinfusion.clinical.domain.finding import Finding, Tier, in_order
from openinfusion.clinical.domain.goal import GOAL, GoalFacts, GoalState, check_goal
from openinfusion.clinical.domain.intervention import (
    INTERVENTION,
    MOST_MINUTES,
    InterventionFacts,
    InterventionState,
    check_intervention,
)
from openinfusion.clinical.domain.review import REVIEW, ReviewFacts, ReviewState
from openinfusion.clinical.domain.rule import RULE, RuleFacts, RuleState, Tally
from openinfusion.clinical.permissions import ALL
from openinfusion.kernel.machine import Machine
from openinfusion.kernel.refusal import Malformed, Refused

EVERYTHING = frozenset(p.code for p in ALL)
DAY = date(2026, 3, 2)


def against(machine: Machine[Any, Any], state: Any, step: str, facts: Any, **said: Any) -> list[str]:
    """The codes of every reason against a step; none where it goes."""
    try:
        machine.advance(state, step, facts, EVERYTHING, **said)
    except Refused as no:
        return [r.code for r in no.reasons]
    return []


def faults(work: Any, *args: Any, **said: Any) -> list[str]:
    try:
        work(*args, **said)
    except Malformed as no:
        return [f.path for f in no.faults]
    return []


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (ReviewFacts(), []),
        (ReviewFacts(hard=("Allergy",)), ["hard-stop"]),
        (ReviewFacts(unanswered=("Renal",)), ["unanswered"]),
        (ReviewFacts(transcribed_by_actor=True), ["own-transcription"]),
        (ReviewFacts(("Allergy", "Line"), ("Renal",), True), ["hard-stop", "unanswered", "own-transcription"]),
    ],
)
def test_an_order_is_verified_only_without_stops_unanswered_findings_and_own_transcription(
    facts: ReviewFacts, reasons: list[str]
) -> None:
    assert against(REVIEW, ReviewState.WAITING, "verify", facts, signed=True) == reasons


def test_the_reasons_against_verification_name_and_count_what_stands() -> None:
    with pytest.raises(Refused) as no:
        REVIEW.advance(ReviewState.WAITING, "verify", ReviewFacts(("Allergy", "Line"), ("Renal", "Age")), EVERYTHING, signed=True)
    assert [r.text for r in no.value.reasons] == ["2 hard stop(s): Allergy; Line", "2 to answer: Renal; Age"]


def test_a_verification_is_signed_and_every_other_step_gives_its_reason() -> None:
    assert against(REVIEW, ReviewState.WAITING, "verify", ReviewFacts()) == ["signature-missing"]
    for state, step in (
        (ReviewState.WAITING, "clarify"),
        (ReviewState.CLARIFICATION, "answer"),
        (ReviewState.VERIFIED, "reopen"),
        (ReviewState.WAITING, "withdraw"),
        (ReviewState.CLARIFICATION, "withdraw"),
        (ReviewState.VERIFIED, "withdraw"),
    ):
        assert against(REVIEW, state, step, ReviewFacts()) == ["reason-missing"]
    assert REVIEW.terminal == {ReviewState.WITHDRAWN}


@pytest.mark.parametrize(
    ("state", "step", "facts", "reasons"),
    [
        (RuleState.IN_FORCE, "propose", RuleFacts(), []),
        (RuleState.IN_FORCE, "propose", RuleFacts(is_hard=True), ["hard-rule"]),
        (RuleState.PROPOSED, "confirm", RuleFacts(), []),
        (RuleState.PROPOSED, "confirm", RuleFacts(proposed_by_actor=True), ["own-proposal"]),
        (RuleState.PROPOSED, "confirm", RuleFacts(True, True), ["hard-rule", "own-proposal"]),
        (RuleState.PROPOSED, "keep", RuleFacts(True, True), []),
        (RuleState.RETIRED, "restore", RuleFacts(True, True), []),
        (RuleState.IN_FORCE, "confirm", RuleFacts(), ["no-such-step"]),
    ],
)
def test_a_rule_is_retired_by_two_people_and_a_hard_one_never(
    state: RuleState, step: str, facts: RuleFacts, reasons: list[str]
) -> None:
    assert against(RULE, state, step, facts, reason="fires on everybody", signed=True) == reasons


@pytest.mark.parametrize(
    ("tally", "override", "acted", "wolf"),
    [
        (Tally(), None, None, False),
        (Tally(fired=30, open=30), None, None, False),
        (Tally(overridden=19), 100, 0, False),  # fewer than 20 decided say nothing
        (Tally(overridden=20), 100, 0, True),
        (Tally(overridden=95, acted=5), 95, 5, False),  # the borders do not count
        (Tally(overridden=96, acted=4), 96, 4, True),
        (Tally(overridden=1, acted=2), 33, 67, False),
        (Tally(fired=200, overridden=97, acted=3, open=100), 97, 3, True),  # what is open is not decided
    ],
)
def test_a_rule_cries_wolf_when_it_is_nearly_always_overridden(
    tally: Tally, override: int | None, acted: int | None, wolf: bool
) -> None:
    assert (tally.override_pct, tally.action_pct, tally.cries_wolf) == (override, acted, wolf)


@pytest.mark.parametrize(
    ("outcome", "minutes", "reasons"),
    [
        ("", 0, ["outcome-missing", "minutes"]),
        ("", 1, ["outcome-missing"]),
        ("known", 0, ["minutes"]),
        ("known", 1, []),
        ("known", MOST_MINUTES, []),
        ("known", MOST_MINUTES + 1, ["minutes"]),
    ],
)
def test_an_intervention_is_settled_with_a_coded_outcome_and_a_possible_time(
    outcome: str, minutes: int, reasons: list[str]
) -> None:
    outcome = next(iter(coded("intervention_outcome"))) if outcome else "as discussed"
    assert against(INTERVENTION, InterventionState.OPEN, "settle", InterventionFacts(outcome, minutes)) == reasons


@pytest.mark.parametrize(("minutes", "wrong"), [(0, ["minutes"]), (1, []), (480, []), (481, ["minutes"])])
def test_an_intervention_says_everything_at_once(minutes: int, wrong: list[str]) -> None:
    kind = next(iter(coded("intervention_type")))
    assert faults(check_intervention, kind, "pharmacy", "dose too high", minutes) == wrong
    assert faults(check_intervention, "chat", "law", " ", minutes) == ["kind", "discipline", "problem", *wrong]


@pytest.mark.parametrize(("related", "reasons"), [("unknown", ["relation-unknown"]), ("related", []), ("unrelated", [])])
def test_an_event_is_closed_once_its_relation_is_judged(related: str, reasons: list[str]) -> None:
    assert against(EVENT, EventState.REPORTED, "review", EventFacts(related), reason="judged") == reasons
    assert against(EVENT, EventState.REVIEWED, "reopen", EventFacts(related), reason="new findings") == []


def event(**changes: Any) -> list[str]:
    kind = next(iter(coded("line_event")))
    given: dict[str, Any] = {
        "family": "line_event", "kind": kind, "harm": "mild", "related": "unknown", "occurred_on": DAY, "ended_on": None,
        "text": "came out at night", "has_device": True, "today": DAY,
    }  # fmt: skip
    return faults(check_event, **given | changes)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"family": "weather"}, ["family"]),
        ({"kind": "rain"}, ["kind"]),
        ({"harm": "some"}, ["harm"]),
        ({"related": "perhaps"}, ["related"]),
        ({"occurred_on": DAY + timedelta(days=1)}, ["occurred_on"]),
        ({"ended_on": DAY}, []),
        ({"ended_on": DAY - timedelta(days=1)}, ["ended_on"]),
        ({"text": " "}, ["text"]),
        ({"has_device": False}, ["line_id"]),
    ],
)
def test_an_event_is_reported_whole(changes: dict[str, Any], wrong: list[str]) -> None:
    assert event(**changes) == wrong


def test_an_event_that_is_no_events_of_a_device_needs_none() -> None:
    for family in ("adverse_reaction", "unplanned_care"):
        assert event(family=family, kind=next(iter(coded(family))), has_device=False) == []


@pytest.mark.parametrize(("reviewed", "reasons"), [(False, ["never-reviewed"]), (True, [])])
@pytest.mark.parametrize("step", ["meet", "miss"])
def test_a_goal_is_judged_after_it_was_reviewed(step: str, reviewed: bool, reasons: list[str]) -> None:
    assert against(GOAL, GoalState.ACTIVE, step, GoalFacts(reviewed), reason="CRP normal") == reasons
    assert against(GOAL, GoalState.ACTIVE, "withdraw", GoalFacts(reviewed), reason="moved away") == []


def test_a_goal_can_be_told_to_be_met() -> None:
    ahead = DAY + timedelta(days=1)
    assert faults(check_goal, "pharmacy", "fever", "no fever for 3 days", "temperature each morning", ahead, DAY, ()) == []
    wrong = faults(check_goal, "law", "", "", "", DAY, DAY, ("closely", "soon"))
    assert wrong == ["discipline", "problem", "goal", "measure", "review_on", "measure", "measure"]


def test_a_call_has_a_topic_a_caller_and_words() -> None:
    assert faults(check_call, "supplies", "Mrs Sample", "no needles left") == []
    assert faults(check_call, "weather", "", " ") == ["topic", "caller", "words"]
    check(None, None)


def test_findings_are_coloured_and_ordered_by_danger() -> None:
    found = [Finding(rule=rule, code=t.value, tier=t, title="", text="") for t in reversed(Tier) for rule in ("b", "a")]
    assert [(f.tier, f.rule) for f in in_order(found)] == [(t, rule) for t in Tier for rule in ("a", "b")]
    assert [t.tone for t in Tier] == ["crit", "warn", "warn", "info", "ok"]
    assert [t.needs_answer for t in Tier] == [False, True, True, False, False]


def test_a_fingerprint_changes_with_each_fact_it_rests_on_and_with_nothing_else() -> None:
    one = Finding(rule="renal", code="renal-dose", tier=Tier.SOFT, title="a", text="b", evidence=("crcl 30", "dose 2 g"))
    same = replace(one, title="other words", text="again", do="less", sends_back=False)
    assert same.fingerprint == one.fingerprint and len(one.fingerprint) == 32
    others = [
        replace(one, rule="age"), replace(one, code="renal-low"), replace(one, tier=Tier.HARD), replace(one, evidence=()),
        replace(one, evidence=("crcl 31", "dose 2 g")), replace(one, evidence=("crcl 30dose 2 g",)),
    ]  # fmt: skip
    assert len({f.fingerprint for f in (one, *others)}) == len(others) + 1


def test_every_reason_of_a_guard_says_why_and_how_it_clears() -> None:
    said = [
        *REVIEW.reasons(REVIEW.step(ReviewState.WAITING, "verify"), ReviewFacts(("Line",), ("Age",), True), EVERYTHING),
        *RULE.reasons(RULE.step(RuleState.PROPOSED, "confirm"), RuleFacts(True, True), EVERYTHING),
        *INTERVENTION.reasons(INTERVENTION.step(InterventionState.OPEN, "settle"), InterventionFacts("", 0), EVERYTHING),
        *EVENT.reasons(EVENT.step(EventState.REPORTED, "review"), EventFacts(), EVERYTHING),
        *GOAL.reasons(GOAL.step(GoalState.ACTIVE, "meet"), GoalFacts(), EVERYTHING),
    ]
    outcomes = ", ".join(coded("intervention_outcome"))
    assert [str(r) for r in said] == [
        "1 hard stop(s): Line (change the order)",
        "1 to answer: Age (answer each with a reason)",
        "whoever transcribed the order may not verify it (another pharmacist verifies)",
        "a rule that stops hard is never retired",
        "whoever proposed it may not confirm it (another pharmacist confirms)",
        f"say what came of it (one of {outcomes})",
        "the time is 1 to 480 minutes in all",
        "say whether it comes of the therapy",
        "nobody has reviewed this goal yet (review it first)",
    ]
