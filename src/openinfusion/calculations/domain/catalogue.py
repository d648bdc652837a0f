# SPDX-License-Identifier: Apache-2.0
"""All calculations, by group. A module of formulas is entered here; its import fills the register."""

from __future__ import annotations

from typing import Final

from openinfusion.calculations.domain import body, filtration, renal, surface
from openinfusion.calculations.domain.calculation import REGISTER, Calculation

MODULES: Final = (body, surface, renal, filtration)

GROUPS: Final = {
    "body": "Body size",
    "renal": "Renal function",
    "levels": "Vancomycin and aminoglycosides",
    "nutrition": "Parenteral nutrition",
    "infusion": "Rates, pumps and infusion",
    "therapy": "Doses of single therapies",
    "bench": "Compounding arithmetic",
}


def calculations() -> tuple[Calculation, ...]:
    """Every calculation, by group as listed and then by title."""
    order = list(GROUPS)
    return tuple(sorted(REGISTER.values(), key=lambda c: (order.index(c.group), c.title)))
