# SPDX-License-Identifier: Apache-2.0
"""The clinical room as Django sees it."""
from __future__ import annotations

from django.apps import AppConfig


class ClinicalConfig(AppConfig):
    name = "openinfusion.clinical"
    label = "clinical"
    verbose_name = "Clinical"
