# SPDX-License-Identifier: Apache-2.0
"""What a claim rests on in other rooms: coverage and contract, authorizations, the signed plan of treatment."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.billing.domain.figures import figure
from openinfusion.billing.models import Claim
from openinfusion.intake.public import AuthorizationFact, authorization_for
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Refused
from openinfusion.patients.public import CoverageFact, PatientFact, coverage, patient
from openinfusion.payers.public import ContractFact, PayerRules, PlanFact, QuoteLine, contract_for, plan, quote, rules
from openinfusion.platform.house_day import house_day_of
from openinfusion.sites.public import pharmacy
from openinfusion.therapy.public import PrescriptionFact, TherapyFact, prescriptions_of, therapy


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
    in_suite: bool = False

    def marks(self, kind: str, *first: str, in_suite: bool | None = None, under_program: bool = False) -> tuple[str, ...]:
        """The modifiers of a line: its own, then what the contract wants on every line of its kind.

        ``in_suite``: where it was done; without it the therapy's site tells. ``under_program``: a drug bought under 340B.
        """
        suite = self.in_suite if in_suite is None else in_suite
        wanted = list(first)
        if self.contract is not None and self.contract.require_kx:
            wanted.append("KX")
        if self.contract is not None and suite and kind in ("per_diem", "nursing"):
            wanted.append(self.contract.suite_modifier)
        if self.contract is not None and under_program:
            wanted.append(self.contract.program_modifier)
        return tuple(dict.fromkeys(m for m in wanted if m))

    def authorization(self, code: str, first: date, last: date) -> AuthorizationFact | None:
        """The authorization that covers this code on all these days, if there is one."""
        for a in self.authorizations:
            if a.covers(code, first) and a.covers(code, last):
                return a
        return None

    def needs_authorization(self, therapy_class: str, code: str) -> bool:
        return self.rules is not None and self.rules.authorization_needed(therapy_class, (code,))


RANKS = "PST"


def terms_of(course: TherapyFact, on: date, rank: str = "P") -> Terms:
    """Coverage, plan, contract, rules and authorizations of a therapy on a day; of the next coverage for the ranks S and T."""
    covering = sorted((c for c in coverage(course.patient_id) if c.covers(on)), key=lambda c: c.rank)
    if len(covering) <= RANKS.index(rank):
        return Terms()
    cover = covering[RANKS.index(rank)]
    found = Terms(coverage=cover, plan=plan(cover.plan_id), in_suite=pharmacy(course.site_id).kind == "suite")
    try:
        contract = contract_for(cover.plan_id, on)
    except Refused:
        return found
    return replace(
        found, contract=contract, rules=rules(cover.plan_id, on),
        authorizations=tuple(authorization_for(patient_id=course.patient_id, plan_id=cover.plan_id, on=on)),
    )


def terms_of_claim(claim: Claim, course: TherapyFact) -> Terms:
    """The terms of its first day of care; of the day the house made it where no line of it has one yet."""
    return terms_of(course, claim.first_on or house_day_of(claim.made_at), claim.rank)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units to be priced. ``cost`` is what they cost us, from which the charge comes where the contract has no price."""

    code: str
    units: int
    cost: Money
    ndc11: str = ""
    share: int = 100


@dataclass(frozen=True, slots=True)
class Price:
    """What a line charges and should bring; ``why`` says what the expectation rests on, or why there is none."""

    charge_cents: int
    expected_cents: int
    has_rate: bool
    why: str = ""


def priced(terms: Terms, wanted: Sequence[Wanted], on: date) -> list[Price]:
    """Charge and expected payment of each line, in order. A unit's price is never rounded, only the line's total.

    The charge is the full contract price times the house's factor, so that no line is billed below what is allowed; then
    the contract is asked again, because it may pay by what is charged.
    """
    full = _quoted(terms, [QuoteLine(w.code, Decimal(w.units), 100, w.ndc11) for w in wanted], on)
    charges = [
        amount * figure("charge_factor") if amount is not None else max(w.cost * figure("list_price_factor"), Money(1))
        for w, (amount, _) in zip(wanted, full, strict=True)
    ]
    by_charge = terms.contract is not None and terms.contract.lesser_of_charge
    again = full
    if by_charge or any(w.share != 100 for w in wanted) or any(amount is None for amount, _ in full):
        asked = [QuoteLine(w.code, Decimal(w.units), w.share, w.ndc11, c) for w, c in zip(wanted, charges, strict=True)]
        again = _quoted(terms, asked, on)
    return [
        Price(charge.cents, amount.cents if amount is not None else 0, amount is not None, words)
        for charge, (amount, words) in zip(charges, again, strict=True)
    ]


def _quoted(terms: Terms, lines: Sequence[QuoteLine], on: date) -> list[tuple[Money | None, str]]:
    """Each line's amount, or None with the reason. A quote tells its unknowns by code, so no code is asked twice in one."""
    found: list[tuple[Money | None, str]] = [(None, "no contract is in force")] * len(lines)
    if terms.plan is None or terms.contract is None:
        return found
    rest = list(range(len(lines)))
    while rest:
        first = {lines[n].hcpcs: n for n in reversed(rest)}
        told = quote(terms.plan.id, [lines[n] for n in first.values()], on)
        amounts = {p.hcpcs: (p.amount, p.words) for p in told.lines}
        for code, n in first.items():
            found[n] = amounts.get(code, (None, told.why.get(code, "")))
        rest = [n for n in rest if n not in first.values()]
    return found


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


def ground_of(therapy_id: UUID, on: date, rank: str = "P") -> Ground:
    """The ground of a therapy's claims on a day, to the payer of a rank."""
    course = therapy(therapy_id)
    return Ground(course, patient(course.patient_id), tuple(prescriptions_of(course.id)), terms_of(course, on, rank))


def diagnoses_of(course: TherapyFact) -> tuple[str, ...]:
    """The ICD-10 codes of a course: its own first, then those of its orders."""
    return diagnoses_of_orders(course, prescriptions_of(course.id))


def diagnoses_of_orders(course: TherapyFact, orders: Sequence[PrescriptionFact]) -> tuple[str, ...]:
    """The same, of orders that are known already; at most twelve go on a claim."""
    codes = [course.diagnosis, *(p.order.diagnosis for p in orders)]
    return tuple(dict.fromkeys(c.strip().upper() for c in codes if c.strip()))[:12]


@dataclass(frozen=True, slots=True)
class Prescriber:
    """Who ordered the therapy, as a claim names them; ``npi`` is empty where nobody recorded it."""

    name: str
    npi: str


def prescriber_of(course: TherapyFact) -> Prescriber:
    """The prescriber of the course; where the course lacks the number, that of its newest order."""
    return prescriber_of_orders(course, () if course.prescriber_npi else prescriptions_of(course.id))


def prescriber_of_orders(course: TherapyFact, orders: Sequence[PrescriptionFact]) -> Prescriber:
    """The same, of orders that are known already."""
    if course.prescriber_npi:
        return Prescriber(course.prescriber_name, course.prescriber_npi)
    for p in orders:
        if p.order.prescriber_npi:
            return Prescriber(p.order.prescriber_name, p.order.prescriber_npi)
    return Prescriber(course.prescriber_name, "")
