# SPDX-License-Identifier: Apache-2.0
"""The door of the catalog: what can be given, as frozen facts."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from openinfusion.calculations.public import ndc11
from openinfusion.catalog import queries
from openinfusion.catalog.actions.cost import record_cost
from openinfusion.catalog.actions.formula import advance_formula_draft, change_formula_draft, draft_formula
from openinfusion.catalog.actions.hcpcs import drop_code_list, read_code_list, take_code_list
from openinfusion.catalog.actions.load import load_catalog
from openinfusion.catalog.actions.nutrition import (
    KINDS,
    advance_site_figure,
    propose_curve,
    propose_limit,
    propose_stock,
)
from openinfusion.catalog.actions.template import advance_template_draft, change_template_draft, draft_template
from openinfusion.catalog.domain.codes import HcpcsFact, SideChain
from openinfusion.catalog.domain.controlled import Controlled
from openinfusion.catalog.domain.drug import DrugFact, Route, TherapyClass, match
from openinfusion.catalog.domain.formula import DoseRule, FormulaFact, StabilityFact, judge_stability
from openinfusion.catalog.domain.formula_draft import FORMULA_DRAFT
from openinfusion.catalog.domain.formula_text import FormulaText, formula_text
from openinfusion.catalog.domain.hazard import Hazard
from openinfusion.catalog.domain.nutrition import CurveDraft, LimitDraft, SiteNutrition, StockDraft
from openinfusion.catalog.domain.product import ProductFact, ProductKind, Storage, is_gtin
from openinfusion.catalog.domain.regimen import Basis, HoldRow, Regimen, RegimenLine, read_regimen
from openinfusion.catalog.domain.site_figure import SiteFigureState
from openinfusion.catalog.domain.template import AuxiliaryLabel, KitLine, Monitoring, Preparation, TherapyTemplate
from openinfusion.catalog.domain.template_draft import TEMPLATE_DRAFT, TemplateDraftState
from openinfusion.catalog.domain.template_text import KitText, TemplateText, text_of
from openinfusion.catalog.models import FormulaDraft, TemplateDraft
from openinfusion.catalog.models.site_figure import SiteFigure
from openinfusion.catalog.queries import CodeListFact, costs_on
from openinfusion.kernel.machine import shown
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.waiting import EVERYTHING, Ask, Hit, Waited, Waiting
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.queue import waited, whose_turn

__all__ = [
    "AuxiliaryLabel",
    "Basis",
    "CodeListFact",
    "Controlled",
    "CurveDraft",
    "DoseRule",
    "DrugFact",
    "FormulaFact",
    "FormulaText",
    "Hazard",
    "HcpcsFact",
    "HoldRow",
    "KitLine",
    "KitText",
    "LimitDraft",
    "Monitoring",
    "ProductFact",
    "ProductKind",
    "Regimen",
    "RegimenLine",
    "Route",
    "SideChain",
    "SiteNutrition",
    "StabilityFact",
    "StockDraft",
    "Storage",
    "TemplateText",
    "TherapyClass",
    "TherapyTemplate",
    "advance_formula_draft",
    "advance_site_figure",
    "advance_template_draft",
    "billed_by",
    "change_formula_draft",
    "change_template_draft",
    "code_list",
    "code_lists",
    "code_text",
    "controlled",
    "costs_on",
    "diagnoses",
    "dose_rules",
    "draft_formula",
    "draft_template",
    "drop_code_list",
    "drug",
    "drugs",
    "find",
    "formula",
    "formula_text",
    "formula_version",
    "hazard",
    "hcpcs",
    "is_gtin",
    "label_texts",
    "load_catalog",
    "match_drug",
    "ndc11",
    "product",
    "product_by_gtin",
    "product_by_ndc",
    "products",
    "products_of",
    "propose_curve",
    "propose_limit",
    "propose_stock",
    "read_code_list",
    "read_regimen",
    "record_cost",
    "regimen",
    "regimens",
    "required_items",
    "side_chains",
    "site_nutrition",
    "stability",
    "stock_packages",
    "take_code_list",
    "template",
    "template_at",
    "template_version",
    "text_of",
    "waiting",
]


def drug(code: str) -> DrugFact:
    """The drug with this code; NotFound if there is none."""
    return queries.drug_by_code(code)


def drugs(therapy_class: str = "") -> list[DrugFact]:
    return list(queries.all_drugs(therapy_class))


def match_drug(text: str = "", rxnorm: str = "") -> DrugFact:
    """The one drug this text or RxNorm code means; Refused when not exactly one."""
    return match(queries.all_drugs(), text, rxnorm)


def product(id: UUID) -> ProductFact:
    return queries.one_product(id=id)


def products(ids: Iterable[UUID]) -> dict[UUID, ProductFact]:
    """Many products at once, by id."""
    return queries.products_by_id(ids)


def products_of(drug_code: str = "", *, kind: str = "") -> list[ProductFact]:
    """The products of a drug, or of a kind (diluent, supply, equipment)."""
    where: dict[str, object] = {"drug__code": drug_code} if drug_code else {}
    return list(queries.products_where(**where, **({"kind": kind} if kind else {})))


def product_by_gtin(gtin: str) -> ProductFact:
    return queries.one_product(gtin=gtin)


def product_by_ndc(ndc: str) -> ProductFact:
    return queries.one_product(ndc11=ndc11(ndc))


def formula(drug_code: str, route: str, on: date | None = None) -> FormulaFact:
    """The master formulation in force on a day, the house's today where none is given; Refused when the catalog has none."""
    return queries.formula_of(drug_code, route, on or house_today())


