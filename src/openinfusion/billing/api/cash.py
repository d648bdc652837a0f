# SPDX-License-Identifier: Apache-2.0
"""Denials and their appeals, underpayments, waiting answers, deposits, write-offs and refunds as JSON. Money is in cents."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from openinfusion.billing.actions.appeals import prepare_appeal
from openinfusion.billing.actions.denials import advance_denial
from openinfusion.billing.actions.deposits import (
    DepositIn,
    explain_deposit,
    match_deposit,
    match_patient_payments,
    record_deposits,
)
from openinfusion.billing.actions.posting import park_suspended, post_suspended
from openinfusion.billing.actions.refunds import ask_refund, decide_refund
from openinfusion.billing.actions.shortfalls import advance_underpayment
from openinfusion.billing.actions.write_offs import ask_write_off, decide_write_off
from openinfusion.billing.domain.write_off import Side
from openinfusion.billing.models import Refund, WriteOff
from openinfusion.billing.permissions import READ
from openinfusion.billing.queries.denials import AppealFact, DenialFact, ShortFact, appeals_of, denial_of, shorts_where
from openinfusion.billing.queries.deposits import DepositFact, deposits_where
from openinfusion.kernel.money import Money
from openinfusion.platform.action import fetch
from openinfusion.platform.api import Whole


class StepIn(Schema):
    reason: str = ""
    sent_by: str = ""
    reference: str = ""


class DenialDetail(Schema):
    id: UUID
    claim_id: UUID
    claim: str
    payer_name: str
    state: str
    code: str
    rarcs: list[str]
    cents: int
    worth_cents: int
    meaning: str
    action_class: str
    cause: str
    edit: str
    next_step: str
    source: str
    due_on: date
    level: int
    worker_name: str
    is_open: bool
    outcome: str


class AppealOut(Schema):
    id: UUID
    level: int
    letter: str
    packet_file_id: UUID
    contents: list[str]
    missing: list[str]
    filed_on: date | None
    answer_due_on: date | None
    sent_by: str
    answer: str


class LetterIn(Schema):
    letter: str


class ShortOut(Schema):
    id: UUID
    claim_id: UUID
    claim: str
    payer_name: str
    state: str
    line: str
    expected_cents: int
    allowed_cents: int
    cents: int
    found_on: date
    outcome: str


class PlaceIn(Schema):
    """Where a waiting answer goes: to a claim of ours, or without one to suspense."""

    claim: str = ""
    reason: str


class DepositGiven(Schema):
    """``key`` tells the line of the bank from every other, so that it may be sent twice."""

    on: date
    cents: Whole
    method: str
    trace: str = ""
    sender: str = ""
    key: str = ""


class PatientPaidOut(Schema):
    """Payments of patients: one, or all of a day by one method."""

    ids: list[UUID]
    on: date
    cents: int
    text: str


class DepositOut(Schema):
    id: UUID
    on: date
    cents: int
    method: str
    trace: str
    sender: str
    explained: str
    left_cents: int
    patients: list[PatientPaidOut]
    patient_offers: list[PatientPaidOut]


class MatchIn(Schema):
    """The payer's payment that a deposit brought, or the patients' payments."""

    remittance_id: UUID | None = None
    payment_ids: list[UUID] = []


class TextIn(Schema):
    text: str


class AskIn(Schema):
    """What is given up or sent back of a claim; ``reason_code`` for a write-off only."""

    side: Side
    cents: Whole
    note: str
    reason_code: str = ""


class DecisionOut(Schema):
    id: UUID
    state: str
    cents: int
    side: str


def denial_one(request: HttpRequest, denial_id: UUID) -> DenialFact:
    """One denial."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return denial_of(denial_id)


def denial_step(request: HttpRequest, denial_id: UUID, step: str, given: StepIn) -> DenialFact:
    """Take a step: take, appeal, uphold, appeal_again, ask_outside, overturn, close."""
    advance_denial(denial_id=denial_id, step=step, reason=given.reason, sent_by=given.sent_by, by=request.actor)  # type: ignore[attr-defined]
    return denial_of(denial_id)


def appeal_list(request: HttpRequest, denial_id: UUID) -> list[AppealFact]:
    """The appeals against a denial."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return appeals_of(denial_id)


def appeal_prepare(request: HttpRequest, denial_id: UUID, given: LetterIn) -> list[AppealFact]:
    """Prepare the packet of the next level with this letter."""
    prepare_appeal(denial_id=denial_id, letter=given.letter, by=request.actor)  # type: ignore[attr-defined]
    return appeals_of(denial_id)


def short_list(request: HttpRequest, only_open: bool = True) -> list[ShortFact]:
    """Lines paid below the contract, the largest first."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    found = shorts_where()
    return [s for s in found if not only_open or s.state in {"found", "disputed"}]


