# SPDX-License-Identifier: Apache-2.0
"""All calculations, by group. A module of formulas is entered here; its import fills the register."""

from __future__ import annotations

from typing import Final

from openinfusion.calculations.domain import body, filtration, renal, surface
from openinfusion.calculations.domain.bench.catalogue import MODULES as BENCH
from openinfusion.calculations.domain.calculation import REGISTER, Calculation
from openinfusion.calculations.domain.infusion.catalogue import MODULES as INFUSION
from openinfusion.calculations.domain.levels.catalogue import MODULES as LEVELS
from openinfusion.calculations.domain.nutrition.catalogue import MODULES as NUTRITION
from openinfusion.calculations.domain.therapies.catalogue import MODULES as THERAPIES

MODULES: Final = (body, surface, renal, filtration, *LEVELS, *NUTRITION, *INFUSION, *THERAPIES, *BENCH)

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
