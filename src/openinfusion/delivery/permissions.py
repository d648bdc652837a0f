# SPDX-License-Identifier: Apache-2.0
"""The verbs of delivery."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

_WAREHOUSE = frozenset({Role.WAREHOUSE, Role.TECHNICIAN, Role.PHARMACIST})

READ = Permission(
    "delivery.ticket.read", "See delivery tickets.", _WAREHOUSE | {
        Role.DRIVER, Role.NURSE, Role.NURSE_MANAGER, Role.INTAKE, Role.BILLER, Role.COMPLIANCE, Role.EXECUTIVE,
        Role.PARTNER,
    },
)
OPEN = Permission("delivery.ticket.open", "Open a delivery ticket and add what goes along.", _WAREHOUSE)
CALL = Permission("delivery.ticket.call", "Make the pre-delivery call.", _WAREHOUSE | {Role.INTAKE})
PACK = Permission("delivery.ticket.pack", "Pick and pack by scan, choose the pack-out.", _WAREHOUSE)
CHECK = Permission("delivery.ticket.check", "Check a packed delivery as pharmacist.", frozenset({Role.PHARMACIST}))
DRIVE = Permission(
    "delivery.ticket.drive", "Take a delivery out, hand it over, record the proof.",
    frozenset({Role.DRIVER, Role.WAREHOUSE}),
)
RECONCILE = Permission("delivery.ticket.reconcile", "Receive and reconcile returns.", _WAREHOUSE)
ANSWER = Permission(
    "delivery.concern.answer", "Look at an answer of the pre-delivery call and let the delivery go, or hold it.",
    frozenset({Role.PHARMACIST, Role.NURSE, Role.NURSE_MANAGER, Role.INTAKE}),
)
READ_LOGGER = Permission(
    "delivery.logger.read", "Attach the readings of a package's temperature logger.", _WAREHOUSE | {Role.DRIVER, Role.NURSE},
)
GIVE = Permission(
    "delivery.ticket.give", "Hand over at the chair of a suite what is given there.", frozenset({Role.NURSE, Role.NURSE_MANAGER}),
)
DISPATCH = Permission(
    "delivery.route.assign", "Make routes, put stops in order and give them to drivers; keep carriers.", _WAREHOUSE,
)
ROSTER = Permission(
    "delivery.roster.manage", "Plan drivers' shifts and time off, keep vehicles.", frozenset({Role.WAREHOUSE, Role.PHARMACIST}),
)
TIME_OFF = Permission(
    "delivery.roster.own", "Enter one's own time off and sick calls as a driver.", frozenset({Role.DRIVER, Role.WAREHOUSE}),
)

ALL = (READ, OPEN, CALL, PACK, CHECK, DRIVE, RECONCILE, ANSWER, READ_LOGGER, GIVE, DISPATCH, ROSTER, TIME_OFF)
