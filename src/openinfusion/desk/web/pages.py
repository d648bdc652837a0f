# SPDX-License-Identifier: Apache-2.0
"""What the desk's templates receive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from openinfusion.desk.queries import Queue, chart_rows, queue, search
from openinfusion.kernel.waiting import ChartRow, Hit
from openinfusion.patients import public as patients
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
    coverage: tuple[patients.CoverageFact, ...]
    lines: list[Line]
    zone: str
    kind: str


@dataclass(frozen=True, slots=True)
class JournalPage:
    entries: tuple[Entry, ...]
    verb: str
    zone: str
    before: int | None


ENTRIES = 100


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
    rows = sorted(chart_rows(patient_id, by), key=lambda r: r.kind)
    sections = tuple(
        (k, tuple(sorted(group, key=lambda r: r.at, reverse=True))) for k, group in groupby(rows, key=lambda r: r.kind)
    )
    lines = [one for one in timeline(patient_id=patient_id, limit=300) if not kind or one.verb.split(".")[0] == kind]
    return ChartPage(
        patients.banner(patient_id),
        patient,
        sections,
        tuple(patients.labs(patient_id)[:12]),
        tuple(patients.conditions(patient_id)),
        tuple(patients.coverage(patient_id)),
        lines,
        patient.timezone,
        kind,
    )


def journal_page(by: Actor, verb: str, before: int | None) -> JournalPage:
    found = Entry.objects.filter(verb__startswith=verb).order_by("-number")
    if before:
        found = found.filter(number__lt=before)
    entries = tuple(found[:ENTRIES])
    return JournalPage(entries, verb, zone_of(by), entries[-1].number if len(entries) == ENTRIES else None)
