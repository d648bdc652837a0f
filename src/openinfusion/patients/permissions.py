# SPDX-License-Identifier: Apache-2.0
"""What may be done with patients' records, and by whom."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

_CARE = frozenset({Role.PHARMACIST, Role.NURSE, Role.NURSE_MANAGER})
_READERS = frozenset(Role) - {Role.PARTNER, Role.BUYER}

READ = Permission("patients.patient.read", "Read patients' records.", _READERS)
REGISTER = Permission(
    "patients.patient.register", "Register a patient.", frozenset({Role.INTAKE, Role.PHARMACIST, Role.PARTNER}),
)
EDIT = Permission(
    "patients.patient.edit", "Change demographics, record consent and documents.",
    _CARE | {Role.INTAKE, Role.AUTHORIZATION, Role.BILLER},
)
RECORD = Permission(
    "patients.chart.record", "Record allergies, conditions, measurements, labs, lines and home.",
    _CARE | {Role.INTAKE, Role.TECHNICIAN, Role.PARTNER},
)
COVER = Permission(
    "patients.coverage.record", "Record who pays and whom to call.",
    _CARE | {Role.INTAKE, Role.AUTHORIZATION, Role.BILLER, Role.PARTNER},
)
LOCATE = Permission(
    "patients.home.locate", "Say where a home is on the map.", _CARE | {Role.INTAKE, Role.WAREHOUSE, Role.DRIVER},
)
CORRECT = Permission("patients.chart.correct", "Mark an entry as entered in error.", _CARE | {Role.INTAKE})

ALL = (READ, REGISTER, EDIT, COVER, RECORD, LOCATE, CORRECT)
