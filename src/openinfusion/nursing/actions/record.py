# SPDX-License-Identifier: Apache-2.0
"""Writing the infusion record: identity and line, rate steps, vital signs, reaction, teaching, waste."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.kernel.news import News
from openinfusion.nursing.actions.reaction import note_reaction
from openinfusion.nursing.actions.section import COLUMNS, Said, add_vitals, keep, open_record, take_package_turns
from openinfusion.nursing.domain.infusion_record import RateStep, ReactionKind, Vitals
from openinfusion.nursing.domain.visit_form import section
from openinfusion.nursing.models import NurseVisit, SectionEntry
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now


@dataclass(frozen=True, slots=True)
class VisitEntries:
    """What the nurse writes down; what is left None stays as it is."""

    identifiers: tuple[str, ...] | None = None
    line_site: str | None = None
    line_note: str | None = None
    line_flushes: bool | None = None
    line_blood_return: bool | None = None
    reaction: ReactionKind | None = None
    reaction_text: str | None = None
    reaction_grade: int | None = None
    reaction_action: str | None = None
    taught: tuple[str, ...] | None = None
    taught_back: bool | None = None
    waste_text: str | None = None
    wasted_ml: Decimal | None = None
    note: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


@action
def write_record(
    *, visit_id: UUID, entries: VisitEntries, by: Actor, rates: Sequence[RateStep] = (), vitals: Sequence[Vitals] = (),
    sections: Sequence[Said] = (), version: int | None = None, rate_plan: str = "", despite: str = "",
) -> UUID:
    """Write into the record of a visit that is in progress: many parts at once. Rate steps and vital signs are added,

    never replaced. ``sections``: further sections, as ``write_section`` takes them, before the rates. ``rate_plan``: by whose
    steps they run; ``despite``: why rates that something speaks against were run all the same.
    """
    visit = open_record(visit_id, by, version)
    said = {name: getattr(entries, name) for name in VisitEntries.__slots__}
    changes: dict[str, Any] = {name: _kept(value) for name, value in said.items() if value is not None}
    add_vitals(visit, vitals)
    news: list[News] = []
    if entries.reaction is not None and entries.reaction is not ReactionKind.NONE and entries.reaction_grade:
        news += note_reaction(visit, changes, now(), by)
    visit.section_versions = changes["section_versions"] = _counted(visit, changes, vitals)
    take_package_turns(sections)
    visit.reaction = changes.get("reaction", visit.reaction)  # rates are judged by what is said with them
    for one in (*sections, *(_rate_said(r, rate_plan, despite) for r in rates)):
        written = keep(visit, one, by)
        news += written.news
        changes |= written.columns
        visit.section_versions = changes["section_versions"]
    revise(
        visit, "nursing.record.write", "{actor} wrote into the record of visit {subject}: {what}.", by=by, news=news,
        noted={"what": _summary(said, rates, vitals, sections)}, **changes,
    )
    return visit.id


def _counted(visit: NurseVisit, changes: dict[str, Any], vitals: Sequence[Vitals]) -> dict[str, int]:
    """The versions of the sections after this write; an entry that stood no longer does."""
    touched = [code for code, names in COLUMNS.items() if any(n in changes for n in names)]
    versions = dict(visit.section_versions)
    for code in touched + ["vitals"] * bool(vitals):
        if versions.get(code) and code in COLUMNS:
            SectionEntry.objects.filter(visit=visit, section=code, stands=True).update(stands=False)
        versions[code] = versions.get(code, 0) + 1
    return versions


def _rate_said(step: RateStep, plan: str, despite: str) -> Said:
    values = {"rate_at": step.at, "rate_ml_per_h": step.rate_ml_per_h} | ({"rate_plan": plan} if plan else {})
    return Said("rate", values, despite=despite.strip())


def _kept(value: object) -> object:
    if isinstance(value, tuple):
        return [str(v) for v in value]
    return value.value if isinstance(value, ReactionKind) else value


def _summary(
    said: dict[str, Any], rates: Sequence[RateStep], vitals: Sequence[Vitals], sections: Sequence[Said],
) -> str:
    words = [name.replace("_", " ") for name, value in said.items() if value is not None]
    words += [f"{r.rate_ml_per_h} mL/h" for r in rates] + [f"{len(vitals)} set(s) of vital signs"] * bool(vitals)
    return ", ".join(words + [section(s.section).title.lower() for s in sections]) or "nothing new"
