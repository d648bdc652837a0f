# SPDX-License-Identifier: Apache-2.0
"""What a pump is told to do: entered by one person, checked by another at the pump, and matched to the order."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.kernel.figures import rows
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Fault, Malformed, Reason
from openinfusion.kernel.roles import Role

_ZERO = Decimal(0)


class Mode(StrEnum):
    CONTINUOUS = "continuous"
    INTERMITTENT = "intermittent"
    PCA = "pca"  # patient-controlled: a bolus on demand beside a rate that may be zero


@dataclass(frozen=True, slots=True)
class Settings:
    """What is set at the pump. Concentration in the order's unit per mL; volumes in mL; times in hours or minutes."""

    mode: Mode
    concentration: Decimal
    rate_ml_per_h: Decimal
    volume_ml: Decimal = _ZERO  # of one dose; intermittent
    every_hours: Decimal | None = None  # intermittent
    bolus_ml: Decimal = _ZERO  # patient-controlled
    lockout_minutes: int | None = None
    hourly_limit_ml: Decimal | None = None

    def must_be_sound(self) -> None:
        """Malformed with every fault of settings that no pump could run."""
        faults = []
        if self.concentration <= 0:
            faults.append(Fault("concentration", "is more than zero"))
        if self.rate_ml_per_h < 0 or (self.rate_ml_per_h == 0 and self.mode is not Mode.PCA):
            faults.append(Fault("rate_ml_per_h", "is more than zero"))
        if self.mode is Mode.INTERMITTENT and (self.volume_ml <= 0 or not self.every_hours or self.every_hours <= 0):
            faults.append(Fault("volume_ml", "an intermittent program has a volume and an interval"))
        if self.mode is Mode.PCA and (self.bolus_ml <= 0 or not self.lockout_minutes):
            faults.append(Fault("bolus_ml", "a patient-controlled program has a bolus and a lockout"))
        if faults:
            raise Malformed(*faults)

    @property
    def minutes(self) -> Decimal:
        """How long one dose runs."""
        return self.volume_ml * 60 / self.rate_ml_per_h if self.rate_ml_per_h else _ZERO


@dataclass(frozen=True, slots=True)
class Ordered:
    """What the order says of it. ``rate_ml_per_h`` and the interval are None where the order does not say."""

    dose: Decimal
    unit: str
    minutes: int
    every_hours: int | None
    rate_ml_per_h: Decimal | None
    running: bool = True


@cache
def _tolerance() -> Decimal:
    found: list[dict[str, Any]] = rows(__package__, "data/program.toml")
    return Decimal(next(r["value"] for r in found if r["name"] == "tolerance_percent"))


def differences(s: Settings, o: Ordered) -> tuple[str, ...]:
    """Every way in which a program is not the order; what the order does not say cannot be compared and is said."""
    found = []
    if s.mode is Mode.INTERMITTENT:
        found += _unequal("dose", s.concentration * s.volume_ml, o.dose, o.unit)
        found += _unequal("time of one dose", s.minutes, Decimal(o.minutes), "min")
        if o.every_hours is None:
            found.append("the order gives clock times, no interval: it cannot be compared")
        elif s.every_hours is not None:
            found += _unequal("interval", s.every_hours, Decimal(o.every_hours), "h", exact=True)
    if o.rate_ml_per_h is not None:
        found += _unequal("rate", s.rate_ml_per_h, o.rate_ml_per_h, "mL/h")
    elif s.mode is not Mode.INTERMITTENT:
        found.append("the order names no rate in mL/h: it cannot be compared")
    return tuple(found)


def _unequal(what: str, got: Decimal, wanted: Decimal, unit: str, *, exact: bool = False) -> list[str]:
    allowed = _ZERO if exact else abs(wanted) * _tolerance() / 100
    if abs(got - wanted) <= allowed:
        return []
    said = shown_number(got.quantize(Decimal("0.001")))
    return [f"{what}: the pump has {said} {unit}, the order {shown_number(wanted)} {unit}"]


def misread(entered: Settings, seen: Settings) -> tuple[str, ...]:
    """Fields in which what the second person reads off the pump is not what was entered."""
    names = ("mode", "concentration", "rate_ml_per_h", "volume_ml", "every_hours", "bolus_ml", "lockout_minutes",
             "hourly_limit_ml")
    return tuple(name.replace("_", " ") for name in names if getattr(entered, name) != getattr(seen, name))


class ProgramState(StrEnum):
    ENTERED = "entered"
    CHECKED = "checked"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """Who entered it and who checks; how it differs from the order, and from what the checker reads off the pump."""

    enterer: UUID | None = None
    checker: UUID | None = None
    against_order: tuple[str, ...] = ()
    against_pump: tuple[str, ...] = ()
    order_is_running: bool = True


def checker_is_another_person(f: ProgramFacts) -> Reason | None:
    if f.enterer != f.checker:
        return None
    return Reason("own-work", "whoever entered the program may not check it", "another person checks it")


def program_is_the_order(f: ProgramFacts) -> Reason | None:
    if not f.against_order:
        return None
    return Reason("differs-from-order", "; ".join(f.against_order), "enter it again, or have the order changed and verified")


def pump_shows_what_was_entered(f: ProgramFacts) -> Reason | None:
    if not f.against_pump:
        return None
    return Reason("pump-differs", f"read off the pump otherwise: {', '.join(f.against_pump)}", "enter the program again")


def order_is_verified(f: ProgramFacts) -> Reason | None:
    return None if f.order_is_running else Reason("order-not-verified", "the order is not verified or has ended")


_S = ProgramState

PROGRAM: Machine[ProgramState, ProgramFacts] = Machine(
    name="inventory.program",
    initial=_S.ENTERED,
    steps=(
        Step("check", _S.ENTERED, _S.CHECKED, permissions.PROGRAM.code, "Check", "{actor} checked {subject} against the order",
             (checker_is_another_person, program_is_the_order, pump_shows_what_was_entered, order_is_verified), "ok", False,
             "pump program checked"),
        *(Step("replace", s, _S.REPLACED, permissions.PROGRAM.code, "Replace", "{actor} replaced {subject}", (), "warn")
          for s in (_S.ENTERED, _S.CHECKED)),
    ),
    owners={_S.ENTERED: Role.PHARMACIST, _S.CHECKED: "", _S.REPLACED: ""},
    tones={_S.ENTERED: "wait", _S.CHECKED: "ok", _S.REPLACED: "idle"},
)
