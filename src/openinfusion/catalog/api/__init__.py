# SPDX-License-Identifier: Apache-2.0
"""The catalog as JSON: drugs, products, billing codes, nutrition figures, therapy templates, formulas."""

from __future__ import annotations

from openinfusion.catalog.api import formula, template
from openinfusion.catalog.api.shelf import router

__all__ = ["formula", "router", "template"]
