# SPDX-License-Identifier: Apache-2.0
"""The hours nobody holds: shifts and gaps together fill the week, and a gap never touches a shift."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.kernel.span import Span
from openinfusion.team.domain.on_call import gaps

START = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = Span(START, START + timedelta(hours=168))
spans = st.tuples(st.integers(-30, 190), st.integers(1, 60)).map(
    lambda x: Span(START + timedelta(hours=x[0]), START + timedelta(hours=x[0] + x[1]))
)


@given(st.lists(spans, max_size=12))
def test_each_hour_is_held_or_in_a_gap_and_never_both(held: list[Span]) -> None:
    found = gaps(held, WEEK)
    for hour in range(168):
        at = START + timedelta(hours=hour, minutes=30)
        assert any(at in s for s in held) != any(at in g for g in found)
    assert list(found) == sorted(found, key=lambda g: g.start)
    assert all(a.end is not None and a.end < b.start for a, b in pairwise(found))
