# SPDX-License-Identifier: Apache-2.0
"""The verbs of quality."""

from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

_STAFF = frozenset(
    {
        Role.COMPLIANCE,
        Role.PHARMACIST,
        Role.TECHNICIAN,
        Role.WAREHOUSE,
        Role.NURSE,
        Role.NURSE_MANAGER,
        Role.ADMINISTRATOR,
        Role.EXECUTIVE,
    }
)
READ = Permission("quality.incident.read", "See incidents and what is due.", _STAFF)
REPORT = Permission("quality.incident.report", "Open an incident.", _STAFF)
HANDLE = Permission(
    "quality.incident.handle",
    "Investigate an incident, plan actions, close and reopen it.",
    frozenset({Role.COMPLIANCE, Role.PHARMACIST, Role.NURSE_MANAGER}),
)
DO = Permission("quality.action.do", "Record that a corrective or preventive action is done.", _STAFF - {Role.EXECUTIVE})
ALL = (READ, REPORT, HANDLE, DO)
