# SPDX-License-Identifier: Apache-2.0
"""The sections of a record as forms with what stands, and the entries that were kept beside it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from openinfusion.kernel.quantity import shown_number
from openinfusion.nursing.domain.observation import VITALS, usual_at
from openinfusion.nursing.domain.visit_form import Section, section
from openinfusion.nursing.models import NurseVisit, SectionEntry, ShelfPackage
from openinfusion.nursing.queries import sections_of, type_of
from openinfusion.nursing.queries.packet import last_vitals, values_on_record
from openinfusion.nursing.queries.rate_plans import rate_plans
from openinfusion.nursing.web.forms import BackForm
from openinfusion.nursing.web.section_forms import SectionForm, initial_of
from openinfusion.platform.clock import now
from openinfusion.platform.ui.parts import Act

_CHECKED = frozenset({"drug", "shelf", "pump", "kit", "rate", "waste"})  # what the house knows something against


@dataclass(frozen=True, slots=True)
class Part:
    """One section: its form, whether the type of visit needs it, whether anything stands, and a pad for a signature."""

    code: str
    title: str
    form: SectionForm
    needed: bool
    written: bool
    has_pad: bool
    checked: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry on record: the values in words, who made it, when, and whether it stands."""

    title: str
    words: tuple[tuple[str, str], ...]
    strokes: str
    row: SectionEntry
    back: Act | None = None


def parts_of(row: NurseVisit, age: int, zone: ZoneInfo) -> tuple[Part, ...]:
    """Every section of the visit's type, the needed ones first."""
    kind, values, versions = type_of(row), values_on_record(row), row.section_versions
    needed = kind.needed(row.infuses)
    plans = rate_plans(row) if row.infuses else ()
    offered = {"rate_plan": [(p.code, p.label) for p in plans]} if not row.rate_plan else {}
    found = []
    for code in sections_of(row):
        one, stands = section(code), values.get(code)
        if one.repeats:
            at = now().astimezone(zone).replace(tzinfo=None)
            initial = {f.name: at for f in one.fields if f.name in {"vitals_at", "rate_at"}}
        else:
            initial = initial_of(one, stands or {}, zone) | {"base": versions.get(code, 0)}
        form = SectionForm(one, initial=initial, beside=_beside(row, age) if code == "vitals" else None, in_suite=row.in_suite,
                           offered=offered)
        pad = any(f.kind == "strokes" for f in one.fields)
        found.append(Part(code, one.title, form, code in needed, bool(stands), pad, code in _CHECKED))
    return tuple(found)


def _beside(row: NurseVisit, age: int) -> dict[str, str]:
    """What stood at each vital sign before, and what is usual at this age."""
    before, usual = last_vitals(row) or {}, usual_at(age)
    found = {}
    for name in VITALS:
        words = [f"before {before[name]}"] if before.get(name) is not None else []
        if name in usual:
            words.append(f"usual {shown_number(usual[name].low)} to {shown_number(usual[name].high)}")
        found[name] = ", ".join(words)
    return found


def kept_entries(row: NurseVisit, writes: bool = False) -> tuple[Kept, ...]:
    """Every entry that came in section by section, the newest last. ``writes``: a package from the shelf may be taken back."""
    rows = SectionEntry.objects.filter(visit=row).select_related("device").order_by("made_at")
    given = ShelfPackage.objects.filter(visit=row, became="").values_list("entry_id", "id")
    shelf = dict(given) if writes and row.in_suite else {}
    return tuple(
        Kept(section(r.section).title, words(section(r.section), r.values), str(r.values.get("strokes", "")), r,
             _back(row, shelf[r.id]) if r.id in shelf else None) for r in rows
    )


def _back(row: NurseVisit, package_id: UUID) -> Act:
    return Act("back", "Not given: take it back", reverse("nursing:shelf_back", args=[row.id, package_id]), "warn",
               form=BackForm(auto_id=f"back-{package_id}-%s"))


def words(one: Section, values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Labels and values as people read them."""
    found = []
    for f in one.fields:
        value = values.get(f.name)
        if value in (None, "", []) or f.kind == "strokes":
            continue
        options = dict(f.options)
        if isinstance(value, list):
            text = ", ".join(options.get(str(v), str(v)) for v in value)
        elif f.kind == "moment":
            text = f"{datetime.fromisoformat(str(value)):%d-%b-%Y %H:%M %Z}".strip()
        else:
            text = options.get(str(value), str(value))
        found.append((f.label, f"{text} {f.unit}".strip()))
    return tuple(found)
