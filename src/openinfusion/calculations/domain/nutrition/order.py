# SPDX-License-Identifier: Apache-2.0
"""An order of parenteral nutrition, as prescribed: per day for an adult, per kg per day for a child.

Refused are amounts per litre, in percent or in mL (but of multi-component products), ions in place of salts, and an
amount on the wrong basis. Every reason is named at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from openinfusion.calculations.domain.measure import convert, measure, shown_unit
from openinfusion.calculations.domain.nutrition.cycling import Pace, Ramp, cycle
from openinfusion.calculations.domain.nutrition.electrolytes import age_group
from openinfusion.calculations.domain.nutrition.product import Product, product
from openinfusion.kernel.refusal import Malformed, Reason, Refused


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A product and its amount as written: a number and a unit such as g/d or meq/kg/d."""

    product: str
    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One day of nutrition. ``volume`` is that of the PN bag as written (mL/d or mL/kg/d); a 2-in-1 has its lipid apart."""

    age_years: Decimal
    weight_kg: Decimal
    volume: Decimal
    volume_unit: str
    ingredients: tuple[Ingredient, ...]
    three_in_one: bool
    line: str
    hours: Decimal = Decimal(24)
    up: tuple[Ramp, ...] = ()
    down: tuple[Ramp, ...] = ()
    overfill_ml: Decimal = Decimal(0)
    preterm: bool = False
    critical: bool = False
    refeeding: bool = False
    stocks: tuple[Product, ...] = ()  # the site's own stock solutions, in front of those on file

    @property
    def group(self) -> str:
        return age_group(self.age_years, self.weight_kg, preterm=self.preterm)

    @property
    def per_kg(self) -> bool:
        """Whether amounts are per kg per day."""
        return self.group in ("child", "preterm")

    def volume_ml(self) -> Decimal:
        """mL of a day in the PN bag."""
        return _basis(self.volume, self.volume_unit, "mL", self, "the volume")


@dataclass(frozen=True, slots=True)
class Part:
    """An ingredient of a day: the product, the amount in its own unit per day, and the volume that holds it."""

    product: Product
    amount: Decimal
    volume_ml: Decimal


def parts_of(order: Order) -> tuple[Part, ...]:
    """The ingredients per day, as ASPEN lists them; Refused with every reason."""
    reasons: list[Reason] = []
    parts: list[Part] = []
    for ingredient in order.ingredients:
        try:
            parts.append(_part(ingredient, order))
        except Refused as no:
            reasons += no.reasons
    twice = [code for code, times in Counter(i.product for i in order.ingredients).items() if times > 1]
    reasons += [Reason("ordered-twice", f"{code} is ordered twice", "write it once") for code in twice]
    if reasons:
        raise Refused(*reasons)
    return tuple(sorted(parts, key=lambda part: (part.product.place, part.product.label)))


def _part(ingredient: Ingredient, order: Order) -> Part:
    own = next((p for p in order.stocks if p.code == ingredient.product), None)
    found = own or product(ingredient.product)
    per_day = _basis(ingredient.amount, ingredient.unit, found.unit, order, found.label)
    return Part(found, per_day, per_day / found.per_ml)


def _basis(amount: Decimal, unit: str, wanted: str, order: Order, what: str) -> Decimal:
    """The amount per day in the wanted unit; Refused where the unit is not per day, or not on the order's basis."""
    code = _readable(unit, what)
    names = code.split("/")
    if names[0] == "%" or {"L", "mL", "dL"} & set(names[1:]):
        raise Refused(Reason("concentration", f"{what}: {shown_unit(code)} is a concentration", "order the amount per day"))
    if names[-1] != "d":
        raise Refused(Reason("not-per-day", f"{what}: {shown_unit(code)} is not an amount per day", "order the amount per day"))
    if ("kg" in names[1:]) != order.per_kg:
        basis = "per kg per day" if order.per_kg else "per day"
        raise Refused(Reason("wrong-basis", f"{what}: this patient's order is {basis}", "write it on that basis"))
    if names[0] in ("mL", "L") and wanted != "mL":
        raise Refused(
            Reason("volume-not-amount", f"{what} is ordered in {shown_unit(wanted)}, not by volume", "order the amount")
        )
    if amount < 0:
        raise Refused(Reason("negative", f"{what}: less than nothing cannot be ordered"))
    value = convert(amount, code, f"{wanted}/kg/d" if order.per_kg else f"{wanted}/d")
    if value is None:
        raise Refused(Reason("wrong-unit", f"{what} is ordered in {shown_unit(wanted)}, not {shown_unit(names[0])}"))
    return value * order.weight_kg if order.per_kg else value


def _readable(unit: str, what: str) -> str:
    try:
        return measure(unit).code
    except Malformed:
        raise Refused(Reason("unit-unknown", f"{what}: the unit “{unit}” is not known here")) from None


def paces_of(order: Order) -> tuple[Pace, ...]:
    """The rates of the PN bag over its hours, with the tapers as ordered."""
    return cycle(order.volume_ml(), order.hours, order.up, order.down)
