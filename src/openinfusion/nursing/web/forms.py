# SPDX-License-Identifier: Apache-2.0
"""Forms of nursing, made for a phone."""
from __future__ import annotations

from typing import Any

from django import forms

from openinfusion.nursing.domain.infusion_record import ReactionKind
from openinfusion.platform.ui.forms import AmountField, MomentField, WholeField

YES_NO = [("", "Not checked"), ("yes", "Yes"), ("no", "No")]
IDENTIFIERS = [("name", "Full name"), ("birth date", "Birth date"), ("address", "Address"), ("MRN", "Record number")]
REACTIONS = [("", "Not said yet"), *[(k.value, k.value) for k in ReactionKind]]


class OfferForm(forms.Form):
    """Who and when."""

    nurse_id = forms.ChoiceField(label="Nurse")
    planned_start = MomentField(label="From")
    planned_end = MomentField(label="To")

    def __init__(self, *args: Any, nurses: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["nurse_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = nurses or []


class RequestForm(forms.Form):
    purpose = forms.CharField(max_length=200, label="What for")
    infuses = forms.BooleanField(required=False, initial=True, label="An infusion is given")


class IdentityForm(forms.Form):
    """Who the patient is, and how the line looks."""

    identifiers = forms.MultipleChoiceField(
        choices=IDENTIFIERS, required=False, widget=forms.CheckboxSelectMultiple, label="Confirmed by (two at least)",
    )
    line_site = forms.CharField(required=False, max_length=120, label="Line and site")
    line_flushes = forms.ChoiceField(choices=YES_NO, required=False, label="Flushes")
    line_blood_return = forms.ChoiceField(choices=YES_NO, required=False, label="Blood return")
    line_note = forms.CharField(required=False, max_length=300, label="Site: redness, swelling, dressing")


class RateForm(forms.Form):
    rate_at = MomentField(label="From")
    rate_ml_per_h = AmountField(label="Rate, mL/h (0 stops)")


class VitalsForm(forms.Form):
    vitals_at = MomentField(label="At")
    temperature_c = AmountField(label="Temperature, °C")
    pulse_per_min = WholeField(min_value=20, max_value=300, label="Pulse, per minute")
    respirations_per_min = WholeField(min_value=2, max_value=90, label="Respirations, per minute")
    systolic_mmhg = WholeField(min_value=30, max_value=320, label="Systolic, mmHg")
    diastolic_mmhg = WholeField(min_value=10, max_value=220, label="Diastolic, mmHg")
    spo2_percent = WholeField(required=False, min_value=1, max_value=100, label="Oxygen saturation, %")


class ReactionForm(forms.Form):
    reaction = forms.ChoiceField(choices=REACTIONS, label="Reaction")
    reaction_text = forms.CharField(required=False, max_length=300, label="What was seen")
    reaction_grade = WholeField(required=False, min_value=0, max_value=5, label="Grade, 1 to 5")
    reaction_action = forms.CharField(required=False, max_length=300, label="What was done")


class ClosingForm(forms.Form):
    """Teaching, waste and the times of the visit."""

    taught = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), label="Taught, one a line")
    taught_back = forms.BooleanField(required=False, label="Taught back correctly")
    wasted_ml = AmountField(required=False, label="Wasted, mL")
    waste_text = forms.CharField(required=False, max_length=200, label="Waste: what and witness")
    started_at = MomentField(required=False, label="Visit began")
    ended_at = MomentField(required=False, label="Visit ended")
    note = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label="Note")
