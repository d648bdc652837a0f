# SPDX-License-Identifier: Apache-2.0
"""Reads of patients' regimens: courses, cycles, orders of their lines, doses given and earlier exposure."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.kernel import figures
from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.patients import public as patients
from openinfusion.therapy.domain.cycle import ENDED, CycleState, day_of
from openinfusion.therapy.domain.cycle_day import DayState
from openinfusion.therapy.domain.exposure import GivenDose, PriorExposure
from openinfusion.therapy.domain.regimen_dose import Body
from openinfusion.therapy.models import CycleDay, CycleOrder, Exposure, RegimenCourse, RegimenCycle


@dataclass(frozen=True, slots=True)
class CycleOrderFact:
    """The order joined to a line of a cycle. ``calculated`` is None where it could not be worked out then."""

    line_number: int
    prescription_id: UUID
    number: str
    calculated: Quantity | None
    inputs: tuple[tuple[str, str], ...]
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleDayFact:
    """A later day of a cycle that asks for a fresh result, with the judgement it was cleared on."""

    id: UUID
    day: int
    state: DayState
    clearer_name: str
    cleared_at: datetime | None
    judged: tuple[dict[str, str], ...]
    override_code: str
    override_note: str
    approved_by: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleFact:
    """A cycle as other rooms see it."""

    id: UUID
    number: int
    state: CycleState
    day1_on: date
    dose_percent: int
    clearer_name: str
    cleared_at: datetime | None
    judged: tuple[dict[str, str], ...]
    override_code: str
    override_note: str
    approved_by: str
    given_on: date | None
    given: tuple[GivenDose, ...]
    orders: tuple[CycleOrderFact, ...]
    days: tuple[CycleDayFact, ...]
    version: int

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    def on(self, day: int) -> date:
        """The date of a day of this cycle: as given, or as planned."""
        return day_of(self.given_on or self.day1_on, day)

    def day(self, day: int) -> CycleDayFact | None:
        """How a later day stands that asks for a fresh result; None for the others."""
        return next((d for d in self.days if d.day == day), None)

    def order(self, line_number: int) -> CycleOrderFact | None:
        return next((o for o in self.orders if o.line_number == line_number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenCourseFact:
    """A patient's regimen with its cycles in order."""

    id: UUID
    state: str
    therapy_id: UUID
    patient_id: UUID
    regimen: catalog.Regimen
    start_on: date
    cycles: tuple[CycleFact, ...]
    version: int

    @property
    def running(self) -> bool:
        return self.state == "running"

    @property
    def next_cycle(self) -> CycleFact | None:
        """The first cycle that is not settled."""
        return next((c for c in self.cycles if not c.ended), None)

    def before(self, cycle: CycleFact) -> CycleFact | None:
        """The last cycle given before this one; None where there is none."""
        given = [c for c in self.cycles if c.number < cycle.number and c.given_on is not None]
        return given[-1] if given else None


@dataclass(frozen=True, slots=True)
class JoinedOrder:
    """An order's place in a regimen: the course, its cycle and its line."""

    course: RegimenCourseFact
    cycle: CycleFact
    line: catalog.RegimenLine


def courses_where(**where: object) -> list[RegimenCourseFact]:
    """Courses with their cycles and orders, newest first: four queries, however many there are."""
    courses = list(RegimenCourse.objects.filter(**where).order_by("-start_on", "-id"))
    if not courses:
        return []
    cycles = list(RegimenCycle.objects.filter(course__in=courses).order_by("number"))
    orders = list(CycleOrder.objects.filter(cycle__in=cycles).order_by("line_number"))
    days = list(CycleDay.objects.filter(cycle__in=cycles).order_by("day"))
    return [_course(row, [c for c in cycles if c.course_id == row.id], orders, days) for row in courses]


def _course(
    row: RegimenCourse, cycles: Sequence[RegimenCycle], orders: Sequence[CycleOrder], days: Sequence[CycleDay],
) -> RegimenCourseFact:
    return RegimenCourseFact(
        id=row.id, state=row.state, therapy_id=row.therapy_id, patient_id=row.patient_id,
        regimen=catalog.regimen(row.regimen_code, row.edition), start_on=row.start_on,
        cycles=tuple(
            _cycle(c, [o for o in orders if o.cycle_id == c.id], [d for d in days if d.cycle_id == c.id]) for c in cycles),
        version=row.version,
    )


