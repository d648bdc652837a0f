# SPDX-License-Identifier: Apache-2.0
"""What the pages of the nurse manager receive: the board of visits, the roster, agencies, miles, phones."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.roles import Role
from openinfusion.kernel.stretch import against_time
from openinfusion.nursing.domain.roster import against_agency
from openinfusion.nursing.models import Handover, NurseVisit, Phone, Reaction, SectionEntry
from openinfusion.nursing.permissions import ROSTER, TIME_OFF
from openinfusion.nursing.queries import fit_reasons
from openinfusion.nursing.queries.board import NurseOfDay, VisitWanted, day_span, nurses_of, visits_waiting
from openinfusion.nursing.queries.roster import (
    AgencyFact,
    AvailabilityFact,
    MileageFact,
    agencies,
    miles_driven,
    planned_between,
    plans_shifts,
    stretches_of,
)
from openinfusion.nursing.queries.whereabouts import homes_of
from openinfusion.nursing.web.forms import AgencyForm, HomeForm, OfferForm, PhoneForm, SendForm, StretchForm, WhyForm
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.models import Site
from openinfusion.team.public import Duty, OnCall, on_call, people

SHOWN = 40  # visits with their nurses on one page


@dataclass(frozen=True, slots=True)
class Candidate:
    """A nurse beside a visit, with the reasons against."""

    nurse: NurseOfDay
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WantedRow:
    """``gone``: why a nurse who is named already cannot come by now: time off, a shift, a paper."""

    visit: VisitWanted
    gone: tuple[str, ...]
    may: tuple[Candidate, ...]
    may_not: tuple[Candidate, ...]
    form: OfferForm | None


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A day of a site: what is asked for, who could go, who is on call."""

    site: Site
    sites: tuple[Site, ...]
    day: date
    before: date
    after: date
    zone: str
    rows: tuple[WantedRow, ...]
    more: int
    nurses: tuple[NurseOfDay, ...]
    on_call: OnCall
    aside: tuple[SectionEntry, ...]
    reactions: tuple[Reaction, ...]
    unread: int
    text: str


def site_of(chosen: UUID | None, by: Actor) -> Site:
    """The site asked for, else the person's, else the first pharmacy."""
    wanted = chosen or by.site_id
    found = Site.objects.filter(pk=wanted).first() if wanted else None
    found = found or Site.objects.filter(kind="pharmacy").order_by("name").first()
    if found is None:
        raise NotFound("a pharmacy")
    return found


def board_page(by: Actor, site_id: UUID | None, day: date | None, text: str = "") -> BoardPage:
    site = site_of(site_id, by)
    on = day or now().astimezone(ZoneInfo(site.timezone)).date()
    wanted = [v for v in visits_waiting(on, site.id) if text.lower() in f"{v.patient} {v.number} {v.purpose}".lower()]
    nurses = nurses_of(on, site.id)
    rows = {v.id: v for v in NurseVisit.objects.filter(pk__in=[w.id for w in wanted[:SHOWN]])}
    aside = SectionEntry.objects.filter(stands=False, against=None).exclude(why="").select_related("visit").order_by("-made_at")
    untold = Reaction.objects.filter(prescriber_told_at=None).select_related("visit").order_by("seen_at")
    shown = tuple(_wanted(w, rows[w.id], nurses, on, site.timezone) for w in wanted[:SHOWN])
    return BoardPage(
        site, tuple(Site.objects.filter(kind="pharmacy").order_by("name")), on, on - timedelta(days=1), on + timedelta(days=1),
        site.timezone, shown, max(0, len(wanted) - SHOWN), tuple(nurses), on_call(site.id, Duty.NURSE, now()), tuple(aside[:20]),
        tuple(untold[:20]),
        Handover.objects.filter(read_at=None).count(), text,
    )


