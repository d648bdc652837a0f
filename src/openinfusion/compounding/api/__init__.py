# SPDX-License-Identifier: Apache-2.0
"""The compounding room as JSON: work orders, lot capture, steps, labels; and the bench, step by step."""
from __future__ import annotations

from openinfusion.compounding.api import bench
from openinfusion.compounding.api.work_order import router

__all__ = ["bench", "router"]
