# SPDX-License-Identifier: Apache-2.0
"""Reads of the catalog: frozen facts."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db.models import Q

from openinfusion.catalog import models
from openinfusion.catalog.domain.codes import HcpcsFact, SideChain
from openinfusion.catalog.domain.drug import DrugFact
from openinfusion.catalog.domain.formula import DoseRule, StabilityFact
from openinfusion.catalog.domain.product import ProductFact
from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.reading import Reading
from openinfusion.platform.scope import read_once


@read_once
def _edition() -> UUID | None:
    """The mark of the edition in force; None before the first was loaded."""
    return next((mark for (mark,) in _MARKS()), None)


_MARKS = Reading(lambda _: models.Edition.objects.order_by("pk")[:1], "mark")


P = ParamSpec("P")
R = TypeVar("R")
REMEMBERED_ANSWERS = 4096


def remembered(read: Callable[P, R]) -> Callable[P, R]:
    """Keep the answers of a read in memory for as long as the catalog's edition lasts; one small query asks for it."""

    @lru_cache(maxsize=REMEMBERED_ANSWERS)
    def known(mark: UUID, args: tuple[object, ...], named: tuple[tuple[str, object], ...]) -> R:
        return read(*args, **dict(named))  # type: ignore[arg-type]

    @wraps(read)
    def ask(*args: P.args, **named: P.kwargs) -> R:
        mark = _edition()
        return read(*args, **named) if mark is None else known(mark, args, tuple(sorted(named.items())))

    return ask


_PRODUCTS = models.Product.objects.select_related("drug")


def drug_fact(row: models.Drug) -> DrugFact:
    return DrugFact(
        code=row.code, name=row.name, tall_man=row.tall_man, therapy_class=row.therapy_class, routes=tuple(row.routes),
        hazardous=row.hazardous, vesicant=row.vesicant, allergy_groups=tuple(row.allergy_groups), atc=row.atc,
        refrigerated=row.refrigerated, ingredients=tuple(row.ingredients), rxnorm=tuple(row.rxnorm),
        synonyms=tuple(row.synonyms), hcpcs=row.hcpcs, source=row.standing(),
    )


@remembered
def drug_by_code(code: str) -> DrugFact:
    row = models.Drug.objects.filter(code=code).first()
    if row is None:
        raise NotFound(f"drug {code}")
    return drug_fact(row)


@remembered
def all_drugs(therapy_class: str = "", text: str = "") -> tuple[DrugFact, ...]:
    rows = models.Drug.objects.order_by("therapy_class", "name")
    if therapy_class:
        rows = rows.filter(therapy_class=therapy_class)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(synonyms__icontains=text) | Q(hcpcs__istartswith=text))
    return tuple(drug_fact(row) for row in rows)


def product_fact(row: models.Product) -> ProductFact:
    return ProductFact(
        id=row.id, drug_code=row.drug.code if row.drug else "", kind=row.kind, name=row.name, labeler=row.labeler,
        ndc11=row.ndc11, gtin=row.gtin, strength=Quantity(row.strength_amount, unit(row.strength_unit)),
        volume_ml=row.volume_ml, reconstitute_ml=row.reconstitute_ml, form=row.form, container=row.container,
        single_dose=row.single_dose, storage=row.storage, cost=Money(row.cost_cents), hcpcs=row.hcpcs,
        hcpcs_unit=Quantity(row.hcpcs_amount, unit(row.hcpcs_unit)) if row.hcpcs_amount is not None else None,
    )


@remembered
def one_product(**where: object) -> ProductFact:
    row = _PRODUCTS.filter(**where).first()
    if row is None:
        raise NotFound("product " + ", ".join(str(v) for v in where.values()))
    return product_fact(row)


@remembered
def products_where(**where: object) -> tuple[ProductFact, ...]:
    return tuple(product_fact(row) for row in _PRODUCTS.filter(**where).order_by("name"))


def products_by_id(ids: Iterable[UUID]) -> dict[UUID, ProductFact]:
    return {row.id: product_fact(row) for row in _PRODUCTS.filter(id__in=list(ids))}


def stability_rows(code: str) -> list[models.Stability]:
    return list(
        models.Stability.objects.select_related("drug").filter(drug__code=code).order_by("container", "storage")
    )


@remembered
def stability_of(code: str) -> tuple[StabilityFact, ...]:
    return tuple(stability_fact(row) for row in stability_rows(code))


def stability_fact(row: models.Stability) -> StabilityFact:
    kind = unit(row.unit)
    return StabilityFact(
        row.drug.code, row.container, row.storage, Quantity(row.min_amount, kind), Quantity(row.max_amount, kind),
        row.hours, row.standing(),
    )


def dose_rule_rows(code: str, route: str = "") -> list[models.DoseRule]:
    rows = models.DoseRule.objects.select_related("drug").filter(drug__code=code).order_by("number")
    return list(rows.filter(route=route) if route else rows)


def dose_rule_fact(row: models.DoseRule) -> DoseRule:
    kind = unit(row.unit)
    return DoseRule(
        drug_code=row.drug.code, route=row.route, measure=row.measure, per=row.per,
        usual_low=Quantity(row.usual_low, kind), usual_high=Quantity(row.usual_high, kind),
        hard_high=Quantity(row.hard_high, kind), crcl_from=row.crcl_from, crcl_below=row.crcl_below,
        age_from=row.age_from, age_below=row.age_below, min_interval_h=row.min_interval_h,
        max_interval_h=row.max_interval_h, source=row.standing(),
    )


@remembered
def dose_rules_of(code: str, route: str) -> tuple[DoseRule, ...]:
    return tuple(dose_rule_fact(row) for row in dose_rule_rows(code, route))


def hcpcs_fact(row: models.Hcpcs) -> HcpcsFact:
    return HcpcsFact(
        row.code, row.text, row.klass, Quantity(row.unit_amount, unit(row.unit)), row.unit_text, row.exclusive_group,
        row.effective_to, row.standing(),
    )


@remembered
def hcpcs_by_code(code: str, on: date | None = None) -> HcpcsFact:
    rows = models.Hcpcs.objects.filter(code=code)
    if on is not None:
        rows = rows.filter(effective_from__lte=on).filter(Q(effective_to=None) | Q(effective_to__gte=on))
    row = rows.order_by("-effective_from").first()
    if row is None:
        raise NotFound(f"billing code {code}" + (f" on {on.isoformat()}" if on else ""))
    return hcpcs_fact(row)


@remembered
def text_of(system: str, code: str) -> str:
    found: str | None = None
    if system == "icd10":
        found = models.Diagnosis.objects.filter(code=code).values_list("text", flat=True).first()
    if system == "hcpcs":
        found = models.Hcpcs.objects.filter(code=code).values_list("text", flat=True).first()
    if found is None:
        raise NotFound(f"{system} code {code}")
    return found


@remembered
def all_side_chains() -> tuple[SideChain, ...]:
    return tuple(SideChain(r.group, r.ingredient, r.likeness, r.standing()) for r in models.SideChain.objects.all())


def all_diagnoses() -> list[tuple[str, str]]:
    return list(models.Diagnosis.objects.order_by("code").values_list("code", "text"))
