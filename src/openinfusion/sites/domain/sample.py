# SPDX-License-Identifier: Apache-2.0
"""A viable sample of air or surface: taken, incubated in two bands, counted, judged against its class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.sites.domain.figure import Level, whole
from openinfusion.sites.permissions import CERTIFY, MEASURE


class SampleKind(StrEnum):
    AIR = "air"
    SURFACE = "surface"


class SampleState(StrEnum):
    TAKEN = "taken"
    INCUBATING = "incubating"
    SECOND_BAND = "second_band"
    RESULTED = "resulted"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """What the guards ask. ``count`` and ``genus`` come with the step that brings the result."""

    now: datetime
    warmed_at: datetime | None = None
    moved_at: datetime | None = None
    count: int | None = None
    genus: str = ""
    level: Level | None = None


def first_band_was_long_enough(f: SampleFacts) -> Reason | None:
    return _long_enough(f.warmed_at, f.now, whole("incubation_first_hours"), "at 30 to 35 °C")


def second_band_was_long_enough(f: SampleFacts) -> Reason | None:
    return _long_enough(f.moved_at, f.now, whole("incubation_second_hours"), "at 20 to 25 °C")


def _long_enough(since: datetime | None, now: datetime, hours: int, where: str) -> Reason | None:
    if since is not None and now - since >= timedelta(hours=hours):
        return None
    until = f"until {since + timedelta(hours=hours):%d-%b-%Y %H:%M} UTC" if since else f"for {hours} h"
    return Reason("incubation-short", f"it stays {where} {until}", "wait")


def growth_is_named(f: SampleFacts) -> Reason | None:
    if f.count is None or f.level is None or not f.level.is_over(f.count) or f.genus.strip():
        return None
    text = f"{f.count} is over {f.level.more_than} {f.level.unit}: name the genus"
    return Reason("genus-missing", text, "the laboratory names it")


_VOIDABLE = (SampleState.TAKEN, SampleState.INCUBATING, SampleState.SECOND_BAND)
S = SampleState
SAMPLE: Machine[SampleState, SampleFacts] = Machine(
    name="sites.sample",
    initial=S.TAKEN,
    steps=(
        Step("incubate", S.TAKEN, S.INCUBATING, MEASURE.code, "Into 30 to 35 °C",
             "{actor} put {subject} into the incubator at 30 to 35 °C.", (), "pri"),
        Step("move", S.INCUBATING, S.SECOND_BAND, MEASURE.code, "On to 20 to 25 °C",
             "{actor} moved {subject} on to 20 to 25 °C.", (first_band_was_long_enough,), "pri"),
        Step("result", S.SECOND_BAND, S.RESULTED, MEASURE.code, "Enter the count",
             "{actor} counted {count} on {subject}{verdict}.", (second_band_was_long_enough, growth_is_named), "pri"),
        *(Step("void", s, S.VOIDED, CERTIFY.code, "Void", "{actor} voided {subject}.", (), "danger", True) for s in _VOIDABLE),
    ),
    owners={
        S.TAKEN: Role.TECHNICIAN.value,
        S.INCUBATING: Role.TECHNICIAN.value,
        S.SECOND_BAND: Role.TECHNICIAN.value,
        S.RESULTED: "",
        S.VOIDED: "",
    },
    tones={S.TAKEN: "info", S.INCUBATING: "wait", S.SECOND_BAND: "wait", S.RESULTED: "ok"},
)
