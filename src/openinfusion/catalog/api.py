# SPDX-License-Identifier: Apache-2.0
"""The catalog as JSON: drugs, products, billing codes."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.catalog import public as catalog
from openinfusion.catalog import queries
from openinfusion.catalog.permissions import READ
from openinfusion.platform.actor import Actor
from openinfusion.platform.api import router_for

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
    return [_product(p) for p in catalog.products_of(catalog.drug(code).code)]


@router.get("/products/{gtin}", response=ProductOut)
def product(request: HttpRequest, gtin: str) -> ProductOut:
    """A product by its GTIN-14."""
    _by(request).must(READ)
    return _product(catalog.product_by_gtin(gtin))


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
