# SPDX-License-Identifier: Apache-2.0
"""NCPDP D.0: what is read is written back byte for byte, repeats and all; amounts carry their sign in the last digit."""
from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.exchange.domain.ncpdp.claim import Ingredient, PharmacyClaim, answers, billing, reversal
from openinfusion.exchange.domain.ncpdp.layout import layout_of
from openinfusion.exchange.domain.ncpdp.message import FIELD, GROUP, SEGMENT, Message, Segment, read_message, write_message
from openinfusion.exchange.domain.ncpdp.overpunch import read_amount, read_quantity, write_amount, write_quantity
from openinfusion.kernel.refusal import Malformed

CLAIM = PharmacyClaim(
    "610066", "DEMO", "1234567893", date(2026, 2, 1), "M123", "Quibble", "Jo", date(1970, 1, 2), "1", "2530001", "00004196501",
    Decimal(14), 7, date(2026, 1, 30), "1993999998", Decimal("57.11"), Decimal("2.50"), Decimal("90"), Decimal("59.61"),
    group_id="GRP", authorization="PA77", submission_codes=("2", "8"), diagnosis="M86.9",
)
COMPOUND = replace(CLAIM, unit="ML", ingredients=(
    Ingredient("00004196501", Decimal("2.5"), Decimal("10.01")), Ingredient("00338004903", Decimal(100), Decimal("-0.05"))))
PAID = (
    "D0B11A011234567893     20260201" + SEGMENT + FIELD + "AM20" + FIELD + "F4HELLO" + GROUP + SEGMENT + FIELD + "AM21" + FIELD + "ANP"
    + FIELD + "F3AUTH1" + FIELD + "UF02" + FIELD + "UH01" + FIELD + "FQFIRST" + FIELD + "UH02" + FIELD + "FQSECOND" + SEGMENT + FIELD
    + "AM23" + FIELD + "F50000100{" + FIELD + "F60000057A" + FIELD + "F70000025{" + FIELD + "F90000049F"
)


@pytest.mark.parametrize(("text", "amount"), [("0000057A", "5.71"), ("0000057J", "-5.71"), ("0000100{", "10.00"), ("0000100}", "-10.00"),
                                              ("5", "0.05"), ("I", "0.09")])
def test_the_last_character_carries_digit_and_sign(text: str, amount: str) -> None:
    assert read_amount(text) == Decimal(amount)


