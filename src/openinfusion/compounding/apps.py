# SPDX-License-Identifier: Apache-2.0
"""The compounding room as Django sees it."""
from __future__ import annotations

from django.apps import AppConfig


class CompoundingConfig(AppConfig):
    name = "openinfusion.compounding"
    label = "compounding"
    verbose_name = "Compounding"
