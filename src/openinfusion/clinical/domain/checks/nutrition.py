# SPDX-License-Identifier: Apache-2.0
"""Parenteral nutrition: its formula against limits, line, calcium with phosphate, and the patient it was written for."""

from __future__ import annotations

from collections.abc import Iterator

from openinfusion.calculations.public import Gauge, NutritionOrder, Verdict
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.nutrition import STOPS, Reviewed, review_formula, vein_of
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.standing import Source


def check_nutrition(facts: Facts) -> list[Finding]:
    """Nothing for other drugs; for nutrition the findings of its review, and what does not fit the patient."""
    asked = facts.nutrition
    if asked is None:
        return []
    if asked.order is None:
        return [
            _found(
                "formula-missing",
                Tier.CANNOT_JUDGE,
                "No formula is on the order",
                "The order says a volume and no ingredients, so nothing of it can be judged.",
                "write the formula at the nutrition workbench",
                facts.order.drug.code,
            )
        ]
    try:
        reviewed = review_formula(asked.order, facts.patient.line_tip, asked.limits, asked.curves)
    except Refused as no:
        return [_found("no-bag", Tier.HARD, "No bag comes of this formula", str(no), "revise the formula", str(no))]
    found = [*_patient(facts, asked.order), *_line(facts, asked.order), *_gauges(reviewed), *_verdicts(reviewed)]
    if any(f.tier is not Tier.INFO for f in found):
        return found
    return [
        *found,
        Finding(
            rule="nutrition",
            code="nutrition-passed",
            tier=Tier.PASSED,
            title="The formula is within its limits",
            text=f"{len(reviewed.gauges)} figures within soft and hard limits.",
        ),
    ]


def _found(code: str, tier: Tier, title: str, text: str, do: str, *evidence: str, source: Source | None = None) -> Finding:
    return Finding(
        rule="nutrition", code=f"nutrition-{code}", tier=tier, title=title, text=text, do=do, evidence=evidence, source=source
    )


def _gauges(reviewed: Reviewed) -> Iterator[Finding]:
    """One finding a gauge that is not within its limits; those that cannot be judged together, by name."""
    for gauge in reviewed.gauges:
        if gauge.hard or gauge.code.startswith("soft"):
            yield _gauge(gauge)
    unknown = [g.label for g in reviewed.gauges if g.code == "cannot-judge"]
    if unknown:
        yield _found(
            "not-judged",
            Tier.CANNOT_JUDGE,
            "Not every figure of the formula can be judged",
            f"A figure or its limit is not on file: {'; '.join(unknown)}.",
            "name the source you judge it by, or have the site set a limit",
            *unknown,
        )


def _gauge(gauge: Gauge) -> Finding:
    bound = gauge.limit
    assert bound is not None and gauge.value is not None
    bounds = (bound.hard_low, bound.soft_low, bound.soft_high, bound.hard_high)
    tier, side = (Tier.HARD, "hard") if gauge.hard else (Tier.SOFT, "usual")
    where = "below" if gauge.code.endswith("low") else "above"
    return _found(
        f"{bound.name.replace('_', '-')}-{gauge.code}",
        tier,
        f"{gauge.label}: {where} the {side} limit",
        f"{gauge.text}.",
        "revise the formula" if gauge.hard else "revise the formula, or say why it is meant",
        str(round(gauge.value, 4)),
        *(str(b) for b in bounds),
        source=bound.source,
    )


def _verdicts(reviewed: Reviewed) -> Iterator[Finding]:
    for verdict in reviewed.verdicts:
        tier = _tier(verdict)
        if tier is not None:
            do = _DO[verdict.code]
            code = f"{verdict.name.replace('_', '-')}-{verdict.code}"
            yield _found(code, tier, verdict.label, f"{verdict.text[0].upper()}{verdict.text[1:]}.", do, verdict.text)


_DO = {
    "above": "revise the formula",
    "too-long": "shorten the hours, or send more containers",
    "split": "send two containers",
    "near": "a pharmacist decides before calcium is added",
    "cannot-judge": "enter and sign a curve of this product, or name the source you judge it by",
}


def _tier(verdict: Verdict) -> Tier | None:
    if verdict.code in STOPS:
        return Tier.HARD
    return {"near": Tier.SOFT, "split": Tier.SOFT, "cannot-judge": Tier.CANNOT_JUDGE}.get(verdict.code)


def _line(facts: Facts, order: NutritionOrder) -> Iterator[Finding]:
    """Where the order says the catheter ends, and where it does."""
    tip = facts.patient.line_tip
    vein = vein_of(tip)
    if not tip:
        yield _found(
            "line-unknown",
            Tier.CANNOT_JUDGE,
            "The patient's line is not recorded",
            f"The formula is written for a {order.line} line; where the catheter ends is not known.",
            "record the line",
            order.line,
        )
    elif not vein:
        yield _found(
            "line-no-vein",
            Tier.HARD,
            "The line does not end in a vein",
            f"{facts.patient.line_type or 'The line'} ends {tip}; nutrition goes into a vein.",
            "record the right line",
            tip,
        )
    elif order.line == "central" and vein == "peripheral":
        yield _found(
            "line-not-central",
            Tier.HARD,
            "Ordered for a central line, the patient has none",
            f"{facts.patient.line_type or 'The line'} ends {tip}.",
            "a central line, or a peripheral formula",
            tip,
        )


def _patient(facts: Facts, order: NutritionOrder) -> Iterator[Finding]:
    """Dosing weight and age of the formula beside those of the chart."""
    weight, age = facts.patient.weight_kg, facts.patient.age_years
    most = figure("nutrition_weight_differs_pct")
    said = f"{shown_number(order.weight_kg)} kg"
    if weight is None:
        yield _found(
            "weight-missing",
            Tier.CANNOT_JUDGE,
            "Weight is not recorded",
            f"The formula is dosed for {said}; the chart has no weight.",
            "weigh the patient and record it",
            said,
        )
    elif abs(weight.value - order.weight_kg) * 100 > most.value * weight.value:
        yield _found(
            "weight-differs",
            Tier.SOFT,
            "The dosing weight is not the patient's weight",
            f"Dosed for {said}; the chart says {shown_number(weight.value)} kg ({weight.on:%d-%b-%Y}).",
            "revise the dosing weight, or say why it is meant",
            said,
            str(weight.value),
            source=most.source,
        )
    years = int(order.age_years)
    if age is None:
        yield _found(
            "age-missing", Tier.CANNOT_JUDGE, "Age is not known", "The limits go by age.", "record the birth date", str(years)
        )
    elif abs(age - years) > 1:
        yield _found(
            "age-differs",
            Tier.HARD,
            "The formula is written for another age",
            f"The formula says {years} years, the chart {age}: the limits of another group would hold.",
            "revise the formula",
            str(years),
            str(age),
        )
