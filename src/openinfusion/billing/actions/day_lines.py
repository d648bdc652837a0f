# SPDX-License-Identifier: Apache-2.0
"""Days of therapy into the day ledger and onto a claim; lines made anew when ranks or days change, while they are here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.billing.actions.charges import Charge, add_charges, total_up
from openinfusion.billing.domain.code_sets import code_set
from openinfusion.billing.domain.day_ledger import LedgerDay, dispensed_days, displaced, held_days, open_days, ranked
from openinfusion.billing.domain.per_diem import Course, DayBasis, DayRules, LineSplit, PaidDay, Run, billable_days, runs
from openinfusion.billing.models import Claim, ClaimLine, ClaimSent, PerDiemDay
from openinfusion.billing.queries.claims import lines_of
from openinfusion.billing.queries.days import away, by_day, day_rows
from openinfusion.billing.queries.delivered import Contents
from openinfusion.billing.queries.terms import Terms, Wanted, priced, terms_of, terms_of_claim
from openinfusion.catalog.public import hcpcs, template
from openinfusion.delivery.public import TicketFact
from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import ML, Dimension
from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.span import DaySpan
from openinfusion.platform.actor import Actor
from openinfusion.therapy.public import PrescriptionFact, TherapyFact, schedule, therapy

RANK = {"": 1, "SH": 2, "SJ": 3}


@dataclass(frozen=True, slots=True)
class Supplied:
    """A delivery as the day ledger needs it."""

    ticket: TicketFact
    course: TherapyFact
    inside: Contents
    terms: Terms
    zone: ZoneInfo


def charge_days(claim: Claim, s: Supplied, by: Actor) -> list[ClaimLine]:
    """The days of therapy this delivery covers and nobody has entered yet: into the ledger, and as lines of this claim."""
    contract = s.terms.contract
    if contract is None or not contract.per_diem_payable or not s.inside.orders or s.ticket.covers_first_on is None:
        return []
    order, span = s.inside.orders[0], DaySpan(s.ticket.covers_first_on, s.ticket.covers_last_on or s.ticket.covers_first_on)
    code = template(s.course.therapy_class, span.first).per_diem(interval_h=_interval_h(order), litres_per_day=_litres(order))
    days = billable_days(_course(s, order, span), rules_of(s.terms), span)
    rows = day_rows(s.course.patient_id, days)
    running = by_day(rows)
    free, _ = open_days(days, group_of(code), running, contract.per_diems_a_day)
    if not free:
        return []
    (each,) = priced(s.terms, [Wanted(code, 1, Money(0))], span.first)
    new = LedgerDay("new", code, group_of(code), each.expected_cents)
    gone = {k for day in free for k in displaced(running.get(day, ()), new.group)}
    ranks = {day: ranked([*(e for e in running.get(day, ()) if e.key not in gone), new]) for day in free}
    paid = [_paid_day(day, new, ranks[day]["new"], s) for day in free]
    charges = [day_charge(s.ticket.id, run, s.terms, s.course) for run in runs(paid, rules_of(s.terms).split)]
    lines = add_charges(claim, charges, s.course, s.terms, by)
    _enter(claim, lines, paid, new)
    _change([r for r in rows if r.day in ranks], {k: m for day in free for k, m in ranks[day].items()}, gone)
    return lines


def rules_of(terms: Terms) -> DayRules:
    """The contract's counting of days."""
    c = terms.contract
    if c is None:
        return DayRules()
    return DayRules(DayBasis(c.day_basis), LineSplit(c.line_split), c.max_interval_h, c.count_first_day, c.count_last_day)


def _course(s: Supplied, order: PrescriptionFact, span: DaySpan) -> Course:
    given = frozenset(d.at.astimezone(s.zone).date() for d in schedule(order.id, span.first, span.last))
    start = min(s.course.started_on or s.course.start_on, s.course.start_on, span.first)
    hold_on = s.terms.contract.hold_on if s.terms.contract else ()
    held = held_days(span.days(), away(s.course.patient_id), hold_on)
    interval = int(_interval_h(order))
    lasts = dispensed_days(s.ticket.doses, interval) if s.ticket.doses else len(span)
    return Course(start, interval, given, s.course.ended_on, held, lasts)


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


def group_of(code: str) -> str:
    """The exclusivity group of a per diem; a code without one is a group of its own."""
    try:
        return hcpcs(code).exclusive_group or code
    except NotFound:
        return code


def _paid_day(day: date, new: LedgerDay, modifier: str, s: Supplied) -> PaidDay:
    needed = s.terms.needs_authorization(s.course.therapy_class, new.code)
    held = s.terms.authorization(new.code, day, day) if needed else None
    return PaidDay(day, new.code, new.rate_cents, modifier, held.number if held else "", str(s.ticket.id))


def day_charge(source_id: UUID, run: Run, terms: Terms, course: TherapyFact) -> Charge:
    """A run of days as a charge."""
    share = terms.contract.share(RANK[run.modifier]) if terms.contract else 100
    basis = terms.contract.day_basis.replace("_", " ") if terms.contract else "access"
    (price,) = priced(terms, [Wanted(run.code, run.units, Money(0), share=share)], run.span.first)
    return Charge(
        "per_diem",
        "ticket",
        source_id,
        f"ticket:{source_id}:{run.code}:{run.span.first}",
        run.code,
        terms.marks("per_diem", run.modifier),
        run.units,
        run.span.first,
        run.span.last,
        price.charge_cents,
        price.expected_cents,
        price.has_rate,
        f"{run.units} days of therapy, counted by {basis}",
        course.drug_name if run.code in code_set("described") else "",
    )


