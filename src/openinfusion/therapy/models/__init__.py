# SPDX-License-Identifier: Apache-2.0
"""The tables of the therapy room."""
from __future__ import annotations

from openinfusion.therapy.models.plan import PlanAttempt, PlanOfTreatment
from openinfusion.therapy.models.prescription import Prescription
from openinfusion.therapy.models.regimen import CycleDay, CycleOrder, Exposure, RegimenCourse, RegimenCycle
from openinfusion.therapy.models.therapy import Therapy

__all__ = [
    "CycleDay", "CycleOrder", "Exposure", "PlanAttempt", "PlanOfTreatment", "Prescription", "RegimenCourse", "RegimenCycle",
    "Therapy",
]
