# SPDX-License-Identifier: Apache-2.0
"""Pages of write-offs, refunds and patients' accounts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.urls import reverse

from openinfusion.billing.actions.write_offs import open_cents
from openinfusion.billing.domain.patient_account import AGES, PAYMENT_PLAN, Owed, aged, may_be_asked
from openinfusion.billing.domain.refund import REFUND_MACHINE, RefundFacts
from openinfusion.billing.domain.write_off import WRITE_OFF_MACHINE, Side, WriteOffFacts, limit_cents, write_off_reasons
from openinfusion.billing.models import Claim, Refund, WriteOff
from openinfusion.billing.permissions import STATE, WORK, WRITE_OFF
from openinfusion.billing.queries.money import balance_of, balances_of
from openinfusion.billing.queries.patient_accounts import (
    PlanFact,
    credits,
    last_statements,
    owed_by,
    owed_where,
    plan_facts,
    plans_where,
    statements_of,
)
from openinfusion.billing.web.cash_forms import (
    PaymentForm,
    PlanForm,
    ReferenceForm,
    RefundForm,
    WriteOffForm,
)
from openinfusion.billing.web.sheet import Box, Cell, Filter, Line, Option, SheetPage, Table, money, on, row_acts, state
from openinfusion.kernel.money import Money
from openinfusion.patients.public import patient, patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_day_of, house_today
from openinfusion.platform.ui.parts import Act


def adjustments_page(everything: bool, by: Actor) -> SheetPage:
    """Write-offs and refunds that wait for a decision, and credit balances that wait for a refund."""
    offs = WriteOff.objects.select_related("claim").order_by("-made_at")
    backs = Refund.objects.select_related("claim").order_by("-made_at")
    if not everything:
        offs, backs = offs.filter(state="requested"), backs.filter(state__in=["requested", "approved"])
    shown, refunds, credit = list(offs[:500]), list(backs[:500]), credits()
    return SheetPage(
        "Write-offs and refunds",
        "adjustments",
        (
            Table(
                "Write-offs",
                ("Claim", "Of", ">Amount", "Reason", "Asked by", "State", "Decided by"),
                tuple(write_off_lines(shown, by)),
                "No write-off waits.",
            ),
            Table(
                "Credit balances",
                ("Claim", "Of", ">Too much"),
                tuple(
                    Line(
                        (
                            Cell(c.claim, reverse("billing:claim_money", args=[c.claim_id])),
                            Cell(c.side, sub=c.payer_name),
                            money(c.cents),
                        )
                    )
                    for c in credit
                ),
                "Nobody has paid too much.",
            ),
            Table(
                "Refunds",
                ("Claim", "To", ">Amount", "Why", "Asked by", "State", "Approved by"),
                tuple(refund_lines(refunds, by)),
                "No refund waits.",
            ),
        ),
        tallies=(
            ("Your limit alone", str(Money(limit_cents(by.roles)))),
            ("Credit balances", str(Money(sum(c.cents for c in credit)))),
        ),
        filters=(Filter("all", "Which", (Option("", "Waiting"), Option("1", "Decided too", everything))),),
        links=(("CSV", reverse("billing:adjustments_table")),),
        lead="Above one's limit, and for every refund, another person decides; the database holds that too.",
        note="Limits and reasons are the house's own rows, not yet confirmed by anybody.",
    )


def write_off_lines(rows: list[WriteOff], by: Actor) -> list[Line]:
    balances = balances_of([r.claim_id for r in rows])
    found = []
    for r in rows:
        facts = WriteOffFacts(
            r.cents,
            open_cents(balances[r.claim_id], Side(r.side)),
            str(r.asked_by),
            r.limit_cents,
            str(by.id),
            limit_cents(by.roles),
        )
        why = write_off_reasons()[r.reason_code]
        found.append(
            Line(
                (
                    Cell(r.claim.control, reverse("billing:claim_money", args=[r.claim_id]), sub=r.claim.payer_name),
                    Cell(r.side),
                    money(r.cents),
                    Cell(why.text, sub=("avoidable; " if r.avoidable else "") + r.note),
                    Cell(r.asked_name, sub=f"{house_day_of(r.made_at):%d-%b-%Y}"),
                    state(WRITE_OFF_MACHINE, r.state),
                    Cell(r.decided_name or "–"),
                ),
                row_acts(WRITE_OFF_MACHINE, r.state, facts, by, id=r.id, url=f"/billing/write-offs/{r.id}/STEP/"),
            )
        )
    return found


def refund_lines(rows: list[Refund], by: Actor) -> list[Line]:
    balances = balances_of([r.claim_id for r in rows])
    found = []
    for r in rows:
        credit = max(-open_cents(balances[r.claim_id], Side(r.side)), 0)
        facts = RefundFacts(r.cents, credit, str(r.asked_by), str(by.id))
        ask = {"pay": ReferenceForm(auto_id=f"{r.id}-%s")}
        found.append(
            Line(
                (
                    Cell(r.claim.control, reverse("billing:claim_money", args=[r.claim_id]), sub=r.claim.payer_name),
                    Cell(r.side),
                    money(r.cents),
                    Cell(r.note),
                    Cell(r.asked_name, sub=f"{house_day_of(r.made_at):%d-%b-%Y}"),
                    state(REFUND_MACHINE, r.state),
                    Cell(r.approved_name or "–", sub=r.reference),
                ),
                row_acts(REFUND_MACHINE, r.state, facts, by, id=r.id, url=f"/billing/refunds/{r.id}/STEP/", ask=ask),
            )
        )
    return found


def claim_money_page(claim_id: UUID, by: Actor) -> SheetPage:
    """One claim's write-offs and refunds, and where to ask for them."""
    claim, b = fetch(Claim, claim_id), balance_of(claim_id)
    boxes = []
    if by.may(WRITE_OFF.code) and (b.open_cents > 0 or b.patient_cents > 0):
        initial = {
            "side": "payer" if b.open_cents > 0 else "patient",
            "amount": Money(max(b.open_cents, 0) or b.patient_cents).dollars,
        }
        boxes.append(Box("Write off", reverse("billing:write_off_ask", args=[claim_id]), WriteOffForm(initial=initial), "Ask"))
    if by.may(WORK.code) and (b.open_cents < 0 or b.patient_cents < 0):
        initial = {
            "side": "payer" if b.open_cents < 0 else "patient",
            "amount": Money(-min(b.open_cents, b.patient_cents)).dollars,
        }
        boxes.append(
            Box("Refund", reverse("billing:refund_ask", args=[claim_id]), RefundForm(initial=initial, auto_id="back-%s"), "Ask")
        )
    offs = list(WriteOff.objects.select_related("claim").filter(claim=claim).order_by("-made_at"))
    backs = list(Refund.objects.select_related("claim").filter(claim=claim).order_by("-made_at"))
    return SheetPage(
        f"Claim {claim.control}: write-off and refund",
        "adjustments",
        (
            Table(
                "Write-offs",
                ("Claim", "Of", ">Amount", "Reason", "Asked by", "State", "Decided by"),
                tuple(write_off_lines(offs, by)),
            ),
            Table(
                "Refunds", ("Claim", "To", ">Amount", "Why", "Asked by", "State", "Approved by"), tuple(refund_lines(backs, by))
            ),
        ),
        tallies=(
            ("Open with the payer", str(Money(b.open_cents))),
            ("Open with the patient", str(Money(b.patient_cents))),
            ("Your limit alone", str(Money(limit_cents(by.roles)))),
        ),
        boxes=tuple(boxes),
        back=(f"Claim {claim.control}", reverse("billing:claim", args=[claim_id])),
        lead=claim.payer_name,
    )


