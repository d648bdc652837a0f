# SPDX-License-Identifier: Apache-2.0
"""The patient's share: transferred, asked for by a statement, paid, or agreed in instalments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from openinfusion.billing.actions.claims import bring_up
from openinfusion.billing.actions.ledger import book
from openinfusion.billing.adapters import statement_paper, take_turn
from openinfusion.billing.domain.figures import cents, figure
from openinfusion.billing.domain.ledger import Kind, transfers
from openinfusion.billing.domain.patient_account import AGES, Owed, aged, instalments, may_be_asked, paid_into, shared_out
from openinfusion.billing.models import Claim, Instalment, PatientPayment, PaymentPlan, Statement, StatementLine
from openinfusion.billing.permissions import STATE, WORK
from openinfusion.billing.queries.claims import facts_of
from openinfusion.billing.queries.patient_accounts import owed_by, plan_facts, plans_where
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.patients.public import PatientFact, patient
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.files import store
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write
from openinfusion.sites.public import pharmacy


@action
def transfer_to_patient(*, patient_id: UUID, by: Actor) -> int:
    """Bill the patient the share of every claim whose insurance is done with it; how many claims."""
    by.must(WORK)
    ready = [o for o in owed_by(patient_id) if (no := o.pending()) is not None and no.code == "not-transferred"]
    if not ready:
        raise Refused(Reason("nothing", "no share waits to be transferred"))
    for o in ready:
        claim = lock(Claim, UUID(o.claim_id))
        advance(claim, "bill_patient", facts_of(claim), by=by)
    return len(ready)


@action
def make_statement(*, patient_id: UUID, by: Actor) -> UUID:
    """Ask a patient for what is theirs to pay, on paper; never for a claim whose insurance is pending."""
    by.must(STATE)
    take_turn(f"statement:{patient_id}")
    owed = owed_by(patient_id)
    asked = may_be_asked(owed)
    if not asked:
        against = [no for o in owed if (no := o.pending()) is not None]
        raise Refused(*(against or [Reason("owes-nothing", "the patient owes nothing")]))
    today, who = house_today(), patient(patient_id)
    number = f"S{today:%y%m}-{Statement.objects.count() + 1:05d}"
    due_on = today + timedelta(days=int(figure("statement_due_days")))
    paper = statement_paper(_paper(number, who, asked, today, due_on))
    row = Statement.objects.create(
        number=number,
        patient_id=patient_id,
        on=today,
        due_on=due_on,
        cents=sum(o.cents for o in asked),
        ages=list(aged(asked, today)),
        file_id=store(f"statement-{number}.pdf", paper, "application/pdf", by),
        made_by=by.id,
        made_name=by.name,
    )
    StatementLine.objects.bulk_create([StatementLine(statement=row, claim_id=UUID(o.claim_id), cents=o.cents) for o in asked])
    write(
        by,
        "billing.statement.send",
        row,
        "{actor} made {subject} over {amount}, to be paid by {due}",
        noted={"amount": str(Money(row.cents)), "due": due_on, "claims": [o.control for o in asked]},
        patient_id=patient_id,
    )
    return row.id


def _paper(number: str, who: PatientFact, asked: tuple[Owed, ...], today: date, due_on: date) -> dict[str, Any]:
    """What a statement prints, finished strings only."""
    where = pharmacy(Claim.objects.get(pk=asked[0].claim_id).site_id)
    plan = next(iter(plans_where(patient_id=who.id, state="agreed")), None)
    following = next((i for i in plan.instalments if i.paid_cents < i.cents), None) if plan else None
    a = who.address
    return {
        "number": number,
        "on": f"{today:%d-%b-%Y}",
        "due": f"{due_on:%d-%b-%Y}",
        "pharmacy": where.legal_name,
        "address": f"{where.street}, {where.city}, {where.state_code} {where.zip_shown}",
        "phone": where.phone,
        "patient": who.name,
        "home": [x for x in (a.line1, a.line2, f"{a.city}, {a.state} {a.zip}") if x.strip(", ")],
        "total": str(Money(sum(o.cents for o in asked))),
        "lines": [
            {
                "claim": o.control,
                "first": f"{o.first_on:%d-%b-%Y}" if o.first_on else "",
                "payer": o.payer,
                "since": f"{o.since:%d-%b-%Y}",
                "amount": str(Money(o.cents)),
            }
            for o in asked
        ],
        "ages": [{"label": label, "amount": str(Money(c))} for (_, label), c in zip(AGES, aged(asked, today), strict=True)],
        "plan": f"{Money(following.cents - following.paid_cents)} by {following.due_on:%d-%b-%Y}" if following else "",
    }


@action
def receive_payment(*, patient_id: UUID, amount: Money, method: str, reference: str, by: Actor) -> UUID:
    """A patient has paid: the oldest shares first, and the instalments of their plan with them."""
    by.must(WORK)
    if not reference.strip():
        raise Malformed(Fault("reference", "the number of the check, or of the card's slip"))
    shares = shared_out(amount.cents, owed_by(patient_id))
    first: Claim | None = None
    for o, part in shares:
        claim = lock(Claim, UUID(o.claim_id))
        first = first or claim
        book(claim, transfers(Kind.PATIENT_PAYMENT, part, note=f"{method} {reference.strip()}"), house_today())
        bring_up(claim)
    _into_plan(patient_id, amount.cents, by)
    PatientPayment.objects.create(
        patient_id=patient_id, on=house_today(), cents=amount.cents, method=method, reference=reference.strip(),
        received_name=by.name,
    )
    assert first is not None
    write(
        by,
        "billing.patient.pay",
        first,
        "{actor} posted {amount} from the patient over {claims} claims, {method} {reference}",
        noted={"amount": str(amount), "claims": len(shares), "method": method, "reference": reference.strip()},
        patient_id=patient_id,
    )
    return first.id


def _into_plan(patient_id: UUID, paid_cents: int, by: Actor) -> None:
    plan = next(iter(plans_where(patient_id=patient_id, state="agreed")), None)
    if plan is None:
        return
    row = lock(PaymentPlan, plan.id)
    takes = paid_into(plan.instalments, paid_cents)
    for i in Instalment.objects.filter(plan=row, number__in=takes):
        i.paid_cents += takes[i.number]
        i.save(update_fields=["paid_cents"])
    now_ = plans_where(pk=plan.id)[0]
    if now_.paid_cents == now_.cents:
        advance(row, "keep", plan_facts(now_), by=by, patient_id=patient_id)


@action
def agree_plan(*, patient_id: UUID, count: int, first_due: date, agreed_with: str, by: Actor) -> UUID:
    """Agree instalments over all that the patient may be asked for now."""
    by.must(STATE)
    total = sum(o.cents for o in may_be_asked(owed_by(patient_id)))
    if not total:
        raise Refused(Reason("owes-nothing", "nothing is the patient's to pay now"))
    if PaymentPlan.objects.filter(patient_id=patient_id, state="agreed").exists():
        raise Refused(Reason("plan-there", "a payment plan is running already", "cancel it first"))
    if first_due < house_today():
        raise Malformed(Fault("first due", "lies in the past"))
    if not agreed_with.strip():
        raise Malformed(Fault("agreed with", "say with whom it was agreed"))
    parts = instalments(total, count, first_due, most=int(figure("plan_most_instalments")), least_cents=cents("plan_least_cents"))
    row = PaymentPlan.objects.create(
        patient_id=patient_id,
        cents=total,
        agreed_on=house_today(),
        agreed_with=agreed_with.strip(),
        made_by=by.id,
        made_name=by.name,
    )
    Instalment.objects.bulk_create([Instalment(plan=row, number=i.number, due_on=i.due_on, cents=i.cents) for i in parts])
    write(
        by,
        "billing.payment_plan.agree",
        row,
        "{actor} agreed a {subject} in {count} instalments with {whom}",
        noted={"count": count, "whom": row.agreed_with},
        patient_id=patient_id,
    )
    return row.id


@action
def advance_plan(*, plan_id: UUID, step: str, by: Actor, reason: str = "") -> UUID:
    """End a plan: kept, broken after missed instalments, or cancelled."""
    row = lock(PaymentPlan, plan_id)
    advance(row, step, plan_facts(plans_where(pk=row.id)[0]), by=by, reason=reason)
    return row.id
