# SPDX-License-Identifier: Apache-2.0
"""Levels by class are exceeded by more, never by the same; ranges, certifications, calibrations."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from openinfusion.kernel.refusal import Broken
from openinfusion.sites.domain.certification import Measurements, air_changes_wanted, failings, holds_until
from openinfusion.sites.domain.cleanroom import RoomKind
from openinfusion.sites.domain.cold_store import ColdStoreKind
from openinfusion.sites.domain.equipment import (
    EquipmentFacts,
    EquipmentKind,
    EquipmentState,
    due_on,
    is_calibrated,
    stops_work,
)
from openinfusion.sites.domain.figure import level, levels
from openinfusion.sites.domain.reading import Given, Measured, Range, cold_range, faults_in, room_range
from openinfusion.sites.domain.sample import SampleFacts, first_band_was_long_enough, growth_is_named, second_band_was_long_enough

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(("control", "iso", "most"), [
    ("air", 5, 1), ("air", 7, 10), ("air", 8, 100), ("surface", 5, 3), ("surface", 7, 5), ("surface", 8, 50),
    ("particles", 5, 3520), ("particles", 7, 352000), ("particles", 8, 3520000),
])
def test_a_count_is_over_only_when_it_is_greater(control: str, iso: int, most: int) -> None:
    assert not level(control, iso).is_over(most)
    assert level(control, iso).is_over(most + 1)


def test_every_level_has_an_effect_and_an_unknown_class_is_not_guessed() -> None:
    assert {x.effect for x in levels().values()} == {"stop", "fail", "ask"}
    with pytest.raises(Broken):
        level("air", 6)


def test_pressure_is_positive_or_held_between_two_negatives() -> None:
    buffer = room_range(Measured.PRESSURE, RoomKind.BUFFER, False)
    assert buffer.holds(Decimal("0.020")) and not buffer.holds(Decimal("0.019"))
    negative = room_range(Measured.PRESSURE, RoomKind.BUFFER, True)
    assert [negative.holds(Decimal(x)) for x in ("-0.031", "-0.030", "-0.010", "-0.009", "0.02")] == [False, True, True, False, False]
    assert room_range(Measured.PRESSURE, RoomKind.ANTE, True).holds(Decimal("0.02"))  # the anteroom is positive to the outside
    assert room_range(Measured.PRESSURE, RoomKind.SEGREGATED, False).holds(Decimal("-1"))
    assert room_range(Measured.TEMPERATURE, RoomKind.BUFFER, False).holds(Decimal(20))
    assert not room_range(Measured.HUMIDITY, RoomKind.BUFFER, False).holds(Decimal("60.1"))
    assert cold_range(ColdStoreKind.REFRIGERATOR).holds(Decimal(8))


def test_a_range_is_said_in_words() -> None:
    one, two = Decimal(1), Decimal(2)
    assert [str(r) for r in (Range(None, None), Range(None, one), Range(one, None), Range(one, two))] == ["any", "up to 1", "1 and more", "1 to 2"]


@pytest.mark.parametrize(("measured", "value", "at", "words"), [
    (Measured.TEMPERATURE, "300", NOW, "cannot be"), (Measured.PRESSURE, "-1.5", NOW, "cannot be"), (Measured.HUMIDITY, "101", NOW, "cannot be"),
    (Measured.TEMPERATURE, "4.123", NOW, "more than 2 digits"), (Measured.TEMPERATURE, "4", NOW + timedelta(minutes=6), "still to come"),
    (Measured.TEMPERATURE, "4", NOW - timedelta(days=401), "too long ago"),
])
def test_what_cannot_be_believed_is_a_fault(measured: Measured, value: str, at: datetime, words: str) -> None:
    [fault] = faults_in(Given("x", measured, Decimal(value), at), NOW, "line 2")
    assert words in fault.text and fault.path == "line 2"


def test_what_can_be_believed_is_none() -> None:
    assert faults_in(Given("x", Measured.PRESSURE, Decimal("0.0251"), NOW + timedelta(minutes=4)), NOW, "x") == []


def test_a_certification_fails_by_figures_even_where_the_certifier_passed_it() -> None:
    assert failings(Measurements(3520, True, None, True), 5, None) == ()
    found = failings(Measurements(352001, False, Decimal("29.9"), False), 7, Decimal(30))
    assert len(found) == 4
    assert failings(Measurements(9_999_999, None, Decimal(3), True), None, None) == ()  # no class: nothing to judge by


def test_air_changes_by_kind() -> None:
    assert air_changes_wanted(RoomKind.BUFFER, 7, False) == 30
    assert air_changes_wanted(RoomKind.ANTE, 8, False) == 20
    assert air_changes_wanted(RoomKind.BUFFER, 8, True) == 30
    assert air_changes_wanted(RoomKind.CONTAINED, None, True) == 12
    assert air_changes_wanted(RoomKind.SEGREGATED, None, False) is None


def test_a_certification_holds_until_midnight_of_the_site() -> None:
    zone = "America/Chicago"
    assert holds_until(date(2026, 8, 31), zone) == datetime(2027, 2, 28, tzinfo=ZoneInfo(zone))


def test_calibration_lapses_on_its_due_day_and_stops_the_room_only_where_the_rule_says_so() -> None:
    due = due_on(EquipmentKind.SCALE, date(2028, 2, 29))
    assert due == date(2029, 2, 28)
    scale = EquipmentFacts("Scale 1", EquipmentKind.SCALE, EquipmentState.IN_SERVICE, due, due - timedelta(days=1))
    assert is_calibrated(scale) is None and not stops_work(scale)
    lapsed = EquipmentFacts("Scale 1", EquipmentKind.SCALE, EquipmentState.IN_SERVICE, due, due)
    assert is_calibrated(lapsed).code == "calibration-lapsed" and stops_work(lapsed)
    never = EquipmentFacts("F", EquipmentKind.FREEZER, EquipmentState.IN_SERVICE, None, due)
    assert is_calibrated(never).code == "never-calibrated" and not stops_work(never)
    away = EquipmentFacts("Scale 1", EquipmentKind.SCALE, EquipmentState.OUT_OF_SERVICE, None, due)
    assert not stops_work(away)


def test_plates_stay_their_hours_in_each_band_and_growth_over_the_level_is_named() -> None:
    hours = timedelta(hours=1)
    assert first_band_was_long_enough(SampleFacts(NOW, NOW - 48 * hours)) is None
    assert first_band_was_long_enough(SampleFacts(NOW, NOW - 47 * hours)).code == "incubation-short"
    assert second_band_was_long_enough(SampleFacts(NOW, None, None)).code == "incubation-short"
    assert second_band_was_long_enough(SampleFacts(NOW, None, NOW - 120 * hours)) is None
    limit = level("air", 7)
    assert growth_is_named(SampleFacts(NOW, count=10, level=limit)) is None
    assert growth_is_named(SampleFacts(NOW, count=11, level=limit)).code == "genus-missing"
    assert growth_is_named(SampleFacts(NOW, count=11, genus="Micrococcus", level=limit)) is None
    assert growth_is_named(SampleFacts(NOW)) is None
