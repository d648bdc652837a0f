# SPDX-License-Identifier: Apache-2.0
"""A pump's life: received, assigned, at a patient, returned, cleaned, inspected, and out again."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openinfusion.inventory import permissions
from openinfusion.kernel.machine import Guard, Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class PumpState(StrEnum):
    RECEIVED = "received"
    AVAILABLE = "available"
    ASSIGNED = "assigned"
    AT_PATIENT = "at_patient"
    RETURN_DUE = "return_due"
    RETURNED = "returned"
    CLEANING = "cleaning"
    PM_DUE = "pm_due"
    INSPECTED = "inspected"
    QUARANTINED = "quarantined"
    RECALLED = "recalled"
    LOST = "lost"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class PumpFacts:
    """What the guards look at: when maintenance is next due, whether it was cleaned since it came back, its program."""

    maintenance_due_on: date | None = None
    today: date | None = None
    is_clean: bool = True
    needs_program: bool = False
    program_is_checked: bool = False


def maintenance_is_current(f: PumpFacts) -> Reason | None:
    if f.maintenance_due_on and f.today and f.today <= f.maintenance_due_on:
        return None
    return Reason("maintenance-due", "preventive maintenance is due or was never recorded", "biomed inspects the pump")


def cleaning_is_recorded(f: PumpFacts) -> Reason | None:
    if f.is_clean:
        return None
    return Reason("not-cleaned", "no cleaning is recorded since it came back", "record the cleaning and its agent")


def program_is_checked(f: PumpFacts) -> Reason | None:
    if not f.needs_program or f.program_is_checked:
        return None
    return Reason("program-unchecked", "no program of this patient's order was checked at this pump",
                  "enter the program; a second person checks it")


_S = PumpState
_P = permissions.PUMP.code


def _step(name: str, source: PumpState, target: PumpState, label: str, sentence: str, tone: str = "move",
          *, reason: bool = False, current: bool = False,
          guards: tuple[Guard[PumpFacts], ...] = ()) -> Step[PumpState, PumpFacts]:
    guards = (*guards, *((maintenance_is_current,) if current else ()))
    return Step(name, source, target, _P, label, sentence, guards, tone, reason)


_CALM = (_S.AVAILABLE, _S.RETURNED, _S.CLEANING, _S.INSPECTED, _S.PM_DUE)

PUMP: Machine[PumpState, PumpFacts] = Machine(
    name="inventory.pump",
    initial=_S.RECEIVED,
    steps=(
        _step("inspect", _S.RECEIVED, _S.INSPECTED, "Inspect", "{actor} inspected {subject}"),
        _step("shelve", _S.INSPECTED, _S.AVAILABLE, "Put on the shelf", "{actor} made {subject} available", "ok",
              current=True),
        _step("assign", _S.AVAILABLE, _S.ASSIGNED, "Assign", "{actor} assigned {subject}", current=True),
        _step("unassign", _S.ASSIGNED, _S.AVAILABLE, "Take back", "{actor} took {subject} back to the shelf",
              reason=True),
        _step("hand_over", _S.ASSIGNED, _S.AT_PATIENT, "Hand over", "{actor} handed {subject} to the patient",
              guards=(program_is_checked,)),
        _step("call_back", _S.AT_PATIENT, _S.RETURN_DUE, "Call back", "{actor} asked for {subject} back", "wait"),
        _step("return", _S.AT_PATIENT, _S.RETURNED, "Return", "{actor} took {subject} in"),
        _step("return", _S.RETURN_DUE, _S.RETURNED, "Return", "{actor} took {subject} in"),
        _step("clean", _S.RETURNED, _S.CLEANING, "Clean", "{actor} began cleaning {subject}"),
        _step("finish_cleaning", _S.CLEANING, _S.PM_DUE, "To maintenance", "{actor} sent {subject} to maintenance",
              guards=(cleaning_is_recorded,)),
        _step("inspect", _S.PM_DUE, _S.INSPECTED, "Inspect", "{actor} inspected {subject}"),
        *(_step("quarantine", s, _S.QUARANTINED, "Quarantine", "{actor} quarantined {subject}", "warn", reason=True)
          for s in (*_CALM, _S.RECEIVED)),
        _step("clear", _S.QUARANTINED, _S.PM_DUE, "Clear", "{actor} sent {subject} to maintenance", reason=True),
        *(_step("recall", s, _S.RECALLED, "Recall", "{actor} recalled {subject}", "crit", reason=True)
          for s in (*_CALM, _S.ASSIGNED, _S.AT_PATIENT, _S.RETURN_DUE, _S.QUARANTINED)),
        _step("take_in", _S.RECALLED, _S.QUARANTINED, "Take in", "{actor} took recalled {subject} in", "warn", reason=True),
        *(_step("lose", s, _S.LOST, "Report lost", "{actor} reported {subject} lost", "crit", reason=True)
          for s in (_S.AT_PATIENT, _S.RETURN_DUE, _S.ASSIGNED)),
        _step("find", _S.LOST, _S.RETURNED, "Found", "{actor} found {subject}", reason=True),
        *(_step("retire", s, _S.RETIRED, "Retire", "{actor} retired {subject}", "idle", reason=True)
          for s in (_S.AVAILABLE, _S.PM_DUE, _S.QUARANTINED, _S.RECALLED, _S.LOST)),
    ),
    owners={
        _S.RECEIVED: Role.WAREHOUSE, _S.AVAILABLE: "", _S.ASSIGNED: Role.WAREHOUSE, _S.AT_PATIENT: "",
        _S.RETURN_DUE: Role.DRIVER, _S.RETURNED: Role.WAREHOUSE, _S.CLEANING: Role.WAREHOUSE,
        _S.PM_DUE: Role.WAREHOUSE, _S.INSPECTED: Role.WAREHOUSE, _S.QUARANTINED: Role.WAREHOUSE,
        _S.RECALLED: Role.WAREHOUSE, _S.LOST: "", _S.RETIRED: "",
    },
    tones={_S.AVAILABLE: "ok", _S.AT_PATIENT: "ok", _S.RETURN_DUE: "wait", _S.QUARANTINED: "warn",
           _S.RECALLED: "crit", _S.LOST: "crit", _S.PM_DUE: "warn"},
)
