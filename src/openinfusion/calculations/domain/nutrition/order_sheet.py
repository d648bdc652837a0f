# SPDX-License-Identifier: Apache-2.0
"""The sheet of a whole order: from what is prescribed to volumes, review, compounding, label, and the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import published, table
from openinfusion.calculations.domain.inputs import amount, choice, rows, yes_no
from openinfusion.calculations.domain.nutrition.bag import Bag, bag_of
from openinfusion.calculations.domain.nutrition.calcium_phosphate import SolubilityCurve
from openinfusion.calculations.domain.nutrition.compounding import calcium_with_phosphate, mixture
from openinfusion.calculations.domain.nutrition.cycle_sheet import RAMP, schedule
from openinfusion.calculations.domain.nutrition.cycling import Ramp
from openinfusion.calculations.domain.nutrition.electrolytes import PRETERM
from openinfusion.calculations.domain.nutrition.gauge import Limit
from openinfusion.calculations.domain.nutrition.inputs import AGE, HUNDREDTH, LINE, ONE, TENTH, WEIGHT
from openinfusion.calculations.domain.nutrition.lipid import hang_time
from openinfusion.calculations.domain.nutrition.order import Ingredient, Order
from openinfusion.calculations.domain.nutrition.order_tables import changes, gauges, ingredients_of, label, mixing, overall
from openinfusion.calculations.domain.nutrition.prescribed import Prescribed
from openinfusion.calculations.domain.nutrition.product import UNITS, products
from openinfusion.calculations.domain.nutrition.review import review
from openinfusion.calculations.domain.nutrition.site import BOUNDS, site_limit
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source

_UNITS: Final = tuple(f"{u}{per}" for per in ("/d", "/kg/d") for u in UNITS)
_PRODUCTS: Final = tuple((p.code, p.label) for p in products())
_LINES: Final = (
    choice("product", *_PRODUCTS),
    Prescribed(name="amount", label="Amount", units=_UNITS),
)
_VOLUMES: Final = ("mL/d", "mL/kg/d")
_NAMES: Final = tuple(dict.fromkeys(r["name"] for r in table("nutrition_limits") if r["name"] != "slip"))
_GROUPS: Final = tuple(dict.fromkeys(r["group"] for r in table("nutrition_limits")))
_SITE: Final = rows(
    "site_limits",
    choice("name", *_NAMES, "lipid", "lipid_rate"),
    choice("group", *_GROUPS, *(r["code"] for r in table("nutrition_lipid"))),
    *(amount(bound, "1", "0") for bound in BOUNDS),
    optional=BOUNDS,
    least=0,
    label="Limits of the site",
    note="in the unit of the gauge; they stand in front of those on file, what is blank stays as on file",
)
ROOM_C: Final = Decimal(25)
_OWN: Final = "Limit of the site"


def _limits(given: Sequence[Mapping[str, Any]], on: Source) -> tuple[Limit, ...]:
    """A bound the site leaves blank stays as on file, so that nobody drops a hard limit by setting a soft one."""
    return tuple(
        site_limit(g["name"], g["group"], g, Source(f"{_OWN}: {g['name']}", on.effective_from, on.standing)) for g in given
    )


def _ingredients(given: Sequence[Mapping[str, Any]]) -> tuple[Ingredient, ...]:
    return tuple(Ingredient(g["product"], *g["amount"]) for g in given)


def _ramps(given: Sequence[Mapping[str, Any]]) -> tuple[Ramp, ...]:
    return tuple(Ramp(g["hours"], g["share"] / 100) for g in given)


_SOURCE: Final = published("Ayers 2014 (ASPEN consensus): what an order holds, in which sequence, and its review", 2014)


@calculation(
    "nutrition-order",
    "Order of parenteral nutrition",
    group="nutrition",
    formula="amount per day ÷ stock strength = mL; water to the volume; every figure against soft and hard limits",
    source=_SOURCE,
)
def _order(
    ingredients: Annotated[Sequence[Mapping[str, Any]], rows("ingredients", *_LINES, label="Ingredients")],
    volume: Annotated[tuple[Decimal, str], Prescribed(name="volume", label="Volume of the PN bag", units=_VOLUMES)],
    weight_kg: Annotated[Decimal, WEIGHT],
    age_years: Annotated[Decimal, AGE],
    admixture: Annotated[str, choice("admixture", "2-in-1", "3-in-1")],
    line: Annotated[str, LINE],
    duration: Annotated[Decimal, amount("duration", "h", above="0", high="24", label="Runs for")] = Decimal(24),
    up: Annotated[Sequence[Mapping[str, Any]], rows("up", *RAMP, least=0, most=6, label="Taper up")] = (),
    down: Annotated[Sequence[Mapping[str, Any]], rows("down", *RAMP, least=0, most=6, label="Taper down")] = (),
    overfill: Annotated[Decimal, amount("overfill", "mL", "0", "2000")] = Decimal(0),
    preterm: Annotated[bool, PRETERM] = False,
    critical: Annotated[bool, yes_no("critical", label="Critically ill")] = False,
    refeeding: Annotated[bool, yes_no("refeeding", label="At risk of refeeding")] = False,
    site_limits: Annotated[Sequence[Mapping[str, Any]], _SITE] = (),
    before: Annotated[
        Sequence[Mapping[str, Any]], rows("before", *_LINES, least=0, label="Ingredients of the order before")
    ] = (),
    before_volume: Annotated[
        tuple[Decimal, str] | None, Prescribed(name="before_volume", label="Volume of the order before", units=_VOLUMES)
    ] = None,
) -> Worked:
    """An adult's amounts are per day, a child's per kg per day; electrolytes are ordered as full salts.

    Refused are amounts per litre, in percent or in mL. A gauge that has no limit on file says so; no verdict ever says
    that a mixture is compatible. With the order before, the difference is listed.
    """
    if bool(before) != (before_volume is not None):
        raise Refused(Reason("half-given", "the order before needs its ingredients and its volume, both"))

    def written(lines: Sequence[Mapping[str, Any]], of_day: tuple[Decimal, str]) -> Bag:
        return bag_of(
            Order(
                age_years=age_years,
                weight_kg=weight_kg,
                volume=of_day[0],
                volume_unit=of_day[1],
                ingredients=_ingredients(lines),
                three_in_one=admixture == "3-in-1",
                line=line,
                hours=duration,
                up=_ramps(up),
                down=_ramps(down),
                overfill_ml=overfill,
                preterm=preterm,
                critical=critical,
                refeeding=refeeding,
            )
        )

    earlier = written(before, before_volume) if before_volume else None
    return worked(written(ingredients, volume), _limits(site_limits, _SOURCE), earlier)


def worked(
    bag: Bag,
    site: Sequence[Limit] = (),
    before: Bag | None = None,
    curves: Sequence[SolubilityCurve] = (),
    temperature_c: Decimal = ROOM_C,
) -> Worked:
    """The whole sheet of a bag, by the site's limits and its signed curves; with the bag before, the difference too."""
    judged = review(bag, site)
    others = [calcium_with_phosphate(bag, curves, temperature_c)]
    if bag.lipid:
        others.append(hang_time(bag.order.hours, admixture=bag.order.three_in_one))
    used = dict.fromkeys((*(p.product.source for p in bag.parts), *(g.limit.source for g in judged if g.limit)))
    return Worked(
        results=(overall(judged, others), *_figures(bag), *others, *(g.verdict() for g in judged)),
        used=tuple(used),
        tables=(
            ingredients_of(bag),
            gauges(judged),
            schedule(bag.paces),
            mixing(bag),
            label(bag),
            *((changes(before, bag),) if before else ()),
        ),
    )


