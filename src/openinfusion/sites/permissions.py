# SPDX-License-Identifier: Apache-2.0
"""The verbs of the sites room."""

from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

READ = Permission("sites.site.read", "See sites, rooms, hoods and their state.", frozenset(Role) - {Role.PARTNER})
SET_UP = Permission("sites.site.set_up", "Set up sites, hoods and cold stores.", frozenset({Role.ADMINISTRATOR}))
CERTIFY = Permission(
    "sites.hood.certify",
    "Record a certification, take a hood out of service and back.",
    frozenset({Role.COMPLIANCE, Role.PHARMACIST}),
)
CLEAN = Permission(
    "sites.hood.clean", "Record the cleaning of a hood.", frozenset({Role.TECHNICIAN, Role.PHARMACIST, Role.COMPLIANCE})
)
MEASURE = Permission(
    "sites.reading.record",
    "Record a temperature, humidity or pressure.",
    frozenset({Role.TECHNICIAN, Role.PHARMACIST, Role.COMPLIANCE, Role.WAREHOUSE, Role.NURSE}),
)
ALL = (READ, SET_UP, CERTIFY, CLEAN, MEASURE)
