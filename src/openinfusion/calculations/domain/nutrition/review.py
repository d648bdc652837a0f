# SPDX-License-Identifier: Apache-2.0
"""The review of an order: every figure of the bag as a gauge against soft and hard limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from openinfusion.calculations.domain.nutrition import aluminium, amino_acids, lipid, phosphates
from openinfusion.calculations.domain.nutrition.bag import Bag
from openinfusion.calculations.domain.nutrition.cycle_sheet import judged
from openinfusion.calculations.domain.nutrition.electrolytes import daily
from openinfusion.calculations.domain.nutrition.emulsion import aggregation_number, floor
from openinfusion.calculations.domain.nutrition.gauge import Gauge, Limit, limit, on_file
from openinfusion.calculations.domain.nutrition.glucose_rate import glucose_rate
from openinfusion.calculations.domain.nutrition.osmolarity import for_line

_IONS: Final = (("sodium", "na"), ("potassium", "k"), ("calcium", "ca"), ("magnesium", "mg"), ("phosphate", "p"))
_TRACE: Final = (("zinc", "zn"), ("copper", "cu"), ("selenium", "se"))


def review(bag: Bag, site: Sequence[Limit] = ()) -> tuple[Gauge, ...]:
    """All gauges of a bag; a site's limits stand in front of the rows."""
    return (
        *_macronutrients(bag, site),
        *_electrolytes(bag, site),
        *_line(bag, site),
        *_lipid(bag, site),
        *(judged(bag.paces, site)[: 2 if len(bag.paces) > 1 else 1]),
        aluminium.gauge(bag.aluminium(), bag.order.weight_kg, site),
    )


def _macronutrients(bag: Bag, site: Sequence[Limit]) -> Iterator[Gauge]:
    order, weight = bag.order, bag.order.weight_kg
    rate = glucose_rate(bag.at_plateau(bag.ordered("dextrose")), weight, Decimal(1), convention="hydrous")
    bound = limit("glucose_rate", order.group, site)
    yield Gauge("glucose_rate", "Glucose rate at the plateau (hydrous)", rate, "mg/kg/min", bound)
    yield amino_acids.daily(order.age_years, bag.ordered("amino_acids") / weight, critical=order.critical, site=site)
    if order.group == "adult":
        volume = sum((p.volume_ml for p in bag.parts if p.product.kind == "amino_acids"), Decimal(0)) / weight
        bound = limit("amino_acid_volume", "adult", site)
        yield Gauge("amino_acid_volume", "Volume of amino acids", volume, "mL/kg/d", bound)
    if order.refeeding:
        start = bag.ordered("dextrose") / weight
        yield Gauge(
            "refeeding_dextrose", "Dextrose at risk of refeeding", start, "g/kg/d", limit("refeeding_dextrose", "all", site)
        )
        energy = bag.kcal() / weight
        yield Gauge(
            "refeeding_energy", "Energy at risk of refeeding", energy, "kcal/kg/d", limit("refeeding_energy", "all", site)
        )
    if bag.ordered("cysteine"):
        yield _cysteine(bag)


def _cysteine(bag: Bag) -> Gauge:
    found = amino_acids.cysteine_row(bag.order.age_years)
    grams, label = bag.ordered("amino_acids"), found.figure("mg_per_g")
    ratio = bag.ordered("cysteine") / grams if grams else None
    bound = Limit(name="cysteine", group="label", unit="mg/g", soft_high=label, source=found.source)
    return Gauge("cysteine", "Cysteine per gram of amino acids", ratio, "mg/g", bound)


