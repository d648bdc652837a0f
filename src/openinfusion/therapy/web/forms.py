# SPDX-License-Identifier: Apache-2.0
"""Forms of the therapy room: an order, a plan of treatment, a signature."""
from __future__ import annotations

from datetime import time
from typing import Any

from django import forms

from openinfusion.calculations.public import NutritionOrder
from openinfusion.catalog import public as catalog
from openinfusion.kernel.quantity import ALL_UNITS, Dimension, Quantity, shown_number, unit
from openinfusion.platform.ui.forms import AmountField, ClockField, DayField, WholeField
from openinfusion.therapy.domain.chase import Channel
from openinfusion.therapy.domain.order import PrescriptionOrder

_DOSE_UNITS = [(u.code, u.shown) for u in ALL_UNITS if u.dimension is not Dimension.TIME]


class TimesField(forms.CharField):
    """Clock times where the patient lives, such as 08:00, 20:00."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return tuple(time.fromisoformat(part.strip()) for part in text.split(",") if part.strip())
        except ValueError as no:
            raise forms.ValidationError("write clock times such as 08:00, 20:00") from no


class OrderForm(forms.Form):
    """An order as the prescriber wrote it. Give an interval or clock times, not both."""

    drug_code = forms.ChoiceField(label="Drug", choices=lambda: [(d.code, d.tall_man) for d in catalog.drugs()])
    dose_amount = AmountField(label="Dose")
    dose_unit = forms.ChoiceField(label="Unit", choices=_DOSE_UNITS)
    route = forms.ChoiceField(choices=[(r.value, r.value) for r in catalog.Route])
    interval_hours = WholeField(
        label="Every how many hours", required=False, min_value=1, help_text="Elapsed hours, also over a clock change.")
    clock_times = TimesField(label="Or at these clock times", required=False, help_text="Such as 08:00, 20:00")
    every_days = WholeField(label="With clock times: every how many days", initial=1, min_value=1)
    first_dose_time = ClockField(label="First dose at", initial=time(8))
    infusion_minutes = WholeField(label="Over how many minutes", min_value=0)
    rate_ml_per_h = AmountField(label="Rate in mL/h", required=False)
    osmolarity_mosm_per_l = WholeField(label="Osmolarity in mOsm/L", required=False, min_value=0)
    start_on = DayField(label="First day")
    days = WholeField(label="How many days", min_value=1)
    doses = WholeField(label="How many doses (0: as the course needs)", initial=0, min_value=0)
    diagnosis = forms.CharField(label="Indication", required=False, max_length=200)
    prescriber_name = forms.CharField(label="Prescriber", max_length=200)
    prescriber_npi = forms.RegexField(r"^\d{10}$", label="Prescriber's NPI", required=False)
    ordered_on = DayField(label="Ordered on", required=False)
    instructions = forms.CharField(required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    source_text = forms.CharField(label="The order in its own words", required=False, max_length=4000,
                                  widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and bool(found.get("interval_hours")) == bool(found.get("clock_times")):
            raise forms.ValidationError("Give either an interval in hours or clock times.")
        return found


class RevisionForm(OrderForm):
    """A new version, with the reason for it."""

    reason = forms.CharField(label="Why it changes", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    version = WholeField(widget=forms.HiddenInput)


def order_from(values: dict[str, Any], nutrition: NutritionOrder | None = None) -> PrescriptionOrder:
    """The order that a filled form says; a formula of nutrition is written elsewhere and kept as it was."""
    plain = {k: v for k, v in values.items() if k not in ("dose_amount", "dose_unit", "reason", "version")}
    return PrescriptionOrder(dose=Quantity(values["dose_amount"], unit(values["dose_unit"])), nutrition=nutrition, **plain)


def values_of(order: PrescriptionOrder) -> dict[str, Any]:
    """An order as the initial values of a form."""
    return {
        "drug_code": order.drug_code, "dose_amount": shown_number(order.dose.amount).replace(",", ""),
        "dose_unit": order.dose.unit.code, "route": order.route, "interval_hours": order.interval_hours,
        "clock_times": ", ".join(f"{t:%H:%M}" for t in order.clock_times), "every_days": order.every_days,
        "first_dose_time": order.first_dose_time, "infusion_minutes": order.infusion_minutes,
        "rate_ml_per_h": "" if order.rate_ml_per_h is None else shown_number(order.rate_ml_per_h).replace(",", ""),
        "osmolarity_mosm_per_l": order.osmolarity_mosm_per_l, "start_on": order.start_on, "days": order.days,
        "doses": order.doses, "diagnosis": order.diagnosis, "prescriber_name": order.prescriber_name,
        "prescriber_npi": order.prescriber_npi, "ordered_on": order.ordered_on, "instructions": order.instructions,
        "source_text": order.source_text,
    }


class PlanForm(forms.Form):
    """A plan of treatment: every part concrete."""

    treatment_type = forms.CharField(label="Type", max_length=500)
    amount = forms.CharField(max_length=500)
    duration = forms.CharField(max_length=500)
    frequency = forms.CharField(max_length=500)
    visits = forms.CharField(label="Visits", required=False, max_length=500)
    safety = forms.CharField(label="Safety measures", required=False, max_length=500)


class ChaseForm(forms.Form):
    """One attempt to get the signature."""

    channel = forms.ChoiceField(label="How", choices=lambda: [(c.value, c.value.replace("_", " ")) for c in Channel])
    spoke_with = forms.CharField(label="Spoke with", required=False, max_length=200)
    result = forms.CharField(label="What came of it", max_length=1000)


class SignatureForm(forms.Form):
    """The prescriber's signature as it stands on the paper."""

    signer_name = forms.CharField(label="Signed by", max_length=200)
    signed_on = DayField(label="Date on the signature")
