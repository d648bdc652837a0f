# SPDX-License-Identifier: Apache-2.0
"""The inventory room as JSON: stock, counts and controlled substances, recalls, purchasing, devices."""
from __future__ import annotations

from openinfusion.inventory.api import buy, work
from openinfusion.inventory.api.stock import router

__all__ = ["buy", "router", "work"]
