# SPDX-License-Identifier: Apache-2.0
"""News of nursing."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSigned(News):
    """The nurse signed the record of a visit; its minutes and what was done are read through the door."""

    visit_id: UUID
    therapy_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionRecorded(News):
    """A reaction was seen during an infusion."""

    visit_id: UUID
    therapy_id: UUID
    grade: int
