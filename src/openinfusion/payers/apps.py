# SPDX-License-Identifier: Apache-2.0
"""Payers as a Django app."""
from __future__ import annotations

from django.apps import AppConfig


class PayersConfig(AppConfig):
    name = "openinfusion.payers"
    label = "payers"
    verbose_name = "Payers"