@given(st.integers(-9_999_999, 9_999_999))
def test_an_amount_written_is_the_amount_read(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    assert read_amount(write_amount(amount)) == amount and len(write_amount(amount)) == 8


@given(st.integers(0, 9_999_999_999))
def test_a_quantity_written_is_the_quantity_read(thousandths: int) -> None:
    quantity = Decimal(thousandths).scaleb(-3)
    assert read_quantity(write_quantity(quantity)) == quantity


@pytest.mark.parametrize("call", [
    lambda: read_amount("12.5"), lambda: read_amount("A1"), lambda: read_amount(""), lambda: read_quantity("1.5"),
    lambda: read_quantity("١"), lambda: write_amount(Decimal("0.001")), lambda: write_amount(Decimal("NaN")),
    lambda: write_amount(Decimal(1_000_000)), lambda: write_quantity(Decimal("-1")), lambda: write_quantity(Decimal("0.0001")),
    lambda: write_quantity(Decimal(10_000_000)), lambda: write_quantity(Decimal("Infinity")),
])
def test_what_is_no_amount_is_refused(call: object) -> None:
    with pytest.raises(Malformed):
        call()  # type: ignore[operator]


_value = st.text(st.characters(codec="latin-1", exclude_characters=GROUP + SEGMENT + FIELD), max_size=12)
_id = st.text("ABCDEFGHJKMNPQRSTUVWXYZ0123456789", min_size=2, max_size=2)
_segment = st.builds(lambda id, fields: Segment((("AM", id), *fields)), _id, st.lists(st.tuples(_id, _value), max_size=6))


@given(st.lists(_segment, max_size=3), st.lists(st.lists(_segment, min_size=1, max_size=3), max_size=4))
def test_any_message_is_written_back_byte_for_byte_with_its_repeats(head: list[Segment], groups: list[list[Segment]]) -> None:
    header = billing(CLAIM).header
    message = Message(False, header, tuple(head), tuple(tuple(g) for g in groups))
    text = write_message(message)
    assert read_message(text) == message
    assert write_message(read_message(text.encode("latin-1"))) == text


def test_a_claim_says_drug_amounts_and_that_it_is_home_infusion() -> None:
    message = read_message(write_message(billing(CLAIM)))
    assert (message.version, message.code, message.header_field("201-B1").strip()) == ("D0", "B1", "1234567893")
    (rx,) = message.segments("07")
    assert (rx.first("D7"), rx.first("E7"), rx.first("U7"), rx.all("DK"), rx.first("EV")) == (
        "00004196501", "0000014000", "3", ("2", "8"), "PA77")
    (price,) = message.segments("11")
    assert (price.first("D9"), price.first("DU")) == ("0000571A", "0000596A")
    assert next(message.segments("13")).first("DO") == "M869"
    assert sum(width for _, width in layout_of("D0").request) == 56


def test_a_compound_keeps_every_ingredient() -> None:
    message = read_message(write_message(billing(COMPOUND)))
    (compound,) = message.segments("10")
    rows = compound.rows("RE")
    assert [dict(row)["TE"] for row in rows] == ["00004196501", "00338004903"]
    assert [read_amount(dict(row)["EE"]) for row in rows] == [Decimal("10.01"), Decimal("-0.05")]
    assert next(message.segments("07")).first("D6") == "2" and compound.first("EC") == "02"


def test_a_reversal_names_the_prescription_it_takes_back() -> None:
    (rx,) = reversal(CLAIM).segments("07")
    assert (reversal(CLAIM).code, rx.first("D2"), rx.first("D7")) == ("B2", "2530001", "00004196501")
    assert next(reversal(COMPOUND).segments("07")).first("E1") == "00"


def test_an_answer_is_read_with_amounts_rejects_and_every_message() -> None:
    message = read_message(PAID, is_response=True)
    assert write_message(message) == PAID
    (paid,) = answers(message)
    assert (paid.status, paid.authorization, paid.messages) == ("P", "AUTH1", ("FIRST", "SECOND"))
    assert (paid.patient_pays, paid.ingredient_paid, paid.fee_paid, paid.paid) == (
        Decimal("10.00"), Decimal("5.71"), Decimal("2.50"), Decimal("4.96"))
    rejected = PAID.replace("ANP", "ANR").replace(FIELD + "F3AUTH1", FIELD + "FA02" + FIELD + "FB70" + FIELD + "FB75")
    (no,) = answers(read_message(rejected, is_response=True))
    assert (no.status, no.rejects) == ("R", ("70", "75"))
    (nothing,) = answers(read_message(PAID.split(GROUP)[0] + GROUP, is_response=True))
    assert (nothing.status, nothing.paid) == ("", None)


@pytest.mark.parametrize(("text", "words"), [
    ("610066F6B1" + "x" * 60, "version “F6” is not known"), ("610066D0B1", "56 are needed"),
    (write_message(billing(CLAIM)) + GROUP * 4, "at most 4 claims"), (write_message(billing(CLAIM))[:56] + "junk", "outside of any segment"),
    (write_message(billing(CLAIM))[:56] + SEGMENT + FIELD + "C2X", "its own id"),
    (write_message(billing(CLAIM))[:56] + SEGMENT + FIELD + "AM07" + FIELD + "X", "two characters"),
])
def test_what_is_no_message_is_refused_with_a_reason(text: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        read_message(text)


def test_what_would_break_the_wire_is_not_written() -> None:
    good = billing(CLAIM)
    with pytest.raises(Malformed, match="does not have the"):
        write_message(replace(good, header=(("101-A1", "1"), *good.header[1:])))
    with pytest.raises(Malformed, match="no separator"):
        write_message(replace(good, head=(Segment((("AM", "01"), ("CA", "A" + FIELD))),)))
    with pytest.raises(Malformed, match="11 digits"):
        billing(replace(CLAIM, ndc="4196501"))
