# SPDX-License-Identifier: Apache-2.0
"""Price lists: the heading is found, good lines are taken, bad ones are listed with their reason."""
from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from openinfusion.kernel.refusal import Malformed
from openinfusion.payers.domain import price_file
from openinfusion.payers.domain.price_file import quarter, read_prices
from openinfusion.payers.domain.rate import Basis

ASP = b"""Payment Allowance Limits,,,
"Effective January 1, 2026",,,
HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit,Notes
J1745,Infliximab not biosimil 10mg,10 MG,31.041,
J0129,Abatacept injection,10 MG,"44.718",

J0878,Daptomycin,1 MG,,
J1745,again,10 MG,1.000,
XX,nonsense,,5,
J9999,huge,,1e9,
J0001,nothing,,0,
"""


def test_the_asp_file_is_read_below_its_prose() -> None:
    found = read_prices(Basis.ASP, ASP)
    assert [(r.code, r.dollars) for r in found.rows] == [("J1745", D("31.041000")), ("J0129", D("44.718000"))]
    assert [(r.line, r.why.split(" ")[0]) for r in found.rejects] == [(7, "“”"), (8, "it"), (9, "“XX”"), (10, "“1e9”"), (11, "a")]


def test_a_list_by_ndc_is_reckoned_to_one_unit() -> None:
    data = "\ufeffndc,hcpcs,price,units\n57894-0030-01,J1745,$1167.82,10\n5789,J1745,1,1\n".encode()
    found = read_prices(Basis.AWP, data)
    assert found.rows[0].ndc11 == "57894003001" and found.rows[0].dollars == D("116.782000")
    assert "no NDC" in found.rejects[0].why


def test_a_fee_schedule_needs_code_and_price_only() -> None:
    assert read_prices(Basis.FEE, b"hcpcs,price,x\nE0781,248.15,\n").rows[0].dollars == D("248.150000")


@pytest.mark.parametrize(("basis", "data", "said"), [
    (Basis.ASP, b"", "empty"), (Basis.ASP, b"a,b\n1,2\n", "no heading"), (Basis.CHARGE, b"x", "no price list"),
    (Basis.FEE, b'hcpcs,price\n"E0781' + b"x" * 200_000 + b'",1\n', "no CSV file"),
])
def test_what_is_no_list_is_refused_whole(basis: Basis, data: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        read_prices(basis, data)


def test_a_list_has_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_file, "MOST_ROWS", 2)
    with pytest.raises(Malformed, match="more than 2 lines"):
        read_prices(Basis.FEE, b"hcpcs,price\nE0781,1\nE0782,1\n")


def test_a_file_in_another_encoding_is_read_too() -> None:
    assert read_prices(Basis.FEE, "hcpcs,price,word\nE0781,1,Stra\u00dfe\n".encode("cp1252")).rows


@pytest.mark.parametrize(("first", "last"), [
    (date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30)), (date(2026, 10, 1), date(2026, 12, 31)),
])
def test_a_quarter_ends_on_its_last_day(first: date, last: date) -> None:
    assert quarter(first) == (first, last)
    with pytest.raises(Malformed):
        quarter(last)
