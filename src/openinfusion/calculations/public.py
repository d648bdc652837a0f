# SPDX-License-Identifier: Apache-2.0
"""The door of the calculations room: the register for those who ask by name, the plain formulas for those who compute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openinfusion.calculations.domain.bench.claim_units import claim_units
from openinfusion.calculations.domain.bench.hood import Syringes, WeightBand, syringes_for, weight_band, withdraws_first
from openinfusion.calculations.domain.bench.kinetic_temperature import mean_kinetic
from openinfusion.calculations.domain.bench.national_drug_code import ndc11
from openinfusion.calculations.domain.bench.vial import Chosen, Vial, choose_vials, nearest_vials
from openinfusion.calculations.domain.bench.vial_choice import rounding_percent
from openinfusion.calculations.domain.body import adjusted, devine
from openinfusion.calculations.domain.calculation import Answer, Calculation, Curve, Result, Table, Verdict, Worked, named
from openinfusion.calculations.domain.catalogue import GROUPS, calculations
from openinfusion.calculations.domain.examples import Example, examples, examples_of
from openinfusion.calculations.domain.fields import filled_rows, typed_inputs
from openinfusion.calculations.domain.filtration import calvert, calvert_cap
from openinfusion.calculations.domain.infusion.stepped import Stretch, stretches
from openinfusion.calculations.domain.measure import shown_unit
from openinfusion.calculations.domain.nutrition.bag import Bag, bag_of
from openinfusion.calculations.domain.nutrition.calcium_phosphate import SolubilityCurve
from openinfusion.calculations.domain.nutrition.compounding import Draw, calcium_with_phosphate, draws
from openinfusion.calculations.domain.nutrition.cycling import Ramp
from openinfusion.calculations.domain.nutrition.difference import Change
from openinfusion.calculations.domain.nutrition.difference import difference as nutrition_difference
from openinfusion.calculations.domain.nutrition.gauge import Gauge, Limit
from openinfusion.calculations.domain.nutrition.glucose_rate import glucose_rate
from openinfusion.calculations.domain.nutrition.label import label_lines
from openinfusion.calculations.domain.nutrition.lipid import hang_time
from openinfusion.calculations.domain.nutrition.order import Ingredient
from openinfusion.calculations.domain.nutrition.order import Order as NutritionOrder
from openinfusion.calculations.domain.nutrition.order_sheet import worked as nutrition_sheet
from openinfusion.calculations.domain.nutrition.product import UNITS as STOCK_UNITS
from openinfusion.calculations.domain.nutrition.product import Product as Stock
from openinfusion.calculations.domain.nutrition.product import kinds as nutrition_kinds
from openinfusion.calculations.domain.nutrition.product import products as stocks_on_file
from openinfusion.calculations.domain.nutrition.product import stock
from openinfusion.calculations.domain.nutrition.review import review as nutrition_gauges
from openinfusion.calculations.domain.nutrition.site import BOUNDS, LimitName, limit_names, site_limit
from openinfusion.calculations.domain.renal import WeightRule, clearance_weight, cockcroft_gault
from openinfusion.calculations.domain.surface import mosteller
from openinfusion.calculations.domain.therapies.body_dose import lifetime_limit
from openinfusion.calculations.domain.therapies.rate_steps import RateRow, Restart, planned_rates, rate_rows, restart
from openinfusion.kernel.standing import Standing

__all__ = [
    "BOUNDS",
    "GROUPS",
    "STOCK_UNITS",
    "Answer",
    "Bag",
    "Calculation",
    "Change",
    "Chosen",
    "Curve",
    "Draw",
    "Example",
    "Gauge",
    "Ingredient",
    "Limit",
    "LimitName",
    "NutritionOrder",
    "Ramp",
    "RateRow",
    "Restart",
    "Result",
    "SolubilityCurve",
    "Stock",
    "Stretch",
    "Syringes",
    "Table",
    "Verdict",
    "Vial",
    "WeightBand",
    "WeightRule",
    "Worked",
    "adjusted",
    "ask",
    "bag_of",
    "calcium_with_phosphate",
    "calculations",
    "calvert",
    "calvert_cap",
    "choose_vials",
    "claim_units",
    "clearance_weight",
    "cockcroft_gault",
    "devine",
    "draws",
    "examples",
    "examples_of",
    "filled_rows",
    "glucose_rate",
    "hang_time",
    "label_lines",
    "lifetime_limit",
    "limit_names",
    "mean_kinetic",
    "mosteller",
    "named",
    "ndc11",
    "nearest_vials",
    "nutrition_difference",
    "nutrition_gauges",
    "nutrition_kinds",
    "nutrition_sheet",
    "planned_rates",
    "rate_rows",
    "restart",
    "rounding_percent",
    "said",
    "shown_unit",
    "site_limit",
    "stock",
    "stocks_on_file",
    "stretches",
    "syringes_for",
    "typed",
    "weight_band",
    "withdraws_first",
]


def ask(name: str, given: Mapping[str, Any]) -> Answer:
    """Work a calculation by its name with what somebody typed; NotFound, Malformed or Refused say what is wrong."""
    return named(name).ask(given)


def typed(name: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """What the fields of a form carry for this calculation."""
    return typed_inputs(named(name), fields)


def said(answer: Answer) -> dict[str, Any]:
    """An answer as JSON: figures as text, so that no digit is lost."""
    worked, calculation = answer.worked, answer.calculation
    sources = (calculation.source, *dict.fromkeys(worked.used))
    return {
        "calculation": calculation.name,
        "title": calculation.title,
        "formula": calculation.formula,
        "version": calculation.version,
        "results": [_figure(r) if isinstance(r, Result) else _verdict(r) for r in worked.results],
        "tables": [{"name": t.name, "label": t.label, "head": t.head, "rows": t.rows} for t in worked.tables],
        "inputs": [{"name": name, "label": label, "value": value} for name, label, value in answer.inputs],
        "steps": [str(step) for step in worked.steps],
        "warnings": [{"code": w.code, "text": w.text, "clears": w.clears} for w in worked.warnings],
        "sources": [str(source) for source in sources],
        "unverified": any(source.standing is Standing.UNVERIFIED for source in sources),
        "curves": [
            {"label": c.label, "x": c.x_label, "y": c.y_label, "points": _points(c.points), "marks": _points(c.marks)}
            for c in worked.curves
        ],
    }


def _figure(result: Result) -> dict[str, str]:
    return {
        "name": result.name,
        "label": result.label,
        "value": f"{result.value:f}",
        "unit": shown_unit(result.unit),
        "exact": f"{result.exact:f}",
        "rounding": result.rounding,
    }


def _verdict(verdict: Verdict) -> dict[str, str]:
    return {"name": verdict.name, "label": verdict.label, "code": verdict.code, "text": verdict.text}


def _points(points: Any) -> list[tuple[str, str]]:
    return [(f"{round(x, 3):f}", f"{round(y, 3):f}") for x, y in points]
