# SPDX-License-Identifier: Apache-2.0
"""The claims of one remittance, posted together: everything they need is read once, everything they make is written once."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from openinfusion.billing.actions.denials import close_answered
from openinfusion.billing.actions.ledger import AT_ONCE, enter, entries
from openinfusion.billing.actions.shortfalls import close_answered_shorts
from openinfusion.billing.domain.claim import ANSWERABLE, REVERSIBLE, VOID, ClaimFacts
from openinfusion.billing.domain.denial import advice_for, opens_denial, works
from openinfusion.billing.domain.figures import cents
from openinfusion.billing.domain.ledger import Kind, Transfer, balances, transfers
from openinfusion.billing.domain.matching import Found, Ladder, OurClaim, OurLine, find_line
from openinfusion.billing.domain.remittance import ClaimIn, LineIn, RemittanceIn, claim_transfers, imbalances_of
from openinfusion.billing.domain.secondary import this_payers
from openinfusion.billing.domain.underpayment import Expected, allowed_cents, short_cents
from openinfusion.billing.events import ClaimPaid
from openinfusion.billing.models import Claim, ClaimLine, Denial, LedgerTransfer, Remittance, RemittanceClaim, Underpayment
from openinfusion.billing.models.remittance import APPLIED, Outcome
from openinfusion.billing.queries.money import ClaimBalance, balance_from, sums_of
from openinfusion.billing.queries.windows import Windows
from openinfusion.kernel.money import Money
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.journal import plain

_ANSWERABLE = frozenset(s.value for s in ANSWERABLE)
_REVERSIBLE = frozenset(s.value for s in REVERSIBLE)
_ONLY_TOLD = {"23": "forwarded to another payer", "25": "a predetermination, not a payment"}


@dataclass(frozen=True, slots=True)
class Told:
    """One claim of a payment, the same as plain values, and what tells it from every other answer."""

    claim: ClaimIn
    said: dict[str, Any]
    print: str


def told_in(r: RemittanceIn, paid_on: date) -> list[Told]:
    """The claims of a payment with their fingerprints: the payment and all that is said of the claim, repeats counted."""
    seen: Counter[str] = Counter()
    found = []
    for claim in r.claims:
        said = plain(asdict(claim))
        if not claim.interest_cents:  # what was posted before interest was read keeps its fingerprint
            del said["interest_cents"]
        text = json.dumps([r.payer_key, r.trace, paid_on.isoformat(), said], sort_keys=True)
        one = hashlib.sha256(text.encode()).hexdigest()
        seen[one] += 1
        found.append(Told(claim, said, one if seen[one] == 1 else f"{one}-{seen[one]}"))
    return found


@dataclass(slots=True)
class Batch:
    """A remittance while it is posted. ``sums`` are the claims' accounts as they stand after each answer."""

    kept: Remittance
    on: date
    by: Actor
    ladder: Ladder
    claims: dict[str, Claim]
    sums: dict[UUID, dict[str, int]]
    open_denials: dict[UUID, list[Denial]]
    open_shorts: dict[UUID, list[Underpayment]]
    known: set[str]
    windows: Windows = field(default_factory=Windows)
    answers: list[RemittanceClaim] = field(default_factory=list)
    moved: list[LedgerTransfer] = field(default_factory=list)
    denials: list[Denial] = field(default_factory=list)
    shorts: list[Underpayment] = field(default_factory=list)
    answered: set[UUID] = field(default_factory=set)
    voids: list[UUID] = field(default_factory=list)  # claims asked to be voided whose payment was taken back

    def post(self, told: Told) -> None:
        """One claim: found, checked and applied; or kept with what is against it, its money unapplied."""
        claim_in, print_ = told.claim, told.print
        found = self.ladder.find(claim_in)
        claim = self.claims[found.claim.id] if found else None
        if claim is not None and claim.id in self.answered:
            self.flush()
        original = original_of(claim_in, claim) if claim is not None and claim_in.is_reversal else None
        against = list(self._against(claim_in, found, claim, original, print_))
        outcome = Outcome.SUSPENDED if against else Outcome.REVERSED if claim_in.is_reversal else Outcome.POSTED
        answer = RemittanceClaim(
            remittance=self.kept,
            claim=claim,
            patient_control=claim_in.patient_control,
            status=claim_in.status,
            payer_control=claim_in.payer_control,
            patient_name=claim_in.patient_name,
            charge_cents=claim_in.charge_cents,
            paid_cents=claim_in.paid_cents,
            matched_by=found.by.value if found else "",
            outcome=outcome.value,
            findings=against,
            said=told.said,
            fingerprint=print_,
            reverses=None if against else original,
        )
        self.answers.append(answer)
        if claim is None or found is None or against:
            self.kept.suspended += 1
            waiting = transfers(Kind.UNAPPLIED, claim_in.paid_cents, note=claim_in.patient_control)
            self.moved += entries(None, waiting, self.on, remittance_id=self.kept.id, answer_id=answer.id)
            return
        self.apply(answer, claim_in, claim, found.claim)

    def _against(
        self,
        claim_in: ClaimIn,
        found: Found | None,
        claim: Claim | None,
        original: RemittanceClaim | None,
        print_: str,
    ) -> Iterator[str]:
        """Why this claim of the remittance is not posted."""
        if print_ in self.known:
            yield "the same answer was posted before, in another file"
        yield from against(claim_in, found.claim if found else None, claim, original)

    def apply(self, answer: RemittanceClaim, claim_in: ClaimIn, claim: Claim, seen: OurClaim) -> None:
        """What the answer moves, what it denies, what it pays too little of, and what it makes of the claim."""
        claim_in = this_payers(claim_in, claim.rank)
        matched = [(s, find_line(s, seen.lines)[0].id) for s in claim_in.lines]
        moved: list[Transfer] = list(claim_transfers(claim_in, matched, opens_denial))
        self.moved += entries(claim, moved, self.on, remittance_id=self.kept.id, answer_id=answer.id)
        sums = self.sums.setdefault(claim.id, {})
        for account, amount in balances(moved).items():
            sums[account.value] = sums.get(account.value, 0) + amount
        self.kept.posted_cents += claim_in.paid_cents
        self.answered.add(claim.id)
        close_answered(self.open_denials.pop(claim.id, ()), claim.patient_id, by=self.by)
        denied = self._deny(claim_in, claim, matched)
        self._compare(claim_in, claim, seen, matched)
        self._move(claim_in, claim, denied, balance_from(sums))
        if claim_in.is_reversal and claim.frequency == VOID:
            self.voids.append(claim.id)

    def _move(self, claim_in: ClaimIn, claim: Claim, denied: Sequence[Denial], now: ClaimBalance) -> None:
        """The claim's state and its own figures, in one statement."""
        step = _step(claim_in, claim, now, bool(denied))
        paid = ClaimPaid(
            claim_id=claim.id,
            therapy_id=claim.therapy_id,
            state=step,
            paid_cents=claim_in.paid_cents,
            patient_id=claim.patient_id,
        )
        noted = {
            "paid": str(Money(claim_in.paid_cents)),
            "trace": self.kept.trace,
            "denials": [str(d) for d in denied],
            "status": claim_in.status,
        }
        advance(
            claim,
            step,
            ClaimFacts((), now.open_cents, now.patient_cents),
            by=self.by,
            news=[paid],
            noted=noted,
            payer_control=claim_in.payer_control or claim.payer_control,
            paid_cents=now.paid_cents,
            open_cents=now.open_cents,
            patient_cents=now.patient_cents,
        )

    def _deny(self, claim_in: ClaimIn, claim: Claim, matched: Sequence[tuple[LineIn, str]]) -> list[Denial]:
        """A record for every reason that somebody must work."""
        if claim_in.is_reversal:
            return []
        told: list[tuple[str, Any, Sequence[str]]] = [("", a, claim_in.rarcs) for a in claim_in.adjustments]
        told += [(line_id, a, s.rarcs) for s, line_id in matched for a in s.adjustments]
        found = []
        for line_id, a, rarcs in told:
            advice = advice_for(a.group, a.carc, rarcs)
            if not advice.opens or a.group == "PR" or a.cents <= 0:
                continue
            due_on, source = self.windows.due(claim.plan_id, advice, self.kept.paid_on)
            found.append(
                Denial(
                    claim=claim,
                    line_id=UUID(line_id) if line_id else None,
                    remittance=self.kept,
                    group=a.group,
                    carc=a.carc,
                    rarcs=list(rarcs),
                    cents=a.cents,
                    worth_cents=works()[advice.action].worth(a.cents),
                    meaning=advice.meaning,
                    action_class=advice.action,
                    cause=advice.cause,
                    edit=advice.edit,
                    next_step=advice.next_step,
                    source=source,
                    told_on=self.kept.paid_on,
                    due_on=due_on,
                )
            )
        self.denials += found
        return found

    def _compare(self, claim_in: ClaimIn, claim: Claim, seen: OurClaim, matched: Sequence[tuple[LineIn, str]]) -> None:
        """Lines paid below the contract; what was short before is made up, or the answer is taken back."""
        close_answered_shorts(self.open_shorts.pop(claim.id, ()), claim_in, claim.patient_id, by=self.by)
        if claim_in.is_reversal or claim_in.is_denied or claim.rank != "P":
            return
        ours = {line.id: line for line in seen.lines}
        told: dict[str, list[LineIn]] = {}
        for s, line_id in matched:
            told.setdefault(line_id, []).append(s)
        for line_id, lines in told.items():
            if any(opens_denial(a, s.rarcs) for s in lines for a in s.adjustments):
                continue
            line = ours[line_id]
            short = short_cents(lines, Expected(line.expected_cents, line.has_rate), cents("underpayment_tolerance_cents"))
            if short:
                self.shorts.append(
                    Underpayment(
                        claim=claim,
                        line_id=UUID(line_id),
                        remittance=self.kept,
                        expected_cents=line.expected_cents,
                        allowed_cents=allowed_cents(lines),
                        cents=short,
                        found_on=self.kept.paid_on,
                    )
                )

    def flush(self) -> None:
        """Write what has been gathered."""
        RemittanceClaim.objects.bulk_create(self.answers, batch_size=AT_ONCE)
        enter(self.moved)
        Denial.objects.bulk_create(self.denials, batch_size=AT_ONCE)
        Underpayment.objects.bulk_create(self.shorts, batch_size=AT_ONCE)
        for d in self.denials:
            self.open_denials.setdefault(d.claim_id, []).append(d)
        for s in self.shorts:
            self.open_shorts.setdefault(s.claim_id, []).append(s)
        self.answers, self.moved, self.denials, self.shorts = [], [], [], []
        self.answered.clear()


