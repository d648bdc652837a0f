# SPDX-License-Identifier: Apache-2.0
"""Denials and underpayments as frozen facts, the appeals against denials, and which of them come again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.billing.domain.denial_work import DenialFacts
from openinfusion.billing.models import Appeal, Denial, Underpayment
from openinfusion.platform.action import fetch
from openinfusion.platform.house_day import house_today


@dataclass(frozen=True, slots=True)
class DenialFact:
    """One denial with what is next. ``worth_cents`` is the amount times the assumed share that comes back."""

    id: UUID
    claim_id: UUID
    claim: str
    patient_id: UUID
    site_id: UUID
    payer_name: str
    claim_state: str
    state: str
    code: str
    rarcs: tuple[str, ...]
    cents: int
    worth_cents: int
    meaning: str
    action_class: str
    cause: str
    edit: str
    next_step: str
    source: str
    told_on: date
    due_on: date
    level: int
    worker_id: UUID | None
    worker_name: str
    is_open: bool
    outcome: str
    line: str


@dataclass(frozen=True, slots=True)
class AppealFact:
    """One appeal as it was prepared and filed."""

    id: UUID
    level: int
    letter: str
    packet_file_id: UUID
    contents: tuple[str, ...]
    missing: tuple[str, ...]
    prepared_name: str
    filed_on: date | None
    answer_due_on: date | None
    sent_by: str
    answer: str


@dataclass(frozen=True, slots=True)
class ShortFact:
    """One line paid below its contract."""

    id: UUID
    claim_id: UUID
    claim: str
    site_id: UUID
    payer_name: str
    state: str
    line: str
    code: str
    expected_cents: int
    allowed_cents: int
    cents: int
    found_on: date
    remittance_id: UUID
    trace: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A reason that came more than once: how often, for how much, and which check before sending would have caught it."""

    code: str
    cause: str
    edit: str
    times: int
    claims: int
    cents: int
    payers: tuple[str, ...]


def denial_fact(d: Denial) -> DenialFact:
    c = d.claim
    return DenialFact(
        d.id,
        d.claim_id,
        c.control,
        c.patient_id,
        c.site_id,
        c.payer_name,
        c.state,
        d.state,
        f"{d.group}-{d.carc}",
        tuple(d.rarcs),
        d.cents,
        d.worth_cents,
        d.meaning,
        d.action_class,
        d.cause,
        d.edit,
        d.next_step,
        d.source,
        d.told_on,
        d.due_on,
        d.level,
        d.worker_id,
        d.worker_name,
        d.is_open,
        d.outcome,
        f"{d.line.number}: {d.line.code}" if d.line_id else "whole claim",
    )


def denials_where(*, limit: int = 500, order: tuple[str, ...] = ("-is_open", "due_on", "id"), **where: Any) -> list[DenialFact]:
    """Denials, the next due first unless another order is asked for."""
    rows = Denial.objects.filter(**where).select_related("claim", "line").order_by(*order)[:limit]
    return [denial_fact(d) for d in rows]


def denial_of(denial_id: UUID) -> DenialFact:
    return denial_fact(fetch(Denial, denial_id))


def appeals_of(denial_id: UUID) -> list[AppealFact]:
    """The appeals against a denial, the first level first."""
    return [
        AppealFact(
            a.id,
            a.level,
            a.letter,
            a.packet_file_id,
            tuple(a.contents),
            tuple(a.missing),
            a.prepared_name,
            a.filed_on,
            a.answer_due_on,
            a.sent_by,
            a.answer,
        )
        for a in Appeal.objects.filter(denial_id=denial_id).order_by("level")
    ]


def denial_facts(d: Denial) -> DenialFacts:
    """What the guards of this denial ask."""
    has_packet = Appeal.objects.filter(denial_id=d.id, level=d.level + 1).exists()
    return DenialFacts(d.level, has_packet, d.due_on, house_today())


def shorts_where(*, limit: int = 2000, **where: Any) -> list[ShortFact]:
    """Underpayments, the largest first."""
    rows = Underpayment.objects.filter(**where).select_related("claim", "line", "remittance").order_by("-cents", "id")[:limit]
    return [
        ShortFact(
            s.id,
            s.claim_id,
            s.claim.control,
            s.claim.site_id,
            s.claim.payer_name,
            s.state,
            f"{s.line.number}: {s.line.code}",
            s.line.code,
            s.expected_cents,
            s.allowed_cents,
            s.cents,
            s.found_on,
            s.remittance_id,
            s.remittance.trace,
            s.outcome,
        )
        for s in rows
    ]


def recurring(since: date) -> tuple[Recurrence, ...]:
    """Reasons that came more than once since a day, the dearest first."""
    return recurrences(denials_where(told_on__gte=since, limit=20_000))


def recurrences(found: Iterable[DenialFact]) -> tuple[Recurrence, ...]:
    """The reasons among these that came more than once."""
    groups: dict[tuple[str, str, str], list[DenialFact]] = {}
    for d in found:
        groups.setdefault((d.code, d.cause, d.edit), []).append(d)
    made = [
        Recurrence(
            code,
            cause,
            edit,
            len(rows),
            len({d.claim_id for d in rows}),
            sum(d.cents for d in rows),
            tuple(sorted({d.payer_name for d in rows})),
        )
        for (code, cause, edit), rows in groups.items()
        if len(rows) > 1
    ]
    return tuple(sorted(made, key=lambda r: -r.cents))
