# SPDX-License-Identifier: Apache-2.0
"""Two patients whose courses are of another kind: chemotherapy in cycles, and parenteral nutrition with its formula.

Both came with their orders from a hospital and were taken over by telephone. They wait for a pharmacist today: the
second cycle is to be cleared and its orders verified; the formula is to be verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.calculations import public as calculations
from openinfusion.clinical import public as clinical
from openinfusion.demo.staff import Crew, House
from openinfusion.kernel.quantity import ML, Quantity
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.clock import now
from openinfusion.therapy import public as therapy

ZONE = ZoneInfo("America/Chicago")
PRESCRIBER = "Ruth Supposed, DO"
COUNTS = (("751-8", "neutrophils", "10*3/uL"), ("777-3", "platelets", "10*3/uL"))
# mFOLFOX6 for 1.81 m2 as the prescriber wrote it: line, mg of the day.
DOSES = ((1, "154"), (2, "724"), (3, "724"), (4, "4340"))
FORMULA = (
    ("travasol-10", "85", "g/d"), ("dextrose-70", "250", "g/d"), ("intralipid-20", "50", "g/d"),
    ("sodium-chloride", "90", "meq/d"), ("potassium-phosphates", "20", "mmol/d"), ("potassium-chloride", "50", "meq/d"),
    ("magnesium-sulfate", "10", "meq/d"),
    ("calcium-gluconate", "10", "meq/d"), ("infuvite-adult", "10", "mL/d"), ("tralement", "1", "mL/d"),
)  # fmt: skip


def apart(house: House, crew: Crew, until: datetime) -> list[tuple[datetime, Iterator[datetime]]]:
    """When each of them comes to this pharmacy, and what happens then."""
    return [(until - timedelta(days=15), cycles(house, crew)), (until - timedelta(days=2), nutrition(house, crew))]


def _morning(on: date) -> datetime:
    return datetime.combine(on, time(9), ZONE)


def _known(house: House, person: Demographics, line: str, kg: str, cm: str) -> UUID:
    """The chart of somebody who was taken over by telephone."""
    by = house.by("intake")
    patient_id = patients.register(demographics=person, by=by)
    patients.record_no_known_allergies(patient_id=patient_id, by=by)
    for kind, value in (("weight_kg", kg), ("height_cm", cm)):
        patients.record_measurement(patient_id=patient_id, kind=kind, value=Decimal(value), by=by)
    patients.record_line(patient_id=patient_id, type=line, by=by)
    patients.record_lab(patient_id=patient_id, loinc="2160-0", name="creatinine", value=Decimal("0.8"), unit="mg/dL", by=by)
    return patient_id


def _begun(house: House, crew: Crew, patient_id: UUID, drug: str, diagnosis: str, on: date) -> UUID:
    return therapy.begin_therapy(
        patient_id=patient_id, drug_code=drug, therapy_class="", diagnosis=diagnosis, site_id=crew.site_id, prescriber=PRESCRIBER,
        start_on=on, by=house.by("intake"),
    )  # fmt: skip


def cycles(house: House, crew: Crew) -> Iterator[datetime]:
    """mFOLFOX6: cycle 1 cleared and given, cycle 2 due tomorrow, its orders transcribed, its count drawn today."""
    rph, nurse, day = house.by(crew.pharmacists[0]), house.by(crew.nurses[0]), now().astimezone(ZONE).date()
    home = Address("11 Fiction Lane", "", "Decatur", "IL", "62521")
    patient_id = _known(house, Demographics("Cyclewood", "Odette", date(1961, 5, 9), Sex.FEMALE, home), "port", "71.4", "165")
    course_id = therapy.start_regimen(
        therapy_id=_begun(house, crew, patient_id, "oxaliplatin", "C18.9", day + timedelta(days=2)), code="mfolfox6",
        start_on=day + timedelta(days=2), by=rph,
    )  # fmt: skip
    yield _morning(day + timedelta(days=1))
    _count(patient_id, ("4.2", "231"), house, crew)
    first, second = therapy.regimen_course(course_id).cycles[:2]
    clinical.clear_cycle(course_id=course_id, cycle_id=first.id, told={"neuropathy": Decimal(0)}, by=rph.signing("demo"))
    yield _morning(first.day1_on)
    lines = [therapy.GivenLine(number, Decimal(mg), 1) for number, mg in DOSES]
    therapy.give_cycle(cycle_id=first.id, given_on=first.day1_on, lines=lines, by=nurse)
    yield _morning(second.day1_on - timedelta(days=2))
    for number, mg in DOSES:
        dose = therapy.regimen_course(course_id).regimen.lines[number - 1].dose
        therapy.order_line(
            cycle_id=second.id, line_number=number, dose=Quantity(Decimal(mg), dose.unit), prescriber=PRESCRIBER, by=rph
        )
    _count(patient_id, ("1.9", "148"), house, crew)


def _count(patient_id: UUID, values: tuple[str, str], house: House, crew: Crew) -> None:
    for (loinc, name, unit), value in zip(COUNTS, values, strict=True):
        by = house.by(crew.nurses[0])
        patients.record_lab(patient_id=patient_id, loinc=loinc, name=name, value=Decimal(value), unit=unit, by=by)


def nutrition(house: House, crew: Crew) -> Iterator[datetime]:
    """A formula for a short bowel, transcribed and waiting for a pharmacist at the nutrition workbench."""
    day = now().astimezone(ZONE).date()
    home = Address("27 Fiction Lane", "", "Lincoln", "IL", "62656")
    patient_id = _known(house, Demographics("Bagley", "Emil", date(1968, 2, 3), Sex.MALE, home), "picc", "71.4", "176")
    therapy_id = _begun(house, crew, patient_id, "parenteral_nutrition", "K90.829", day + timedelta(days=3))
    yield now() + timedelta(hours=2)
    formula = calculations.NutritionOrder(
        age_years=Decimal(58), weight_kg=Decimal("71.4"), volume=Decimal(2000), volume_unit="mL/d", line="central",
        ingredients=tuple(calculations.Ingredient(code, Decimal(amount), unit) for code, amount, unit in FORMULA),
        three_in_one=True, hours=Decimal(24), overfill_ml=Decimal(100),
    )  # fmt: skip
    bag = calculations.bag_of(formula).volume_ml
    order = therapy.PrescriptionOrder(
        drug_code="parenteral_nutrition", dose=Quantity(bag, ML), route="IV", start_on=day + timedelta(days=3), days=14,
        interval_hours=24, infusion_minutes=24 * 60, prescriber_name=PRESCRIBER, diagnosis="K90.829", nutrition=formula,
    )  # fmt: skip
    therapy.transcribe_prescription(therapy_id=therapy_id, order=replace(order, ordered_on=day), by=house.by("intake"))
