# SPDX-License-Identifier: Apache-2.0
"""Tables of nursing."""
from __future__ import annotations

from openinfusion.nursing.models.visit import NurseVisit, RateReading, VitalSigns

__all__ = ["NurseVisit", "RateReading", "VitalSigns"]
