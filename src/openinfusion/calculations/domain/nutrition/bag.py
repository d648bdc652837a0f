# SPDX-License-Identifier: Apache-2.0
"""The bag that an order becomes: volumes from stock solutions, water to the volume, and what it then holds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openinfusion.calculations.domain.nutrition.cycling import Pace
from openinfusion.calculations.domain.nutrition.energy import kcal_of_grams, kcal_of_volume
from openinfusion.calculations.domain.nutrition.nitrogen import has_factor, nitrogen
from openinfusion.calculations.domain.nutrition.order import Order, Part, paces_of, parts_of
from openinfusion.calculations.domain.nutrition.osmolarity import estimate, of_components
from openinfusion.calculations.domain.nutrition.product import product
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Reason, Refused

CATIONS = ("na", "k", "ca", "mg")


@dataclass(frozen=True, slots=True)
class Bag:
    """A day of nutrition made up: all parts, those in the bag, the water, and the rates."""

    order: Order
    parts: tuple[Part, ...]
    water_ml: Decimal
    volume_ml: Decimal
    paces: tuple[Pace, ...]

    @property
    def inside(self) -> tuple[Part, ...]:
        """What is mixed in the PN bag: all of a 3-in-1, all but the lipid of a 2-in-1."""
        return tuple(p for p in self.parts if self.order.three_in_one or p.product.kind != "lipid")

    @property
    def plateau_ml_h(self) -> Decimal:
        return max(p.rate_ml_h for p in self.paces)

    @property
    def lipid(self) -> Part | None:
        """The emulsion, if one is ordered."""
        return next((p for p in self.parts if p.product.kind == "lipid"), None)

    def ordered(self, kind: str) -> Decimal:
        """Amount of a day of this kind of product, in its own unit."""
        return sum((p.amount for p in self.parts if p.product.kind == kind), Decimal(0))

    def held(self, what: str, *, inside: bool = False) -> Decimal:
        """What a day brings of an ion or trace element, from all products (or only those in the bag)."""
        parts = self.inside if inside else self.parts
        return sum((p.volume_ml * p.product.held(what) for p in parts), Decimal(0))

    def percent(self, kind: str) -> Decimal:
        """Grams per 100 mL in the PN bag; zero for the lipid of a 2-in-1."""
        grams = sum((p.amount for p in self.inside if p.product.kind == kind), Decimal(0))
        return grams * 100 / self.volume_ml

    def per_litre(self, what: str) -> Decimal:
        return self.held(what, inside=True) * 1000 / self.volume_ml

    def at_plateau(self, per_day: Decimal) -> Decimal:
        """What runs in an hour at the plateau, of an amount of a day."""
        return per_day * self.plateau_ml_h / self.volume_ml

    def lipid_kcal(self) -> Decimal:
        return kcal_of_volume(self.lipid.product.energy, self.lipid.volume_ml) if self.lipid else Decimal(0)

    def kcal(self) -> Decimal:
        dextrose = kcal_of_grams("dextrose", self.ordered("dextrose"))
        return dextrose + kcal_of_grams("amino-acids", self.ordered("amino_acids")) + self.lipid_kcal()

    def energy_per_nitrogen(self) -> Decimal | None:
        """Non-protein kcal per g of nitrogen; None where the amino acids' own factor is not on file."""
        grams = sum((factored(p) for p in self.parts if p.product.kind == "amino_acids"), Decimal(0))
        plain = self.kcal() - kcal_of_grams("amino-acids", self.ordered("amino_acids"))
        return plain / grams if grams else None

    def osmolarity_estimate(self) -> Decimal:
        """mOsm/L of the bag by the usual estimate; of electrolytes the cations, twice."""
        return estimate(
            volume_ml=self.volume_ml,
            dextrose_g=self.ordered("dextrose"),
            amino_acids_g=self.ordered("amino_acids"),
            lipid_g=self.ordered("lipid") if self.order.three_in_one else Decimal(0),
            electrolytes_meq=sum((self.held(ion, inside=True) for ion in CATIONS), Decimal(0)),
            cations_only=True,
        )

    def osmolarity_components(self) -> Decimal | None:
        """mOsm/L by the components; None while one of them has no figure on file."""
        known = [(p.volume_ml, p.product.osmolarity) for p in self.inside]
        figures = [(volume, osmolarity) for volume, osmolarity in known if osmolarity is not None]
        return of_components([*figures, (self.water_ml, Decimal(0))]) if len(figures) == len(known) else None

    def aluminium(self) -> Decimal | None:
        """mcg of a day by the labels, an upper bound; None while one product has no figure on file."""
        loads = [(p.volume_ml, p.product.aluminium) for p in self.parts]
        loads.append((self.water_ml, product("sterile-water").aluminium))
        figures = [volume * aluminium / 1000 for volume, aluminium in loads if aluminium is not None]
        return sum(figures, Decimal(0)) if len(figures) == len(loads) else None


def factored(part: Part) -> Decimal:
    """Grams of nitrogen in a part of amino acids; zero where its factor is not on file."""
    name = part.product.code.rsplit("-", 1)[0]
    return nitrogen(part.amount, name) if has_factor(name) else Decimal(0)


def bag_of(order: Order) -> Bag:
    """The bag of an order; Refused without a volume, where the ingredients need more than it, or with two emulsions."""
    parts, volume = parts_of(order), order.volume_ml()
    if not volume:
        raise Refused(Reason("no-volume", "the bag has no volume", "order a volume"))
    if sum(p.product.kind == "lipid" for p in parts) > 1:
        raise Refused(Reason("two-emulsions", "two lipid emulsions are ordered", "choose one"))
    bag = Bag(order, parts, Decimal(0), volume, paces_of(order))
    filled = sum((p.volume_ml for p in bag.inside), Decimal(0))
    if filled > volume:
        over = shown_number(round(filled - volume, 1))
        raise Refused(
            Reason("volume-too-small", f"the ingredients are {over} mL above the volume", "raise the volume or concentrate")
        )
    return Bag(order, parts, volume - filled, volume, bag.paces)
