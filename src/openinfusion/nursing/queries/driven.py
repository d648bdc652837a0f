# SPDX-License-Identifier: Apache-2.0
"""The visits that each nurse went to, day by day, in either place: what ways really took is read off them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from openinfusion.kernel.local_day import begins, day_of, ends
from openinfusion.kernel.position import Position
from openinfusion.kernel.refusal import Broken
from openinfusion.nursing.domain.second_nurse import SecondState
from openinfusion.nursing.domain.visit import VisitState
from openinfusion.nursing.models import Mileage, NurseVisit, SecondNurse
from openinfusion.patients.public import PatientFact, patients
from openinfusion.platform.house_day import house_zone


@dataclass(frozen=True, slots=True)
class VisitGone:
    """A visit a nurse went to, as its first nurse or its second, on a day of the patient's clock.

    ``started_at`` None: she was there for nothing, it was missed. ``miles``: her own, None where she entered none.
    ``zip_code`` and ``point`` are where the patient lives now.
    """

    visit_id: UUID
    nurse: UUID
    nurse_name: str
    day: date
    site_id: UUID
    patient: str
    zip_code: str
    point: Position | None
    zone: str
    planned_start: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    in_suite: bool
    miles: Decimal | None


def visits_gone(first: date, last: date) -> list[VisitGone]:
    """By nurse and time, of every site: a way may lead from one site's patient to another's."""
    since, until = begins(first - timedelta(days=1), house_zone()), ends(last + timedelta(days=1), house_zone())
    began = Q(started_at__gte=since, started_at__lt=until)
    missed = Q(state=VisitState.MISSED.value, planned_start__gte=since, planned_start__lt=until)
    visits = {v.id: v for v in NurseVisit.objects.filter(began | missed)}
    people = patients(list({v.patient_id for v in visits.values()}))
    drove = {(m.visit_id, m.nurse): m.miles for m in Mileage.objects.filter(visit_id__in=list(visits))}
    found = [
        _gone(visits[id], nurse, name, people[visits[id].patient_id], drove.get((id, nurse)))
        for id, nurse, name in (*_firsts(visits), *_seconds(visits))
    ]
    return sorted((v for v in found if first <= v.day <= last), key=lambda v: (str(v.nurse), _begun(v)))


def _firsts(visits: dict[UUID, NurseVisit]) -> Iterator[tuple[UUID, UUID, str]]:
    yield from ((v.id, v.nurse, v.nurse_name) for v in visits.values() if v.nurse is not None)


def _seconds(visits: dict[UUID, NurseVisit]) -> Iterator[tuple[UUID, UUID, str]]:
    rows = SecondNurse.objects.filter(visit_id__in=list(visits), state=SecondState.PRESENT.value)
    yield from ((r.visit_id, r.nurse, r.nurse_name) for r in rows if r.nurse is not None)


def _gone(v: NurseVisit, nurse: UUID, name: str, who: PatientFact, miles: Decimal | None) -> VisitGone:
    return VisitGone(
        v.id, nurse, name, day_of(_begun(v), who.timezone or house_zone()), v.site_id, who.name, who.address.zip,
        who.address.point, who.timezone, v.planned_start, v.started_at, v.ended_at, v.in_suite, miles,
    )  # fmt: skip


def _begun(v: NurseVisit | VisitGone) -> datetime:
    """When she was there, or was to be."""
    at = v.started_at or v.planned_start
    if at is None:
        raise Broken(f"visit {v} was read by its time and has none")
    return at
