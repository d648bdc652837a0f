# SPDX-License-Identifier: Apache-2.0
"""Drug units on a claim: from what was given and discarded to whole HCPCS units, with JW and JZ, and the NDC quantity.

Rounding policy "line-up": units are rounded up once, on the billed amount of the line, never per dose. With JW, given
and discarded units together are the units of the containers opened; less than one whole unit of waste is not billed
and the line says JZ.
"""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openinfusion.calculations.public import claim_units
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.refusal import Reason, Refused

ROUNDING_POLICY: Final = "line-up"


@dataclass(frozen=True, slots=True)
class DrugUse:
    """What one line is made of: the drug given, the drug thrown away, and the size of one HCPCS unit."""

    given: Quantity
    discarded: Quantity
    hcpcs_unit: Quantity
    is_single_dose: bool


@dataclass(frozen=True, slots=True)
class UnitsLine:
    """Whole units under one modifier: JW for what was discarded, JZ for no waste, empty for multiple-dose
    containers.
    """

    units: int
    modifier: str


def unit_lines(use: DrugUse) -> tuple[UnitsLine, ...]:
    """The claim lines of this use: what was given, then what was discarded."""
    if use.given.amount <= 0 or use.discarded.amount < 0:
        raise Refused(Reason("no-amount-given", "a drug line needs an amount given and no negative waste"))
    given, wasted = claim_units(use.given / use.hcpcs_unit, use.discarded / use.hcpcs_unit)
    if not use.is_single_dose:
        return (UnitsLine(given, ""),)
    if not wasted:
        return (UnitsLine(given, "JZ"),)
    return (UnitsLine(given, ""), UnitsLine(wasted, "JW"))


@dataclass(frozen=True, slots=True)
class NdcQuantity:
    """How much of the package was used, in the NDC's own unit: ML for liquids, UN for vials of powder and each."""

    amount: Decimal
    unit: str


def ndc_quantity(containers: Decimal, volume_ml: Decimal | None, is_powder: bool) -> NdcQuantity:
    """Containers used to the quantity CTP04 and CTP05 want; it is not the number of HCPCS units."""
    if volume_ml and not is_powder:
        return NdcQuantity((containers * volume_ml).quantize(Decimal("0.001")), "ML")
    return NdcQuantity(containers, "UN")
