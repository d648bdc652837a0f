# SPDX-License-Identifier: Apache-2.0
"""Random walks of rooms, equipment and samples: nothing comes back into use against its rules."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.span import months_after
from openinfusion.sites.domain.cleanroom import CLEANROOM, RoomFacts, RoomKind, RoomState
from openinfusion.sites.domain.equipment import EQUIPMENT, EquipmentFacts, EquipmentKind, EquipmentState
from openinfusion.sites.domain.figure import levels
from openinfusion.sites.domain.reading import Measured, room_range
from openinfusion.sites.domain.reading_file import read_file
from openinfusion.sites.domain.sample import SAMPLE, SampleFacts, SampleState

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
MAY = frozenset({"sites.hood.certify", "sites.reading.record"})
ROOM = RoomFacts("R", RoomKind.BUFFER, 7, False, RoomState.IN_USE, None, NOW, NOW, NOW, True, "", NOW, "America/Chicago")


def steps(machine) -> list[str]:
    return sorted({s.name for s in machine.steps})


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(steps(CLEANROOM)), st.booleans(), st.sampled_from(["", "12 is over 10"])), max_size=30))
def test_a_room_comes_back_only_certified_and_clear(walk: list) -> None:
    state = RoomState.IN_USE
    for step, certified, sample in walk:
        until = NOW + timedelta(days=1) if certified else None
        facts = replace(ROOM, state=state, certified_until=until, sample_why=sample)
        try:
            target = CLEANROOM.advance(state, step, facts, MAY, reason="why", signed=True).target
        except Refused:
            continue
        if target is RoomState.IN_USE:
            assert certified and not sample
        assert state is not RoomState.RETIRED
        state = target


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(steps(EQUIPMENT)), st.integers(-3, 3)), max_size=30))
def test_equipment_comes_back_only_calibrated(walk: list) -> None:
    state, today = EquipmentState.IN_SERVICE, date(2026, 11, 23)
    for step, days in walk:
        facts = EquipmentFacts("E", EquipmentKind.SCALE, state, today + timedelta(days=days), today)
        try:
            target = EQUIPMENT.advance(state, step, facts, MAY, reason="why").target
        except Refused:
            continue
        if target is EquipmentState.IN_SERVICE:
            assert days > 0
        state = target


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(steps(SAMPLE)), st.integers(0, 200), st.integers(0, 20), st.sampled_from(["", "Bacillus"])), max_size=20))
def test_a_sample_is_counted_only_after_both_bands(walk: list) -> None:
    state, at, warmed, moved = SampleState.TAKEN, NOW, None, None
    limit = levels()["air", 7]
    for step, hours, count, genus in walk:
        at += timedelta(hours=hours)
        try:
            target = SAMPLE.advance(state, step, SampleFacts(at, warmed, moved, count, genus, limit), MAY, reason="why").target
        except Refused:
            continue
        if step == "incubate":
            warmed = at
        if step == "move":
            moved = at
        if target is SampleState.RESULTED:
            assert moved - warmed >= timedelta(hours=48) and at - moved >= timedelta(hours=120)
            assert genus or count <= 10
        state = target


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(0, 60))
def test_months_later_is_never_later_than_the_same_day_and_goes_on(day: date, months: int) -> None:
    later = months_after(day, months)
    assert later.day <= day.day and (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert months_after(day, months + 1) > later


@given(st.decimals("-1", "1", places=4))
def test_no_pressure_is_right_for_both_a_positive_and_a_negative_room(value: Decimal) -> None:
    positive = room_range(Measured.PRESSURE, RoomKind.BUFFER, False)
    negative = room_range(Measured.PRESSURE, RoomKind.BUFFER, True)
    assert not (positive.holds(value) and negative.holds(value))


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda t: ("place,measured,value,at,action_taken\n" + t).encode("utf-8", "surrogatepass"))))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        found = read_file(data, NOW, "America/Chicago")
    except Malformed as no:
        assert no.faults
    else:
        assert found
