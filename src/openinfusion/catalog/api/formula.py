# SPDX-License-Identifier: Apache-2.0
"""Master formulations as JSON: the versions, and the drafts of new ones."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.catalog import queries
from openinfusion.catalog.actions.formula import advance_formula_draft, change_formula_draft, draft_formula
from openinfusion.catalog.api.shelf import Made, router
from openinfusion.catalog.api.template import ChangeOut, DraftStepIn
from openinfusion.catalog.domain.formula import FormulaFact
from openinfusion.catalog.domain.formula_text import FormulaText, formula_text
from openinfusion.catalog.permissions import READ
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.actor import Actor
from openinfusion.platform.api import Amount, Whole


class FormulaPart(Schema):
    """What a version says. Products by NDC-11; ``diluent`` empty where there is none."""

    method: str
    diluent: str = ""
    container: str
    final_volume_ml: Amount
    max_amount: Amount
    max_unit: str
    infusion_minutes: Whole
    storage: str
    category: Whole
    device: str
    mixing: list[str] = []
    equipment: list[str] = []
    quality_checks: list[str] = []
    label_text: list[str] = []
    withdraw: str = "policy"
    closed_system: bool = False
    weighed: bool = False
    specific_gravity: Amount | None = None
    tolerance_percent: Amount | None = None


class FormulaOut(Schema):
    """One version: when it begins, who stands for it. ``status``: signed, sourced or unverified."""

    id: UUID
    drug_code: str
    route: str
    effective_from: date
    status: str
    source: str
    drafted_by: str
    signed_by: str
    content: FormulaPart


class FormulaDraftIn(Schema):
    """Without content the draft says what ``copy_of`` says, or else the version in force on its first day."""

    effective_from: date
    source: str
    why: str
    copy_of: UUID | None = None
    content: FormulaPart | None = None


class FormulaChangeIn(Schema):
    effective_from: date
    source: str
    why: str
    content: FormulaPart
    version: Whole | None = None


class FormulaDraftOut(Schema):
    """A draft and its difference to the version it would follow."""

    id: UUID
    drug_code: str
    route: str
    state: str
    effective_from: date
    source: str
    why: str
    drafter_name: str
    signer_name: str
    version: int
    content: FormulaPart
    changes: list[ChangeOut]


def _by(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _part(text: FormulaText) -> FormulaPart:
    return FormulaPart(**asdict(text))


def _text(given: FormulaPart) -> FormulaText:
    said = given.model_dump()
    return FormulaText(**said | {n: tuple(said[n]) for n in ("mixing", "equipment", "quality_checks", "label_text")})


def _version(f: FormulaFact) -> FormulaOut:
    if f.id is None:
        raise NotFound("formula")
    return FormulaOut(
        id=f.id,
        drug_code=f.drug_code,
        route=f.route,
        effective_from=f.effective_from,
        status=f.status,
        source=f.source.text,
        drafted_by=f.drafter,
        signed_by=f.source.signed_by,
        content=_part(formula_text(f)),
    )


def _draft(d: queries.FormulaDraftRow) -> FormulaDraftOut:
    changes = [
        ChangeOut(part=c.part, gone=list(c.gone), new=list(c.new), changed=list(c.changed), reordered=c.reordered)
        for c in queries.formula_changes_of(d)
    ]
    return FormulaDraftOut(
        id=d.id,
        drug_code=d.drug_code,
        route=d.route,
        state=d.state,
        effective_from=d.effective_from,
        source=d.source,
        why=d.why,
        drafter_name=d.drafter_name,
        signer_name=d.signer_name,
        version=d.version,
        content=_part(d.text),
        changes=changes,
    )


@router.get("/formulas", response=list[FormulaOut])
def formulas(request: HttpRequest, drug_code: str, route: str) -> list[FormulaOut]:
    """Every version of a drug's master formulation by a route, the newest first."""
    _by(request).must(READ)
    return [_version(f) for f in queries.formulas_of(drug_code, route)]


@router.get("/formulas/{formula_id}", response=FormulaOut)
def formula(request: HttpRequest, formula_id: UUID) -> FormulaOut:
    """One version, in force or not."""
    _by(request).must(READ)
    return _version(queries.formula_by_id(formula_id))


@router.get("/formula-in-force", response=FormulaOut)
def formula_in_force(request: HttpRequest, drug_code: str, route: str, on: date | None = None) -> FormulaOut:
    """The version in force on a day, today where none is given."""
    by = _by(request)
    by.must(READ)
    return _version(queries.formula_of(drug_code, route, on or queries.day_of(by)))


@router.post("/formulas/{drug_code}/{route}/drafts", response=Made)
def formula_begin(request: HttpRequest, drug_code: str, route: str, given: FormulaDraftIn) -> Made:
    """Draft a new version; another pharmacist signs it."""
    content = _text(given.content) if given.content else None
    said = given.model_dump(exclude={"content"})
    return Made(id=draft_formula(drug_code=drug_code, route=route, content=content, by=_by(request), **said))


@router.get("/formula-drafts", response=list[FormulaDraftOut])
def formula_drafts(request: HttpRequest) -> list[FormulaDraftOut]:
    """The open drafts."""
    _by(request).must(READ)
    return [_draft(d) for d in queries.formula_drafts()]


@router.get("/formula-drafts/{draft_id}", response=FormulaDraftOut)
def formula_draft(request: HttpRequest, draft_id: UUID) -> FormulaDraftOut:
    _by(request).must(READ)
    return _draft(queries.formula_draft(draft_id))


@router.put("/formula-drafts/{draft_id}", response=Made)
def formula_draft_change(request: HttpRequest, draft_id: UUID, given: FormulaChangeIn) -> Made:
    """What the draft says from now on; only its author may."""
    said = given.model_dump(exclude={"content"})
    return Made(id=change_formula_draft(draft_id=draft_id, content=_text(given.content), by=_by(request), **said))


@router.post("/formula-drafts/{draft_id}/steps", response=Made)
def formula_draft_step(request: HttpRequest, draft_id: UUID, taken: DraftStepIn) -> Made:
    """Propose, sign (header X-Signature), hand_back or withdraw (both with a reason)."""
    return Made(id=advance_formula_draft(draft_id=draft_id, by=_by(request), **taken.model_dump()))