def formula_version(id: UUID) -> FormulaFact:
    """One version of a master formulation, in force or not."""
    return queries.formula_by_id(id)


def stability(drug_code: str, concentration: Quantity, container: str, storage: str) -> StabilityFact:
    """How long it keeps; ``concentration`` is the amount in 1 mL. Refused when the data cannot judge."""
    return judge_stability(queries.stability_of(drug_code), drug_code, concentration, container, storage)


def dose_rules(drug_code: str, route: str) -> list[DoseRule]:
    return list(queries.dose_rules_of(drug_code, route))


def template(therapy_class: str, on: date | None = None) -> TherapyTemplate:
    """The version of a class's template that is in force on a day; the house's today where no day is given."""
    return queries.template_on(therapy_class, on or house_today())


def template_at(therapy_class: str, site_id: UUID, at: datetime | None = None) -> TherapyTemplate:
    """The version of a class's template in force at a site now, or at an instant: days are those of the site."""
    return queries.template_on(therapy_class, queries.day_at(site_id, at))


def template_version(therapy_class: str, id: UUID) -> TherapyTemplate:
    """One version, in force or not: what was signed once stays readable."""
    return queries.version_of(therapy_class, id)


def required_items(on: date | None = None) -> dict[str, tuple[str, ...]]:
    """The required items of every therapy class as they hold on a day; the house's today where no day is given."""
    return dict(queries.items_by_class(on or house_today()))


def label_texts(drug_code: str, *, route: str, storage: str, on: date) -> tuple[str, ...]:
    """The auxiliary texts of a container of this drug, by the template of its class in force on a day."""
    known = queries.drug_by_code(drug_code)
    made = Preparation(drug_code, route, storage, known.hazardous, bool(known.vesicant))
    return queries.template_on(known.therapy_class, on).label_texts(made)


def regimens() -> list[Regimen]:
    """The newest edition of every regimen."""
    return list(queries.all_regimens())


def regimen(code: str, edition: int | None = None) -> Regimen:
    """A regimen, the newest edition if none is named; NotFound where there is none."""
    return queries.regimen_by_code(code, edition)


def hazard(drug_code: str) -> Hazard | None:
    """How a drug must be handled; None where it is not known as hazardous."""
    return queries.hazards().get(drug_code)


def controlled(drug_code: str) -> Controlled | None:
    """The schedule of a controlled drug; None where the drug is not on the list of controlled ones."""
    return queries.controlled().get(drug_code)


def hcpcs(code: str, on: date | None = None) -> HcpcsFact:
    """The billing code, as it holds on a day if one is given."""
    return queries.hcpcs_by_code(code, on)


