# SPDX-License-Identifier: Apache-2.0
"""Body surface: the five formulas in use, each beside Mosteller's as a cross-check."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import HEIGHT, WEIGHT
from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.kernel.refusal import Reason

_STEP: Final = Decimal("0.01")


def mosteller(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Body surface, m², after Mosteller 1987: sqrt(height cm × weight kg / 3600)."""
    return (height_cm * weight_kg / 3600).sqrt()


def du_bois(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Body surface, m², after Du Bois and Du Bois 1916; low in infants."""
    return Decimal("0.007184") * weight_kg ** Decimal("0.425") * height_cm ** Decimal("0.725")


def haycock(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Body surface, m², after Haycock 1978; made for infants, children and adults."""
    return Decimal("0.024265") * height_cm ** Decimal("0.3964") * weight_kg ** Decimal("0.5378")


def gehan_george(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Body surface, m², after Gehan and George 1970."""
    return Decimal("0.0235") * height_cm ** Decimal("0.42246") * weight_kg ** Decimal("0.51456")


def boyd(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Body surface, m², after Boyd 1935, whose exponent falls with the logarithm of the weight in grams."""
    grams = weight_kg * 1000
    exponent = Decimal("0.7285") - Decimal("0.0188") * grams.log10()
    return Decimal("0.0003207") * height_cm ** Decimal("0.3") * grams**exponent


def _beside_mosteller(surface: Decimal, weight_kg: Decimal, height_cm: Decimal) -> tuple[Result, Result]:
    apart = (surface / mosteller(weight_kg, height_cm) - 1) * 100
    return Result("bsa", "Body surface", surface, "m2", _STEP), Result("apart", "Against Mosteller", apart, "%", Decimal("0.1"))


@calculation(
    "body-surface-mosteller",
    "Body surface (Mosteller)",
    group="body",
    formula="BSA = √(height cm × weight kg ÷ 3600)",
    source=published("Mosteller RD, N Engl J Med 1987;317:1098", 1987),
)
def _mosteller(weight_kg: Annotated[Decimal, WEIGHT], height_cm: Annotated[Decimal, HEIGHT]) -> Worked:
    """The default for chemotherapy, at all ages."""
    return Worked(results=(Result("bsa", "Body surface", mosteller(weight_kg, height_cm), "m2", _STEP),))


@calculation(
    "body-surface-du-bois",
    "Body surface (Du Bois)",
    group="body",
    formula="BSA = 0.007184 × weight kg^0.425 × height cm^0.725",
    source=published("Du Bois D, Du Bois EF, Arch Intern Med 1916;17:863", 1916),
)
def _du_bois(weight_kg: Annotated[Decimal, WEIGHT], height_cm: Annotated[Decimal, HEIGHT]) -> Worked:
    """For adults. It is low in infants; use Haycock there."""
    limit = row("body", name="du-bois")
    small = weight_kg < limit.figure("infant_below_kg")
    return Worked(
        results=_beside_mosteller(du_bois(weight_kg, height_cm), weight_kg, height_cm),
        warnings=(Reason("not-for-infants", "Du Bois is low in infants", "use body-surface-haycock"),) if small else (),
        used=(limit.source,),
    )


@calculation(
    "body-surface-haycock",
    "Body surface (Haycock)",
    group="body",
    formula="BSA = 0.024265 × height cm^0.3964 × weight kg^0.5378",
    source=published("Haycock GB, J Pediatr 1978;93:62", 1978),
)
def _haycock(weight_kg: Annotated[Decimal, WEIGHT], height_cm: Annotated[Decimal, HEIGHT]) -> Worked:
    """For infants and children; a cross-check for adults."""
    return Worked(results=_beside_mosteller(haycock(weight_kg, height_cm), weight_kg, height_cm))


@calculation(
    "body-surface-gehan-george",
    "Body surface (Gehan and George)",
    group="body",
    formula="BSA = 0.0235 × height cm^0.42246 × weight kg^0.51456",
    source=published("Gehan EA, George SL, Cancer Chemother Rep 1970;54:225", 1970),
)
def _gehan_george(weight_kg: Annotated[Decimal, WEIGHT], height_cm: Annotated[Decimal, HEIGHT]) -> Worked:
    """A cross-check for children."""
    return Worked(results=_beside_mosteller(gehan_george(weight_kg, height_cm), weight_kg, height_cm))


@calculation(
    "body-surface-boyd",
    "Body surface (Boyd)",
    group="body",
    formula="BSA = 0.0003207 × height cm^0.3 × g^(0.7285 − 0.0188 × log10 g), g = weight in grams",
    source=published("Boyd E, The growth of the surface area of the human body, 1935", 1935),
)
def _boyd(weight_kg: Annotated[Decimal, WEIGHT], height_cm: Annotated[Decimal, HEIGHT]) -> Worked:
    """A cross-check for children."""
    return Worked(results=_beside_mosteller(boyd(weight_kg, height_cm), weight_kg, height_cm))
