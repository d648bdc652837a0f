# SPDX-License-Identifier: Apache-2.0
"""A product: what stands on the shelf, with its NDC, GTIN, strength, price and billing unit."""
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import Quantity


class ProductKind(StrEnum):
    DRUG = "drug"
    DILUENT = "diluent"
    SUPPLY = "supply"
    EQUIPMENT = "equipment"


class Storage(StrEnum):
    ROOM = "room"
    REFRIGERATED = "refrigerated"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class ProductFact:
    """``strength`` is the whole content of one container. For a powder ``volume_ml`` is the volume once

    ``reconstitute_ml`` of diluent has been added. ``hcpcs_unit`` is what one billing unit means; None without a code.
    """

    id: UUID
    drug_code: str
    kind: str
    name: str
    labeler: str
    ndc11: str
    gtin: str
    strength: Quantity
    volume_ml: Decimal
    reconstitute_ml: Decimal
    form: str
    container: str
    single_dose: bool
    storage: str
    cost: Money
    hcpcs: str
    hcpcs_unit: Quantity | None

    def __str__(self) -> str:
        return self.name

    @property
    def ndc(self) -> str:
        """The NDC as printed: 5-4-2."""
        return f"{self.ndc11[:5]}-{self.ndc11[5:9]}-{self.ndc11[9:]}"


def check_digit(digits: str) -> str:
    """The GS1 check digit of a number without it: weights 3, 1 from the right."""
    total = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(reversed(digits)))
    return str(-total % 10)


def is_gtin(text: str) -> bool:
    """Whether this is a GTIN-14 with a true check digit."""
    return bool(re.fullmatch(r"[0-9]{14}", text)) and check_digit(text[:-1]) == text[-1]
