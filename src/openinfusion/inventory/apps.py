# SPDX-License-Identifier: Apache-2.0
"""The inventory room as Django sees it."""
from __future__ import annotations

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "openinfusion.inventory"
    label = "inventory"
    verbose_name = "Inventory"
