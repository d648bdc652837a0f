# SPDX-License-Identifier: Apache-2.0
"""Where nurses are on the road: their homes, and where they were last on a day. For plans, and for who may see it."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from openinfusion.kernel.position import Position, position_of
from openinfusion.nursing.models import NurseHome, NurseVisit
from openinfusion.nursing.queries.board import day_span
from openinfusion.nursing.queries.second import seconds_of
from openinfusion.patients.public import patients

_UNDER_WAY = ("en_route", "in_progress", "documented", "reviewed", "signed", "billable")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place on the road: the ZIP code, and the point where it is known. ``visit``: the number of the visit there, empty for

    a nurse's home.
    """

    zip_code: str
    point: Position | None
    visit: str = ""


def homes_of(nurses: Iterable[UUID]) -> dict[UUID, Whereabouts]:
    """Where the days of these nurses begin and end, of those who begin at home."""
    rows = NurseHome.objects.filter(nurse__in=list(nurses))
    return {r.nurse: Whereabouts(r.zip_code, position_of(r.latitude, r.longitude)) for r in rows}


def last_seen(nurses: Iterable[UUID], day: date, site_id: UUID) -> dict[UUID, Whereabouts]:
    """The home of the patient to whom each nurse went last on a day, or is on her way; in the first place or the second."""
    start, end = day_span(day, site_id)
    rows = list(
        NurseVisit.objects.filter(Q(started_at__range=(start, end)) | Q(state="en_route", planned_start__range=(start, end)),
                                  in_suite=False, state__in=_UNDER_WAY)
        .annotate(began=Coalesce("started_at", "planned_start")).order_by("began")
    )
    wanted, who, beside = set(nurses), patients([v.patient_id for v in rows]), seconds_of(v.id for v in rows)
    found: dict[UUID, Whereabouts] = {}
    for v in rows:  # the last one of each stays
        for nurse in (v.nurse, beside[v.id].nurse if v.id in beside else None):
            if nurse in wanted and nurse is not None and (p := who.get(v.patient_id)) is not None:
                found[nurse] = Whereabouts(p.address.zip, p.address.point, v.number)
    return found
