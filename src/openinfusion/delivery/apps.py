# SPDX-License-Identifier: Apache-2.0
"""The Django app of the delivery room."""
from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "openinfusion.delivery"
    label = "delivery"
