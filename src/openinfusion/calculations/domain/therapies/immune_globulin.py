# SPDX-License-Identifier: Apache-2.0
"""Immune globulin into a vein: how its rate is raised, by the rows of the product."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published, table
from openinfusion.calculations.domain.infusion.rate import TENTH
from openinfusion.calculations.domain.infusion.stepped import stretch_table, stretches
from openinfusion.calculations.domain.inputs import amount, choice, whole, yes_no
from openinfusion.calculations.domain.therapies.rate_steps import IMMUNE_GLOBULIN, RateRow, planned_rates, rate_rows, restart
from openinfusion.kernel.refusal import Reason, Refused

_PRODUCT: Final = choice("product", *((r["code"], r["label"]) for r in table(IMMUNE_GLOBULIN)), label="Product and indication")
_GAP: Final = amount("gap", "d", "0", "3650", label="Time since the last infusion", also={"wk": "7"})


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
    policy = restart()
    _lawful(plan, start, _restart(first, changed, gap_days, policy.gap_weeks), at_risk)
    rates = planned_rates(plan, weight_kg)[start - 1 :]
    lasting = Decimal(plan.step_minutes) if minutes is None else minutes
    assert plan.mg_per_ml is not None, "every immune globulin is a ready solution"
    volume = grams * 1000 / plan.mg_per_ml
    found = stretches([(rate, lasting) for rate in rates], volume)
    end = found[-1].from_minute + found[-1].minutes
    return Worked(
        results=(
            Result("volume", "Volume", volume, "mL", TENTH),
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
    if start > len(plan.steps):
        reasons.append(Reason("no-such-step", f"{plan.label} has {len(plan.steps)} steps"))
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
