# SPDX-License-Identifier: Apache-2.0
"""The page on which a site sets its limits, stock solutions and curves of parenteral nutrition, by two people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.urls import reverse

from openinfusion.calculations.public import Limit, SolubilityCurve, Stock, shown_unit
from openinfusion.catalog import queries
from openinfusion.catalog.domain.site_figure import (
    NUTRITION_CURVE,
    NUTRITION_LIMIT,
    NUTRITION_STOCK,
    SiteFigureFacts,
    SiteFigureState,
)
from openinfusion.catalog.permissions import PROPOSE
from openinfusion.catalog.queries import Standing
from openinfusion.catalog.web.forms import CurveForm, FigureStepForm, LimitForm, StockForm
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.actor import Actor
from openinfusion.platform.models import Site
from openinfusion.platform.ui.parts import Act, acts_of

_MACHINES = {"limit": NUTRITION_LIMIT, "stock": NUTRITION_STOCK, "curve": NUTRITION_CURVE}
_NOW = ("proposed", "in_force", "leaving")


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure in words, who stands for it, and what may be done with it."""

    what: str
    words: tuple[str, ...]
    standing: Standing
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of figure: its rows, and the form that proposes another."""

    kind: str
    title: str
    head: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    action: str
    form: LimitForm | StockForm | CurveForm | None


@dataclass(frozen=True, slots=True)
class NutritionPage:
    site_id: UUID
    site: str
    sites: tuple[tuple[UUID, str], ...]
    state: str
    states: tuple[str, ...]
    sections: tuple[Section, ...]


def nutrition_page(site: str, state: str, by: Actor) -> NutritionPage:
    """The figures of the chosen site, or of the one the person works at; NotFound where there is no such site."""
    sites = tuple(Site.objects.order_by("name").values_list("id", "name"))
    wanted = site or str(by.site_id or (sites[0][0] if sites else ""))
    found = next((s for s in sites if str(s[0]) == wanted), None)
    if found is None:
        raise NotFound(f"site {site}")
    known = tuple(s.value for s in SiteFigureState)
    states = (state,) if state in known else _NOW
    return NutritionPage(found[0], found[1], sites, state if state in known else "", known, _sections(found[0], states, by))


def _sections(site_id: UUID, states: Sequence[str], by: Actor) -> tuple[Section, ...]:
    may = by.may(PROPOSE.code)
    limits = [_row("limit", r.standing, _limit(r.limit), by) for r in queries.limits_of(site_id, states)]
    stocks = [
        _row("stock", r.standing, (*_stock(r.stock), r.product.name if r.product else "no package chosen"), by)
        for r in queries.stocks_of(site_id, states)
    ]
    curves = [_row("curve", r.standing, _curve(r.curve), by) for r in queries.curves_of(site_id, states)]

    def section(kind: str, title: str, head: tuple[str, ...], rows: list[FigureRow], form: type) -> Section:
        filled = form(auto_id=f"{kind}-%s") if may else None
        return Section(kind, title, head, tuple(rows), reverse(f"catalog:{kind}_propose", args=[site_id]), filled)

    return (
        section("limit", "Limits", ("Usual", "Hard"), limits, LimitForm),
        section("stock", "Stock solutions", ("A mL holds", "Of ions and elements", "Drawn from"), stocks, StockForm),
        section("curve", "Calcium-phosphate curves", ("Points: phosphate mmol/L → calcium mEq/L",), curves, CurveForm),
    )


def _row(kind: str, standing: Standing, words: tuple[str, ...], by: Actor) -> FigureRow:
    machine, state = _MACHINES[kind], SiteFigureState(standing.state)
    mine = standing.end_proposed_by if state is SiteFigureState.LEAVING else standing.proposed_by
    acts = acts_of(
        machine,
        state,
        SiteFigureFacts(proposed_by_actor=by.id == mine),
        by,
        leave_out=frozenset({"replace"}),
        url_for=lambda step: reverse("catalog:site_figure_step", args=[standing.site_id, kind, standing.id, step]),
    )
    version = {"version": standing.version}
    forms = [FigureStepForm(initial=version, auto_id=f"{a.name}-{standing.id}-%s") for a in acts]
    for form in forms:
        del form.fields["reason"]
    named = tuple(replace(a, name=f"{a.name}-{standing.id}", form=f) for a, f in zip(acts, forms, strict=True))
    return FigureRow(standing.text[0].upper() + standing.text[1:], words, standing, machine.tone(state), named)


def _limit(limit: Limit) -> tuple[str, ...]:
    unit = shown_unit(limit.unit)
    return _between(limit.soft_low, limit.soft_high, unit), _between(limit.hard_low, limit.hard_high, unit)


def _between(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    said = [f"from {shown_number(low)}" if low is not None else "", f"to {shown_number(high)}" if high is not None else ""]
    return f"{' '.join(s for s in said if s)} {unit}".strip() if any(said) else "none"


def _stock(stock: Stock) -> tuple[str, ...]:
    holds = ", ".join(f"{name} {shown_number(value)}" for name, value in stock.contents.items())
    return f"{shown_number(stock.per_ml)} {shown_unit(stock.unit)}", holds or "none"


def _curve(curve: SolubilityCurve) -> tuple[str, ...]:
    return ("; ".join(f"{shown_number(p)} → {shown_number(c)}" for p, c in curve.points),)
