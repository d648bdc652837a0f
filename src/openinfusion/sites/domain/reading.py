# SPDX-License-Identifier: Apache-2.0
"""Readings of rooms and cold stores: what is measured, which range it must keep, what may be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from openinfusion.kernel.refusal import Fault
from openinfusion.sites.domain.cleanroom import RoomKind, needs_pressure
from openinfusion.sites.domain.cold_store import ColdStoreKind
from openinfusion.sites.domain.cold_store import band as cold_band
from openinfusion.sites.domain.figure import figure, whole


class Measured(StrEnum):
    """What is measured, in the unit that never varies: inches of water column, °C, % relative humidity."""

    PRESSURE = "pressure"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"

    @property
    def unit(self) -> str:
        return {"pressure": "in. w.c.", "temperature": "°C", "humidity": "% RH"}[self.value]


class TakenBy(StrEnum):
    """How a reading came in."""

    HAND = "hand"
    FILE = "file"
    PROBE = "probe"


# A value outside of these was not measured: a slip of the pen or a broken probe. (lowest, highest, places after the point)
_BELIEVABLE = {
    Measured.PRESSURE: (Decimal("-1"), Decimal("1"), 4),
    Measured.TEMPERATURE: (Decimal("-100"), Decimal("80"), 2),
    Measured.HUMIDITY: (Decimal("0"), Decimal("100"), 1),
}


@dataclass(frozen=True, slots=True)
class Range:
    """What a value must keep, both ends included; an end of None is open."""

    low: Decimal | None
    high: Decimal | None

    def holds(self, value: Decimal) -> bool:
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        if self.low is None:
            return "any" if self.high is None else f"up to {self.high}"
        return f"{self.low} to {self.high}" if self.high is not None else f"{self.low} and more"


def room_range(measured: Measured, kind: RoomKind, hazardous: bool) -> Range:
    """What a room must keep. Warmth and humidity are recommended limits: they are noted and do not stop work."""
    if measured is Measured.TEMPERATURE:
        return Range(None, figure("room_warm_above"))
    if measured is Measured.HUMIDITY:
        return Range(None, figure("room_humid_above"))
    if not needs_pressure(kind, hazardous):
        return Range(None, None)
    if hazardous and kind is not RoomKind.ANTE:
        return Range(figure("pressure_negative_low"), figure("pressure_negative_high"))
    return Range(figure("pressure_positive_low"), None)


def cold_range(kind: ColdStoreKind) -> Range:
    """What a refrigerator, freezer or room that keeps stock must hold, in °C."""
    kept = cold_band(kind)
    return Range(kept.low, kept.high)


@dataclass(frozen=True, slots=True)
class Given:
    """One reading as it was handed in: of which place, what, how much, when, and what was done if it was out."""

    place: str  # an id, or a name that the import resolves
    measured: Measured
    value: Decimal
    at: datetime
    action_taken: str = ""


def faults_in(given: Given, now: datetime, path: str) -> list[Fault]:
    """Why a reading cannot be believed: impossible value, too many decimals, a time to come or long past."""
    low, high, places = _BELIEVABLE[given.measured]
    found = []
    if not low <= given.value <= high:
        text = f"{given.value} {given.measured.unit} cannot be: {low} to {high} is possible"
        found.append(Fault(path, text))
    if -int(given.value.as_tuple().exponent) > places:
        found.append(Fault(path, f"{given.value} has more than {places} digits after the point"))
    if given.at > now + timedelta(minutes=whole("reading_ahead_minutes")):
        found.append(Fault(path, f"{given.at:%d-%b-%Y %H:%M %Z} is still to come: check the clock"))
    if given.at < now - timedelta(days=whole("reading_back_days")):
        found.append(Fault(path, f"{given.at:%d-%b-%Y %H:%M %Z} is too long ago to be recorded here"))
    return found
