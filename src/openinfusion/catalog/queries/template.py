# SPDX-License-Identifier: Apache-2.0
"""Therapy templates: the version in force on a day, all versions, and the drafts of new ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.catalog import models
from openinfusion.catalog.adapters import known_items, known_tasks
from openinfusion.catalog.domain.drug import TherapyClass
from openinfusion.catalog.domain.product import ProductFact
from openinfusion.catalog.domain.template import AuxiliaryLabel, KitLine, Monitoring, TherapyTemplate, in_force
from openinfusion.catalog.domain.template_change import Change, difference
from openinfusion.catalog.domain.template_draft import TemplateDraftFacts, TemplateDraftState
from openinfusion.catalog.domain.template_text import KitText, Known, TemplateText, text_of
from openinfusion.catalog.queries.shelf import all_drugs, products_where, remembered
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now, today
from openinfusion.platform.house_day import house_zone
from openinfusion.platform.models import Site
from openinfusion.platform.scope import read_once

OPEN = (TemplateDraftState.DRAFT.value, TemplateDraftState.PROPOSED.value)
ON_THE_SHELF = ("supply", "equipment", "diluent", "drug")


@read_once
def _zone(site_id: UUID) -> str:
    return Site.objects.values_list("timezone", flat=True).get(pk=site_id)


def zone_of(by: Actor) -> str:
    """The time zone of the site this person works at; the house's without one."""
    return _zone(by.site_id) if by.site_id else house_zone()


def day_of(by: Actor) -> date:
    """The day it is where this person works."""
    return today(zone_of(by))


def day_at(site_id: UUID, at: datetime | None = None) -> date:
    """The day it is, or was at an instant, at a site."""
    return (at or now()).astimezone(ZoneInfo(_zone(site_id))).date()


def _read(**where: object) -> Mapping[str, tuple[TherapyTemplate, ...]]:
    """Versions by class, the newest first, from the table."""
    rows = list(models.Template.objects.filter(**where).order_by("-effective_from"))
    codes = sorted({line["ndc11"] for row in rows for line in row.kit})
    products = {p.ndc11: p for p in products_where(ndc11__in=tuple(codes))}
    found: dict[str, tuple[TherapyTemplate, ...]] = {}
    for row in rows:
        found[row.therapy_class] = (*found.get(row.therapy_class, ()), _fact(row, products))
    return MappingProxyType(found)


def _fact(row: models.Template, products: Mapping[str, ProductFact]) -> TherapyTemplate:
    return TherapyTemplate(
        therapy_class=row.therapy_class, name=row.name, per_diem_hcpcs=row.per_diem,
        by_interval=tuple((Decimal(limit), code) for limit, code in row.by_interval),
        by_litres=tuple((Decimal(limit), code) for limit, code in row.by_litres),
        required_items=tuple(row.required_items),
        kit=tuple(KitLine(products[line["ndc11"]], line["quantity"], line["per"]) for line in row.kit),
        labs=_labs(row.labs), teaching=tuple(row.teaching), visits_per_week=row.visits_per_week,
        nursing_task=row.nursing_task, first_dose_attended=row.first_dose_attended, source=row.standing(),
        goals=tuple(row.goals), labels=_labels(row.labels), id=row.id, drafter=row.drafter_name,
    )


@remembered
def _known_versions() -> Mapping[str, tuple[TherapyTemplate, ...]]:
    return _read()


def versions_of(therapy_class: str) -> tuple[TherapyTemplate, ...]:
    """Every version of a class's template, the newest first."""
    return _known_versions().get(therapy_class, ())


def read_versions(therapy_class: str) -> tuple[TherapyTemplate, ...]:
    """The same from the table itself, for an action that is about to change it."""
    return _read(therapy_class=therapy_class).get(therapy_class, ())


def template_on(therapy_class: str, on: date) -> TherapyTemplate:
    """The version in force on a day; NotFound for a class without any."""
    found = in_force(versions_of(therapy_class), on)
    if found is None:
        raise NotFound(f"template of {therapy_class}")
    return found


