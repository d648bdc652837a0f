# SPDX-License-Identifier: Apache-2.0
"""An order in tables: ingredients, gauges, mixing, label, and the difference from the order before."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from openinfusion.calculations.domain.calculation import Table, Verdict
from openinfusion.calculations.domain.measure import shown_unit
from openinfusion.calculations.domain.nutrition.bag import Bag
from openinfusion.calculations.domain.nutrition.compounding import draws
from openinfusion.calculations.domain.nutrition.difference import difference
from openinfusion.calculations.domain.nutrition.gauge import Gauge
from openinfusion.calculations.domain.nutrition.label import label_lines
from openinfusion.kernel.quantity import shown_number


def overall(judged: Sequence[Gauge], others: Sequence[Verdict]) -> Verdict:
    """stop with any hard limit, above the curve or hanging too long; question with whatever else is not within."""
    hard = [g.label for g in judged if g.hard] + [v.label for v in others if v.code in ("above", "too-long")]
    if hard:
        return Verdict("order", "Order", "stop", "beyond a hard limit: " + "; ".join(hard), "crit")
    asks = [g.label for g in judged if g.code != "within"] + [v.label for v in others if v.code not in ("within", "below")]
    if asks:
        return Verdict("order", "Order", "question", "a pharmacist decides: " + "; ".join(asks), "warn")
    return Verdict("order", "Order", "within", "every gauge is within its limits", "ok")


def ingredients_of(bag: Bag) -> Table:
    """Ingredients in the sequence of the order, with the volume of each."""
    listed = [
        (
            p.product.label,
            f"{_figure(p.amount)} {shown_unit(p.product.unit)}",
            f"{_figure(p.volume_ml)} mL",
            "PN bag" if p in bag.inside else "own container",
        )
        for p in bag.parts
    ]
    listed.append(("sterile water for injection", "", f"{_figure(bag.water_ml)} mL", "PN bag"))
    return Table("ingredients", "Per day", ("Ingredient", "Amount", "Volume", "Into"), tuple(listed))


def gauges(judged: Sequence[Gauge]) -> Table:
    """Every gauge with its soft and hard limits."""
    head = ("Figure", "Value", "Usual", "Hard", "Verdict")
    return Table("gauges", "Against limits", head, tuple(_gauge(g) for g in judged))


def _gauge(gauge: Gauge) -> tuple[str, ...]:
    value = "–" if gauge.value is None else f"{_figure(gauge.value)} {shown_unit(gauge.unit)}".strip()
    bound = gauge.limit
    soft = _between(bound.soft_low, bound.soft_high) if bound else "–"
    hard = _between(bound.hard_low, bound.hard_high) if bound else "–"
    return gauge.label, value, soft, hard, gauge.code


def _between(low: Decimal | None, high: Decimal | None) -> str:
    if low is None:
        return "–" if high is None else f"to {_figure(high)}"
    return f"from {_figure(low)}" if high is None else f"{_figure(low)} to {_figure(high)}"


def mixing(bag: Bag) -> Table:
    """What is drawn, with overfill, in the order of mixing."""
    rows = tuple(
        (
            str(d.product.mixing),
            d.product.mixing_text,
            d.product.label,
            f"{_figure(d.volume_ml)} mL",
            "not on file" if d.weight_g is None else f"{_figure(d.weight_g)} g",
        )
        for d in draws(bag)
    )
    return Table("mixing", "Mixing, with overfill", ("Step", "What", "Product", "Volume", "Weight"), rows)


def label(bag: Bag) -> Table:
    """The lines of the label."""
    return Table("label", "Label", ("Ingredient", "Per day", "Per kg per day"), label_lines(bag))


def changes(before: Bag, after: Bag) -> Table:
    """The difference from the order before."""
    rows = tuple(
        (c.what, c.before, c.after, c.kind if c.percent is None else f"{c.kind} {shown_number(round(abs(c.percent), 1))} %")
        for c in difference(before, after)
    )
    return Table("difference", "Difference from the order before", ("What", "Before", "Now", "Change"), rows)


def _figure(value: Decimal) -> str:
    """To a hundredth; what is below one keeps four places, so that a small amount never prints as none."""
    return shown_number(round(value, 2 if abs(value) >= 1 else 4))
