# SPDX-License-Identifier: Apache-2.0
"""Drugs, products, billing codes and nutrition figures as JSON."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.calculations.public import BOUNDS
from openinfusion.catalog import public as catalog
from openinfusion.catalog import queries
from openinfusion.catalog.permissions import READ
from openinfusion.catalog.public import CurveDraft, LimitDraft, StockDraft
from openinfusion.kernel.quantity import parse_decimal
from openinfusion.platform.actor import Actor
from openinfusion.platform.api import Whole, router_for

router = router_for("catalog")


class DrugOut(Schema):
    code: str
    name: str
    tall_man: str
    therapy_class: str
    routes: list[str]
    hazardous: bool
    vesicant: str
    hcpcs: str
    standing: str


class ProductOut(Schema):
    id: UUID
    name: str
    kind: str
    ndc: str
    gtin: str
    strength: str
    storage: str
    hcpcs: str
    cost_cents: int


class CodeOut(Schema):
    code: str
    text: str
    unit: str
    source: str


def _by(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


@router.get("/drugs", response=list[DrugOut])
def drug_list(request: HttpRequest, therapy_class: str = "", text: str = "") -> list[DrugOut]:
    _by(request).must(READ)
    return [
        DrugOut(
            code=d.code, name=d.name, tall_man=d.tall_man, therapy_class=d.therapy_class, routes=list(d.routes),
            hazardous=d.hazardous, vesicant=d.vesicant, hcpcs=d.hcpcs, standing=d.source.standing,
        )
        for d in queries.all_drugs(therapy_class, text)
    ]


@router.get("/drugs/{code}/products", response=list[ProductOut])
def product_list(request: HttpRequest, code: str) -> list[ProductOut]:
    _by(request).must(READ)
    return _priced(request, catalog.products_of(catalog.drug(code).code))


class RegimenOut(Schema):
    """A regimen: each line in words, with its days; ``standing`` tells whether a pharmacist has signed it."""

    code: str
    edition: int
    name: str
    indications: list[str]
    cycle_days: int
    cycles: int
    lines: list[str]
    emetogenic: str
    standing: str
    source: str


@router.get("/regimens", response=list[RegimenOut])
def regimen_list(request: HttpRequest) -> list[RegimenOut]:
    """The newest edition of every regimen."""
    _by(request).must(READ)
    return [
        RegimenOut(
            code=r.code, edition=r.edition, name=r.name, indications=list(r.indications), cycle_days=r.cycle_days,
            cycles=r.cycles, emetogenic=r.emetogenic, standing=r.source.standing, source=str(r.source),
            lines=[f"{x.drug_code} {x.words} {x.route}, day {', '.join(map(str, x.days))}" for x in r.lines],
        )
        for r in catalog.regimens()
    ]


@router.get("/products/{gtin}", response=ProductOut)
def product(request: HttpRequest, gtin: str) -> ProductOut:
    """A product by its GTIN-14."""
    _by(request).must(READ)
    return _priced(request, [catalog.product_by_gtin(gtin)])[0]


def _priced(request: HttpRequest, found: Sequence[catalog.ProductFact]) -> list[ProductOut]:
    """The products at today's cost."""
    return [_product(p) for p in queries.at_cost(found, queries.day_of(_by(request)))]


def _product(p: catalog.ProductFact) -> ProductOut:
    return ProductOut(
        id=p.id, name=p.name, kind=p.kind, ndc=p.ndc, gtin=p.gtin, strength=str(p.strength), storage=p.storage,
        hcpcs=p.hcpcs, cost_cents=p.cost.cents,
    )


@router.get("/codes/{code}", response=CodeOut)
def code(request: HttpRequest, code: str, on: date | None = None) -> CodeOut:
    """A billing code, as it holds on a day if one is given."""
    _by(request).must(READ)
    found = catalog.hcpcs(code, on)
    return CodeOut(code=found.code, text=found.text, unit=str(found.unit), source=str(found.source))


class SiteFigureOut(Schema):
    """A figure a site has set, or means to: ``words`` are amounts as text."""

    id: UUID
    kind: str
    text: str
    state: str
    words: dict[str, str]
    source: str
    proposer_name: str
    confirmer_name: str
    version: int


class ProposalIn(Schema):
    source: str
    why: str


class LimitIn(ProposalIn):
    """Amounts are strings, so that no digit is lost; a bound left empty stays as on file."""

    name: str
    group: str
    soft_low: str = ""
    soft_high: str = ""
    hard_low: str = ""
    hard_high: str = ""


