# SPDX-License-Identifier: Apache-2.0
"""The modules of single therapies."""

from __future__ import annotations

from typing import Final

from openinfusion.calculations.domain.therapies import (
    body_dose,
    clotting,
    enteral,
    hydration,
    immune_dose,
    immune_globulin,
    iron,
    subcutaneous,
)

MODULES: Final = (
    body_dose,
    clotting,
    enteral,
    hydration,
    immune_dose,
    immune_globulin,
    iron,
    subcutaneous,
)
