# SPDX-License-Identifier: Apache-2.0
"""Reads of the catalog."""

from __future__ import annotations

from openinfusion.catalog.queries.nutrition import (
    CurveRow,
    LimitRow,
    Standing,
    StockRow,
    curves_of,
    held_nutrition,
    limits_of,
    packages_of,
    stocks_of,
)
from openinfusion.catalog.queries.shelf import (
    all_diagnoses,
    all_drugs,
    all_side_chains,
    dose_rule_fact,
    dose_rule_rows,
    dose_rules_of,
    drug_by_code,
    formula_fact,
    formula_of,
    formula_rows,
    hcpcs_by_code,
    items_by_class,
    one_product,
    products_by_id,
    products_where,
    stability_fact,
    stability_of,
    stability_rows,
    template_of,
    text_of,
)

__all__ = [
    "CurveRow", "LimitRow", "Standing", "StockRow", "all_diagnoses", "all_drugs", "all_side_chains", "curves_of",
    "dose_rule_fact", "dose_rule_rows", "dose_rules_of", "drug_by_code", "formula_fact", "formula_of", "formula_rows",
    "hcpcs_by_code", "held_nutrition", "items_by_class", "limits_of", "one_product", "packages_of", "products_by_id",
    "products_where", "stability_fact", "stability_of", "stability_rows", "stocks_of", "template_of", "text_of",
]
