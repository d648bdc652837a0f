# SPDX-License-Identifier: Apache-2.0
"""Immune globulin into a vein: how its rate is raised, by the rows of the product."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Final

from openinfusion.calculations.domain.body import WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published, row, table
from openinfusion.calculations.domain.infusion.rate import TENTH
from openinfusion.calculations.domain.infusion.stepped import stretch_table, stretches
from openinfusion.calculations.domain.inputs import amount, choice, whole, yes_no
from openinfusion.kernel.quantity import Rounding, rounded
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source

_TABLE: Final = "immune_globulin_rates"
_PRODUCT: Final = choice("product", *((r["code"], r["label"]) for r in table(_TABLE)), label="Product and indication")
_GAP: Final = amount("gap", "d", "0", "3650", label="Time since the last infusion", also={"wk": "7"})


@dataclass(frozen=True, slots=True)
class RateRow:
    """How a product is raised: mL/kg/h of each step, and how many minutes a step lasts at least."""

    code: str
    label: str
    steps_ml_per_kg_per_h: tuple[Decimal, ...]
    step_minutes: int
    mg_per_ml: Decimal
    source: Source


@cache
def rate_rows() -> tuple[RateRow, ...]:
    """Every product with its indication."""
    return tuple(
        RateRow(
            r["code"],
            r["label"],
            tuple(Decimal(s) * (60 if r["per"] == "min" else 1) for s in r["steps"].split("|")),
            r["step_minutes"],
            r.figure("mg_per_ml"),
            r.source,
        )
        for r in table(_TABLE)
    )


def planned_rates(plan: RateRow, weight_kg: Decimal) -> tuple[Decimal, ...]:
    """mL/h of each step for this weight, down to 0.1 mL/h: never above the label. Refused where that leaves nothing."""
    rates = tuple(rounded(step * weight_kg, TENTH, Rounding.DOWN) for step in plan.steps_ml_per_kg_per_h)
    if not rates[0]:
        raise Refused(
            Reason("rate-too-small", "at this weight the first rate is below 0.1 mL/h", "use a syringe pump's own plan")
        )
    return rates


@calculation(
    "immune-globulin-rate-steps",
    "Rate steps of immune globulin",
    group="therapy",
    formula="mL/h of a step = mL/kg/h × kg; each step lasts its minutes; the last runs until the volume is in",
    source=published("Labels of immune globulins, row by row", 2026),
)
def _steps(
    product: Annotated[str, _PRODUCT],
    weight_kg: Annotated[Decimal, WEIGHT],
    grams: Annotated[Decimal, amount("dose", "g", "0.1", "300")],
    first: Annotated[bool, yes_no("first_infusion", note="of this patient ever")],
    changed: Annotated[bool, yes_no("brand_changed", note="another product than last time")],
    gap_days: Annotated[Decimal | None, _GAP] = None,
    at_risk: Annotated[bool, yes_no("at_risk", note="renal or thrombotic risk")] = False,
    start: Annotated[int, whole("start_step", 1, 10, note="a higher step only if it was tolerated before")] = 1,
    minutes: Annotated[Decimal | None, amount("step_minutes", "min", "15", "120", note="the row's if left out")] = None,
) -> Worked:
    """The first infusion, a new brand and a long gap begin at the lowest step; risk needs the slow row, all the way."""
    plan = next(r for r in rate_rows() if r.code == product)
    policy = row("immune_globulin", name="restart")
    _lawful(plan, start, _restart(first, changed, gap_days, policy["gap_weeks"]), at_risk)
    rates = planned_rates(plan, weight_kg)[start - 1 :]
    lasting = Decimal(plan.step_minutes) if minutes is None else minutes
    found = stretches([(rate, lasting) for rate in rates], grams * 1000 / plan.mg_per_ml)
    end = found[-1].from_minute + found[-1].minutes
    return Worked(
        results=(
            Result("volume", "Volume", grams * 1000 / plan.mg_per_ml, "mL", TENTH),
            Result("first_rate", "First rate", rates[0], "mL/h", TENTH),
            Result("last_rate", "Highest rate reached", found[-1].rate_ml_per_h, "mL/h", TENTH),
            Result("minutes", "Total time", end, "min", Decimal(1)),
        ),
        steps=(Step("Vital signs before, after 15 minutes, at each step and at the end"),),
        tables=(stretch_table(found),),
        used=(plan.source, policy.source),
    )


def _restart(first: bool, changed: bool, gap_days: Decimal | None, longest_weeks: int) -> str:
    """Why the infusion must begin at the lowest step; empty if nothing asks for it."""
    if first:
        return "it is the first infusion"
    if changed:
        return "the brand has changed"
    if gap_days is None:
        return "the time since the last infusion is not known"
    return f"the last infusion was more than {longest_weeks} weeks ago" if gap_days > longest_weeks * 7 else ""


def _lawful(plan: RateRow, start: int, restart: str, at_risk: bool) -> None:
    reasons = []
    if start > len(plan.steps_ml_per_kg_per_h):
        reasons.append(Reason("no-such-step", f"{plan.label} has {len(plan.steps_ml_per_kg_per_h)} steps"))
    if start > 1 and restart:
        reasons.append(Reason("restart-lowest", f"begin at the lowest step: {restart}"))
    slowest = min(r.steps_ml_per_kg_per_h[-1] for r in rate_rows() if r.mg_per_ml == plan.mg_per_ml)
    if at_risk and (start > 1 or plan.steps_ml_per_kg_per_h[-1] > slowest):
        reasons.append(
            Reason(
                "minimum-rate",
                "at renal or thrombotic risk the minimum practicable rate is used",
                "choose the row for renal or thrombotic risk and the lowest step",
            )
        )
    if reasons:
        raise Refused(*reasons)
