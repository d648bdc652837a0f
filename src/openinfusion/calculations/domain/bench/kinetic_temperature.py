# SPDX-License-Identifier: Apache-2.0
"""Mean kinetic temperature: one temperature that would have aged a drug as the changing ones did."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount, rows

_ZERO_CELSIUS: Final = Decimal("273.15")
_ENERGY_BY_GAS: Final = Decimal("83.144") / Decimal("0.0083144")  # kJ/mol by kJ/mol/K: 10,000 K


def mean_kinetic(celsius: Sequence[Decimal]) -> Decimal:
    """°C of readings at equal intervals: Tk = (Ea/R) ÷ −ln(mean(exp(−Ea/(R T)))), with Ea 83.144 kJ/mol."""
    share = sum(((-_ENERGY_BY_GAS / (t + _ZERO_CELSIUS)).exp() for t in celsius), Decimal(0)) / len(celsius)
    return _ENERGY_BY_GAS / -share.ln() - _ZERO_CELSIUS


@calculation(
    "mean-kinetic-temperature",
    "Mean kinetic temperature",
    group="bench",
    formula="Tk = (Ea ÷ R) ÷ −ln(mean(exp(−Ea ÷ (R × T)))), Ea 83.144 kJ/mol",
    source=published("USP <1079.2>; Haynes, J Pharm Sci 1971;60:927", 1971),
)
def _kinetic(
    readings: Annotated[tuple[dict[str, Any], ...], rows("readings", amount("temperature", "Cel", "-90", "90"), most=60)],
) -> Worked:
    """Readings at equal intervals. It weighs the warm hours more than the mean does; it excuses no excursion."""
    found = [r["temperature"] for r in readings]
    tenth = Decimal("0.1")
    return Worked(
        results=(
            Result("kinetic", "Mean kinetic temperature", mean_kinetic(found), "Cel", tenth),
            Result("mean", "Mean", sum(found, Decimal(0)) / len(found), "Cel", tenth),
            Result("highest", "Highest", max(found), "Cel", tenth),
        )
    )
