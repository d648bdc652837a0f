# SPDX-License-Identifier: Apache-2.0
"""A cold store: the band it must keep, and what a reading means."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openinfusion.sites.domain.figure import figure


class ColdStoreKind(StrEnum):
    REFRIGERATOR = "refrigerator"
    FREEZER = "freezer"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Band:
    """The temperatures that are in range, both ends included, in degrees Celsius."""

    low: Decimal
    high: Decimal

    def holds(self, celsius: Decimal) -> bool:
        return self.low <= celsius <= self.high


def band(kind: ColdStoreKind) -> Band:
    """The band of this kind of store, from the facility figures."""
    return Band(figure(f"{kind.value}_low"), figure(f"{kind.value}_high"))
