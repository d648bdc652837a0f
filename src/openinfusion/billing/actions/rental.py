# SPDX-License-Identifier: Apache-2.0
"""The rented pump of a delivery: a month at a time, while one of our devices is with the patient, where it is itemized."""
from __future__ import annotations

from datetime import date, timedelta

from openinfusion.billing.actions.charges import Charge
from openinfusion.billing.domain.rental import next_month, rental_code
from openinfusion.billing.models import ClaimLine
from openinfusion.billing.queries.terms import Terms, Wanted, priced
from openinfusion.inventory.public import rental_days
from openinfusion.kernel.money import Money
from openinfusion.therapy.public import TherapyFact


def rental_charges(course: TherapyFact, terms: Terms, on: date) -> list[Charge]:
    """The month that begins by this day and is not charged yet; nothing where per diems pay for the pump, or none is there."""
    contract = terms.contract
    if contract is None or contract.per_diem_payable:
        return []
    lines = ClaimLine.objects.filter(claim__therapy_id=course.id, kind="rental", source_key__startswith=f"rental:{course.id}:")
    before = list(lines.order_by("last_on"))
    first = before[-1].last_on + timedelta(days=1) if before else on
    month = next_month(len(before), max(first, on)) if first <= on else None
    if month is None:
        return []
    days = rental_days(course.patient_id, month.first, on, course.id)
    (price,) = priced(terms, [Wanted(rental_code(), 1, Money(0))], on)
    if not days or not price.has_rate:
        return []
    return [Charge(
        "rental", "pump", course.id, f"rental:{course.id}:{month.number}", rental_code(), terms.marks("rental", *month.marks), 1,
        month.first, month.last, price.charge_cents, price.expected_cents, price.has_rate,
        f"month {month.number} of the rental, a pump of ours is with the patient",
    )]