def _enter(claim: Claim, lines: Sequence[ClaimLine], paid: Sequence[PaidDay], new: LedgerDay) -> None:
    """The database refuses a day twice."""
    of_day = {d: row for row in lines for d in DaySpan(row.first_on, row.last_on).days()}
    PerDiemDay.objects.bulk_create(
        [
            PerDiemDay(
                patient_id=claim.patient_id,
                therapy_id=claim.therapy_id,
                line=of_day[p.day],
                group=new.group,
                code=new.code,
                day=p.day,
                rate_cents=new.rate_cents,
                modifier=p.modifier,
                authorization=p.authorization,
                source_key=f"ticket:{p.dispense}",
            )
            for p in paid
        ]
    )


def _change(rows: Sequence[PerDiemDay], modifiers: dict[str, str], gone: set[str]) -> None:
    """Ranks of other therapies that changed, and catheter days that fell out: their lines are made anew."""
    touched: dict[UUID, ClaimLine] = {}
    for row in rows:
        if str(row.id) in gone:
            touched[row.line_id] = row.line
            row.delete()
        elif modifiers.get(str(row.id), row.modifier) != row.modifier:
            touched[row.line_id] = row.line
            row.modifier = modifiers[str(row.id)]
            row.save(update_fields=["modifier"])
    remake(touched.values())


def drop_days(rows: Iterable[PerDiemDay]) -> int:
    """Take these days out of the ledger and off their lines, and rank what ran beside them anew; how many."""
    mine = list(rows)
    others = [r for r in day_rows(mine[0].patient_id, [r.day for r in mine]) if r.id not in {m.id for m in mine}] if mine else []
    lines = {r.line_id: r.line for r in mine}
    for row in mine:
        row.delete()
    remake(lines.values())
    entries = by_day(others)
    _change(others, {k: m for found in entries.values() for k, m in ranked(found).items()}, set())
    return len(mine)


def remake(lines: Iterable[ClaimLine]) -> None:
    """Make the lines of days anew from the ledger. Only of claims that are here: the caller has seen to it."""
    claims: dict[UUID, Claim] = {}
    for line in lines:
        claims[line.claim_id] = line.claim
        _remake(line)
    for claim in claims.values():
        total_up(claim, lines_of(claim), terms_of_claim(claim, therapy(claim.therapy_id)))


def _remake(line: ClaimLine) -> None:
    claim = line.claim
    days = list(PerDiemDay.objects.filter(line=line).order_by("day"))
    if not days:
        drop_line(line)
        return
    course = therapy(claim.therapy_id)
    terms = terms_of(course, days[0].day, claim.rank)
    paid = [PaidDay(d.day, d.code, d.rate_cents, d.modifier, d.authorization, d.source_key) for d in days]
    first, *rest = (day_charge(line.source_id, run, terms, course) for run in runs(paid, rules_of(terms).split))
    _set(line, first)
    last = max(row.number for row in ClaimLine.objects.filter(claim=claim))
    for n, charge in enumerate(rest, last + 1):
        made = _like(line, charge, n)
        PerDiemDay.objects.filter(line=line, day__range=(charge.first_on, charge.last_on)).update(line=made)


def _set(line: ClaimLine, c: Charge) -> None:
    line.modifiers, line.units, line.first_on, line.last_on = list(c.modifiers), c.units, c.first_on, c.last_on
    line.charge_cents, line.expected_cents, line.has_rate, line.evidence = (
        c.charge_cents,
        c.expected_cents,
        c.has_rate,
        c.evidence,
    )
    line.save(
        update_fields=[
            "modifiers",
            "units",
            "first_on",
            "last_on",
            "charge_cents",
            "expected_cents",
            "has_rate",
            "evidence",
        ]
    )


def _like(line: ClaimLine, c: Charge, number: int) -> ClaimLine:
    """A further line of the same days."""
    return ClaimLine.objects.create(
        claim=line.claim,
        number=number,
        control=f"{line.claim.control}L{number:02d}",
        kind=c.kind,
        source_kind=line.source_kind,
        source_id=line.source_id,
        source_key=f"{c.source_key}:{number}",
        code=c.code,
        modifiers=list(c.modifiers),
        units=c.units,
        first_on=c.first_on,
        last_on=c.last_on,
        charge_cents=c.charge_cents,
        expected_cents=c.expected_cents,
        has_rate=c.has_rate,
        evidence=c.evidence,
        needs_authorization=line.needs_authorization,
        authorization=line.authorization,
    )


def drop_line(line: ClaimLine) -> None:
    """Take a line off its claim: gone where it was never sent, else kept and no part of the claim any more.

    Its control number is known outside then, and never stands for anything else.
    """
    if ClaimSent.objects.filter(claim_id=line.claim_id).exists():
        line.is_dropped = True
        line.save(update_fields=["is_dropped"])
    else:
        line.delete()
