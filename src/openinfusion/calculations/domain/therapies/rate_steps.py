# SPDX-License-Identifier: Apache-2.0
"""How an infusion into a vein is raised step by step: the rows of each product, and their rates for one patient and bag."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from openinfusion.calculations.domain.figures import row, table
from openinfusion.calculations.domain.infusion.rate import TENTH
from openinfusion.kernel.quantity import Rounding, rounded
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source

IMMUNE_GLOBULIN: Final = "immune_globulin_rates"
_TABLES: Final = (IMMUNE_GLOBULIN, "antibody_rates")
_BY_WEIGHT: Final = {"min": 60, "h": 1}  # a step in mL/kg per minute or per hour, as a factor to mL/kg/h


@dataclass(frozen=True, slots=True)
class RateRow:
    """How a product is raised, and how many minutes a step lasts at least.

    ``drug``: the catalogue's code. ``per``: what the steps count: "min" and "h" mL/kg, "mg_h" mg in an hour. ``brand``: of
    which product, ``diagnoses``: beginnings of ICD-10-CM codes it is for; empty where it is for any. ``infusion``: "first",
    "later" or "any". ``mg_per_ml``: the strength of a ready solution; None where the bag says it.
    """

    code: str
    label: str
    drug: str
    steps: tuple[Decimal, ...]
    per: str
    step_minutes: int
    source: Source
    brand: str = ""
    diagnoses: tuple[str, ...] = ()
    infusion: str = "any"
    mg_per_ml: Decimal | None = None

    @property
    def steps_ml_per_kg_per_h(self) -> tuple[Decimal, ...]:
        """The steps of a row by weight; none of a row by mass."""
        return tuple(s * _BY_WEIGHT[self.per] for s in self.steps) if self.per in _BY_WEIGHT else ()


@cache
def rate_rows() -> tuple[RateRow, ...]:
    """Every product with its indication."""
    return tuple(
        RateRow(
            r["code"], r["label"], r["drug"], tuple(Decimal(s) for s in r["steps"].split("|")), r["per"], r["step_minutes"],
            r.source, r.get("brand", ""), tuple(d for d in r.get("diagnoses", "").split("|") if d), r.get("infusion", "any"),
            r.figure("mg_per_ml") if r.get("mg_per_ml") else None,
        )
        for name in _TABLES for r in table(name)
    )


def planned_rates(plan: RateRow, weight_kg: Decimal | None, mg_per_ml: Decimal | None = None) -> tuple[Decimal, ...]:
    """mL/h of each step for this patient and bag, down to 0.1 mL/h: never above the label.

    ``mg_per_ml``: the strength of the bag, which steps by mass need. Refused where a figure is missing, or nothing is left.
    """
    if plan.per in _BY_WEIGHT:
        if weight_kg is None:
            raise Refused(Reason("no-weight", f"the steps of {plan.label} need the patient's weight"))
        exact = [step * weight_kg for step in plan.steps_ml_per_kg_per_h]
    else:
        strength = plan.mg_per_ml or mg_per_ml
        if not strength:
            raise Refused(Reason("no-strength", f"the steps of {plan.label} need the strength of the bag"))
        exact = [step / strength for step in plan.steps]
    rates = tuple(rounded(rate, TENTH, Rounding.DOWN) for rate in exact)
    if not rates[0]:
        raise Refused(
            Reason("rate-too-small", "at this weight the first rate is below 0.1 mL/h", "use a syringe pump's own plan")
        )
    return rates


@dataclass(frozen=True, slots=True)
class Restart:
    """After how many weeks without an infusion the next begins at the lowest step again."""

    gap_weeks: int
    source: Source


def restart() -> Restart:
    """When a product that is raised step by step begins at the lowest step again."""
    found = row("immune_globulin", name="restart")
    return Restart(found["gap_weeks"], found.source)
