# SPDX-License-Identifier: Apache-2.0
"""The nutrition workbench: the order form of a prescription or a therapy, with its review beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from openinfusion.calculations.public import NutritionOrder, bag_of
from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.nutrition import vein_of
from openinfusion.clinical.web.nutrition_form import (
    TAPERS,
    VOLUME_UNITS,
    Line,
    RevisionSaveForm,
    SaveForm,
    Slot,
    lines_of,
    read_order,
    slots_of,
    values_of,
)
from openinfusion.clinical.web.nutrition_view import Shown, faulty, shown
from openinfusion.kernel.quantity import ML, Quantity
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.patients import public as patients
from openinfusion.patients.public import Banner
from openinfusion.platform.actor import Actor
from openinfusion.therapy import public as therapy

_TRANSCRIBE = "therapy.prescription.transcribe"
_DAY = Decimal("365.25")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the workbench knows before anything is typed: whose order, the version before, and what the site has set."""

    course: therapy.TherapyFact
    before: therapy.PrescriptionFact | None
    banner: Banner
    site: catalog.SiteNutrition
    slots: tuple[Slot, ...]

    @property
    def tip(self) -> str:
        return self.banner.line.tip if self.banner.line else ""

    @property
    def formula(self) -> NutritionOrder | None:
        return self.before.order.nutrition if self.before else None


@dataclass(frozen=True, slots=True)
class WorkbenchPage:
    title: str
    banner: Banner
    course: therapy.TherapyFact
    before: therapy.PrescriptionFact | None
    values: dict[str, str]
    lines: tuple[Line, ...]
    tapers: tuple[tuple[str, str, str], ...]  # field, label, what stands in it
    volume_units: tuple[tuple[str, str], ...]
    answer: Shown
    asked: str  # the address that works it out
    action: str  # the address that saves it
    form: SaveForm | None
    site_url: str


def desk(*, prescription_id: UUID | None = None, therapy_id: UUID | None = None) -> Desk:
    """The workbench of a prescription, whose next version is written, or of a therapy, whose first order is."""
    before = therapy.prescription(prescription_id) if prescription_id else None
    course = therapy.therapy(before.therapy_id if before else therapy_id)  # type: ignore[arg-type]
    site = catalog.site_nutrition(course.site_id)
    slots = slots_of(before.order.nutrition if before else None, site.stocks)
    return Desk(course, before, patients.banner(course.patient_id), site, slots)


def workbench_page(at: Desk, given: Mapping[str, str], by: Actor) -> WorkbenchPage:
    typed = "weight_kg" in given
    values = {k: given[k] for k in given} if typed else _first_values(at)
    asked, action = _addresses(at)
    return WorkbenchPage(
        title=f"Nutrition, Rx {at.before.number}" if at.before else "Nutrition, a new order",
        banner=at.banner,
        course=at.course,
        before=at.before,
        values=values,
        lines=lines_of(at.slots, values, per_kg=_per_kg(at, values)),
        tapers=tuple((name, label, values.get(name, "")) for name, label in TAPERS),
        volume_units=VOLUME_UNITS,
        answer=_answer(at, values) if typed or at.formula else Shown(),
        asked=asked,
        action=action,
        form=_form(at) if by.may(_TRANSCRIBE) and not (at.before and at.before.ended) else None,
        site_url=f"/catalog/nutrition/?site={at.course.site_id}",
    )


def _addresses(at: Desk) -> tuple[str, str]:
    if at.before:
        return reverse("clinical:nutrition", args=[at.before.id]), reverse("clinical:nutrition_revise", args=[at.before.id])
    return reverse("clinical:nutrition_new", args=[at.course.id]), reverse("clinical:nutrition_write", args=[at.course.id])


def _answer(at: Desk, values: Mapping[str, str]) -> Shown:
    try:
        order = read_order(values, at.slots)
    except Malformed as no:
        return faulty(no)
    return shown(order, at.course.id, at.formula)


def _first_values(at: Desk) -> dict[str, str]:
    """The formula of the version before; without one, what the chart and the order say, and no amounts."""
    if at.formula:
        return values_of(at.formula, at.slots)
    weight, order = at.banner.weight_kg, at.before.order if at.before else None
    return {
        "weight_kg": f"{weight.normalize():f}" if weight else "",
        "age_years": _age(at.banner),
        "volume": f"{order.dose.amount.normalize():f}" if order and order.dose.unit is ML else "",
        "volume_unit": "mL/d",
        "admixture": "2-in-1",
        "line": vein_of(at.tip),
        "hours": f"{(Decimal(order.infusion_minutes) / 60).normalize():f}" if order and order.infusion_minutes else "24",
        "overfill_ml": "",
    }


def _age(banner: Banner) -> str:
    """Whole years; of a child below two, years to the thousandth by the days."""
    if banner.age >= 2:
        return str(banner.age)
    day = patients.charts([banner.patient.id])[banner.patient.id].day
    return f"{round(Decimal((day - banner.patient.born_on).days) / _DAY, 3).normalize():f}"


def _per_kg(at: Desk, values: Mapping[str, str]) -> bool:
    """Whether an untouched line is ordered by weight: as the fields say the patient is, else as the chart does."""
    try:
        return read_order(dict(values) | {"volume": "1"}, ()).per_kg
    except (Malformed, Refused):
        return at.banner.age < 18


def _form(at: Desk) -> SaveForm:
    if at.before is None:
        return SaveForm(initial={
            "start_on": at.course.start_on, "prescriber_name": at.course.prescriber_name,
            "prescriber_npi": at.course.prescriber_npi, "first_dose_time": time(20),
        })  # fmt: skip
    o = at.before.order
    return RevisionSaveForm(initial={
        "start_on": o.start_on, "days": o.days, "first_dose_time": o.clock_times[0] if o.clock_times else o.first_dose_time,
        "prescriber_name": o.prescriber_name, "prescriber_npi": o.prescriber_npi, "instructions": o.instructions,
        "version": at.before.version,
    })  # fmt: skip


def order_of(at: Desk, given: Mapping[str, str], said: Mapping[str, Any]) -> therapy.PrescriptionOrder:
    """The order that is saved: the formula typed, and of the version before what the form does not ask for."""
    nutrition = read_order(given, at.slots)
    volume = bag_of(replace(nutrition, stocks=at.site.stocks)).volume_ml
    beside = {k: v for k, v in said.items() if k not in ("reason", "version", "first_dose_time")}
    values = beside | {
        "nutrition": nutrition, "dose": Quantity(round(volume, 6), ML), "rate_ml_per_h": None,
        "infusion_minutes": int(nutrition.hours * 60), **_timing(at, said["first_dose_time"]),
    }  # fmt: skip
    if at.before:
        return replace(at.before.order, **values)
    return therapy.PrescriptionOrder(
        drug_code=at.course.drug_code, route="IV", diagnosis=at.course.diagnosis, **values
    )


def _timing(at: Desk, from_time: time) -> dict[str, Any]:
    """One bag from this time of the day on, as often as the version before said; daily where it was not in bags."""
    before = at.before.order if at.before else None
    if before and before.interval_hours and before.interval_hours % 24 == 0:
        return {"first_dose_time": from_time}
    if before and len(before.clock_times) == 1:
        return {"clock_times": (from_time,)}
    return {"interval_hours": None, "clock_times": (from_time,), "every_days": 1}
