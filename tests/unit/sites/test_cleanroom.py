# SPDX-License-Identifier: Apache-2.0
"""What stands against a hood and its room, each reason by itself; days are days at the site."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openinfusion.kernel.span import months_after
from openinfusion.sites.domain.cleanroom import (
    RoomFacts,
    RoomKind,
    RoomState,
    needs_pressure,
    reasons_against_room,
    samples_are_clear,
    sporicidal_due_on,
)
from openinfusion.sites.domain.hood import HoodFacts, HoodState, reasons_against

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
ZONE = "America/Chicago"
ROOM = RoomFacts(
    "Buffer room", RoomKind.BUFFER, 7, False, RoomState.IN_USE, NOW + timedelta(days=30), NOW - timedelta(hours=2),
    NOW - timedelta(days=5), NOW - timedelta(hours=1), True, "", NOW, ZONE,
)
HOOD = HoodFacts("Hood 1", HoodState.IN_SERVICE, False, NOW + timedelta(days=30), NOW - timedelta(hours=2), "", "", ROOM, NOW)


def codes(room: RoomFacts) -> set[str]:
    return {r.code for r in reasons_against_room(room)}


def test_nothing_stands_against_a_room_in_order() -> None:
    assert codes(ROOM) == set() and reasons_against(HOOD, False) == ()


@pytest.mark.parametrize(("change", "code"), [
    ({"state": RoomState.CLOSED}, "room-closed"),
    ({"state": RoomState.RETIRED}, "room-closed"),
    ({"certified_until": None}, "room-uncertified"),
    ({"certified_until": NOW}, "room-lapsed"),
    ({"cleaned_at": None}, "room-unclean"),
    ({"cleaned_at": NOW - timedelta(hours=24)}, "room-unclean"),
    ({"sporicidal_at": None}, "sporicidal-missed"),
    ({"sporicidal_at": NOW - timedelta(days=32)}, "sporicidal-missed"),
    ({"pressure_at": None, "pressure_ok": None}, "pressure-unread"),
    ({"pressure_at": NOW - timedelta(days=1)}, "pressure-unread"),
    ({"pressure_ok": False}, "pressure-out"),
    ({"lapsed": ("Scale 1",)}, "uncalibrated"),
])
def test_each_reason_stops_the_room_and_says_who_clears_it(change: dict, code: str) -> None:
    [reason] = reasons_against_room(replace(ROOM, **change))
    assert reason.code == code and reason.clears


@pytest.mark.parametrize(("change", "code"), [
    ({"state": HoodState.OUT_OF_SERVICE}, "hood-out"),
    ({"certified_until": None}, "hood-uncertified"),
    ({"certified_until": NOW}, "hood-lapsed"),
    ({"failed_why": "failed its certification"}, "hood-failed"),
    ({"sample_why": "3 is over 1 CFU/m³"}, "hood-sample"),
    ({"cleaned_at": None}, "hood-unclean"),
    ({"room": replace(ROOM, pressure_ok=False)}, "pressure-out"),
])
def test_each_reason_stops_the_hood(change: dict, code: str) -> None:
    [reason] = reasons_against(replace(HOOD, **change), False)
    assert reason.code == code and reason.clears


def test_hazardous_drugs_want_a_hazardous_hood_in_a_room_that_is_held_negative() -> None:
    assert [r.code for r in reasons_against(HOOD, True)] == ["hood-not-hazardous"]
    assert [r.code for r in reasons_against(replace(HOOD, hazardous=True), True)] == ["room-not-negative"]
    negative = replace(HOOD, hazardous=True, room=replace(ROOM, hazardous=True))
    assert reasons_against(negative, True) == ()
    assert [r.code for r in reasons_against(negative, False)] == ["hood-hazardous-only"]


def test_a_failed_room_is_no_reason_it_downgrades_and_its_certification_is_asked_when_it_is_cleared() -> None:
    assert codes(replace(ROOM, state=RoomState.FAILED, certified_until=None)) == set()


def test_a_segregated_area_needs_no_pressure_but_a_containment_area_does() -> None:
    area = replace(ROOM, kind=RoomKind.SEGREGATED, iso=None, pressure_at=None, pressure_ok=None)
    assert codes(area) == set()
    assert codes(replace(area, kind=RoomKind.CONTAINED, hazardous=True)) == {"pressure-unread"}
    assert needs_pressure(RoomKind.ANTE, False)


def test_the_day_is_the_day_of_the_site() -> None:
    """01:30 in Chicago is the next day in UTC half of the time: the pressure read at 23:30 counts no more after midnight."""
    late = datetime(2026, 11, 22, 23, 30, tzinfo=ZoneInfo(ZONE))
    assert codes(replace(ROOM, pressure_at=late, now=late + timedelta(minutes=20), certified_until=NOW)) == set()
    after = late + timedelta(minutes=45)
    assert codes(replace(ROOM, pressure_at=late, now=after)) == {"pressure-unread"}


def test_the_night_the_clocks_go_back_is_one_day() -> None:
    zone = ZoneInfo(ZONE)
    first, second = datetime(2026, 11, 1, 1, 30, tzinfo=zone), datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=1)
    room = replace(ROOM, pressure_at=first, now=second, cleaned_at=first, sporicidal_at=first)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    assert codes(room) == set()


@pytest.mark.parametrize(("done", "due"), [
    (date(2027, 1, 31), date(2027, 2, 28)), (date(2028, 1, 31), date(2028, 2, 29)), (date(2028, 2, 29), date(2028, 3, 29)),
    (date(2026, 12, 15), date(2027, 1, 15)),
])
def test_a_month_without_the_day_ends_earlier(done: date, due: date) -> None:
    assert sporicidal_due_on(datetime(done.year, done.month, done.day, 12, tzinfo=ZoneInfo(ZONE)), ZONE) == due


def test_a_leap_day_a_year_later_is_the_28th() -> None:
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)


def test_a_sample_over_its_level_stands_against_clearing() -> None:
    assert samples_are_clear(replace(ROOM, sample_why="12 is over 10")).code == "room-sample"
    assert samples_are_clear(ROOM) is None
