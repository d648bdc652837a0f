# SPDX-License-Identifier: Apache-2.0
"""What the desk's templates receive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.desk.queries import Queue, chart_rows, queue, search
from openinfusion.kernel.waiting import ChartRow, Hit
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.models import Entry, Site


@dataclass(frozen=True, slots=True)
class HomePage:
    title: str
    today: datetime
    zone: str
    queue: Queue
    kind: str
    everyone: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    text: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class ChartPage:
    banner: patients.Banner
    patient: patients.PatientFact
    sections: tuple[tuple[str, tuple[ChartRow, ...]], ...]
    labs: tuple[patients.LabFact, ...]
    conditions: tuple[patients.ConditionFact, ...]
    coverage: tuple[tuple[int, str, str], ...]  # rank, plan, member number
    lines: list[Line]
    kinds: tuple[tuple[str, str], ...]
    zone: str
    kind: str


@dataclass(frozen=True, slots=True)
class JournalPage:
    entries: tuple[Entry, ...]
    verb: str
    zone: str
    before: int | None


ENTRIES = 100
KINDS = (
    ("patients", "Patient"), ("intake", "Intake"), ("therapy", "Therapy"), ("clinical", "Verification"),
    ("compounding", "Compounding"), ("delivery", "Delivery"), ("nursing", "Visits"), ("billing", "Money"),
)


def zone_of(by: Actor) -> str:
    """The zone of the site the person works at; UTC, said so on the page, where they work at none."""
    site = Site.objects.filter(pk=by.site_id).first() if by.site_id else None
    return site.timezone if site else "UTC"


def home_page(by: Actor, kind: str, everyone: bool) -> HomePage:
    first = by.name.split()[0] if by.name else ""
    return HomePage(f"{first}'s work", now(), zone_of(by), queue(by, kind=kind, everyone=everyone), kind, everyone)


def search_page(text: str, by: Actor) -> SearchPage:
    return SearchPage(text.strip(), tuple(search(text, by)))


def chart_page(patient_id: UUID, by: Actor, kind: str) -> ChartPage:
    patient = patients.patient(patient_id)
    rows = chart_rows(patient_id, by)
    sections = tuple(  # in the order of the street: the course first, its claims last
        (k, tuple(sorted((r for r in rows if r.kind == k), key=lambda r: r.at, reverse=True)))
        for k in dict.fromkeys(r.kind for r in rows)
    )
    told = timeline(patient_id=patient_id, limit=300)
    rooms = {one.verb.split(".")[0] for one in told}
    return ChartPage(
        patients.banner(patient_id),
        patient,
        sections,
        tuple(patients.labs(patient_id)[:12]),
        tuple(patients.conditions(patient_id)),
        _coverage(patient_id),
        [one for one in told if not kind or one.verb.split(".")[0] == kind],
        tuple((room, word) for room, word in KINDS if room in rooms),
        patient.timezone or "UTC",
        kind,
    )


def _coverage(patient_id: UUID) -> tuple[tuple[int, str, str], ...]:
    plans = {p.id: str(p) for p in payers.plans()}
    return tuple((c.rank, plans.get(c.plan_id, ""), c.member_id) for c in patients.coverage(patient_id))


def journal_page(by: Actor, verb: str, before: int | None) -> JournalPage:
    found = Entry.objects.filter(verb__startswith=verb).order_by("-number")
    if before:
        found = found.filter(number__lt=before)
    entries = tuple(found[:ENTRIES])
    return JournalPage(entries, verb, zone_of(by), entries[-1].number if len(entries) == ENTRIES else None)
