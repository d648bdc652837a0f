# SPDX-License-Identifier: Apache-2.0
"""The catalog as JSON: drugs, products, billing codes, nutrition figures, therapy templates."""

from __future__ import annotations

from openinfusion.catalog.api import template
from openinfusion.catalog.api.shelf import router

__all__ = ["router", "template"]
