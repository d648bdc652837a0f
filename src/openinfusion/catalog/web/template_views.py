# SPDX-License-Identifier: Apache-2.0
"""Views of therapy templates."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.catalog import queries
from openinfusion.catalog.actions.load import sign_figure
from openinfusion.catalog.actions.template import advance_template_draft, change_template_draft, draft_template
from openinfusion.catalog.permissions import DRAFT_TEMPLATE, READ
from openinfusion.catalog.web import template_pages as pages
from openinfusion.catalog.web.template_forms import BeginForm, TemplateStepForm, read_draft
from openinfusion.platform.web import Request, read, reads, show, then, writes

_SAID = {
    "propose": "Proposed. Another pharmacist signs it.", "sign": "Signed. It is in force from its first day.",
    "hand_back": "Handed back to its author.", "withdraw": "Withdrawn.",
}


@reads(READ.code)
def templates(request: Request) -> HttpResponse:
    return show(request, "catalog/templates.html", pages.templates_page(request.GET.get("show", ""), request.actor))


@reads(READ.code)
def template(request: Request, therapy_class: str, version_id: UUID | None = None) -> HttpResponse:
    return show(request, "catalog/template.html", pages.template_page(therapy_class, version_id, request.actor))


@writes
def template_sign(request: Request, therapy_class: str, version_id: UUID) -> HttpResponse:
    sign_figure(kind="template", figure_id=version_id, by=request.actor)
    return then(request, "catalog:template", therapy_class, said="Signed.")


@writes
def template_begin(request: Request, therapy_class: str) -> HttpResponse:
    made = draft_template(therapy_class=therapy_class, by=request.actor, **read(BeginForm, request))
    return then(request, "catalog:template_draft_edit", made, said="Drafted, as a copy. Change what changes.")


@reads(READ.code)
def draft(request: Request, draft_id: UUID) -> HttpResponse:
    return show(request, "catalog/template_draft.html", pages.draft_page(draft_id, request.actor))


@reads(DRAFT_TEMPLATE.code)
def draft_edit(request: Request, draft_id: UUID) -> HttpResponse:
    return show(request, "catalog/template_edit.html", pages.edit_page(draft_id, request.actor))


@writes
def draft_change(request: Request, draft_id: UUID) -> HttpResponse:
    said = read_draft(request, queries.draft(draft_id))
    change_template_draft(
        draft_id=draft_id, effective_from=said.effective_from, source=said.source, why=said.why, content=said.content,
        version=said.version, by=request.actor,
    )
    return then(request, "catalog:template_draft", draft_id, said="Saved.")


@writes
def draft_step(request: Request, draft_id: UUID, step: str) -> HttpResponse:
    advance_template_draft(draft_id=draft_id, step=step, by=request.actor, **read(TemplateStepForm, request))
    return then(request, "catalog:template_draft", draft_id, said=_SAID.get(step, "Done."))
