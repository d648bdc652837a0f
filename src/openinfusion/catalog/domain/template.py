# SPDX-License-Identifier: Apache-2.0
"""What a therapy class brings with it: per-diem code, required items, kit, monitoring, teaching, goals, labels, nursing.

A template is versioned: each version holds from its day until the next one's. What two pharmacists of the house signed
stands before what came on file.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar
from uuid import UUID

from openinfusion.catalog.domain.product import ProductFact
from openinfusion.kernel.standing import Source, Standing

PER = ("dose", "week", "delivery")


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
class Preparation:
    """What decides whether an auxiliary text belongs on a container."""

    drug_code: str
    route: str
    storage: str
    hazardous: bool
    vesicant: bool


@dataclass(frozen=True, slots=True)
class AuxiliaryLabel:
    """A text on the container, and when it is there: always, hazardous, vesicant, storage:…, route:… or drug:…."""

    text: str
    when: str = "always"

    def belongs_on(self, made: Preparation) -> bool:
        kind, _, value = self.when.partition(":")
        return {
            "always": True, "hazardous": made.hazardous, "vesicant": made.vesicant, "storage": made.storage == value,
            "route": made.route == value, "drug": made.drug_code == value,
        }.get(kind, False)


@dataclass(frozen=True, slots=True)
class TherapyTemplate:
    """``per_diem_hcpcs`` is the code where interval and volume do not decide; see ``per_diem``. ``id`` is the version's."""

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
    goals: tuple[str, ...] = ()
    labels: tuple[AuxiliaryLabel, ...] = ()
    id: UUID | None = None
    drafter: str = ""

    @property
    def effective_from(self) -> date:
        return self.source.effective_from

    @property
    def status(self) -> str:
        return self.source.standing.value

    def per_diem(self, *, interval_h: Decimal | None = None, litres_per_day: Decimal | None = None) -> str:
        """The per-diem code for this dosing interval or daily volume; the class's own code where neither decides."""
        for known, rows in ((interval_h, self.by_interval), (litres_per_day, self.by_litres)):
            if known is not None:
                for limit, code in rows:
                    if known <= limit:
                        return code
        return self.per_diem_hcpcs

    def label_texts(self, made: Preparation) -> tuple[str, ...]:
        """The auxiliary texts of this container, each once, in the order of the template."""
        return tuple(dict.fromkeys(label.text for label in self.labels if label.belongs_on(made)))


class Version(Protocol):
    """What the choice among versions looks at."""

    @property
    def effective_from(self) -> date: ...

    @property
    def status(self) -> str: ...


V = TypeVar("V", bound=Version)


def in_force(versions: Iterable[V], on: date) -> V | None:
    """The version that holds on a day; None where there is none at all.

    A signed version stands before one on file, whatever their dates, so that loading the files again never takes the
    place of what the house has signed. Before the first version the first one holds.
    """
    known = sorted(versions, key=lambda v: v.effective_from)
    begun = [v for v in known if v.effective_from <= on]
    signed = [v for v in begun if v.status == Standing.SIGNED.value]
    return next(iter((signed or begun)[-1:] or known[:1]), None)
