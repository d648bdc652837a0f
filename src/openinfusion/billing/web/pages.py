# SPDX-License-Identifier: Apache-2.0
"""What the templates of billing receive: the worklist and one claim."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from openinfusion.billing.domain.claim import CLAIM, OUT, UNSENT, ClaimState
from openinfusion.billing.domain.scrub.finding import Finding
from openinfusion.billing.models import Claim
from openinfusion.billing.permissions import WORK
from openinfusion.billing.queries.claims import ClaimFact, ClaimLineFact, claim_fact, claims_where, facts_of, lines_of
from openinfusion.billing.queries.denials import DenialFact, denials_where
from openinfusion.billing.queries.money import ClaimBalance, TransferFact, balance_of, transfers_where
from openinfusion.billing.queries.remittances import RemittedClaim, remitted_where
from openinfusion.billing.queries.scrub import findings_of, hard, mended_at
from openinfusion.billing.queries.sendings import Sending, sendings_of
from openinfusion.billing.queries.terms import diagnoses_of, prescriber_of, terms_of
from openinfusion.billing.web.forms import CorrectionForm, PatientPaymentForm
from openinfusion.kernel.money import Money
from openinfusion.patients.public import Banner, banner, patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.models import Entry
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.platform.ui.tags import day
from openinfusion.therapy.public import TherapyFact, therapy

_S = ClaimState
_NEXT = {
    _S.UNBILLED: "Check it", _S.HELD: "Clear what holds it", _S.READY: "Send it", _S.QUEUED: "Its file leaves by itself",
    _S.SUBMITTED: "Wait for the payer", _S.RECEIVED: "Wait for the clearing house", _S.FORWARDED: "Wait for the payer",
    _S.REJECTED: "Correct and resend", _S.ACCEPTED: "Wait for the payment",
    _S.PAID: "Nothing, or bill the patient's share",
    _S.PARTIAL: "Work what was not paid", _S.DENIED: "Work the denial", _S.APPEALED: "Wait for the decision",
    _S.SECONDARY: "Wait for the next payer", _S.PATIENT_RESP: "Collect from the patient", _S.VOIDED: "Nothing",
    _S.CLOSED: "Nothing", _S.WRITTEN_OFF: "Nothing",
}
_UNSENT = frozenset(s.value for s in UNSENT)
_WORKED_ON = _UNSENT | {_S.REJECTED.value}
_WAITS = frozenset(s.value for s in (*OUT, ClaimState.ACCEPTED))
_BY_FILES = frozenset({
    "queue", "submit", "take_back", "receive", "forward", "accept", "pay", "pay_partly", "deny", "reverse", "hold", "voided",
    "bill_secondary", "appeal", "write_off",
})


@dataclass(frozen=True, slots=True)
class Bucket:
    """One state with how many claims it holds and what they are worth."""

    state: str
    tone: str
    count: int
    money: Money


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim on the worklist."""

    id: UUID
    control: str
    patient: str
    payer: str
    state: str
    tone: str
    span: str
    charge: Money
    open: Money
    why: str
    next_step: str
    due_on: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    buckets: tuple[Bucket, ...]
    rows: tuple[ClaimRow, ...]
    state: str
    payer: str
    text: str
    payers: tuple[str, ...]
    ready: int
    may_send: bool


def claim_rows(state: str = "", payer: str = "", text: str = "") -> tuple[ClaimRow, ...]:
    """The claims of the worklist: those that wait for somebody, or those of a state."""
    where: dict[str, Any] = {"state": state} if state else {"state__in": [s.value for s in _S if CLAIM.owner(s)]}
    if payer:
        where["payer_name"] = payer
    found = claims_where(order="timely_until", limit=1000, **where)
    people = patients([c.patient_id for c in found])
    denied = {d.claim_id: d for d in denials_where(is_open=True, limit=2000)}
    rows = tuple(_row(c, people[c.patient_id].name if c.patient_id in people else "", denied.get(c.id)) for c in found)
    wanted = text.strip().lower()
    return tuple(r for r in rows if wanted in f"{r.control} {r.patient} {r.payer}".lower()) if wanted else rows


def _row(c: ClaimFact, name: str, denial: DenialFact | None) -> ClaimRow:
    state = _S(c.state)
    why = "; ".join(h.text for h in c.holds) if c.holds else f"{denial.code}: {denial.meaning}" if denial else ""
    due = denial.due_on if denial else c.timely_until if c.state in _UNSENT else None
    first, last = day(c.first_on), day(c.last_on)
    span = f"{first} to {last}" if first != last else first
    return ClaimRow(
        c.id, c.control, name, c.payer_name or "no payer", c.state, CLAIM.tone(state), span, Money(c.charge_cents),
        Money(c.open_cents), why, denial.next_step if denial else _NEXT[state], due, bool(due and due < house_today()),
    )


