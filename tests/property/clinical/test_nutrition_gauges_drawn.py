# SPDX-License-Identifier: Apache-2.0
"""A gauge is drawn to scale: its zones follow each other from end to end, and the mark stands in the zone of the verdict."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from openinfusion.calculations.public import Gauge, Limit
from openinfusion.clinical.web.nutrition_view import _drawn
from openinfusion.kernel.standing import Source, Standing

SOURCE = Source("made up", date(2026, 1, 1), Standing.UNVERIFIED)
AMOUNT = st.decimals("0.001", "5000", places=3)
TONE = {"within": "ok", "soft-low": "warn", "soft-high": "warn", "hard-low": "crit", "hard-high": "crit"}


@given(st.lists(st.none() | AMOUNT, min_size=4, max_size=4), st.none() | AMOUNT)
def test_zones_cover_the_bar_and_the_mark_stands_in_its_zone(bounds: list[D | None], value: D | None) -> None:
    assume(len(set(given_ := [b for b in bounds if b is not None])) == len(given_))  # a range of one point has no width
    known = iter(sorted(b for b in bounds if b is not None))
    hard_low, soft_low, soft_high, hard_high = (None if b is None else next(known) for b in bounds)
    limit = Limit(name="x", group="all", unit="1", soft_low=soft_low, soft_high=soft_high, hard_low=hard_low, hard_high=hard_high, source=SOURCE)
    gauge = Gauge("x", "X", value, "1", limit)
    zones, mark = _drawn(gauge)
    if not zones:
        assert value is None and not any(bounds)
        return
    ends = [(D(x), D(x) + D(width)) for x, width, _ in zones]
    assert ends[0][0] == 0 and abs(ends[-1][1] - 200) <= D("0.2")
    assert all(abs(end - start) <= D("0.2") for (_, end), (start, _) in pairwise(ends))
    assert (mark == "") == (value is None)
    if mark:
        near = {tone for (start, end), (_, _, tone) in zip(ends, zones, strict=True) if start - D("0.2") <= D(mark) <= end + D("0.2")}
        assert TONE[gauge.code] in near
