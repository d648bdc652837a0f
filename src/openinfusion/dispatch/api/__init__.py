# SPDX-License-Identifier: Apache-2.0
"""Dispatch as JSON: plans of days, what they weigh, how long ways take, plans of suites."""

from __future__ import annotations

from openinfusion.dispatch.api import figures, plan, suite, ways
from openinfusion.dispatch.api.router import router

__all__ = ["figures", "plan", "router", "suite", "ways"]
