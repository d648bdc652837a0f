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
ENTER = Permission(
    "payers.payer.enter", "Enter a payer or a plan.", frozenset({Role.BILLER, Role.INTAKE, Role.ADMINISTRATOR})
)
DRAFT = Permission(
    "payers.contract.draft",
    "Enter a contract or a new version of one.",
    frozenset({Role.BILLER, Role.ADMINISTRATOR, Role.EXECUTIVE}),
)
APPROVE = Permission(
    "payers.contract.approve",
    "Approve a contract that somebody else entered.",
    frozenset({Role.BILLER, Role.EXECUTIVE, Role.COMPLIANCE}),
)
IMPORT = Permission("payers.prices.import", "Import price lists.", frozenset({Role.BILLER, Role.ADMINISTRATOR}))
DRAFT_CRITERIA = Permission(
    "payers.criteria.draft",
    "Enter what a payer wants to see before it authorizes, or a new version of it.",
    frozenset({Role.AUTHORIZATION, Role.INTAKE, Role.BILLER, Role.ADMINISTRATOR}),
)
APPROVE_CRITERIA = Permission(
    "payers.criteria.approve",
    "Approve criteria that somebody else entered.",
    frozenset({Role.AUTHORIZATION, Role.PHARMACIST, Role.COMPLIANCE}),
)

ALL = (READ, LOAD, ENTER, DRAFT, APPROVE, IMPORT, DRAFT_CRITERIA, APPROVE_CRITERIA)