def patients_page(text: str, by: Actor) -> SheetPage:
    """Every patient who owes something: what may be asked for, what waits for the insurance, how old it is."""
    owed, today = owed_where(), house_today()
    names, last = patients(list(owed)), last_statements()
    plans = {p.patient_id: p for p in plans_where(state="agreed")}
    found, sums = [], [0] * len(AGES)
    for patient_id, shares in owed.items():
        name = names[patient_id].name if patient_id in names else ""
        if text.strip().lower() not in name.lower():
            continue
        asked = may_be_asked(shares)
        ages = aged(asked, today)
        sums = [a + b for a, b in zip(sums, ages, strict=True)]
        plan = plans.get(patient_id)
        missed = len(plan.missed(today)) if plan else 0
        found.append(
            (
                sum(o.cents for o in asked),
                Line(
                    (
                        Cell(name, reverse("billing:patient_account", args=[patient_id])),
                        money(sum(o.cents for o in asked)),
                        money(sum(o.cents for o in shares) - sum(o.cents for o in asked)),
                        *(money(a) for a in ages),
                        on(last.get(patient_id)),
                        Cell(f"{missed} missed", tone="crit") if missed else Cell("runs" if plan else "–"),
                    ),
                    late=bool(missed),
                ),
            )
        )
    lines = tuple(line for _, line in sorted(found, key=lambda x: -x[0]))
    return SheetPage(
        "Patients' accounts",
        "patients",
        (
            Table(
                "Patients who owe",
                ("Patient", ">To ask for", ">Not yet", *(f">{label}" for _, label in AGES), "Last statement", "Plan"),
                lines,
                "No patient owes anything.",
            ),
        ),
        tallies=tuple((label, str(Money(s))) for (_, label), s in zip(AGES, sums, strict=True)),
        filters=(Filter("q", "Patient", value=text),),
        links=(("CSV", reverse("billing:patients_table")),),
        lead="Nobody is asked for a claim whose insurance is pending.",
    )


