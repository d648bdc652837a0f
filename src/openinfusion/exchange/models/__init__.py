# SPDX-License-Identifier: Apache-2.0
"""The tables of exchange: what arrived and what was sent, byte for byte."""
from __future__ import annotations

from openinfusion.exchange.models.inbound import InboundBundle, InboundFile
from openinfusion.exchange.models.transmission import Transmission, TransmittedClaim
from openinfusion.exchange.models.x12 import ClaimFileSent, ControlNumber

__all__ = ["ClaimFileSent", "ControlNumber", "InboundBundle", "InboundFile", "Transmission", "TransmittedClaim"]
