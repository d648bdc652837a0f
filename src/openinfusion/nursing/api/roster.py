# SPDX-License-Identifier: Apache-2.0
"""The roster as JSON: shifts and time off, agencies, miles, handovers, and what a plan of visits needs."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.kernel.position import position_of
from openinfusion.nursing.actions.aftermath import enter_miles, hand_over_to, read_handover
from openinfusion.nursing.actions.home import drop_home, keep_home
from openinfusion.nursing.actions.roster import end_time_of, keep_agency, plan_time_of, send_from_agency
from openinfusion.nursing.api.router import router
from openinfusion.nursing.permissions import HAND_OVER, READ
from openinfusion.nursing.queries.board import NurseOfDay, VisitWanted, nurses_of, visits_waiting
from openinfusion.nursing.queries.roster import (
    AgencyFact,
    AvailabilityFact,
    BreakFact,
    HandoverFact,
    MileageFact,
    agencies,
    breaks_ahead,
    handovers_of,
    mileage_of,
    miles_driven,
    planned_between,
)
from openinfusion.platform.api import Amount, Instant, Whole


class StretchIn(Schema):
    nurse_id: UUID
    kind: str
    starts_at: Instant
    ends_at: Instant
    site_id: UUID | None = None
    note: str = ""
    sick: bool = False
    overtime_minutes: Whole = 0


class StretchOut(Schema):
    id: UUID
    nurse: UUID
    nurse_name: str
    site_id: UUID | None
    kind: str
    starts_at: datetime
    ends_at: datetime
    sick: bool
    note: str
    overtime_minutes: int


class AgencyIn(Schema):
    name: str
    phone: str
    contract_until: date
    licence_number: str
    licence_state: str
    licence_until: date
    insurance_until: date
    contact: str = ""
    competencies_on: date | None = None
    hour_cents: Whole = 0
    agency_id: UUID | None = None


class HomeIn(Schema):
    zip_code: str
    latitude: Amount | None = None
    longitude: Amount | None = None


class MilesIn(Schema):
    miles: Amount


class MilesOut(Schema):
    visit_id: UUID
    nurse: UUID
    nurse_name: str
    driven_on: date
    miles: Decimal
    cents_per_mile: Decimal
    cents: int


class HandoverIn(Schema):
    therapy_id: UUID
    situation: str
    recommendation: str
    background: str = ""
    assessment: str = ""
    for_nurse: UUID | None = None
    visit_id: UUID | None = None


class HandoverOut(Schema):
    id: UUID
    patient_id: UUID
    for_nurse: UUID | None
    situation: str
    background: str
    assessment: str
    recommendation: str
    writer_name: str
    written_at: datetime
    read_at: datetime | None
    reader_name: str


class IdOut(Schema):
    id: UUID


@router.get("/roster", response=list[StretchOut])
def roster(request: HttpRequest, start: Instant, end: Instant, nurse_id: UUID | None = None) -> list[AvailabilityFact]:
    """Shifts and time off that touch these hours."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return planned_between(start, end, nurse_id)


@router.get("/breaks", response=list[BreakFact])
def break_list(request: HttpRequest, first: date, last: date, nurse_id: UUID | None = None) -> list[BreakFact]:
    """The breaks that plans gave nurses on these days; nobody records one taken. ``crossed``: a visit stands over it."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return breaks_ahead(first, last, nurse_id)


@router.post("/roster", response=IdOut)
def roster_plan(request: HttpRequest, said: StretchIn) -> dict[str, UUID]:
    """Plan a shift or time off; 409 where one of that kind overlaps."""
    return {"id": plan_time_of(by=request.actor, **said.dict())}  # type: ignore[attr-defined]


@router.post("/roster/{availability_id}/end", response=IdOut)
def roster_end(request: HttpRequest, availability_id: UUID) -> dict[str, UUID]:
    """Take a planned stretch back."""
    return {"id": end_time_of(availability_id=availability_id, by=request.actor)}  # type: ignore[attr-defined]


@router.get("/agencies", response=list[AgencyFact])
def agency_list(request: HttpRequest) -> list[AgencyFact]:
    """Agencies with what their contracts rest on, and the nurses who come from them."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return agencies()


