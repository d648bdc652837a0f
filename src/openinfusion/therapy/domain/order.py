# SPDX-License-Identifier: Apache-2.0
"""What a prescriber ordered, as transcribed: complete, with units, its timing explicit."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from openinfusion.calculations.public import NutritionOrder
from openinfusion.kernel.quantity import ML, Quantity, shown_number
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.therapy.domain import nutrition
from openinfusion.therapy.domain.plan import vague_words


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionOrder:
    """One order. Exactly one of ``interval_hours`` (elapsed hours) and ``clock_times`` (wall clock) is set."""

    drug_code: str
    dose: Quantity
    route: str
    start_on: date
    days: int
    interval_hours: int | None = None
    clock_times: tuple[time, ...] = ()
    every_days: int = 1  # with clock times: every how many days
    first_dose_time: time = time(8)  # with an interval: wall clock of the first dose
    infusion_minutes: int
    rate_ml_per_h: Decimal | None = None
    doses: int = 0  # quantity ordered; 0 means as many as the course needs
    osmolarity_mosm_per_l: int | None = None
    diagnosis: str = ""
    prescriber_name: str
    prescriber_npi: str = ""
    ordered_on: date | None = None
    instructions: str = ""
    source_text: str = ""  # the order as it came in, in its own words
    source_ref: str = ""  # where the original is: a document's or a resource's id
    nutrition: NutritionOrder | None = None  # the formula, of parenteral nutrition

    @property
    def last_on(self) -> date:
        return self.start_on + timedelta(days=self.days - 1)

    @property
    def timing(self) -> str:
        """interval or clock: which of the two kinds of timing this order has."""
        return "interval" if self.interval_hours else "clock"

    @property
    def doses_per_day(self) -> Decimal:
        if self.interval_hours:
            return Decimal(24) / self.interval_hours
        return Decimal(len(self.clock_times)) / self.every_days

    @property
    def frequency(self) -> str:
        """The timing in words: every 12 hours; daily at 08:00 and 20:00."""
        if self.interval_hours:
            return _every(self.interval_hours)
        times = " and ".join(f"{t:%H:%M}" for t in self.clock_times)
        return f"daily at {times}" if self.every_days == 1 else f"every {self.every_days} days at {times}"


def _every(hours: int) -> str:
    if hours % 168 == 0 and hours >= 168:
        return "every week" if hours == 168 else f"every {hours // 168} weeks"
    if hours % 24 == 0 and hours > 24:
        return f"every {hours // 24} days"
    return f"every {hours} hours"


def check_order(order: PrescriptionOrder) -> None:
    """Malformed with every fault of an order that could not be filled as written."""
    faults = [*_amount_faults(order), *_timing_faults(order), *_word_faults(order), *_nutrition_faults(order)]
    if faults:
        raise Malformed(*faults)


def _amount_faults(order: PrescriptionOrder) -> list[Fault]:
    faults = []
    if order.dose.amount <= 0:
        faults.append(Fault("dose", "the dose is more than zero"))
    if order.infusion_minutes < 0:
        faults.append(Fault("infusion_minutes", "the infusion takes no negative time"))
    if order.rate_ml_per_h is not None and order.rate_ml_per_h <= 0:
        faults.append(Fault("rate_ml_per_h", "a rate is more than zero"))
    if order.days < 1:
        faults.append(Fault("days", "a course lasts at least one day; “ongoing” is not a duration"))
    if order.doses < 0:
        faults.append(Fault("doses", "the number of doses is not negative"))
    return faults


def _timing_faults(order: PrescriptionOrder) -> list[Fault]:
    if bool(order.interval_hours) == bool(order.clock_times):
        return [Fault("interval_hours", "give either an interval in hours or clock times, and say which")]
    if order.interval_hours is not None and order.interval_hours < 1:
        return [Fault("interval_hours", "an interval is at least one hour")]
    if any(t.tzinfo or t.second or t.microsecond for t in order.clock_times):
        return [Fault("clock_times", "clock times are plain hours and minutes where the patient lives")]
    if len(set(order.clock_times)) != len(order.clock_times):
        return [Fault("clock_times", "a clock time stands twice")]
    return [Fault("every_days", "every how many days is at least 1")] if order.every_days < 1 else []


def _word_faults(order: PrescriptionOrder) -> list[Fault]:
    faults = [Fault("instructions", f"“{w}” is not an instruction; say how much and how often")
              for w in vague_words(order.instructions)]
    if not order.prescriber_name.strip():
        faults.append(Fault("prescriber_name", "an order names its prescriber"))
    if not order.drug_code.strip() or not order.route.strip():
        faults.append(Fault("drug_code", "an order names a drug and a route"))
    return faults


def _nutrition_faults(order: PrescriptionOrder) -> list[Fault]:
    """A formula is one bag a day; dose and infusion time follow from it."""
    if order.nutrition is None:
        return []
    faults = list(nutrition.faults_of(order.nutrition))
    if (order.interval_hours or 24) % 24 or len(order.clock_times) > 1:
        faults.append(Fault("interval_hours", "a formula is one bag a day, or one every so many days"))
    if order.dose.unit is not ML:
        faults.append(Fault("dose", "the dose of parenteral nutrition is the volume of its formula, in mL"))
    if order.infusion_minutes != order.nutrition.hours * 60:
        faults.append(Fault("infusion_minutes", f"the formula runs for {shown_number(order.nutrition.hours)} h"))
    return faults


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of two versions side by side, as strings a person reads."""

    field: str
    old: str
    new: str

    @property
    def changed(self) -> bool:
        return self.old != self.new


def difference(old: PrescriptionOrder, new: PrescriptionOrder) -> tuple[FieldDifference, ...]:
    """Every field of two versions, in reading order; ask each whether it changed."""
    before, after = fields_of(old), fields_of(new)
    return tuple(FieldDifference(name, before.get(name, ""), after.get(name, "")) for name in _names(before, after))


def _names(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """All names of both, in reading order: a line that is new stands where the new version has it."""
    names = list(after)
    for place, name in enumerate(before):
        if name not in after:
            names.insert(min(place, len(names)), name)
    return names


def fields_of(order: PrescriptionOrder) -> dict[str, str]:
    """An order field by field, in the words of its page, its diff and its journal entry."""
    rate = f"{shown_number(order.rate_ml_per_h)} mL/h" if order.rate_ml_per_h is not None else "by infusion time"
    osmolarity = order.osmolarity_mosm_per_l
    return {
        "Drug": order.drug_code,
        "Dose": str(order.dose),
        "Route": order.route,
        "Frequency": order.frequency,
        "Timing": f"{order.timing}, first dose {order.first_dose_time:%H:%M}" if order.interval_hours else "clock",
        "Infusion": f"over {order.infusion_minutes} minutes",
        "Rate": rate,
        "Start": f"{order.start_on:%d-%b-%Y}",
        "Duration": f"{order.days} days, through {order.last_on:%d-%b-%Y}",
        "Quantity": f"{order.doses} doses" if order.doses else "as the course needs",
        "Osmolarity": f"{osmolarity} mOsm/L" if osmolarity is not None else "Not recorded",
        "Indication": order.diagnosis or "Not recorded",
        "Prescriber": f"{order.prescriber_name}{', NPI ' + order.prescriber_npi if order.prescriber_npi else ''}",
        "Instructions": order.instructions or "None",
        **({f"PN: {name}": text for name, text in nutrition.said(order.nutrition).items()} if order.nutrition else {}),
    }
