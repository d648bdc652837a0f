# SPDX-License-Identifier: Apache-2.0
"""The clinical room as JSON: verification, nutrition, monitoring, care, calls, events and outcomes."""

from __future__ import annotations

from openinfusion.clinical.api import care, monitoring, nutrition, passes, regimens
from openinfusion.clinical.api.reviews import router

__all__ = ["care", "monitoring", "nutrition", "passes", "regimens", "router"]
