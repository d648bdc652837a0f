# SPDX-License-Identifier: Apache-2.0
"""What may be done to a therapy, its prescriptions and its plan of treatment, and by whom."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

_CARE = frozenset({Role.INTAKE, Role.AUTHORIZATION, Role.PHARMACIST, Role.TECHNICIAN, Role.NURSE, Role.NURSE_MANAGER})
_READERS = _CARE | {
    Role.WAREHOUSE, Role.DRIVER, Role.SUITE_SCHEDULER, Role.BILLER, Role.COMPLIANCE, Role.EXECUTIVE, Role.PARTNER,
}

READ = Permission("therapy.therapy.read", "Read therapies, prescriptions and plans of treatment.", _READERS)
BEGIN = Permission("therapy.therapy.begin", "Begin a course of therapy.", frozenset({Role.INTAKE, Role.PHARMACIST}))
STEER = Permission(
    "therapy.therapy.steer", "Start, hold, resume, complete or discontinue a therapy.",
    frozenset({Role.PHARMACIST, Role.NURSE_MANAGER}),
)
TRANSCRIBE = Permission(
    "therapy.prescription.transcribe", "Transcribe a prescriber's order, revise it, carry the prescriber's answer.",
    frozenset({Role.INTAKE, Role.TECHNICIAN, Role.PHARMACIST}),
)
VERIFY = Permission(
    "therapy.prescription.verify", "Verify a prescription clinically, or ask the prescriber.",
    frozenset({Role.PHARMACIST}),
)
DISPENSE = Permission(
    "therapy.prescription.activate", "Make a verified prescription active when its first supply leaves.",
    frozenset({Role.PHARMACIST}),
)
CONTROL = Permission(
    "therapy.prescription.control", "Hold, resume, complete, discontinue or expire a prescription.",
    frozenset({Role.PHARMACIST}),
)
PLAN = Permission(
    "therapy.plan.write", "Write a plan of treatment and send it to the prescriber.",
    frozenset({Role.INTAKE, Role.PHARMACIST, Role.NURSE, Role.NURSE_MANAGER}),
)
PLAN_SIGN = Permission(
    "therapy.plan.sign", "Record the prescriber's dated signature on a plan of treatment.",
    frozenset({Role.INTAKE, Role.PHARMACIST, Role.NURSE_MANAGER}),
)

REGIMEN = Permission(
    "therapy.regimen.plan", "Start a regimen; delay, reduce, omit or stop its cycles; join orders; note earlier exposure.",
    frozenset({Role.PHARMACIST}),
)
CLEAR = Permission("therapy.cycle.clear", "Clear a cycle of a regimen, or take the clearance back.", frozenset({Role.PHARMACIST}))
RECORD = Permission(
    "therapy.cycle.record", "Record what was given in a cycle.", frozenset({Role.PHARMACIST, Role.NURSE, Role.NURSE_MANAGER}),
)

ALL = (READ, BEGIN, STEER, TRANSCRIBE, VERIFY, DISPENSE, CONTROL, PLAN, PLAN_SIGN, REGIMEN, CLEAR, RECORD)
