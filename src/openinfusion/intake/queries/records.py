# SPDX-License-Identifier: Apache-2.0
"""Reads of what belongs to a referral: authorizations, benefits, the patient's assessment."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from openinfusion.intake import models
from openinfusion.intake.adapters import renewal_warn_days
from openinfusion.intake.domain.authorization import (
    HOLDING,
    AuthorizationState,
    calendar_step,
)
from openinfusion.platform.house_day import house_today


@dataclass(frozen=True, slots=True)
class AuthorizationFact:
    """An authorization as other rooms see it. ``units`` by billing code; 0 means without a limit."""

    id: UUID
    state: str
    referral_id: UUID
    patient_id: UUID
    plan_id: UUID
    number: str
    first: date | None
    last: date | None
    units: dict[str, int]
    submitted_at: datetime | None
    decided_at: datetime | None
    version: int
    urgent: bool = False
    transport: str = ""
    due_at: datetime | None = None
    due_words: str = ""
    due_binds: bool = False
    denial_reason: str = ""
    peer_until: date | None = None
    appeal_until: date | None = None
    appeal_level: int = 0
    renews: UUID | None = None
    letter: str = ""

    def covers(self, code: str, day: date) -> bool:
        """Whether it names this code on this day; one without codes named covers all."""
        inside = self.first is not None and self.last is not None and self.first <= day <= self.last
        return inside and (code in self.units or not self.units)


def authorization_fact(row: models.Authorization) -> AuthorizationFact:
    return AuthorizationFact(
        row.id, row.state, row.referral_id, row.patient_id, row.plan_id, row.number, row.first_on, row.last_on,
        {code: int(n) for code, n in row.units.items()}, row.submitted_at, row.decided_at, row.version, row.urgent,
        row.transport, row.due_at, row.due_words, row.due_binds, row.denial_reason, row.peer_until, row.appeal_until,
        row.appeal_level, row.renews, row.letter,
    )


def authorizations_where(**where: object) -> list[AuthorizationFact]:
    return [
        authorization_fact(row)
        for row in models.Authorization.objects.filter(**where).order_by("-first_on", "-made_at")
    ]


def due_authorizations() -> list[tuple[UUID, str]]:
    """The authorizations of which the calendar asks a step today, each with that step."""
    today, days = house_today(), renewal_warn_days()
    rows = models.Authorization.objects.filter(state__in=[s.value for s in HOLDING])
    asked = [
        (r.id, calendar_step(AuthorizationState(r.state), r.first_on, r.last_on, today, days))
        for r in rows
        if r.first_on is not None and r.last_on is not None
    ]
    return [(id, step) for id, step in asked if step]


def authorizations_on(on: date, **where: object) -> list[AuthorizationFact]:
    return authorizations_where(
        state__in=[s.value for s in HOLDING], first_on__lte=on, last_on__gte=on, **where,
    )


@dataclass(frozen=True, slots=True)
class BenefitsFact:
    plan_id: UUID
    verified_on: date
    in_network: bool
    deductible_cents: int | None
    deductible_met_cents: int | None
    coinsurance_pct: Decimal | None
    copay_cents: int | None
    out_of_pocket_left_cents: int | None
    authorization_wanted: bool | None
    call_reference: str
    note: str
    recorded_name: str
    active: bool | None = None
    deductible_left_cents: int | None = None
    said: tuple[str, ...] = ()
    file_id: UUID | None = None


def benefits_of(referral_id: UUID) -> BenefitsFact | None:
    """The latest benefits of a referral; None when none are recorded."""
    row = models.Benefits.objects.filter(referral_id=referral_id).order_by("-made_at").first()
    if row is None:
        return None
    return BenefitsFact(
        row.plan_id,
        row.verified_on,
        row.in_network,
        row.deductible_cents,
        row.deductible_met_cents,
        row.coinsurance_pct,
        row.copay_cents,
        row.out_of_pocket_left_cents,
        row.authorization_wanted,
        row.call_reference,
        row.note,
        row.recorded_name,
        row.active,
        row.deductible_left_cents,
        tuple(row.said),
        row.file_id,
    )


@dataclass(frozen=True, slots=True)
class AssessmentFact:
    assessed_on: date
    willing: bool
    able_to_learn: bool
    caregiver_willing: bool
    communicates: bool
    first_dose_before: bool
    services: tuple[str, ...]
    note: str
    assessed_name: str


def assessment_of(referral_id: UUID) -> AssessmentFact | None:
    """The latest patient assessment; None when there is none."""
    row = models.Assessment.objects.filter(referral_id=referral_id).order_by("-made_at").first()
    if row is None:
        return None
    return AssessmentFact(
        row.assessed_on, row.willing, row.able_to_learn, row.caregiver_willing, row.communicates, row.first_dose_before,
        tuple(row.services), row.note, row.assessed_name,
    )
