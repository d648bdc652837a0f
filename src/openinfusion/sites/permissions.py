# SPDX-License-Identifier: Apache-2.0
"""The verbs of the sites room."""

from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

READ = Permission("sites.site.read", "See sites, rooms, hoods and their state.", frozenset(Role) - {Role.PARTNER})
SET_UP = Permission("sites.site.set_up", "Set up sites, hoods and cold stores.", frozenset({Role.ADMINISTRATOR}))
FURNISH = Permission(
    "sites.room.furnish",
    "Add rooms and equipment, and give a probe its token or take it.",
    frozenset({Role.ADMINISTRATOR, Role.COMPLIANCE}),
)
CERTIFY = Permission(
    "sites.hood.certify",
    "Record a certification or calibration, take a hood or room out of service and back.",
    frozenset({Role.COMPLIANCE, Role.PHARMACIST}),
)
CLEAN = Permission(
    "sites.hood.clean", "Record the cleaning of hoods and rooms.", frozenset({Role.TECHNICIAN, Role.PHARMACIST, Role.COMPLIANCE})
)
MEASURE = Permission(
    "sites.reading.record",
    "Record a temperature, humidity or pressure, and take and count samples.",
    frozenset({Role.TECHNICIAN, Role.PHARMACIST, Role.COMPLIANCE, Role.WAREHOUSE, Role.NURSE}),
)
LICENSE = Permission(
    "sites.licence.record", "Record a licence of a site.", frozenset({Role.ADMINISTRATOR, Role.COMPLIANCE})
)
SET_TRAVEL = Permission(
    "sites.travel.set", "Set how long ways of a site take, from a day on.", frozenset({Role.NURSE_MANAGER, Role.PHARMACIST})
)
ALL = (READ, SET_UP, FURNISH, CERTIFY, CLEAN, MEASURE, LICENSE, SET_TRAVEL)
