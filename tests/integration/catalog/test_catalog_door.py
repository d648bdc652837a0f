# SPDX-License-Identifier: Apache-2.0
"""The catalog is loaded once, read through its door, and signed by pharmacists only."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from openinfusion.catalog import public as catalog
from openinfusion.catalog.actions.load import sign_figure
from openinfusion.catalog.models import Stability
from openinfusion.kernel.quantity import MG, G, Quantity
from openinfusion.kernel.refusal import NotFound, Refused
from openinfusion.kernel.roles import Role
from openinfusion.kernel.standing import Standing
from openinfusion.platform.actor import Actor

Someone = Callable[..., Actor]


@pytest.fixture
def loaded(scope: UUID, someone: Someone) -> int:
    return catalog.load_catalog(by=someone(Role.ADMINISTRATOR))


def test_loading_twice_adds_nothing_the_second_time(loaded: int, someone: Someone) -> None:
    assert loaded > 500
    assert catalog.load_catalog(by=someone(Role.ADMINISTRATOR)) == 0


def test_only_an_administrator_loads_it(scope: UUID, someone: Someone) -> None:
    with pytest.raises(Refused, match=r"catalog\.catalog\.load"):
        catalog.load_catalog(by=someone(Role.INTAKE))
    assert catalog.drugs() == []


def test_a_drug_its_products_formula_stability_and_doses_are_read_by_code(loaded: int) -> None:
    drug = catalog.match_drug("ceftriaxone 2 g IV q24h")
    two_grams = next(p for p in catalog.products_of(drug.code) if p.strength == Quantity(Decimal(2), G))
    assert catalog.product_by_gtin(two_grams.gtin) == catalog.product_by_ndc(two_grams.ndc) == catalog.product(two_grams.id) == two_grams
    assert two_grams.hcpcs_unit == Quantity(Decimal(250), MG)
    formula = catalog.formula("ceftriaxone", "IV")
    assert formula.compounded and formula.diluent is not None and formula.diluent.kind == "diluent"
    keeps = catalog.stability("ceftriaxone", Quantity(Decimal(20), MG), formula.container, formula.storage)
    assert keeps.hours == 240 and keeps.standing is Standing.UNVERIFIED
    assert catalog.dose_rules("ceftriaxone", "IV")[0].hard_high == Quantity(Decimal(4), G)


def test_what_the_data_cannot_judge_is_refused_and_what_is_absent_is_not_found(loaded: int) -> None:
    with pytest.raises(Refused, match="no stability data"):
        catalog.stability("ceftriaxone", Quantity(Decimal(500), MG), "bag", "room")
    with pytest.raises(Refused, match="no formula"):
        catalog.formula("ceftriaxone", "epidural")
    with pytest.raises(NotFound):
        catalog.drug("moonstone")


def test_a_template_names_its_kit_as_products_and_its_per_diem_by_interval(loaded: int) -> None:
    template = catalog.template("antibiotic")
    assert template.per_diem(interval_h=Decimal(12)) == "S9501"
    assert template.kit[0].product.kind == "supply" or template.kit[0].product.drug_code
    assert "allergies" in template.required_items


def test_a_code_holds_from_its_day_on(loaded: int) -> None:
    assert catalog.hcpcs("J3373", date(2026, 11, 1)).unit == Quantity(Decimal(10), MG)
    with pytest.raises(NotFound):
        catalog.hcpcs("J3370", date(2026, 11, 1))
    assert catalog.code_text("icd10", "I33.0") == "Acute and subacute infective endocarditis"


def test_a_pharmacists_signature_makes_a_figure_valid_here(loaded: int, someone: Someone) -> None:
    row = Stability.objects.filter(drug__code="vancomycin").first()
    assert row is not None
    pharmacist = someone(Role.PHARMACIST, name="Robin Placeholder", signed=True)
    sign_figure(kind="stability", figure_id=row.id, by=pharmacist)
    row.refresh_from_db()
    assert (row.status, row.signed_name) == ("signed", "Robin Placeholder")
    with pytest.raises(Refused, match="was signed by Robin Placeholder"):
        sign_figure(kind="stability", figure_id=row.id, by=pharmacist)


@pytest.mark.parametrize(("role", "signed"), [(Role.TECHNICIAN, True), (Role.PHARMACIST, False)])
def test_without_the_right_or_the_signature_nothing_is_signed(loaded: int, someone: Someone, role: Role, signed: bool) -> None:
    row = Stability.objects.filter(drug__code="vancomycin").first()
    assert row is not None
    with pytest.raises(Refused):
        sign_figure(kind="stability", figure_id=row.id, by=someone(role, signed=signed))
    row.refresh_from_db()
    assert row.status == "unverified" and row.version == 1
