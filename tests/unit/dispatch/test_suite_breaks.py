# SPDX-License-Identifier: Apache-2.0
"""Breaks of a suite's nurses: covered by another, apart from each other, where least is booked; what cannot be is said."""
from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from openinfusion.dispatch.domain.suite_breaks import OnDuty, placed
from openinfusion.dispatch.domain.work import BreakAsked
from openinfusion.kernel.rest import PlannedBreak

ZONE = ZoneInfo("America/Chicago")
EIGHT = datetime(2026, 11, 24, 8, tzinfo=ZONE)


def at(hours: float) -> datetime:
    return EIGHT + timedelta(hours=hours)


NOON = BreakAsked(at(3), at(5), 30, "house")


def nurse(name: str, begins: float = 0, ends: float = 9, *standing: PlannedBreak) -> OnDuty:
    return OnDuty(name, ((at(begins), at(ends)),), (NOON,), standing)


def test_two_nurses_are_not_away_at_once_and_go_where_least_is_booked() -> None:
    given, said = placed([nurse("Ann"), nurse("Bea")], [(at(3.5), at(5.5), 3)], at(0), ZONE)
    (ann,), (bea,) = given["Ann"], given["Bea"]
    assert said == [] and ann.ends_at == at(3.5) and (ann.ends_at <= bea.starts_at or bea.ends_at <= ann.starts_at)
    assert all(NOON.earliest <= b.starts_at <= NOON.latest and b.why == "house" for b in (ann, bea))


def test_alone_there_is_no_break_and_it_is_said() -> None:
    given, said = placed([nurse("Ann"), nurse("Bea", 6)], [], at(0), ZONE)
    assert given == {"Ann": (), "Bea": ()}
    assert said[0] == "Ann: nobody else is there for a break between 11:00 and 13:00; none is planned" and len(said) == 2


def test_what_has_begun_stays_what_is_past_is_not_known_and_the_rest_is_from_now_on() -> None:
    had = PlannedBreak(at(3), at(3.5), "house")
    given, said = placed([nurse("Ann", 0, 9, had), nurse("Bea")], [], at(3.2), ZONE)
    assert given["Ann"] == (had,) and given["Bea"][0].starts_at >= had.ends_at and said == []
    _, said = placed([nurse("Ann"), nurse("Bea")], [], at(6), ZONE)
    assert said == [f"{n}: whether the break due by 13:00 was taken is not known; ask" for n in ("Ann", "Bea")]
