# SPDX-License-Identifier: Apache-2.0
"""The therapy room as Django sees it."""
from __future__ import annotations

from django.apps import AppConfig


class TherapyConfig(AppConfig):
    name = "openinfusion.therapy"
    label = "therapy"
    verbose_name = "Therapy"
