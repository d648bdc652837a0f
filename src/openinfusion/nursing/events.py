# SPDX-License-Identifier: Apache-2.0
"""News of nursing."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSigned(News):
    """The nurse signed the record of a visit; its minutes and what was done are read through the door."""

    visit_id: UUID
    therapy_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionRecorded(News):
    """A reaction was seen at a visit."""

    visit_id: UUID
    therapy_id: UUID
    site_id: UUID
    grade: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryQuestioned(News):
    """Something was done at a visit that a check speaks against, and is on record with its reason."""

    visit_id: UUID
    therapy_id: UUID
    site_id: UUID
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatChanged(News):
    """A booked appointment of a suite began (``check_in``), or did not take place (``miss``, ``cancel``, ``refuse``).

    ``starts_at``: as it was booked; ``at``: when this happened.
    """

    appointment_id: UUID
    site_id: UUID
    step: str
    starts_at: datetime
    at: datetime
