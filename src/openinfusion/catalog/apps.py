# SPDX-License-Identifier: Apache-2.0
"""The catalog as a Django app."""
from __future__ import annotations

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "openinfusion.catalog"
    label = "catalog"
    verbose_name = "Catalog"
