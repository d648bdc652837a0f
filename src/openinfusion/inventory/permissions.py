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
    "inventory.stock.move", "Reserve, issue, transfer and return stock.", _STOCK | {Role.DRIVER, Role.NURSE, Role.NURSE_MANAGER},
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

COUNT = Permission("inventory.stock.count", "Open count sheets and count stock.", _STOCK)
APPROVE_COUNT = Permission(
    "inventory.count.approve", "Approve a count and the adjustments it makes; cancel a count.",
    frozenset({Role.PHARMACIST, Role.BUYER, Role.COMPLIANCE}),
)
WITNESS = Permission(
    "inventory.controlled.witness", "Enter and witness counts, waste and adjustments of controlled substances.",
    frozenset({Role.PHARMACIST, Role.TECHNICIAN}),
)
RESOLVE = Permission(
    "inventory.discrepancy.resolve", "Resolve or report a discrepancy of controlled substances; take their inventory.",
    frozenset({Role.PHARMACIST, Role.COMPLIANCE}),
)
CHECK_RECALL = Permission(
    "inventory.recall.check", "Check the effect of a recall.", frozenset({Role.PHARMACIST, Role.COMPLIANCE}),
)
BUY = Permission(
    "inventory.order.buy", "Keep suppliers, prices and par levels; propose, send and close purchase orders.",
    frozenset({Role.BUYER, Role.PHARMACIST}),
)
APPROVE_ORDER = Permission(
    "inventory.order.approve", "Approve purchase orders up to the limit of the role.",
    frozenset({Role.BUYER, Role.PHARMACIST, Role.EXECUTIVE}),
)
SUBSTITUTE = Permission(
    "inventory.substitute.sign", "Propose, sign and end substitutes for products that are short.", frozenset({Role.PHARMACIST}),
)
PROGRAM = Permission(
    "inventory.program.check", "Enter and check the program of a pump.",
    frozenset({Role.PHARMACIST, Role.TECHNICIAN, Role.NURSE}),
)

ALL = (READ, RECEIVE, MOVE, CORRECT, QUARANTINE, CLEAR, RECALL, PUMP, COUNT, APPROVE_COUNT, WITNESS, RESOLVE, CHECK_RECALL, BUY,
       APPROVE_ORDER, SUBSTITUTE, PROGRAM)
