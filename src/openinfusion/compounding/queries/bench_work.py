# SPDX-License-Identifier: Apache-2.0
"""What the steps of a work order are worked out from: its ingredients as the bench sees them, and its master formulation."""
from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from openinfusion.calculations.public import bag_of, draws
from openinfusion.catalog import public as catalog
from openinfusion.compounding.domain.bench_plan import BenchLine, Handling
from openinfusion.compounding.domain.second_look import Concern, is_child
from openinfusion.compounding.models import WorkOrder
from openinfusion.compounding.queries.work_order import IngredientFact, ingredients_of
from openinfusion.inventory import public as inventory
from openinfusion.patients import public as patients
from openinfusion.therapy import public as therapy


def bench_work(row: WorkOrder) -> tuple[list[BenchLine], Handling]:
    """The lines and the handling of a work order, by the version of the formula that it names."""
    order = therapy.prescription(row.prescription_id).order
    formula = catalog.formula_version(row.formula_id) if row.formula_id else catalog.formula(row.drug_code, order.route)
    child = is_child(patients.patient(row.patient_id).born_on, inventory.site_today(row.site_id))
    concern = Concern(hazardous=row.hazardous, paediatric=child, nutrition=order.nutrition is not None)
    gravities = _gravities(row) if order.nutrition else {}
    lines = [_line(x, gravities) for x in ingredients_of(row.id)]
    return lines, Handling(
        method=row.method, container=row.container, final_volume_ml=row.final_volume_ml, doses=row.doses,
        withdraw=formula.withdraw, closed_system=formula.closed_system, weighed=formula.weighed,
        gravity=formula.specific_gravity, tolerance_percent=formula.tolerance_percent, checks=formula.quality_checks,
        concern=concern,
    )


def _gravities(row: WorkOrder) -> dict[str, Decimal]:
    """The specific gravity of each stock solution of a nutrition order, where it is on file."""
    order = therapy.prescription(row.prescription_id).order.nutrition
    if order is None:
        return {}
    bag = bag_of(replace(order, stocks=catalog.site_nutrition(row.site_id).stocks))
    known = [(d.product.label, d.product.specific_gravity) for d in draws(bag)]
    known += [(p.product.label, p.product.specific_gravity) for p in bag.parts]
    return {label: gravity for label, gravity in known if gravity is not None}


def _line(x: IngredientFact, gravities: dict[str, Decimal]) -> BenchLine:
    product = catalog.product(x.product_id)
    holds = (x.used + x.discarded).amount
    return BenchLine(
        id=x.id, role=x.role, product_id=x.product_id, name=x.name, packages=x.packages,
        used_share=x.used.amount / holds if holds else Decimal(0), package_ml=product.volume_ml,
        reconstitute_ml=product.reconstitute_ml, each_ml=x.each_ml, group=x.step, gravity=gravities.get(x.name),
    )
