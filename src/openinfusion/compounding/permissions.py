# SPDX-License-Identifier: Apache-2.0
"""Who may plan, release, make, check, label and dispense a preparation."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

_BENCH = frozenset({Role.TECHNICIAN, Role.PHARMACIST})

READ = Permission(
    "compounding.work_order.read", "Read work orders, preparations and labels.",
    _BENCH | {Role.WAREHOUSE, Role.NURSE, Role.NURSE_MANAGER, Role.DRIVER, Role.BILLER, Role.COMPLIANCE, Role.EXECUTIVE,
              Role.SUITE_SCHEDULER, Role.PARTNER},
)
PLAN = Permission("compounding.work_order.plan", "Plan a supply and allocate its ingredients.", _BENCH)
RELEASE = Permission(
    "compounding.work_order.release", "Release a work order to the bench.", frozenset({Role.PHARMACIST}),
)
STAGE = Permission("compounding.work_order.stage", "Stage ingredients and scan their lots.", _BENCH)
CHECK = Permission("compounding.work_order.check", "Check another person's staging or keyed entry.", _BENCH)
COMPOUND = Permission("compounding.preparation.compound", "Compound in the hood.", _BENCH)
CLEAR_HOOD = Permission(
    "compounding.hood.clear", "Clear a hood that somebody left without leaving it.", frozenset({Role.PHARMACIST}),
)
VERIFY = Permission(
    "compounding.preparation.verify", "Verify the finished preparation and sign.", frozenset({Role.PHARMACIST}),
)
LABEL = Permission("compounding.preparation.label", "Print and apply the label.", _BENCH)
DISPENSE = Permission(
    "compounding.preparation.dispense", "Release the preparation to dispense.", frozenset({Role.PHARMACIST}),
)
REJECT = Permission("compounding.preparation.quarantine", "Quarantine, waste or recall a preparation.", _BENCH)

ALL = (READ, PLAN, RELEASE, STAGE, CHECK, COMPOUND, CLEAR_HOOD, VERIFY, LABEL, DISPENSE, REJECT)
