# SPDX-License-Identifier: Apache-2.0
"""Codes and times of exchange come from dated, sourced rows; what is not on file is empty or an alarm, never guessed."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from openinfusion.billing.domain.interest import settled
from openinfusion.billing.domain.remittance import ClaimIn, ProviderAdjustmentIn, RemittanceIn
from openinfusion.exchange.domain.inquiry_time import AGAIN, UNANSWERED, inquiry_time
from openinfusion.exchange.domain.institutional import BILL_TYPE, PATIENT_STATUS, REVENUE, institutional_code
from openinfusion.exchange.domain.ncpdp.claim import PharmacyAnswer, rx_reference
from openinfusion.exchange.domain.ncpdp.response import Answered, is_response, read_responses
from openinfusion.exchange.domain.x12.acknowledgement import GroupAnswer, SetAnswer
from openinfusion.kernel.refusal import Broken, Malformed

TODAY = date(2026, 11, 22)


def test_institutional_codes_hold_from_their_day() -> None:
    assert institutional_code(BILL_TYPE, TODAY) == "33" and institutional_code(PATIENT_STATUS, TODAY) == "30"
    assert institutional_code(REVENUE, TODAY, "drug") == "0636"
    assert institutional_code(REVENUE, TODAY, "nothing") == "" == institutional_code(BILL_TYPE, date(2000, 1, 1))


def test_inquiry_times_hold_from_their_day_and_are_never_guessed() -> None:
    assert (inquiry_time(UNANSWERED, TODAY), inquiry_time(AGAIN, TODAY)) == (timedelta(14), timedelta(7))
    with pytest.raises(Broken, match="on file"):
        inquiry_time(AGAIN, date(2000, 1, 1))


def test_a_prescriptions_number_stays_the_same_in_twelve_digits() -> None:
    assert rx_reference("1234") == "000000001234" and rx_reference("RX-77") == rx_reference("RX77")
    assert len(rx_reference("A" * 30)) == len(rx_reference("9" * 13)) == 12


@pytest.mark.parametrize(("verdict", "accepted", "sets", "some"), [
    ("A", "2", "AA", False), ("P", "1", "AR", True), ("A", "1", "AR", True), ("P", "0", "RR", False), ("R", "0", "RR", False),
    ("P", "", "AR", False), ("E", "2", "EA", False),
])
def test_a_group_is_accepted_in_part_only_where_some_stand_beside_refused_ones(
    verdict: str, accepted: str, sets: str, some: bool,
) -> None:
    found = GroupAnswer(1, "HC", "1", verdict, "2", "2", accepted, [SetAnswer("837", f"{n:04d}", v) for n, v in enumerate(sets)])
    assert found.accepts_some is some


def answer(status: str, **more: object) -> PharmacyAnswer:
    said: dict[str, object] = {
        "authorization": "", "paid": None, "patient_pays": None, "ingredient_paid": None, "fee_paid": None, "rejects": (),
        "messages": (), **more,
    }
    return PharmacyAnswer(status, **said)  # type: ignore[arg-type]


def test_an_answer_in_words_names_its_codes() -> None:
    rejected = Answered("B1", TODAY, answer("R", rejects=("75", "ZZ"), messages=("", "CALL")))
    assert rejected.words == "rejected; a prior authorization is needed (75); code ZZ; CALL" and rejected.is_rejected
    paid = Answered("B1", TODAY, answer("P", paid=Decimal("12.3"), patient_pays=Decimal(0)))
    assert paid.words == "it will be paid; 12.30 to come" and paid.is_taken and not paid.is_taken_back
    back = Answered("B2", TODAY, answer("A", paid=Decimal(1), patient_pays=Decimal(2)))
    assert back.words == "the reversal is approved; the patient pays 2.00" and back.is_taken_back and not back.is_taken
    assert Answered("B1", TODAY, answer("")).words == "status not given"


def test_what_is_no_answer_is_none() -> None:
    assert not is_response(b"ISA*00*") and not is_response(b"D0 without a segment") and not is_response(b"XX\x1e")
    assert is_response(b"\x02G1\x1e")
    with pytest.raises(Malformed, match="no answer"):
        read_responses(b"\r\n")


def remittance(interest: int, *plb: tuple[str, int], amount: int) -> RemittanceIn:
    claims = (ClaimIn("OI1", "1", 100, 100, 0, "ICN", interest_cents=interest), ClaimIn("OI2", "1", 100, 100, 0, "ICN2"))
    return RemittanceIn("P", "K", "T", amount, TODAY, "ACH", claims, tuple(ProviderAdjustmentIn(r, "X", c) for r, c in plb))


def test_interest_is_tied_to_its_claim_only_where_the_sums_prove_it() -> None:
    assert settled(remittance(0, ("L6", -5), amount=205)).adjustments[0].reference == "X"
    beside = settled(remittance(5, ("WO", 3), amount=202))
    assert (beside.gap_cents, [(a.reason, a.reference, a.cents) for a in beside.adjustments]) == (0, [("WO", "X", 3), ("L6", "OI1", -5)])
    adjusted = settled(remittance(5, ("L6", -5), amount=205))
    assert (adjusted.gap_cents, [(a.reference, a.cents) for a in adjusted.adjustments]) == (0, [("OI1", -5)])
    neither = settled(remittance(5, amount=203))
    assert neither.gap_cents == 3 and neither.adjustments == () and "tell $0.05 of interest" in neither.findings[0]