class StockIn(ProposalIn):
    code: str
    label: str
    kind: str
    unit: str
    per_ml: str
    contents: dict[str, str] = {}
    osmolarity: str = ""
    specific_gravity: str = ""
    aluminium: str = ""
    energy: str = ""
    product_id: UUID | None = None


class CurveIn(ProposalIn):
    """Points: pairs of phosphate (mmol/L) and the most calcium (mEq/L)."""

    product: str
    amino_acid_percent: str
    dextrose_percent: str
    cysteine: bool = False
    temperature_c: str
    points: list[tuple[str, str]]


class FigureStepIn(Schema):
    step: str
    reason: str = ""
    version: Whole | None = None


class Made(Schema):
    id: UUID


def _decimal(text: str, field: str) -> Decimal | None:
    return parse_decimal(text, field=field) if text else None


@router.get("/nutrition/{site_id}", response=list[SiteFigureOut])
def nutrition(request: HttpRequest, site_id: UUID) -> list[SiteFigureOut]:
    """All limits, stock solutions and curves a site has ever proposed, newest first."""
    _by(request).must(READ)
    return [
        *(_figure("limit", r.standing, {b: f"{v.normalize():f}" for b in BOUNDS if (v := getattr(r.limit, b)) is not None})
          for r in queries.limits_of(site_id)),
        *(_figure("stock", r.standing, {"per_ml": f"{r.stock.per_ml.normalize():f}", "unit": r.stock.unit})
          for r in queries.stocks_of(site_id)),
        *(_figure("curve", r.standing, {f"{p:f}": f"{c:f}" for p, c in r.curve.points}) for r in queries.curves_of(site_id)),
    ]


def _figure(kind: str, s: queries.Standing, words: dict[str, str]) -> SiteFigureOut:
    return SiteFigureOut(
        id=s.id, kind=kind, text=s.text, state=s.state, words=words, source=s.source, proposer_name=s.proposer_name,
        confirmer_name=s.confirmer_name, version=s.version,
    )


@router.post("/nutrition/{site_id}/limits", response=Made)
def limit_propose(request: HttpRequest, site_id: UUID, given: LimitIn) -> Made:
    """Propose soft and hard bounds; another pharmacist puts them in force."""
    bounds = {b: _decimal(getattr(given, b), b) for b in BOUNDS}
    draft = LimitDraft(name=given.name, group=given.group, source=given.source, **bounds)
    return Made(id=catalog.propose_limit(site_id=site_id, draft=draft, why=given.why, by=_by(request)))


@router.post("/nutrition/{site_id}/stocks", response=Made)
def stock_propose(request: HttpRequest, site_id: UUID, given: StockIn) -> Made:
    """Propose a stock solution."""
    contents = {name: parse_decimal(text, field=name) for name, text in given.contents.items()}
    draft = StockDraft(
        code=given.code, label=given.label, kind=given.kind, unit=given.unit, source=given.source, energy=given.energy,
        product_id=given.product_id, per_ml=parse_decimal(given.per_ml, field="per_ml"), contents=contents,
        osmolarity=_decimal(given.osmolarity, "osmolarity"), aluminium=_decimal(given.aluminium, "aluminium"),
        specific_gravity=_decimal(given.specific_gravity, "specific_gravity"),
    )
    return Made(id=catalog.propose_stock(site_id=site_id, draft=draft, why=given.why, by=_by(request)))


@router.post("/nutrition/{site_id}/curves", response=Made)
def curve_propose(request: HttpRequest, site_id: UUID, given: CurveIn) -> Made:
    """Propose a calcium-phosphate curve."""
    draft = CurveDraft(
        product=given.product, cysteine=given.cysteine, source=given.source,
        amino_acid_percent=parse_decimal(given.amino_acid_percent, field="amino_acid_percent"),
        dextrose_percent=parse_decimal(given.dextrose_percent, field="dextrose_percent"),
        temperature_c=parse_decimal(given.temperature_c, field="temperature_c"),
        points=tuple((parse_decimal(p, field="points"), parse_decimal(c, field="points")) for p, c in given.points),
    )
    return Made(id=catalog.propose_curve(site_id=site_id, draft=draft, why=given.why, by=_by(request)))


@router.post("/nutrition/figures/{kind}/{figure_id}/steps", response=Made)
def figure_step(request: HttpRequest, kind: str, figure_id: UUID, taken: FigureStepIn) -> Made:
    """Confirm, reject, propose_end, keep or end (header X-Signature where it puts in force or ends)."""
    return Made(id=catalog.advance_site_figure(kind=kind, figure_id=figure_id, by=_by(request), **taken.model_dump()))