def _figures(bag: Bag) -> tuple[Result, ...]:
    rate = bag.at_plateau(bag.ordered("dextrose")) * 1000 / bag.order.weight_kg / 60
    components, meets = bag.osmolarity_components(), mixture(bag, ROOM_C)
    ratio = bag.energy_per_nitrogen()
    return (
        Result("energy", "Energy", bag.kcal(), "kcal/d", ONE),
        Result("energy_per_kg", "Energy for the weight", bag.kcal() / bag.order.weight_kg, "kcal/kg/d", TENTH),
        *(() if ratio is None else (Result("energy_per_nitrogen", "Non-protein energy per g nitrogen", ratio, "kcal/g", ONE),)),
        Result("gir", "Glucose rate at the plateau (hydrous)", rate, "mg/kg/min", HUNDREDTH),
        Result("plateau", "Rate at the plateau", bag.plateau_ml_h, "mL/h", TENTH),
        Result("volume", "Volume", bag.volume_ml, "mL/d", TENTH),
        Result("water", "Sterile water", bag.water_ml, "mL/d", TENTH),
        Result("amino_acids", "Amino acids, final strength", bag.percent("amino_acids"), "%", HUNDREDTH),
        Result("dextrose", "Dextrose, final strength", bag.percent("dextrose"), "%", HUNDREDTH),
        Result("lipid", "Lipid in the bag, final strength", bag.percent("lipid"), "%", HUNDREDTH),
        Result("osmolarity", "Osmolarity, estimated", bag.osmolarity_estimate(), "mOsm/L", ONE),
        *(
            ()
            if components is None
            else (Result("osmolarity_components", "Osmolarity by components", components, "mOsm/L", ONE),)
        ),
        Result("calcium_where_it_meets", "Calcium where it meets phosphate", meets.calcium_meq_l, "meq/L", TENTH),
        Result("phosphate_where_it_meets", "Phosphate there, of all sources", meets.phosphate_mmol_l, "mmol/L", TENTH),
    )
