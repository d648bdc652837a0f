# SPDX-License-Identifier: Apache-2.0
"""What a therapy class brings with it: per-diem code, required items, kit, monitoring, teaching, nursing."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openinfusion.catalog.domain.product import ProductFact
from openinfusion.kernel.standing import Source


@dataclass(frozen=True, slots=True)
class KitLine:
    """One supply of the kit: how many for each dose, week or delivery."""

    product: ProductFact
    quantity: int
    per: str

    def needed(self, *, doses: int, days: int) -> int:
        """How many go along with a delivery that covers these doses and days; weeks begun count whole."""
        times = {"dose": doses, "week": -(-days // 7), "delivery": 1}[self.per]
        return self.quantity * times


@dataclass(frozen=True, slots=True)
class Monitoring:
    loinc: str
    name: str
    every_days: int


@dataclass(frozen=True, slots=True)
class TherapyTemplate:
    """``per_diem_hcpcs`` is the code where interval and volume do not decide; see ``per_diem``."""

    therapy_class: str
    name: str
    per_diem_hcpcs: str
    by_interval: tuple[tuple[Decimal, str], ...]
    by_litres: tuple[tuple[Decimal, str], ...]
    required_items: tuple[str, ...]
    kit: tuple[KitLine, ...]
    labs: tuple[Monitoring, ...]
    teaching: tuple[str, ...]
    visits_per_week: int
    nursing_task: str
    first_dose_attended: bool
    source: Source

    def per_diem(self, *, interval_h: Decimal | None = None, litres_per_day: Decimal | None = None) -> str:
        """The per-diem code for this dosing interval or daily volume; the class's own code where neither decides."""
        for known, rows in ((interval_h, self.by_interval), (litres_per_day, self.by_litres)):
            if known is not None:
                for limit, code in rows:
                    if known <= limit:
                        return code
        return self.per_diem_hcpcs
