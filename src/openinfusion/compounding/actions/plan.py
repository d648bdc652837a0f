# SPDX-License-Identifier: Apache-2.0
"""Plan a supply of a verified prescription: its days, its doses, its ingredients, and hold the stock for them."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.calculations.public import bag_of
from openinfusion.catalog import public as catalog
from openinfusion.clinical import public as clinical
from openinfusion.compounding import permissions
from openinfusion.compounding.domain.beyond_use import BeyondUseFacts, Storage, table_hours
from openinfusion.compounding.domain.label import short_code
from openinfusion.compounding.domain.mixture import Mixture, Package, Recipe, mix
from openinfusion.compounding.domain.nutrition import mix_nutrition
from openinfusion.compounding.domain.reconstitution import Solvent, solvents_for
from openinfusion.compounding.domain.supply import SupplyLength, last_day, supply_length
from openinfusion.compounding.models import Ingredient, WorkOrder
from openinfusion.compounding.queries import ingredients_of
from openinfusion.compounding.queries.work_order import site_zone
from openinfusion.inventory import public as inventory
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.therapy import public as therapy

_AS_SUPPLIED_HOURS = 24 * 365  # what goes out as it is keeps until its own expiry, which the lots say


@dataclass(frozen=True, slots=True)
class _Plan:
    """What was worked out before anything is written."""

    supply_no: int
    doses: Sequence[therapy.DoseDue]
    length: SupplyLength
    mixture: Mixture
    stability: catalog.StabilityFact | None

    @property
    def first_on(self) -> date:
        return self.doses[0].local.date()


@action
def plan_work_order(*, prescription_id: UUID, by: Actor, days: int | None = None) -> UUID:
    """Plan the next supply of a verified prescription and hold its ingredients; the work order's id.

    Refused where the prescription is not verified, nothing is due any more, or the catalog cannot say how to make it.
    Missing stock does not stop the plan: the work order shows what is short.
    """
    by.must(permissions.PLAN)
    order = therapy.prescription(prescription_id)
    if not clinical.verified(prescription_id):
        raise Refused(Reason("order-not-verified", f"Rx {order.number} is not verified", "a pharmacist verifies it"))
    if order.order.nutrition and (stops := clinical.nutrition_stops(order.id)):
        raise Refused(*stops)
    course = therapy.therapy(order.therapy_id)
    formula = catalog.formula(order.order.drug_code, order.order.route, inventory.site_today(course.site_id))
    plan = _work_out(order, course, formula, days)
    row = _write(order, course, formula, plan)
    _write_lines(row, plan.mixture)
    short = _names(plan.mixture, _hold(row, _packages(plan.mixture), by))
    write(by, "compounding.work_order.plan", row,
          "{actor} planned {subject}: {doses} doses, {first} to {last} ({because}){short}", noted={
              "doses": row.doses, "first": row.first_on, "last": row.last_on, "because": row.length_because,
              "short": f"; short: {', '.join(short)}" if short else ""})
    return row.id


def _work_out(
    order: therapy.PrescriptionFact, course: therapy.TherapyFact, formula: catalog.FormulaFact, days: int | None,
) -> _Plan:
    before = WorkOrder.objects.filter(prescription_id=order.id).exclude(
        state__in=["cancelled", "wasted", "recalled"]).order_by("-supply_no").first()
    begin = before.last_on + timedelta(days=1) if before else order.order.start_on
    due = therapy.schedule(order.id, begin, order.order.last_on) if begin <= order.order.last_on else []
    if not due:
        after = f"{begin:%d-%b-%Y}"
        raise Refused(Reason("nothing-due", f"no dose of Rx {order.number} is due after {after}", "complete it"))
    mixed = _mixing(order, course, formula)
    one = mixed(1)
    stability = _stability(formula, one)
    first = due[0].local.date()
    length = supply_length(
        first_on=first, last_on=order.order.last_on, interval=days,
        keeps_hours=_keeps(formula, stability, site_zone(course.site_id)), compounded=formula.compounded)
    doses = [d for d in due if d.local.date() <= last_day(first, length.days)]
    return _Plan(before.supply_no + 1 if before else 1, doses, length, mixed(len(doses)), stability)


def _mixing(
    order: therapy.PrescriptionFact, course: therapy.TherapyFact, formula: catalog.FormulaFact,
) -> Callable[[int], Mixture]:
    """How so many doses of this order are mixed: by the formula of the catalog, or by the order's own, of nutrition."""
    if order.order.nutrition is None:
        recipe = _recipe(formula, course.site_id)
        return lambda doses: _mixed(recipe, order, doses)
    bag = bag_of(replace(order.order.nutrition, stocks=catalog.site_nutrition(course.site_id).stocks))
    packages = {code: _package(p) for code, p in catalog.stock_packages(course.site_id).items()}
    return lambda doses: mix_nutrition(bag, packages, doses)


def _mixed(recipe: Recipe, order: therapy.PrescriptionFact, doses: int) -> Mixture:
    """Mixed from what is on the shelf, if it suffices; else as if everything could be bought, and shown as short."""
    try:
        return mix(recipe, order.order.dose, doses)
    except Refused:
        endless = replace(recipe, drug=tuple(replace(p, free=None) for p in recipe.drug),
                          solvents=tuple(replace(s, free=None) for s in recipe.solvents))
        return mix(endless, order.order.dose, doses)


