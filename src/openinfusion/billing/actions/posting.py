# SPDX-License-Identifier: Apache-2.0
"""Posting a remittance: once, only what balances and is found; the rest waits with its finding, its money unapplied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.billing.actions.ledger import book, enter, entries
from openinfusion.billing.actions.posting_batch import Batch, against, batch_for, original_of, told_in
from openinfusion.billing.actions.voiding import record_voids
from openinfusion.billing.adapters import take_turn
from openinfusion.billing.domain.interest import Settled, settled
from openinfusion.billing.domain.ledger import Kind, Transfer, transfers
from openinfusion.billing.domain.provider_adjustment import provider_transfers, unknown_reasons
from openinfusion.billing.domain.remittance import ClaimIn, RemittanceIn, claim_in_of
from openinfusion.billing.models import Remittance, RemittanceClaim
from openinfusion.billing.models.remittance import Outcome
from openinfusion.billing.permissions import POST
from openinfusion.billing.queries.periods import first_open_day
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write
from openinfusion.platform.scope import all_or_nothing


@dataclass(frozen=True, slots=True)
class PostingResult:
    """What became of a remittance. ``is_repeat``: it had been posted before; nothing was done again."""

    remittance_id: UUID
    is_repeat: bool
    posted: int
    suspended: int
    posted_cents: int
    findings: tuple[str, ...]


@action
def post_remittance(
    *,
    remittance: RemittanceIn,
    fingerprint: str,
    by: Actor,
    file_name: str = "",
    file_id: UUID | None = None,
) -> UUID:
    """Post a remittance; the id of its record, the same for the same content under any file name. See ``result_of``."""
    by.must(POST)
    take_turn(fingerprint)
    take_turn(f"{remittance.payer_key}:{remittance.trace}")
    paid_on = remittance.paid_on or house_today()
    told = told_in(remittance, paid_on)
    prints = [t.print for t in told]
    before = Remittance.objects.filter(fingerprint=fingerprint).first() or _same_payment(remittance, paid_on, prints)
    if before is not None:
        write(by, "billing.remittance.repeat", before, "{actor} sent {subject} again; it was posted before, nothing was done.")
        return before.id
    with all_or_nothing():  # a refusal ends the whole posting, so the claims need no savepoints and one journal entry's lock
        rest = settled(remittance)
        kept = _keep(remittance, rest, fingerprint, paid_on, file_name, file_id)
        batch = batch_for(kept, first_open_day(paid_on), remittance, prints, by)
        for one in told:
            batch.post(one)
        batch.flush()
        _post_rest(batch, rest)
        record_voids(batch.voids, by)
        kept.save(update_fields=["posted_cents", "suspended"])
        write(
            by,
            "billing.remittance.post",
            kept,
            "{actor} posted {subject}: {posted} of {claims} claims, {cents} applied, {suspended} waiting.",
            noted={
                "posted": kept.claims - kept.suspended,
                "claims": kept.claims,
                "suspended": kept.suspended,
                "cents": str(Money(kept.posted_cents)),
            },
        )
    return kept.id


def result_of(remittance_id: UUID, is_repeat: bool = False) -> PostingResult:
    """What became of a remittance, from its record."""
    r = Remittance.objects.get(pk=remittance_id)
    waiting = RemittanceClaim.objects.filter(remittance=r, outcome=Outcome.SUSPENDED.value)
    told = [f for row in waiting for f in row.findings]
    return PostingResult(r.id, is_repeat, r.claims - r.suspended, r.suspended, r.posted_cents, (*r.findings, *told))


def _same_payment(r: RemittanceIn, paid_on: date, prints: Sequence[str]) -> Remittance | None:
    """The payment, where it was posted from a file that says the same of every claim; Refused where it says otherwise."""
    if not r.trace:
        return None
    known = Remittance.objects.filter(payer_key=r.payer_key, trace=r.trace, cents=r.amount_cents, paid_on=paid_on).first()
    if known is None:
        return None
    told = set(RemittanceClaim.objects.filter(remittance=known).values_list("fingerprint", flat=True))
    if told == set(prints):
        return known
    raise Refused(
        Reason(
            "payment-known",
            f"payment {r.trace} of {r.payer_name} over {Money(r.amount_cents)} was posted with other content: "
            f"{len(set(prints) - told)} of its {len(prints)} claims are told otherwise",
            "compare the two files",
        )
    )


def _keep(
    r: RemittanceIn, rest: Settled, fingerprint: str, paid_on: date, file_name: str, file_id: UUID | None,
) -> Remittance:
    gap = rest.gap_cents
    findings = [*r.findings, *unknown_reasons(r.provider_adjustments), *rest.findings]
    if gap:
        findings.append(f"the payment differs from its claims less the provider adjustments by {Money(gap)}")
    return Remittance.objects.create(
        payer_name=r.payer_name,
        payer_key=r.payer_key,
        trace=r.trace,
        cents=r.amount_cents,
        paid_on=paid_on,
        method=r.method,
        fingerprint=fingerprint,
        file_name=file_name[:200],
        file_id=file_id,
        gap_cents=gap,
        findings=list(dict.fromkeys(findings)),
        claims=len(r.claims),
    )


def _post_rest(batch: Batch, rest: Settled) -> None:
    """Provider adjustments, each on its own account and tied to the claim it names; and the gap, so that cash is what came."""
    kept = batch.kept
    for p in rest.adjustments:
        about = batch.ladder.named(p.reference)
        enter(entries(None, provider_transfers(p), batch.on, remittance_id=kept.id, about_id=UUID(about.id) if about else None))
    gap = transfers(Kind.UNAPPLIED, kept.gap_cents, note="difference of the payment")
    book(None, gap, batch.on, remittance_id=kept.id)


@action
def post_suspended(*, remitted_id: UUID, claim_control: str, by: Actor, reason: str) -> UUID:
    """Post a claim of a remittance that waited, to the claim a person named; its money leaves the account it waits on.

    Everything else is checked as before: the sums, the state of the claim, that every line fits.
    """
    by.must(POST)
    row = _waiting(remitted_id, reason)
    kept, claim_in = lock(Remittance, row.remittance_id), claim_in_of(row.said)
    control = claim_control.strip().upper()
    asked = RemittanceIn("", "", "", 0, None, "", (ClaimIn(control, "", 0, 0, 0, ""),))
    batch = batch_for(kept, house_today(), asked, (), by)
    found = [c for c in batch.claims.values() if c.control == control]
    if len(found) != 1:
        raise Refused(Reason("no-such-claim", f"no claim of ours has the number {claim_control}"))
    claim, seen = found[0], batch.ladder.named(control)
    original = original_of(claim_in, claim) if claim_in.is_reversal else None
    if reasons := list(against(claim_in, seen, claim, original)):
        raise Refused(*(Reason("still-against", text) for text in reasons))
    assert seen is not None
    book(None, _back(row, f"to {claim.control}"), batch.on, remittance_id=kept.id, answer_id=row.id)
    batch.apply(row, claim_in, claim, seen)
    batch.flush()
    record_voids(batch.voids, by)
    row.claim, row.matched_by, row.findings = claim, f"by hand: {reason.strip()}", []
    row.outcome, row.reverses = Outcome.RESOLVED.value, original
    row.save(update_fields=["claim", "matched_by", "findings", "outcome", "reverses"])
    kept.suspended -= 1
    kept.save(update_fields=["posted_cents", "suspended"])
    write(
        by,
        "billing.remittance.resolve",
        kept,
        "{actor} posted a waiting claim of {subject} to {claim}.",
        reason=reason,
        noted={"claim": claim.control, "cents": claim_in.paid_cents},
        patient_id=claim.patient_id,
    )
    return claim.id


@action
def park_suspended(*, remitted_id: UUID, by: Actor, reason: str) -> UUID:
    """Set a waiting answer aside: its money goes to suspense, with the reason; a claim may still be named later."""
    by.must(POST)
    row = _waiting(remitted_id, reason)
    if row.outcome == Outcome.PARKED.value:
        raise Refused(Reason("not-waiting", "this answer is in suspense already"))
    kept = lock(Remittance, row.remittance_id)
    moved = transfers(Kind.SUSPENSE, row.paid_cents, note=row.patient_control)
    book(None, moved, house_today(), remittance_id=kept.id, answer_id=row.id)
    row.outcome, row.matched_by = Outcome.PARKED.value, f"in suspense: {reason.strip()}"
    row.save(update_fields=["outcome", "matched_by"])
    write(
        by,
        "billing.remittance.park",
        kept,
        "{actor} sent a waiting claim of {subject} to suspense: {cents}.",
        reason=reason,
        noted={"claim": row.patient_control, "cents": str(Money(row.paid_cents))},
    )
    return row.id


def _waiting(remitted_id: UUID, reason: str) -> RemittanceClaim:
    """The answer, locked, if it waits and a reason is given."""
    row = lock(RemittanceClaim, remitted_id)
    if row.outcome not in {Outcome.SUSPENDED.value, Outcome.PARKED.value}:
        raise Refused(Reason("not-waiting", f"this answer is {row.outcome.replace('_', ' ')} already"))
    if not reason.strip():
        raise Malformed(Fault("reason", "say why"))
    return row


def _back(row: RemittanceClaim, note: str) -> list[Transfer]:
    """The money of a waiting answer leaves the account it waits on."""
    found = list(transfers(Kind.UNAPPLIED, -row.paid_cents, note=note))
    if row.outcome == Outcome.PARKED.value:
        found += transfers(Kind.SUSPENSE, -row.paid_cents, note=note)
    return found
