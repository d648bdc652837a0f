# SPDX-License-Identifier: Apache-2.0
"""When a stop is reached where the driver has a break."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

from openinfusion.delivery.domain.route import StopAhead, arrivals

START = datetime(2026, 11, 24, 12, tzinfo=UTC)


def minutes(n: int) -> datetime:
    return START + timedelta(minutes=n)


def reached(*breaks: tuple[int, int]) -> list[int]:
    stops = [StopAhead(n, START, minutes(900), 10) for n in (1, 2)]
    found = arrivals(stops, START, 0, lambda a, b: 30, 15, [(minutes(a), minutes(b)) for a, b in breaks])
    return [int((a.at - START).total_seconds()) // 60 for a in found]


def test_a_break_comes_before_the_stop_that_would_reach_into_it() -> None:
    assert reached() == [30, 70]
    assert reached((45, 75)) == [30, 100]
    assert reached((200, 230)) == [30, 70]
    assert reached((-20, 10)) == [40, 80]  # one that runs now is finished first
    assert reached((-60, -30)) == [30, 70]
    assert reached((10, 20), (60, 90)) == [40, 110]
