# SPDX-License-Identifier: Apache-2.0
"""The order form of parenteral nutrition: what stands in its fields, in the sequence of the order, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import forms

from openinfusion.calculations.public import (
    Ingredient,
    NutritionOrder,
    Ramp,
    Stock,
    nutrition_kinds,
    shown_unit,
    stocks_on_file,
)
from openinfusion.kernel.quantity import parse_decimal
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.ui.forms import ClockField, DayField, WholeField

_SEVERAL = frozenset({"trace", "additive"})  # kinds of which several products are ordered side by side
_TICKS = ("preterm", "critical", "refeeding")
_SIDES = (("up", 1), ("up", 2), ("down", 1), ("down", 2))
TAPERS = tuple(
    (f"{side}.{place}.{part}", f"Taper {side}, part {place}, {label}")
    for side, place in _SIDES
    for part, label in (("hours", "h"), ("share", "% of the plateau"))
)
VOLUME_UNITS = (("mL/d", "mL/d"), ("mL/kg/d", "mL/kg/d"))


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of the form: an ingredient, the products that may be chosen for it, and its units."""

    key: str
    label: str
    options: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A slot with what stands in it."""

    slot: Slot
    product: str
    amount: str
    unit: str


def slots_of(order: NutritionOrder | None, stocks: Sequence[Stock]) -> tuple[Slot, ...]:
    """The lines in the sequence of the order; a second product of a kind, where one is ordered, gets a line of its own."""
    known = {s.code: s for s in (*stocks_on_file(), *stocks)}
    ordered = [i.product for i in order.ingredients] if order else []
    found: list[Slot] = []
    for kind, label in nutrition_kinds().items():
        of_kind = sorted((s for s in known.values() if s.kind == kind), key=lambda s: s.label)
        if kind == "water" or not of_kind:
            continue
        if kind in _SEVERAL:
            found += [_slot(s.code, s.label, [s]) for s in of_kind]
            continue
        found.append(_slot(kind, label, of_kind))
        found += [_slot(code, known[code].label, [known[code]]) for code in _second(ordered, of_kind)]
    unknown = [code for code in ordered if code not in known]
    return (*found, *(Slot(code, code, ((code, code),), _units({"g", "meq", "mmol", "mg", "ug", "mL"})) for code in unknown))


def _second(ordered: Sequence[str], of_kind: Sequence[Stock]) -> list[str]:
    codes = {s.code for s in of_kind}
    return [code for code in ordered if code in codes][1:]


def _slot(key: str, label: str, stocks: Sequence[Stock]) -> Slot:
    return Slot(key, label, tuple((s.code, s.label) for s in stocks), _units({s.unit for s in stocks}))


def _units(units: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple((f"{u}{per}", shown_unit(f"{u}{per}")) for per in ("/d", "/kg/d") for u in sorted(units))


def values_of(order: NutritionOrder, slots: Sequence[Slot]) -> dict[str, str]:
    """An order as the fields carry it."""
    values = {
        "weight_kg": _text(order.weight_kg), "age_years": _text(order.age_years), "volume": _text(order.volume),
        "volume_unit": order.volume_unit, "admixture": "3-in-1" if order.three_in_one else "2-in-1", "line": order.line,
        "hours": _text(order.hours), "overfill_ml": _text(order.overfill_ml),
    }  # fmt: skip
    values |= {tick: "on" for tick in _TICKS if getattr(order, tick)}
    for side, place in _SIDES:
        ramps = order.up if side == "up" else order.down
        if len(ramps) >= place:
            ramp = ramps[place - 1]
            values |= {f"{side}.{place}.hours": _text(ramp.hours), f"{side}.{place}.share": _text(ramp.share * 100)}
    left = list(order.ingredients)
    own = {s.key for s in slots if len(s.options) == 1}
    for slot in sorted(slots, key=lambda s: s.key not in own or s.key not in {i.product for i in left}):
        codes = {code for code, _ in slot.options}
        one = next((i for i in left if i.product in codes), None)
        if one is not None:
            left.remove(one)
            values |= {f"p.{slot.key}": one.product, f"a.{slot.key}": _text(one.amount), f"u.{slot.key}": one.unit}
    return values


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"


def lines_of(slots: Sequence[Slot], values: Mapping[str, str], *, per_kg: bool) -> tuple[Line, ...]:
    """The lines with what stands in them; an untouched unit is the one of the patient's group."""
    return tuple(
        Line(
            slot,
            values.get(f"p.{slot.key}") or slot.options[0][0],
            values.get(f"a.{slot.key}", ""),
            values.get(f"u.{slot.key}") or next(u for u, _ in slot.units if ("/kg" in u) == per_kg),
        )
        for slot in slots
    )


def read_order(values: Mapping[str, str], slots: Sequence[Slot]) -> NutritionOrder:
    """The order that the fields say; Malformed with every field that cannot be read."""
    faults: list[Fault] = []

    def number(name: str, label: str, otherwise: str = "") -> Decimal:
        text = values.get(name, "").strip() or otherwise
        try:
            return parse_decimal(text, field=label) if text else _missing(label)
        except Malformed as no:
            faults.extend(no.faults)
            return Decimal(1)

    def ramps(side: str) -> tuple[Ramp, ...]:
        given = [n for s, n in _SIDES if s == side and values.get(f"{side}.{n}.hours", "").strip()]
        return tuple(
            Ramp(number(f"{side}.{n}.hours", f"taper {side}"), number(f"{side}.{n}.share", f"taper {side}, share") / 100)
            for n in given
        )

    order = NutritionOrder(
        age_years=number("age_years", "Age"), weight_kg=number("weight_kg", "Dosing weight"), volume=number("volume", "Volume"),
        volume_unit=values.get("volume_unit", "mL/d"), three_in_one=values.get("admixture") == "3-in-1",
        line=values.get("line", ""), hours=number("hours", "Runs for", "24"), overfill_ml=number("overfill_ml", "Overfill", "0"),
        up=ramps("up"), down=ramps("down"), preterm="preterm" in values, critical="critical" in values,
        refeeding="refeeding" in values,
        ingredients=tuple(
            Ingredient(line.product, number(f"a.{line.slot.key}", line.slot.label), line.unit)
            for line in lines_of(slots, values, per_kg=False)
            if line.amount.strip()
        ),
    )  # fmt: skip
    if faults:
        raise Malformed(*faults)
    return order


def _missing(label: str) -> Decimal:
    raise Malformed(Fault(label, "is missing"))


class SaveForm(forms.Form):
    """What an order says beside its formula."""

    start_on = DayField(label="First day")
    days = WholeField(label="How many days", min_value=1)
    first_dose_time = ClockField(label="Runs from")
    prescriber_name = forms.CharField(label="Prescriber", max_length=200)
    prescriber_npi = forms.RegexField(r"^\d{10}$", label="Prescriber's NPI", required=False)
    instructions = forms.CharField(required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class RevisionSaveForm(SaveForm):
    """The same of a new version, with the reason for it."""

    reason = forms.CharField(label="Why it changes", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    version = WholeField(widget=forms.HiddenInput)