def _electrolytes(bag: Bag, site: Sequence[Limit]) -> Iterator[Gauge]:
    order, weight = bag.order, bag.order.weight_kg
    for name, ion in _IONS:
        yield daily(name, order.group, bag.held(ion), weight, site)
    if bag.ordered("potassium_phosphate"):
        bound = phosphates.daily_limit(order.age_years, weight)
        yield Gauge("phosphate_label", "Phosphate by the label", bag.held("p"), "mmol/d", bound)
    for name, element in _TRACE:
        yield _by_weight(name, name.capitalize(), bag.held(element), on_file(name, order.group, site), weight)
    if order.group == "preterm":
        yield _ratio(bag, site)
    hourly = bag.at_plateau(bag.held("k", inside=True))
    bound = on_file("potassium_rate", order.group, site)
    yield _by_weight("potassium_rate", "Potassium rate at the plateau", hourly, bound, weight)
    if bag.held("heparin"):
        heparin = bag.at_plateau(bag.held("heparin")) / weight
        yield Gauge("heparin", "Heparin at the plateau", heparin, "[iU]/kg/h", limit("heparin", order.group, site))


def _by_weight(name: str, label: str, value: Decimal, bound: Limit, weight: Decimal) -> Gauge:
    """The gauge of a value, divided by the weight where its limit is by weight."""
    return Gauge(name, label, value / weight if "/kg" in bound.unit else value, bound.unit, bound)


def _ratio(bag: Bag, site: Sequence[Limit]) -> Gauge:
    phosphate = bag.held("p")
    ratio = bag.held("ca") / 2 / phosphate if phosphate else None  # calcium is divalent: mEq are two per mmol
    label = "Calcium to phosphate, mmol:mmol"
    return Gauge("calcium_phosphate_ratio", label, ratio, "1", limit("calcium_phosphate_ratio", "preterm", site))


def _line(bag: Bag, site: Sequence[Limit]) -> Iterator[Gauge]:
    line, components = bag.order.line, bag.osmolarity_components()
    osmolarity = bag.osmolarity_estimate() if components is None else max(components, bag.osmolarity_estimate())
    yield for_line(osmolarity, line, site)
    if not bag.order.per_kg:
        return
    for name, label, value, unit in (
        ("dextrose_percent", "Dextrose, final", bag.percent("dextrose"), "%"),
        ("amino_acid_percent", "Amino acids, final", bag.percent("amino_acids"), "%"),
        ("potassium_concentration", "Potassium in the bag", bag.per_litre("k"), "meq/L"),
        ("sodium_concentration", "Sodium in the bag", bag.per_litre("na"), "meq/L"),
        ("phosphate_concentration", "Phosphate in the bag", bag.per_litre("p"), "mmol/L"),
        ("calcium_gluconate_concentration", "Calcium gluconate in the bag", bag.per_litre("ca_gluconate"), "g/L"),
    ):
        yield Gauge(name, label, value, unit, limit(name, line, site))


def _lipid(bag: Bag, site: Sequence[Limit]) -> Iterator[Gauge]:
    part, order = bag.lipid, bag.order
    if part is None:
        return
    code, weight = part.product.code, order.weight_kg
    if lipid.known(code):
        yield lipid.daily(code, order.age_years, part.amount / weight, site)
        hourly = bag.at_plateau(part.volume_ml) if order.three_in_one else part.volume_ml / order.hours
        yield lipid.rate(code, order.age_years, hourly / weight, site)
    else:
        yield Gauge("daily", "Lipid per day", part.amount / weight, "g/kg/d", None)
    share = bag.lipid_kcal() * 100 / bag.kcal() if bag.kcal() else None
    yield Gauge("lipid_share", "Energy from lipid", share, "%", limit("lipid_share", "all", site))
    if order.three_in_one:
        yield from floor(
            amino_acids_g=bag.ordered("amino_acids"),
            dextrose_g=bag.ordered("dextrose"),
            lipid_g=part.amount,
            volume_ml=bag.volume_ml,
            site=site,
        )
        divalent = (bag.per_litre("mg") + bag.per_litre("ca")) / 2
        number = aggregation_number(bag.per_litre("na") + bag.per_litre("k"), divalent)
        yield Gauge("can", "Critical aggregation number (advice)", number, "mmol/L", limit("can", "all", site))
