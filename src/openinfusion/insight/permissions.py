# SPDX-License-Identifier: Apache-2.0
"""The verbs of insight."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

READ = Permission(
    "insight.measure.read", "See measures and margins.",
    frozenset({Role.EXECUTIVE, Role.BILLER, Role.COMPLIANCE, Role.ADMINISTRATOR, Role.NURSE_MANAGER}),
)

ALL = (READ,)
