# SPDX-License-Identifier: Apache-2.0
"""Which answers a finding takes: its own coded reasons, those for any, and a note where nothing could be judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openinfusion.clinical.domain.answer import Answer, check_answer, coded_reasons, hard_stops, reasons_for, unanswered
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.kernel.refusal import Reason, Refused

SOFT = Finding(rule="dose_range", code="dose-high", tier=Tier.SOFT, title="Dose above the usual", text="", evidence=("3 g",))
UNSURE = replace(SOFT, tier=Tier.CANNOT_JUDGE, code="dose-no-rule", evidence=("no row",))
HARD = replace(SOFT, tier=Tier.HARD, title="Dose above what is safe", do="lower the dose")


def reasons(finding: Finding, code: str, note: str = "seen") -> tuple[Reason, ...]:
    with pytest.raises(Refused) as no:
        check_answer(finding, code, note)
    return no.value.reasons


def test_a_finding_takes_the_reasons_of_its_rule_and_those_for_any() -> None:
    rules = {r.rule for r in coded_reasons()}
    assert {"any", "cannot_judge", "dose_range", "allergy"} <= rules
    assert {r.rule for r in reasons_for(SOFT)} == {"dose_range", "any"}
    assert {r.rule for r in reasons_for(UNSURE)} == {"dose_range", "any", "cannot_judge"}
    assert {r.rule for r in reasons_for(replace(SOFT, rule="no_such_rule"))} == {"any"}


def test_an_answer_is_one_of_its_reasons() -> None:
    for reason in reasons_for(SOFT):
        assert check_answer(SOFT, reason.code, "") == reason
    other = next(r for r in coded_reasons() if r.rule == "allergy")
    expected = (Reason("reason-unknown", f"“{other.code}” is not a coded reason for dose_range"),)
    assert reasons(SOFT, other.code) == expected
    assert reasons(SOFT, "")[0].code == "reason-unknown"


@pytest.mark.parametrize("note", ["", "  "])
def test_what_could_not_be_judged_needs_a_note(note: str) -> None:
    code = reasons_for(UNSURE)[0].code
    assert reasons(UNSURE, code, note) == (
        Reason("note-missing", "what could not be judged needs a note: on what do you judge it?"),
    )
    assert check_answer(UNSURE, code, "label of 2026").code == code


def test_a_hard_stop_takes_no_answer_and_says_what_to_do() -> None:
    assert reasons(HARD, reasons_for(SOFT)[0].code) == (
        Reason("no-answer", "“Dose above what is safe” cannot be overridden", "lower the dose"),
    )


def test_an_answer_counts_only_on_the_facts_it_was_given_on() -> None:
    given = [Answer(SOFT.fingerprint, "x")]
    changed = replace(SOFT, evidence=("4 g",))
    assert unanswered([SOFT, UNSURE, HARD, changed, replace(SOFT, tier=Tier.INFO)], given) == (UNSURE, changed)
    assert hard_stops([SOFT, HARD, UNSURE]) == (HARD,)
