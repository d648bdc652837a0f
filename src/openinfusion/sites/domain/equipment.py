# SPDX-License-Identifier: Apache-2.0
"""Equipment that is calibrated: scales, gauges, compounders, refrigerators, probes; its machine and its due day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.kernel.span import months_after
from openinfusion.kernel.standing import Source, Standing
from openinfusion.sites.permissions import CERTIFY


class EquipmentKind(StrEnum):
    SCALE = "scale"
    COMPOUNDER = "compounder"
    PRESSURE_GAUGE = "pressure_gauge"
    REFRIGERATOR = "refrigerator"
    FREEZER = "freezer"
    THERMOMETER = "thermometer"
    PROBE = "probe"
    INCUBATOR = "incubator"
    AIR_SAMPLER = "air_sampler"
    OTHER = "other"


class EquipmentState(StrEnum):
    IN_SERVICE = "in_service"
    OUT_OF_SERVICE = "out_of_service"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class CalibrationRule:
    """How long a calibration of this kind holds and whether its lapse stops the work of the room."""

    kind: EquipmentKind
    months: int
    stops_work: bool
    source: Source


@cache
def calibration_rules() -> dict[EquipmentKind, CalibrationRule]:
    """All rows of equipment.toml."""
    return {
        EquipmentKind(r["kind"]): CalibrationRule(
            EquipmentKind(r["kind"]),
            r["months"],
            r["stops_work"],
            Source(r["source"], r["effective_from"], Standing(r["status"])),
        )
        for r in rows(__package__, "data/equipment.toml")
    }


@dataclass(frozen=True, slots=True)
class EquipmentFacts:
    """What is known of a piece of equipment. ``calibrated_until`` is the first day on which it is due; None: never done."""

    name: str
    kind: EquipmentKind
    state: EquipmentState
    calibrated_until: date | None
    today: date


def due_on(kind: EquipmentKind, calibrated_on: date) -> date:
    """The first day on which the calibration holds no more."""
    return months_after(calibrated_on, calibration_rules()[kind].months)


def is_calibrated(f: EquipmentFacts) -> Reason | None:
    if f.calibrated_until is None:
        return Reason("never-calibrated", f"{f.name} has no calibration in force", "compliance records one")
    if f.calibrated_until <= f.today:
        return Reason("calibration-lapsed", f"the calibration of {f.name} was due on {f.calibrated_until:%d-%b-%Y}", "a new one")
    return None


def stops_work(f: EquipmentFacts) -> bool:
    """Whether the room this stands in may not be used: in service there, and not calibrated, where the rule says so."""
    return f.state is EquipmentState.IN_SERVICE and calibration_rules()[f.kind].stops_work and is_calibrated(f) is not None


S = EquipmentState
EQUIPMENT: Machine[EquipmentState, EquipmentFacts] = Machine(
    name="sites.equipment",
    initial=S.IN_SERVICE,
    steps=(
        Step("take_out", S.IN_SERVICE, S.OUT_OF_SERVICE, CERTIFY.code, "Take out of service",
             "{actor} took {subject} out of service.", (), "danger", True),
        Step("put_back", S.OUT_OF_SERVICE, S.IN_SERVICE, CERTIFY.code, "Put back into service",
             "{actor} put {subject} back into service.", (is_calibrated,), "pri", True),
        Step("retire", S.OUT_OF_SERVICE, S.RETIRED, CERTIFY.code, "Retire", "{actor} retired {subject}.", (), "danger", True),
    ),
    owners={S.IN_SERVICE: "", S.OUT_OF_SERVICE: Role.COMPLIANCE.value, S.RETIRED: ""},
    tones={S.IN_SERVICE: "ok", S.OUT_OF_SERVICE: "warn"},
)
