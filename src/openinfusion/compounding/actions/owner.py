# SPDX-License-Identifier: Apache-2.0
"""Take a work order's drug from the stock of another owner: consigned, or bought at the price of the 340B program."""
from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from openinfusion.compounding import permissions
from openinfusion.compounding.domain.work_order import WorkOrderState
from openinfusion.compounding.models import WorkOrder
from openinfusion.compounding.queries import IngredientFact, ingredients_of
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write

CHOOSABLE = (inventory.Ownership.OWNED, inventory.Ownership.CONSIGNED, inventory.Ownership.PROGRAM_340B)


@action
def take_from_owner(*, work_order_id: UUID, owner: inventory.Ownership, reason: str, by: Actor) -> UUID:
    """Let go what is held of a planned order and hold its drug from this owner's stock, the rest from the house's.

    The reason says why this patient may have it (340B eligibility, the consignment's terms). Refused where the owner has
    not enough of the drug: then what was held stays. White-bagged stock comes by itself, for its patient only.
    """
    by.must(permissions.PLAN)
    if owner not in CHOOSABLE:
        raise Malformed(Fault("owner", "white-bagged stock is taken by itself for its patient"))
    if not reason.strip():
        raise Malformed(Fault("reason", "say why this patient's drug is taken from there"))
    row = lock(WorkOrder, work_order_id)
    if row.state != WorkOrderState.PLANNED.value:
        raise Refused(Reason("not-planned", "the owner is chosen while the order is planned", "cancel and plan anew"))
    lines = ingredients_of(row.id)
    if any(a.quantity for line in lines for a in line.held):
        inventory.release_reservation(for_id=row.id, by=by)
    drug = [line for line in lines if line.role in ("drug", "nutrition")]
    if short := _hold(row, drug, inventory.Pool(owner), by):
        names = ", ".join(line.name for line in drug if line.product_id in short)
        raise Refused(Reason("short-stock", f"not enough {owner.words} stock of {names}", "receive it, or take another owner's"))
    _hold(row, [line for line in lines if line not in drug], inventory.OWNED, by)
    write(by, "compounding.work_order.take_from", row, "{actor} took the drug of {subject} from {owner} stock", reason=reason,
          noted={"owner": owner.words})
    return row.id


def _hold(row: WorkOrder, lines: list[IngredientFact], pool: inventory.Pool, by: Actor) -> list[UUID]:
    needs: dict[UUID, Decimal] = {}
    for line in lines:
        needs[line.product_id] = needs.get(line.product_id, Decimal(0)) + line.packages
    if not needs:
        return []
    return inventory.allocate_all(needs=needs, site_id=row.site_id, for_id=row.id, by=by, patient_id=row.patient_id, pool=pool)
