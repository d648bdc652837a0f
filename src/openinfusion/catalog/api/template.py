# SPDX-License-Identifier: Apache-2.0
"""Therapy templates as JSON: the versions, and the drafts of new ones."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.catalog import queries
from openinfusion.catalog.actions.template import advance_template_draft, change_template_draft, draft_template
from openinfusion.catalog.api.shelf import Made, router
from openinfusion.catalog.domain.drug import TherapyClass
from openinfusion.catalog.domain.template import AuxiliaryLabel, Monitoring, TherapyTemplate
from openinfusion.catalog.domain.template_text import KitText, TemplateText, text_of
from openinfusion.catalog.permissions import READ
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.actor import Actor


class KitPart(Schema):
    """A supply by its NDC-11; ``per``: dose, week or delivery."""

    ndc11: str
    quantity: int
    per: str


class LabPart(Schema):
    loinc: str
    name: str
    every_days: int


class LabelPart(Schema):
    """``when``: always, hazardous, vesicant, storage:…, route:… or drug:…."""

    text: str
    when: str = "always"


class ContentPart(Schema):
    """What a version says."""

    name: str
    required_items: list[str]
    kit: list[KitPart]
    labs: list[LabPart]
    teaching: list[str]
    goals: list[str] = []
    labels: list[LabelPart] = []
    visits_per_week: int
    nursing_task: str
    first_dose_attended: bool


class VersionOut(Schema):
    """One version: when it begins, who stands for it. ``status``: signed, sourced or unverified."""

    id: UUID
    therapy_class: str
    effective_from: date
    status: str
    source: str
    drafted_by: str
    signed_by: str
    content: ContentPart


class DraftIn(Schema):
    """Without content the draft says what ``copy_of`` says, or else the version in force on its first day."""

    effective_from: date
    source: str
    why: str
    copy_of: UUID | None = None
    content: ContentPart | None = None


class DraftChangeIn(Schema):
    effective_from: date
    source: str
    why: str
    content: ContentPart
    version: int | None = None


class ChangeOut(Schema):
    part: str
    gone: list[str]
    new: list[str]
    changed: list[tuple[str, str]]
    reordered: bool


class DraftOut(Schema):
    """A draft and its difference to the version it would follow."""

    id: UUID
    therapy_class: str
    state: str
    effective_from: date
    source: str
    why: str
    drafter_name: str
    signer_name: str
    version: int
    content: ContentPart
    changes: list[ChangeOut]


class DraftStepIn(Schema):
    step: str
    reason: str = ""
    version: int | None = None


def _by(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _content(text: TemplateText) -> ContentPart:
    return ContentPart(
        name=text.name, required_items=list(text.required_items),
        kit=[KitPart(ndc11=k.ndc11, quantity=k.quantity, per=k.per) for k in text.kit],
        labs=[LabPart(loinc=m.loinc, name=m.name, every_days=m.every_days) for m in text.labs], teaching=list(text.teaching),
        goals=list(text.goals), labels=[LabelPart(text=x.text, when=x.when) for x in text.labels],
        visits_per_week=text.visits_per_week, nursing_task=text.nursing_task, first_dose_attended=text.first_dose_attended,
    )


def _text(given: ContentPart) -> TemplateText:
    return TemplateText(
        name=given.name, required_items=tuple(given.required_items),
        kit=tuple(KitText(k.ndc11, k.quantity, k.per) for k in given.kit),
        labs=tuple(Monitoring(m.loinc, m.name, m.every_days) for m in given.labs), teaching=tuple(given.teaching),
        goals=tuple(given.goals), labels=tuple(AuxiliaryLabel(x.text, x.when) for x in given.labels),
        visits_per_week=given.visits_per_week, nursing_task=given.nursing_task, first_dose_attended=given.first_dose_attended,
    )


def _version(v: TherapyTemplate) -> VersionOut:
    if v.id is None:
        raise NotFound("version")
    return VersionOut(
        id=v.id, therapy_class=v.therapy_class, effective_from=v.effective_from, status=v.status, source=v.source.text,
        drafted_by=v.drafter, signed_by=v.source.signed_by, content=_content(text_of(v)),
    )


@router.get("/templates", response=list[VersionOut])
def templates(request: HttpRequest, on: date | None = None) -> list[VersionOut]:
    """The version of every class's template in force on a day, today where none is given."""
    by = _by(request)
    by.must(READ)
    day = on or queries.day_of(by)
    return [_version(queries.template_on(c.value, day)) for c in TherapyClass if queries.versions_of(c.value)]


@router.get("/templates/{therapy_class}", response=list[VersionOut])
def template_versions(request: HttpRequest, therapy_class: str) -> list[VersionOut]:
    """Every version of one class's template, the newest first."""
    _by(request).must(READ)
    found = queries.versions_of(therapy_class)
    if not found:
        raise NotFound(f"template of {therapy_class}")
    return [_version(v) for v in found]


@router.post("/templates/{therapy_class}/drafts", response=Made)
def template_begin(request: HttpRequest, therapy_class: str, given: DraftIn) -> Made:
    """Draft a new version; another pharmacist signs it."""
    content = _text(given.content) if given.content else None
    said = given.model_dump(exclude={"content"})
    return Made(id=draft_template(therapy_class=therapy_class, content=content, by=_by(request), **said))


@router.get("/template-drafts", response=list[DraftOut])
def template_drafts(request: HttpRequest) -> list[DraftOut]:
    """The open drafts."""
    _by(request).must(READ)
    return [_draft(d) for d in queries.drafts()]


@router.get("/template-drafts/{draft_id}", response=DraftOut)
def template_draft(request: HttpRequest, draft_id: UUID) -> DraftOut:
    _by(request).must(READ)
    return _draft(queries.draft(draft_id))


def _draft(d: queries.DraftRow) -> DraftOut:
    changes = [
        ChangeOut(part=c.part, gone=list(c.gone), new=list(c.new), changed=list(c.changed), reordered=c.reordered)
        for c in queries.changes_of(d)
    ]
    return DraftOut(
        id=d.id, therapy_class=d.therapy_class, state=d.state, effective_from=d.effective_from, source=d.source, why=d.why,
        drafter_name=d.drafter_name, signer_name=d.signer_name, version=d.version, content=_content(d.text), changes=changes,
    )


@router.put("/template-drafts/{draft_id}", response=Made)
def template_draft_change(request: HttpRequest, draft_id: UUID, given: DraftChangeIn) -> Made:
    """What the draft says from now on; only its author may."""
    said = given.model_dump(exclude={"content"})
    return Made(id=change_template_draft(draft_id=draft_id, content=_text(given.content), by=_by(request), **said))


@router.post("/template-drafts/{draft_id}/steps", response=Made)
def template_draft_step(request: HttpRequest, draft_id: UUID, taken: DraftStepIn) -> Made:
    """Propose, sign (header X-Signature), hand_back or withdraw (both with a reason)."""
    return Made(id=advance_template_draft(draft_id=draft_id, by=_by(request), **taken.model_dump()))
