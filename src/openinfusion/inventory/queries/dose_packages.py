# SPDX-License-Identifier: Apache-2.0
"""The packages that one dose of an order takes: drug, the bag or device it is made in, what it is filled up with."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from openinfusion.calculations.public import NutritionOrder, Vial, bag_of, choose_vials, draws
from openinfusion.catalog import public as catalog
from openinfusion.kernel.quantity import UnitMismatch
from openinfusion.kernel.refusal import Refused
from openinfusion.therapy import public as therapy

_ZERO = Decimal(0)


def packages_of_dose(order: therapy.PrescriptionFact, site_id: UUID, on: date) -> dict[UUID, Decimal]:
    """The vials one dose takes, the fewest milligrams left over, with its bag or device; empty where the catalog cannot

    say. Of nutrition, and of a bottle that several doses are filled up from, the share of the package one dose takes.
    What powders are dissolved with hangs on the day's vials, and is forecast from its use.
    """
    if order.order.nutrition is not None:
        return _packages_of_bag(order.order.nutrition, site_id)
    products = [p for p in catalog.products_of(order.order.drug_code, kind="drug")
                if p.strength.unit.dimension == order.order.dose.unit.dimension]
    try:
        need = order.order.dose
        chosen = choose_vials(need.amount, [Vial(p.strength.to(need.unit).amount, None, p.cost.dollars) for p in products])
    except Refused:
        return {}
    vials = [(p, n) for p, n in zip(products, chosen.counts, strict=True) if n]
    found = {p.id: Decimal(n) for p, n in vials}
    for product_id, packages in _made_in(order, vials, on).items():
        found[product_id] = found.get(product_id, _ZERO) + packages
    return found


def _made_in(
    order: therapy.PrescriptionFact, vials: Sequence[tuple[catalog.ProductFact, int]], on: date,
) -> dict[UUID, Decimal]:
    """The diluent and the empty device of one dose, by the formula in force; nothing where it goes out as it comes."""
    try:
        formula = catalog.formula(order.order.drug_code, order.order.route, on)
        if not formula.compounded:
            return {}
        need = _diluent_ml(formula, order, vials)
    except (Refused, UnitMismatch):
        return {}
    found: dict[UUID, Decimal] = defaultdict(Decimal)
    if formula.diluent is not None and need:
        packages = need / formula.diluent.volume_ml
        found[formula.diluent.id] += packages.to_integral_value(ROUND_CEILING) if formula.container == "bag" else packages
    if formula.device.container == formula.container:
        found[formula.device.id] += 1
    return dict(found)


def _diluent_ml(
    formula: catalog.FormulaFact, order: therapy.PrescriptionFact, vials: Sequence[tuple[catalog.ProductFact, int]],
) -> Decimal:
    """What a dose is filled up with: its final volume, more where it would be too concentrated, less the drug's own."""
    dose = order.order.dose
    least = dose / formula.max_concentration
    volume = formula.final_volume_ml
    if least > volume:
        volume = (least / 10).to_integral_value(ROUND_CEILING) * 10
    held = sum((p.strength.to(dose.unit).amount * n for p, n in vials), _ZERO)
    liquid = sum((p.volume_ml * n for p, n in vials if not p.reconstitute_ml), _ZERO)
    return max(volume - liquid * dose.amount / held, _ZERO)


def _packages_of_bag(nutrition: NutritionOrder, site_id: UUID) -> dict[UUID, Decimal]:
    """What one bag takes of each stock solution's package, overfill included, by the site's own solutions."""
    bag = bag_of(replace(nutrition, stocks=catalog.site_nutrition(site_id).stocks))
    packages = catalog.stock_packages(site_id)
    drawn = [(d.product.code, d.volume_ml) for d in draws(bag)]
    drawn += [(p.product.code, p.volume_ml) for p in bag.parts if p not in bag.inside]
    found: dict[UUID, Decimal] = defaultdict(Decimal)
    for code, ml in drawn:
        if ml and code in packages:
            found[packages[code].id] += ml / packages[code].volume_ml
    return dict(found)
