# SPDX-License-Identifier: Apache-2.0
"""The lines of the label, in the sequence of the order; identifiers, BUD and barcode are added by who prints it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from openinfusion.calculations.domain.measure import shown_unit
from openinfusion.calculations.domain.nutrition.bag import Bag
from openinfusion.calculations.domain.nutrition.cycling import shown_rate
from openinfusion.calculations.domain.nutrition.filters import pore
from openinfusion.kernel.quantity import shown_number


def label_lines(bag: Bag) -> tuple[tuple[str, str, str], ...]:
    """Ingredient or fact, per day, and per kg per day (empty where that means nothing)."""
    return (*_ingredients(bag), *_facts(bag))


def _ingredients(bag: Bag) -> Iterator[tuple[str, str, str]]:
    for part in bag.parts:
        apart = "" if part in bag.inside else ", in its own container"
        unit = shown_unit(part.product.unit)
        per_kg = part.amount / bag.order.weight_kg
        yield part.product.label + apart, f"{_said(part.amount)} {unit}/d", f"{_said(per_kg)} {unit}/kg/d"


def _facts(bag: Bag) -> Iterator[tuple[str, str, str]]:
    order = bag.order
    content = "3-in-1" if order.three_in_one else "2-in-1-with-lipid" if bag.lipid else "2-in-1"
    yield "Prescribed volume", f"{_said(bag.volume_ml)} mL", ""
    yield "Overfill", f"{_said(order.overfill_ml)} mL", ""
    for pace in bag.paces:
        yield "Rate", f"{shown_number(shown_rate(pace.rate_ml_h))} mL/h for {_said(pace.hours)} h", ""
    yield "Osmolarity (estimate)", f"{shown_number(round(bag.osmolarity_estimate(), 0))} mOsm/L", ""
    yield "Route", "central line only" if order.line == "central" else "peripheral or central line", ""
    yield "Filter", f"{pore(content).figure()} micron", ""
    yield "Dosing weight", f"{_said(order.weight_kg)} kg", ""


def _said(value: Decimal) -> str:
    """To a hundredth; what is below one keeps four places, so that a small dose never prints as none."""
    return shown_number(round(value, 2 if value >= 1 else 4))
