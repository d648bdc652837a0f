# SPDX-License-Identifier: Apache-2.0
"""What a plan must know of a preparation before it is made: whether it is made at all, how long, and how long it keeps then."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openinfusion.catalog import public as catalog
from openinfusion.compounding.domain.beyond_use import BeyondUseFacts, Storage, table_hours
from openinfusion.compounding.domain.hood_plan import hood_figures
from openinfusion.kernel.quantity import Quantity, UnitMismatch, rounded
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.clock import now

_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class OnceMade:
    """``compounded``: not handed out as its maker supplied it. ``keeps_hours`` at room temperature, and by what; the date

    itself is worked out when it is made. ``more_minutes``: what it takes beyond an ordinary one.
    """

    compounded: bool
    keeps_hours: int
    why: str
    more_minutes: int = 0


def once_made(drug_code: str, route: str, dose: Quantity, on: date) -> OnceMade:
    """By the formula, its category's table and the stability on file; where the stability is not known, by the cautious row."""
    figures = hood_figures(on)
    more = figures.change_hazardous if catalog.drug(drug_code).hazardous else 0
    unknown = OnceMade(True, figures.unknown_hours, "how long it keeps is not on file", more)
    try:
        formula = catalog.formula(drug_code, route)
    except Refused:
        return unknown
    if not formula.compounded:
        return OnceMade(False, 0, "it is handed out as supplied")
    try:
        volume = max(formula.final_volume_ml, dose / formula.max_concentration)
        strength = Quantity(rounded(dose.amount / volume, _STEP), dose.unit)
        kept = catalog.stability(drug_code, strength, formula.container, Storage.ROOM.value)
        table, _ = table_hours(BeyondUseFacts(made_at=now(), zone="UTC", category=formula.category, storage=Storage.ROOM))
    except (Refused, UnitMismatch):
        return unknown
    hours = min(table, kept.hours)
    why = f"stability {kept.hours} h" if kept.hours <= table else f"Category {formula.category}, room temperature"
    return OnceMade(True, hours, why, more)
