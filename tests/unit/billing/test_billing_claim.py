# SPDX-License-Identifier: Apache-2.0
"""Claims: what holds them, how a payer's answer finds them, what a denial means."""
from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from openinfusion.billing.domain.claim import CLAIM, ClaimFacts, ClaimState
from openinfusion.billing.domain.denial import advice_for, opens_denial
from openinfusion.billing.domain.figures import figures
from openinfusion.billing.domain.holds import ClaimToCheck, LineToCheck, hold_reasons
from openinfusion.billing.domain.matching import Ladder, Match, OurClaim, OurLine, find_line
from openinfusion.billing.domain.per_diem import DaySpan, LineSplit, PaidDay, Run, runs
from openinfusion.billing.domain.remittance import AdjustmentIn, ClaimIn, LineIn, imbalances_of
from openinfusion.billing.permissions import ALL
from openinfusion.kernel.refusal import Reason, Refused

EVERYTHING = frozenset(p.code for p in ALL)
LINE = LineToCheck("S9500", date(2026, 2, 1), date(2026, 2, 7), 7, 140000, True, True)
CLEAN = ClaimToCheck(True, "M1", ("M86.9",), True, "1234567893", True, (LINE,), date(2026, 2, 9))


def test_every_state_can_be_reached_and_every_open_state_can_be_left() -> None:
    reached, edge = {CLAIM.initial}, {CLAIM.initial}
    while edge:
        edge = {s.target for s in CLAIM.steps if s.source in edge} - reached
        reached |= edge
    assert reached == set(ClaimState)
    assert CLAIM.terminal == {ClaimState.VOIDED}  # a payer may take back what it paid for a closed claim, too


def test_a_clean_claim_has_no_hold_and_an_empty_one_names_every_reason() -> None:
    assert hold_reasons(CLEAN) == ()
    bad = ClaimToCheck(True, "", (), False, "", False, (replace(LINE, authorized=False, has_rate=False),), date(2026, 2, 9))
    assert {r.code for r in hold_reasons(bad)} == {
        "no-member-id", "no-diagnosis", "plan-unsigned", "no-prescriber", "no-address", "no-rate", "no-authorization",
    }


def test_a_payer_in_arrears_waits_for_the_last_day_and_others_do_not() -> None:
    early = replace(CLEAN, today=date(2026, 2, 5))
    assert hold_reasons(early) == ()
    assert [r.code for r in hold_reasons(replace(early, bills_in_arrears=True))] == ["not-yet"]


def test_a_held_claim_is_not_sent_and_says_why() -> None:
    facts = ClaimFacts(holds=(Reason("plan-unsigned", "the plan of treatment is not signed"),))
    with pytest.raises(Refused, match="not signed"):
        CLAIM.advance(ClaimState.READY, "queue", facts, EVERYTHING)


def test_a_write_off_needs_a_reason_and_a_close_needs_a_settled_balance() -> None:
    with pytest.raises(Refused, match="needs a reason"):
        CLAIM.advance(ClaimState.DENIED, "write_off", ClaimFacts(), EVERYTHING)
    with pytest.raises(Refused, match="still a balance"):
        CLAIM.advance(ClaimState.PAID, "close", ClaimFacts(open_cents=1), EVERYTHING)


def test_a_modifier_change_in_the_middle_splits_the_line_there() -> None:
    days = [PaidDay(date(2026, 2, d), "S9500", 20000, "SH" if d < 4 else "") for d in range(1, 8)]
    assert runs(days, LineSplit.NONE) == (
        Run("S9500", "SH", "", 20000, DaySpan(date(2026, 2, 1), date(2026, 2, 3))),
        Run("S9500", "", "", 20000, DaySpan(date(2026, 2, 4), date(2026, 2, 7))),
    )


OURS = OurClaim("1", "OI1", "ICN1", "M1", 1000, date(2026, 2, 1), (
    OurLine("a", "OI1L1", "S9500", (), 600, date(2026, 2, 1)), OurLine("b", "OI1L2", "J0696", ("JZ",), 400, date(2026, 2, 1)),
))
THEIRS = ClaimIn("OI1", "1", 1000, 1000, 0, "", member_id="M1", first_on=date(2026, 2, 1))


@pytest.mark.parametrize(("theirs", "rung"), [
    (THEIRS, Match.CONTROL_AND_CHARGE),
    (replace(THEIRS, charge_cents=-1000), Match.CONTROL_AND_CHARGE),
    (replace(THEIRS, patient_control="CUT", payer_control="ICN1", charge_cents=900), Match.PAYER_CONTROL),
    (replace(THEIRS, patient_control="CUT"), Match.MEMBER_DAY_CHARGE),
])
def test_a_claim_is_found_by_the_highest_rung_that_fits(theirs: ClaimIn, rung: Match) -> None:
    found = Ladder([OURS]).find(theirs)
    assert found is not None and (found.claim, found.by) == (OURS, rung)


def test_two_claims_that_fit_are_nobody_s() -> None:
    assert Ladder([OURS, replace(OURS, id="2")]).find(THEIRS) is None
    assert Ladder([OURS]).find(replace(THEIRS, patient_control="X", member_id="Y")) is None


@pytest.mark.parametrize(("theirs", "id"), [
    (LineIn("S9500", (), 600, 0, control="OI1L1"), "a"),
    (LineIn("J0696", ("JZ",), 400, 0, first_on=date(2026, 2, 1)), "b"),
    (LineIn("J0696", (), 400, 0), "b"),
    (LineIn("J9999", (), 1, 0, original_code="S9500"), "a"),
])
def test_a_line_is_found_even_when_the_payer_drops_modifiers(theirs: LineIn, id: str) -> None:
    assert [s.id for s in find_line(theirs, OURS.lines)] == [id]


def test_a_claim_whose_sums_disagree_says_where() -> None:
    line = LineIn("S9500", (), 600, 500, adjustments=(AdjustmentIn("CO", "45", 50),))
    wrong = imbalances_of(replace(THEIRS, charge_cents=600, paid_cents=550, lines=(line,)))
    assert len(wrong) == 1
    assert wrong[0].startswith("line S9500")


def test_a_remark_makes_the_advice_more_exact() -> None:
    assert advice_for("CO", "16", ()).meaning != advice_for("CO", "16", ("M119",)).meaning
    assert "NDC" in advice_for("CO", "16", ("M119",)).next_step
    assert advice_for("CO", "197", ()).action == "authorization"


def test_arithmetic_opens_no_denial_and_an_unknown_code_does() -> None:
    assert not opens_denial(AdjustmentIn("CO", "45", 1))
    assert opens_denial(AdjustmentIn("CO", "197", 1))
    assert opens_denial(AdjustmentIn("CO", "999", 1))
    assert not opens_denial(AdjustmentIn("PR", "96", 1))
    assert advice_for("CO", "999", ()).action == "research"


def test_every_figure_says_where_it_comes_from() -> None:
    assert all(f.source.text and f.text for f in figures().values())
