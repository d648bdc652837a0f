# SPDX-License-Identifier: Apache-2.0
"""Open a container, take what is left in one for another preparation, waste one with a reason, give back what stayed closed."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.compounding.actions.scan import Shelf
from openinfusion.compounding.actions.waste import add_waste
from openinfusion.compounding.domain.bench_step import BenchStep
from openinfusion.compounding.domain.beyond_use import end_of_day
from openinfusion.compounding.domain.label import short_code
from openinfusion.compounding.domain.opened import OpenedFacts, good_until, is_opened_code, kind_of, read_opened_code
from openinfusion.compounding.models import Carry, Ingredient, OpenedContainer, WorkOrder
from openinfusion.compounding.queries import site_zone, steps_of
from openinfusion.inventory import public as inventory
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.quantity import Quantity, shown_number, unit
from openinfusion.kernel.refusal import Broken
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.journal import write


def lock_with_openers(work_order_id: UUID, codes: Sequence[str]) -> WorkOrder:
    """The work order, locked; and those first that opened a container which is among these codes.

    In one order by id: who draws from a container touches the order it was opened for, which may be at work itself.
    """
    found = [read_opened_code(c) for c in codes if is_opened_code(c)]
    openers = OpenedContainer.objects.filter(code__in=found).values_list("work_order_id", flat=True) if found else ()
    for id in sorted({work_order_id, *openers}):
        row = lock(WorkOrder, id)
        if id == work_order_id:
            mine = row
    return mine


def open_container(row: WorkOrder, step: BenchStep, lot: inventory.LotFact, at: datetime, by: Actor) -> None:
    """A package was punctured: where something will be left in it, it stands in the hood with its clock."""
    if step.volume_ml is None or row.hood_id is None or step.ingredient_id is None:
        return
    product = catalog.product(lot.product_id)
    if step.volume_ml >= product.volume_ml:
        return
    kind = kind_of(single_dose=product.single_dose, container=product.container)
    ends = end_of_day(lot.expires_on, site_zone(row.site_id))
    until, because = good_until(at, kind=kind, drug=product.drug_code, lot_ends_at=ends)
    id = new_id()
    OpenedContainer(
        id=id, code=short_code(id), product_id=product.id, name=product.name, lot_id=lot.id, lot_number=lot.number,
        lot_expires_on=lot.expires_on, site_id=row.site_id, hood_id=row.hood_id, work_order=row,
        ingredient_id=step.ingredient_id, opened_at=at, opened_by=by.id, opener_name=by.name, good_until=until,
        because=because, volume_ml=product.volume_ml, drawn_ml=step.volume_ml,
    ).save(force_insert=True)


def carry(opened_id: UUID, row: WorkOrder, step: BenchStep, by: Actor) -> None:
    """Take this step's volume out of a container that an earlier preparation opened; the caller has judged it.

    What is carried was not discarded there, and here one package stays closed.
    """
    if step.volume_ml is None or step.ingredient_id is None:
        raise Broken(f"{step.text} takes no volume out of a container")
    opened = lock(OpenedContainer, opened_id)
    opened.drawn_ml += step.volume_ml
    opened.save(update_fields=["drawn_ml"])
    Carry(opened=opened, work_order=row, ingredient_id=step.ingredient_id, volume_ml=step.volume_ml,
          carried_by=by.id).save(force_insert=True)
    product = catalog.product(opened.product_id)
    share = step.volume_ml / product.volume_ml
    _discard_less(opened.ingredient_id, product.strength * share)
    _discard_less(step.ingredient_id, product.strength * (1 - share))
    write(by, "compounding.opened_container.carry", opened, "{actor} took {ml} mL of {subject}, opened before, for {order}",
          patient_id=row.patient_id, noted={"ml": shown_number(step.volume_ml), "order": str(row)})
    if opened.drawn_ml == opened.volume_ml:
        advance(opened, "empty", OpenedFacts(), by=by)


def _discard_less(ingredient_id: UUID, less: Quantity) -> None:
    line = lock(Ingredient, ingredient_id)
    left = line.discarded_amount - less.to(unit(line.amount_unit)).amount
    line.discarded_amount = max(left, Decimal(0))
    line.save(update_fields=["discarded_amount"])


@action
def waste_opened(*, opened_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Throw away what is left of an opened container, with a reason; of a controlled substance a witness sees it."""
    lock(WorkOrder, fetch(OpenedContainer, opened_id).work_order_id)
    row = lock(OpenedContainer, opened_id, version)
    left, lot = row.volume_ml - row.drawn_ml, inventory.lot(row.lot_id)
    advance(row, "waste", OpenedFacts(left), by=by, reason=reason, noted={"left": shown_number(left)},
            waste_reason=reason.strip())
    if lot.schedule:
        add_waste(row.work_order, row.ingredient_id, row.name, lot, reason, by, opened=row)
    return row.id


def return_unopened(row: WorkOrder, by: Actor) -> int:
    """Packages that were taken to the hood and stayed closed go back where they came from; how many."""
    steps = steps_of(row.id)
    if not any(s.done and s.done.opened_id for s in steps):
        return 0  # without a carried container every package was opened
    back, places = 0, {a.lot_id: a.location_id for a in inventory.allocations(row.id)}
    for lot_id, packages in sorted(Shelf.of(row, steps).unopened().items()):
        inventory.return_stock(lot_id=lot_id, location_id=places[lot_id], quantity=Decimal(packages), for_id=row.id, by=by,
                               reason=f"stayed closed: {row.number} was made from an opened container")
        back += packages
    return back
