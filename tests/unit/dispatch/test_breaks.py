# SPDX-License-Identifier: Apache-2.0
"""Which breaks a shift asks for, and where they go in what is left of it."""
from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.dispatch.domain.breaks import asked_of, break_rows, placed_breaks
from openinfusion.dispatch.domain.work import Worker
from openinfusion.kernel.refusal import Malformed
from openinfusion.kernel.rest import PlannedBreak, break_values, breaks_from, breaks_in

ZONE = ZoneInfo("America/Chicago")
DAY = date(2026, 11, 24)
HOUSE = break_rows("", DAY)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def stretch(begins: datetime, ends: datetime, n: int = 0, overtime: int | None = 0) -> Worker:
    return Worker(UUID(int=1), "Nan", f"Nan {n}", DAY, begins, ends, UUID(int=7), overtime=overtime)


def placed(stretches: list[Worker], *, now: datetime, standing: tuple[PlannedBreak, ...] = (), off: tuple = (), shift=None):  # type: ignore[no-untyped-def, type-arg]
    shift = shift or (at(8), at(17))
    return placed_breaks("Nan", shift, stretches, asked_of(HOUSE, *shift, 60), standing, off, now, 60, ZONE)


def test_every_row_has_its_source_and_stands_unverified() -> None:
    for state in ("", "CA", "IL", "MA", "WA"):
        for row in break_rows(state, DAY):
            assert row.status == "unverified" and row.ground in ("law", "house policy") and row.earliest <= row.latest and row.lasts > 0
            assert row.said.endswith("unverified)")
    assert break_rows("", date(2025, 1, 1)) == []


@pytest.mark.parametrize(("hours", "breaks"), [(3, 0), (4, 0), (5.5, 1), (9, 1), (10, 1), (10.5, 2)])
def test_a_shift_asks_for_breaks_by_its_length(hours: float, breaks: int) -> None:
    assert len(asked_of(HOUSE, at(8), at(8) + timedelta(hours=hours), 0)) == breaks


def test_a_short_shift_that_overtime_makes_long_has_its_break_by_then() -> None:
    (one,) = asked_of(HOUSE, at(8), at(12, 45), 60)
    assert one.latest == at(13)
    assert asked_of(HOUSE, at(8), at(11), 60) == []


def test_the_stricter_figure_of_house_and_state_holds() -> None:
    (one,) = asked_of(break_rows("IL", DAY), at(8), at(16), 0)
    assert (one.lasts, one.earliest, one.latest) == (30, at(11), at(13)) and "house policy" in one.why and "law, IL" in one.why
    (one,) = asked_of(break_rows("CA", DAY), at(8), at(16), 0)
    assert one.latest == at(12, 59)


def test_a_break_goes_where_there_is_room_and_is_told_where_there_is_none() -> None:
    left, said = placed([stretch(at(8), at(11, 20)), stretch(at(12), at(17), 1)], now=at(6))
    assert [len(w.breaks) for w in left] == [0, 1] and said == [] and [w.goes_on for w in left] == [True, False]
    assert (left[1].breaks[0].earliest, left[1].breaks[0].latest) == (at(12), at(13))
    left, said = placed([stretch(at(8), at(11)), stretch(at(13, 30), at(17), 1)], now=at(6))
    assert not any(w.breaks for w in left) and "no room" in said[0] and "11:00 to 13:00" in said[0]


def test_time_off_at_its_time_is_the_break() -> None:
    left, said = placed([stretch(at(8), at(12)), stretch(at(12, 45), at(17), 1)], now=at(6), off=((at(12), at(12, 45)),))
    assert not any(w.breaks for w in left) and said == []


def test_a_break_that_had_begun_by_the_plan_counts_and_one_nobody_knows_of_is_told() -> None:
    had = PlannedBreak(at(11, 30), at(12))
    left, said = placed([stretch(at(12, 30), at(17))], now=at(12, 30), standing=(had,))
    assert left[0].breaks == () and "counts as taken" in said[0] and "11:30 to 12:00" in said[0]
    left, said = placed([stretch(at(11, 40), at(17))], now=at(11, 40), standing=(had,))
    assert left[0].begins == at(12)  # it goes on: nobody works before it is over
    left, said = placed([stretch(at(14), at(17))], now=at(14))
    assert left[0].breaks == () and "not known" in said[0]
    left, said = placed([stretch(at(10), at(17))], now=at(10), standing=(had,))
    assert len(left[0].breaks) == 1 and said == []  # one to come is planned anew


def test_a_shift_over_the_night_of_the_clock_change_counts_hours_that_pass() -> None:
    night = date(2026, 10, 31)
    (one,) = asked_of(HOUSE, at(22, 0, night), at(6, 0, night + timedelta(days=1)), 0)
    assert one.latest - at(22, 0, night).astimezone(UTC) == timedelta(hours=5)


def test_kept_breaks_are_read_again_and_those_begun_stay() -> None:
    had, planned, new = PlannedBreak(at(9), at(9, 30), "law"), PlannedBreak(at(12), at(12, 30)), PlannedBreak(at(13), at(13, 30))
    assert breaks_in(break_values([had, planned])) == (had, planned)
    assert breaks_from([had, planned], [new], at(10)) == (had, new)
    with pytest.raises(Malformed):
        breaks_from([had], [PlannedBreak(at(9, 15), at(9, 45))], at(10))


@given(st.integers(0, 540), st.integers(30, 700), st.lists(st.tuples(st.integers(0, 600), st.integers(5, 200)), max_size=3))
def test_a_break_always_fits_the_stretch_it_is_put_in(now: int, length: int, taken: list[tuple[int, int]]) -> None:
    shift = (at(8), at(8) + timedelta(minutes=length))
    gone = [(at(8) - timedelta(minutes=1), at(8) + timedelta(minutes=min(now, length)))]
    gone += [(at(8) + timedelta(minutes=a), at(8) + timedelta(minutes=a + b)) for a, b in taken]
    free: list[tuple[datetime, datetime]] = []
    begins = shift[0]
    for first, last in sorted(gone):
        if first > begins:
            free.append((begins, min(first, shift[1])))
        begins = max(begins, last)
    free.append((begins, shift[1]))
    left, _ = placed([stretch(a, b, n) for n, (a, b) in enumerate(free) if a < b], now=at(8) + timedelta(minutes=min(now, length)), shift=shift)
    for w in left:
        for b in w.breaks:
            assert w.begins <= b.earliest <= b.latest and b.latest + timedelta(minutes=b.lasts) <= w.ends
