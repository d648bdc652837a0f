# SPDX-License-Identifier: Apache-2.0
"""The verbs of the team room."""

from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

READ = Permission("team.person.read", "See people, their credentials and competencies.", frozenset(Role) - {Role.PARTNER})
ADD = Permission("team.person.add", "Add a person, give and take roles.", frozenset({Role.ADMINISTRATOR}))
CREDENTIAL = Permission(
    "team.credential.record",
    "Record a licence or registration of a person.",
    frozenset({Role.ADMINISTRATOR, Role.COMPLIANCE}),
)
COMPETENCY = Permission(
    "team.competency.record",
    "Record that a person passed or failed a competency.",
    frozenset({Role.COMPLIANCE, Role.PHARMACIST, Role.NURSE_MANAGER}),
)
ON_CALL = Permission(
    "team.on_call.plan",
    "Put somebody on call, take them off, and be warned of hours nobody holds.",
    frozenset({Role.PHARMACIST, Role.NURSE_MANAGER, Role.COMPLIANCE, Role.ADMINISTRATOR}),
)
GARB = Permission(
    "team.garb.attest",
    "Attest one's own garbing on entering the cleanrooms.",
    frozenset({Role.TECHNICIAN, Role.PHARMACIST}),
)
ALL = (READ, ADD, CREDENTIAL, COMPETENCY, ON_CALL, GARB)
