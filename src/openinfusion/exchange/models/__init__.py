# SPDX-License-Identifier: Apache-2.0
"""The tables of exchange: what arrived and what was sent, byte for byte."""
from __future__ import annotations

from openinfusion.exchange.models.inbound import InboundBundle
from openinfusion.exchange.models.transmission import Transmission
from openinfusion.exchange.models.x12 import ClaimFileSent, ControlNumber

__all__ = ["ClaimFileSent", "ControlNumber", "InboundBundle", "Transmission"]
