# SPDX-License-Identifier: Apache-2.0
"""What the templates of the catalog receive."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from openinfusion.catalog import models, queries
from openinfusion.catalog.domain.codes import HcpcsFact
from openinfusion.catalog.domain.drug import DrugFact, TherapyClass
from openinfusion.catalog.domain.formula import DoseRule
from openinfusion.catalog.domain.product import ProductFact
from openinfusion.catalog.domain.template import TherapyTemplate
from openinfusion.catalog.models.figure import Figure
from openinfusion.catalog.permissions import SIGN
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.standing import Source
from openinfusion.platform.actor import Actor
from openinfusion.platform.ui.parts import Act


@dataclass(frozen=True, slots=True)
class ListPage:
    text: str
    therapy_class: str
    classes: tuple[str, ...]
    rows: tuple[DrugFact, ...]


def list_page(text: str, therapy_class: str) -> ListPage:
    known = {c.value for c in TherapyClass}
    wanted = therapy_class if therapy_class in known else ""
    return ListPage(text, wanted, tuple(c.value for c in TherapyClass), tuple(queries.all_drugs(wanted, text.strip())))


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure in words, with where it comes from and the button to sign it."""

    words: str
    source: Source
    acts: tuple[Act, ...]

    @property
    def standing(self) -> str:
        return self.source.standing.value


@dataclass(frozen=True, slots=True)
class DrugPage:
    drug: DrugFact
    products: tuple[ProductFact, ...]
    identity: FigureRow
    formulas: tuple[FigureRow, ...]
    stability: tuple[FigureRow, ...]
    doses: tuple[FigureRow, ...]
    template: TherapyTemplate
    code: HcpcsFact | None


def drug_page(code: str, by: Actor) -> DrugPage:
    drug = queries.drug_by_code(code)

    def row(kind: str, figure: Figure, words: str) -> FigureRow:
        url = reverse("catalog:figure_sign", args=[code, kind, figure.id])
        sign = Act(f"sign-{figure.id}", "Sign as valid here", url, "ok", sign="valid here")
        source = figure.standing()
        return FigureRow(words, source, (sign,) if by.may(SIGN.code) and source.standing.value != "signed" else ())

    identity = models.Drug.objects.filter(code=code).first()
    if identity is None:
        raise NotFound(f"drug {code}")
    return DrugPage(
        drug,
        queries.at_cost(queries.products_where(drug__code=code), queries.day_of(by)),
        row("drug", identity, "names, classes and hazards"),
        tuple(row("formula", f, _formula(f)) for f in queries.formula_rows(drug__code=code)),
        tuple(row("stability", s, _stability(s)) for s in queries.stability_rows(code)),
        tuple(row("dose_rule", d, _dose(queries.dose_rule_fact(d))) for d in queries.dose_rule_rows(code)),
        queries.template_on(drug.therapy_class, queries.day_of(by)),
        _code(drug.hcpcs),
    )


def _code(code: str) -> HcpcsFact | None:
    try:
        return queries.hcpcs_by_code(code) if code else None
    except NotFound:
        return None


def _formula(row: models.Formula) -> str:
    fact = queries.formula_fact(row)
    if not fact.compounded:
        return f"{fact.route}: dispensed as it is, by {fact.device.name}"
    diluent = f" in {fact.diluent.name}" if fact.diluent else ""
    volume = shown_number(fact.final_volume_ml)
    return (
        f"{fact.route}: to {volume} mL{diluent}, {fact.container}, at most {fact.max_concentration}/mL, "
        f"over {fact.infusion_minutes} min, {fact.storage}, category {fact.category}"
    )


def _stability(row: models.Stability) -> str:
    fact = queries.stability_fact(row)
    return f"{fact.container}, {fact.storage}, {fact.least}/mL to {fact.most}/mL: {fact.hours} h"


def _dose(rule: DoseRule) -> str:
    per = {"flat": "", "kg": "/kg", "m2": "/m²", "kg_min": "/kg/min"}[rule.per]
    return (
        f"{rule.route}, {rule.measure}: usual {rule.usual_low}{per} to {rule.usual_high}{per}, "
        f"never above {rule.hard_high}{per}"
        f"{_span('CrCl', rule.crcl_from, rule.crcl_below, 'mL/min')}"
    )


def _span(word: str, low: Decimal | None, high: Decimal | None, unit: str) -> str:
    if low is None and high is None:
        return ""
    parts = [
        f"from {shown_number(low)}" if low is not None else "",
        f"below {shown_number(high)}" if high is not None else "",
    ]
    return f", {word} {' '.join(p for p in parts if p)} {unit}"