def _wanted(w: VisitWanted, row: NurseVisit, nurses: list[NurseOfDay], on: date, zone: str) -> WantedRow:
    found = [Candidate(n, _against(w, row, n, on)) for n in nurses]
    known = sorted(found, key=lambda c: (c.nurse.id not in w.nurses_before, len(c.nurse.busy), c.nurse.name))
    may = tuple(c for c in known if not c.reasons)
    form = None
    if may and w.state in {"requested", "refused"}:
        start = (w.planned_start or _next_hour(on, zone)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        form = OfferForm(
            nurses=[(str(c.nurse.id), c.nurse.name) for c in may], auto_id=f"{w.number}-%s",
            initial={"planned_start": start, "planned_end": start + timedelta(minutes=w.minutes)},
        )
    return WantedRow(w, _gone(w, nurses), may, tuple(c for c in found if c.reasons), form)


def _gone(w: VisitWanted, nurses: list[NurseOfDay]) -> tuple[str, ...]:
    """What speaks against the hours of those the visit is given to, first and second: a sick call shows here."""
    if w.state == "refused" or w.planned_start is None or w.planned_end is None:
        return ()
    named, start, end = {w.nurse, w.second.nurse if w.second else None}, w.planned_start, w.planned_end
    return tuple(
        str(r) for n in nurses if n.id in named
        for r in against_time(stretches_of(n.id, start, end), start, end, n.name, plans_shifts(n.id, start))
    )


def _against(w: VisitWanted, row: NurseVisit, nurse: NurseOfDay, on: date) -> tuple[str, ...]:
    found = [str(r) for r in fit_reasons(row, nurse.id, on)]
    if w.planned_start and w.planned_end and nurse.id not in (w.nurse, w.second.nurse if w.second else None):
        start, end = w.planned_start, w.planned_end
        found += [str(r) for r in against_time(stretches_of(nurse.id, start, end), start, end, nurse.name,
                                               plans_shifts(nurse.id, start))]
        if any(a < end and start < b for a, b in nurse.busy):
            found.append(f"{nurse.name} has another visit then")
    return tuple(found)


def _next_hour(on: date, zone: str) -> datetime:
    local = now().astimezone(ZoneInfo(zone)).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return local if local.date() == on else datetime.combine(on, datetime.min.time(), ZoneInfo(zone)) + timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class HomeRow:
    """Where the days of a nurse begin. The point itself is shown to nobody, only that it is known."""

    nurse: UUID
    name: str
    zip_code: str
    on_map: bool


@dataclass(frozen=True, slots=True)
class RosterPage:
    """A week of shifts and time off."""

    first: date
    before: date
    after: date
    zone: str
    rows: tuple[AvailabilityFact, ...]
    form: StretchForm | None
    manages: bool
    me: UUID
    homes: tuple[HomeRow, ...] = ()
    home_form: HomeForm | None = None


def roster_page(by: Actor, first: date | None) -> RosterPage:
    site = site_of(None, by)
    zone = ZoneInfo(site.timezone)
    day = first or now().astimezone(zone).date()
    monday = day - timedelta(days=day.weekday())
    start, _ = day_span(monday, site.id)
    manages = by.may(ROSTER.code)
    names = [(p.id, p.name) for p in people(Role.NURSE) if manages or p.id == by.id]
    nurses = [(str(i), name) for i, name in names]
    eight = datetime.combine(monday, datetime.min.time()) + timedelta(hours=8)
    form = StretchForm(nurses=nurses, initial={"starts_at": eight, "ends_at": eight + timedelta(hours=8)})
    return RosterPage(
        monday, monday - timedelta(days=7), monday + timedelta(days=7), site.timezone,
        tuple(planned_between(start, start + timedelta(days=7))), form if nurses and (manages or by.may(TIME_OFF.code)) else None,
        manages, by.id,
        tuple(HomeRow(i, dict(names)[i], h.zip_code, h.point is not None) for i, h in homes_of(dict(names)).items()),
        HomeForm(nurses=nurses, auto_id="home-%s") if nurses and (manages or by.may(TIME_OFF.code)) else None,
    )


@dataclass(frozen=True, slots=True)
class AgencyRow:
    agency: AgencyFact
    reasons: tuple[str, ...]
    form: AgencyForm | None
    send: SendForm | None


@dataclass(frozen=True, slots=True)
class AgenciesPage:
    rows: tuple[AgencyRow, ...]
    form: AgencyForm | None


def agencies_page(by: Actor) -> AgenciesPage:
    manages, on = by.may(ROSTER.code), house_today()
    nurses = [(str(p.id), p.name) for p in people(Role.NURSE)]
    rows = tuple(
        AgencyRow(a, tuple(str(r) for r in against_agency(a.terms, on)), _agency_form(a) if manages else None,
                  SendForm(nurses=nurses, auto_id=f"send-{a.id}-%s") if manages else None)
        for a in agencies()
    )
    return AgenciesPage(rows, AgencyForm() if manages else None)


def _agency_form(a: AgencyFact) -> AgencyForm:
    return AgencyForm(auto_id=f"agency-{a.id}-%s", initial={
        "name": a.name, "phone": a.phone, "contact": a.contact, "contract_until": a.terms.contract_until,
        "licence_number": a.licence_number, "licence_state": a.licence_state, "licence_until": a.terms.licence_until,
        "insurance_until": a.terms.insurance_until, "competencies_on": a.terms.competencies_on,
    })


@dataclass(frozen=True, slots=True)
class MilesPage:
    first: date
    last: date
    rows: tuple[MileageFact, ...]
    cents: int


def miles_page(by: Actor, first: date | None, last: date | None) -> MilesPage:
    """Miles of a month, everybody's for the manager, one's own otherwise."""
    end = last or house_today()
    start = first or end.replace(day=1)
    rows = tuple(miles_driven(start, end, None if by.may(ROSTER.code) else by.id))
    return MilesPage(start, end, rows, sum(r.cents for r in rows))


@dataclass(frozen=True, slots=True)
class PhoneRow:
    phone: Phone
    form: WhyForm
    may_allow: bool


@dataclass(frozen=True, slots=True)
class PhonesPage:
    rows: tuple[PhoneRow, ...]
    form: PhoneForm
    zone: str


def phones_page(by: Actor) -> PhonesPage:
    rows = Phone.objects.order_by("nurse_name", "name")
    manages = by.may(ROSTER.code)
    found = rows if manages else rows.filter(nurse=by.id)
    return PhonesPage(
        tuple(PhoneRow(p, WhyForm(auto_id=f"phone-{p.id}-%s"), manages) for p in found), PhoneForm(), site_of(None, by).timezone,
    )
