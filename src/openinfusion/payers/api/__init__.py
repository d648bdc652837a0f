# SPDX-License-Identifier: Apache-2.0
"""Payers as JSON: plans, contracts, quotes and rules; authorization criteria and billing codes."""
from __future__ import annotations

from openinfusion.payers.api import contracts, criteria
from openinfusion.payers.api.router import router

__all__ = ["contracts", "criteria", "router"]
