# SPDX-License-Identifier: Apache-2.0
"""An answer for any X12 file: envelopes, transactions, claims, lines, sums, and every finding by level and segment.

A file that cannot be read gets a refusal with its segment and reason instead; it never gets a guess.
"""
from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from openinfusion.exchange.domain.x12.acknowledgement import groups_in, interchange_answers
from openinfusion.exchange.domain.x12.balance import by_group, imbalances, remarkable, totals_of
from openinfusion.exchange.domain.x12.claim_balance import claim_findings
from openinfusion.exchange.domain.x12.claim_reader import INSTITUTIONAL, read_claim_set
from openinfusion.exchange.domain.x12.eligibility_reader import answers_in as eligibility_answers_in
from openinfusion.exchange.domain.x12.finding import Finding, Level
from openinfusion.exchange.domain.x12.remittance_reader import collector_resting, read_remittance
from openinfusion.exchange.domain.x12.review_reader import answers_in as review_answers_in
from openinfusion.exchange.domain.x12.sets import TransactionSet, envelope_findings, transaction_sets
from openinfusion.exchange.domain.x12.status_reader import standings_in
from openinfusion.exchange.domain.x12.tokens import Interchange, interchanges_of
from openinfusion.exchange.domain.x12.unreadable import Unreadable
from openinfusion.exchange.domain.x12.values import ZERO, Amounts, Days

KNOWN = frozenset({"835", "837P", "837I", "270", "271", "276", "277", "277CA", "278", "999", "997"})


@dataclass(frozen=True, slots=True)
class Seen:
    """One transaction, added up. Sums that its kind does not have are None; ``said`` is what it says in a line or two."""

    kind: str
    control: str
    version: str
    segment: int
    segments: int
    counts: dict[str, int]
    claims: int | None = None
    service_lines: int | None = None
    charge: Decimal | None = None
    line_charge: Decimal | None = None
    paid: Decimal | None = None
    patient_responsibility: Decimal | None = None
    claim_adjustments: Decimal | None = None
    service_adjustments: Decimal | None = None
    provider_adjustments: Decimal | None = None
    adjustments_by_group: dict[str, Decimal] | None = None
    payment: Decimal | None = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """One interchange: who sends to whom, its number, and whether it is a test."""

    segment: int
    control: str
    sender: str
    receiver: str
    usage: str
    element: str
    component: str
    terminator: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file holds. ``refused`` is (segment, element, reason) where it could not be read, and then sums are absent."""

    size: int
    sha256: str
    segments: int = 0
    envelopes: tuple[Envelope, ...] = ()
    transactions: tuple[Seen, ...] = ()
    findings: tuple[Finding, ...] = ()
    refused: tuple[int, str, str] | None = None

    @property
    def levels(self) -> dict[str, int]:
        """How many findings there are on each level."""
        return dict(Counter(str(f.level) for f in self.findings))


def inspect(data: bytes) -> Inspection:
    """Read a file as far as it can be read, and say what is in it."""
    size, digest = len(data), hashlib.sha256(data).hexdigest()
    try:
        with collector_resting():
            return _inspected(data, size, digest)
    except Unreadable as no:
        return Inspection(size, digest, refused=(no.segment, no.place, no.reason))


def _inspected(data: bytes, size: int, digest: str) -> Inspection:
    found = interchanges_of(data)
    findings = envelope_findings(found)
    seen = []
    for one in transaction_sets(found):
        transaction, odd = _seen(one)
        seen.append(transaction)
        findings += odd
    if not seen and not any(True for _ in interchange_answers(found)):
        raise Unreadable(1, "ST", "the file holds no transaction")
    findings.sort(key=lambda f: f.segment)
    return Inspection(
        size, digest, sum(i.count for i in found), tuple(_envelope(i) for i in found), tuple(seen), tuple(findings),
    )


def _envelope(i: Interchange) -> Envelope:
    first = i.text[:i.text.index(i.marks.segment)].split(i.marks.element)
    isa = first + [""] * 17 if first[0] == "ISA" else [""] * 17
    return Envelope(
        i.first, isa[13], isa[6].strip(), isa[8].strip(), isa[15], i.marks.element, i.marks.component, i.marks.segment,
    )


def kind_of(one: TransactionSet) -> str:
    """835, 837P, 837I, 270, 271, 276, 277, 277CA, 278, 999 ... as people call it."""
    if one.kind == "837":
        return "837I" if one.version.startswith(INSTITUTIONAL) else "837P"
    return "277CA" if one.kind == "277" and one.version.startswith("005010X214") else one.kind


def _seen(one: TransactionSet) -> tuple[Seen, list[Finding]]:
    kind = kind_of(one)
    element = one.marks.element
    names = [raw.partition(element)[0] for raw in one.text.split(one.marks.segment)[:-1]]
    counts = dict(sorted(Counter(names).items()))
    base = (kind, one.control, one.version, one.first, len(names), counts)
    if kind == "835":
        return _remittance(one, base)
    if one.kind == "837":
        return _claims(one, base)
    odd = [] if kind in KNOWN else [
        Finding(Level.STRUCTURE, one.first, "kind-unknown", kind, "this kind of transaction is not read here; only counted"),
    ]
    return Seen(*base, said=tuple(_said(one, kind))), odd


_Base = tuple[str, str, str, int, int, dict[str, int]]


def _remittance(one: TransactionSet, base: _Base) -> tuple[Seen, list[Finding]]:
    r = read_remittance(one, Amounts(), Days())
    t = totals_of(r)
    payer, payee = r.payer_name.strip() or "unnamed payer", r.payee_name.strip() or "unnamed payee"
    said = f"{payer} pays {payee}, trace {r.trace or 'none'}, {r.method or 'no method'}"
    return Seen(
        *base, t.claims, t.lines, t.charge, None, t.paid, t.patient_responsibility, t.claim_adjustments, t.line_adjustments,
        t.provider_adjustments, by_group(r), t.payment, (said,),
    ), [*r.findings, *imbalances(r), *remarkable(r)]


def _claims(one: TransactionSet, base: _Base) -> tuple[Seen, list[Finding]]:
    found = read_claim_set(one, Amounts(), Days())
    lines = [line for c in found.claims for line in c.lines]
    charge = sum((c.charge for c in found.claims), ZERO)
    kind = "837I" if any(c.is_institutional for c in found.claims) else base[0]  # a file may name the wrong guide
    return Seen(
        kind, *base[1:], len(found.claims), len(lines), charge, sum((line.charge for line in lines), ZERO),
    ), list(claim_findings(found))


def _said(one: TransactionSet, kind: str) -> Iterable[str]:
    """What an inquiry, an answer or an acknowledgement says, a line for each subject."""
    if kind == "271":
        for a in eligibility_answers_in(one):
            state = {True: "active", False: "inactive", None: "not said whether active"}[a.is_active]
            yield f"{a.subscriber.family or 'nobody named'}: {state}, {len(a.benefits)} benefits, {len(a.rejections)} rejections"
    elif kind == "278":
        for r in review_answers_in(one):
            what = r.decision or "no decision"
            yield f"{r.subscriber.family or 'nobody named'}: {what} {r.authorization}".strip()
    elif kind in {"277", "277CA"}:
        for s in standings_in(one):
            yield f"{s.trace or 'no trace'}: {', '.join(x.code for x in s.standings) or 'no status'}"
    elif kind in {"999", "997"}:
        for g in groups_in(one):
            yield f"group {g.control}: {g.verdict}, {g.accepted} of {g.included} accepted"
            for answer in g.sets:
                yield from (f"transaction {answer.control}: {fault.text}" for fault in answer.faults)
