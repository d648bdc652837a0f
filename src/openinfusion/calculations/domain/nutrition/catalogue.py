# SPDX-License-Identifier: Apache-2.0
"""The modules of parenteral nutrition that enter calculations into the register."""

from __future__ import annotations

from typing import Final

from openinfusion.calculations.domain.nutrition import (
    aluminium,
    amino_acids,
    bands,
    curve_sheet,
    cycle_sheet,
    electrolytes,
    emulsion,
    energy,
    filters,
    glucose_rate,
    lipid,
    nitrogen,
    order_sheet,
    osmolarity,
    overfill,
    phosphates,
)

MODULES: Final = (
    aluminium,
    amino_acids,
    bands,
    curve_sheet,
    cycle_sheet,
    electrolytes,
    emulsion,
    energy,
    filters,
    glucose_rate,
    lipid,
    nitrogen,
    order_sheet,
    osmolarity,
    overfill,
    phosphates,
)
