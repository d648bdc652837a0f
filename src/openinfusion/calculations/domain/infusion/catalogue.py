# SPDX-License-Identifier: Apache-2.0
"""The modules of rates, pumps and infusion."""

from __future__ import annotations

from typing import Final

from openinfusion.calculations.domain.infusion import (
    dose_rate,
    duration,
    elastomeric,
    minimum,
    neuraxial,
    patient_controlled,
    potassium,
    pump,
    rate,
    stepped,
    supply,
)

MODULES: Final = (
    dose_rate,
    duration,
    elastomeric,
    minimum,
    neuraxial,
    patient_controlled,
    potassium,
    pump,
    rate,
    stepped,
    supply,
)
