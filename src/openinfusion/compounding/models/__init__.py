# SPDX-License-Identifier: Apache-2.0
"""The tables of the compounding room."""
from __future__ import annotations

from openinfusion.compounding.models.bench import BenchReport, BenchStep, StepDone, StepLook
from openinfusion.compounding.models.departure import SiteDeparture, UsualCarrier
from openinfusion.compounding.models.hood_plan import HoodPlan
from openinfusion.compounding.models.hood_turn import HoodTurn
from openinfusion.compounding.models.hood_waste import HoodWaste
from openinfusion.compounding.models.opened import Carry, OpenedContainer
from openinfusion.compounding.models.work_order import Ingredient, LabelPrint, LotCapture, Preparation, WorkOrder

__all__ = [
    "BenchReport", "BenchStep", "Carry", "HoodPlan", "HoodTurn", "HoodWaste", "Ingredient", "LabelPrint", "LotCapture",
    "OpenedContainer", "Preparation", "SiteDeparture", "StepDone", "StepLook", "UsualCarrier", "WorkOrder",
]
