# SPDX-License-Identifier: Apache-2.0
"""A hood (primary engineering control): its machine, and the reasons against using it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.sites.domain.cleanroom import RoomFacts, reasons_against_room
from openinfusion.sites.domain.figure import whole
from openinfusion.sites.permissions import CERTIFY


class HoodState(StrEnum):
    IN_SERVICE = "in_service"
    OUT_OF_SERVICE = "out_of_service"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class HoodFacts:
    """What is known of a hood at an instant."""

    name: str
    state: HoodState
    hazardous: bool
    certified_until: datetime | None
    cleaned_at: datetime | None
    failed_why: str
    sample_why: str
    room: RoomFacts
    now: datetime


def certification_holds(f: HoodFacts) -> Reason | None:
    if f.failed_why:
        return Reason("hood-failed", f"{f.name}: {f.failed_why}", "a certification it passes")
    if f.certified_until is None:
        return Reason("hood-uncertified", f"{f.name} has no certification on record", "compliance records it")
    if f.certified_until <= f.now:
        return Reason(
            "hood-lapsed", f"the certification of {f.name} lapsed on {f.certified_until:%d-%b-%Y}", "a new certification"
        )
    return None


def hood_is_in_service(f: HoodFacts) -> Reason | None:
    if f.state is HoodState.IN_SERVICE:
        return None
    return Reason("hood-out", f"{f.name} is {f.state.value.replace('_', ' ')}", "compliance puts it back into service")


def hood_was_cleaned(f: HoodFacts) -> Reason | None:
    hours = whole("hood_cleaning_hours")
    if f.cleaned_at is not None and f.now - f.cleaned_at < timedelta(hours=hours):
        return None
    return Reason("hood-unclean", f"{f.name} was not cleaned within {hours} h", "a technician records the cleaning")


def hood_samples_are_clear(f: HoodFacts) -> Reason | None:
    return Reason("hood-sample", f"{f.name}: {f.sample_why}", "a repeated sample within its level") if f.sample_why else None


def room_fits_hood(f: HoodFacts) -> Reason | None:
    if f.hazardous and not f.room.hazardous:
        return Reason("room-not-negative", f"{f.room.name} is not held at negative pressure", "use a hood in another room")
    return None


def hazardous_fits(f: HoodFacts, hazardous: bool) -> Reason | None:
    if hazardous and not f.hazardous:
        return Reason("hood-not-hazardous", f"{f.name} is not built for hazardous drugs", "use a hazardous hood")
    if f.hazardous and not hazardous:
        return Reason("hood-hazardous-only", f"{f.name} is kept for hazardous drugs", "use another hood")
    return None


def reasons_against(f: HoodFacts, hazardous: bool) -> tuple[Reason, ...]:
    """Every reason why this hood may not be used now for such a drug, its room's included; none means may."""
    guards = (hood_is_in_service, certification_holds, hood_samples_are_clear, hood_was_cleaned, room_fits_hood)
    found = (*(g(f) for g in guards), hazardous_fits(f, hazardous))
    return (*(r for r in found if r is not None), *reasons_against_room(f.room))


S = HoodState
HOOD: Machine[HoodState, HoodFacts] = Machine(
    name="sites.hood",
    initial=S.IN_SERVICE,
    steps=(
        Step(
            "take_out",
            S.IN_SERVICE,
            S.OUT_OF_SERVICE,
            CERTIFY.code,
            "Take out of service",
            "{actor} took {subject} out of service.",
            (),
            "danger",
            True,
        ),
        Step(
            "put_back",
            S.OUT_OF_SERVICE,
            S.IN_SERVICE,
            CERTIFY.code,
            "Put back into service",
            "{actor} put {subject} back into service.",
            (certification_holds,),
            "pri",
            True,
            "fit for use",
        ),
        Step("retire", S.OUT_OF_SERVICE, S.RETIRED, CERTIFY.code, "Retire", "{actor} retired {subject}.", (), "danger", True),
    ),
    owners={S.IN_SERVICE: "", S.OUT_OF_SERVICE: Role.COMPLIANCE.value, S.RETIRED: ""},
    tones={S.IN_SERVICE: "ok", S.OUT_OF_SERVICE: "crit"},
)