def _recipe(formula: catalog.FormulaFact, site_id: UUID) -> Recipe:
    products = catalog.products_of(formula.drug_code, kind="drug")
    if not products:
        raise Refused(Reason("no-product", f"the catalog has no product of {formula.drug_code}", "add one"))
    solvents = _solvents(formula.drug_code) if formula.compounded and any(p.reconstitute_ml for p in products) else []
    free = inventory.free([p.id for p in (*products, *solvents)], site_id)
    device = formula.device if formula.device.container == formula.container else None
    return Recipe(
        drug=tuple(_package(p, free.get(p.id, 0)) for p in products),
        diluent=_package(formula.diluent) if formula.diluent else None,
        container=_package(device) if device else None, container_kind=formula.container,
        final_volume_ml=formula.final_volume_ml, max_concentration=formula.max_concentration,
        compounded=formula.compounded, shared=formula.route == "enteral",
        solvents=tuple(Solvent(p.id, p.name, p.volume_ml, free.get(p.id, 0)) for p in solvents),
    )


def _solvents(drug_code: str) -> list[catalog.ProductFact]:
    """The products that a drug's powder is dissolved with."""
    wanted = solvents_for(drug_code).ndcs
    return [p for p in catalog.products_of(kind="diluent") if p.ndc11 in wanted]


def _package(p: catalog.ProductFact, free: int | None = None) -> Package:
    return Package(product_id=p.id, name=p.name, holds=p.strength, volume_ml=p.volume_ml, powder_ml=p.reconstitute_ml,
                   single_dose=p.single_dose, free=free)


def _stability(formula: catalog.FormulaFact, mixture: Mixture) -> catalog.StabilityFact | None:
    """The row that covers the mixture; None where the catalog cannot judge, which the pharmacist has signed for."""
    if not formula.compounded:
        return None
    try:
        return catalog.stability(formula.drug_code, mixture.concentration, formula.container, formula.storage)
    except (Refused, NotFound):
        return None


def _keeps(formula: catalog.FormulaFact, stability: catalog.StabilityFact | None, zone: str) -> int:
    if not formula.compounded:
        return _AS_SUPPLIED_HOURS
    hours, _ = table_hours(BeyondUseFacts(
        made_at=now(), zone=zone, category=formula.category, storage=Storage(formula.storage)))
    return min(hours, stability.hours) if stability else hours


def _write(
    order: therapy.PrescriptionFact, course: therapy.TherapyFact, formula: catalog.FormulaFact, plan: _Plan,
) -> WorkOrder:
    id = new_id()
    drug = catalog.drug(order.order.drug_code)
    return WorkOrder.objects.create(
        id=id, number=short_code(id), prescription_id=order.id, therapy_id=course.id, patient_id=order.patient_id,
        site_id=course.site_id, supply_no=plan.supply_no, drug_code=drug.code, drug_name=drug.tall_man,
        hazardous=drug.hazardous, method=formula.method, dose_amount=order.order.dose.amount,
        dose_unit=order.order.dose.unit.code, doses=len(plan.doses), first_on=plan.first_on,
        last_on=last_day(plan.first_on, plan.length.days), need_by=plan.doses[0].at, length_because=plan.length.because,
        category=formula.category, storage=formula.storage, container=formula.container,
        final_volume_ml=plan.mixture.final_volume_ml, concentration_amount=plan.mixture.concentration.amount,
        stability_hours=plan.stability.hours if plan.stability else None,
        stability_source=str(plan.stability.source) if plan.stability else "", formula_id=formula.id,
    )


def _packages(mixture: Mixture) -> dict[UUID, Decimal]:
    """How many packages of each product a mixture takes."""
    needs: dict[UUID, Decimal] = {}
    for line in mixture.lines:
        needs[line.product_id] = needs.get(line.product_id, Decimal(0)) + line.packages
    return needs


def _names(mixture: Mixture, product_ids: Sequence[UUID]) -> list[str]:
    return [line.name for line in mixture.lines if line.product_id in set(product_ids)]


def _write_lines(row: WorkOrder, mixture: Mixture) -> None:
    products = catalog.products([line.product_id for line in mixture.lines])
    Ingredient.objects.bulk_create([
        Ingredient(
            work_order=row, role=line.role, product_id=line.product_id, name=line.name,
            gtin=products[line.product_id].gtin, packages=line.packages, used_amount=line.used.amount,
            discarded_amount=line.discarded.amount, amount_unit=line.used.unit.code, single_dose=line.single_dose,
            place=place, step=line.step, each_ml=line.each,
        )
        for place, line in enumerate(mixture.lines)
    ])


def _hold(row: WorkOrder, needs: dict[UUID, Decimal], by: Actor) -> list[UUID]:
    """Hold these packages for the order; the products that stay short."""
    if not needs:
        return []
    return inventory.allocate_all(
        needs=needs, site_id=row.site_id, for_id=row.id, by=by, patient_id=row.patient_id)


@action
def allocate_ingredients(*, work_order_id: UUID, by: Actor) -> UUID:
    """Try again to hold what is short; Refused, naming what still is."""
    by.must(permissions.PLAN)
    row = lock(WorkOrder, work_order_id)
    lines = {line.product_id: line for line in ingredients_of(row.id) if line.short}
    if short := _hold(row, {id: Decimal(line.short) for id, line in lines.items()}, by):
        names = ", ".join(lines[id].name for id in short)
        raise Refused(Reason("short-stock", f"still short: {names}", "receive stock or buy"))
    write(by, "compounding.work_order.allocate", row, "{actor} held the ingredients of {subject}")
    return row.id


