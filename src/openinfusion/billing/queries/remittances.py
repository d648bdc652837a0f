# SPDX-License-Identifier: Apache-2.0
"""Remittances and what became of their claims, as frozen facts."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openinfusion.billing.models import Remittance, RemittanceClaim
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


def deposit_words(remittance_id: UUID) -> str:
    """By which deposit a payment arrived, in words."""
    row = Remittance.objects.select_related("deposit").get(pk=remittance_id)
    if row.deposit is None:
        return "not arrived yet" if row.cents else "no money in it"
    return f"{row.deposit.method} of {row.deposit.on:%d-%b-%Y} {row.deposit.trace}".strip()
