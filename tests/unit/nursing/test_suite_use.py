# SPDX-License-Identifier: Apache-2.0
"""What is counted of a suite's days, and what is not."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from openinfusion.nursing.domain.suite_use import OpenHours, Sat, day_use, in_all

DAY = date(2026, 3, 2)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


HOURS = OpenHours(at(8), at(16), 2, timedelta(minutes=15))


def test_waits_run_from_when_one_is_due_and_there_and_chairs_count_while_it_is_open() -> None:
    sat = [
        Sat(at(9), at(11), at(8, 30), at(9, 20), at(11, 30), False),  # early: the wait begins when it was booked
        Sat(at(9), at(11), at(9, 40), at(10), at(10, 50), False),  # late: it begins with the check-in
        Sat(at(14), at(15), at(14), None, at(17), False),  # without a rate no wait is counted; an hour after closing
        Sat(at(10), at(11), None, None, None, True),
    ]
    found = day_use(DAY, HOURS, sat, at(18))
    assert (found.came, found.missed, found.late) == (3, 1, 1)
    assert (found.waits, found.wait, found.worst_wait) == (2, 20, 20)
    assert found.longer == 50 and found.after == 60, "30, 0 and 120 minutes longer than planned"
    assert found.use == round(100 * (180 + 70 + 120) / 960)


def test_who_sits_still_is_counted_until_now_and_an_empty_day_says_nothing() -> None:
    sits = day_use(DAY, HOURS, [Sat(at(9), at(11), at(9), at(9, 10), None, False)], at(10))
    assert (sits.use, sits.longer, sits.after) == (round(100 * 60 / 960), None, 0)
    empty = day_use(DAY, OpenHours(at(8), at(16), 0, timedelta()), [], at(10))
    assert (empty.came, empty.wait, empty.worst_wait, empty.use, empty.after) == (0, None, None, None, 0)


def test_days_are_added_up_by_what_was_counted_in_each() -> None:
    one = day_use(DAY, HOURS, [Sat(at(9), at(11), at(9), at(9, 10), at(11), False)] * 3, at(18))
    two = day_use(DAY, HOURS, [Sat(at(9), at(11), at(9), at(9, 50), at(11), False)], at(18))
    both = in_all([one, two, day_use(DAY, HOURS, [Sat(at(9), at(11), None, None, None, True)], at(18))])
    assert (both.day, both.came, both.missed, both.waits, both.wait, both.worst_wait) == (None, 4, 1, 4, 20, 50)
    assert in_all([]).wait is None and in_all([]).use is None