def claims_page(state: str, payer: str, text: str, by: Actor) -> ClaimsPage:
    sums: dict[str, list[int]] = {s.value: [0, 0] for s in _S}
    for one, charge in Claim.objects.values_list("state", "charge_cents"):
        sums[one][0] += 1
        sums[one][1] += charge
    names = Claim.objects.exclude(payer_name="").order_by("payer_name").values_list("payer_name", flat=True).distinct()
    return ClaimsPage(
        tuple(Bucket(s.value, CLAIM.tone(s), sums[s.value][0], Money(sums[s.value][1])) for s in _S),
        claim_rows(state, payer, text), state, payer, text, tuple(names), sums[_S.READY.value][0],
        by.may("exchange.claims.send"),
    )


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a claim with its correction form, where it may be corrected."""

    line: ClaimLineFact
    charge: Money
    expected: Money
    source_url: str
    form: CorrectionForm | None


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a claim line that was corrected: before, after, by whom."""

    at: datetime
    field: str
    before: str
    after: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One claim: what is on it, why, what became of it."""

    claim: ClaimFact
    tone: str
    next_step: str
    banner: Banner
    therapy: str
    diagnoses: tuple[str, ...]
    prescriber: str
    rows: tuple[LineRow, ...]
    acts: tuple[Act, ...]
    balance: ClaimBalance
    denials: tuple[DenialFact, ...]
    answers: tuple[RemittedClaim, ...]
    transfers: tuple[TransferFact, ...]
    changes: tuple[Change, ...]
    payment_form: PatientPaymentForm | None
    lines: list[Line]
    zone: str
    findings: tuple[FindingRow, ...]
    asks: bool
    sendings: tuple[Sending, ...]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding with the page that mends it."""

    finding: Finding
    level: str
    url: str


def _findings(row: Claim, found: Sequence[Finding], course: TherapyFact) -> tuple[FindingRow, ...]:
    if not found or row.state not in _WORKED_ON:  # what left is judged by others now
        return ()
    contract = terms_of(course, row.first_on or house_today(), row.rank).contract
    return tuple(FindingRow(f, f.level.words, mended_at(f, row, contract.id if contract else None)) for f in found)


def claim_page(claim_id: UUID, by: Actor) -> ClaimPage:
    row = fetch(Claim, claim_id)
    lines = lines_of(row)
    c, head, course = claim_fact(row, lines), banner(row.patient_id), therapy(row.therapy_id)
    found = findings_of(row, lines) if row.state in _UNSENT else c.findings
    holds = tuple(f.reason for f in hard(found)) if row.state in _UNSENT else None
    acts = acts_of(
        CLAIM, row.state, facts_of(row, holds), by,
        leave_out=_BY_FILES,
        url_for=lambda step: reverse("billing:step", args=[row.id, step]),
    )
    corrects = row.state in _UNSENT and by.may(WORK.code)
    who = prescriber_of(course)
    told = timeline(subject_id=row.id)
    return ClaimPage(
        c, CLAIM.tone(_S(c.state)), _NEXT[_S(c.state)], head, course.drug_name, diagnoses_of(course),
        f"{who.name}, NPI {who.npi}",
        tuple(_line_row(line, corrects) for line in c.lines), acts, balance_of(row.id),
        tuple(denials_where(claim_id=row.id)),
        tuple(remitted_where(claim_id=row.id)), tuple(transfers_where(claim_id=row.id)), _changes(row.id),
        PatientPaymentForm() if c.patient_cents > 0 and by.may(WORK.code) else None, told, head.patient.timezone,
        _findings(row, found, course), row.state in _WAITS and by.may("exchange.claims.send"), sendings_of(row.id),
    )


_SOURCES = {"ticket": "/delivery/{}/", "visit": "/nursing/visits/{}/", "pump": "/therapy/{}/"}


def _line_row(line: ClaimLineFact, corrects: bool) -> LineRow:
    url = _SOURCES.get(line.source_kind.removeprefix("void "), "/nursing/visits/{}/").format(line.source_id)
    if line.source_kind == "claim":
        url = ""
    form = CorrectionForm(auto_id=f"{line.id}-%s", initial={
        "modifiers": " ".join(line.modifiers), "ndc": line.ndc, "description": line.description,
        "authorization": line.authorization,
    }) if corrects else None
    return LineRow(line, Money(line.charge_cents), Money(line.expected_cents), url, form)


def _changes(claim_id: UUID) -> tuple[Change, ...]:
    """What was corrected on the lines, field by field, from the journal."""
    found = []
    for e in Entry.objects.filter(subject_id=claim_id, verb="billing.claim.correct_line").order_by("-number"):
        for field, after in e.noted.get("after", {}).items():
            found.append(Change(e.at, f"line {e.noted['line']}, {field}", str(e.noted["before"].get(field, "")),
                str(after), e.sentence))
    return tuple(found)
