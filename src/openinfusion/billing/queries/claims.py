# SPDX-License-Identifier: Apache-2.0
"""Claims and their lines as frozen facts, and the facts their machine asks for."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.billing.domain.claim import ClaimFacts, ClaimState
from openinfusion.billing.domain.scrub.finding import Finding, finding_of
from openinfusion.billing.models import Claim, ClaimLine
from openinfusion.kernel.refusal import Reason
from openinfusion.patients.public import coverage
from openinfusion.platform.action import fetch
from openinfusion.platform.rows import rows_by


@dataclass(frozen=True, slots=True)
class ClaimLineFact:
    """One line of a claim."""

    id: UUID
    number: int
    control: str
    kind: str
    source_kind: str
    source_id: UUID
    code: str
    modifiers: tuple[str, ...]
    units: int
    first_on: date
    last_on: date
    charge_cents: int
    expected_cents: int
    has_rate: bool
    description: str
    evidence: str
    ndc: str
    ndc_amount: Decimal | None
    ndc_unit: str
    rx_number: str
    rx_on: date | None
    authorization: str
    needs_authorization: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """A claim: everything an 837P needs that billing knows; people and places are asked by their ids."""

    id: UUID
    control: str
    state: str
    patient_id: UUID
    therapy_id: UUID
    site_id: UUID
    plan_id: UUID | None
    payer_name: str
    member_id: str
    group_number: str
    authorization: str
    rank: str
    frequency: str
    payer_control: str
    holds: tuple[Reason, ...]
    first_on: date | None
    last_on: date | None
    timely_until: date | None
    submitted_at: datetime | None
    sent_in: str
    charge_cents: int
    expected_cents: int
    paid_cents: int
    open_cents: int
    patient_cents: int
    since: datetime
    version: int
    lines: tuple[ClaimLineFact, ...] = ()
    form: str = "837P"
    primary_id: UUID | None = None
    findings: tuple[Finding, ...] = ()
    file_id: UUID | None = None


def line_fact(row: ClaimLine) -> ClaimLineFact:
    return ClaimLineFact(
        row.id, row.number, row.control, row.kind, row.source_kind, row.source_id, row.code, tuple(row.modifiers),
        row.units,
        row.first_on, row.last_on, row.charge_cents, row.expected_cents, row.has_rate, row.description, row.evidence,
        row.ndc, row.ndc_amount, row.ndc_unit, row.rx_number, row.rx_on, row.authorization, row.needs_authorization,
        row.place,
    )


def claim_fact(c: Claim, lines: Iterable[ClaimLine] = ()) -> ClaimFact:
    return ClaimFact(
        c.id, c.control, c.state, c.patient_id, c.therapy_id, c.site_id, c.plan_id, c.payer_name, c.member_id,
        c.group_number, c.authorization, c.rank, c.frequency, c.payer_control, holds_of(c), c.first_on, c.last_on,
        c.timely_until, c.submitted_at, c.sent_in, c.charge_cents, c.expected_cents, c.paid_cents, c.open_cents,
        c.patient_cents, c.made_at, c.version, tuple(line_fact(row) for row in lines), c.form, c.primary_id,
        tuple(finding_of(f) for f in c.findings), c.file_id,
    )


def holds_of(c: Claim) -> tuple[Reason, ...]:
    return tuple(Reason(h["code"], h["text"], h.get("clears", "")) for h in c.holds)


def lines_of(claim: Claim) -> list[ClaimLine]:
    """The lines of a claim as it stands; what was dropped after it had been sent is none of them."""
    return [row for row in rows_by(ClaimLine, "claim", claim.id, order=("number",)) if not row.is_dropped]


def claim_of(claim_id: UUID) -> ClaimFact:
    row = fetch(Claim, claim_id)
    return claim_fact(row, lines_of(row))


def claims_where(*, with_lines: bool = False, order: str = "made_at", limit: int = 2000,
    **where: Any) -> list[ClaimFact]:
    """Claims that fit; their lines too where asked, in one query more."""
    rows = list(Claim.objects.filter(**where).order_by(order)[:limit])
    lines: dict[UUID, list[ClaimLine]] = {r.id: [] for r in rows}
    if with_lines:
        for line in ClaimLine.objects.filter(claim__in=rows, is_dropped=False).order_by("number"):
            lines[line.claim_id].append(line)
    return [claim_fact(r, lines[r.id]) for r in rows]


_ASKS_SECONDARY = frozenset({ClaimState.PAID.value, ClaimState.PARTIAL.value})


def facts_of(c: Claim, holds: Sequence[Reason] | None = None) -> ClaimFacts:
    """What the guards of this claim ask. ``holds`` are the fresh ones, else those written on the claim."""
    secondary = c.state in _ASKS_SECONDARY and len(coverage(c.patient_id)) > 1
    return ClaimFacts(
        tuple(holds) if holds is not None else holds_of(c), c.open_cents, c.patient_cents, secondary, c.frequency,
        c.payer_control, c.paid_cents,
    )