def patient_account_page(patient_id: UUID, by: Actor) -> SheetPage:
    """One patient's account."""
    who, shares, today = patient(patient_id), owed_by(patient_id), house_today()
    asked = may_be_asked(shares)
    total = sum(o.cents for o in asked)
    lines = tuple(
        Line(
            (
                Cell(o.control, reverse("billing:claim", args=[o.claim_id])),
                Cell(o.payer),
                on(o.since),
                money(o.cents),
                Cell(no.text, tone="wait") if (no := o.pending()) else Cell("may be asked", tone="ok"),
            )
        )
        for o in shares
    )
    sent = tuple(
        Line(
            (Cell(s.number, reverse("billing:statement", args=[s.id])), on(s.on), on(s.due_on), money(s.cents), Cell(s.made_name))
        )
        for s in statements_of(patient_id)
    )
    boxes = []
    if by.may(WORK.code) and shares:
        boxes.append(Box("Enter a payment", reverse("billing:patient_pays", args=[patient_id]), PaymentForm(), "Post"))
    if by.may(STATE.code) and total and not any(p.state == "agreed" for p in plans_where(patient_id=patient_id)):
        boxes.append(
            Box("Agree instalments", reverse("billing:plan_agree", args=[patient_id]), PlanForm(auto_id="plan-%s"), "Agree")
        )
    return SheetPage(
        f"Account of {who.name}",
        "patients",
        (
            Table("Shares by claim", ("Claim", "Insurance", "Since", ">Amount", "Stands"), lines, "The patient owes nothing."),
            Table("Statements", ("Number", "Made on", "Due", ">Amount", "By"), sent, "No statement was made."),
            *(_plan_table(p, today, by) for p in plans_where(patient_id=patient_id)),
        ),
        tallies=(
            ("To ask for", str(Money(total))),
            ("Not yet", str(Money(sum(o.cents for o in shares) - total))),
            *((label, str(Money(c))) for (_, label), c in zip(AGES, aged(asked, today), strict=True)),
        ),
        boxes=tuple(boxes),
        acts=_account_acts(patient_id, shares, total, by),
        back=("All patients", reverse("billing:patient_accounts")),
        links=(("Chart", f"/chart/{patient_id}/"),),
        lead="Hardship and assistance are entered as a write-off of the patient's share on the claim.",
    )


def _account_acts(patient_id: UUID, shares: tuple[Owed, ...], total: int, by: Actor) -> tuple[Act, ...]:
    found = []
    waits = any((no := o.pending()) is not None and no.code == "not-transferred" for o in shares)
    if by.may(WORK.code) and waits:
        found.append(
            Act("transfer", "Transfer to the patient", reverse("billing:patient_transfer", args=[patient_id]), "primary")
        )
    if by.may(STATE.code):
        pending = next((str(no) for o in shares if (no := o.pending())), "the patient owes nothing")
        found.append(
            Act(
                "statement",
                "Make a statement",
                reverse("billing:statement_make", args=[patient_id]),
                "primary",
                reasons=() if total else (pending,),
            )
        )
    return tuple(found)


def _plan_table(p: PlanFact, today: date, by: Actor) -> Table:
    missed = {i.number for i in p.missed(today)}
    lines = [
        Line(
            (
                Cell(str(i.number)),
                on(i.due_on),
                money(i.cents),
                money(i.paid_cents),
                Cell("missed", tone="crit")
                if i.number in missed
                else Cell("paid", tone="ok")
                if i.paid_cents == i.cents
                else Cell("to come"),
            ),
            late=i.number in missed,
        )
        for i in p.instalments
    ]
    if lines:
        acts = row_acts(
            PAYMENT_PLAN, p.state, plan_facts(p), by, id=p.id, url=f"/billing/plans/{p.id}/STEP/", leave_out=frozenset({"keep"})
        )
        lines[0] = Line(lines[0].cells, acts, lines[0].late)
    return Table(
        f"Payment plan over {Money(p.cents)}",
        ("No.", "Due", ">Amount", ">Paid", "Stands"),
        tuple(lines),
        sub=f"{p.state}, agreed {p.agreed_on:%d-%b-%Y} with {p.agreed_with}",
    )
