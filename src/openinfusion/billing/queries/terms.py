# SPDX-License-Identifier: Apache-2.0
"""What a claim rests on in other rooms: coverage and contract, authorizations, the signed plan of treatment."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.billing.domain.figures import figure
from openinfusion.billing.domain.holds import ClaimToCheck, LineToCheck, hold_reasons
from openinfusion.billing.models import Claim, ClaimLine
from openinfusion.intake.public import AuthorizationFact, authorization_for
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.patients.public import CoverageFact, PatientFact, coverage, patient
from openinfusion.payers.public import ContractFact, PayerRules, PlanFact, contract_for, plan, rates, rules
from openinfusion.platform.clock import now
from openinfusion.therapy.public import PrescriptionFact, TherapyFact, plan_of_treatment, prescriptions_of, therapy


@dataclass(frozen=True, slots=True)
class Terms:
    """Who pays for a therapy on a day, by which contract. Without coverage everything is empty and the claim is
    held.
    """

    coverage: CoverageFact | None = None
    plan: PlanFact | None = None
    contract: ContractFact | None = None
    rules: PayerRules | None = None
    authorizations: tuple[AuthorizationFact, ...] = ()

    def authorization(self, code: str, first: date, last: date) -> AuthorizationFact | None:
        """The authorization that covers this code on all these days, if there is one."""
        for a in self.authorizations:
            if a.covers(code, first) and a.covers(code, last):
                return a
        return None

    def needs_authorization(self, therapy_class: str, code: str) -> bool:
        return self.rules is not None and self.rules.authorization_needed(therapy_class, (code,))


def terms_of(course: TherapyFact, on: date) -> Terms:
    """Coverage, plan, contract, rules and authorizations of a therapy on a day."""
    covering = [c for c in coverage(course.patient_id) if c.covers(on)]
    if not covering:
        return Terms()
    found = Terms(coverage=covering[0], plan=plan(covering[0].plan_id))
    try:
        contract = contract_for(covering[0].plan_id, on)
    except Refused:
        return found
    return replace(
        found, contract=contract, rules=rules(covering[0].plan_id, on),
        authorizations=tuple(authorization_for(patient_id=course.patient_id, plan_id=covering[0].plan_id, on=on)),
    )


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit of a code costs and should bring."""

    charge_cents: int
    expected_cents: int
    has_rate: bool


def prices(terms: Terms, codes: Iterable[str], on: date) -> dict[str, Money]:
    """The contract's rates of these codes on a day; codes without a rate are absent."""
    wanted = list(dict.fromkeys(codes))
    return rates(terms.contract.id, on, wanted) if terms.contract is not None else {}


def priced(rate: Money | None, units: int, cost: Money, share: int = 100) -> Price:
    """Charge and expected payment of so many units; without a rate the charge comes from the cost, and is held."""
    if rate is None:
        return Price(max((cost * figure("list_price_factor")).cents, 1), 0, False)
    whole = rate * units
    return Price((whole * figure("charge_factor")).cents, (whole * (Decimal(share) / 100)).cents, True)


def timely_until(terms: Terms, first: date, last: date) -> date:
    """The last day on which the claim may be filed."""
    if terms.contract is not None:
        return terms.contract.timely_until(first, last)
    return last + timedelta(days=int(figure("filing_days")))


@dataclass(frozen=True, slots=True)
class Ground:
    """What a claim stands on, asked once: the course, its patient, its orders and the terms."""

    course: TherapyFact
    person: PatientFact
    orders: tuple[PrescriptionFact, ...]
    terms: Terms


def ground_of(therapy_id: UUID, on: date) -> Ground:
    """The ground of a therapy's claims on a day."""
    course = therapy(therapy_id)
    return Ground(course, patient(course.patient_id), tuple(prescriptions_of(course.id)), terms_of(course, on))


def check_claim(claim: Claim, lines: Sequence[ClaimLine], ground: Ground | None = None) -> tuple[Reason, ...]:
    """Every reason that holds this claim now."""
    g = ground or ground_of(claim.therapy_id, claim.first_on or now().date())
    course, terms = g.course, g.terms
    return hold_reasons(ClaimToCheck(
        has_coverage=terms.coverage is not None, member_id=claim.member_id, diagnoses=_diagnoses(course, g.orders),
        plan_signed=plan_of_treatment(course.id).signed, prescriber_npi=_prescriber(course, g.orders).npi,
        address_complete=g.person.address.whole, lines=tuple(_to_check(row, course, terms) for row in lines),
        today=now().date(), timely_until=claim.timely_until,
        bills_in_arrears=terms.contract is not None and terms.contract.bill_when == "arrears",
    ))


def _to_check(row: ClaimLine, course: TherapyFact, terms: Terms) -> LineToCheck:
    needed = terms.needs_authorization(course.therapy_class, row.code)
    covered = terms.authorization(row.code, row.first_on, row.last_on) is not None if needed else None
    return LineToCheck(
        row.code, row.first_on, row.last_on, row.units, row.charge_cents, row.has_rate, covered,
        needs_ndc=row.kind == "drug", ndc=row.ndc,
    )


def diagnoses_of(course: TherapyFact) -> tuple[str, ...]:
    """The ICD-10 codes of a course: its own first, then those of its orders."""
    return _diagnoses(course, prescriptions_of(course.id))


def _diagnoses(course: TherapyFact, orders: Sequence[PrescriptionFact]) -> tuple[str, ...]:
    codes = [course.diagnosis, *(p.order.diagnosis for p in orders)]
    return tuple(dict.fromkeys(c.strip().upper() for c in codes if c.strip()))[:12]


@dataclass(frozen=True, slots=True)
class Prescriber:
    """Who ordered the therapy, as a claim names them; ``npi`` is empty where nobody recorded it."""

    name: str
    npi: str


def prescriber_of(course: TherapyFact) -> Prescriber:
    """The prescriber of the course; where the course lacks the number, that of its newest order."""
    return _prescriber(course, () if course.prescriber_npi else prescriptions_of(course.id))


def _prescriber(course: TherapyFact, orders: Sequence[PrescriptionFact]) -> Prescriber:
    if course.prescriber_npi:
        return Prescriber(course.prescriber_name, course.prescriber_npi)
    for p in orders:
        if p.order.prescriber_npi:
            return Prescriber(p.order.prescriber_name, p.order.prescriber_npi)
    return Prescriber(course.prescriber_name, "")
