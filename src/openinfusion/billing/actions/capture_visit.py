# SPDX-License-Identifier: Apache-2.0
"""Charges of a signed visit: the visit and its further hours, on the therapy's open claim; and what the visit cost."""
from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.billing.actions.charges import Charge, add_charges, add_costs, check_and_move, open_claim
from openinfusion.billing.actions.drug_lines import drug_charges, of_visit
from openinfusion.billing.domain.figures import cents
from openinfusion.billing.domain.visit_codes import VisitRule, visit_lines
from openinfusion.billing.models import Claim, ClaimLine
from openinfusion.billing.permissions import CAPTURE
from openinfusion.billing.queries.given import given_at
from openinfusion.billing.queries.terms import Terms, Wanted, priced, terms_of
from openinfusion.kernel.money import Money
from openinfusion.nursing.public import VisitFact, mark_billable
from openinfusion.nursing.public import visit as visit_fact
from openinfusion.patients.public import patient
from openinfusion.payers.public import HOME, SUITE
from openinfusion.platform.action import action, fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write
from openinfusion.therapy.public import therapy


@action
def capture_visit(*, visit_id: UUID, by: Actor) -> UUID:
    """The charges of a signed visit; the visit becomes billable. Repeated, the claim that already has them."""
    by.must(CAPTURE)
    before = ClaimLine.objects.filter(source_kind="visit", source_id=visit_id).first()
    if before is not None:
        write(by, "billing.charge.keep", fetch(Claim, before.claim_id),
            "{subject} already holds the charges of that visit.")
        return before.claim_id
    visit = visit_fact(visit_id)
    course = therapy(visit.therapy_id)
    assert visit.started_at is not None
    on = visit.started_at.astimezone(ZoneInfo(patient(visit.patient_id).timezone)).date()
    terms = terms_of(course, on)
    claim = open_claim(course, terms, by)
    charges = _charges(visit, terms, on) if terms.contract is None or terms.contract.nursing_payable else []
    inside = given_at(visit.id)
    charges += drug_charges(of_visit(visit.id), inside.drugs, terms, on)
    lines = add_charges(claim, charges, course, terms, by)
    hours = cents("nursing_hour_cents") * visit.minutes // 60
    travel, way = (0, ", in the suite") if visit.in_suite else (cents("nursing_travel_cents"), ", and the way")
    note = f"{visit.minutes} minutes of {visit.number}{way}"
    add_costs(course.id, on, f"visit:{visit.id}", [
        ("nursing", hours + travel, note),
        ("drug", inside.drug_cents, f"drugs given at {visit.number} at the cost of their lots"),
        ("supplies", inside.supplies_cents, f"diluents given at {visit.number}"),
    ])
    left_out = "; not charged, since the payer bought it: {not_ours}" if inside.not_ours else ""
    write(by, "billing.charge.capture", claim,
        "{actor} captured {lines} charges of visit {visit} on claim {subject}: {cents}" + left_out,
          noted={"lines": len(lines), "visit": visit.number, "not_ours": ", ".join(inside.not_ours),
              "cents": str(Money(sum(row.charge_cents for row in lines)))})
    mark_billable(visit_id=visit_id, by=by)
    check_and_move(claim, by)
    return claim.id


def _charges(visit: VisitFact, terms: Terms, on: date) -> list[Charge]:
    lines = visit_lines(visit.minutes, VisitRule())
    asked = [Wanted(line.code, line.units, Money(cents("nursing_hour_cents")) * line.units) for line in lines]
    found = []
    for line, price in zip(lines, priced(terms, asked, on), strict=True):
        found.append(Charge(
            "nursing", "visit", visit.id, f"visit:{visit.id}:{line.code}", line.code,
            terms.marks("nursing", in_suite=visit.in_suite), line.units, on, on,
            price.charge_cents, price.expected_cents, price.has_rate, f"{visit.minutes} minutes with the patient",
            place=SUITE if visit.in_suite else HOME,
        ))
    return found
