# SPDX-License-Identifier: Apache-2.0
"""Scans are read for certain or refused; allocation is first expiry first out; movements have the effect their kind says."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from openinfusion.inventory.domain.allocation import Candidate, allocate, skipped
from openinfusion.inventory.domain.lot import LotState, lot_reasons
from openinfusion.inventory.domain.movement import Kind, Level, effect
from openinfusion.inventory.domain.pump import PUMP, PumpFacts, PumpState
from openinfusion.inventory.domain.scan import Scan, read_scan
from openinfusion.kernel.refusal import Malformed, Refused

GTIN = "00399901000111"
D = Decimal


@pytest.mark.parametrize(("text", "expected"), [
    (f"]d201{GTIN}1727013110AB12", Scan(gtin=GTIN, lot="AB12", expires_on=date(2027, 1, 31))),
    (f"01{GTIN}1727013110AB12\x1d21S9", Scan(gtin=GTIN, lot="AB12", serial="S9", expires_on=date(2027, 1, 31))),
    (f"(01){GTIN}(17)270228(10)AB12(21)S9", Scan(gtin=GTIN, lot="AB12", serial="S9", expires_on=date(2027, 2, 28))),
    (f"]C101{GTIN}1728020010X", Scan(gtin=GTIN, lot="X", expires_on=date(2028, 2, 29))),
    (f"01{GTIN}10AB12<GS>17270131", Scan(gtin=GTIN, lot="AB12", expires_on=date(2027, 1, 31))),
    (GTIN, Scan(gtin=GTIN)), ("399901000111", Scan(gtin=GTIN)),
    ("99901-0001-01", Scan(ndc="99901000101")), ("99901000101", Scan(ndc="99901000101")),
])
def test_a_code_is_read_part_by_part(text: str, expected: Scan) -> None:
    assert read_scan(text) == expected


@pytest.mark.parametrize("text", ["", "hello", "00399901000112", f"(01){GTIN}(17)27013", "10AB12", f"01{GTIN}10AB1217270131", f"01{GTIN}1727133110AB"])
def test_what_cannot_be_read_for_certain_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read_scan(text)


def lot(n: int, expires: date, free: int) -> Candidate:
    return Candidate(UUID(int=n), f"L{n}", UUID(int=99), expires, D(free))


LOTS = [lot(1, date(2027, 5, 1), 5), lot(2, date(2026, 12, 1), 2), lot(3, date(2026, 11, 1), 9)]


def test_the_earliest_expiry_in_date_goes_first() -> None:
    picks = allocate(LOTS, D(4), usable_until=date(2026, 11, 21))
    assert [(p.lot_id.int, p.quantity) for p in picks] == [(2, 2), (1, 2)]


def test_a_need_that_is_not_covered_says_how_much_is_short() -> None:
    with pytest.raises(Refused, match="short by 3 of 10"):
        allocate(LOTS, D(10), usable_until=date(2026, 11, 21))


def test_a_choice_out_of_order_names_what_it_passes_over() -> None:
    assert [c.number for c in skipped(LOTS, UUID(int=1), usable_until=date(2026, 11, 21))] == ["L2"]
    assert skipped(LOTS, UUID(int=2), usable_until=date(2026, 11, 21)) == []


def test_nothing_goes_below_zero_and_reserved_is_not_free() -> None:
    level = Level(D(3), D(2))
    with pytest.raises(Refused):
        level.after(effect(Kind.WASTE, D(2)))
    assert level.after(effect(Kind.ISSUE, D(2))) == Level(D(1), D(0))
    with pytest.raises(Malformed):
        effect(Kind.RECEIVE, D(0))


def test_a_lot_is_refused_for_every_reason_at_once() -> None:
    reasons = lot_reasons(LotState.RECALLED, date(2026, 1, 1), date(2026, 11, 21), "L1")
    assert [r.code for r in reasons] == ["lot-recalled", "lot-expired"]
    assert not lot_reasons(LotState.AVAILABLE, date(2026, 11, 21), date(2026, 11, 21), "L1"), "usable through its last day"


def test_a_pump_with_maintenance_due_goes_to_nobody() -> None:
    late, fine = PumpFacts(date(2026, 1, 1), date(2026, 11, 21)), PumpFacts(date(2027, 1, 1), date(2026, 11, 21))
    every = frozenset({"inventory.pump.handle"})
    with pytest.raises(Refused, match="maintenance"):
        PUMP.advance(PumpState.AVAILABLE, "assign", late, every)
    assert PUMP.advance(PumpState.AVAILABLE, "assign", fine, every).target is PumpState.ASSIGNED
