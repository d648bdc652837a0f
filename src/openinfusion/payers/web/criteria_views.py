# SPDX-License-Identifier: Apache-2.0
"""Views of authorization criteria: each calls at most one action."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.payers.actions.criteria import advance_criteria, change_criteria, draft_criteria
from openinfusion.payers.domain.criterion_text import criterion_line
from openinfusion.payers.permissions import DRAFT_CRITERIA, READ
from openinfusion.payers.web import criteria_pages as pages
from openinfusion.payers.web.forms import DraftStepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes

_SAID = {
    "propose": "Proposed. Another person approves it.", "approve": "Approved. It holds from its first day.",
    "hand_back": "Handed back to its author.", "withdraw": "Withdrawn.",
}


class _ChangeForm(pages.CriteriaForm):
    """The form without what a version keeps: its name and its payer."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("series", "payer_id"):
            del self.fields[name]


@reads(READ.code)
def criteria(request: Request) -> HttpResponse:
    return show(request, "payers/criteria.html", pages.criteria_page(request.GET.get("q", ""), request.actor))


@reads(READ.code)
def criteria_table(request: Request) -> HttpResponse:
    """What holds today, as CSV; the line column can be pasted into a draft."""
    page = pages.criteria_page(request.GET.get("q", ""), request.actor)
    return text_table("criteria", ("name", "about", "line", "from", "standing", "source"), (
        (r.name, r.about, criterion_line(c), r.source.effective_from, r.source.standing, r.source.text)
        for r in page.rows for c in r.criteria
    ))


@reads(READ.code)
def version(request: Request, criteria_id: UUID) -> HttpResponse:
    return show(request, "payers/criteria_version.html", pages.version_page(criteria_id, request.actor))


@reads(DRAFT_CRITERIA.code)
def new(request: Request) -> HttpResponse:
    return show(request, "payers/criteria_edit.html", pages.new_page(request.GET.get("copy", "")))


@writes
def enter(request: Request) -> HttpResponse:
    said = read(pages.CriteriaForm, request)
    payer_id = UUID(said["payer_id"]) if said["payer_id"] else None
    made = draft_criteria(series=said["series"].strip(), payer_id=payer_id, by=request.actor, **pages.written(said))
    return then(request, "payers:criteria_version", made, said="Entered. Propose it, then another person approves it.")


@reads(DRAFT_CRITERIA.code)
def edit(request: Request, criteria_id: UUID) -> HttpResponse:
    return show(request, "payers/criteria_edit.html", pages.edit_page(criteria_id))


@writes
def change(request: Request, criteria_id: UUID) -> HttpResponse:
    said = read(_ChangeForm, request)
    change_criteria(criteria_id=criteria_id, version=said["version"], by=request.actor, **pages.written(said))
    return then(request, "payers:criteria_version", criteria_id, said="Saved.")


@writes
def step(request: Request, criteria_id: UUID, step: str) -> HttpResponse:
    advance_criteria(criteria_id=criteria_id, step=step, by=request.actor, **read(DraftStepForm, request))
    return then(request, "payers:criteria_version", criteria_id, said=_SAID.get(step, "Done."))
