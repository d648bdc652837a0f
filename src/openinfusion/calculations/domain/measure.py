# SPDX-License-Identifier: Apache-2.0
"""Units of calculations, compound ones included: mg/kg/min, mL/min, mEq/L, mOsm/L. Read strictly, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final

from openinfusion.kernel.quantity import ALL_UNITS, parse_decimal
from openinfusion.kernel.refusal import Fault, Malformed

Dimensions = tuple[tuple[str, int], ...]

# atoms beside those of the kernel: name, dimension, power, factor to the base of the dimension
_MORE: Final = (
    ("lb", "mass", 1, "453592.37"),
    ("ng", "mass", 1, "0.000001"),
    ("dL", "volume", 1, "100"),
    ("cm", "length", 1, "1"),
    ("m", "length", 1, "100"),
    ("in", "length", 1, "2.54"),
    ("m2", "length", 2, "10000"),
    ("{1.73_m2}", "standard surface", 1, "1"),
    ("umol", "substance", 1, "0.001"),
    ("mol", "substance", 1, "1000"),
    ("mOsm", "osmoles", 1, "1"),
    ("kJ", "energy", 1, "0.2390057361376673"),
    ("wk", "time", 1, "10080"),
    ("mo", "month", 1, "1"),
    ("a", "month", 1, "12"),
    ("Cel", "temperature", 1, "1"),
    ("gtt", "drop", 1, "1"),
    ("dose", "dose", 1, "1"),
    ("site", "site", 1, "1"),
    ("%", "percent", 1, "1"),
    ("psi", "pressure", 1, "1"),
    ("1", "none", 0, "1"),
)
_SPELLINGS: Final = {
    "mcg": "ug",
    "µg": "ug",
    "years": "a",
    "year": "a",
    "y": "a",
    "months": "mo",
    "hours": "h",
    "hour": "h",
    "minutes": "min",
    "days": "d",
    "day": "d",
    "weeks": "wk",
    "week": "wk",
    "units": "[iU]",
    "IU": "[iU]",
    "iu": "[iU]",
    "mEq": "meq",
    "each": "{each}",
    "percent": "%",
    "lbs": "lb",
    "inch": "in",
    "m²": "m2",
    "1.73m2": "{1.73_m2}",
    "1.73 m2": "{1.73_m2}",
    "1.73 m²": "{1.73_m2}",
    "°C": "Cel",
    "kilocalories": "kcal",
}
# what people read: mcg and units, never ug and IU
_SHOWN: Final = {
    "ug": "mcg",
    "[iU]": "units",
    "meq": "mEq",
    "{each}": "each",
    "a": "years",
    "m2": "m²",
    "{1.73_m2}": "1.73 m²",
    "Cel": "°C",
    "mo": "months",
    "wk": "week",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit taken apart: how it is written, its dimensions with powers, its exact factor to their bases."""

    code: str
    dimensions: Dimensions
    factor: Fraction

    def __str__(self) -> str:
        return shown_unit(self.code)


def _atoms() -> dict[str, tuple[str, int, Fraction]]:
    known = {u.code: (u.dimension.value, 1, Fraction(u.factor)) for u in ALL_UNITS}
    return known | {name: (dimension, power, Fraction(factor)) for name, dimension, power, factor in _MORE}


_ATOMS: Final = _atoms()


@cache
def measure(code: str) -> Measure:
    """The unit written as ``a/b/c`` of known units or their products ``a.b/c``; Malformed if one is not known here."""
    dimensions: dict[str, int] = {}
    factor = Fraction(1)
    parts = _parts(code)
    for place, part in enumerate(parts):
        for name in part:
            if name not in _ATOMS:
                raise Malformed(Fault("unit", f"the unit “{code}” is not known here"))
            dimension, power, size = _ATOMS[name]
            sign = 1 if place == 0 else -1
            dimensions[dimension] = dimensions.get(dimension, 0) + sign * power
            factor = factor * size if place == 0 else factor / size
    held = tuple(sorted((d, n) for d, n in dimensions.items() if n and d != "none"))
    return Measure("/".join(".".join(part) for part in parts), held, factor)


def _parts(code: str) -> list[tuple[str, ...]]:
    """The unit at each slash, as factors: ``mg.h/L`` is mg and h, by L. A point inside a known name does not divide it."""
    found = []
    for part in (_SPELLINGS.get(p, p) for p in code.strip().split("/")):
        factors = [part] if part in _ATOMS else part.replace("·", ".").split(".")
        found.append(tuple(_SPELLINGS.get(f, f) for f in factors))
    return found


def shown_unit(code: str) -> str:
    """The unit as it is safe to print."""
    return "" if code == "1" else "/".join("·".join(_SHOWN.get(f, f) for f in part) for part in _parts(code))


def convert(value: Decimal, has: str, wants: str) -> Decimal | None:
    """``value`` of the unit ``has`` in the unit ``wants``; None where the dimensions differ."""
    if has == wants:
        return value
    one, other = measure(has), measure(wants)
    ratio = one.factor / other.factor
    return value * ratio.numerator / ratio.denominator if one.dimensions == other.dimensions else None


_WRITTEN: Final = re.compile(r"^(?P<number>[-+0-9.,_eE]+)\s*(?P<unit>\S.*)?$")


def read_amount(text: str, *, field: str) -> tuple[Decimal, str]:
    """Number and unit of ``80 kg`` or ``1.2 mg/dL``; the unit may be empty. Malformed if it is neither."""
    match = _WRITTEN.match(text.strip())
    if not match:
        raise Malformed(Fault(field, f"“{text}” is not a number with a unit, such as 80 kg"))
    return parse_decimal(match["number"], field=field), (match["unit"] or "").strip()
