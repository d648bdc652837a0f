# SPDX-License-Identifier: Apache-2.0
"""The compounding room as JSON: work orders, lot capture, steps, labels; the bench, step by step; order at the hoods."""
from __future__ import annotations

from openinfusion.compounding.api import bench, hood_plan
from openinfusion.compounding.api.work_order import router

__all__ = ["bench", "hood_plan", "router"]
