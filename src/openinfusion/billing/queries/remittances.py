# SPDX-License-Identifier: Apache-2.0
"""Remittances, what became of their claims, and denials, as frozen facts."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openinfusion.billing.models import Denial, Remittance, RemittanceClaim
from openinfusion.platform.action import fetch


@dataclass(frozen=True, slots=True)
class RemittedClaim:
    """One claim of a remittance and what became of it."""

    id: UUID
    remittance_id: UUID
    claim_id: UUID | None
    patient_control: str
    payer_control: str
    patient_name: str
    status: str
    charge_cents: int
    paid_cents: int
    matched_by: str
    outcome: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemittanceFact:
    """One payment."""

    id: UUID
    payer_name: str
    payer_key: str
    trace: str
    cents: int
    paid_on: date
    method: str
    file_name: str
    file_id: UUID | None
    gap_cents: int
    findings: tuple[str, ...]
    posted_cents: int
    claims: int
    suspended: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DenialFact:
    """One denial with what is next."""

    id: UUID
    claim_id: UUID
    claim: str
    payer_name: str
    claim_state: str
    code: str
    rarcs: tuple[str, ...]
    cents: int
    meaning: str
    action_class: str
    next_step: str
    source: str
    told_on: date
    due_on: date
    is_open: bool
    outcome: str
    line: str


def remittance_fact(r: Remittance) -> RemittanceFact:
    return RemittanceFact(
        r.id, r.payer_name, r.payer_key, r.trace, r.cents, r.paid_on, r.method, r.file_name, r.file_id, r.gap_cents,
        tuple(r.findings), r.posted_cents, r.claims, r.suspended, r.made_at,
    )


def remittance_of(remittance_id: UUID) -> RemittanceFact:
    return remittance_fact(fetch(Remittance, remittance_id))


def remittances(limit: int = 200) -> list[RemittanceFact]:
    return [remittance_fact(r) for r in Remittance.objects.order_by("-paid_on", "-made_at")[:limit]]


def remitted_where(*, limit: int = 500, **where: object) -> list[RemittedClaim]:
    rows = RemittanceClaim.objects.filter(**where).order_by("made_at", "id")[:limit]
    return [
        RemittedClaim(
            r.id, r.remittance_id, r.claim_id, r.patient_control, r.payer_control, r.patient_name, r.status,
            r.charge_cents,
            r.paid_cents, r.matched_by, r.outcome, tuple(r.findings),
        ) for r in rows
    ]


def denials_where(*, limit: int = 500, **where: object) -> list[DenialFact]:
    """Denials, the next due first."""
    rows = Denial.objects.filter(**where).select_related("claim", "line").order_by("-is_open", "due_on", "id")[:limit]
    return [
        DenialFact(
            d.id, d.claim_id, d.claim.control, d.claim.payer_name, d.claim.state, f"{d.group}-{d.carc}", tuple(d.rarcs),
            d.cents, d.meaning, d.action_class, d.next_step, d.source, d.told_on, d.due_on, d.is_open, d.outcome,
            f"{d.line.number}: {d.line.code}" if d.line_id else "whole claim",
        ) for d in rows
    ]
