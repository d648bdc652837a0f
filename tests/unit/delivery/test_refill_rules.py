# SPDX-License-Identifier: Apache-2.0
"""The refill call: what is asked by class, what comes to whom, and when the payer lets the next supply go."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from openinfusion.delivery.domain.concern import CONCERN, ConcernFacts, ConcernState
from openinfusion.delivery.domain.question import Answer, Said, not_asked, nothing_new, question, questions_for
from openinfusion.delivery.domain.refill_call import Answers, must_be_sound, raised
from openinfusion.delivery.domain.refill_window import Refill, refill_windows, too_early, windows_for
from openinfusion.kernel.refusal import Malformed, Refused

DAY = date(2026, 11, 23)
CALM = Answers("Amara", "self", 0, 0, "", "", "", True, True, DAY, said=nothing_new("antibiotic"))


def test_every_class_is_asked_its_own_questions() -> None:
    assert {"neutropenic_signs"} == {q.code for q in questions_for("chemotherapy")} - {q.code for q in questions_for("antibiotic")}
    assert all(q.source.text and q.role for q in questions_for("factor"))
    assert not_asked(CALM.said, "antibiotic") is None
    few, many = not_asked(CALM.said[:-1], "antibiotic"), not_asked((), "antibiotic")
    assert few and "insurance" in few.text and many and "more" in many.text
    with pytest.raises(Malformed):
        question("the weather")


def test_an_answer_comes_to_the_role_that_must_look_at_it() -> None:
    assert raised(CALM) == ()
    said = (Said("line_trouble", Answer.YES, "red since Sunday"), Said("new_medicines", Answer.YES), Said("admitted", Answer.NO))
    found = raised(replace(CALM, said=said, side_effects="nausea", doses_missed=2, doses_on_hand=5, changes="fever"))
    assert [(r.code, r.role) for r in found] == [
        ("changes", "pharmacist"), ("side_effects", "pharmacist"), ("doses_missed", "pharmacist"), ("doses_on_hand", "pharmacist"),
        ("line_trouble", "nurse_manager"), ("new_medicines", "pharmacist"),
    ]
    assert found[4].text.endswith("Yes. red since Sunday")


@pytest.mark.parametrize("wrong", [
    {"window_from": time(9)}, {"window_from": time(12), "window_to": time(9)},
    {"said": (Said("admitted", Answer.NO), Said("admitted", Answer.YES))}, {"said": (Said("unknown", Answer.NO),)},
])
def test_answers_that_cannot_be_are_malformed(wrong: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        must_be_sound(replace(CALM, **wrong))  # type: ignore[arg-type]


def test_only_whose_turn_it_is_answers_a_concern_and_says_why() -> None:
    theirs = ConcernFacts("nurse_manager", frozenset({"nurse_manager"}))
    may = frozenset({"delivery.concern.answer"})
    with pytest.raises(Refused, match="nurse manager"):
        CONCERN.advance(ConcernState.OPEN, "clear", replace(theirs, roles=frozenset({"pharmacist"})), may, reason="fine")
    with pytest.raises(Refused):
        CONCERN.advance(ConcernState.OPEN, "clear", theirs, may)
    assert CONCERN.advance(ConcernState.OPEN, "stop", theirs, may, reason="red line").target is ConcernState.STOPPED


def refill(**changes: object) -> Refill:
    return replace(Refill("medicare_b", DAY - timedelta(days=20), DAY + timedelta(days=10), DAY, DAY, True), **changes)  # type: ignore[arg-type]


def codes(r: Refill) -> list[str]:
    return [x.code for x in too_early(r, windows_for(r.payer_type, DAY))]


def test_medicare_refills_arrive_no_sooner_than_ten_days_before_the_supply_ends() -> None:
    assert refill_windows()[0].source.text.startswith("CMS")
    assert codes(refill()) == []
    assert codes(refill(last=DAY + timedelta(days=11))) == ["refill-early"]
    assert codes(refill(last=DAY + timedelta(days=31))) == ["refill-early", "refill-asked-early"]
    assert codes(refill(counted=False)) == ["refill-not-counted"]
    assert codes(refill(payer_type="commercial", last=DAY + timedelta(days=60))) == []
    assert list(windows_for("medicare_b", date(2020, 1, 1))) == []


def test_a_plan_may_want_a_share_of_the_last_supply_used_up() -> None:
    month = refill(payer_type="part_d", first=DAY - timedelta(days=20), last=DAY + timedelta(days=9), percents=(75,))
    (no,) = too_early(month, ())
    assert no.code == "refill-percent" and "20 of 30 days" in no.text and no.clears == "from 26-Nov-2026"
    assert not list(too_early(replace(month, arrives_on=DAY + timedelta(days=3)), ()))
