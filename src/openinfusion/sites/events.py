# SPDX-License-Identifier: Apache-2.0
"""News of the sites room: what went wrong in a place, from when, and what ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcursionBegan(News):
    """A reading left its range. ``place_kind``: room or cold_store."""

    excursion_id: UUID
    site_id: UUID
    place_kind: str
    place_id: UUID
    title: str
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcursionEnded(News):
    """The readings are in range again."""

    excursion_id: UUID
    site_id: UUID
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleExceeded(News):
    """A count is over its level. ``clear_at``: when the place was last known to be clear. ``place_kind``: room or hood."""

    sample_id: UUID
    site_id: UUID
    place_kind: str
    place_id: UUID
    title: str
    clear_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationFailed(News):
    """A room or hood did not pass. ``clear_at``: when it last did, or when it was set up."""

    certification_id: UUID
    site_id: UUID
    place_kind: str
    place_id: UUID
    title: str
    clear_at: datetime
