# SPDX-License-Identifier: Apache-2.0
"""Making the bag: quantities with overfill, weights to check by, the order of mixing, and where calcium meets phosphate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openinfusion.calculations.domain.calculation import Verdict
from openinfusion.calculations.domain.nutrition.bag import Bag
from openinfusion.calculations.domain.nutrition.calcium_phosphate import Mixture, SolubilityCurve, judge
from openinfusion.calculations.domain.nutrition.overfill import factor
from openinfusion.calculations.domain.nutrition.product import Product, product


@dataclass(frozen=True, slots=True)
class Draw:
    """A volume of a product to add, with overfill; its weight where the specific gravity is on file."""

    product: Product
    volume_ml: Decimal

    @property
    def weight_g(self) -> Decimal | None:
        gravity = self.product.specific_gravity
        return None if gravity is None else self.volume_ml * gravity


def draws(bag: Bag) -> tuple[Draw, ...]:
    """What goes into the bag, in the order of mixing; water with the first ones."""
    scale = factor(bag.volume_ml, bag.order.overfill_ml)
    all_of = [Draw(p.product, p.volume_ml * scale) for p in bag.inside]
    all_of.append(Draw(product("sterile-water"), bag.water_ml * scale))
    return tuple(sorted(all_of, key=lambda d: (d.product.mixing, d.product.place)))


def where_calcium_goes_in(bag: Bag) -> Decimal:
    """mL as prescribed that are in the bag when calcium goes in: all mixed up to it, never the lipid."""
    calcium = product("calcium-gluconate").mixing
    return bag.water_ml + sum((p.volume_ml for p in bag.inside if p.product.mixing <= calcium), Decimal(0))


def mixture(bag: Bag, temperature_c: Decimal) -> Mixture:
    """Calcium and phosphate in the lowest volume they meet in; phosphate of salts, amino acids and emulsion together.

    The strengths are those of the whole bag, the lowest there are, so that a curve of stronger mixtures never fits.
    """
    volume = where_calcium_goes_in(bag) or bag.volume_ml  # a bag of lipid alone has no watery part
    amino = next((p.product.code for p in bag.parts if p.product.kind == "amino_acids"), "")
    return Mixture(
        product=amino,
        amino_acid_percent=bag.percent("amino_acids"),
        dextrose_percent=bag.percent("dextrose"),
        cysteine=bool(bag.ordered("cysteine")),
        temperature_c=temperature_c,
        calcium_meq_l=bag.held("ca", inside=True) * 1000 / volume,
        phosphate_mmol_l=bag.held("p", inside=True) * 1000 / volume,
    )


def calcium_with_phosphate(bag: Bag, curves: Sequence[SolubilityCurve], temperature_c: Decimal) -> Verdict:
    """The verdict by the site's signed curves; calcium chloride beside phosphate cannot be judged by them."""
    chloride = any(p.product.kind == "calcium" and not p.product.held("ca_gluconate") for p in bag.inside)
    if chloride and bag.held("p", inside=True):
        text = "calcium chloride beside phosphate: the curves are of gluconate"
        return Verdict("calcium_phosphate", "Calcium with phosphate", "cannot-judge", text, "warn")
    if not bag.held("ca", inside=True) or not bag.held("p", inside=True):
        return Verdict("calcium_phosphate", "Calcium with phosphate", "below", "calcium and phosphate do not meet", "ok")
    return judge(curves, mixture(bag, temperature_c))
