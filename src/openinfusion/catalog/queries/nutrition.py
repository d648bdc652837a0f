# SPDX-License-Identifier: Apache-2.0
"""What a site has set for parenteral nutrition: everything that was ever proposed, and what holds now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from openinfusion.calculations.public import Limit, SolubilityCurve, Stock
from openinfusion.catalog import models
from openinfusion.catalog.adapters import rows
from openinfusion.catalog.domain.nutrition import CurveDraft, SiteNutrition, StockDraft, source_of
from openinfusion.catalog.domain.product import ProductFact
from openinfusion.catalog.domain.site_figure import HOLDS
from openinfusion.catalog.models.site_figure import SiteFigure
from openinfusion.catalog.queries.shelf import products_by_id, products_where
from openinfusion.catalog.queries.template import day_at
from openinfusion.platform.scope import read_once

M = TypeVar("M", bound=SiteFigure)
_HELD = [s.value for s in HOLDS]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who proposed a figure, who signed it, and where it stands."""

    id: UUID
    site_id: UUID
    state: str
    source: str
    why: str
    proposed_by: UUID
    proposer_name: str
    confirmer_name: str
    confirmed_at: datetime | None
    end_proposed_by: UUID | None
    version: int
    text: str  # what it is about

    @property
    def holds(self) -> bool:
        return self.state in _HELD


@dataclass(frozen=True, slots=True)
class LimitRow:
    standing: Standing
    limit: Limit


@dataclass(frozen=True, slots=True)
class StockRow:
    standing: Standing
    stock: Stock
    product: ProductFact | None


@dataclass(frozen=True, slots=True)
class CurveRow:
    standing: Standing
    curve: SolubilityCurve


def limits_of(site_id: UUID, states: Sequence[str] = ()) -> list[LimitRow]:
    """The limits of a site, newest first; all of them, or those in these states."""
    return [LimitRow(_standing(r), _limit(r)) for r in _rows(models.NutritionLimit, site_id, states)]


def stocks_of(site_id: UUID, states: Sequence[str] = ()) -> list[StockRow]:
    found = _rows(models.NutritionStock, site_id, states)
    products = products_by_id([r.product_id for r in found if r.product_id])
    return [StockRow(_standing(r), _stock(r), products.get(r.product_id) if r.product_id else None) for r in found]


def curves_of(site_id: UUID, states: Sequence[str] = ()) -> list[CurveRow]:
    return [CurveRow(_standing(r), _curve(r)) for r in _rows(models.NutritionCurve, site_id, states)]


@read_once
def held_nutrition(site_id: UUID) -> SiteNutrition:
    """What holds at a site now."""
    return SiteNutrition(
        tuple(r.limit for r in limits_of(site_id, _HELD)),
        tuple(_stock(r) for r in _rows(models.NutritionStock, site_id, _HELD)),
        tuple(r.curve for r in curves_of(site_id, _HELD)),
    )


def packages_of(site_id: UUID) -> dict[str, ProductFact]:
    """The package that each stock solution is drawn from: the site's own choice, else that of the file."""
    listed = {r["ndc11"]: r["stock"] for r in rows("nutrition_stocks")}
    found = {listed[p.ndc11]: p for p in products_where(ndc11__in=tuple(sorted(listed)))}
    own = {r.stock.code: r.product for r in stocks_of(site_id, _HELD) if r.product}
    return found | own


def _rows(model: type[M], site_id: UUID, states: Sequence[str]) -> list[M]:
    rows_ = model._default_manager.filter(site_id=site_id).order_by("-made_at", "-id")
    return list(rows_.filter(state__in=states) if states else rows_)


def _standing(r: SiteFigure) -> Standing:
    return Standing(
        r.id,
        r.site_id,
        r.state,
        r.source,
        r.why,
        r.proposed_by,
        r.proposer_name,
        r.confirmer_name,
        r.confirmed_at,
        r.end_proposed_by,
        r.version,
        str(r),
    )


def _day(r: SiteFigure) -> date:
    return day_at(r.site_id, r.confirmed_at or r.made_at)


def _limit(r: models.NutritionLimit) -> Limit:
    return Limit(
        name=r.name,
        group=r.group,
        unit=r.unit,
        soft_low=r.soft_low,
        soft_high=r.soft_high,
        hard_low=r.hard_low,
        hard_high=r.hard_high,
        source=source_of(r.source, r.confirmer_name, _day(r)),
    )


def _stock(r: models.NutritionStock) -> Stock:
    return StockDraft(
        code=r.code,
        label=r.label,
        kind=r.kind,
        unit=r.unit,
        per_ml=r.per_ml,
        contents={name: Decimal(text) for name, text in r.contents.items()},
        osmolarity=r.osmolarity,
        specific_gravity=r.specific_gravity,
        aluminium=r.aluminium,
        energy=r.energy,
        source=r.source,
    ).stock(r.confirmer_name, _day(r))


def _curve(r: models.NutritionCurve) -> SolubilityCurve:
    return CurveDraft(
        product=r.product_code,
        amino_acid_percent=r.amino_acid_percent,
        dextrose_percent=r.dextrose_percent,
        cysteine=r.cysteine,
        temperature_c=r.temperature_c,
        points=tuple((Decimal(p), Decimal(c)) for p, c in r.points),
        source=r.source,
    ).curve(r.confirmer_name)
