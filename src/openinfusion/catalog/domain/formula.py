# SPDX-License-Identifier: Apache-2.0
"""How a drug is prepared, how long it keeps and how much of it is usual: formula, stability and dose rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog.domain.product import ProductFact
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source, Standing

METHODS = ("compound", "dispense")
WITHDRAWALS = ("policy", "always", "never")


@dataclass(frozen=True, slots=True)
class FormulaFact:
    """The master formulation of a drug by a route. ``max_concentration`` is the most allowed in 1 mL.

    ``method`` is "compound", or "dispense" where the product goes out as it is. ``category`` is the USP category of
    the preparation. ``device`` is the container or set it is given by. ``withdraw`` says whether the drug's volume is
    first taken out of the bag, ``specific_gravity`` is of the drug as it is drawn (None: no weight can be judged).
    """

    drug_code: str
    route: str
    method: str
    diluent: ProductFact | None
    container: str
    final_volume_ml: Decimal
    max_concentration: Quantity
    infusion_minutes: int
    storage: str
    category: int
    device: ProductFact
    source: Source
    id: UUID | None = None
    mixing: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    quality_checks: tuple[str, ...] = ()
    label_text: tuple[str, ...] = ()
    withdraw: str = "policy"
    closed_system: bool = False
    weighed: bool = False
    specific_gravity: Decimal | None = None
    tolerance_percent: Decimal | None = None
    drafter: str = ""

    @property
    def effective_from(self) -> date:
        return self.source.effective_from

    @property
    def status(self) -> str:
        return self.source.standing.value

    @property
    def compounded(self) -> bool:
        return self.method == "compound"


@dataclass(frozen=True, slots=True)
class StabilityFact:
    """How long a drug keeps, in a container and storage, between two concentrations (amounts in 1 mL)."""

    drug_code: str
    container: str
    storage: str
    least: Quantity
    most: Quantity
    hours: int
    source: Source

    @property
    def standing(self) -> Standing:
        return self.source.standing


def judge_stability(
    rows: Iterable[StabilityFact],
    drug: str,
    concentration: Quantity,
    container: str,
    storage: str,
) -> StabilityFact:
    """The row that covers this preparation, the shortest if several; Refused where the data cannot judge it."""
    found = [
        row
        for row in rows
        if row.container == container
        and row.storage == storage
        and row.least.unit.dimension is concentration.unit.dimension
        and row.least <= concentration <= row.most
    ]
    if found:
        return min(found, key=lambda row: row.hours)
    raise Refused(
        Reason(
            "stability-unknown",
            f"no stability data for {drug} at {concentration}/mL in a {container}, {storage}",
            "a pharmacist can add a sourced figure to the catalog",
        )
    )


@dataclass(frozen=True, slots=True)
class DoseRule:
    """What is usual and what is never right. ``measure``: single, daily or rate; ``per``: flat, kg, m2 or kg_min.

    Bounds of None are open; ``crcl_from`` is included, ``crcl_below`` is not.
    """

    drug_code: str
    route: str
    measure: str
    per: str
    usual_low: Quantity
    usual_high: Quantity
    hard_high: Quantity
    crcl_from: Decimal | None
    crcl_below: Decimal | None
    age_from: int | None
    age_below: int | None
    min_interval_h: Decimal | None
    max_interval_h: Decimal | None
    source: Source

    def covers(self, *, age: int | None, crcl: Decimal | None) -> bool:
        """Whether this rule speaks about a patient of this age and renal function; unknown renal function fits all."""
        if age is not None and not (self.age_from or 0) <= age < (self.age_below or 200):
            return False
        if crcl is None:
            return True
        return (self.crcl_from is None or self.crcl_from <= crcl) and (self.crcl_below is None or crcl < self.crcl_below)
