# SPDX-License-Identifier: Apache-2.0
"""The verbs of the calculations room."""

from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

USE = Permission("calculations.calculation.use", "Use the calculations.", frozenset(Role) - {Role.DRIVER})
ALL = (USE,)
