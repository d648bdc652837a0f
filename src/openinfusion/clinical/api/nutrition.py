# SPDX-License-Identifier: Apache-2.0
"""Parenteral nutrition as JSON: the review of what is ordered, and of what is only tried."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.calculations.public import Gauge, Result, shown_unit
from openinfusion.clinical import permissions
from openinfusion.clinical.api.reviews import router
from openinfusion.clinical.queries.nutrition import FormulaReview, review_of_formula
from openinfusion.kernel.refusal import NotFound
from openinfusion.therapy import public as therapy


class GaugeOut(Schema):
    """A figure against its limits; amounts as text, empty where there is none. ``verdict`` may be cannot-judge."""

    name: str
    label: str
    value: str
    unit: str
    hard_low: str
    soft_low: str
    soft_high: str
    hard_high: str
    verdict: str
    source: str


class WordsOut(Schema):
    name: str
    label: str
    verdict: str
    text: str


class NutritionOut(Schema):
    """The review of a formula: stop, question or within; every gauge; what is said in words; the label; the difference."""

    overall: str
    text: str
    line: str
    gauges: list[GaugeOut]
    verdicts: list[WordsOut]
    figures: dict[str, str]
    label: list[list[str]]
    difference: list[list[str]]


class FormulaIn(Schema):
    """A formula as the therapy room writes it (see its orders): amounts as text, each with its unit per day."""

    nutrition: dict[str, Any]


@router.get("/nutrition/prescriptions/{prescription_id}", response=NutritionOut)
def nutrition(request: HttpRequest, prescription_id: UUID) -> NutritionOut:
    """The review of a prescription's formula as it is now, with the difference from the version before."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    order = therapy.prescription(prescription_id)
    if order.order.nutrition is None:
        raise NotFound(f"formula of prescription {prescription_id}")
    before = therapy.prescription(order.previous_id).order.nutrition if order.previous_id else None
    return _nutrition(review_of_formula(order.order.nutrition, order.therapy_id, before))


@router.post("/nutrition/therapies/{therapy_id}/review", response=NutritionOut)
def nutrition_try(request: HttpRequest, therapy_id: UUID, given: FormulaIn) -> NutritionOut:
    """The review of a formula that is not saved, for this patient's line and by this site's limits."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return _nutrition(review_of_formula(therapy.read_formula(given.nutrition), therapy_id))


def _nutrition(found: FormulaReview) -> NutritionOut:
    tables = {t.name: t.rows for t in found.sheet.tables}
    overall = found.sheet.result("order")
    return NutritionOut(
        overall=getattr(overall, "code", ""), text=getattr(overall, "text", ""), line=found.reviewed.bag.order.line,
        gauges=[_gauge(g) for g in found.reviewed.gauges],
        verdicts=[WordsOut(name=v.name, label=v.label, verdict=v.code, text=v.text) for v in found.reviewed.verdicts],
        figures={r.name: str(r) for r in found.sheet.results if isinstance(r, Result)},
        label=[list(r) for r in tables.get("label", ())], difference=[list(r) for r in tables.get("difference", ())],
    )


def _gauge(g: Gauge) -> GaugeOut:
    bounds = {b: getattr(g.limit, b, None) for b in ("hard_low", "soft_low", "soft_high", "hard_high")}
    return GaugeOut(
        name=g.name, label=g.label, value="" if g.value is None else f"{round(g.value, 6):f}", unit=shown_unit(g.unit),
        verdict=g.code, source=str(g.limit.source) if g.limit else "",
        **{b: "" if v is None else f"{v.normalize():f}" for b, v in bounds.items()},
    )
