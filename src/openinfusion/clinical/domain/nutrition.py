# SPDX-License-Identifier: Apache-2.0
"""The review of a formula of parenteral nutrition against the site's limits, its signed curves and the patient's own line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from openinfusion.calculations.public import (
    Bag,
    Gauge,
    Limit,
    NutritionOrder,
    SolubilityCurve,
    Verdict,
    bag_of,
    calcium_with_phosphate,
    hang_time,
    nutrition_gauges,
)
from openinfusion.clinical.domain.figures import figure

_VEINS = {"central": "central", "midline": "peripheral", "peripheral": "peripheral"}
STOPS = frozenset({"above", "too-long"})  # verdicts that are hard stops


@dataclass(frozen=True, slots=True, kw_only=True)
class NutritionFacts:
    """What an order of nutrition is judged by. ``order`` is None where the order says a volume and no formula."""

    order: NutritionOrder | None
    limits: tuple[Limit, ...] = ()
    curves: tuple[SolubilityCurve, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A bag, every gauge of it, and what is said in words: calcium with phosphate, hang time."""

    bag: Bag
    gauges: tuple[Gauge, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def hard(self) -> tuple[str, ...]:
        """What stands beyond a hard limit; nothing may be made while there is one."""
        return (
            *(f"{g.label}: {g.text}" for g in self.gauges if g.hard),
            *(f"{v.label}: {v.text}" for v in self.verdicts if v.code in STOPS),
        )


def vein_of(tip: str) -> str:
    """central or peripheral for where a catheter ends; empty where it is not recorded or ends in no vein."""
    return _VEINS.get(tip, "")


def warmest_c() -> Decimal:
    """The warmest a bag gets on its way and while it runs, °C: curves of a cooler temperature do not fit."""
    return figure("nutrition_warmest_c").value


def review_formula(
    order: NutritionOrder, tip: str = "", limits: Sequence[Limit] = (), curves: Sequence[SolubilityCurve] = ()
) -> Reviewed:
    """The review by the patient's own line, where one is recorded; Refused where no bag comes of the order."""
    bag = bag_of(replace(order, line=vein_of(tip) or order.line))
    verdicts = [calcium_with_phosphate(bag, curves, warmest_c())]
    if bag.lipid:
        verdicts.append(hang_time(order.hours, admixture=order.three_in_one))
    return Reviewed(bag, nutrition_gauges(bag, limits), tuple(verdicts))
