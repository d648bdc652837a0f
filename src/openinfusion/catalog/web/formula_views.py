# SPDX-License-Identifier: Apache-2.0
"""Views of master formulations."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.catalog.actions.formula import advance_formula_draft, change_formula_draft, draft_formula
from openinfusion.catalog.actions.load import sign_figure
from openinfusion.catalog.permissions import DRAFT_FORMULA, READ
from openinfusion.catalog.web import formula_pages as pages
from openinfusion.catalog.web.formula_forms import read_formula
from openinfusion.catalog.web.template_forms import BeginForm, TemplateStepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes

_SAID = {
    "propose": "Proposed. Another pharmacist signs it.",
    "sign": "Signed. It is in force from its first day.",
    "hand_back": "Handed back to its author.",
    "withdraw": "Withdrawn.",
}


@reads(READ.code)
def formulas(request: Request) -> HttpResponse:
    """The list; ``?export=csv`` gives what is shown as a table."""
    page = pages.formulas_page(request.GET.get("q", ""), request.GET.get("show", ""), request.actor)
    if request.GET.get("export") == "csv":
        head = (
            "drug",
            "route",
            "made",
            "container",
            "volume mL",
            "storage",
            "category",
            "standing",
            "in force since",
            "signed by",
        )
        rows = [
            (
                r.drug.name,
                r.held.route,
                r.held.method,
                r.held.container,
                f"{r.held.final_volume_ml:f}",
                r.held.storage,
                r.held.category,
                r.held.status,
                r.held.effective_from.isoformat(),
                r.held.source.signed_by,
            )
            for r in page.rows
        ]
        return text_table("formulas", head, rows)
    return show(request, "catalog/formulas.html", page)


@reads(READ.code)
def formula(request: Request, formula_id: UUID) -> HttpResponse:
    return show(request, "catalog/formula.html", pages.formula_page(formula_id, request.actor))


@writes
def formula_sign(request: Request, formula_id: UUID) -> HttpResponse:
    sign_figure(kind="formula", figure_id=formula_id, by=request.actor)
    return then(request, "catalog:formula", formula_id, said="Signed.")


@writes
def formula_begin(request: Request, code: str, route: str) -> HttpResponse:
    made = draft_formula(drug_code=code, route=route, by=request.actor, **read(BeginForm, request))
    return then(request, "catalog:formula_draft_edit", made, said="Drafted, as a copy. Change what changes.")


@reads(READ.code)
def draft(request: Request, draft_id: UUID) -> HttpResponse:
    return show(request, "catalog/formula_draft.html", pages.formula_draft_page(draft_id, request.actor))


@reads(DRAFT_FORMULA.code)
def draft_edit(request: Request, draft_id: UUID) -> HttpResponse:
    return show(request, "catalog/formula_edit.html", pages.formula_edit_page(draft_id, request.actor))


@writes
def draft_change(request: Request, draft_id: UUID) -> HttpResponse:
    said = read_formula(request)
    change_formula_draft(
        draft_id=draft_id,
        effective_from=said.effective_from,
        source=said.source,
        why=said.why,
        content=said.content,
        version=said.version,
        by=request.actor,
    )
    return then(request, "catalog:formula_draft", draft_id, said="Saved.")


@writes
def draft_step(request: Request, draft_id: UUID, step: str) -> HttpResponse:
    advance_formula_draft(draft_id=draft_id, step=step, by=request.actor, **read(TemplateStepForm, request))
    return then(request, "catalog:formula_draft", draft_id, said=_SAID.get(step, "Done."))
