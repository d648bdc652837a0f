# SPDX-License-Identifier: Apache-2.0
"""An amount as a prescriber writes it: a number with a unit per day or per kg per day, kept as written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from openinfusion.calculations.domain.measure import measure, read_amount, shown_unit
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescribed:
    """A question whose answer keeps its unit; the order itself refuses units that are not per day."""

    kind: ClassVar[str] = "amount"
    name: str
    label: str
    units: tuple[str, ...]
    low: None = None
    high: None = None
    note: str = ""

    @property
    def unit(self) -> str:
        return self.units[0]

    def read(self, raw: Any) -> tuple[Decimal, str]:
        if isinstance(raw, Mapping):
            raw = f"{raw.get('value', '')} {raw.get('unit', '')}"
        if not isinstance(raw, str):
            raise Malformed(Fault(self.name, "write the number as text with its unit, such as “90 g/d”"))
        number, unit = read_amount(raw, field=self.name)
        if not unit or number < 0:
            raise Malformed(Fault(self.name, "write an amount of zero or more with its unit, such as “90 g/d”"))
        try:
            return number, measure(unit).code
        except Malformed as no:
            raise Malformed(Fault(self.name, no.faults[0].text)) from None

    def said(self, value: Any) -> str:
        return f"{shown_number(value[0])} {shown_unit(value[1])}"
