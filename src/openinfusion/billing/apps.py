# SPDX-License-Identifier: Apache-2.0
"""The Django app of the billing room."""
from __future__ import annotations

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "openinfusion.billing"
    label = "billing"
