# SPDX-License-Identifier: Apache-2.0
"""Quantities with units: Decimal only, dimension-checked, never rounded silently.

Units carry their UCUM code. Activity units ([iU], mEq, mmol) are dimensions of their own: they never become mass
without the drug's own factor. Rounding happens once, at the end, by a named policy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import Enum
from functools import total_ordering
from typing import Final

from openinfusion.kernel.refusal import Fault, Malformed


class Dimension(Enum):
    MASS = "mass"
    VOLUME = "volume"
    COUNT = "count"
    ACTIVITY = "activity"
    CHARGE = "charge"
    SUBSTANCE = "substance"
    TIME = "time"
    ENERGY = "energy"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its UCUM code, the safe way to print it (ISMP: mcg, units), its dimension and factor to the base."""

    code: str
    shown: str
    dimension: Dimension
    factor: Decimal

    def __str__(self) -> str:
        return self.shown


MG: Final = Unit("mg", "mg", Dimension.MASS, Decimal(1))
MCG: Final = Unit("ug", "mcg", Dimension.MASS, Decimal("0.001"))
NG: Final = Unit("ng", "nanograms", Dimension.MASS, Decimal("0.000001"))
G: Final = Unit("g", "g", Dimension.MASS, Decimal(1000))
KG: Final = Unit("kg", "kg", Dimension.MASS, Decimal(1000000))
ML: Final = Unit("mL", "mL", Dimension.VOLUME, Decimal(1))
L: Final = Unit("L", "L", Dimension.VOLUME, Decimal(1000))
EACH: Final = Unit("{each}", "each", Dimension.COUNT, Decimal(1))
UNITS: Final = Unit("[iU]", "units", Dimension.ACTIVITY, Decimal(1))
MILLION_UNITS: Final = Unit("10*6.[iU]", "million units", Dimension.ACTIVITY, Decimal(1000000))
MEQ: Final = Unit("meq", "mEq", Dimension.CHARGE, Decimal(1))
MMOL: Final = Unit("mmol", "mmol", Dimension.SUBSTANCE, Decimal(1))
MINUTE: Final = Unit("min", "minutes", Dimension.TIME, Decimal(1))
HOUR: Final = Unit("h", "hours", Dimension.TIME, Decimal(60))
DAY: Final = Unit("d", "days", Dimension.TIME, Decimal(1440))
KCAL: Final = Unit("kcal", "kcal", Dimension.ENERGY, Decimal(1))

ALL_UNITS: Final = (
    MG,
    MCG,
    NG,
    G,
    KG,
    ML,
    L,
    EACH,
    UNITS,
    MILLION_UNITS,
    MEQ,
    MMOL,
    MINUTE,
    HOUR,
    DAY,
    KCAL,
)
_BY_NAME: Final = (
    {u.code.lower(): u for u in ALL_UNITS}
    | {u.shown.lower(): u for u in ALL_UNITS}
    | {
        "mcg": MCG,
        "iu": UNITS,
        "unit": UNITS,
        "units": UNITS,
        "[iu]": UNITS,
        "hr": HOUR,
        "hour": HOUR,
        "vial": EACH,
        "minute": MINUTE,
        "day": DAY,
        "ea": EACH,
        "1": EACH,
        "gram": G,
        "milligram": MG,
        "milliliter": ML,
    }
)


def unit(name: str) -> Unit:
    """The unit with this UCUM code or printed name; Malformed if the house does not know it."""
    try:
        return _BY_NAME[name.strip().lower()]
    except KeyError:
        raise Malformed(Fault("unit", f"the unit “{name}” is not known here; use a UCUM code such as mg, mL, [iU]")) from None


class UnitMismatch(TypeError):
    """Two quantities of different dimensions met in arithmetic."""


_NUMBER: Final = re.compile(r"-?\d{1,9}(\.\d{1,6})?", re.ASCII)


def parse_decimal(text: str, *, field: str = "amount") -> Decimal:
    """A typed number, strictly: ASCII digits, up to 9 before and 6 after the point. No 1e3, 1_000, .5 or 5."""
    if not _NUMBER.fullmatch(text.strip(" ")):
        raise Malformed(Fault(field, f"“{text}” is not a plain number such as 1250 or 0.5"))
    return Decimal(text.strip(" "))


_WHOLE: Final = re.compile(r"-?\d{1,9}", re.ASCII)


def parse_whole(text: str, *, field: str = "number") -> int:
    """A typed whole number, strictly: up to nine ASCII digits. No 1_000, 1,000, 5.0 or digits of another script."""
    if not _WHOLE.fullmatch(text.strip(" ")):
        raise Malformed(Fault(field, f"“{text}” is not a plain whole number such as 12"))
    return int(text)


class Rounding(Enum):
    """The named rounding policies. A result says which one it used."""

    HALF_UP = ROUND_HALF_UP
    UP = ROUND_CEILING
    DOWN = ROUND_FLOOR


def rounded(amount: Decimal, step: Decimal, policy: Rounding = Rounding.HALF_UP) -> Decimal:
    """``amount`` to the nearest multiple of ``step`` by a named policy."""
    return (amount / step).to_integral_value(rounding=policy.value) * step


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """An amount with its unit. A float raises; different dimensions never mix; equality is of meaning."""

    amount: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"amount must be Decimal, not {type(self.amount).__name__}")
        if not self.amount.is_finite():
            raise ValueError("amount must be finite")

    def to(self, unit: Unit) -> Quantity:
        """The same quantity in another unit of its dimension; UnitMismatch otherwise."""
        if unit.dimension is not self.unit.dimension:
            raise UnitMismatch(f"{self.unit} ({self.unit.dimension.value}) is not {unit} ({unit.dimension.value})")
        return Quantity(self.amount * self.unit.factor / unit.factor, unit)

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.amount + other.to(self.unit).amount, self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(self.amount - other.to(self.unit).amount, self.unit)

    def __mul__(self, factor: Decimal | int) -> Quantity:
        return Quantity(self.amount * factor, self.unit)

    def __truediv__(self, other: Quantity) -> Decimal:
        """The pure ratio of two quantities of one dimension."""
        return self.amount / other.to(self.unit).amount

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quantity) or other.unit.dimension is not self.unit.dimension:
            return NotImplemented
        return self.amount * self.unit.factor == other.amount * other.unit.factor

    def __hash__(self) -> int:
        return hash((self.amount * self.unit.factor, self.unit.dimension))

    def __lt__(self, other: Quantity) -> bool:
        return self.amount < other.to(self.unit).amount

    def __str__(self) -> str:
        return f"{shown_number(self.amount)} {self.unit}"


def shown_number(amount: Decimal) -> str:
    """A number as ISMP wants it printed: leading zero, no trailing zero, comma from 1,000."""
    plain = f"{amount.normalize():f}"
    whole, point, fraction = plain.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}" if len(digits) > 3 else digits
    return f"{sign}{grouped}{point}{fraction}"
