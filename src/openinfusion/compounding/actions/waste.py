# SPDX-License-Identifier: Apache-2.0
"""Waste a closed package at the hood, put another in its place by scan, witness what is controlled."""
from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from openinfusion.compounding import permissions
from openinfusion.compounding.actions.hood_turn import take_turn
from openinfusion.compounding.actions.scan import Shelf
from openinfusion.compounding.domain.hood_waste import WasteFacts, must_be_wastable
from openinfusion.compounding.models import HoodWaste, LotCapture, OpenedContainer, WorkOrder
from openinfusion.compounding.queries import ingredients_of, steps_of
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.journal import write


@action
def waste_package(*, work_order_id: UUID, lot_id: UUID, reason: str, by: Actor, packages: int = 1) -> UUID:
    """Throw away packages that stand closed in the hood (dropped, broken, haze), with a reason; another takes their place.

    A controlled one waits for a witness, and the preparation cannot be handed over before. Refused for more than stand there.
    """
    by.must(permissions.COMPOUND)
    row = _in_my_hood(work_order_id, by)
    shelf = Shelf.of(row, steps_of(row.id))
    must_be_wastable(packages, shelf.unopened().get(lot_id, 0), _number(shelf, lot_id), reason)
    lot = shelf.lot(lot_id)
    line = next(x for x in ingredients_of(row.id) if any(u.lot_id == lot_id for u in x.lots))
    return add_waste(row, line.id, line.name, lot, reason, by, packages=packages)


def _number(shelf: Shelf, lot_id: UUID) -> str:
    return shelf.lot(lot_id).number if lot_id in shelf.captured else "that"


def _in_my_hood(work_order_id: UUID, by: Actor) -> WorkOrder:
    row = lock(WorkOrder, work_order_id)
    if row.state != "in_compounding" or row.compounded_by != by.id:
        raise Refused(Reason("not-compounder", "only the person who makes it wastes at its hood", "quarantine it instead"))
    take_turn(row, by)
    return row


def add_waste(
    row: WorkOrder, ingredient_id: UUID, name: str, lot: inventory.LotFact, reason: str, by: Actor, *, packages: int = 0,
    opened: OpenedContainer | None = None,
) -> UUID:
    """Keep what was wasted in the action that is under way; what is controlled waits for its witness."""
    waste = HoodWaste.objects.create(
        work_order=row, ingredient_id=ingredient_id, lot_id=lot.id, lot_number=lot.number, name=name, packages=packages,
        opened=opened, reason=reason.strip(), controlled=bool(lot.schedule), wasted_by=by.id, waster_name=by.name,
    )
    if waste.controlled:
        write(by, "compounding.hood_waste.enter", waste, "{actor} wasted {subject}, to be witnessed", reason=reason,
              to_state=waste.state, patient_id=row.patient_id)
    else:
        advance(waste, "record", WasteFacts(by.id, by.id, controlled=False), by=by, reason=reason, noted={"why": reason.strip()},
                patient_id=row.patient_id)
    return waste.id


@action
def replace_package(*, work_order_id: UUID, scan: str, by: Actor) -> UUID:
    """Put another package in the place of a wasted one, by its scan: it leaves the shelf now; the capture's id.

    Refused where nothing of this product was wasted, and for a lot that may not be used or is not in stock.
    """
    by.must(permissions.STAGE)
    row = _in_my_hood(work_order_id, by)
    lot = inventory.scanned_lot(scan, row.id)
    waste = _unreplaced(row, lot.product_id)
    inventory.swap_lot(for_id=row.id, lot_id=lot.id, quantity=Decimal(1), site_id=row.site_id, by=by,
                       reason=f"in the place of a wasted one: {waste.reason}", patient_id=row.patient_id)
    inventory.issue(for_id=row.id, by=by, reason=f"in the place of a wasted one, {row.number}")
    captured = LotCapture.objects.create(
        work_order=row, ingredient_id=waste.ingredient_id, lot_id=lot.id, lot_number=lot.number, expires_on=lot.expires_on,
        packages=1, keyed=False, code=scan.strip()[:200], captured_by=by.id, capturer_name=by.name,
    )
    waste.replaced += 1
    waste.save(update_fields=["replaced"])
    write(by, "compounding.hood_waste.replace", captured, "{actor} took {name}, {subject}, in the place of a wasted one",
          patient_id=row.patient_id, noted={"name": waste.name, "wasted": waste.lot_number})
    return captured.id


def _unreplaced(row: WorkOrder, product_id: UUID) -> HoodWaste:
    for waste in HoodWaste.objects.select_for_update(of=("self",)).select_related("ingredient").filter(
            work_order=row, opened__isnull=True).order_by("made_at"):
        if waste.ingredient.product_id == product_id and waste.replaced < waste.packages:
            return waste
    raise Refused(Reason("nothing-wasted", "nothing of this product was wasted here", "scan the product that was wasted"))


@action
def witness_waste(*, waste_id: UUID, by: Actor, version: int | None = None) -> UUID:
    """A second person saw a controlled substance go, and signs."""
    row = lock(HoodWaste, waste_id, version)
    advance(row, "witness", WasteFacts(row.wasted_by, by.id), by=by, witnessed_by=by.id, witness_name=by.name)
    return row.id
