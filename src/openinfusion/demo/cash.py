# SPDX-License-Identifier: Apache-2.0
"""What the demonstration's billers did about money: an appeal, deposits, a write-off asked for, a statement."""

from __future__ import annotations

from datetime import timedelta

from openinfusion.billing import public as billing
from openinfusion.demo.staff import House
from openinfusion.kernel.money import Money
from openinfusion.platform.clock import now

LETTER = (
    "We ask you to reverse this decision. The order, the plan of treatment and the proof of delivery are enclosed; "
    "they show that the therapy was given as it was ordered and as it was billed."
)
NOT_YET_AT_THE_BANK = 2


def work_money(house: House) -> int:
    """Some of each, so that every page has rows; how many acts."""
    return _appeal(house) + _deposits(house) + _give_up(house) + _ask_patients(house)


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
    rows.append(billing.DepositIn(now().date() - timedelta(days=1), 4000, "card", sender="card terminal", key="bank-cards"))
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
    due = now().date() + timedelta(days=20)
    billing.agree_plan(patient_id=claim.patient_id, count=3, first_due=due, agreed_with="the patient, by telephone", by=biller)
    return 2