def _cycle(row: RegimenCycle, orders: Sequence[CycleOrder], days: Sequence[CycleDay]) -> CycleFact:
    return CycleFact(
        id=row.id, number=row.number, state=CycleState(row.state), day1_on=row.day1_on, dose_percent=row.dose_percent,
        clearer_name=row.clearer_name, cleared_at=row.cleared_at, judged=tuple(row.judged), override_code=row.override_code,
        override_note=row.override_note, approved_by=row.approved_by, given_on=row.given_on, given=tuple(given_of(row)),
        orders=tuple(_order(o) for o in orders), days=tuple(_day(d) for d in days), version=row.version,
    )


def _day(row: CycleDay) -> CycleDayFact:
    return CycleDayFact(
        id=row.id, day=row.day, state=DayState(row.state), clearer_name=row.clearer_name, cleared_at=row.cleared_at,
        judged=tuple(row.judged), override_code=row.override_code, override_note=row.override_note, approved_by=row.approved_by,
        version=row.version,
    )


def _order(row: CycleOrder) -> CycleOrderFact:
    amount = row.calculated_amount
    calculated = None if amount is None else Quantity(amount, unit(row.calculated_unit))
    return CycleOrderFact(
        row.line_number, row.prescription_id, row.prescription_number, calculated, tuple((k, v) for k, v in row.inputs),
        row.id)


def given_of(row: RegimenCycle) -> list[GivenDose]:
    """What was given in a cycle, line by line; nothing while it is not given."""
    if row.given_on is None or row.surface_m2 is None:
        return []
    return [
        GivenDose(g["drug"], Quantity(Decimal(g["amount"]), unit(g["unit"])), int(g["days"]), row.surface_m2, row.given_on)
        for g in row.given
    ]


def joined_orders(numbers: Iterable[str]) -> dict[str, JoinedOrder]:
    """Which of these orders (by the number all versions share) belong to a regimen, and where."""
    wanted = sorted(set(numbers))
    rows = CycleOrder.objects.filter(prescription_number__in=wanted).order_by().values_list(
        "prescription_number", "line_number", "cycle_id", "cycle__course_id")
    found = list(rows) if wanted else []
    courses = {c.id: c for c in courses_where(id__in=[r[3] for r in found])} if found else {}
    placed = {}
    for number, line_number, cycle_id, course_id in found:
        course = courses[course_id]
        line = course.regimen.line(line_number)
        cycle = next(c for c in course.cycles if c.id == cycle_id)
        if line is not None:
            placed[number] = JoinedOrder(course, cycle, line)
    return placed


def doses_given(patient_ids: Iterable[UUID]) -> dict[UUID, list[GivenDose]]:
    """Every dose of every cycle given to these patients, the oldest first."""
    found: dict[UUID, list[GivenDose]] = {}
    rows = RegimenCycle.objects.filter(patient_id__in=list(patient_ids), state="given").order_by("given_on", "number")
    for row in rows:
        found.setdefault(row.patient_id, []).extend(given_of(row))
    return found


def exposures(patient_ids: Iterable[UUID]) -> dict[UUID, dict[str, PriorExposure]]:
    """The newest word about earlier exposure, by patient and drug."""
    found: dict[UUID, dict[str, PriorExposure]] = {}
    for r in Exposure.objects.filter(patient_id__in=list(patient_ids)).order_by("made_at", "id"):
        told = PriorExposure(r.drug_code, r.amount, r.measure, r.told_by, r.told_on)
        found.setdefault(r.patient_id, {})[r.drug_code] = told
    return found


def exposure_ids(patient_id: UUID, drug_codes: Iterable[str]) -> list[UUID]:
    """Every word about earlier exposure of a patient to these drugs, the newest first."""
    rows = Exposure.objects.filter(patient_id=patient_id, drug_code__in=list(drug_codes))
    return list(rows.order_by("-made_at").values_list("id", flat=True))


def bodies(patient_ids: Iterable[UUID]) -> dict[UUID, Body]:
    """What doses are worked out from, of many patients."""
    return {id: body_of(chart) for id, chart in patients.charts(patient_ids).items()}


def body_of(chart: patients.Chart) -> Body:
    return Body(
        weight_kg=chart.weight.value if chart.weight else None, height_cm=chart.height.value if chart.height else None,
        clearance_ml_per_min=chart.crcl.ml_per_min if chart.crcl and not chart.crcl.stale else None,
    )


def policy(name: str) -> int:
    """A figure of the work on regimens."""
    rows: list[dict[str, Any]] = figures.rows("openinfusion.therapy.domain", "data/regimen.toml")
    return int(next(r["value"] for r in rows if r["name"] == name))
