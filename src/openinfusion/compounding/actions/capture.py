# SPDX-License-Identifier: Apache-2.0
"""Capture the lots that go in: by scan, or keyed and confirmed by a second person."""
from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from openinfusion.compounding import permissions
from openinfusion.compounding.domain.work_order import WorkOrderState
from openinfusion.compounding.models import LotCapture, WorkOrder
from openinfusion.compounding.queries import IngredientFact, ingredients_of
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write


@action
def scan_ingredient(
    *, work_order_id: UUID, scan: str, by: Actor, keyed: bool = False, packages: int = 1, reason: str = "",
) -> UUID:
    """Capture a package's lot. Refused for a product not in the order, a lot that may not be used, or too many."""
    by.must(permissions.STAGE)
    row = lock(WorkOrder, work_order_id)
    if row.state != WorkOrderState.STAGED.value:
        raise Refused(Reason("not-staged", "lots are captured while the order is staged", "stage it first"))
    lines = ingredients_of(row.id)
    products = [line.product_id for line in lines]
    lot = inventory.keyed_lot(scan, products, row.id) if keyed else inventory.scanned_lot(scan, row.id)
    line = _line_for(lot, lines, packages)
    if against := lot.reasons(inventory.site_today(row.site_id)):
        raise Refused(*against)
    _take_if_not_held(row, lot, line, packages, reason, by)
    captured = LotCapture.objects.create(
        work_order=row, ingredient_id=line.id, lot_id=lot.id, lot_number=lot.number, expires_on=lot.expires_on,
        packages=packages, keyed=keyed, code=scan.strip()[:200], captured_by=by.id, capturer_name=by.name,
    )
    how = "keyed" if keyed else "scanned"
    write(by, f"compounding.lot.{how}", captured, "{actor} {how} {packages} of {name}, {subject}", reason=reason,
          patient_id=row.patient_id,
          noted={"how": how, "packages": packages, "name": line.name, "expires": lot.expires_on})
    return captured.id


def _line_for(lot: inventory.LotFact, lines: list[IngredientFact], packages: int) -> IngredientFact:
    mine = [line for line in lines if line.product_id == lot.product_id]
    if not mine:
        wanted = ", ".join(line.name for line in lines if not line.complete) or "nothing more"
        raise Refused(Reason("wrong-product", "this product is not in the order", f"still wanted: {wanted}"))
    if packages < 1 or mine[0].captured + packages > mine[0].packages:
        done = f"{mine[0].captured} of {mine[0].packages}"
        raise Refused(Reason("too-many", f"{mine[0].name}: {done} are captured already"))
    return mine[0]


def _take_if_not_held(
    row: WorkOrder, lot: inventory.LotFact, line: IngredientFact, packages: int, reason: str, by: Actor,
) -> None:
    """Another lot than the one held is taken over, with a reason where it passes over an earlier expiry."""
    held = sum((a.quantity for a in line.held if a.lot_id == lot.id), Decimal(0))
    captured = sum(u.packages for u in line.lots if u.lot_id == lot.id)
    missing = packages - (int(held) - captured)
    if missing > 0:
        inventory.swap_lot(
            for_id=row.id, lot_id=lot.id, quantity=Decimal(missing), site_id=row.site_id, reason=reason, by=by,
            patient_id=row.patient_id)


@action
def confirm_capture(*, capture_id: UUID, by: Actor) -> UUID:
    """A second person has read the keyed lot off the package too."""
    by.must(permissions.CHECK)
    row = lock(LotCapture, capture_id)
    if not row.keyed or row.confirmed_by:
        raise Refused(Reason("nothing-to-confirm", f"{row} needs no second person"))
    if row.captured_by == by.id:
        raise Refused(Reason("own-work", "whoever keyed it may not confirm it", "another person confirms"))
    row.confirmed_by, row.confirmer_name = by.id, by.name
    row.save(update_fields=["confirmed_by", "confirmer_name"])
    write(by, "compounding.lot.confirm", row, "{actor} confirmed the keyed {subject}",
          patient_id=row.work_order.patient_id)
    return row.id
