# SPDX-License-Identifier: Apache-2.0
"""Tables of delivery."""
from __future__ import annotations

from openinfusion.delivery.models.call import CallAttempt, CallConcern, RefillCall
from openinfusion.delivery.models.packing import CarrierService, DoorRule, PackOutValidation
from openinfusion.delivery.models.road import ComingBack, Custody, DeliveryRoute, LoggerRecord, Stop
from openinfusion.delivery.models.roster import DriverTime, Vehicle
from openinfusion.delivery.models.ticket import DeliveryTicket, LineKind, TicketLine

__all__ = [
    "CallAttempt", "CallConcern", "CarrierService", "ComingBack", "Custody", "DeliveryRoute", "DeliveryTicket", "DoorRule",
    "DriverTime", "LineKind", "LoggerRecord", "PackOutValidation", "RefillCall", "Stop", "TicketLine", "Vehicle",
]