def short_step(request: HttpRequest, underpayment_id: UUID, step: str, given: StepIn) -> ShortFact:
    """Take a step: dispute, accept, recover."""
    advance_underpayment(underpayment_id=underpayment_id, step=step, reason=given.reason, by=request.actor)  # type: ignore[attr-defined]
    return shorts_where(id=underpayment_id)[0]


def place(request: HttpRequest, remitted_id: UUID, given: PlaceIn) -> UUID:
    """Post a waiting answer to a claim, or send it to suspense."""
    by = request.actor  # type: ignore[attr-defined]
    if given.claim:
        return post_suspended(remitted_id=remitted_id, claim_control=given.claim, reason=given.reason, by=by)
    return park_suspended(remitted_id=remitted_id, reason=given.reason, by=by)


def deposit_list(request: HttpRequest) -> list[DepositFact]:
    """The bank's deposits with what is not matched of each."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return deposits_where()


def deposit_add(request: HttpRequest, given: list[DepositGiven]) -> int:
    """Take deposits in; how many were new."""
    rows = [DepositIn(d.on, d.cents, d.method, d.trace, d.sender, d.key) for d in given]
    return record_deposits(deposits=rows, by=request.actor)  # type: ignore[attr-defined]


def deposit_match(request: HttpRequest, deposit_id: UUID, given: MatchIn) -> list[DepositFact]:
    """Say which payment of a payer, or which payments of patients, a deposit brought."""
    if given.remittance_id is not None:
        match_deposit(deposit_id=deposit_id, remittance_id=given.remittance_id, by=request.actor)  # type: ignore[attr-defined]
    else:
        match_patient_payments(
            deposit_id=deposit_id, payment_ids=given.payment_ids, by=request.actor)  # type: ignore[attr-defined]
    return deposits_where(id=deposit_id)


def deposit_explain(request: HttpRequest, deposit_id: UUID, given: TextIn) -> list[DepositFact]:
    """Say what a deposit was."""
    explain_deposit(deposit_id=deposit_id, text=given.text, by=request.actor)  # type: ignore[attr-defined]
    return deposits_where(id=deposit_id)


def write_off_ask(request: HttpRequest, claim_id: UUID, given: AskIn) -> WriteOff:
    """Ask to write off; posted at once within the asker's limit."""
    made = ask_write_off(
        claim_id=claim_id,
        side=given.side,
        amount=Money(given.cents),
        reason_code=given.reason_code,
        note=given.note,
        by=request.actor,  # type: ignore[attr-defined]
    )
    return fetch(WriteOff, made)


def write_off_step(request: HttpRequest, write_off_id: UUID, step: str, given: StepIn) -> WriteOff:
    """Decide: post or refuse."""
    decide_write_off(write_off_id=write_off_id, step=step, reason=given.reason, by=request.actor)  # type: ignore[attr-defined]
    return fetch(WriteOff, write_off_id)


def refund_ask(request: HttpRequest, claim_id: UUID, given: AskIn) -> Refund:
    """Ask that a credit is sent back."""
    made = ask_refund(claim_id=claim_id, side=given.side, amount=Money(given.cents), note=given.note, by=request.actor)  # type: ignore[attr-defined]
    return fetch(Refund, made)


def refund_step(request: HttpRequest, refund_id: UUID, step: str, given: StepIn) -> Refund:
    """Decide: approve, pay with the reference, or refuse."""
    decide_refund(refund_id=refund_id, step=step, reason=given.reason, reference=given.reference, by=request.actor)  # type: ignore[attr-defined]
    return fetch(Refund, refund_id)


def add_to(router: Router) -> None:
    """These operations under the room's router."""
    router.get("/denials/{denial_id}", response=DenialDetail)(denial_one)
    router.post("/denials/{denial_id}/steps/{step}", response=DenialDetail)(denial_step)
    router.get("/denials/{denial_id}/appeals", response=list[AppealOut])(appeal_list)
    router.post("/denials/{denial_id}/appeals", response=list[AppealOut])(appeal_prepare)
    router.get("/underpayments", response=list[ShortOut])(short_list)
    router.post("/underpayments/{underpayment_id}/steps/{step}", response=ShortOut)(short_step)
    router.post("/answers/{remitted_id}/place", response=UUID)(place)
    router.get("/deposits", response=list[DepositOut])(deposit_list)
    router.post("/deposits", response=int)(deposit_add)
    router.post("/deposits/{deposit_id}/match", response=list[DepositOut])(deposit_match)
    router.post("/deposits/{deposit_id}/explain", response=list[DepositOut])(deposit_explain)
    router.post("/claims/{claim_id}/write-offs", response=DecisionOut)(write_off_ask)
    router.post("/write-offs/{write_off_id}/steps/{step}", response=DecisionOut)(write_off_step)
    router.post("/claims/{claim_id}/refunds", response=DecisionOut)(refund_ask)
    router.post("/refunds/{refund_id}/steps/{step}", response=DecisionOut)(refund_step)
