# SPDX-License-Identifier: Apache-2.0
"""Master formulations: the version in force on a day, all versions, and the drafts of new ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openinfusion.catalog import models
from openinfusion.catalog.domain.draft import DraftFacts
from openinfusion.catalog.domain.formula import FormulaFact
from openinfusion.catalog.domain.formula_change import formula_difference
from openinfusion.catalog.domain.formula_text import FormulaKnown, FormulaText, formula_text
from openinfusion.catalog.domain.template import in_force
from openinfusion.catalog.domain.template_change import Change
from openinfusion.catalog.queries.shelf import product_fact, products_where, remembered
from openinfusion.catalog.queries.template import OPEN, day_of, product_names
from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.platform.actor import Actor

_WITH = ("drug", "diluent", "device")


def formula_rows(**where: object) -> list[models.Formula]:
    found = models.Formula.objects.select_related(*_WITH).filter(**where)
    return list(found.order_by("drug__name", "route", "-effective_from"))


def formula_fact(row: models.Formula) -> FormulaFact:
    return FormulaFact(
        drug_code=row.drug.code,
        route=row.route,
        method=row.method,
        diluent=product_fact(row.diluent) if row.diluent else None,
        container=row.container,
        final_volume_ml=row.final_volume_ml,
        max_concentration=Quantity(row.max_amount, unit(row.max_unit)),
        infusion_minutes=row.infusion_minutes,
        storage=row.storage,
        category=row.category,
        device=product_fact(row.device),
        source=row.standing(),
        id=row.id,
        mixing=tuple(row.mixing),
        equipment=tuple(row.equipment),
        quality_checks=tuple(row.quality_checks),
        label_text=tuple(row.label_text),
        withdraw=row.withdraw,
        closed_system=row.closed_system,
        weighed=row.weighed,
        specific_gravity=row.specific_gravity,
        tolerance_percent=row.tolerance_percent,
        drafter=row.drafter_name,
    )


def read_formulas(code: str, route: str) -> tuple[FormulaFact, ...]:
    """Every version, the newest first, from the table itself: for an action that is about to change it."""
    return tuple(formula_fact(row) for row in formula_rows(drug__code=code, route=route))


@remembered
def formulas_of(code: str, route: str) -> tuple[FormulaFact, ...]:
    """Every version of a drug's formula by a route, the newest first."""
    return read_formulas(code, route)


@remembered
def all_formulas() -> tuple[FormulaFact, ...]:
    """Every version of every formula, by drug and route, the newest first."""
    return tuple(formula_fact(row) for row in formula_rows())


def formula_of(code: str, route: str, on: date) -> FormulaFact:
    """The version in force on a day; Refused when the catalog has no formula."""
    found = in_force(formulas_of(code, route), on)
    if found is None:
        raise Refused(Reason("formula-unknown", f"the catalog has no formula for {code} by the route {route}"))
    return found


def formula_by_id(id: UUID) -> FormulaFact:
    """One version, in force or not: what was signed once stays readable."""
    found = next((f for f in all_formulas() if f.id == id), None)
    if found is None:
        raise NotFound(f"formula {id}")
    return found


@remembered
def formula_known() -> FormulaKnown:
    """What a formula may speak of: every diluent, every container and device, every container in use."""
    diluents = frozenset(p.ndc11 for p in products_where(kind="diluent"))
    devices = frozenset(p.ndc11 for kind in ("supply", "equipment", "diluent") for p in products_where(kind=kind))
    return FormulaKnown(diluents, devices, frozenset(f.container for f in all_formulas()))


@dataclass(frozen=True, slots=True)
class FormulaDraftRow:
    """A draft with what it says, what it follows and who stands for it."""

    id: UUID
    drug_code: str
    drug_name: str
    route: str
    state: str
    text: FormulaText
    effective_from: date
    source: str
    why: str
    based_on: UUID
    made: UUID | None
    drafted_by: UUID
    drafter_name: str
    signer_name: str
    signed_at: datetime | None
    version: int


def formula_draft_fact(row: models.FormulaDraft) -> FormulaDraftRow:
    text = FormulaText(
        method=row.method,
        diluent=row.diluent.ndc11 if row.diluent else "",
        container=row.container,
        final_volume_ml=row.final_volume_ml,
        max_amount=row.max_amount,
        max_unit=row.max_unit,
        infusion_minutes=row.infusion_minutes,
        storage=row.storage,
        category=row.category,
        device=row.device.ndc11,
        mixing=tuple(row.mixing),
        equipment=tuple(row.equipment),
        quality_checks=tuple(row.quality_checks),
        label_text=tuple(row.label_text),
        withdraw=row.withdraw,
        closed_system=row.closed_system,
        weighed=row.weighed,
        specific_gravity=row.specific_gravity,
        tolerance_percent=row.tolerance_percent,
    )
    return FormulaDraftRow(
        row.id,
        row.drug.code,
        row.drug.tall_man,
        row.route,
        row.state,
        text,
        row.effective_from,
        row.source,
        row.why,
        row.based_on_id,
        row.made_id,
        row.drafted_by,
        row.drafter_name,
        row.signer_name,
        row.signed_at,
        row.version,
    )


def formula_drafts(*, states: Iterable[str] = OPEN, **where: object) -> list[FormulaDraftRow]:
    """Drafts of one formula or of all, the newest first."""
    rows = models.FormulaDraft.objects.select_related(*_WITH).filter(state__in=list(states), **where)
    return [formula_draft_fact(row) for row in rows.order_by("-made_at")]


def formula_draft(id: UUID) -> FormulaDraftRow:
    row = models.FormulaDraft.objects.select_related(*_WITH).filter(pk=id).first()
    if row is None:
        raise NotFound(f"formula draft {id}")
    return formula_draft_fact(row)


def formula_base_of(draft: FormulaDraftRow) -> FormulaFact:
    """What an open draft would follow: the version in force on its first day. A closed one: what it was based on."""
    if draft.state in OPEN:
        return formula_of(draft.drug_code, draft.route, draft.effective_from)
    return formula_by_id(draft.based_on)


def formula_changes_of(draft: FormulaDraftRow) -> tuple[Change, ...]:
    """The difference to the version it would follow, or did follow."""
    return formula_difference(formula_text(formula_base_of(draft)), draft.text, product_names())


def formula_draft_facts(draft: FormulaDraftRow, by: Actor, versions: Iterable[FormulaFact]) -> DraftFacts:
    """What the guards look at, seen by this person today."""
    there = tuple(versions)
    base = in_force(there, draft.effective_from)
    return DraftFacts(
        drafted_by_actor=by.id == draft.drafted_by,
        changes_something=base is None or formula_text(base) != draft.text,
        date_is_past=draft.effective_from < day_of(by),
        date_is_taken=any(v.effective_from == draft.effective_from for v in there),
        base_in_force=base is not None and base.id == draft.based_on,
    )
