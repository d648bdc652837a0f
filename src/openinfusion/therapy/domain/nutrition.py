# SPDX-License-Identifier: Apache-2.0
"""The formula of a prescription of parenteral nutrition: one day as it was ordered, kept as text so that no digit is lost.

Amounts are per day for an adult and per kg per day for a child, each with its unit; the sequence is the one of the
order form. What follows from it (volume, hours, osmolarity) is worked out and never typed beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from openinfusion.calculations.public import Bag, Ingredient, NutritionOrder, Ramp, Stock, shown_unit, stocks_on_file
from openinfusion.kernel.quantity import ML, Quantity, parse_decimal, shown_number
from openinfusion.kernel.refusal import Fault, Malformed

LINES = ("central", "peripheral")
_TICKS = ("preterm", "critical", "refeeding")
_KNOWN = frozenset(
    {
        "age_years",
        "weight_kg",
        "volume",
        "volume_unit",
        "ingredients",
        "three_in_one",
        "line",
        "hours",
        "up",
        "down",
        "overfill_ml",
        *_TICKS,
    }
)
_RANGES = (  # what, from, to: plausible, not usual
    ("age_years", Decimal(0), Decimal(120)),
    ("weight_kg", Decimal("0.3"), Decimal(400)),
    ("hours", Decimal(1), Decimal(24)),
    ("overfill_ml", Decimal(0), Decimal(2000)),
)


def written(order: NutritionOrder) -> dict[str, Any]:
    """The formula as JSON: amounts as text, in the sequence of the order."""
    return {
        "age_years": _text(order.age_years),
        "weight_kg": _text(order.weight_kg),
        "volume": _text(order.volume),
        "volume_unit": order.volume_unit,
        "three_in_one": order.three_in_one,
        "line": order.line,
        "hours": _text(order.hours),
        "overfill_ml": _text(order.overfill_ml),
        "up": [[_text(r.hours), _text(r.share)] for r in order.up],
        "down": [[_text(r.hours), _text(r.share)] for r in order.down],
        "ingredients": [{"product": i.product, "amount": _text(i.amount), "unit": i.unit} for i in in_sequence(order)],
        **{tick: getattr(order, tick) for tick in _TICKS},
    }


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"


def in_sequence(order: NutritionOrder, stocks: tuple[Stock, ...] = ()) -> tuple[Ingredient, ...]:
    """The ingredients in the sequence of the order form; what is not known here comes last."""
    places = {s.code: (s.place, s.label) for s in (*stocks_on_file(), *order.stocks, *stocks)}
    return tuple(sorted(order.ingredients, key=lambda i: places.get(i.product, (99, i.product))))


def read(raw: Mapping[str, Any]) -> NutritionOrder:
    """The formula of a JSON object; Malformed with every fault of it."""
    faults = [Fault(name, "is no part of a formula") for name in raw if name not in _KNOWN]
    missing = [n for n in ("age_years", "weight_kg", "volume", "volume_unit", "ingredients", "line") if n not in raw]
    faults += [Fault(name, "is missing") for name in missing]
    if faults:
        raise Malformed(*faults)
    try:
        order = NutritionOrder(
            age_years=_number(raw, "age_years"),
            weight_kg=_number(raw, "weight_kg"),
            volume=_number(raw, "volume"),
            volume_unit=str(raw["volume_unit"]),
            three_in_one=raw.get("three_in_one") is True,
            line=str(raw["line"]),
            hours=_number(raw, "hours", "24"),
            overfill_ml=_number(raw, "overfill_ml", "0"),
            up=_ramps(raw, "up"),
            down=_ramps(raw, "down"),
            ingredients=_ingredients(raw),
            preterm=raw.get("preterm") is True,
            critical=raw.get("critical") is True,
            refeeding=raw.get("refeeding") is True,
        )
    except (TypeError, ValueError, KeyError, AttributeError) as no:
        raise Malformed(Fault("nutrition", f"this is not a formula: {no}")) from no
    if found := list(faults_of(order)):
        raise Malformed(*found)
    return order


def _number(raw: Mapping[str, Any], name: str, otherwise: str = "") -> Decimal:
    return parse_decimal(str(raw.get(name, otherwise)), field=name)


def _ramps(raw: Mapping[str, Any], name: str) -> tuple[Ramp, ...]:
    return tuple(Ramp(parse_decimal(str(h), field=name), parse_decimal(str(share), field=name)) for h, share in raw.get(name, ()))


def _ingredients(raw: Mapping[str, Any]) -> tuple[Ingredient, ...]:
    return tuple(
        Ingredient(str(i["product"]), parse_decimal(str(i["amount"]), field=str(i["product"])), str(i["unit"]))
        for i in raw["ingredients"]
    )


def faults_of(order: NutritionOrder) -> Iterator[Fault]:
    """What is wrong with a formula as it is written, before any product is looked at."""
    for name, low, high in _RANGES:
        value = getattr(order, name)
        if not low <= value <= high:
            span = f"{shown_number(low)} to {shown_number(high)}"
            yield Fault(name, f"{shown_number(value)} is not plausible: from {span}")
    if not order.ingredients:
        yield Fault("ingredients", "a formula has ingredients")
    for one in order.ingredients:
        if one.amount <= 0:
            yield Fault(one.product, "an ingredient is more than nothing; leave it out instead")
    if order.volume <= 0:
        yield Fault("volume", "the volume is more than nothing")
    if order.line not in LINES:
        yield Fault("line", f"“{order.line}” is neither central nor peripheral")
    for ramp in (*order.up, *order.down):
        if ramp.hours <= 0 or not 0 < ramp.share <= 1:
            yield Fault("tapers", "a taper lasts longer than nothing, at more than 0 and at most 100 % of the plateau")


def dose_of(bag: Bag) -> Quantity:
    """The volume of a day as the dose of the order, to the millionth of a mL that an order keeps."""
    return Quantity(round(bag.volume_ml, 6), ML)


def osmolarity_of(bag: Bag) -> int:
    """mOsm/L of the bag: the higher of the estimate and the sum of its components, whole."""
    components = bag.osmolarity_components()
    found = bag.osmolarity_estimate() if components is None else max(components, bag.osmolarity_estimate())
    return int(found.to_integral_value(rounding="ROUND_CEILING"))


def said(order: NutritionOrder) -> dict[str, str]:
    """The formula line by line, in the words of the page, the difference and the journal."""
    labels = {s.code: s.label for s in (*stocks_on_file(), *order.stocks)}
    return {
        "Dosing weight": f"{shown_number(order.weight_kg)} kg",
        "Age": f"{shown_number(order.age_years)} years" + "".join(f", {t}" for t in _TICKS if getattr(order, t)),
        "Volume": f"{shown_number(order.volume)} {shown_unit(order.volume_unit)}",
        "Mixture": "3-in-1, lipid in the bag" if order.three_in_one else "2-in-1",
        "Line": order.line,
        "Runs for": f"{shown_number(order.hours)} h",
        "Tapers": _tapers(order),
        "Overfill": f"{shown_number(order.overfill_ml)} mL",
        **{labels.get(i.product, i.product): f"{shown_number(i.amount)} {shown_unit(i.unit)}" for i in in_sequence(order)},
    }


def _tapers(order: NutritionOrder) -> str:
    sides = (("up", order.up), ("down", order.down))
    found = [f"{name} {shown_number(r.hours)} h at {shown_number(r.share * 100)} %" for name, side in sides for r in side]
    return ", ".join(found) or "none"


def without_stocks(order: NutritionOrder) -> NutritionOrder:
    """The formula as it is kept: the site's stock solutions are looked up anew each time it is worked out."""
    return replace(order, stocks=(), ingredients=in_sequence(order))
