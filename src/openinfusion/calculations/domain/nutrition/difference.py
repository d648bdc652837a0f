# SPDX-License-Identifier: Apache-2.0
"""The difference between two orders: what was added, left out, raised and lowered, amounts per day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from openinfusion.calculations.domain.measure import shown_unit
from openinfusion.calculations.domain.nutrition.bag import Bag
from openinfusion.kernel.quantity import shown_number


@dataclass(frozen=True, slots=True)
class Change:
    """One line: what, before and after in words, added, left-out, raised, lowered or changed, and by how many percent."""

    what: str
    before: str
    after: str
    kind: str
    percent: Decimal | None = None


def difference(before: Bag, after: Bag) -> tuple[Change, ...]:
    """Every change between two orders, in the order of the label; empty if there is none."""
    return (*_settings(before, after), *_ingredients(before, after))


def _settings(before: Bag, after: Bag) -> Iterator[Change]:
    one, two = before.order, after.order
    for what, old, new, unit in (
        ("Dosing weight", one.weight_kg, two.weight_kg, "kg"),
        ("Volume", before.volume_ml, after.volume_ml, "mL/d"),
        ("Duration", one.hours, two.hours, "h"),
        ("Plateau", before.plateau_ml_h, after.plateau_ml_h, "mL/h"),
        ("Overfill", one.overfill_ml, two.overfill_ml, "mL"),
    ):
        if old != new:
            yield _figure(what, old, new, unit)
    for what, was, now in (
        ("Mixture", _mixture(before), _mixture(after)),
        ("Line", one.line, two.line),
        ("Tapers", _tapers(before), _tapers(after)),
    ):
        if was != now:
            yield Change(what, was, now, "changed")


def _mixture(bag: Bag) -> str:
    return "3-in-1" if bag.order.three_in_one else "2-in-1"


def _tapers(bag: Bag) -> str:
    sides = (("up", bag.order.up), ("down", bag.order.down))
    said = [f"{name} {shown_number(r.hours)} h at {shown_number(r.share * 100)} %" for name, side in sides for r in side]
    return ", ".join(said) or "none"


def _ingredients(before: Bag, after: Bag) -> Iterator[Change]:
    old = {p.product.code: p for p in before.parts}
    new = {p.product.code: p for p in after.parts}
    every = {p.product.code: p.product for p in (*before.parts, *after.parts)}
    for code, product in sorted(every.items(), key=lambda pair: (pair[1].place, pair[1].label)):
        zero = Decimal(0)
        was, now = (side[code].amount if code in side else zero for side in (old, new))
        if was != now:
            yield _figure(product.label, was, now, f"{product.unit}/d")


def _figure(what: str, was: Decimal, now: Decimal, unit: str) -> Change:
    kind = "added" if not was else "left-out" if not now else "raised" if now > was else "lowered"
    percent = None if kind in ("added", "left-out") else (now - was) * 100 / was
    before, after = (f"{shown_number(round(x, 2))} {shown_unit(unit)}" if x else "–" for x in (was, now))
    return Change(what, before, after, kind, percent)
