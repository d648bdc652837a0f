# SPDX-License-Identifier: Apache-2.0
"""Charges that were captured under an authorization, for intake to count against it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openinfusion.billing.models import ClaimLine
from openinfusion.intake.public import authorization_for, counted_uses


@dataclass(frozen=True, slots=True)
class AuthorizedUse:
    """Units of a code given under an authorization, up to a day; ``source`` names the charge."""

    authorization_id: UUID
    code: str
    units: int
    day: date
    source: str


def uncounted(since: datetime) -> Iterator[AuthorizedUse]:
    """Of the charges captured since then, those under an authorization that are not counted against it yet."""
    found = ClaimLine.objects.select_related("claim").filter(made_at__gte=since).exclude(authorization="")
    rows = list(found.order_by("made_at"))
    known = counted_uses([f"charge:{row.source_key}" for row in rows])
    for row in rows:
        source = f"charge:{row.source_key}"
        if source in known:
            continue
        held = authorization_for(row.first_on, patient_id=row.claim.patient_id)
        asked = next((a for a in held if a.number == row.authorization), None)
        if asked is not None:
            yield AuthorizedUse(asked.id, row.code, row.units, row.last_on, source)
