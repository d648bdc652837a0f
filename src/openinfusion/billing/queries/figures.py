# SPDX-License-Identifier: Apache-2.0
"""Figures of the revenue cycle over a span of days and a pharmacy, each with the rows it is made of; read-only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Sum

from openinfusion.billing.domain.claim import UNANSWERED, ClaimState
from openinfusion.billing.domain.ledger import Account
from openinfusion.billing.models import Claim, Cost, Denial, LedgerTransfer, RemittanceClaim, WriteOff
from openinfusion.billing.models.remittance import APPLIED
from openinfusion.kernel.local_day import instants
from openinfusion.platform.house_day import house_day_of, house_today, house_zone
from openinfusion.platform.models import Entry
from openinfusion.therapy.public import therapies_by_id

CLEAN_STEPS = ("billing.claim.reject", "billing.claim.correct")


@dataclass(frozen=True, slots=True)
class Frame:
    """Which days, both inclusive, and which pharmacy (None: all of them)."""

    first: date
    last: date
    site_id: UUID | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def of_site(self, prefix: str = "") -> dict[str, Any]:
        return {f"{prefix}site_id": self.site_id} if self.site_id else {}


@dataclass(frozen=True, slots=True)
class Sent:
    """A claim that was sent in the span: whether it went through without a touch, and how long after the last day of care."""

    claim_id: UUID
    claim: str
    payer: str
    sent_on: date
    lag_days: int
    clean: bool
    is_answered: bool
    charge_cents: int


def _sent_in(f: Frame) -> dict[str, Any]:
    """Claims sent on these days of the house, from this pharmacy."""
    span = instants(f.first, f.last, house_zone())
    return {"submitted_at__gte": span.start, "submitted_at__lt": span.end} | f.of_site()


def sent_claims(f: Frame) -> list[Sent]:
    """Claims first sent in the span; a rejection or a correction makes one unclean."""
    rows = Claim.objects.filter(**_sent_in(f)).order_by("submitted_at")
    claims = list(rows)
    touched = set(
        Entry.objects.filter(verb__in=CLEAN_STEPS, subject_id__in=[c.id for c in claims]).values_list("subject_id", flat=True)
    )
    waiting = {s.value for s in UNANSWERED}
    return [
        Sent(
            c.id,
            c.control,
            c.payer_name,
            on,
            (on - (c.last_on or on)).days,
            c.id not in touched,
            c.state not in waiting or c.state == ClaimState.ACCEPTED.value,
            c.charge_cents,
        )
        for c, on in ((c, house_day_of(c.submitted_at)) for c in claims if c.submitted_at is not None)
    ]


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """A payer's first answer to a claim, posted in the span: paid at once, or with denials; who worked them and why."""

    claim_id: UUID
    claim: str
    payer: str
    on: date
    charge_cents: int
    paid_cents: int
    denied_cents: int
    causes: tuple[str, ...]
    codes: tuple[str, ...]
    sender: str

    @property
    def is_denied(self) -> bool:
        return self.denied_cents > 0


def first_answers(f: Frame) -> list[Adjudicated]:
    """The first answer to each claim whose first answer lies in the span."""
    rows = RemittanceClaim.objects.filter(outcome__in=APPLIED, claim__isnull=False, **f.of_site("claim__")).exclude(status="22")
    first: dict[UUID, RemittanceClaim] = {}
    for r in rows.select_related("claim", "remittance").order_by("remittance__paid_on", "made_at"):
        first.setdefault(r.claim_id, r)  # type: ignore[arg-type]
    shown = [r for r in first.values() if f.first <= r.remittance.paid_on <= f.last]
    denied: dict[tuple[UUID, UUID], list[Denial]] = {}
    for d in Denial.objects.filter(claim_id__in=[r.claim_id for r in shown]):
        denied.setdefault((d.claim_id, d.remittance_id), []).append(d)
    senders = dict(
        Entry.objects.filter(verb__in=["billing.claim.queue", "billing.claim.submit"], subject_id__in=[r.claim_id for r in shown])
        .order_by("-number")
        .values_list("subject_id", "actor_name")
    )
    return [_adjudicated(r, denied.get((r.claim_id, r.remittance_id), []), senders) for r in shown if r.claim]  # type: ignore[arg-type]


def _adjudicated(r: RemittanceClaim, denied: list[Denial], senders: dict[UUID, str]) -> Adjudicated:
    assert r.claim is not None
    return Adjudicated(
        r.claim.id,
        r.claim.control,
        r.claim.payer_name,
        r.remittance.paid_on,
        r.charge_cents,
        r.paid_cents,
        sum(d.cents for d in denied),
        tuple(sorted({d.cause or "not known" for d in denied})),
        tuple(sorted({str(d) for d in denied})),
        senders.get(r.claim.id, "not known"),
    )


