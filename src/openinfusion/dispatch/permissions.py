# SPDX-License-Identifier: Apache-2.0
"""The verbs of dispatch."""

from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

_PLANNERS = frozenset({Role.WAREHOUSE, Role.NURSE_MANAGER, Role.SUITE_SCHEDULER, Role.PHARMACIST})
READ = Permission(
    "dispatch.plan.read", "See who goes where on a day, and why.", _PLANNERS | {Role.DRIVER, Role.NURSE, Role.EXECUTIVE}
)
PLAN = Permission("dispatch.plan.make", "Have a day planned, change a proposal, accept it or put it aside.", _PLANNERS)
SET_FIGURES = Permission(
    "dispatch.figures.set", "Set what plans weigh, from a day on.", frozenset({Role.NURSE_MANAGER, Role.PHARMACIST})
)
ALL = (READ, PLAN, SET_FIGURES)
