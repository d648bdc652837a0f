# SPDX-License-Identifier: Apache-2.0
"""Draft a new version of a master formulation, change it, and sign, hand back or withdraw it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.catalog import models
from openinfusion.catalog.actions.load import new_edition
from openinfusion.catalog.domain.draft import DraftFacts, DraftState
from openinfusion.catalog.domain.formula import FormulaFact
from openinfusion.catalog.domain.formula_text import FormulaText, formula_text
from openinfusion.catalog.domain.nutrition import must_have_source
from openinfusion.catalog.domain.template import in_force
from openinfusion.catalog.permissions import DRAFT_FORMULA
from openinfusion.catalog.queries import (
    day_of,
    formula_draft_fact,
    formula_draft_facts,
    formula_known,
    one_product,
    read_formulas,
)
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.kernel.standing import Standing
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write


@action
def draft_formula(
    *,
    drug_code: str,
    route: str,
    effective_from: date,
    source: str,
    why: str,
    by: Actor,
    copy_of: UUID | None = None,
    content: FormulaText | None = None,
) -> UUID:
    """Begin a new version of a drug's master formulation by a route, to hold from a day on.

    It says what ``content`` says; without that what the version ``copy_of`` says; without both what the version says
    that is in force on that day. Refused while another draft of it is open. Malformed for a day that has passed.
    """
    by.must(DRAFT_FORMULA)
    versions = read_formulas(drug_code, route)
    base = lock(models.Formula, _id(_base(versions, drug_code, route, effective_from)))
    open_ones = models.FormulaDraft.objects.filter(drug_id=base.drug_id, route=route, state__in=["draft", "proposed"])
    if other := open_ones.first():
        raise Refused(
            Reason("draft-open", f"{other.drafter_name} has an open draft of it", "have it signed or withdraw it first")
        )
    copied = next((v for v in versions if v.id == (copy_of or base.id)), None)
    if copied is None:
        raise NotFound(f"version {copy_of} of the formula of {drug_code}")
    row = models.FormulaDraft(
        drug_id=base.drug_id,
        route=route,
        based_on_id=base.id,
        drafted_by=by.id,
        drafter_name=by.name,
        **_said(content or formula_text(copied), effective_from, source, why, by),
    )
    row.save(force_insert=True)
    write(
        by,
        "catalog.formula_draft.begin",
        row,
        "{actor} drafted {subject}",
        reason=why,
        to_state=row.state,
        noted={"source": row.source},
    )
    return row.id


@action
def change_formula_draft(
    *,
    draft_id: UUID,
    effective_from: date,
    source: str,
    why: str,
    content: FormulaText,
    by: Actor,
    version: int | None = None,
) -> UUID:
    """What the draft says from now on; compared with the version that is in force on its day now. Only its author may."""
    by.must(DRAFT_FORMULA)
    row = lock(models.FormulaDraft, draft_id, version)
    against = []
    if row.state != DraftState.DRAFT:
        against.append(Reason("not-a-draft", f"it is {row.state}", "hand it back first" if row.state == "proposed" else ""))
    if row.drafted_by != by.id:
        against.append(Reason("not-your-draft", f"only {row.drafter_name}, who drafted it, changes it"))
    if against:
        raise Refused(*against)
    code = row.drug.code
    base = _base(read_formulas(code, row.route), code, row.route, effective_from)
    said = _said(content, effective_from, source, why, by)
    parts = sorted(k for k, v in said.items() if getattr(row, k) != v)
    revise(
        row,
        "catalog.formula_draft.change",
        "{actor} changed {subject}",
        by=by,
        reason=why,
        noted={"changed": parts},
        based_on_id=_id(base),
        **said,
    )
    return row.id


@action
def advance_formula_draft(
    *,
    draft_id: UUID,
    step: str,
    by: Actor,
    reason: str = "",
    version: int | None = None,
) -> UUID:
    """Propose, sign (by another pharmacist), hand back or withdraw. Signed, it is a version and in force from its day."""
    row = lock(models.FormulaDraft, draft_id, version)
    draft = formula_draft_fact(row)
    facts = formula_draft_facts(draft, by, read_formulas(draft.drug_code, draft.route))
    changes: dict[str, Any] = {}
    if step == "sign":
        changes = {"made_id": _made(row, facts, by), "signed_by": by.id, "signer_name": by.name, "signed_at": now()}
    advance(row, step, facts, by=by, reason=reason, noted={"source": row.source, "from": row.effective_from}, **changes)
    return row.id


def _made(row: models.FormulaDraft, facts: DraftFacts, by: Actor) -> UUID:
    """The version this draft becomes; its guards are asked first."""
    row.machine.advance(DraftState(row.state), "sign", facts, by.permissions, signed=by.signed)
    names = [f.attname for f in models.formula.FormulaContent._meta.fields]
    version = models.Formula.objects.create(
        source=row.source,
        effective_from=row.effective_from,
        status=Standing.SIGNED.value,
        signed_by=by.id,
        signed_name=by.name,
        signed_at=now(),
        drafted_by=row.drafted_by,
        drafter_name=row.drafter_name,
        **{name: getattr(row, name) for name in names},
    )
    write(
        by,
        "catalog.formula.signed",
        version,
        "{actor} put {subject} in force from {day}",
        reason=row.why,
        noted={"day": row.effective_from.isoformat(), "drafted_by": row.drafter_name, "instead_of": str(row.based_on_id)},
    )
    new_edition()
    return version.id


def _base(versions: tuple[FormulaFact, ...], drug_code: str, route: str, on: date) -> FormulaFact:
    found = in_force(versions, on)
    if found is None:
        raise NotFound(f"formula of {drug_code} {route}")
    return found


def _id(version: FormulaFact) -> UUID:
    if version.id is None:
        raise NotFound(f"version of the formula of {version.drug_code}")
    return version.id


def _said(content: FormulaText, effective_from: date, source: str, why: str, by: Actor) -> dict[str, Any]:
    """The columns of a draft; Malformed with every fault."""
    if not why.strip():
        raise Malformed(Fault("why", "say why it changes"))
    if effective_from < day_of(by):
        raise Malformed(Fault("effective_from", "a version begins today or later"))
    content.must_be_sound(formula_known())
    lists = {n: [line.strip() for line in getattr(content, n)] for n in ("mixing", "equipment", "quality_checks", "label_text")}
    plain = (
        "method",
        "container",
        "final_volume_ml",
        "max_amount",
        "max_unit",
        "infusion_minutes",
        "storage",
        "category",
        "withdraw",
        "closed_system",
        "weighed",
        "specific_gravity",
        "tolerance_percent",
    )
    return {
        **{n: getattr(content, n) for n in plain},
        **lists,
        "diluent_id": one_product(ndc11=content.diluent).id if content.diluent else None,
        "device_id": one_product(ndc11=content.device).id,
        "effective_from": effective_from,
        "source": must_have_source(source),
        "why": why.strip(),
    }
