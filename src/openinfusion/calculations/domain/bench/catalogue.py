# SPDX-License-Identifier: Apache-2.0
"""The modules of compounding arithmetic."""

from __future__ import annotations

from typing import Final

from openinfusion.calculations.domain.bench import (
    admixture,
    alligation,
    batch,
    claim_units,
    dilution,
    equivalent,
    gravimetry,
    kinetic_temperature,
    molecule,
    national_drug_code,
    powder,
    syringe,
    vial_choice,
)

MODULES: Final = (
    admixture,
    alligation,
    batch,
    claim_units,
    dilution,
    equivalent,
    gravimetry,
    kinetic_temperature,
    molecule,
    national_drug_code,
    powder,
    syringe,
    vial_choice,
)
