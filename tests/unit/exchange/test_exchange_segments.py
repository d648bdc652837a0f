# SPDX-License-Identifier: Apache-2.0
"""The reader takes X12 as it really comes: other separators, marks, line ends, no envelope, several envelopes."""
from __future__ import annotations

import pytest

from openinfusion.exchange.domain.x12.remittance_reader import read_remittances
from openinfusion.exchange.domain.x12.tokens import segments_of
from openinfusion.kernel.refusal import Malformed

ISA = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260101*1200*^*00501*000000001*0*T*:~"
BODY = "GS*HP*A*B*20260101*1200*1*X*005010X221A1~ST*835*1~BPR*I*10*C*CHK************20260102~TRN*1*T1*1999~SE*4*1~GE*1*1~IEA*1*000000001~"


def names(text: str | bytes) -> list[str]:
    return [s.name for s in segments_of(text)]


def test_squeezed_padding_a_byte_mark_and_line_ends_do_not_matter() -> None:
    plain = names(ISA + BODY)
    squeezed = ISA.replace(" ", "")
    assert names(squeezed + BODY) == plain
    assert names(b"\xef\xbb\xbf" + (squeezed + BODY).replace("~", "~\r\n").encode()) == plain
    assert names((ISA + BODY).replace("~", "\r\n")) == plain


def test_other_separators_are_taken_from_the_isa() -> None:
    odd = (ISA + BODY).replace("*", "|").replace("~", "!").replace(":", ">")
    assert names(odd) == names(ISA + BODY)
    assert segments_of(odd)[0].component == ">"


def test_each_interchange_brings_its_own_separators_and_numbering_runs_on() -> None:
    second = (ISA + BODY).replace("*", "|").replace("~", "\x1d")
    both = segments_of(ISA + BODY + "\n" + second)
    assert [s.name for s in both] == names(ISA + BODY) * 2
    assert [s.number for s in both] == list(range(1, len(both) + 1))
    assert len(read_remittances(ISA + BODY + second)) == 2


def test_a_file_without_isa_is_read() -> None:
    assert names("ST*835*1~BPR*I*0*C*NON~SE*3*1~") == ["ST", "BPR", "SE"]


def test_the_letters_isa_inside_data_do_not_end_an_interchange() -> None:
    assert names(ISA + BODY.replace("TRN*1*T1", "N1*PR*LISA*X~TRN*1*ISA*1")) == [
        "ISA", "GS", "ST", "BPR", "N1", "TRN", "SE", "GE", "IEA",
    ]


@pytest.mark.parametrize("text", ["", "   ", "hello world", '{"a": 1}', "ISA*00*too*short~", "ISA*" * 16 + "AB"])
def test_what_is_not_x12_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(Malformed):
        segments_of(text)


def test_a_wrong_amount_names_its_place() -> None:
    with pytest.raises(Malformed, match="BPR02 in segment 4"):
        read_remittances((ISA + BODY).replace("BPR*I*10", "BPR*I*ten"))


def test_a_transaction_that_is_cut_off_is_refused() -> None:
    with pytest.raises(Malformed, match="cut off"):
        read_remittances((ISA + BODY).split("SE*4")[0])


def test_a_claim_file_is_not_a_remittance() -> None:
    with pytest.raises(Malformed, match="no 835"):
        read_remittances((ISA + BODY).replace("ST*835", "ST*837"))


def test_an_odd_date_is_noted_and_the_payment_still_read() -> None:
    (r,) = read_remittances((ISA + BODY).replace("20260102", "20269902"))
    assert r.paid_on is None
    assert "20269902" in r.oddities[0]
