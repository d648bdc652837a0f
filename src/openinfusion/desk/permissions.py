# SPDX-License-Identifier: Apache-2.0
"""The verbs of the desk."""

from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

CHART = Permission(
    "desk.chart.read",
    "Open a patient's whole chart; each opening is journalled.",
    frozenset(
        {
            Role.INTAKE,
            Role.AUTHORIZATION,
            Role.PHARMACIST,
            Role.TECHNICIAN,
            Role.NURSE,
            Role.NURSE_MANAGER,
            Role.SUITE_SCHEDULER,
            Role.BILLER,
            Role.COMPLIANCE,
            Role.WAREHOUSE,
        }
    ),
)
JOURNAL = Permission(
    "desk.journal.read", "Read the journal of the organization.", frozenset({Role.COMPLIANCE, Role.ADMINISTRATOR})
)
FILE = Permission("desk.file.read", "Open a stored document; each opening is journalled.", frozenset(Role) - {Role.PARTNER})
TRACE = Permission(
    "desk.trace.read",
    "Trace stock to the patients it reached, and back.",
    frozenset({Role.PHARMACIST, Role.TECHNICIAN, Role.COMPLIANCE, Role.BUYER, Role.WAREHOUSE}),
)
ALL = (CHART, JOURNAL, FILE, TRACE)