def code_lists() -> list[CodeListFact]:
    """The quarterly lists of billing codes that were brought in, the newest first."""
    return queries.code_lists()


def code_list(list_id: UUID) -> CodeListFact:
    """One list with what it changes; NotFound otherwise."""
    return queries.code_list(list_id)


def billed_by(codes: Iterable[str]) -> dict[str, list[str]]:
    """The drugs and products that bill by each of these codes, by name."""
    return queries.billed_by(codes)


def code_text(system: str, code: str) -> str:
    """The text of a code; ``system`` is icd10 or hcpcs. NotFound when it is not in the small list kept here."""
    return queries.text_of(system, code)


def diagnoses() -> list[tuple[str, str]]:
    """The diagnoses kept here: code and text."""
    return queries.all_diagnoses()


def side_chains() -> list[SideChain]:
    return list(queries.all_side_chains())


def site_nutrition(site_id: UUID) -> SiteNutrition:
    """What a site has set for parenteral nutrition and two people have signed: limits, stock solutions, curves."""
    return queries.held_nutrition(site_id)


def stock_packages(site_id: UUID) -> dict[str, ProductFact]:
    """The package that each stock solution is drawn from, by the solution's code."""
    return queries.packages_of(site_id)


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Figures of parenteral nutrition and template versions that wait for a second person's signature.

    A proposed version waits for everybody but its author; a draft handed back waits for its author alone.
    """
    found = Waited()
    for model in KINDS.values():
        rows = model._default_manager.filter(state__in=whose_turn(model.machine, ask))
        found += waited(rows, ask, kind="Nutrition figure", make=_figures_waiting)
    mine = Q(state=TemplateDraftState.DRAFT.value, drafted_by=by.id)
    others = Q(state=TemplateDraftState.PROPOSED.value) & ~Q(drafted_by=by.id)
    versions = TemplateDraft.objects.filter(mine | others, state__in=whose_turn(TEMPLATE_DRAFT, ask))
    found += waited(versions, ask, kind="Template version", make=_drafts_waiting)
    formulas = FormulaDraft.objects.select_related("drug").filter(mine | others, state__in=whose_turn(FORMULA_DRAFT, ask))
    return found + waited(formulas, ask, kind="Formula version", make=_formulas_waiting)


def _drafts_waiting(rows: list[TemplateDraft]) -> list[Waiting]:
    return [
        Waiting("catalog", "Template version", r.id, str(r), "", shown(s := TemplateDraftState(r.state)),
                TEMPLATE_DRAFT.tone(s), TEMPLATE_DRAFT.owner(s), r.made_at, f"/catalog/template-drafts/{r.id}/",
                missing=("another pharmacist's signature" if s is TemplateDraftState.PROPOSED else "your proposal",))
        for r in rows
    ]


def _formulas_waiting(rows: list[FormulaDraft]) -> list[Waiting]:
    return [
        Waiting("catalog", "Formula version", r.id, str(r), "", shown(s := TemplateDraftState(r.state)),
                FORMULA_DRAFT.tone(s), FORMULA_DRAFT.owner(s), r.made_at, f"/catalog/formula-drafts/{r.id}/",
                missing=("another pharmacist's signature" if s is TemplateDraftState.PROPOSED else "your proposal",))
        for r in rows
    ]


def _figures_waiting(rows: list[SiteFigure]) -> list[Waiting]:
    return [
        Waiting("catalog", "Nutrition figure", r.id, str(r), "", shown(s := SiteFigureState(r.state)),
                r.machine.tone(s), r.machine.owner(s), r.made_at, f"/catalog/nutrition/?site={r.site_id}",
                missing=("another pharmacist's signature",))
        for r in rows
    ]


def find(text: str, by: Actor) -> list[Hit]:
    """Drugs whose name, synonym or code matches."""
    if not by.may("catalog.drug.read") or len(text.strip()) < 2:
        return []
    found = queries.all_drugs(text=text.strip())[:8]
    return [Hit("Drug", d.tall_man, d.therapy_class.replace("_", " "), f"/catalog/drugs/{d.code}/") for d in found]
