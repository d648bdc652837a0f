# SPDX-License-Identifier: Apache-2.0
"""A quarterly list of billing codes is read strictly, and its difference is shown before anything changes."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openinfusion.catalog.domain import hcpcs_list
from openinfusion.catalog.domain.hcpcs_list import KnownCode, difference, factor, lines_of, read_codes
from openinfusion.kernel.refusal import Malformed

FIRST = date(2026, 10, 1)
EXTRACT = "code,klass,group,short,unit_qty,unit_uom,mutually_exclusive_group\n"
LEVEL_2 = "code,long_desc,short_desc,billing_qty_parsed,billing_unit_parsed,add_date,term_date\n"


def known(code: str, amount: str = "500", unit: str = "mg", begins: date = date(2026, 1, 1)) -> KnownCode:
    return KnownCode(code, "a drug", Decimal(amount), unit, f"{amount} {unit}", "", begins)


def listed(*lines: str, head: str = EXTRACT) -> bytes:
    return (head + "".join(f"{x}\n" for x in lines)).encode()


def test_a_line_is_taken_or_listed_with_its_reason() -> None:
    found = read_codes(listed(
        "J3373,drug,abx,vancomycin,10,mg,", "j0696,drug,abx,ceftriaxone,250,mg,", "J3373,drug,abx,again,10,mg,", "XX,drug,a,b,1,mg,",
        "J0001,drug,a,,1,mg,", "J0002,drug,a,b,1,furlong,", "J0003,drug,a,b,1e3,mg,", "J0004,drug,a,b,0,mg,", "J0005,drug,a,b,1,,",
    ))
    assert [(c.code, c.unit_amount, c.unit, c.unit_text) for c in found.codes] == [
        ("J3373", Decimal(10), "mg", "10 mg"), ("J0696", Decimal(250), "mg", "250 mg")]
    assert [(r.line, r.why.split(":")[0][:24]) for r in found.rejects] == [
        (4, "it stands there twice; t"), (5, "“XX” is no billing code"), (6, "it has no text or no cla"), (7, "what one unit means is n"),
        (8, "“1e3” is not a plain num"), (9, "a unit is above zero"), (10, "what one unit means is n")]


def test_level_two_tells_the_last_day_and_a_service_without_a_unit_is_one_each() -> None:
    found = read_codes(listed(
        "J1300,long,eculizumab,10,mg,2007-01-01,2026-09-30", "A4222,long,cassette,,,2000-01-01,", "J9999,long,a drug,,,2000-01-01,",
        "Q0001,long,a drug,1,mg,2000-01-01,30.09.2026", head=LEVEL_2,
    ))
    assert [(c.code, c.klass, c.unit, c.ends) for c in found.codes] == [
        ("J1300", "drug", "mg", date(2026, 9, 30)), ("A4222", "service", "{each}", None)]
    assert ["unit means" in found.rejects[0].why, "not a day" in found.rejects[1].why] == [True, True]


@pytest.mark.parametrize(("data", "why"), [
    (b"a,b\n1,2\n", "heading"), (b"\xff\xfe", "UTF-8"), (b"", "heading"), (EXTRACT.encode() + b'"J0001,x\n', "CSV"),
])
def test_what_is_no_such_list_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        read_codes(data)


def test_a_file_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hcpcs_list, "MOST_LINES", 1)
    with pytest.raises(Malformed, match="more than 1 lines"):
        read_codes(listed("J0001,d,a,b,1,mg,", "J0002,d,a,b,1,mg,"))


def test_the_difference_names_new_changed_and_ended_codes() -> None:
    said = read_codes(listed(
        "J3370,d,vancomycin,10,mg,x,2020-01-01,", head="code,klass,short_desc,billing_qty_parsed,billing_unit_parsed,long_desc,add_date,term_date\n",
    )).codes
    d = difference([known("J3370"), known("J0001"), known("J0002", "1", "mL")], said, FIRST, is_whole=False)
    assert [k.code for k, _ in d.changed] == ["J3370"] and not d.ended and d.same == 2
    whole = difference([known("J3370"), known("J0001")], said, FIRST, is_whole=True)
    assert [(k.code, last) for k, last in whole.ended] == [("J0001", date(2026, 9, 30))] and whole.changes_something
    words = {code: text for _, code, text in lines_of(whole)}
    assert "50 new units for one old" in words["J3370"] and "last day 30-Sep-2026" in words["J0001"]
    assert factor(known("J3370", "1", "mL"), said[0]) is None
    assert "cannot be compared" in next(t for _, _, t in lines_of(difference([known("J3370", "1", "mL")], said, FIRST, False)))


def test_a_code_that_ended_before_is_neither_new_nor_changed_and_ends_no_earlier_than_it_began() -> None:
    said = read_codes(listed("J1300,l,eculizumab,10,mg,2007-01-01,2019-12-31", "J1301,l,new,1,mg,2026-10-01,", head=LEVEL_2)).codes
    d = difference([known("J1300", "99")], said, FIRST, is_whole=False)
    assert [c.code for c in d.new] == ["J1301"] and not d.changed
    assert [(k.code, last) for k, last in d.ended] == [("J1300", date(2026, 1, 1))]
    assert next(lines_of(d)) == ("new", "J1301", "new; one unit is 1 mg")
    assert not difference([], (), FIRST, True).changes_something
