# SPDX-License-Identifier: Apache-2.0
"""Dispatch as JSON: plans of days, how long ways take, plans of suites."""

from __future__ import annotations

from openinfusion.dispatch.api import plan, suite, ways
from openinfusion.dispatch.api.router import router

__all__ = ["plan", "router", "suite", "ways"]
