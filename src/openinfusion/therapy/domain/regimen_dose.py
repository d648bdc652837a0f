# SPDX-License-Identifier: Apache-2.0
"""The dose a line of a regimen means for one body, with all it was worked out from. The formulas are the calculations' own."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from openinfusion.calculations.public import calvert, calvert_cap, mosteller
from openinfusion.kernel.quantity import Quantity, rounded, shown_number
from openinfusion.kernel.refusal import Reason, Refused

_HUNDREDTH = Decimal("0.01")
_FULL = 100


class DosedLine(Protocol):
    """A line of a regimen, as far as its dose goes. ``basis``: m2, kg, auc or flat; ``most`` caps a single dose."""

    @property
    def dose(self) -> Quantity: ...
    @property
    def basis(self) -> str: ...
    @property
    def most(self) -> Quantity | None: ...
    @property
    def words(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What doses are worked out from; None is not recorded. The clearance is an estimate, in mL/min."""

    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    clearance_ml_per_min: Decimal | None = None

    @property
    def surface_m2(self) -> Decimal | None:
        """Body surface after Mosteller."""
        return mosteller(self.weight_kg, self.height_cm) if self.weight_kg and self.height_cm else None


@dataclass(frozen=True, slots=True)
class WorkedDose:
    """A dose and its inputs in words, in the order they were used."""

    dose: Quantity
    inputs: tuple[tuple[str, str], ...]


def worked_dose(line: DosedLine, body: Body, percent: int = _FULL) -> WorkedDose:
    """The dose of a line at a share of the full one, rounded to 0.01; Refused where the body does not tell."""
    inputs: list[tuple[str, str]] = [("regimen", line.words)]
    full = _full(line, body, inputs)
    if percent != _FULL:
        inputs.append(("share of the full dose", f"{percent} %"))
    dose = full * percent / _FULL
    if line.most is not None and dose > line.most.amount:
        inputs.append(("capped", f"{_said(dose)} to {line.most}"))
        dose = line.most.amount
    return WorkedDose(Quantity(rounded(dose, _HUNDREDTH), line.dose.unit), tuple(inputs))


def _full(line: DosedLine, body: Body, inputs: list[tuple[str, str]]) -> Decimal:
    if line.basis == "flat":
        return line.dose.amount
    if line.basis == "kg":
        weight = _known(body.weight_kg, "weight")
        inputs.append(("weight", f"{_said(weight)} kg"))
        return line.dose.amount * weight
    if line.basis == "auc":
        return _by_area(line, body, inputs)
    surface = _known(body.surface_m2, "weight and height")
    weight, height = _known(body.weight_kg, "weight"), _known(body.height_cm, "height")
    inputs += [("weight", f"{_said(weight)} kg"), ("height", f"{_said(height)} cm")]
    inputs.append(("body surface, Mosteller", f"{_said(surface)} m²"))
    return line.dose.amount * surface


def _by_area(line: DosedLine, body: Body, inputs: list[tuple[str, str]]) -> Decimal:
    clearance = _known(body.clearance_ml_per_min, "kidney clearance")
    used = min(clearance, calvert_cap())
    inputs.append(("GFR used, Cockcroft-Gault", f"{_said(used)} mL/min"))
    return calvert(line.dose.amount, used)


def _known(value: Decimal | None, name: str) -> Decimal:
    if value is None:
        raise Refused(Reason("body-unknown", f"the dose cannot be worked out: no {name} on record", f"record {name}"))
    return value


def _said(value: Decimal) -> str:
    return shown_number(rounded(value, _HUNDREDTH))
