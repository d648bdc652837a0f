# SPDX-License-Identifier: Apache-2.0
"""The tables of exchange: what arrived and what was sent, byte for byte."""
from __future__ import annotations

from openinfusion.exchange.models.inbound import InboundBundle

__all__ = ["InboundBundle"]
