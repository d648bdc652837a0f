# SPDX-License-Identifier: Apache-2.0
"""Which claim and line an answer means: the highest rung with exactly one, and otherwise nobody guesses."""
from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

from openinfusion.billing.domain.matching import Ladder, Match, OurClaim, OurLine, find_line
from openinfusion.billing.domain.remittance import (
    AdjustmentIn,
    ClaimIn,
    LineIn,
    ProviderAdjustmentIn,
    RemittanceIn,
    claim_in_of,
    imbalances_of,
    payment_gap,
)
from openinfusion.billing.domain.secondary import this_payers

DAY = date(2026, 3, 2)
L1 = OurLine("l1", "OI1L1", "J0696", ("JZ",), 5000, DAY)
L2 = OurLine("l2", "OI1L2", "S9500", ("SH",), 9000, DAY)
OURS = OurClaim("c1", "OI1", "P9", "MBR1", 14000, DAY, (L1, L2))
THEIRS = ClaimIn("OI1", "1", 14000, 12000, 0, "P9", "MBR1", first_on=DAY)


def test_the_rungs_from_the_highest_down() -> None:
    ladder = Ladder([OURS])
    for theirs, rung in (
        (THEIRS, Match.CONTROL_AND_CHARGE),
        (replace(THEIRS, charge_cents=-14000), Match.CONTROL_AND_CHARGE),
        (replace(THEIRS, patient_control="other"), Match.PAYER_CONTROL),
        (replace(THEIRS, patient_control="other", payer_control=""), Match.MEMBER_DAY_CHARGE),
    ):
        found = ladder.find(theirs)
        assert found is not None and (found.claim, found.by) == (OURS, rung)
    nobody = replace(THEIRS, patient_control="x", payer_control="", member_id="")
    assert ladder.find(nobody) is None


def test_without_the_claims_day_the_earliest_of_its_lines_counts() -> None:
    line = LineIn("J0696", (), 14000, 0, first_on=DAY)
    theirs = replace(THEIRS, patient_control="x", payer_control="", first_on=None, lines=(line, replace(line, first_on=None)))
    found = Ladder([OURS]).find(theirs)
    assert found is not None and found.by is Match.MEMBER_DAY_CHARGE


def test_two_on_the_highest_rung_are_nobody_even_where_a_lower_rung_holds_one() -> None:
    twin = replace(OURS, id="c2", payer_control="P10")
    assert Ladder([OURS, twin]).find(THEIRS) is None


def test_a_free_reference_names_one_claim_or_none() -> None:
    other = replace(OURS, id="c2", patient_control="OI2", payer_control="P10")
    ladder = Ladder([OURS, other])
    assert ladder.named("takeback OI1 2026") == OURS == ladder.named(" P9 ")
    assert ladder.named("OI1 P10") is None
    assert ladder.named("nothing of ours") is None is ladder.named("")


def test_a_line_is_found_by_control_then_by_what_it_says_and_never_by_one_of_two() -> None:
    said = LineIn("J0696", ("JZ",), 5000, 0, first_on=DAY)
    assert find_line(replace(said, code="x", control="OI1L2"), (L1, L2)) == (L2,)
    assert find_line(said, (L1, L2)) == (L1,)
    assert find_line(replace(said, modifiers=(), charge_cents=-5000), (L1, L2)) == (L1,)
    assert find_line(replace(said, code="J9999", original_code="S9500"), (L1, L2)) == (L2,)
    assert find_line(said, (L1, replace(L1, id="l3", control="OI1L3"))) == ()
    assert find_line(replace(said, code="J9999"), (L1, L2)) == ()


def test_sums_that_do_not_agree_are_named_at_line_and_claim() -> None:
    line = LineIn("J0696", (), 14000, 12000, adjustments=(AdjustmentIn("CO", "45", 2000),))
    sound = replace(THEIRS, lines=(line,))
    assert imbalances_of(sound) == ()
    assert len(imbalances_of(replace(sound, lines=(replace(line, paid_cents=11999),)))) == 1
    assert len(imbalances_of(replace(sound, paid_cents=1))) == 1
    assert len(imbalances_of(replace(sound, lines=(replace(line, charge_cents=13999),)))) == 2
    assert imbalances_of(replace(THEIRS, adjustments=(AdjustmentIn("CO", "45", 2000),))) == ()


def test_a_payment_is_its_claims_less_what_the_payer_took_for_itself() -> None:
    paid = RemittanceIn("M", "m", "T", 11500, DAY, "ACH", (THEIRS,), (ProviderAdjustmentIn("WO", "OI1", 500),))
    assert payment_gap(paid) == 0
    assert payment_gap(replace(paid, amount_cents=11501)) == 1


def test_a_claim_that_was_kept_is_read_back_the_same() -> None:
    line = LineIn("J0696", ("JZ",), 14000, 12000, "10", "J0697", DAY, "OI1L1", (AdjustmentIn("CO", "45", 2000),), ("N130",))
    claim = replace(THEIRS, lines=(line, replace(line, first_on=None)), adjustments=(AdjustmentIn("PR", "1", 1),), rarcs=("MA01",))
    kept = asdict(claim)
    for d in (kept, *kept["lines"]):
        d["first_on"] = d["first_on"] and d["first_on"].isoformat()
    assert claim_in_of(kept) == claim
    assert claim_in_of(kept | {"first_on": None}).first_on is None


def test_a_second_payers_answer_without_what_it_repeats_of_the_first() -> None:
    repeated, own = AdjustmentIn("OA", "23", 700), AdjustmentIn("PR", "1", 300)
    said = replace(THEIRS, adjustments=(repeated, own), lines=(LineIn("J0696", (), 1000, 0, adjustments=(own, repeated)),))
    assert this_payers(said, "P") == said
    mine = this_payers(said, "S")
    assert mine.adjustments == (own,) == mine.lines[0].adjustments
