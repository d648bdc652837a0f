# SPDX-License-Identifier: Apache-2.0
"""Patients as a Django app."""
from __future__ import annotations

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "openinfusion.patients"
    label = "patients"
    verbose_name = "Patients"
