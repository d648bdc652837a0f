# SPDX-License-Identifier: Apache-2.0
"""Hard stops passed in an emergency: those in force, those to confirm or review, and all of them for the rules page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openinfusion.clinical.domain.break_glass import emergency_reasons
from openinfusion.clinical.models import BreakGlass
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now
from openinfusion.platform.reading import Reading


@dataclass(frozen=True, slots=True)
class PassFact:
    id: UUID
    state: str
    review_id: UUID
    prescription_id: UUID
    patient_id: UUID
    patient: str
    fingerprint: str
    code: str
    title: str
    text: str
    reason_code: str
    reason_text: str
    note: str
    prescriber: str
    reached_at: datetime
    proposed_by: UUID
    proposer_name: str
    made_at: datetime
    confirmed_by: UUID | None
    confirmer_name: str
    confirmed_at: datetime | None
    ends_at: datetime | None
    review_due_at: datetime | None
    reviewer_name: str
    reviewed_at: datetime | None
    judgement: str
    version: int

    @property
    def open(self) -> bool:
        return self.state in ("proposed", "in_force")


def passes_where(limit: int = 200, **where: Any) -> list[PassFact]:
    """Newest first."""
    rows = list(BreakGlass.objects.filter(**where).order_by("-made_at", "-id")[:limit])
    names, texts = patients.patients(list({r.patient_id for r in rows})), emergency_reasons()
    same = ("id", "state", "review_id", "prescription_id", "patient_id", "fingerprint", "code", "title", "text", "reason_code",
            "note", "prescriber", "reached_at", "proposed_by", "proposer_name", "made_at", "confirmed_by", "confirmer_name",
            "confirmed_at", "ends_at", "review_due_at", "reviewer_name", "reviewed_at", "judgement", "version")
    return [
        PassFact(**{name: getattr(r, name) for name in same}, patient=names[r.patient_id].name,
                 reason_text=texts.get(r.reason_code, r.reason_code))
        for r in rows
    ]


def open_passes(prescription_id: UUID) -> list[PassFact]:
    """The passes of an order that are asked for or in force."""
    return passes_where(prescription_id=prescription_id, state__in=["proposed", "in_force"])


_IN_FORCE = Reading(lambda among: BreakGlass.objects.filter(among("review_id"), state="in_force"), "fingerprint", "ends_at")
_IN_FORCE_OF_ORDER = Reading(lambda among: BreakGlass.objects.filter(among("prescription_id"), state="in_force"), "ends_at")


def passed(review_id: UUID) -> frozenset[str]:
    """The fingerprints of the hard stops of a review that are passed at this moment."""
    at = now()
    return frozenset(row.fingerprint for row in _IN_FORCE([review_id]) if row.ends_at > at)


def run_out(prescription_id: UUID) -> bool:
    """Whether a pass this order was verified on has come to its end and nobody has ended it yet."""
    at = now()
    return any(row.ends_at <= at for row in _IN_FORCE_OF_ORDER([prescription_id]))


def to_end() -> list[UUID]:
    """The passes whose end has come."""
    return list(BreakGlass.objects.filter(state="in_force", ends_at__lte=now()).order_by("ends_at").values_list("id", flat=True))
