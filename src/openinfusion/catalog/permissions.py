# SPDX-License-Identifier: Apache-2.0
"""What may be done in the catalog, and by whom."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

READ = Permission("catalog.drug.read", "Look up drugs, products and their figures.", frozenset(Role) - {Role.PARTNER})
SIGN = Permission("catalog.figure.sign", "Sign a clinical figure as valid here.", frozenset({Role.PHARMACIST}))
LOAD = Permission("catalog.catalog.load", "Load the catalog from its data files.", frozenset({Role.ADMINISTRATOR}))

ALL = (READ, SIGN, LOAD)