def against(
    claim_in: ClaimIn,
    seen: OurClaim | None,
    claim: Claim | None,
    original: RemittanceClaim | None,
) -> Iterator[str]:
    """Why an answer may not be posted to this claim; nothing, where it may."""
    yield from imbalances_of(claim_in)
    if claim_in.status in _ONLY_TOLD:
        yield f"status {claim_in.status}: {_ONLY_TOLD[claim_in.status]}"
    if claim is None or seen is None:
        yield f"no single claim of ours matches {claim_in.patient_control or 'it'}"
        return
    allowed = _REVERSIBLE if claim_in.is_reversal else _ANSWERABLE
    if claim.state not in allowed:
        yield f"claim {claim.control} is {claim.state.replace('_', ' ')}, so this answer cannot be posted to it"
    elif claim_in.is_reversal and original is None:
        yield (
            f"it takes back {Money(-claim_in.paid_cents)} of {Money(-claim_in.charge_cents)} charged; no posted answer of "
            f"claim {claim.control} says that"
        )
    if any(not find_line(s, seen.lines) for s in claim_in.lines):
        yield "a line of the payer's answer fits none of ours"


def original_of(claim_in: ClaimIn, claim: Claim) -> RemittanceClaim | None:
    """The newest posted answer that this reversal takes back, its amounts the same with the other sign; each once."""
    taken = RemittanceClaim.objects.filter(claim=claim, outcome__in=APPLIED, reverses__isnull=False)
    return (
        RemittanceClaim.objects.filter(
            claim=claim,
            outcome__in=APPLIED,
            charge_cents=-claim_in.charge_cents,
            paid_cents=-claim_in.paid_cents,
        )
        .exclude(status="22")
        .exclude(pk__in=taken.values("reverses"))
        .order_by("-made_at", "-id")
        .first()
    )


