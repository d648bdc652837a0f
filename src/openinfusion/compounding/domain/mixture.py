# SPDX-License-Identifier: Apache-2.0
"""What goes into one supply: packages of drug, solvent, diluent and container, and the figures of each dose."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from openinfusion.compounding.domain.reconstitution import Solvent, choose_solvent
from openinfusion.compounding.domain.vials import VialSize, choose_vials
from openinfusion.kernel.quantity import ML, Quantity, UnitMismatch, rounded
from openinfusion.kernel.refusal import Reason, Refused

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A product as mixing sees it."""

    product_id: UUID
    name: str
    holds: Quantity
    volume_ml: Decimal
    powder_ml: Decimal = Decimal(0)  # what a powder is dissolved with; of a liquid nothing
    single_dose: bool = True
    free: int | None = None

    @property
    def powder(self) -> bool:
        return self.powder_ml > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The master formulation, as far as mixing needs it. Without a diluent the product goes out as it is."""

    drug: tuple[Package, ...]
    diluent: Package | None
    container: Package | None  # an empty device that the dose is filled into
    container_kind: str
    final_volume_ml: Decimal
    max_concentration: Quantity  # the most in 1 mL
    compounded: bool
    solvents: tuple[Solvent, ...] = ()  # what a powder may be dissolved with
    shared: bool = False  # whether a package that goes out as it is may serve more than one dose


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One ingredient: packages to take, the amount used and what is left over in opened single-dose packages."""

    role: str  # drug, solvent (of a powder), diluent, container, nutrition
    product_id: UUID
    name: str
    packages: int
    used: Quantity
    discarded: Quantity
    single_dose: bool
    step: str = ""  # when it goes in, where the order of mixing matters
    each: Decimal | None = None  # mL for each container, where the formula says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """The whole supply."""

    lines: tuple[Line, ...]
    final_volume_ml: Decimal  # of each dose
    concentration: Quantity  # in 1 mL


def mix(recipe: Recipe, dose: Quantity, doses: int) -> Mixture:
    """The ingredients of so many doses. Refused when units do not meet or nothing covers the need."""
    if doses < 1:
        raise Refused(Reason("no-doses", "no dose is due in this supply"))
    if not recipe.compounded:
        drug = _as_supplied(recipe, dose, doses)
        volume = recipe.final_volume_ml
        return Mixture(lines=tuple(drug), final_volume_ml=volume, concentration=recipe.max_concentration)
    drug = _drug_lines(recipe, dose * doses)
    volume = _final_volume(recipe, dose)
    lines = [*drug, *_solvent_lines(recipe, drug), *_diluent_lines(recipe, drug, volume, doses), *_container_lines(recipe, doses)]
    concentration = Quantity(rounded(dose.amount / volume, Decimal("0.000001")), dose.unit)
    return Mixture(lines=tuple(lines), final_volume_ml=volume, concentration=concentration)


def _final_volume(recipe: Recipe, dose: Quantity) -> Decimal:
    """The formula's volume, or more where the dose would be too concentrated in it; up to the next 10 mL."""
    try:
        least = dose / recipe.max_concentration
    except UnitMismatch as no:
        raise Refused(Reason("unit", f"{dose} cannot be mixed by a formula in {recipe.max_concentration.unit}")) from no
    if least <= recipe.final_volume_ml:
        return recipe.final_volume_ml
    return (least / 10).to_integral_value(rounding=ROUND_CEILING) * 10


def _as_supplied(recipe: Recipe, dose: Quantity, doses: int) -> list[Line]:
    """The packages of a drug that goes out as its maker supplied it: whole ones for each dose, since whoever gives a dose

    opens no package that another dose began. Packages of several doses, and feeds, are shared over the supply.
    """
    if recipe.shared or not all(p.single_dose for p in recipe.drug):
        return _drug_lines(recipe, dose * doses)
    found: dict[UUID, Line] = {}
    left = recipe
    for _ in range(doses):
        for one in _drug_lines(left, dose):
            before = found.get(one.product_id)
            found[one.product_id] = one if before is None else replace(
                before, packages=before.packages + one.packages, used=before.used + one.used,
                discarded=before.discarded + one.discarded,
            )
            left = replace(left, drug=tuple(_less(p, one) for p in left.drug))
    return list(found.values())


def _less(p: Package, taken: Line) -> Package:
    """The same package with what a dose took of it no longer free."""
    if p.free is None or p.product_id != taken.product_id:
        return p
    return replace(p, free=p.free - taken.packages)


def _drug_lines(recipe: Recipe, total: Quantity) -> list[Line]:
    by_id = {p.product_id: p for p in recipe.drug if p.holds.unit.dimension is total.unit.dimension}
    sizes = [VialSize(p.product_id, p.holds.to(total.unit).amount, p.free) for p in by_id.values()]
    return [
        Line(role="drug", product_id=o.product_id, name=by_id[o.product_id].name, packages=o.packages,
             used=Quantity(o.used, total.unit), discarded=Quantity(o.discarded, total.unit),
             single_dose=by_id[o.product_id].single_dose)
        for o in choose_vials(total.amount, sizes)
    ]


def _solvent_lines(recipe: Recipe, drug: Sequence[Line]) -> list[Line]:
    """What the powders are dissolved with; single-dose packages, so that what is left over is not kept."""
    powders = {p.product_id: p.powder_ml for p in recipe.drug}
    need = sum((powders[line.product_id] * line.packages for line in drug), Decimal(0))
    if need == 0:
        return []
    names = {s.product_id: s.name for s in recipe.solvents}
    return [
        Line(role="solvent", product_id=o.product_id, name=names[o.product_id], packages=o.packages,
             used=Quantity(o.used, ML), discarded=Quantity(o.discarded, ML), single_dose=True)
        for o in choose_solvent(need, recipe.solvents)
    ]


def _diluent_lines(recipe: Recipe, drug: Sequence[Line], volume: Decimal, doses: int) -> list[Line]:
    diluent = recipe.diluent
    if diluent is None:
        return []
    liquids = {p.product_id: p for p in recipe.drug if not p.powder}
    drawn = sum((_drawn_ml(line, liquids[line.product_id]) for line in drug if line.product_id in liquids), Decimal(0))
    need = max(volume * doses - drawn, Decimal(0))
    if need == 0:
        return []
    if recipe.container_kind == "bag":  # each dose goes into a bag of its own
        packages = doses * _whole(need / doses / diluent.volume_ml)
    else:
        packages = _whole(need / diluent.volume_ml)
    held = diluent.holds * packages
    used = Quantity(rounded(min(need, held.amount), _HUNDREDTH), diluent.holds.unit)
    return [Line(role="diluent", product_id=diluent.product_id, name=diluent.name, packages=packages, used=used,
                 discarded=held - used, single_dose=diluent.single_dose)]


def _drawn_ml(line: Line, package: Package) -> Decimal:
    return line.used / package.holds * package.volume_ml


def _container_lines(recipe: Recipe, doses: int) -> list[Line]:
    if recipe.container is None:
        return []
    c = recipe.container
    return [Line(role="container", product_id=c.product_id, name=c.name, packages=doses, used=c.holds * doses,
                 discarded=c.holds * 0, single_dose=True)]


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(rounding=ROUND_CEILING))
