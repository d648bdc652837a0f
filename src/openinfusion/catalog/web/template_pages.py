# SPDX-License-Identifier: Apache-2.0
"""What the pages of therapy templates receive: the list, one version, one draft with its difference, and its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

from openinfusion.catalog import queries
from openinfusion.catalog.domain.drug import TherapyClass
from openinfusion.catalog.domain.template import TherapyTemplate, in_force
from openinfusion.catalog.domain.template_change import PARTS, Change, lines_of
from openinfusion.catalog.domain.template_draft import TEMPLATE_DRAFT, TemplateDraftState
from openinfusion.catalog.domain.template_text import TemplateText, text_of
from openinfusion.catalog.permissions import DRAFT_TEMPLATE, SIGN
from openinfusion.catalog.queries import DraftRow
from openinfusion.catalog.web.template_forms import BeginForm, DraftForm, TemplateStepForm, draft_form
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of

SHOWS = {"": "all classes", "unverified": "unverified", "drafts": "with a draft"}
_TONES = {"signed": "ok", "unverified": "warn", "sourced": "info"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a version in words."""

    title: str
    lines: tuple[str, ...]


def _parts(text: TemplateText, products: Mapping[str, str]) -> tuple[Part, ...]:
    lines = lines_of(text, products)
    return tuple(Part(PARTS[name], tuple(lines[name].values())) for name in PARTS if name != "name")


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A class on the list: the version in force, the next one, and the draft that waits."""

    held: TherapyTemplate
    tone: str
    next_on: date | None
    draft: DraftRow | None
    draft_tone: str


@dataclass(frozen=True, slots=True)
class TemplatesPage:
    show: str
    shows: tuple[tuple[str, str], ...]
    rows: tuple[TemplateRow, ...]


def templates_page(show: str, by: Actor) -> TemplatesPage:
    today, open_drafts = queries.day_of(by), {d.therapy_class: d for d in queries.drafts()}
    rows = [r for c in TherapyClass if (r := _row(c.value, open_drafts.get(c.value), today)) is not None]
    if show == "unverified":
        rows = [r for r in rows if r.held.status == "unverified"]
    if show == "drafts":
        rows = [r for r in rows if r.draft]
    return TemplatesPage(show if show in SHOWS else "", tuple(SHOWS.items()), tuple(rows))


def _row(therapy_class: str, draft: DraftRow | None, today: date) -> TemplateRow | None:
    versions = queries.versions_of(therapy_class)
    held = in_force(versions, today)
    if held is None:
        return None
    coming = [v.effective_from for v in versions if v.effective_from > today and v.status == "signed"]
    tone = TEMPLATE_DRAFT.tone(TemplateDraftState(draft.state)) if draft else ""
    return TemplateRow(held, _TONES[held.status], min(coming, default=None), draft, tone)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the list of versions, and how it stands today."""

    version: TherapyTemplate
    word: str
    tone: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class TemplatePage:
    version: TherapyTemplate
    tone: str
    word: str
    parts: tuple[Part, ...]
    versions: tuple[VersionRow, ...]
    drafts: tuple[DraftRow, ...]
    acts: tuple[Act, ...]
    begin_url: str
    form: BeginForm | None


def template_page(therapy_class: str, version_id: UUID | None, by: Actor) -> TemplatePage:
    """The version asked for, else the one in force today."""
    today, versions = queries.day_of(by), queries.versions_of(therapy_class)
    held = queries.template_on(therapy_class, today)
    shown = queries.version_of(therapy_class, version_id) if version_id else held
    rows = tuple(VersionRow(v, *_standing(v, held, today), v.id == shown.id) for v in versions)
    drafts = tuple(queries.drafts(therapy_class, states=[s.value for s in TemplateDraftState]))
    may_begin = by.may(DRAFT_TEMPLATE.code) and not any(d.state in ("draft", "proposed") for d in drafts)
    form = BeginForm(initial={"effective_from": today + timedelta(days=1), "copy_of": shown.id}) if may_begin else None
    sign_url = reverse("catalog:template_sign", args=[therapy_class, shown.id])
    sign = Act("sign", "Sign as valid here", sign_url, "ok", sign="valid here")
    may_sign = by.may(SIGN.code) and shown.id == held.id and shown.status != "signed"
    word, _ = _standing(shown, held, today)
    return TemplatePage(
        shown, _TONES[shown.status], word, _parts(text_of(shown), queries.product_names()), rows, drafts,
        (sign,) if may_sign else (), reverse("catalog:template_begin", args=[therapy_class]), form,
    )


def _standing(version: TherapyTemplate, held: TherapyTemplate, today: date) -> tuple[str, str]:
    if version.id == held.id:
        return "in force", "ok"
    if version.effective_from > today:
        return ("to come", "info") if version.status == "signed" else ("on file, not signed", "warn")
    return "replaced", "idle"


@dataclass(frozen=True, slots=True)
class DraftPage:
    draft: DraftRow
    tone: str
    base: TherapyTemplate
    changes: tuple[Change, ...]
    parts: tuple[Part, ...]
    acts: tuple[Act, ...]
    may_edit: bool
    lines: tuple[Line, ...]
    zone: str


def draft_page(draft_id: UUID, by: Actor) -> DraftPage:
    draft = queries.draft(draft_id)
    state = TemplateDraftState(draft.state)
    facts = queries.draft_facts(draft, by, queries.versions_of(draft.therapy_class))
    acts = acts_of(
        TEMPLATE_DRAFT, state, facts, by, url_for=lambda step: reverse("catalog:template_draft_step", args=[draft_id, step]),
    )
    forms = [TemplateStepForm(initial={"version": draft.version}, auto_id=f"{a.name}-%s") for a in acts]
    for form in forms:
        del form.fields["reason"]
    return DraftPage(
        draft, TEMPLATE_DRAFT.tone(state), queries.base_of(draft), queries.changes_of(draft),
        _parts(draft.text, queries.product_names()), tuple(replace(a, form=f) for a, f in zip(acts, forms, strict=True)),
        state is TemplateDraftState.DRAFT and facts.drafted_by_actor, tuple(timeline(subject_id=draft_id)),
        queries.zone_of(by),
    )


@dataclass(frozen=True, slots=True)
class EditPage:
    draft: DraftRow
    form: DraftForm
    action: str


def edit_page(draft_id: UUID, by: Actor) -> EditPage:
    """The form of a draft, for its author while it is a draft; NotFound otherwise."""
    draft = queries.draft(draft_id)
    if draft.state != TemplateDraftState.DRAFT or draft.drafted_by != by.id:
        raise NotFound(f"template draft {draft_id} to edit")
    return EditPage(draft, draft_form(draft), reverse("catalog:template_draft_change", args=[draft_id]))
