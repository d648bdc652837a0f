# SPDX-License-Identifier: Apache-2.0
"""Who may read stock, move it, correct it, and quarantine or recall a lot."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

_STOCK = frozenset({Role.BUYER, Role.WAREHOUSE, Role.TECHNICIAN, Role.PHARMACIST})

READ = Permission(
    "inventory.stock.read", "Read stock, lots, movements and pumps.",
    _STOCK | {Role.DRIVER, Role.NURSE, Role.NURSE_MANAGER, Role.SUITE_SCHEDULER, Role.BILLER, Role.COMPLIANCE,
              Role.EXECUTIVE, Role.PARTNER, Role.INTAKE},
)
RECEIVE = Permission("inventory.stock.receive", "Receive stock and put it away.", _STOCK)
MOVE = Permission(
    "inventory.stock.move", "Reserve, issue, transfer and return stock.", _STOCK | {Role.DRIVER, Role.NURSE},
)
CORRECT = Permission("inventory.stock.correct", "Adjust, count and waste stock, with a reason.", _STOCK)
QUARANTINE = Permission("inventory.lot.quarantine", "Put a lot in quarantine.", _STOCK | {Role.COMPLIANCE})
CLEAR = Permission(
    "inventory.lot.clear", "Clear a lot from quarantine.", frozenset({Role.PHARMACIST, Role.COMPLIANCE}),
)
RECALL = Permission(
    "inventory.lot.recall", "Recall a lot and record its destruction.",
    frozenset({Role.PHARMACIST, Role.COMPLIANCE, Role.BUYER}),
)
PUMP = Permission(
    "inventory.pump.handle", "Assign, return, clean and inspect pumps.",
    frozenset({Role.WAREHOUSE, Role.TECHNICIAN, Role.PHARMACIST, Role.NURSE, Role.DRIVER}),
)

ALL = (READ, RECEIVE, MOVE, CORRECT, QUARANTINE, CLEAR, RECALL, PUMP)
