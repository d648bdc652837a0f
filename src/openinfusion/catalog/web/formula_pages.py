# SPDX-License-Identifier: Apache-2.0
"""What the pages of master formulations receive: the list, one version, one draft with its difference, and its form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

from openinfusion.catalog import queries
from openinfusion.catalog.domain.draft import DraftState
from openinfusion.catalog.domain.drug import DrugFact
from openinfusion.catalog.domain.formula import FormulaFact, StabilityFact
from openinfusion.catalog.domain.formula_change import FORMULA_PARTS, formula_lines
from openinfusion.catalog.domain.formula_draft import FORMULA_DRAFT
from openinfusion.catalog.domain.formula_text import FormulaText, formula_text
from openinfusion.catalog.domain.template import in_force
from openinfusion.catalog.domain.template_change import Change
from openinfusion.catalog.permissions import DRAFT_FORMULA, SIGN
from openinfusion.catalog.queries import FormulaDraftRow
from openinfusion.catalog.web.formula_forms import FormulaForm, formula_form
from openinfusion.catalog.web.template_forms import BeginForm, TemplateStepForm
from openinfusion.catalog.web.template_pages import Part
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of

SHOWS = {"": "all formulas", "compound": "compounded", "unverified": "unverified", "drafts": "with a draft"}
_TONES = {"signed": "ok", "unverified": "warn", "sourced": "info"}


def _parts(text: FormulaText) -> tuple[Part, ...]:
    lines = formula_lines(text, queries.product_names())
    return tuple(Part(title, tuple(lines[name].values())) for name, title in FORMULA_PARTS.items())


@dataclass(frozen=True, slots=True)
class FormulaRow:
    """A formula on the list: the version in force, the next one, and the draft that waits."""

    drug: DrugFact
    held: FormulaFact
    tone: str
    versions: int
    next_on: date | None
    draft: FormulaDraftRow | None
    draft_tone: str


@dataclass(frozen=True, slots=True)
class FormulasPage:
    text: str
    show: str
    shows: tuple[tuple[str, str], ...]
    rows: tuple[FormulaRow, ...]


def formulas_page(text: str, show: str, by: Actor) -> FormulasPage:
    """Every formula in force today, found by drug or container."""
    today, drugs = queries.day_of(by), {d.code: d for d in queries.all_drugs()}
    drafts = {(d.drug_code, d.route): d for d in queries.formula_drafts()}
    keys = dict.fromkeys((f.drug_code, f.route) for f in queries.all_formulas())
    rows = [_row(drugs[code], route, drafts.get((code, route)), today) for code, route in keys]
    wanted = text.strip().lower()
    found = [r for r in rows if wanted in f"{r.drug.name} {r.held.route} {r.held.container}".lower() and _shown(r, show)]
    return FormulasPage(text, show if show in SHOWS else "", tuple(SHOWS.items()), tuple(found))


def _shown(row: FormulaRow, show: str) -> bool:
    return {"compound": row.held.compounded, "unverified": row.held.status == "unverified", "drafts": row.draft is not None}.get(
        show, True
    )


def _row(drug: DrugFact, route: str, draft: FormulaDraftRow | None, today: date) -> FormulaRow:
    versions = queries.formulas_of(drug.code, route)
    held = queries.formula_of(drug.code, route, today)
    coming = [v.effective_from for v in versions if v.effective_from > today and v.status == "signed"]
    tone = FORMULA_DRAFT.tone(DraftState(draft.state)) if draft else ""
    return FormulaRow(drug, held, _TONES[held.status], len(versions), min(coming, default=None), draft, tone)


@dataclass(frozen=True, slots=True)
class FormulaVersionRow:
    """A version in the list of versions, and how it stands today."""

    version: FormulaFact
    word: str
    tone: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class FormulaPage:
    drug: DrugFact
    version: FormulaFact
    tone: str
    word: str
    parts: tuple[Part, ...]
    components: tuple[tuple[str, str, str], ...]  # role, product, strength
    stability: tuple[StabilityFact, ...]
    versions: tuple[FormulaVersionRow, ...]
    drafts: tuple[FormulaDraftRow, ...]
    acts: tuple[Act, ...]
    begin_url: str
    form: BeginForm | None


def formula_page(id: UUID, by: Actor) -> FormulaPage:
    """One version with its components, the stability it rests on, and the other versions."""
    shown, today = queries.formula_by_id(id), queries.day_of(by)
    drug, versions = queries.drug_by_code(shown.drug_code), queries.formulas_of(shown.drug_code, shown.route)
    held = in_force(versions, today) or shown
    drafts = tuple(queries.formula_drafts(drug__code=drug.code, route=shown.route, states=[s.value for s in DraftState]))
    may_begin = by.may(DRAFT_FORMULA.code) and not any(d.state in queries.OPEN_DRAFTS for d in drafts)
    form = BeginForm(initial={"effective_from": today + timedelta(days=1), "copy_of": shown.id}) if may_begin else None
    sign = Act("sign", "Sign as valid here", reverse("catalog:formula_sign", args=[id]), "ok", sign="valid here")
    may_sign = by.may(SIGN.code) and shown.id == held.id and shown.status != "signed"
    rows = tuple(FormulaVersionRow(v, *_standing(v, held, today), v.id == id) for v in versions)
    return FormulaPage(
        drug,
        shown,
        _TONES[shown.status],
        _standing(shown, held, today)[0],
        _parts(formula_text(shown)),
        _components(shown),
        tuple(s for s in queries.stability_of(drug.code) if s.container == shown.container),
        rows,
        drafts,
        (sign,) if may_sign else (),
        reverse("catalog:formula_begin", args=[drug.code, shown.route]),
        form,
    )


def _components(fact: FormulaFact) -> tuple[tuple[str, str, str], ...]:
    drugs = [("drug", p.name, str(p.strength)) for p in queries.products_where(drug__code=fact.drug_code, kind="drug")]
    diluent = [("diluent", fact.diluent.name, str(fact.diluent.strength))] if fact.diluent else []
    return (*drugs, *diluent, ("given by", fact.device.name, ""))


def _standing(version: FormulaFact, held: FormulaFact, today: date) -> tuple[str, str]:
    if version.id == held.id:
        return "in force", "ok"
    if version.effective_from > today:
        return ("to come", "info") if version.status == "signed" else ("on file, not signed", "warn")
    return "replaced", "idle"


@dataclass(frozen=True, slots=True)
class FormulaDraftPage:
    draft: FormulaDraftRow
    tone: str
    base: FormulaFact
    changes: tuple[Change, ...]
    parts: tuple[Part, ...]
    acts: tuple[Act, ...]
    may_edit: bool
    lines: tuple[Line, ...]
    zone: str


def formula_draft_page(draft_id: UUID, by: Actor) -> FormulaDraftPage:
    draft = queries.formula_draft(draft_id)
    state = DraftState(draft.state)
    facts = queries.formula_draft_facts(draft, by, queries.formulas_of(draft.drug_code, draft.route))
    acts = acts_of(
        FORMULA_DRAFT, state, facts, by, url_for=lambda step: reverse("catalog:formula_draft_step", args=[draft_id, step])
    )
    forms = [TemplateStepForm(initial={"version": draft.version}, auto_id=f"{a.name}-%s") for a in acts]
    for form in forms:
        del form.fields["reason"]
    return FormulaDraftPage(
        draft,
        FORMULA_DRAFT.tone(state),
        queries.formula_base_of(draft),
        queries.formula_changes_of(draft),
        _parts(draft.text),
        tuple(replace(a, form=f) for a, f in zip(acts, forms, strict=True)),
        state is DraftState.DRAFT and facts.drafted_by_actor,
        tuple(timeline(subject_id=draft_id)),
        queries.zone_of(by),
    )


@dataclass(frozen=True, slots=True)
class FormulaEditPage:
    draft: FormulaDraftRow
    form: FormulaForm
    action: str


def formula_edit_page(draft_id: UUID, by: Actor) -> FormulaEditPage:
    """The form of a draft, for its author while it is a draft; NotFound otherwise."""
    draft = queries.formula_draft(draft_id)
    if draft.state != DraftState.DRAFT or draft.drafted_by != by.id:
        raise NotFound(f"formula draft {draft_id} to edit")
    return FormulaEditPage(draft, formula_form(draft), reverse("catalog:formula_draft_change", args=[draft_id]))
