# SPDX-License-Identifier: Apache-2.0
"""Reads of second nurses, and of the time visits at homes hold of a nurse, in the first place or the second."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.nursing.domain.second_nurse import GOES, HOLDS, SecondState
from openinfusion.nursing.models import NurseTime, NurseVisit, SecondNurse


@dataclass(frozen=True, slots=True)
class SecondFact:
    """The second place of a visit as other rooms see it. ``nurse``: who is in it; who refused it is its ``refuser_name`` only."""

    id: UUID
    visit_id: UUID
    state: str
    why: str
    note: str
    nurse: UUID | None
    nurse_name: str
    signed_at: datetime | None
    version: int
    refuser_name: str = ""

    @property
    def wants_two(self) -> bool:
        """Whether somebody is to be there beside the first; not once the visit was let go on with one."""
        return self.state != SecondState.ALONE.value


def second_fact(row: SecondNurse) -> SecondFact:
    nurse, refused = holder_of(row), row.state == SecondState.REFUSED.value
    return SecondFact(
        row.id, row.visit_id, row.state, row.why, row.note, nurse, row.nurse_name if nurse else "", row.signed_at, row.version,
        row.nurse_name if refused else "",
    )


def holder_of(row: SecondNurse) -> UUID | None:
    """Who is in the second place or is offered it; nobody once she refused."""
    return row.nurse if row.state in HOLDS else None


def goes_there(visit: NurseVisit, nurse: UUID) -> bool:
    """Whether this nurse makes the visit: its first, or its second once she accepted."""
    return visit.nurse == nurse or SecondNurse.objects.filter(visit=visit, nurse=nurse, state__in=GOES).exists()


def second_row(visit: NurseVisit) -> SecondNurse | None:
    """The second place of a visit; None where one nurse makes it."""
    return SecondNurse.objects.select_related("visit").filter(visit=visit).first()


def seconds_of(visit_ids: Iterable[UUID]) -> dict[UUID, SecondFact]:
    """The second places of these visits, by visit."""
    ids = list(visit_ids)
    return {r.visit_id: second_fact(r) for r in SecondNurse.objects.filter(visit_id__in=ids)} if ids else {}


def visits_beside(nurse: UUID) -> list[UUID]:
    """The visits at which this nurse is, or is offered to be, the second."""
    return list(SecondNurse.objects.filter(nurse=nurse, state__in=HOLDS).values_list("visit_id", flat=True))


def overlapping(nurse: UUID, start: datetime, end: datetime, without: UUID | None) -> list[NurseVisit]:
    """Other visits of this nurse at that time, at homes, in either place; those in a suite are its appointments'."""
    held = NurseTime.objects.select_related("visit").filter(nurse=nurse, starts_at__lt=end, ends_at__gt=start)
    return [t.visit for t in held.exclude(visit_id__in=[without] if without else [])[:3]]


def time_held(start: datetime, end: datetime) -> list[tuple[UUID, datetime, datetime]]:
    """Who is at a home from when to when, of everybody, between two instants."""
    return list(NurseTime.objects.filter(starts_at__lt=end, ends_at__gt=start).values_list("nurse", "starts_at", "ends_at"))
