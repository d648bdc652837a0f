# SPDX-License-Identifier: Apache-2.0
"""Draft a new version of a therapy template, change it, and sign, hand back or withdraw it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.catalog import models
from openinfusion.catalog.actions.load import new_edition
from openinfusion.catalog.domain.nutrition import must_have_source
from openinfusion.catalog.domain.template import TherapyTemplate, in_force
from openinfusion.catalog.domain.template_draft import TemplateDraftFacts, TemplateDraftState
from openinfusion.catalog.domain.template_text import TemplateText, text_of
from openinfusion.catalog.permissions import DRAFT_TEMPLATE
from openinfusion.catalog.queries import day_of, draft_fact, draft_facts, known, read_versions
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.kernel.standing import Standing
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write


@action
def draft_template(
    *,
    therapy_class: str,
    effective_from: date,
    source: str,
    why: str,
    by: Actor,
    copy_of: UUID | None = None,
    content: TemplateText | None = None,
) -> UUID:
    """Begin a new version of a class's template, to hold from a day on.

    It says what ``content`` says; without that what the version ``copy_of`` says; without both what the version says that
    is in force on that day. Refused while another draft of the class is open. Malformed for a day that has passed.
    """
    by.must(DRAFT_TEMPLATE)
    versions = read_versions(therapy_class)
    base = _base(versions, therapy_class, effective_from)
    lock(models.Template, _id(base))
    if other := models.TemplateDraft.objects.filter(therapy_class=therapy_class, state__in=["draft", "proposed"]).first():
        text = f"{other.drafter_name} has an open draft of it"
        raise Refused(Reason("draft-open", text, "have it signed or withdraw it first"))
    copied = next((v for v in versions if v.id == copy_of), None) if copy_of else base
    if copied is None:
        raise NotFound(f"version {copy_of} of the template of {therapy_class}")
    row = models.TemplateDraft(
        therapy_class=therapy_class, based_on_id=_id(base), drafted_by=by.id, drafter_name=by.name,
        **_said(therapy_class, content or text_of(copied), effective_from, source, why, by),
    )
    row.save(force_insert=True)
    write(by, "catalog.template_draft.begin", row, "{actor} drafted {subject}", reason=why, to_state=row.state,
          noted={"source": row.source})
    return row.id


@action
def change_template_draft(
    *, draft_id: UUID, effective_from: date, source: str, why: str, content: TemplateText, by: Actor, version: int | None = None,
) -> UUID:
    """What the draft says from now on; compared with the version that is in force on its day now. Only its author may."""
    by.must(DRAFT_TEMPLATE)
    row = lock(models.TemplateDraft, draft_id, version)
    against = []
    if row.state != TemplateDraftState.DRAFT:
        against.append(Reason("not-a-draft", f"it is {row.state}", "hand it back first" if row.state == "proposed" else ""))
    if row.drafted_by != by.id:
        against.append(Reason("not-your-draft", f"only {row.drafter_name}, who drafted it, changes it"))
    if against:
        raise Refused(*against)
    base = _base(read_versions(row.therapy_class), row.therapy_class, effective_from)
    said = _said(row.therapy_class, content, effective_from, source, why, by)
    parts = sorted(k for k, v in said.items() if getattr(row, k) != v)
    revise(row, "catalog.template_draft.change", "{actor} changed {subject}", by=by, reason=why, noted={"changed": parts},
           based_on_id=_id(base), **said)
    return row.id


@action
def advance_template_draft(
    *, draft_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None,
) -> UUID:
    """Propose, sign (by another pharmacist), hand back or withdraw. Signed, it is a version and in force from its day."""
    row = lock(models.TemplateDraft, draft_id, version)
    facts = draft_facts(draft_fact(row), by, read_versions(row.therapy_class))
    changes: dict[str, Any] = {}
    if step == "sign":
        changes = {"made_id": _made(row, facts, by), "signed_by": by.id, "signer_name": by.name, "signed_at": now()}
    advance(row, step, facts, by=by, reason=reason, noted={"source": row.source, "from": row.effective_from}, **changes)
    return row.id


def _made(row: models.TemplateDraft, facts: TemplateDraftFacts, by: Actor) -> UUID:
    """The version this draft becomes; its guards are asked first. The per-diem codes stay those of the version before."""
    row.machine.advance(TemplateDraftState(row.state), "sign", facts, by.permissions, signed=by.signed)
    before = fetch(models.Template, row.based_on_id)
    names = [f.attname for f in models.template.TemplateContent._meta.fields]
    version = models.Template.objects.create(
        per_diem=before.per_diem, by_interval=before.by_interval, by_litres=before.by_litres, source=row.source,
        effective_from=row.effective_from, status=Standing.SIGNED.value, signed_by=by.id, signed_name=by.name, signed_at=now(),
        drafted_by=row.drafted_by, drafter_name=row.drafter_name, **{name: getattr(row, name) for name in names},
    )
    write(by, "catalog.template.signed", version, "{actor} put {subject} in force from {day}", reason=row.why,
          noted={"day": row.effective_from.isoformat(), "drafted_by": row.drafter_name, "instead_of": str(before.id)})
    new_edition()
    return version.id


def _base(versions: tuple[TherapyTemplate, ...], therapy_class: str, on: date) -> TherapyTemplate:
    found = in_force(versions, on)
    if found is None:
        raise NotFound(f"template of {therapy_class}")
    return found


def _id(version: TherapyTemplate) -> UUID:
    if version.id is None:
        raise NotFound(f"version of the template of {version.therapy_class}")
    return version.id


def _said(
    therapy_class: str, content: TemplateText, effective_from: date, source: str, why: str, by: Actor,
) -> dict[str, Any]:
    """The columns of a draft; Malformed with every fault."""
    if not why.strip():
        raise Malformed(Fault("why", "say why it changes"))
    if effective_from < day_of(by):
        raise Malformed(Fault("effective_from", "a version begins today or later"))
    content.must_be_sound(known(therapy_class))
    return {
        "name": content.name.strip(), "required_items": list(content.required_items),
        "kit": [asdict(line) for line in content.kit], "labs": [asdict(lab) for lab in content.labs],
        "teaching": [t.strip() for t in content.teaching], "goals": [g.strip() for g in content.goals],
        "labels": [asdict(label) for label in content.labels], "visits_per_week": content.visits_per_week,
        "nursing_task": content.nursing_task, "first_dose_attended": content.first_dose_attended,
        "effective_from": effective_from, "source": must_have_source(source), "why": why.strip(),
    }
