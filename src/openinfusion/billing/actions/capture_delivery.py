# SPDX-License-Identifier: Apache-2.0
"""Charges of a delivery: the drug by its units, the days of therapy by the contract, and what the delivery cost."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.billing.actions.charges import Charge, add_charges, add_costs, check_and_move, new_claim
from openinfusion.billing.domain.drug_units import ROUNDING_POLICY, DrugUse, ndc_quantity, unit_lines
from openinfusion.billing.domain.figures import cents
from openinfusion.billing.domain.per_diem import (
    Course,
    DayBasis,
    DayRules,
    LineSplit,
    PaidDay,
    Run,
    billable_days,
    concurrency,
    free_days,
    runs,
)
from openinfusion.billing.models import Claim, ClaimLine, PerDiemDay
from openinfusion.billing.permissions import CAPTURE
from openinfusion.billing.queries.delivered import Contents, DrugUsed, contents_of
from openinfusion.billing.queries.terms import Ground, Terms, priced, prices, terms_of
from openinfusion.catalog.public import hcpcs, template
from openinfusion.delivery.public import TicketFact
from openinfusion.delivery.public import ticket as ticket_fact
from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import ML, Dimension
from openinfusion.kernel.span import DaySpan
from openinfusion.patients.public import patient
from openinfusion.platform.action import action, fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write
from openinfusion.therapy.public import PrescriptionFact, TherapyFact, prescriptions_of, schedule, therapy


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
    charges = _drug_charges(ticket, inside, terms, on)
    charges += [_day_charge(ticket, run, terms) for run in _per_diem(ticket, course, inside, terms, on, zone)]
    lines = add_charges(claim, charges, course, terms, by)
    _keep_days(claim, lines)
    _costs(ticket, inside, on)
    write(by, "billing.charge.capture", claim,
        "{actor} captured {lines} charges of delivery {ticket} on claim {subject}: {cents}",
          noted={"lines": len(lines), "ticket": ticket.number, "cents": str(Money(claim.charge_cents))})
    check_and_move(claim, by, Ground(course, who, tuple(prescriptions_of(course.id)), terms))
    return claim.id


def _drug_charges(ticket: TicketFact, inside: Contents, terms: Terms, on: date) -> list[Charge]:
    """One line per drug product and order, and one more for what was discarded."""
    billed = [d for d in inside.drugs if d.product.hcpcs and d.product.hcpcs_unit is not None]
    known = prices(terms, (d.product.hcpcs for d in billed), on)
    return [c for d in billed for c in _one_drug(ticket, d, known.get(d.product.hcpcs), terms, on)]


def _one_drug(ticket: TicketFact, d: DrugUsed, rate: Money | None, terms: Terms, on: date) -> list[Charge]:
    assert d.product.hcpcs_unit is not None
    marks_waste = d.single_dose and (terms.contract is None or terms.contract.jw_jz)
    use = DrugUse(d.given, d.discarded, d.product.hcpcs_unit, marks_waste)
    package = ndc_quantity(d.packages, d.product.volume_ml, d.product.form == "powder")
    found = []
    for line in unit_lines(use):
        price = priced(rate, line.units, d.product.cost * d.packages)
        found.append(Charge(
            "drug", "ticket", ticket.id, f"ticket:{ticket.id}:{d.order.id}:{d.product.ndc11}:{line.modifier}",
            d.product.hcpcs, _modifiers(terms, line.modifier), line.units, on, on, price.charge_cents,
            price.expected_cents,
            price.has_rate,
            f"{d.given} given, {d.discarded} discarded, from {d.packages} packages; unit {d.product.hcpcs_unit}, "
            f"rounding {ROUNDING_POLICY}",
            d.product.name, d.product.ndc11, package.amount, package.unit, d.order.number, d.order.order.ordered_on,
        ))
    return found


def _modifiers(terms: Terms, *first: str) -> tuple[str, ...]:
    required = ("KX",) if terms.contract is not None and terms.contract.require_kx else ()
    return tuple(m for m in (*first, *required) if m)


def _per_diem(
    ticket: TicketFact, course: TherapyFact, inside: Contents, terms: Terms, on: date, zone: ZoneInfo,
) -> tuple[Run, ...]:
    """The days of therapy this delivery covers, as lines; none where the contract pays no per diem."""
    contract = terms.contract
    if contract is None or not contract.per_diem_payable or not inside.orders or ticket.covers_first_on is None:
        return ()
    order = inside.orders[0]
    span = DaySpan(ticket.covers_first_on, ticket.covers_last_on or ticket.covers_first_on)
    code = template(course.therapy_class, on).per_diem(interval_h=_interval_h(order), litres_per_day=_litres(order))
    rate = prices(terms, (code,), on).get(code)
    rules = DayRules(
        DayBasis(contract.day_basis), LineSplit(contract.line_split), contract.max_interval_h, contract.count_first_day,
        contract.count_last_day,
    )
    days = billable_days(_course(course, order, span, zone), rules, span)
    group = _group(code)
    taken = dict(
        PerDiemDay.objects.filter(patient_id=course.patient_id, group=group, day__range=(span.first, span.last))
        .values_list("day", "code"),
    )
    free, _ = free_days(days, group, taken)
    return runs(_paid_days(course, code, rate, free, terms, ticket), rules.split)


def _course(course: TherapyFact, order: PrescriptionFact, span: DaySpan, zone: ZoneInfo) -> Course:
    given = frozenset(d.at.astimezone(zone).date() for d in schedule(order.id, span.first, span.last))
    start = min(course.started_on or course.start_on, course.start_on, span.first)
    return Course(start, int(_interval_h(order)), given, course.ended_on, dispensed_days=len(span))


def _interval_h(order: PrescriptionFact) -> Decimal:
    """Hours between two doses."""
    per_day = order.order.doses_per_day
    return Decimal(24) / per_day if per_day else Decimal(24)


def _litres(order: PrescriptionFact) -> Decimal | None:
    """Litres a day where the order is a volume (nutrition, hydration)."""
    dose = order.order.dose
    if dose.unit.dimension is not Dimension.VOLUME:
        return None
    return dose.to(ML).amount / 1000 * order.order.doses_per_day


def _group(code: str) -> str:
    return hcpcs(code).exclusive_group or code


def _paid_days(
    course: TherapyFact, code: str, rate: Money | None, days: Sequence[date], terms: Terms, ticket: TicketFact,
) -> list[PaidDay]:
    """Each day with its rate, its rank among the therapies that run that day, and its authorization."""
    others: dict[date, dict[str, int]] = {}
    rows = PerDiemDay.objects.filter(patient_id=course.patient_id, day__in=days).exclude(therapy_id=course.id)
    known = prices(terms, {r.code for r in rows}, ticket.covers_first_on or days[0]) if rows else {}
    for r in rows:
        others.setdefault(r.day, {})[r.code] = known[r.code].cents if r.code in known else 0
    cents_each = rate.cents if rate else 0
    needed = terms.needs_authorization(course.therapy_class, code)
    found = []
    for d in days:
        rank = concurrency({**others.get(d, {}), code: cents_each})[code]
        held = terms.authorization(code, d, d) if needed else None
        found.append(PaidDay(d, code, cents_each, rank, held.number if held else "", str(ticket.id)))
    return found


def _day_charge(ticket: TicketFact, run: Run, terms: Terms) -> Charge:
    rank = {"": 1, "SH": 2, "SJ": 3}[run.modifier]
    share = terms.contract.share(rank) if terms.contract else 100
    basis = terms.contract.day_basis.replace("_", " ") if terms.contract else "access"
    price = priced(Money(run.rate_cents) if run.rate_cents else None, run.units, Money(0), share)
    return Charge(
        "per_diem", "ticket", ticket.id, f"ticket:{ticket.id}:{run.code}:{run.span.first}", run.code,
        _modifiers(terms, run.modifier), run.units, run.span.first, run.span.last, price.charge_cents,
        price.expected_cents, price.has_rate, f"{run.units} days of therapy, counted by {basis}",
    )


def _keep_days(claim: Claim, lines: Sequence[ClaimLine]) -> None:
    """Enter the billed days into the day ledger; the database refuses a day twice."""
    counted = [row for row in lines if row.kind == "per_diem"]
    groups = {code: _group(code) for code in {row.code for row in counted}}
    PerDiemDay.objects.bulk_create([
        PerDiemDay(
            patient_id=claim.patient_id, therapy_id=claim.therapy_id, line=row, group=groups[row.code], code=row.code,
            day=d,
        )
        for row in counted for d in DaySpan(row.first_on, row.last_on).days()
    ])


def _costs(ticket: TicketFact, inside: Contents, on: date) -> None:
    add_costs(ticket.therapy_id, on, f"ticket:{ticket.id}", [
        ("drug", inside.drug_cents, f"drugs of {ticket.number} at acquisition cost"),
        ("supplies", inside.supplies_cents, f"supplies of {ticket.number}"),
        ("delivery", cents("delivery_stop_cents"), f"delivery of {ticket.number}"),
    ])
