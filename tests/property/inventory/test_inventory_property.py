# SPDX-License-Identifier: Apache-2.0
"""Allocation takes exactly the need and never skips an earlier lot; a level is the sum of its movements; scans round-trip."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.inventory.domain.allocation import Candidate, allocate, first_expiry_first_out
from openinfusion.inventory.domain.movement import Effect, Kind, Level, effect, level_of
from openinfusion.inventory.domain.scan import read_scan
from openinfusion.kernel.refusal import Refused

TODAY = date(2026, 11, 21)
candidates = st.lists(st.builds(
    Candidate, st.uuids(), st.text("ABC123", min_size=1, max_size=5), st.just(UUID(int=1)),
    st.integers(-30, 400).map(lambda n: TODAY + timedelta(days=n)), st.integers(0, 20).map(Decimal)), max_size=8, unique_by=lambda c: c.lot_id)


@given(candidates, st.integers(1, 60).map(Decimal))
def test_allocation_covers_the_need_from_the_earliest_usable_lots(found: list[Candidate], need: Decimal) -> None:
    usable = [c for c in first_expiry_first_out(found) if c.expires_on >= TODAY and c.available > 0]
    try:
        picks = allocate(found, need, usable_until=TODAY)
    except Refused:
        assert sum((c.available for c in usable), Decimal(0)) < need
        return
    assert sum(p.quantity for p in picks) == need
    assert [p.lot_id for p in picks] == [c.lot_id for c in usable[: len(picks)]], "no earlier lot is passed over"
    assert all(p.quantity == c.available for p, c in zip(picks[:-1], usable, strict=False)), "a lot is emptied before the next"


moves = st.lists(st.tuples(st.sampled_from([Kind.RECEIVE, Kind.RESERVE, Kind.UNRESERVE, Kind.ISSUE, Kind.WASTE, Kind.RETURN]), st.integers(1, 20).map(Decimal)), max_size=40)


@given(moves)
def test_the_level_is_the_sum_of_what_was_let_through_and_never_below_zero(walk: list[tuple[Kind, Decimal]]) -> None:
    level, done = Level(), list[Effect]()
    for kind, quantity in walk:
        try:
            level = level.after(effect(kind, quantity))
        except Refused:
            continue
        done.append(effect(kind, quantity))
        assert level.on_hand >= level.reserved >= 0
    assert level == level_of(done)


lots = st.text("ABCDEFGHJKMNPQRSTVWXYZ", min_size=1, max_size=12)


@given(lots, st.dates(date(2026, 1, 1), date(2049, 12, 31)), lots)
def test_a_code_that_is_written_is_read_back(lot: str, expires: date, serial: str) -> None:
    scan = read_scan("]d20100399901000111" + f"17{expires:%y%m%d}10{lot}\x1d21{serial}")
    assert (scan.lot, scan.serial, scan.expires_on) == (lot, serial, expires)
