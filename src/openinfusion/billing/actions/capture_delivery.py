# SPDX-License-Identifier: Apache-2.0
"""Charges of a delivery: the drug by its units, the days of therapy by the contract, and what the delivery cost."""
from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.billing.actions.charges import add_charges, add_costs, check_and_move, new_claim
from openinfusion.billing.actions.day_lines import Supplied, charge_days
from openinfusion.billing.actions.drug_lines import drug_charges, of_ticket
from openinfusion.billing.actions.rental import rental_charges
from openinfusion.billing.domain.figures import cents
from openinfusion.billing.models import Claim, ClaimLine
from openinfusion.billing.permissions import CAPTURE
from openinfusion.billing.queries.delivered import Contents, contents_of
from openinfusion.billing.queries.terms import Ground, terms_of
from openinfusion.delivery.public import TicketFact
from openinfusion.delivery.public import ticket as ticket_fact
from openinfusion.kernel.money import Money
from openinfusion.patients.public import patient
from openinfusion.platform.action import action, fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write
from openinfusion.therapy.public import prescriptions_of, therapy


@action
def capture_delivery(*, ticket_id: UUID, by: Actor) -> UUID:
    """The charges of a delivery on a claim of their own; repeated, the claim that already has them."""
    by.must(CAPTURE)
    before = ClaimLine.objects.filter(source_kind="ticket", source_id=ticket_id).first()
    if before is not None:
        write(by, "billing.charge.keep", fetch(Claim, before.claim_id),
            "{subject} already holds the charges of that delivery.")
        return before.claim_id
    ticket = ticket_fact(ticket_id)
    inside, who = contents_of(ticket), patient(ticket.patient_id)
    zone = ZoneInfo(who.timezone)
    on = (ticket.delivered_at or ticket.since).astimezone(zone).date()
    course = therapy(ticket.therapy_id)
    terms = terms_of(course, on)
    claim = new_claim(course, terms, by)
    charges = [*drug_charges(of_ticket(ticket), inside.drugs, terms, on), *rental_charges(course, terms, on)]
    lines = add_charges(claim, charges, course, terms, by)
    lines += charge_days(claim, Supplied(ticket, course, inside, terms, zone), by)
    _costs(ticket, inside, on)
    write(by, "billing.charge.capture", claim,
        "{actor} captured {lines} charges of delivery {ticket} on claim {subject}: {cents}" + _left_out(inside),
          noted={"lines": len(lines), "ticket": ticket.number, "cents": str(Money(claim.charge_cents)),
                 "not_ours": ", ".join(inside.not_ours)})
    check_and_move(claim, by, Ground(course, who, tuple(prescriptions_of(course.id)), terms))
    return claim.id


def _left_out(inside: Contents) -> str:
    return "; not charged, since the payer bought it: {not_ours}" if inside.not_ours else ""


def _costs(ticket: TicketFact, inside: Contents, on: date) -> None:
    add_costs(ticket.therapy_id, on, f"ticket:{ticket.id}", [
        ("drug", inside.drug_cents, f"drugs of {ticket.number} at the cost of their lots"),
        ("supplies", inside.supplies_cents, f"supplies of {ticket.number}"),
        ("delivery", cents("delivery_stop_cents"), f"delivery of {ticket.number}"),
    ])