@dataclass(frozen=True, slots=True)
class Collected:
    """What a payer's claims moved in the span, in cents."""

    payer: str
    charged_cents: int
    contractual_cents: int
    cash_cents: int
    written_off_cents: int
    avoidable_cents: int

    @property
    def net_cents(self) -> int:
        """Charges less what the contracts take off: what could be collected."""
        return self.charged_cents - self.contractual_cents


def collections(f: Frame) -> list[Collected]:
    """Charges, contract adjustments, cash and write-offs of the span, by payer."""
    sums: dict[str, dict[str, int]] = {}
    rows = LedgerTransfer.objects.filter(on__range=(f.first, f.last), claim__isnull=False, **f.of_site("claim__")).order_by()
    for payer, debit, credit, amount in rows.values_list("claim__payer_name", "debit", "credit").annotate(c=Sum("cents")):
        one = sums.setdefault(payer or "no payer", {})
        one[debit] = one.get(debit, 0) + amount
        one[credit] = one.get(credit, 0) - amount
    avoidable: dict[str, int] = {}
    offs = WriteOff.objects.filter(
        posted_on__range=(f.first, f.last), avoidable=True, state="posted", **f.of_site("claim__")
    ).order_by()
    for payer, amount in offs.values_list("claim__payer_name").annotate(c=Sum("cents")):
        avoidable[payer or "no payer"] = amount
    return [
        Collected(
            payer,
            -s.get(Account.REVENUE, 0),
            s.get(Account.CONTRACTUAL, 0) + s.get(Account.SEQUESTRATION, 0),
            s.get(Account.CASH, 0),
            s.get(Account.WRITE_OFF, 0) + s.get(Account.ASSISTANCE, 0),
            avoidable.get(payer, 0),
        )
        for payer, s in sorted(sums.items())
    ]


@dataclass(frozen=True, slots=True)
class Receivable:
    """What a claim still owes on a day, valued by the contract where it promises less than what is open."""

    claim_id: UUID
    claim: str
    payer: str
    days: int
    open_cents: int
    net_cents: int


def receivables_of(f: Frame) -> list[Receivable]:
    """Open balances of claims that were sent, as they stand now, with their age and their value under the contract."""
    today = house_today()
    rows = Claim.objects.filter(open_cents__gt=0, submitted_at__isnull=False, **f.of_site()).order_by("submitted_at")
    return [
        Receivable(
            c.id,
            c.control,
            c.payer_name or "no payer",
            (today - house_day_of(c.submitted_at)).days,
            c.open_cents,
            min(c.open_cents, max(c.expected_cents - c.paid_cents - c.patient_cents, 0)) if c.expected_cents else c.open_cents,
        )
        for c in rows
        if c.submitted_at is not None
    ]


def net_charged(f: Frame) -> int:
    """What the contracts promise for the claims sent in the span, in cents: the denominator of days sales outstanding."""
    rows = Claim.objects.filter(**_sent_in(f))
    return sum(c.expected_cents or c.charge_cents for c in rows.only("expected_cents", "charge_cents"))


@dataclass(frozen=True, slots=True)
class MarginOf:
    """What one therapy moved in the span, with everything it may be grouped by."""

    therapy_id: UUID
    number: str
    therapy_class: str
    drug: str
    payer: str
    prescriber: str
    patient_id: UUID
    income_cents: int
    cost_cents: int

    @property
    def margin_cents(self) -> int:
        return self.income_cents - self.cost_cents


def margins_of(f: Frame) -> list[MarginOf]:
    """Cash and patients' shares less cost, entered in the span, by therapy."""
    span = {"on__range": (f.first, f.last)} | f.of_site("therapy__")
    income: dict[UUID, int] = {}
    for sign, side in ((1, "debit"), (-1, "credit")):
        rows = LedgerTransfer.objects.filter(
            **span, therapy__isnull=False, **{f"{side}__in": [Account.CASH.value, Account.PATIENT.value]}
        )
        for therapy_id, amount in rows.order_by().values_list("therapy_id").annotate(c=Sum("cents")):
            income[therapy_id] = income.get(therapy_id, 0) + sign * amount
    costs = dict(Cost.objects.filter(**span).order_by().values_list("therapy_id").annotate(c=Sum("cents")))
    courses = therapies_by_id({**income, **costs})
    payers = dict(Claim.objects.filter(therapy_id__in=list(courses)).order_by("-made_at").values_list("therapy_id", "payer_name"))
    return [
        MarginOf(
            i,
            t.number,
            t.therapy_class,
            t.drug_name,
            payers.get(i) or "no payer",
            t.prescriber_name or "not recorded",
            t.patient_id,
            income.get(i, 0),
            int(costs.get(i, 0)),
        )
        for i, t in courses.items()
    ]
