# SPDX-License-Identifier: Apache-2.0
"""Delivery as JSON: tickets from call to proof; routes, returns, custody, loggers, the roster, pack-outs and carriers."""
from __future__ import annotations

from openinfusion.delivery.api import packing, road, roster
from openinfusion.delivery.api.ticket import router

__all__ = ["packing", "road", "roster", "router"]
