# SPDX-License-Identifier: Apache-2.0
"""What may be done with payers, and by whom."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

READ = Permission(
    "payers.payer.read",
    "Read payers, contracts and rates.",
    frozenset(
        {
            Role.INTAKE,
            Role.AUTHORIZATION,
            Role.BILLER,
            Role.PHARMACIST,
            Role.COMPLIANCE,
            Role.EXECUTIVE,
            Role.ADMINISTRATOR,
        }
    ),
)
LOAD = Permission(
    "payers.payer.load", "Load payers, contracts and rates from data files.", frozenset({Role.ADMINISTRATOR})
)

ALL = (READ, LOAD)
