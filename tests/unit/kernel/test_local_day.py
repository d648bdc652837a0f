# SPDX-License-Identifier: Apache-2.0
"""The day of an instant is that of a place, and a day begins and ends there."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from openinfusion.kernel.local_day import begins, day_of, ends, instants

CHICAGO = "America/Chicago"


@pytest.mark.parametrize(("at", "zone", "day"), [
    (datetime(2026, 3, 2, 2, 30, tzinfo=UTC), CHICAGO, date(2026, 3, 1)),
    (datetime(2026, 3, 2, 5, 59, 59, tzinfo=UTC), CHICAGO, date(2026, 3, 1)),
    (datetime(2026, 3, 2, 6, 0, tzinfo=UTC), CHICAGO, date(2026, 3, 2)),
    (datetime(2026, 3, 9, 4, 59, tzinfo=UTC), CHICAGO, date(2026, 3, 8)),  # the clocks were put forward in the night before
    (datetime(2026, 3, 2, 2, 30, tzinfo=UTC), "Pacific/Honolulu", date(2026, 3, 1)),
    (datetime(2026, 3, 1, 20, 0, tzinfo=UTC), "Pacific/Guam", date(2026, 3, 2)),
])
def test_an_instant_falls_on_the_day_of_its_place(at: datetime, zone: str, day: date) -> None:
    assert day_of(at, zone) == day
    assert at in instants(day, day, zone)
    assert at not in instants(day - timedelta(days=1), day - timedelta(days=1), zone)


def test_a_day_is_as_long_as_the_clocks_make_it() -> None:
    assert begins(date(2026, 3, 8), CHICAGO) == datetime(2026, 3, 8, 6, tzinfo=UTC)
    assert ends(date(2026, 3, 8), CHICAGO) == datetime(2026, 3, 9, 5, tzinfo=UTC)
    hours = [(ends(d, CHICAGO) - begins(d, CHICAGO)) / timedelta(hours=1) for d in (date(2026, 3, 8), date(2026, 11, 1), date(2026, 6, 1))]
    assert hours == [23, 25, 24]


def test_the_last_day_is_whole() -> None:
    span = instants(date(2026, 2, 27), date(2026, 3, 1), CHICAGO)
    assert (span.start, span.end) == (datetime(2026, 2, 27, 6, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC))
