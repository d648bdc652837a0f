# SPDX-License-Identifier: Apache-2.0
"""What may be done in the catalog, and by whom."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

READ = Permission("catalog.drug.read", "Look up drugs, products and their figures.", frozenset(Role) - {Role.PARTNER})
SIGN = Permission("catalog.figure.sign", "Sign a clinical figure as valid here.", frozenset({Role.PHARMACIST}))
LOAD = Permission("catalog.catalog.load", "Load the catalog from its data files.", frozenset({Role.ADMINISTRATOR}))
PROPOSE = Permission(
    "catalog.nutrition.propose", "Propose a limit, stock solution or calcium-phosphate curve of the site, or its end.",
    frozenset({Role.PHARMACIST}),
)
CONFIRM = Permission(
    "catalog.nutrition.confirm", "Sign or reject what another pharmacist proposed for parenteral nutrition.",
    frozenset({Role.PHARMACIST}),
)
DRAFT_TEMPLATE = Permission(
    "catalog.template.draft", "Draft, change, propose, hand back or withdraw a new version of a therapy template.",
    frozenset({Role.PHARMACIST}),
)
SIGN_TEMPLATE = Permission(
    "catalog.template.sign", "Sign a version of a therapy template that another pharmacist drafted.",
    frozenset({Role.PHARMACIST}),
)
DRAFT_FORMULA = Permission(
    "catalog.formula.draft", "Draft, change, propose, hand back or withdraw a new version of a master formulation.",
    frozenset({Role.PHARMACIST}),
)
SIGN_FORMULA = Permission(
    "catalog.formula.sign", "Sign a version of a master formulation that another pharmacist drafted.",
    frozenset({Role.PHARMACIST}),
)
TAKE_CODES = Permission(
    "catalog.codes.take", "Bring in a quarterly list of billing codes, and take what it changes.",
    frozenset({Role.BILLER, Role.ADMINISTRATOR}),
)
RECORD_COST = Permission(
    "catalog.cost.record", "Record what a product costs the house from a day on.", frozenset({Role.BUYER, Role.PHARMACIST}),
)

ALL = (
    READ, SIGN, LOAD, PROPOSE, CONFIRM, DRAFT_TEMPLATE, SIGN_TEMPLATE, DRAFT_FORMULA, SIGN_FORMULA, TAKE_CODES, RECORD_COST,
)
