# SPDX-License-Identifier: Apache-2.0
"""News that travels up the street: what happened, told by the room it happened in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Base of every event. ``patient_id`` orders deliveries: one patient's news arrives in the order it happened.

    Fields of subclasses are UUID, str, int, date or datetime only, so that news can be stored beside the journal entry.
    """

    patient_id: UUID | None = None