def _step(claim_in: ClaimIn, claim: Claim, now: ClaimBalance, has_denials: bool) -> str:
    """What the answer makes of the claim."""
    if claim_in.is_reversal:
        return "reverse"
    if claim_in.is_denied or (has_denials and claim_in.paid_cents == 0 and now.paid_cents == 0):
        return "deny"
    return "pay_partly" if now.open_cents > 0 else "pay"


def batch_for(kept: Remittance, on: date, r: RemittanceIn, prints: Sequence[str], by: Actor) -> Batch:
    """Everything the answers of a payment may touch, read in a handful of queries, the claims locked in one order."""
    rows = list(
        Claim.objects.select_for_update(of=("self",))
        .filter(_could_be_meant(r))
        .exclude(state__in=["unbilled", "held"])
        .order_by("pk")
    )
    ids = [row.id for row in rows]
    lines: dict[UUID, list[OurLine]] = {i: [] for i in ids}
    for s in ClaimLine.objects.filter(claim_id__in=ids).order_by("number").iterator():
        lines[s.claim_id].append(
            OurLine(
                str(s.id),
                s.control,
                s.code,
                tuple(s.modifiers),
                s.charge_cents,
                s.first_on,
                s.expected_cents,
                s.has_rate,
            )
        )
    ladder = Ladder(
        OurClaim(
            str(row.id),
            row.control,
            row.payer_control,
            row.member_id,
            row.charge_cents,
            row.first_on or date.min,
            tuple(lines[row.id]),
        )
        for row in rows
    )
    posted = RemittanceClaim.objects.filter(fingerprint__in=list(prints), outcome__in=APPLIED)
    return Batch(
        kept,
        on,
        by,
        ladder,
        {str(row.id): row for row in rows},
        sums_of(ids),
        _by_claim(Denial.objects.filter(claim_id__in=ids, is_open=True)),
        _by_claim(Underpayment.objects.filter(claim_id__in=ids, state__in=["found", "disputed"])),
        set(posted.values_list("fingerprint", flat=True)),
    )


def _could_be_meant(r: RemittanceIn) -> Q:
    """Every claim that any rung of the ladder could reach, or that a provider adjustment names.

    By the payer's number or by member and charge only for the answers that our control number and charge do not find: a
    member's other claims are neither read nor locked.
    """
    words = {w for p in r.provider_adjustments for w in (p.reference.strip(), *p.reference.split())} - {""}
    controls = {c.patient_control for c in r.claims} | words
    sent = set(Claim.objects.filter(control__in=controls).values_list("control", "charge_cents"))
    lost = [c for c in r.claims if (c.patient_control, abs(c.charge_cents)) not in sent]
    payer = ({c.payer_control for c in lost} | words) - {""}
    members, charges = {c.member_id for c in lost} - {""}, {abs(c.charge_cents) for c in lost}
    by_member = Q(member_id__in=members, charge_cents__in=charges)
    return Q(control__in=controls) | Q(payer_control__in=payer) | by_member


def _by_claim(rows: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.claim_id, []).append(row)
    return found
