# SPDX-License-Identifier: Apache-2.0
"""The Django app of the insight room."""
from __future__ import annotations

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "openinfusion.insight"
    label = "insight"
