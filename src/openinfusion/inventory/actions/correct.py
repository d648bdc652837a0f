# SPDX-License-Identifier: Apache-2.0
"""Corrections with a reason: adjust, count, waste; and the lot's own steps: quarantine, clear, recall, destroy."""
from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.inventory.actions.ledger import on_hand_row, post
from openinfusion.inventory.domain.movement import Kind
from openinfusion.inventory.events import LotQuarantined, LotRecalled
from openinfusion.inventory.models import Lot, OnHand
from openinfusion.inventory.queries import lot_state_facts
from openinfusion.kernel.news import News
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.journal import write


@action
def adjust_stock(*, lot_id: UUID, location_id: UUID, quantity: Decimal, reason: str, by: Actor) -> UUID:
    """Add to (or, negative, take from) what is on hand, with a reason."""
    by.must(permissions.CORRECT)
    if quantity == 0:
        raise Malformed(Fault("quantity", "an adjustment changes something"))
    return _correct(Kind.ADJUST, lot_id, location_id, quantity, reason, by)


@action
def count_stock(*, lot_id: UUID, location_id: UUID, counted: Decimal, by: Actor, reason: str = "") -> UUID:
    """Write down a count; the movement is the difference, which may be none."""
    by.must(permissions.CORRECT)
    if counted < 0:
        raise Malformed(Fault("counted", "a count is not negative"))
    difference = counted - on_hand_row(lot_id, location_id).on_hand_amount
    return _correct(Kind.COUNT, lot_id, location_id, difference, reason, by)


@action
def waste_stock(*, lot_id: UUID, location_id: UUID, quantity: Decimal, reason: str, by: Actor) -> UUID:
    """Take packages out as waste, with a reason."""
    by.must(permissions.CORRECT)
    return _correct(Kind.WASTE, lot_id, location_id, quantity, reason, by)


@action
def send_back_stock(
    *, lot_id: UUID, location_id: UUID, quantity: Decimal, reason: str, document: str, by: Actor,
) -> UUID:
    """Packages go back to the supplier, by the number of its authorization."""
    by.must(permissions.CORRECT)
    return _correct(Kind.SEND_BACK, lot_id, location_id, quantity, _with_paper(reason, document), by)


@action
def destroy_stock(
    *, lot_id: UUID, location_id: UUID, quantity: Decimal, reason: str, document: str, by: Actor,
) -> UUID:
    """Packages are destroyed, or handed to a reverse distributor, by the number of the paper that proves it."""
    by.must(permissions.CORRECT)
    return _correct(Kind.DESTROY, lot_id, location_id, quantity, _with_paper(reason, document), by)


def _with_paper(reason: str, document: str) -> str:
    """The reason with the paper that proves it; a missing reason stays missing and is refused as everywhere."""
    if not document.strip():
        raise Malformed(Fault("document", "name the authorization, manifest or form"))
    return f"{reason.strip()} ({document.strip()})" if reason.strip() else ""


def refuse_unwitnessed(lot: Lot) -> None:
    """Refused for a controlled substance: its corrections go through the vault, with a witness."""
    if lot.schedule:
        raise Refused(Reason("needs-witness", f"{lot} is {lot.schedule}: a witness confirms it", "enter it in the vault"))


def _correct(kind: Kind, lot_id: UUID, location_id: UUID, quantity: Decimal, reason: str, by: Actor) -> UUID:
    lot = lock(Lot, lot_id)
    refuse_unwitnessed(lot)
    movement = post(on_hand_row(lot.id, location_id), kind, quantity, by=by, reason=reason)
    write(by, f"inventory.stock.{kind.value}", lot, "{actor} recorded a {kind} of {quantity} on {subject}",
          reason=reason, noted={"kind": kind.value, "quantity": f"{quantity.normalize():f}"})
    return movement.id


@action
def advance_lot(*, lot_id: UUID, step: str, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Quarantine, clear, recall or record the destruction of a lot, everywhere it is."""
    lot = lock(Lot, lot_id, version)
    news: list[News] = []
    if step == "recall":
        news = [LotRecalled(lot_id=lot.id, product_id=lot.product_id)]
    if step == "quarantine":
        news = [LotQuarantined(lot_id=lot.id, product_id=lot.product_id)]
    advance(lot, step, lot_state_facts(lot), by=by, reason=reason, news=news)
    if step == "recall":
        for row in OnHand.objects.select_for_update(of=("self",)).filter(lot=lot).order_by("id"):
            post(row, Kind.RECALL, Decimal(0), by=by, reason=reason)
    return lot.id
