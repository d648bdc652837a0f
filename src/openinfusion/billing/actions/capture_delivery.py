# SPDX-License-Identifier: Apache-2.0
"""Charges of a delivery: the drug by its units, the days of therapy by the contract, and what the delivery cost."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.billing.actions.charges import Charge, add_charges, add_costs, check_and_move, new_claim
from openinfusion.billing.actions.day_lines import Supplied, charge_days
from openinfusion.billing.actions.rental import rental_charges
from openinfusion.billing.domain.drug_units import ROUNDING_POLICY, DrugUse, UnitsLine, ndc_quantity, unit_lines
from openinfusion.billing.domain.figures import cents
from openinfusion.billing.models import Claim, ClaimLine
from openinfusion.billing.permissions import CAPTURE
from openinfusion.billing.queries.delivered import Contents, DrugUsed, contents_of
from openinfusion.billing.queries.terms import Ground, Price, Terms, Wanted, priced, terms_of
from openinfusion.delivery.public import TicketFact
from openinfusion.delivery.public import ticket as ticket_fact
from openinfusion.kernel.money import Money
from openinfusion.patients.public import patient
from openinfusion.payers.public import SUITE
from openinfusion.platform.action import action, fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write
from openinfusion.therapy.public import prescriptions_of, therapy

_PROGRAM = ":340b"  # ends the key of a charge for drug that was bought under that program


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
    charges = [*drug_charges(ticket, inside, terms, on), *rental_charges(course, terms, on)]
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


def drug_charges(ticket: TicketFact, inside: Contents, terms: Terms, on: date) -> list[Charge]:
    """One line per drug product and order, and one more for what was discarded."""
    parts = [(d, part) for d in inside.drugs if d.product.hcpcs for part in _parts(d, terms)]
    asked = [Wanted(d.product.hcpcs, part.units, d.product.cost * d.packages, d.product.ndc11) for d, part in parts]
    return [
        _drug_charge(ticket, d, part, price, terms, on) for (d, part), price in zip(parts, priced(terms, asked, on), strict=True)
    ]


def _parts(d: DrugUsed, terms: Terms) -> tuple[UnitsLine, ...]:
    if d.product.hcpcs_unit is None:
        return ()
    marks_waste = d.single_dose and (terms.contract is None or terms.contract.jw_jz)
    return unit_lines(DrugUse(d.given, d.discarded, d.product.hcpcs_unit, marks_waste))


def _drug_charge(ticket: TicketFact, d: DrugUsed, part: UnitsLine, price: Price, terms: Terms, on: date) -> Charge:
    package = ndc_quantity(d.packages, d.product.volume_ml, d.product.form == "powder")
    assert d.product.hcpcs_unit is not None
    key = f"ticket:{ticket.id}:{d.order.id}:{d.product.ndc11}:{part.modifier}" + (_PROGRAM if d.under_program else "")
    return Charge(
        "drug", "ticket", ticket.id, key, d.product.hcpcs,
        terms.marks("drug", part.modifier, under_program=d.under_program), part.units, on, on,
        price.charge_cents, price.expected_cents, price.has_rate,
        f"{d.given} given, {d.discarded} discarded, from {d.packages} packages; unit {d.product.hcpcs_unit}, "
        f"rounding {ROUNDING_POLICY}",
        d.product.name, d.product.ndc11, package.amount, package.unit, d.order.number, d.order.order.ordered_on,
        d.single_dose, _held_units(d), SUITE if ticket.given_in_suite else "", d.under_program,
    )


def without_program(source_key: str) -> str:
    """The key of a drug's charge as it was before drug bought under 340B said so in it."""
    return source_key.removesuffix(_PROGRAM)


def _held_units(d: DrugUsed) -> Decimal | None:
    """Billing units that the packages hold, carried ones with them; None where strength and unit differ in kind."""
    unit = d.product.hcpcs_unit
    if unit is None or d.product.strength.unit.dimension is not unit.unit.dimension:
        return None
    whole = d.product.strength / unit * d.packages
    used = (d.given + d.discarded) / unit
    return max(whole, used).quantize(Decimal("0.000001"))


def _costs(ticket: TicketFact, inside: Contents, on: date) -> None:
    add_costs(ticket.therapy_id, on, f"ticket:{ticket.id}", [
        ("drug", inside.drug_cents, f"drugs of {ticket.number} at the cost of their lots"),
        ("supplies", inside.supplies_cents, f"supplies of {ticket.number}"),
        ("delivery", cents("delivery_stop_cents"), f"delivery of {ticket.number}"),
    ])
