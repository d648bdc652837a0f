# SPDX-License-Identifier: Apache-2.0
"""A cleanroom: its kind, its machine, and what stands against working in it now.

A failed room still serves: dating falls back to that of a segregated area. A closed room does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.kernel.span import months_after
from openinfusion.sites.domain.figure import whole
from openinfusion.sites.permissions import CERTIFY, MEASURE


class RoomKind(StrEnum):
    """Buffer room, anteroom, segregated compounding area, and the containment one for hazardous drugs."""

    BUFFER = "buffer"
    ANTE = "ante"
    SEGREGATED = "segregated"
    CONTAINED = "contained_segregated"

    @property
    def label(self) -> str:
        return {
            "buffer": "buffer room",
            "ante": "anteroom",
            "segregated": "segregated compounding area",
            "contained_segregated": "containment segregated area",
        }[self.value]


class RoomState(StrEnum):
    IN_USE = "in_use"
    FAILED = "failed"
    CLOSED = "closed"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """What is known of a room at an instant. ``zone`` is the site's: a day is a day there.

    ``lapsed``: equipment of the room whose calibration has lapsed and stops work.
    """

    name: str
    kind: RoomKind
    iso: int | None
    hazardous: bool
    state: RoomState
    certified_until: datetime | None
    cleaned_at: datetime | None
    sporicidal_at: datetime | None
    pressure_at: datetime | None
    pressure_ok: bool | None
    sample_why: str
    now: datetime
    zone: str
    lapsed: tuple[str, ...] = ()


def needs_pressure(kind: RoomKind, hazardous: bool) -> bool:
    """Buffer rooms and anterooms are held against their neighbours; a segregated area only where it holds hazards in."""
    return kind in (RoomKind.BUFFER, RoomKind.ANTE) or hazardous


def same_day(one: datetime, other: datetime, zone: str) -> bool:
    """Whether two instants fall on one calendar day of the place."""
    return one.astimezone(ZoneInfo(zone)).date() == other.astimezone(ZoneInfo(zone)).date()


def sporicidal_due_on(done_at: datetime, zone: str) -> date:
    """The first day on which the last sporicidal cleaning counts no more."""
    return months_after(done_at.astimezone(ZoneInfo(zone)).date(), whole("sporicidal_months"))


def room_is_open(f: RoomFacts) -> Reason | None:
    if f.state in (RoomState.IN_USE, RoomState.FAILED):
        return None
    return Reason("room-closed", f"{f.name} is {f.state.value}", "compliance opens it again")


def room_certification_holds(f: RoomFacts) -> Reason | None:
    if f.state is RoomState.FAILED:
        return None  # it failed, which downgrades; its certification is asked again when it is cleared
    return room_is_certified(f)


def room_is_certified(f: RoomFacts) -> Reason | None:
    if f.certified_until is None:
        return Reason("room-uncertified", f"{f.name} has no certification in force", "compliance records it")
    if f.certified_until <= f.now:
        lapsed = f"{f.certified_until.astimezone(ZoneInfo(f.zone)):%d-%b-%Y}"
        return Reason("room-lapsed", f"the certification of {f.name} lapsed on {lapsed}", "a new certification")
    return None


def room_was_cleaned(f: RoomFacts) -> Reason | None:
    hours = whole("room_cleaning_hours")
    if f.cleaned_at is not None and f.now - f.cleaned_at < timedelta(hours=hours):
        return None
    return Reason("room-unclean", f"{f.name} was not cleaned within {hours} h", "a technician records the cleaning")


def sporicidal_was_done(f: RoomFacts) -> Reason | None:
    clears = "a technician records a sporicidal cleaning"
    if f.sporicidal_at is None:
        return Reason("sporicidal-missed", f"no sporicidal cleaning of {f.name} is on record", clears)
    due = sporicidal_due_on(f.sporicidal_at, f.zone)
    if due <= f.now.astimezone(ZoneInfo(f.zone)).date():
        return Reason("sporicidal-missed", f"the sporicidal cleaning of {f.name} was due on {due:%d-%b-%Y}", clears)
    return None


def pressure_holds(f: RoomFacts) -> Reason | None:
    if not needs_pressure(f.kind, f.hazardous):
        return None
    if f.pressure_at is None or not same_day(f.pressure_at, f.now, f.zone):
        return Reason("pressure-unread", f"the pressure of {f.name} was not read today", "a technician reads it")
    if not f.pressure_ok:
        return Reason("pressure-out", f"the pressure of {f.name} is out of range", "put it right, then read it again")
    return None


def equipment_is_calibrated(f: RoomFacts) -> Reason | None:
    if not f.lapsed:
        return None
    return Reason("uncalibrated", f"calibration is due in {f.name}: {', '.join(f.lapsed)}", "compliance records a calibration")


def samples_are_clear(f: RoomFacts) -> Reason | None:
    return Reason("room-sample", f"{f.name}: {f.sample_why}", "a repeated sample within its level") if f.sample_why else None


def reasons_against_room(f: RoomFacts) -> tuple[Reason, ...]:
    """Every reason why nothing may be compounded in this room now. A failed room is none: it downgrades the dating."""
    guards = (
        room_is_open,
        room_certification_holds,
        room_was_cleaned,
        sporicidal_was_done,
        pressure_holds,
        equipment_is_calibrated,
    )
    return tuple(r for g in guards if (r := g(f)) is not None)


S = RoomState
CLEANROOM: Machine[RoomState, RoomFacts] = Machine(
    name="sites.cleanroom",
    initial=S.IN_USE,
    steps=(
        Step("fail", S.IN_USE, S.FAILED, MEASURE.code, "Room has failed",
             "{actor} recorded that {subject} has failed; dating falls back.", (), "danger", True),
        Step("clear", S.FAILED, S.IN_USE, CERTIFY.code, "Cleared", "{actor} cleared {subject}.",
             (room_is_certified, samples_are_clear), "pri", True, "the room meets its class again"),
        Step("close", S.IN_USE, S.CLOSED, CERTIFY.code, "Close", "{actor} closed {subject}.", (), "danger", True),
        Step("close", S.FAILED, S.CLOSED, CERTIFY.code, "Close", "{actor} closed {subject}.", (), "danger", True),
        Step("open", S.CLOSED, S.IN_USE, CERTIFY.code, "Open again", "{actor} opened {subject} again.",
             (room_is_certified, samples_are_clear), "pri", True, "fit for use"),
        Step("retire", S.CLOSED, S.RETIRED, CERTIFY.code, "Retire", "{actor} retired {subject}.", (), "danger", True),
    ),
    owners={S.IN_USE: "", S.FAILED: Role.COMPLIANCE.value, S.CLOSED: Role.COMPLIANCE.value, S.RETIRED: ""},
    tones={S.IN_USE: "ok", S.FAILED: "warn", S.CLOSED: "crit"},
)
