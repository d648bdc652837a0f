# SPDX-License-Identifier: Apache-2.0
"""A course of therapy and what may happen to it."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.therapy import permissions


class TherapyState(StrEnum):
    PLANNED = "planned"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    DISCONTINUED = "discontinued"


@dataclass(frozen=True, slots=True)
class TherapyFacts:
    """What the guards look at: how many prescriptions are verified or running."""

    verified_prescriptions: int
    running_prescriptions: int


def a_prescription_is_verified(f: TherapyFacts) -> Reason | None:
    if f.verified_prescriptions + f.running_prescriptions:
        return None
    return Reason("nothing-verified", "no prescription of this therapy is verified", "a pharmacist verifies one")


def no_prescription_is_running(f: TherapyFacts) -> Reason | None:
    if not f.running_prescriptions:
        return None
    return Reason(
        "still-running", f"{f.running_prescriptions} prescription(s) of this therapy still run",
        "complete or discontinue them first",
    )


_S = TherapyState
_P = permissions.STEER.code

THERAPY: Machine[TherapyState, TherapyFacts] = Machine(
    name="therapy.therapy",
    initial=_S.PLANNED,
    steps=(
        Step("start", _S.PLANNED, _S.ACTIVE, _P, "Start of care", "{actor} started care",
             (a_prescription_is_verified,), "ok"),
        Step("hold", _S.ACTIVE, _S.ON_HOLD, _P, "Hold", "{actor} put the therapy on hold", (), "wait", True),
        Step("resume", _S.ON_HOLD, _S.ACTIVE, _P, "Resume care", "{actor} resumed the therapy", (), "ok", True),
        Step("complete", _S.ACTIVE, _S.COMPLETED, _P, "Complete", "{actor} completed the therapy",
             (no_prescription_is_running,), "ok", True),
        Step("discontinue", _S.PLANNED, _S.DISCONTINUED, _P, "Discontinue", "{actor} discontinued the therapy",
             (no_prescription_is_running,), "crit", True),
        Step("discontinue", _S.ACTIVE, _S.DISCONTINUED, _P, "Discontinue", "{actor} discontinued the therapy",
             (no_prescription_is_running,), "crit", True),
        Step("discontinue", _S.ON_HOLD, _S.DISCONTINUED, _P, "Discontinue", "{actor} discontinued the therapy",
             (no_prescription_is_running,), "crit", True),
    ),
    owners={
        _S.PLANNED: Role.INTAKE, _S.ACTIVE: "", _S.ON_HOLD: Role.PHARMACIST, _S.COMPLETED: "", _S.DISCONTINUED: "",
    },
    tones={
        _S.PLANNED: "info", _S.ACTIVE: "ok", _S.ON_HOLD: "wait", _S.COMPLETED: "idle", _S.DISCONTINUED: "idle",
    },
)
