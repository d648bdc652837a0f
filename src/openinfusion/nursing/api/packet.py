# SPDX-License-Identifier: Apache-2.0
"""The shape of a visit as a phone takes it along, and of a day of them."""
from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import WithJsonSchema

# an instant or a day as it was written down, passed on to the letter
Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]


class TypeOfVisit(Schema):
    code: str
    edition: int
    title: str
    needed: list[str]


class FieldOfForm(Schema):
    """``when``: the field, and its values with which this one becomes needed. ``told``: read from what is scanned."""

    name: str
    label: str
    kind: str
    unit: str
    options: list[tuple[str, str]]
    told: bool
    required: bool
    at_least: int
    when: tuple[str, list[str]] | None
    lowest: str | None
    highest: str | None


class SectionOfForm(Schema):
    code: str
    title: str
    repeats: bool
    fields: list[FieldOfForm]


class PatientAtHome(Schema):
    """``usual``: the usual range of each vital sign at this age, the lower and the upper end."""

    name: str
    born_on: Day
    age: int
    mrn: str
    phone: str
    zone: str
    address: str
    language: str
    weight_kg: str | None
    allergies: str
    line: str
    chips: list[str]
    usual: dict[str, tuple[str, str]]


class RatePlan(Schema):
    code: str
    label: str
    rates: list[str]
    step_minutes: int | None
    source: str


class Running(Schema):
    """What the record says of the infusion. ``plan``: by whose steps it runs, empty while nobody said so. ``drug_first``: a

    drug is scanned before anything runs. ``borne_ml_per_h``: where it may begin; null, with ``lowest_why``: at the first step.
    """

    plan: str
    borne_ml_per_h: str | None
    lowest_why: str
    resume_ml_per_h: str | None
    drug_first: bool


class DrugAtHome(Schema):
    """A preparation that was handed over. ``codes``: what its labels say when they are scanned."""

    lot: str
    name: str
    dose: str
    containers: int
    codes: list[str]
    storage: str
    beyond_use_at: Moment
    against: list[str]


class PackageAtHome(Schema):
    """Packages of one lot, not compounded. ``serials``: those of this product that are on record already."""

    gtin: str
    lot: str
    name: str
    expires_on: Day
    left: int
    against: list[str]
    serials: list[str]


class PackageOnShelf(Schema):
    """Packages of one lot on the suite's own shelf. ``section``: where it is scanned, drug or shelf. ``most``: how many more
    the order's dose takes; null where nothing limits them. ``scanned`` of the product and ``of_lot``: on record already.
    """

    section: str
    gtin: str
    lot: str
    name: str
    holds: str
    expires_on: Day
    left: int
    most: int | None
    scanned: int
    of_lot: int
    against: list[str]
    serials: list[str]


class PumpAtHome(Schema):
    """``rate_ml_per_h`` and ``volume_ml``: of the checked program, where there is one."""

    serial: str
    state: str
    rate_ml_per_h: str | None
    volume_ml: str | None
    mode: str


class VitalsBefore(Schema):
    at: Moment
    temperature_c: str | None
    pulse_per_min: int | None
    respirations_per_min: int | None
    systolic_mmhg: int | None
    diastolic_mmhg: int | None
    spo2_percent: int | None


class HandoverNote(Schema):
    situation: str
    background: str
    assessment: str
    recommendation: str
    writer: str
    at: Moment


class SecondPlace(Schema):
    """``sure``: whether the visit may be begun as the second place stands."""

    state: str
    why: str
    note: str
    sure: bool
    nurses: list[str]
    nurse: str


class StepOffered(Schema):
    """``reasons``: why it cannot be done now; none where it can."""

    name: str
    label: str
    sign: bool
    needs_reason: bool
    reasons: list[str]


class PacketOut(Schema):
    """Everything one visit needs without a network. ``values``: what stands in each section, by its fields.

    ``zone``: the time zone of the visit's site, by whose day a package expires.
    """

    id: str
    therapy_id: str
    number: str
    state: str
    version: int
    purpose: str
    planned_start: Moment | None
    planned_end: Moment | None
    type: TypeOfVisit
    sections: list[SectionOfForm]
    versions: dict[str, int]
    values: dict[str, dict[str, Any] | list[dict[str, Any]]]
    patient: PatientAtHome
    order: str
    drug: str
    instructions: str
    plans: list[RatePlan]
    running: Running
    drugs: list[DrugAtHome]
    packages: list[PackageAtHome]
    zone: str
    in_suite: bool
    shelf: list[PackageOnShelf]
    pumps: list[PumpAtHome]
    topics: list[str]
    last_vitals: VitalsBefore | None
    handovers: list[HandoverNote]
    place: int
    second: SecondPlace | None
    steps: list[StepOffered]


class CommonOut(Schema):
    """What is the same for every visit: what is done at a reaction of each grade, the scales, the forms beside the record, and by

    reason who is told before a visit is on record as missed.
    """

    protocol: dict[str, list[str]]
    scales: dict[str, dict[str, str]]
    all_sections: list[str]
    forms: dict[str, SectionOfForm]
    to_tell: dict[str, list[str]]


class DayOfPhone(Schema):
    """The visits a phone takes along, and until when it may keep them."""

    now: datetime
    good_until: datetime | None
    nurse: str
    nurse_name: str
    visits: list[PacketOut]
    common: CommonOut
