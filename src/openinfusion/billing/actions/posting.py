# SPDX-License-Identifier: Apache-2.0
"""Posting a remittance: once, only what balances and is found; the rest waits with its finding, its money unapplied."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from openinfusion.billing.actions.claims import bring_up
from openinfusion.billing.actions.ledger import book
from openinfusion.billing.adapters import take_turn
from openinfusion.billing.domain.claim import ANSWERABLE, REVERSIBLE
from openinfusion.billing.domain.denial import advice_for, opens_denial
from openinfusion.billing.domain.ledger import Kind, Transfer, transfers
from openinfusion.billing.domain.remittance import (
    ClaimIn,
    Found,
    LineIn,
    Match,
    OurClaim,
    OurLine,
    RemittanceIn,
    claim_in_of,
    claim_transfers,
    find_claim,
    find_line,
    imbalances_of,
    payment_gap,
)
from openinfusion.billing.domain.secondary import this_payers
from openinfusion.billing.events import ClaimPaid
from openinfusion.billing.models import Claim, ClaimLine, Denial, Remittance, RemittanceClaim
from openinfusion.billing.models.remittance import Outcome
from openinfusion.billing.permissions import POST
from openinfusion.billing.queries.claims import facts_of
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import plain, write

_ANSWERABLE = frozenset(s.value for s in ANSWERABLE)
_REVERSIBLE = frozenset(s.value for s in REVERSIBLE)
_ONLY_TOLD = {"23": "forwarded to another payer", "25": "a predetermination, not a payment"}


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
    *, remittance: RemittanceIn, fingerprint: str, by: Actor, file_name: str = "", file_id: UUID | None = None,
) -> UUID:
    """Post a remittance; the id of its record, the same for the same content under any file name. See ``result_of``."""
    by.must(POST)
    take_turn(fingerprint)
    take_turn(f"{remittance.payer_key}:{remittance.trace}")
    before = Remittance.objects.filter(fingerprint=fingerprint).first()
    if before is not None:
        write(by, "billing.remittance.repeat", before,
            "{actor} sent {subject} again; it was posted before, nothing was done.")
        return before.id
    paid_on = remittance.paid_on or now().date()
    _refuse_known_payment(remittance, paid_on)
    kept = _keep(remittance, fingerprint, paid_on, file_name, file_id)
    ours = _candidates(remittance)
    for claim_in in remittance.claims:
        _post_one(kept, claim_in, ours, by)
    _post_rest(kept, remittance)
    kept.save(update_fields=["posted_cents", "suspended"])
    write(
        by, "billing.remittance.post", kept,
        "{actor} posted {subject}: {posted} of {claims} claims, {cents} applied, {suspended} waiting.",
        noted={"posted": kept.claims - kept.suspended, "claims": kept.claims, "suspended": kept.suspended,
               "cents": str(Money(kept.posted_cents))},
    )
    return kept.id


def result_of(remittance_id: UUID, is_repeat: bool = False) -> PostingResult:
    """What became of a remittance, from its record."""
    r = Remittance.objects.get(pk=remittance_id)
    waiting = RemittanceClaim.objects.filter(remittance=r, outcome=Outcome.SUSPENDED.value)
    told = [f for row in waiting for f in row.findings]
    return PostingResult(r.id, is_repeat, r.claims - r.suspended, r.suspended, r.posted_cents, (*r.findings, *told))


def _refuse_known_payment(r: RemittanceIn, paid_on: date) -> None:
    known = Remittance.objects.filter(payer_key=r.payer_key, trace=r.trace, cents=r.amount_cents, paid_on=paid_on)
    if r.trace and known.exists():
        raise Refused(Reason(
            "payment-known",
            f"payment {r.trace} of {r.payer_name} over {Money(r.amount_cents)} was posted with other content",
            "compare the two files",
        ))


def _keep(r: RemittanceIn, fingerprint: str, paid_on: date, file_name: str, file_id: UUID | None) -> Remittance:
    gap = payment_gap(r)
    findings = list(r.findings)
    if gap:
        findings.append(f"the payment differs from its claims less the provider adjustments by {Money(gap)}")
    return Remittance.objects.create(
        payer_name=r.payer_name, payer_key=r.payer_key, trace=r.trace, cents=r.amount_cents, paid_on=paid_on,
        method=r.method,
        fingerprint=fingerprint, file_name=file_name[:200], file_id=file_id, gap_cents=gap,
        findings=list(dict.fromkeys(findings)),
        claims=len(r.claims),
    )


@dataclass(frozen=True, slots=True)
class _Ours:
    """Our claims that could be meant, for the ladder and as locked rows."""

    rows: dict[str, Claim]
    seen: tuple[OurClaim, ...]


def _candidates(r: RemittanceIn) -> _Ours:
    """Every claim that any rung of the ladder could reach, in two queries, locked in one order."""
    controls = {c.patient_control for c in r.claims}
    payer = {c.payer_control for c in r.claims} - {""}
    members = {c.member_id for c in r.claims} - {""}
    rows = list(Claim.objects.select_for_update(of=("self",)).filter(
        Q(control__in=controls) | Q(payer_control__in=payer) | Q(member_id__in=members),
    ).exclude(state__in=["unbilled", "held"]).order_by("pk"))
    lines: dict[UUID, list[OurLine]] = {row.id: [] for row in rows}
    for s in ClaimLine.objects.filter(claim__in=rows).order_by("number"):
        lines[s.claim_id].append(OurLine(str(s.id), s.control, s.code, tuple(s.modifiers), s.charge_cents, s.first_on))
    seen = tuple(
        OurClaim(str(row.id), row.control, row.payer_control, row.member_id, row.charge_cents, row.first_on or date.min,
                 tuple(lines[row.id]))
        for row in rows
    )
    return _Ours({str(row.id): row for row in rows}, seen)


def _post_one(kept: Remittance, claim_in: ClaimIn, ours: _Ours, by: Actor) -> None:
    found = find_claim(claim_in, ours.seen)
    claim = ours.rows[found[0].claim.id] if found else None
    against = list(_against(claim_in, found, claim))
    outcome = Outcome.SUSPENDED if against else Outcome.REVERSED if claim_in.is_reversal else Outcome.POSTED
    RemittanceClaim.objects.create(
        remittance=kept, claim=claim, patient_control=claim_in.patient_control, payer_control=claim_in.payer_control,
        patient_name=claim_in.patient_name, status=claim_in.status, charge_cents=claim_in.charge_cents,
        paid_cents=claim_in.paid_cents, matched_by=found[0].by.value if found else "", outcome=outcome.value,
        findings=against, said=plain(asdict(claim_in)),
    )
    if claim is None or against:
        kept.suspended += 1
        book(None, transfers(Kind.UNAPPLIED, claim_in.paid_cents, note=claim_in.patient_control), kept.paid_on,
             remittance_id=kept.id)
        return
    _apply(kept, claim_in, claim, found[0].claim, by)


def _against(claim_in: ClaimIn, found: Sequence[Found], claim: Claim | None) -> Iterator[str]:
    """Why this claim of the remittance is not posted."""
    yield from imbalances_of(claim_in)
    if claim_in.status in _ONLY_TOLD:
        yield f"status {claim_in.status}: {_ONLY_TOLD[claim_in.status]}"
    if claim is None:
        yield f"no single claim of ours matches {claim_in.patient_control or 'it'}"
        return
    allowed = _REVERSIBLE if claim_in.is_reversal else _ANSWERABLE
    if claim.state not in allowed:
        yield f"claim {claim.control} is {claim.state.replace('_', ' ')}, so this answer cannot be posted to it"
    if any(not find_line(s, found[0].claim.lines) for s in claim_in.lines):
        yield "a line of the payer's answer fits none of ours"


def _apply(kept: Remittance, claim_in: ClaimIn, claim: Claim, seen: OurClaim, by: Actor) -> None:
    claim_in = this_payers(claim_in, claim.rank)
    matched = [(s, find_line(s, seen.lines)[0].id) for s in claim_in.lines]
    moved: list[Transfer] = list(claim_transfers(claim_in, matched, opens_denial))
    book(claim, moved, kept.paid_on, remittance_id=kept.id)
    kept.posted_cents += claim_in.paid_cents
    bring_up(claim)
    denied = _denials(kept, claim_in, claim, matched)
    step = _step(claim_in, claim, bool(denied))
    paid = ClaimPaid(
        claim_id=claim.id, therapy_id=claim.therapy_id, state=step, paid_cents=claim_in.paid_cents,
        patient_id=claim.patient_id,
    )
    advance(
        claim, step, facts_of(claim), by=by, news=[paid],
        noted={"paid": str(Money(claim_in.paid_cents)), "trace": kept.trace, "denials": [str(d) for d in denied]},
        payer_control=claim_in.payer_control or claim.payer_control,
    )


def _step(claim_in: ClaimIn, claim: Claim, has_denials: bool) -> str:
    """What the answer makes of the claim."""
    if claim_in.is_reversal:
        return "reverse"
    if claim_in.is_denied or (has_denials and claim_in.paid_cents == 0 and claim.paid_cents == 0):
        return "deny"
    return "pay_partly" if claim.open_cents > 0 else "pay"


def _denials(kept: Remittance, claim_in: ClaimIn, claim: Claim, matched: Sequence[tuple[LineIn, str]]) -> list[Denial]:
    """A record for every reason that somebody must work; a reversal closes what was open."""
    Denial.objects.filter(claim=claim, is_open=True).update(is_open=False, outcome="answered again")
    if claim_in.is_reversal:
        return []
    told = [(None, a, claim_in.rarcs) for a in claim_in.adjustments]
    told += [(line_id, a, s.rarcs) for s, line_id in matched for a in s.adjustments]  # type: ignore[misc]
    found = []
    for line_id, a, rarcs in told:
        advice = advice_for(a.group, a.carc, rarcs)
        if advice.opens and a.group != "PR" and a.cents > 0:
            found.append(Denial(
                claim=claim, line_id=UUID(line_id) if line_id else None, remittance=kept, group=a.group, carc=a.carc,
                rarcs=list(rarcs), cents=a.cents, meaning=advice.meaning, action_class=advice.action,
                next_step=advice.next_step, source=str(advice.source), told_on=kept.paid_on,
                due_on=advice.due_on(kept.paid_on),
            ))
    return Denial.objects.bulk_create(found)


def _post_rest(kept: Remittance, r: RemittanceIn) -> None:
    """Provider adjustments and the gap, so that cash is what the bank received."""
    moved = [
        t for p in r.provider_adjustments
        for t in transfers(Kind.PROVIDER_ADJUSTMENT, p.cents, note=f"{p.reason} {p.reference}".strip())
    ]
    moved += transfers(Kind.UNAPPLIED, kept.gap_cents, note="difference of the payment")
    book(None, moved, kept.paid_on, remittance_id=kept.id)


@action
def post_suspended(*, remitted_id: UUID, claim_control: str, by: Actor, reason: str) -> UUID:
    """Post a claim of a remittance that waited, to the claim a person named; its money leaves the unapplied account.

    Everything else is checked as before: the sums, the state of the claim, that every line fits.
    """
    by.must(POST)
    row = lock(RemittanceClaim, remitted_id)
    if row.outcome != Outcome.SUSPENDED.value:
        raise Refused(Reason("not-waiting", f"this answer is {row.outcome} already"))
    if not reason.strip():
        raise Malformed(Fault("reason", "say why it is this claim"))
    kept, claim_in = lock(Remittance, row.remittance_id), claim_in_of(row.said)
    ours = _candidates_by_control(claim_control)
    if len(ours.seen) != 1:
        raise Refused(Reason("no-such-claim", f"no claim of ours has the number {claim_control}"))
    found, claim = (Found(ours.seen[0], Match.CONTROL_AND_CHARGE),), ours.rows[ours.seen[0].id]
    if against := list(_against(claim_in, found, claim)):
        raise Refused(*(Reason("still-against", text) for text in against))
    book(None, transfers(Kind.UNAPPLIED, -claim_in.paid_cents, note=f"to {claim.control}"), now().date(),
        remittance_id=kept.id)
    _apply(kept, claim_in, claim, ours.seen[0], by)
    row.claim, row.matched_by, row.findings = claim, f"by hand: {reason.strip()}", []
    row.outcome = Outcome.RESOLVED.value
    row.save(update_fields=["claim", "matched_by", "findings", "outcome"])
    kept.suspended -= 1
    kept.save(update_fields=["posted_cents", "suspended"])
    write(by, "billing.remittance.resolve", kept, "{actor} posted a waiting claim of {subject} to {claim}.",
        reason=reason,
          noted={"claim": claim.control, "cents": claim_in.paid_cents}, patient_id=claim.patient_id)
    return claim.id


def _candidates_by_control(control: str) -> _Ours:
    empty = RemittanceIn("", "", "", 0, None, "", (ClaimIn(control.strip().upper(), "", 0, 0, 0, ""),))
    found = _candidates(empty)
    return _Ours(found.rows, tuple(c for c in found.seen if c.patient_control == control.strip().upper()))
