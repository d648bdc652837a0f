# SPDX-License-Identifier: Apache-2.0
"""The modules of levels that enter calculations into the register."""

from __future__ import annotations

from typing import Final

from openinfusion.calculations.domain.levels import (
    aminoglycoside,
    covariates,
    dialysis,
    fitted,
    regimen,
    two_levels,
    vancomycin,
)

MODULES: Final = (two_levels, regimen, covariates, fitted, vancomycin, dialysis, aminoglycoside)
