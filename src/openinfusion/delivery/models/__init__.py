# SPDX-License-Identifier: Apache-2.0
"""Tables of delivery."""
from __future__ import annotations

from openinfusion.delivery.models.ticket import DeliveryTicket, RefillCall, TicketLine

__all__ = ["DeliveryTicket", "RefillCall", "TicketLine"]
