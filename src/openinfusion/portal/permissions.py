# SPDX-License-Identifier: Apache-2.0
"""The verbs of the patient's own page."""

from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

_CARE = frozenset({Role.PHARMACIST, Role.NURSE, Role.NURSE_MANAGER, Role.INTAKE, Role.WAREHOUSE, Role.TECHNICIAN})

READ = Permission(
    "portal.link.read", "See who has their own page, what they did there and what they asked for.", _CARE | {Role.COMPLIANCE}
)
GIVE = Permission("portal.link.give", "Give a patient the link and code of their own page, renew or revoke them.", _CARE)
SETTLE = Permission("portal.request.settle", "Take and settle what a patient asked for on their own page.", _CARE)
USE = Permission("portal.page.use", "Use one's own page as the patient; held for one session only.", frozenset())

ALL = (READ, GIVE, SETTLE, USE)
