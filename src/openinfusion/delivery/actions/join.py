# SPDX-License-Identifier: Apache-2.0
"""What was released joins the patient's open ticket, or opens one; the kit's supplies come along by the template."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.catalog.public import KitLine, template_at
from openinfusion.compounding.public import PreparationFact, dispensed, preparation
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import DeliveryTicket, TicketLine
from openinfusion.delivery.permissions import OPEN
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.patients.public import patient
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.journal import write
from openinfusion.therapy.public import TherapyFact, therapy

_JOINABLE = (TicketState.DRAFT.value, TicketState.PRE_DELIVERY_ASSESSMENT.value)


@action
def join_ticket(*, preparation_id: UUID, by: Actor) -> UUID:
    """Put a released preparation on the therapy's draft ticket; on a new one where none is open. Once only."""
    by.must(OPEN)
    before = TicketLine.objects.filter(preparation_id=preparation_id).select_related("ticket").first()
    if before is not None:
        write(by, "delivery.ticket.keep", before.ticket, "{subject} already holds that preparation.")
        return before.ticket_id
    made = preparation(preparation_id)
    course = therapy(made.therapy_id)
    ticket, text = _open_ticket(course, by), f"{made.drug_name} {made.dose} × {made.doses}{_packages(made)}"
    TicketLine.objects.create(
        ticket=ticket, kind="preparation", preparation_id=made.id, prescription_id=made.prescription_id, text=text,
        quantity=made.containers, scan_code=f"OI1*{made.lot_number}*", storage=made.storage, lot_text=made.lot_number,
    )
    first, last = _span(ticket, made)
    _set_kit(ticket, course, ticket.doses + made.doses, (last - first).days + 1)
    revise(
        ticket, "delivery.ticket.join", "{actor} put {what} on delivery {subject}", by=by, noted={"what": text},
        covers_first_on=first, covers_last_on=last, doses=ticket.doses + made.doses,
        need_by=min(ticket.need_by or first, first),
    )
    return ticket.id


def _packages(made: PreparationFact) -> str:
    """Of a drug that goes out as its maker supplied it, which packages and how many; nothing of what is made here."""
    packages = dispensed([made.id]).get(made.id, [])
    return f": {', '.join(f'{i.packages} × {i.name}' for i in packages)}" if packages else ""


def _open_ticket(course: TherapyFact, by: Actor) -> DeliveryTicket:
    open_one = (
        DeliveryTicket.objects.select_for_update(of=("self",)).filter(therapy_id=course.id, state__in=_JOINABLE)
        .order_by("made_at").first()
    )
    if open_one is not None:
        return open_one
    id, home = new_id(), patient(course.patient_id)
    ticket = DeliveryTicket.objects.create(
        id=id, number=f"D{id.hex[-8:].upper()}", patient_id=course.patient_id, therapy_id=course.id,
        site_id=course.site_id,
        address=str(home.address),
    )
    write(by, "delivery.ticket.open", ticket, "{actor} opened delivery {subject}")
    return ticket


def _span(ticket: DeliveryTicket, made: PreparationFact) -> tuple[date, date]:
    firsts = [d for d in (ticket.covers_first_on, made.first_on) if d]
    lasts = [d for d in (ticket.covers_last_on, made.last_on) if d]
    return min(firsts), max(lasts)


def _set_kit(ticket: DeliveryTicket, course: TherapyFact, doses: int, days: int) -> None:
    """The supplies of the template for so many doses and days; quantities follow what is on the ticket.

    The version is the one in force on the day the ticket was opened, so that one ticket follows one version.
    """
    lines: dict[UUID, list[KitLine]] = {}
    for line in template_at(course.therapy_class, ticket.site_id, ticket.made_at).kit:
        lines.setdefault(line.product.id, []).append(line)
    there = {row.product_id: row for row in TicketLine.objects.filter(ticket=ticket, kind="supply")}
    for product_id, parts in lines.items():
        quantity = sum(p.needed(doses=doses, days=days) for p in parts)
        product = parts[0].product
        row = there.get(product_id) or TicketLine(ticket=ticket, kind="supply", product_id=product_id)
        row.text, row.storage, row.quantity = product.name, product.storage, max(quantity, 1)
        row.scan_code, row.cost_cents = product.gtin, product.cost.cents * max(quantity, 1)
        row.save()


@action
def change_supply(*, ticket_id: UUID, line_id: UUID, quantity: int, by: Actor) -> UUID:
    """Send more or fewer of a supply, as said on the call; none takes it off the ticket."""
    by.must(OPEN)
    ticket = lock(DeliveryTicket, ticket_id)
    row = TicketLine.objects.filter(ticket=ticket, pk=line_id, kind="supply").first()
    if row is None or quantity < 0:
        raise Malformed(Fault("quantity", "choose a supply on this ticket and a number of zero or more"))
    if row.picked_at is not None or ticket.state not in (*_JOINABLE, TicketState.CONFIRMED.value):
        raise Refused(Reason("already-picked", "it is already picked", "unpack the delivery first"))
    each = row.cost_cents // row.quantity
    if quantity:
        row.quantity, row.cost_cents = quantity, each * quantity
        row.save(update_fields=["quantity", "cost_cents"])
    else:
        row.delete()
    revise(
        ticket, "delivery.ticket.supply", "{actor} set {what} on delivery {subject} to {quantity}", by=by,
        noted={"what": row.text, "quantity": quantity},
    )
    return ticket.id