def version_of(therapy_class: str, id: UUID) -> TherapyTemplate:
    found = next((v for v in versions_of(therapy_class) if v.id == id), None)
    if found is None:
        raise NotFound(f"version {id} of the template of {therapy_class}")
    return found


@remembered
def items_by_class(on: date) -> Mapping[str, tuple[str, ...]]:
    """The required items of every class that has a template, as they hold on a day."""
    held = {c.value: in_force(versions_of(c.value), on) for c in TherapyClass}
    return MappingProxyType({name: version.required_items for name, version in held.items() if version})


def _labs(rows: Iterable[Mapping[str, Any]]) -> tuple[Monitoring, ...]:
    return tuple(Monitoring(lab["loinc"], lab["name"], lab["every_days"]) for lab in rows)


def _labels(rows: Iterable[Mapping[str, Any]]) -> tuple[AuxiliaryLabel, ...]:
    return tuple(AuxiliaryLabel(label["text"], label["when"]) for label in rows)


def known(therapy_class: str) -> Known:
    """What a template of this class may speak of."""
    products = frozenset(p.ndc11 for kind in ON_THE_SHELF for p in products_where(kind=kind))
    return Known(known_items(), known_tasks(), products, frozenset(d.code for d in all_drugs(therapy_class)))


def product_names() -> dict[str, str]:
    """The name of every product by its NDC-11."""
    return {p.ndc11: p.name for kind in ON_THE_SHELF for p in products_where(kind=kind)}


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft with what it says, what it follows and who stands for it."""

    id: UUID
    therapy_class: str
    state: str
    text: TemplateText
    effective_from: date
    source: str
    why: str
    based_on: UUID
    made: UUID | None
    drafted_by: UUID
    drafter_name: str
    signer_name: str
    signed_at: datetime | None
    version: int


def draft_fact(row: models.TemplateDraft) -> DraftRow:
    text = TemplateText(
        name=row.name, required_items=tuple(row.required_items),
        kit=tuple(KitText(line["ndc11"], line["quantity"], line["per"]) for line in row.kit), labs=_labs(row.labs),
        teaching=tuple(row.teaching), goals=tuple(row.goals), labels=_labels(row.labels), visits_per_week=row.visits_per_week,
        nursing_task=row.nursing_task, first_dose_attended=row.first_dose_attended,
    )
    return DraftRow(
        row.id, row.therapy_class, row.state, text, row.effective_from, row.source, row.why, row.based_on_id, row.made_id,
        row.drafted_by, row.drafter_name, row.signer_name, row.signed_at, row.version,
    )


def drafts(therapy_class: str = "", *, states: Iterable[str] = OPEN) -> list[DraftRow]:
    """Drafts of one class or of all, the newest first."""
    where = {"therapy_class": therapy_class} if therapy_class else {}
    rows = models.TemplateDraft.objects.filter(state__in=list(states), **where)
    return [draft_fact(row) for row in rows.order_by("-made_at")]


def draft(id: UUID) -> DraftRow:
    row = models.TemplateDraft.objects.filter(pk=id).first()
    if row is None:
        raise NotFound(f"template draft {id}")
    return draft_fact(row)


def base_of(draft: DraftRow) -> TherapyTemplate:
    """What an open draft would follow: the version in force on its first day. A closed one: what it was based on."""
    if draft.state in OPEN:
        return template_on(draft.therapy_class, draft.effective_from)
    return version_of(draft.therapy_class, draft.based_on)


def changes_of(draft: DraftRow) -> tuple[Change, ...]:
    """The difference to the version it would follow, or did follow."""
    return difference(text_of(base_of(draft)), draft.text, product_names())


def draft_facts(draft: DraftRow, by: Actor, versions: Iterable[TherapyTemplate]) -> TemplateDraftFacts:
    """What the guards look at, seen by this person today."""
    there = tuple(versions)
    base = in_force(there, draft.effective_from)
    return TemplateDraftFacts(
        drafted_by_actor=by.id == draft.drafted_by,
        changes_something=base is None or text_of(base) != draft.text,
        date_is_past=draft.effective_from < day_of(by),
        date_is_taken=any(v.effective_from == draft.effective_from for v in there),
        base_in_force=base is not None and base.id == draft.based_on,
    )
