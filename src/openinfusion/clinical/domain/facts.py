# SPDX-License-Identifier: Apache-2.0
"""Everything the checks look at, gathered by the queries before they ask."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from openinfusion.clinical.domain.chemotherapy import ChemotherapyFacts
from openinfusion.clinical.domain.compatibility import Observation
from openinfusion.clinical.domain.interaction import Interaction, LoadedSet
from openinfusion.clinical.domain.nutrition import NutritionFacts
from openinfusion.clinical.domain.side_chain import SideChainRow
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.standing import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedDrug:
    """The drug of the order, as the catalog knows it."""

    code: str
    name: str
    allergy_groups: frozenset[str] = frozenset()
    atc: str = ""
    vesicant: str = ""  # red, yellow or empty
    ingredients: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()  # those the catalog knows; empty: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """The order in figures."""

    drug: OrderedDrug
    dose: Quantity
    doses_per_day: Decimal
    route: str
    infusion_minutes: int
    interval_hours: int | None = None
    days: int
    start_on: date
    last_on: date
    osmolarity_mosm_per_l: int | None = None
    rate_ml_per_h: Decimal | None = None
    volume_ml: Decimal | None = None  # of one dose as it will be made
    concentration: Quantity | None = None  # the amount in 1 mL of it
    diluent: str = ""  # NS, D5W, SWFI; empty: as supplied
    purpose: str = "therapy"  # therapy, flush, line_lock, rescue

    @property
    def intravenous(self) -> bool:
        return self.route.upper() in ("IV", "INTRAVENOUS")

    @property
    def daily_minutes(self) -> Decimal:
        """How long of a day it runs."""
        return self.infusion_minutes * self.doses_per_day


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAllergy:
    """A recorded allergy or intolerance."""

    substance: str
    reaction: str = ""
    severity: str = ""  # anaphylaxis, severe, moderate, mild, intolerance; empty: not recorded
    drug_code: str = ""
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured figure and the day it was taken."""

    value: Decimal
    on: date
    method: str = ""

    def days_old(self, today: date) -> int:
        return (today - self.on).days


@dataclass(frozen=True, slots=True)
class LabResult:
    """One result of a test."""

    loinc: str
    name: str
    value: Decimal
    unit: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Medication:
    """What the patient takes besides our therapies; no ingredients where the catalog does not know the name."""

    name: str
    ingredients: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The newest answer about ``pregnancy`` or ``lactation``: yes, no, impossible, unknown or not_asked, with its day."""

    about: str
    said: str
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFacts:
    """What is known of the patient; None is not recorded."""

    allergy_state: str  # recorded, none_known, not_recorded
    allergies: tuple[KnownAllergy, ...] = ()
    age_years: int | None = None
    age_days: int | None = None
    sex: str = ""  # as recorded; says nothing about pregnancy
    weight_kg: Figure | None = None
    height_cm: Figure | None = None
    serum_creatinine: Figure | None = None
    crcl_ml_per_min: Figure | None = None
    line_type: str = ""  # PICC, midline, ...
    line_tip: str = ""  # central, midline, peripheral, sc, intrathecal, epidural, enteral; empty: not recorded
    lumens: int = 1
    conditions: tuple[tuple[str, str], ...] = ()  # ICD-10-CM code (may be empty) and words
    medications: tuple[Medication, ...] = ()
    labs: Mapping[str, tuple[LabResult, ...]] = field(default_factory=dict)  # by LOINC, the newest first
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherOrder:
    """Another order of the same patient that is not ended."""

    number: str
    drug: OrderedDrug
    start_on: date
    last_on: date
    route: str = ""
    purpose: str = ""  # therapy, flush, line_lock, diluent, rescue
    daily_minutes: Decimal = Decimal(0)
    concentration: Quantity | None = None
    diluent: str = ""

    @property
    def intravenous(self) -> bool:
        return self.route.upper() in ("IV", "INTRAVENOUS")

    def overlap_days(self, order: OrderFacts) -> int:
        """How many days both run; 0 where one ends before the other begins."""
        last, first = min(self.last_on, order.last_on), max(self.start_on, order.start_on)
        return max(0, (last - first).days + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLimits:
    """One catalog row of what is usual and what is never right. ``crcl_from`` and ``age_from`` are included."""

    measure: str  # single, daily, rate
    per: str  # flat, kg, m2, kg_min
    usual_low: Quantity
    usual_high: Quantity
    hard_high: Quantity
    crcl_from: Decimal | None = None
    crcl_below: Decimal | None = None
    age_from: int | None = None
    age_below: int | None = None
    min_interval_h: Decimal | None = None
    max_interval_h: Decimal | None = None
    source: Source | None = None

    @property
    def needs_weight(self) -> bool:
        return self.per in ("kg", "m2", "kg_min")

    @property
    def needs_renal(self) -> bool:
        return self.crcl_from is not None or self.crcl_below is not None

    @property
    def needs_age(self) -> bool:
        return self.age_from is not None or self.age_below is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityLimits:
    """How long the preparation keeps, at the concentration and in the container it will be made in."""

    hours: int | None  # None: no data
    concentration: str = ""
    storage: str = ""
    source: Source | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTest:
    """The newest row of one test on the list of the order's course. ``late_from``: the day from which it is overdue."""

    code: str
    name: str
    state: str  # due, drawn, resulted, acted_on, cancelled
    due_on: date
    late_from: date
    every_days: int
    result: str = ""

    @property
    def open(self) -> bool:
        return self.state in ("due", "drawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All of it, at one moment."""

    today: date
    order: OrderFacts
    patient: PatientFacts
    others: tuple[OtherOrder, ...] = ()
    limits: tuple[DoseLimits, ...] = ()
    side_chains: tuple[SideChainRow, ...] = ()
    stability: StabilityLimits
    supply_days: int  # the supply interval wished for
    interactions: Mapping[tuple[str, str], tuple[Interaction, ...]] = field(default_factory=dict)  # imported, by pair
    interaction_sets: tuple[LoadedSet, ...] = ()  # imported sets in force
    observations: Mapping[tuple[str, str], tuple[Observation, ...]] = field(default_factory=dict)  # signed, by pair
    nutrition: NutritionFacts | None = None  # None for every other drug
    chemotherapy: ChemotherapyFacts | None = None  # likewise
    listed: tuple[ListedTest, ...] = ()  # the monitoring list of the course; empty before it has rows
