# SPDX-License-Identifier: Apache-2.0
"""The tables of the inventory room."""
from __future__ import annotations

from openinfusion.inventory.models.controlled import ControlledAct, ControlledInventory, Discrepancy
from openinfusion.inventory.models.count import CountLine, CountSheet
from openinfusion.inventory.models.device import DeviceCare, Placement, Pump, PumpProgram
from openinfusion.inventory.models.partner import Receipt, ReceiptLine, Supplier, SupplierProduct, Suspect
from openinfusion.inventory.models.purchase import Forecast, ParLevel, PurchaseLine, PurchaseOrder, Shortage, Substitute
from openinfusion.inventory.models.recall import RecallCase, RecallLot, RecallNotice, RecallPump
from openinfusion.inventory.models.stock import Location, Lot, Movement, OnHand, Reservation
from openinfusion.inventory.models.transfer import Transfer, TransferLine

__all__ = [
    "ControlledAct", "ControlledInventory", "CountLine", "CountSheet", "DeviceCare", "Discrepancy", "Forecast", "Location",
    "Lot", "Movement", "OnHand", "ParLevel", "Placement", "Pump", "PumpProgram", "PurchaseLine", "PurchaseOrder",
    "RecallCase", "RecallLot", "RecallNotice", "RecallPump", "Receipt", "ReceiptLine", "Reservation", "Shortage",
    "Substitute", "Supplier", "SupplierProduct", "Suspect", "Transfer", "TransferLine",
]
