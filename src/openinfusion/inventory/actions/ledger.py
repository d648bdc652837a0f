# SPDX-License-Identifier: Apache-2.0
"""The one way in which stock changes: a movement, and the on-hand row beside it, in one step."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from openinfusion.inventory.domain.movement import Kind, Level, effect
from openinfusion.inventory.models import Movement, OnHand
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.actor import Actor
from openinfusion.platform.rows import rows_by


def on_hand_row(lot_id: UUID, location_id: UUID) -> OnHand:
    """The locked on-hand row of a lot in a place, made if it is not there."""
    found = rows_by(OnHand, "lot", lot_id, location=location_id, locked=True)
    if not found:
        OnHand.objects.get_or_create(lot_id=lot_id, location_id=location_id)
        found = rows_by(OnHand, "lot", lot_id, location=location_id, locked=True)
    return found[0]


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand moves stock, and who watched: the actor's own, or the one a witness now confirms."""

    id: UUID
    name: str
    witnessed_by: UUID | None = None
    witness_name: str = ""


def post(
    row: OnHand, kind: Kind, quantity: Decimal, *, by: Actor | Hand, for_id: UUID | None = None, reason: str = "",
) -> Movement:
    """Write a movement against a locked on-hand row; Refused if there would be less than nothing."""
    made = movement(row, kind, quantity, by=by, for_id=for_id, reason=reason)
    row.save(update_fields=["on_hand_amount", "reserved_amount", "version"])
    made.save(force_insert=True)
    return made


def movement(
    row: OnHand, kind: Kind, quantity: Decimal, *, by: Actor | Hand, for_id: UUID | None = None, reason: str = "",
) -> Movement:
    """The movement and its effect on the row, neither of them saved yet; the caller saves both in one go."""
    if kind.needs_reason and not reason.strip():
        raise Refused(Reason("reason-missing", f"{kind.value.replace('_', ' ')} needs a reason in words"))
    done = effect(kind, quantity)
    after = Level(row.on_hand_amount, row.reserved_amount).after(done)
    row.on_hand_amount, row.reserved_amount = after.on_hand, after.reserved
    row.version += 1
    return Movement(
        kind=kind.value, lot_id=row.lot_id, location_id=row.location_id, on_hand_amount=done.on_hand,
        reserved_amount=done.reserved, for_id=for_id, reason=reason.strip(), moved_by=by.id, mover_name=by.name,
        witnessed_by=getattr(by, "witnessed_by", None), witness_name=getattr(by, "witness_name", ""),
    )
