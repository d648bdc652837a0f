# SPDX-License-Identifier: Apache-2.0
"""What one patient is told on their own page, in finished plain words: what comes, who comes, how to do it, what is at home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.clinical import public as clinical
from openinfusion.compounding import public as compounding
from openinfusion.delivery import public as delivery
from openinfusion.nursing import public as nursing
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_zone
from openinfusion.portal.domain import plain
from openinfusion.portal.queries import RequestFact, requests_where
from openinfusion.sites import public as sites
from openinfusion.team import public as team
from openinfusion.therapy import public as therapy

COMES = ("draft", "pre_delivery_assessment", "confirmed", "picked", "packed", "rph_checked", "dispatched", "failed")
ASKS = ("draft", "pre_delivery_assessment")
_ENDED = frozenset({"completed", "discontinued"})
_STARTED_LATELY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Coming:
    """A delivery that comes. ``asks``: the patient's answers are wanted; ``held``: somebody looks at them first."""

    id: UUID
    words: str
    when: str
    window: str
    contents: tuple[tuple[str, int], ...]
    asks: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Visiting:
    """A visit that comes: when, and the first name of who comes (empty where nobody is named yet)."""

    id: UUID
    words: str
    when: str
    nurse: str
    purpose: str


@dataclass(frozen=True, slots=True)
class AtHome:
    """Something delivered that may still be used."""

    text: str
    quantity: int
    kept: str
    use_by: str


@dataclass(frozen=True, slots=True)
class Course:
    """A therapy: how often, what is taught for it and when it was."""

    drug: str
    how: tuple[str, ...]
    taught: tuple[tuple[str, str], ...]
    to_learn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnPage:
    """All of it. ``on_call``: the telephone of who is on call now, empty where nobody is."""

    given: str
    pharmacy: str
    phone: str
    on_call: str
    deliveries: tuple[Coming, ...]
    visits: tuple[Visiting, ...]
    at_home: tuple[AtHome, ...]
    courses: tuple[Course, ...]
    steps: tuple[str, ...]
    requests: tuple[RequestFact, ...]


def own_page(patient_id: UUID) -> OwnPage:
    """What this patient sees now."""
    who = patients.patient(patient_id)
    zone = ZoneInfo(who.timezone or house_zone())
    tickets, courses = delivery.tickets_of_patient(patient_id), _running(patient_id)
    at, today = now(), now().astimezone(zone).date()
    home, storages = _at_home(tickets, at, zone)
    site = courses[0].site_id if courses else next((t.site_id for t in tickets), None)
    phone, pharmacy, on_call = _telephones(site, at)
    orders = [p for c in courses for p in therapy.prescriptions_of(c.id) if p.verified]
    return OwnPage(
        who.given, pharmacy, phone, on_call, tuple(_coming(t, today) for t in tickets if t.state in COMES),
        tuple(_visiting(v, zone, today) for v in nursing.visits_of_patient(patient_id) if _is_ahead(v, at)),
        home, tuple(_course(c, [o for o in orders if o.therapy_id == c.id]) for c in courses),
        plain.home_steps({o.order.route for o in orders} | storages),
        tuple(reversed(requests_where(patient_id=patient_id)))[:10],
    )  # fmt: skip


def _running(patient_id: UUID) -> list[therapy.TherapyFact]:
    return [t for t in therapy.therapies_of(patient_id) if t.ended_on is None and t.state not in _ENDED]


def _coming(t: delivery.TicketFact, today: date) -> Coming:
    first, last = t.road.window_from, t.road.window_to
    window = f"between {plain.clock_words(first)} and {plain.clock_words(last)}" if first and last else ""
    return Coming(
        t.id, plain.DELIVERY_WORDS[t.state], plain.day_words(t.need_by, today) if t.need_by else "", window,
        tuple((line.text, line.quantity) for line in t.lines), t.state in ASKS and not t.road.open_concerns and bool(t.lines),
        t.state in ASKS and bool(t.road.open_concerns),
    )  # fmt: skip


def _is_ahead(v: nursing.VisitFact, at: datetime) -> bool:
    return v.state in plain.VISIT_WORDS and (v.planned_start is None or v.planned_start > at - _STARTED_LATELY)


def _visiting(v: nursing.VisitFact, zone: ZoneInfo, today: date) -> Visiting:
    open_ = v.state in ("requested", "offered")
    when = plain.moment_words(v.planned_start, zone, today) if v.planned_start and not open_ else ""
    return Visiting(v.id, plain.VISIT_WORDS[v.state], when, "" if open_ else plain.first_name(v.nurse_name), v.purpose)


def _at_home(tickets: list[delivery.TicketFact], at: datetime, zone: ZoneInfo) -> tuple[tuple[AtHome, ...], set[str]]:
    """What was delivered, was compounded and is not past its use-by; and the ways it is kept."""
    found, storages = [], set()
    for t in tickets:
        for line in t.lines if t.delivered_at else ():
            if line.preparation_id is None:
                continue
            made = compounding.preparation(line.preparation_id)
            if made.beyond_use_at <= at:
                continue
            local = made.beyond_use_at.astimezone(zone)
            use_by = f"Use before {local:%A, %B} {local.day}, {plain.clock_words(time(local.hour, local.minute))}"
            found.append(AtHome(line.text, line.quantity, plain.kept(line.storage), use_by))
            storages.add(line.storage)
    return tuple(found), storages


def _course(c: therapy.TherapyFact, orders: list[therapy.PrescriptionFact]) -> Course:
    done = [t for t in clinical.teaching_where(patient_id=c.patient_id) if t.therapy_id in (c.id, None)]
    taught = tuple((t.topic, f"{t.taught_on:%B} {t.taught_on.day}") for t in done)
    return Course(c.drug_name, tuple(o.order.frequency for o in orders), taught, clinical.to_teach(c))


def _telephones(site_id: UUID | None, at: datetime) -> tuple[str, str, str]:
    """The pharmacy's number, its name, and the number of the pharmacist on call now."""
    if site_id is None:
        return "", "", ""
    where = sites.pharmacy(site_id)
    holder = team.on_call(site_id, team.Duty.PHARMACIST, at).holder
    return where.phone, where.name, holder.phone if holder and holder.phone != where.phone else ""
