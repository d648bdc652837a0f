# SPDX-License-Identifier: Apache-2.0
"""What an incident is opened with: what happened, where, when, with which lots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.quality.domain.incident import IncidentKind


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an incident is opened with. ``source`` is empty where a person opens it."""

    kind: IncidentKind
    title: str
    began_at: datetime
    site_id: UUID | None = None
    what: str = ""
    place_kind: str = ""
    place_id: UUID | None = None
    lot_ids: Sequence[UUID] = ()
    ended_at: datetime | None = None
    source: str = ""
