# SPDX-License-Identifier: Apache-2.0
"""The Django app of the exchange room."""
from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "openinfusion.exchange"
    label = "exchange"
