# SPDX-License-Identifier: Apache-2.0
"""One step at the hood: what is to be done, with what, how much, and what proves it."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class StepKind(StrEnum):
    SCAN = "scan"  # a package is opened under the scanner
    RECONSTITUTE = "reconstitute"
    WITHDRAW = "withdraw"  # out of the bag, before the drug goes in
    DILUENT = "diluent"  # into an empty device
    DRAW = "draw"
    INJECT = "inject"
    PHOTO = "photo"
    INSPECT = "inspect"
    SEAL = "seal"


class Proof(StrEnum):
    """What a step asks for, so that it counts as done."""

    SCAN = "scan"
    KEY = "key"  # the one big key
    WEIGHT = "weight"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchStep:
    """``place`` is its number, ``container`` the dose it belongs to (0: all), ``volume_ml`` what is drawn or, of a scan,

    what this order uses of the package. ``look`` says why another person must look before the next step; empty: nobody.
    """

    kind: StepKind
    text: str
    asks: Proof = Proof.KEY
    place: int = 0
    container: int = 0
    name: str = ""
    ingredient_id: UUID | None = None
    product_id: UUID | None = None
    count: int = 1
    volume_ml: Decimal | None = None
    syringe_ml: Decimal | None = None
    expected_g: Decimal | None = None
    low_g: Decimal | None = None
    high_g: Decimal | None = None
    look: str = ""
