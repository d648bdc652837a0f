# SPDX-License-Identifier: Apache-2.0
"""The catalog's data files are whole: every key resolves, every code is true, every figure has its source."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openinfusion.catalog.adapters import listed, rows, tables
from openinfusion.catalog.domain.drug import Route, TherapyClass
from openinfusion.catalog.domain.product import Storage, is_gtin
from openinfusion.kernel.quantity import unit
from openinfusion.kernel.standing import Standing

FILES = ("drugs", "products", "formulas", "stability", "dose_rules", "hcpcs", "icd10", "side_chains")
DRUGS = {r["code"]: r for r in rows("drugs")}
PRODUCTS = {r["ndc11"]: r for r in rows("products")}
HCPCS = {r["code"]: r for r in rows("hcpcs")}


@pytest.mark.parametrize("name", FILES)
def test_every_row_says_where_it_comes_from_since_when_and_how_far_it_is_trusted(name: str) -> None:
    for row in rows(name):
        assert row["source"].strip()
        assert date.fromisoformat(row["effective_from"])
        assert Standing(row["status"]) is not Standing.SIGNED, "only a pharmacist at a site signs a figure"


def test_there_is_a_drug_of_every_therapy_class_and_route() -> None:
    assert {r["therapy_class"] for r in DRUGS.values()} == set(TherapyClass)
    assert {route for r in DRUGS.values() for route in listed(r["routes"])} == set(Route)
    assert len(DRUGS) >= 40


def test_every_product_has_a_true_gtin_that_holds_its_ndc() -> None:
    for row in PRODUCTS.values():
        assert is_gtin(row["gtin"]), row["name"]
        assert row["gtin"].startswith("003") and row["gtin"][3:8] == row["ndc11"][:5]
        assert len(row["ndc11"]) == 11
        assert not row["drug_code"] or row["drug_code"] in DRUGS
        assert row["storage"] in set(Storage)
        assert unit(row["strength_unit"])
    assert len({r["gtin"] for r in PRODUCTS.values()}) == len(PRODUCTS)


def test_every_drug_has_a_product_and_every_route_but_rescue_a_formula() -> None:
    with_product = {r["drug_code"] for r in PRODUCTS.values()}
    assert set(DRUGS) <= with_product
    formulas = {(r["drug_code"], r["route"]) for r in rows("formulas")}
    treated = {code for code, r in DRUGS.items() if r["therapy_class"] != "ancillary"}
    assert treated <= {code for code, _ in formulas}
    assert all(route in listed(DRUGS[code]["routes"]) for code, route in formulas)


def test_a_billing_unit_of_a_product_is_the_unit_of_its_code() -> None:
    for row in PRODUCTS.values():
        if row["hcpcs"]:
            code = HCPCS[row["hcpcs"]]
            assert (Decimal(row["hcpcs_amount"]), row["hcpcs_unit"]) == (Decimal(code["unit_amount"]), code["unit"]), row["name"]


def test_vancomycin_is_billed_by_the_new_code_of_ten_milligrams() -> None:
    assert DRUGS["vancomycin"]["hcpcs"] == "J3373"
    assert (HCPCS["J3373"]["unit_amount"], HCPCS["J3373"]["unit"]) == ("10", "mg")
    assert HCPCS["J3370"]["effective_to"], "the old 500 mg code has ended"


def test_every_compounded_formula_has_stability_data_for_its_container_and_storage() -> None:
    known = {(r["drug_code"], r["container"], r["storage"]) for r in rows("stability")}
    for row in rows("formulas"):
        if row["method"] == "compound":
            assert (row["drug_code"], row["container"], row["storage"]) in known, row["drug_code"]


def test_dose_bounds_stand_in_order() -> None:
    for row in rows("dose_rules"):
        low, high, hard = (Decimal(row[k]) for k in ("usual_low", "usual_high", "hard_high"))
        assert low <= high <= hard, row["drug_code"]


def test_templates_name_products_and_codes_that_exist() -> None:
    assert set(tables("templates")) == set(TherapyClass)
    for name, table in tables("templates").items():
        assert table["per_diem"] in HCPCS, name
        assert all(x["code"] in HCPCS for x in table["per_diem_by_interval"] + table["per_diem_by_litres"]), name
        assert all(line["ndc11"] in PRODUCTS and line["per"] in {"dose", "week", "delivery"} for line in table["kit"]), name
        assert table["required_items"]
