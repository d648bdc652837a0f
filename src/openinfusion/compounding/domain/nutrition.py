# SPDX-License-Identifier: Apache-2.0
"""A supply of parenteral nutrition: what is drawn for each bag, in the order of mixing, and the packages for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from openinfusion.calculations.public import Bag, Stock, draws
from openinfusion.compounding.domain.mixture import Line, Mixture, Package
from openinfusion.kernel.quantity import ML, Quantity, rounded
from openinfusion.kernel.refusal import Reason, Refused

_HUNDREDTH = Decimal("0.01")
_THOUSANDTH = Decimal("0.001")
_MICRO = Decimal("0.000001")
ROLE = "nutrition"
APART = "In its own container, not into the bag"


def mix_nutrition(bag: Bag, packages: Mapping[str, Package], bags: int) -> Mixture:
    """The ingredients of so many bags, overfill included, in the order of mixing; lipid of a 2-in-1 apart, without overfill.

    Refused where a stock solution has no package in the catalog: the bench scans packages, not solutions.
    """
    inside = [(d.product, d.volume_ml, f"{d.product.mixing}. {d.product.mixing_text}") for d in draws(bag) if d.volume_ml]
    apart = [(p.product, p.volume_ml, APART) for p in bag.parts if p not in bag.inside]
    missing = [stock.label for stock, _, _ in (*inside, *apart) if stock.code not in packages]
    if missing:
        text = f"no package in the catalog for {', '.join(missing)}"
        raise Refused(Reason("no-product", text, "choose the package the stock solution is drawn from"))
    volume = bag.volume_ml + bag.order.overfill_ml
    return Mixture(
        lines=tuple(_line(stock, each, step, packages[stock.code], bags) for stock, each, step in (*inside, *apart)),
        final_volume_ml=rounded(volume, _HUNDREDTH),
        concentration=Quantity(rounded(bag.volume_ml / volume, _MICRO), ML),
    )


def _line(stock: Stock, each_ml: Decimal, step: str, package: Package, bags: int) -> Line:
    """Packages may be shared between the bags of one supply; what is left in the last one is discarded."""
    each = rounded(each_ml, _THOUSANDTH) or rounded(each_ml, _MICRO)  # a small dose never rounds to none
    need = each * bags
    packages = int((need / package.volume_ml).to_integral_value(rounding=ROUND_CEILING))
    used = Quantity(need, ML)
    return Line(
        role=ROLE, product_id=package.product_id, name=stock.label, packages=packages, used=used,
        discarded=Quantity(package.volume_ml * packages, ML) - used, single_dose=package.single_dose, step=step, each=each,
    )  # fmt: skip
