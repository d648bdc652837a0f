# SPDX-License-Identifier: Apache-2.0
"""What the demonstration's billers did about money: an appeal, deposits, a write-off asked for, a statement.

And a second payer, the clearing house's answers, a stay in hospital, and criteria that wait for approval.
"""

from __future__ import annotations

from datetime import timedelta

from openinfusion.billing import public as billing
from openinfusion.demo.staff import House
from openinfusion.exchange import public as exchange
from openinfusion.kernel.money import Money
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.clock import now
from openinfusion.platform.files import open_file
from openinfusion.platform.house_day import house_today

LETTER = (
    "We ask you to reverse this decision. The order, the plan of treatment and the proof of delivery are enclosed; "
    "they show that the therapy was given as it was ordered and as it was billed."
)
NOT_YET_AT_THE_BANK = 2


def work_money(house: House) -> int:
    """Some of each, so that every page has rows; how many acts."""
    return (
        _appeal(house) + _deposits(house) + _give_up(house) + _ask_patients(house) + _next_payer(house) + _taken_in(house)
        + _away(house) + _criteria(house)
    )


def _appeal(house: House) -> int:
    """The dearest denial is appealed, the next one taken on."""
    biller, found = house.by("biller"), [d for d in billing.denials() if d.state == "open"]
    for d in found[:2]:
        billing.advance_denial(denial_id=d.id, step="take", by=biller)
    if found:
        billing.prepare_appeal(denial_id=found[0].id, letter=LETTER, by=biller)
        billing.advance_denial(denial_id=found[0].id, step="appeal", sent_by="fax 555-0188", by=biller)
    return len(found[:2])


def _deposits(house: House) -> int:
    """The bank's list, all but the newest payments; and one deposit of patients' cards."""
    paid = sorted((r for r in billing.remittances() if r.cents), key=lambda r: r.paid_on)[:-NOT_YET_AT_THE_BANK]
    rows = [billing.DepositIn(r.paid_on, r.cents, "eft", r.trace, r.payer_name, f"bank-{r.trace}") for r in paid]
    rows.append(billing.DepositIn(house_today() - timedelta(days=1), 4000, "card", sender="card terminal", key="bank-cards"))
    return billing.record_deposits(deposits=rows, by=house.by("biller2"))


def _give_up(house: House) -> int:
    """A write-off above the biller's limit waits for the executive."""
    found = [d for d in billing.denials() if d.state == "open"]
    if not found:
        return 0
    claim = billing.claim(found[-1].claim_id)
    if claim.open_cents <= 0:
        return 0
    billing.ask_write_off(
        claim_id=claim.id, side=billing.Side.PAYER, amount=Money(claim.open_cents), reason_code="no_authorization",
        note="the payer gives no retroactive authorization; two calls", by=house.by("biller2"),
    )  # fmt: skip
    return 1


def _ask_patients(house: House) -> int:
    """The share of a claim goes to the patient, who gets a statement and agrees to pay in parts."""
    biller = house.by("biller")
    theirs = [c for c in billing.all_claims() if c.state == "patient_resp" and c.open_cents <= 0 < c.patient_cents]
    claim = theirs[0] if theirs else None
    if claim is None:
        return 0
    billing.make_statement(patient_id=claim.patient_id, by=biller)
    if claim.patient_cents < 3 * 2500:
        return 1
    due = house_today() + timedelta(days=20)
    billing.agree_plan(patient_id=claim.patient_id, count=3, first_due=due, agreed_with="the patient, by telephone", by=biller)
    return 2


def _next_payer(house: House) -> int:
    """One patient has a second plan, which gets what the first payer left."""
    left = (c for c in billing.all_claims() if c.state == "paid" and c.patient_cents > 0 and c.rank == "P")
    claim = next((c for c in left if c.plan_id is not None), None)
    if claim is None:
        return 0
    second = next(p for p in payers.plans() if p.id != claim.plan_id and p.benefit == "medical")
    patients.record_coverage(
        patient_id=claim.patient_id, plan_id=second.id, member_id="SEC" + claim.control[-6:], rank=2,
        first=house_today() - timedelta(days=200), by=house.by("intake"),
    )
    billing.open_secondary(claim_id=claim.id, by=house.by("biller"))
    return 2


def _taken_in(house: House) -> int:
    """The clearing house has answered the newest file: its 999, and a 277CA for its claims."""
    sent = [f for f in exchange.transmissions("sent") if f.kind == "837P"]
    if not sent:
        return 0
    quiet = exchange.Temper(files_rejected=0, claims_rejected_by_house=0, claims_rejected_by_payer=0, unanswered=0, late=0)
    text = open_file(sent[0].file_id).data.decode("ascii")
    answers = [r for r in exchange.replies(text, exchange.House(quiet), now()) if r.kind in ("999", "277CA")][:2]
    for r in answers:
        exchange.receive_file(name=f"{sent[0].control:09d}.{r.kind}", data=r.text.encode("ascii"), by=house.by("biller"))
    return len(answers)


def _away(house: House) -> int:
    """A patient went into hospital yesterday: their days are held until they are back."""
    open_ = [c for c in billing.all_claims() if c.state in ("held", "ready") and c.rank == "P"]
    if not open_:
        return 0
    billing.enter_stay(
        patient_id=open_[0].patient_id, kind="inpatient", admitted_on=house_today() - timedelta(days=1),
        note="the hospital's discharge planner called", by=house.by("biller"),
    )
    return 1


def _criteria(house: House) -> int:
    """New criteria of a payer wait for the pharmacist's approval."""
    made = payers.draft_criteria(
        series="iron", first=house_today() + timedelta(days=30), classes=["iron"], by=house.by("biller"),
        source="fictional policy bulletin 26-11 of the demonstration, page 2", why="the payer lowered its bound of ferritin",
        lines=[
            "diagnosis: diagnosis D50 D63 N18 | iron deficiency anaemia",
            "ferritin: lab 2276-4 within 60 days below 50 in ng/mL | ferritin below 50 ng/mL within 60 days",
            "tried: tried ferrous_sulfate ferrous_gluconate iron | oral iron tried before",
        ],
    )
    payers.advance_criteria(criteria_id=made, step="propose", by=house.by("biller"))
    return 2
