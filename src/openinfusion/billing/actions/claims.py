# SPDX-License-Identifier: Apache-2.0
"""Working a claim: check it again, correct a line, send it, take its steps."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from openinfusion.billing.actions.charges import check_and_move, total_up
from openinfusion.billing.actions.denials import close_denials
from openinfusion.billing.actions.ledger import book
from openinfusion.billing.domain.claim import REPLACEMENT, UNSENT, VOID, ClaimState
from openinfusion.billing.domain.ledger import Kind, transfers
from openinfusion.billing.domain.scrub.finding import kept
from openinfusion.billing.models import Claim, ClaimLine, PatientPayment
from openinfusion.billing.permissions import WORK
from openinfusion.billing.queries.claims import facts_of, lines_of
from openinfusion.billing.queries.money import balance_of
from openinfusion.billing.queries.scrub import findings_of, hard
from openinfusion.billing.queries.terms import terms_of
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write
from openinfusion.therapy.public import therapy

_CHECKED = frozenset(s.value for s in UNSENT)
_OWN_ACTION = frozenset({
    "queue", "submit", "take_back", "receive", "forward", "pay", "pay_partly", "deny", "reverse", "bill_secondary", "voided",
})


@action
def check_again(*, claim_id: UUID, by: Actor) -> UUID:
    """Ask every hold reason anew, fill in coverage and authorizations found since, and hold or release the claim."""
    by.must(WORK)
    claim = lock(Claim, claim_id)
    if claim.state not in _CHECKED:
        raise Refused(Reason("already-sent",
            f"the claim is {claim.state.replace('_', ' ')}; only unsent claims are checked"))
    _refresh(claim)
    check_and_move(claim, by)
    write(by, "billing.claim.check", claim, "{actor} checked claim {subject}: {found}.",
          noted={"found": "; ".join(h["text"] for h in claim.holds) or "nothing holds it"})
    return claim.id


@action
def check_held(*, therapy_id: UUID, by: Actor) -> int:
    """Check the held claims of a therapy again, because something they waited for has come; how many there were."""
    rows = list(Claim.objects.select_for_update(of=("self",)).filter(therapy_id=therapy_id,
        state=ClaimState.HELD.value))
    for claim in rows:
        _refresh(claim)
        check_and_move(claim, by)
        write(by, "billing.claim.check", claim, "{actor} checked held claim {subject} again.")
    return len(rows)


def _refresh(claim: Claim) -> None:
    """Coverage, payer and authorizations as they are now."""
    course = therapy(claim.therapy_id)
    lines = lines_of(claim)
    terms = terms_of(course, claim.first_on or house_today(), claim.rank)
    if terms.coverage is not None and terms.plan is not None:
        claim.plan_id, claim.payer_name = terms.plan.id, terms.plan.payer_name
        claim.member_id, claim.group_number = terms.coverage.member_id, terms.coverage.group_number
        claim.save(update_fields=["plan", "payer_name", "member_id", "group_number"])
    for row in lines:
        found = terms.authorization(row.code, row.first_on, row.last_on) if row.needs_authorization else None
        if found is not None and row.authorization != found.number:
            row.authorization = found.number
            row.save(update_fields=["authorization"])
    total_up(claim, lines, terms)


@dataclass(frozen=True, slots=True)
class LineCorrection:
    """What changes on a line; None leaves it."""

    modifiers: tuple[str, ...] | None = None
    ndc: str | None = None
    description: str | None = None
    authorization: str | None = None


@action
def correct_line(*, claim_id: UUID, line_id: UUID, correction: LineCorrection, by: Actor, reason: str) -> UUID:
    """Correct a line of a claim that is held: modifiers, NDC, description or authorization. The charge stays."""
    by.must(WORK)
    claim = lock(Claim, claim_id)
    if claim.state not in _CHECKED:
        raise Refused(Reason("not-held", "only a claim that is not out may be corrected", "take it back first"))
    row = ClaimLine.objects.filter(claim=claim, pk=line_id).first()
    if row is None:
        raise Malformed(Fault("line", "that line is not on this claim"))
    changed = {k: v for k in LineCorrection.__slots__ if (v := getattr(correction, k)) is not None}
    before = {k: getattr(row, k) for k in changed}
    for k, v in changed.items():
        setattr(row, k, list(v) if isinstance(v, tuple) else v)
    if "ndc" in changed and changed["ndc"] != before["ndc"]:
        changed["package_units"] = row.package_units = None  # of the product that was named before
    row.save(update_fields=list(changed))
    changed.pop("package_units", None)
    revise(
        claim, "billing.claim.correct_line", "{actor} corrected line {line} of claim {subject}: {what}", by=by,
        reason=reason,
        noted={"line": row.number, "what": ", ".join(changed), "before": before, "after": changed},
    )
    return claim.id


@action
def advance_claim(*, claim_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Take one step of a claim. Sending and posting have their own actions."""
    if step in _OWN_ACTION:
        raise Refused(Reason("own-action", "claims are sent in a file, answered by files, and posted from a remittance"))
    if step in {"appeal", "write_off"}:
        raise Refused(Reason("own-action", "an appeal is filed on the denial's page; a write-off is asked for with its reason"))
    claim = lock(Claim, claim_id, version)
    holds: tuple[Reason, ...] | None = None
    changes: dict[str, Any] = {}
    if step == "release":
        _refresh(claim)
        found = findings_of(claim, lines_of(claim))
        holds, changes = tuple(f.reason for f in hard(found)), {"holds": [], "findings": kept(found)}
    if step == "correct":
        changes = {"frequency": _frequency(claim)}
        close_denials(claim, "correct", "corrected", by=by)
    if step == "void":
        changes = {"frequency": VOID}
        close_denials(claim, "correct", "voided", by=by)
    advance(claim, step, facts_of(claim, holds), by=by, reason=reason, noted={"why": reason}, **changes)
    return claim.id


def _frequency(claim: Claim) -> str:
    """What is corrected after an answer replaces the payer's claim; what never came to be judged goes as it went before."""
    if claim.state == ClaimState.REJECTED.value:
        return claim.frequency
    return REPLACEMENT if claim.payer_control else claim.frequency


@action
def receive_from_patient(*, claim_id: UUID, amount: Money, by: Actor, reference: str) -> UUID:
    """The patient paid some or all of their share."""
    by.must(WORK)
    claim = lock(Claim, claim_id)
    owed = balance_of(claim.id).patient_cents
    if not 0 < amount.cents <= owed:
        raise Malformed(Fault("amount", f"the patient owes {Money(owed)}"))
    book(claim, transfers(Kind.PATIENT_PAYMENT, amount.cents, note=reference), house_today())
    bring_up(claim)
    PatientPayment.objects.create(
        patient_id=claim.patient_id, on=house_today(), cents=amount.cents, method="other", reference=reference,
        received_name=by.name,
    )
    write(by, "billing.claim.patient_payment", claim, "{actor} posted {amount} from the patient on claim {subject}",
          noted={"amount": str(amount), "reference": reference})
    return claim.id


def bring_up(claim: Claim) -> None:
    """The claim's own figures from the ledger, which is the truth."""
    found = balance_of(claim.id)
    claim.paid_cents, claim.open_cents, claim.patient_cents = found.paid_cents, found.open_cents, found.patient_cents
    claim.save(update_fields=["paid_cents", "open_cents", "patient_cents"])


def claims_by_id(ids: Sequence[UUID]) -> dict[UUID, Claim]:
    """Many claims, locked in one order."""
    return {c.id: c for c in Claim.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")}
