# SPDX-License-Identifier: Apache-2.0
"""Intake as a Django app."""
from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "openinfusion.intake"
    label = "intake"
    verbose_name = "Intake"