@router.post("/agencies", response=IdOut)
def agency_keep(request: HttpRequest, said: AgencyIn) -> dict[str, UUID]:
    """Enter an agency, or what was renewed of it."""
    return {"id": keep_agency(by=request.actor, **said.dict())}  # type: ignore[attr-defined]


@router.post("/agencies/{agency_id}/nurses/{nurse_id}", response=IdOut)
def agency_send(request: HttpRequest, agency_id: UUID, nurse_id: UUID) -> dict[str, UUID]:
    """A nurse comes from this agency."""
    return {"id": send_from_agency(agency_id=agency_id, nurse_id=nurse_id, by=request.actor)}  # type: ignore[attr-defined]


@router.post("/visits/{visit_id}/miles", response=MilesOut)
def miles(request: HttpRequest, visit_id: UUID, said: MilesIn) -> MileageFact:
    """One's own miles for a visit, as its first nurse or its second, paid at the rate of its day."""
    by = request.actor  # type: ignore[attr-defined]
    enter_miles(visit_id=visit_id, miles=said.miles, by=by)
    return next(m for m in mileage_of(visit_id) if m.nurse == by.id)


@router.get("/miles", response=list[MilesOut])
def miles_list(request: HttpRequest, first: date, last: date, nurse_id: UUID | None = None) -> list[MileageFact]:
    """Miles of these days."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return miles_driven(first, last, nurse_id)


@router.get("/handovers", response=list[HandoverOut])
def handovers(request: HttpRequest, patient_id: UUID) -> list[HandoverFact]:
    """Handover notes about a patient, newest first."""
    request.actor.must(HAND_OVER)  # type: ignore[attr-defined]
    return handovers_of(patient_id)


@router.post("/handovers", response=IdOut)
def handover_write(request: HttpRequest, said: HandoverIn) -> dict[str, UUID]:
    """Write what the next nurse must know."""
    return {"id": hand_over_to(by=request.actor, **said.dict())}  # type: ignore[attr-defined]


@router.post("/handovers/{handover_id}/read", response=IdOut)
def handover_read(request: HttpRequest, handover_id: UUID) -> dict[str, UUID]:
    """The receipt."""
    return {"id": read_handover(handover_id=handover_id, by=request.actor)}  # type: ignore[attr-defined]


@router.post("/nurses/{nurse_id}/home", response=IdOut)
def home_kept(request: HttpRequest, nurse_id: UUID, said: HomeIn) -> dict[str, UUID]:
    """Days of this nurse begin and end at home; by herself, or by who keeps the roster. It is not given out again."""
    point = position_of(said.latitude, said.longitude)
    return {"id": keep_home(nurse_id=nurse_id, zip_code=said.zip_code, point=point, by=request.actor)}  # type: ignore[attr-defined]


@router.post("/nurses/{nurse_id}/home/drop", response=IdOut)
def home_dropped(request: HttpRequest, nurse_id: UUID) -> dict[str, UUID]:
    """They begin and end at her site again."""
    drop_home(nurse_id=nurse_id, by=request.actor)  # type: ignore[attr-defined]
    return {"id": nurse_id}


@router.get("/planning/visits", response=list[VisitWanted])
def plan_visits(request: HttpRequest, day: date, site_id: UUID) -> list[VisitWanted]:
    """Visits a plan of this day may place or move."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return visits_waiting(day, site_id)


@router.get("/planning/nurses", response=list[NurseOfDay])
def plan_nurses(request: HttpRequest, day: date, site_id: UUID) -> list[NurseOfDay]:
    """Nurses of this day with shifts, time off, given visits, licences and agency."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return nurses_of(day, site_id)
