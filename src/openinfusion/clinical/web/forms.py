# SPDX-License-Identifier: Apache-2.0
"""Forms of the clinical room."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from openinfusion.clinical.domain.answer import coded_reasons, reasons_for
from openinfusion.clinical.domain.break_glass import emergency_reasons
from openinfusion.clinical.domain.compatibility import Mixed, Mode, Observation, Outcome
from openinfusion.clinical.domain.drug_class import word
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.platform.ui.forms import AmountField, MomentField, WholeField


class AnswerForm(forms.Form):
    """A coded reason for one finding, with a note."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason_code = forms.ChoiceField(label="Answer", choices=lambda: [(r.code, r.text) for r in coded_reasons()])
    note = forms.CharField(label="Note", required=False, max_length=1000, widget=forms.TextInput)


class PassForm(forms.Form):
    """That a hard stop be passed in an emergency."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason_code = forms.ChoiceField(label="Emergency", choices=lambda: [("", "Choose"), *emergency_reasons().items()])
    note = forms.CharField(
        label="What is at stake, and what is watched", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    prescriber = forms.CharField(label="Prescriber who was called", max_length=120)
    reached_at = MomentField(label="Reached at, where the patient lives")


def pass_form(finding: Finding, prescriber: str, at: datetime) -> PassForm:
    """The form of one hard stop that may be passed. ``at``: now, by the clock where the patient lives."""
    initial = {"fingerprint": finding.fingerprint, "prescriber": prescriber, "reached_at": at}
    return PassForm(initial=initial, auto_id=f"pass-{finding.fingerprint[:10]}-%s")


def answer_form(finding: Finding) -> AnswerForm:
    """The form under one finding, with the reasons that fit it."""
    form = AnswerForm(initial={"fingerprint": finding.fingerprint}, auto_id=f"{finding.fingerprint[:10]}-%s")
    choices = [(r.code, r.text) for r in reasons_for(finding)]
    form.fields["reason_code"] = forms.ChoiceField(label="Answer", choices=[("", "Choose"), *choices])
    if finding.tier is Tier.CANNOT_JUDGE:
        form.fields["note"] = forms.CharField(label="Judged from", max_length=1000)
    return form


class StepForm(forms.Form):
    """A step of a review: its reason, and the version that was looked at."""

    reason = forms.CharField(required=False, max_length=2000)
    version = WholeField(required=False, widget=forms.HiddenInput)


class DosingForm(forms.Form):
    """What the calculation's page sends along when its result is to be kept."""

    calculation = forms.CharField(max_length=80)
    given = forms.CharField(max_length=20000)
    advice = forms.CharField(max_length=2000, label="What follows")


class SetForm(forms.Form):
    """An interaction set from a source the site licenses."""

    name = forms.CharField(label="Name of the source", max_length=200)
    edition = forms.CharField(label="Version", max_length=80)
    licence = forms.CharField(label="Licence under which you use it", max_length=300)
    file = forms.FileField(label="CSV file")


class ObservationForm(forms.Form):
    """What a publication says of two solutions that met."""

    one_drug = forms.CharField(label="Drug (code of the catalog)", max_length=80)
    one_amount = AmountField(label="Amount in 1 mL")
    one_unit = forms.CharField(label="Unit", max_length=20, initial="mg")
    one_diluent = forms.CharField(label="Diluent", required=False, max_length=20, help_text="NS, D5W, SWFI; 2-in-1 or 3-in-1")
    other_drug = forms.CharField(label="Other drug (code)", max_length=80)
    other_amount = AmountField(label="Other amount in 1 mL")
    other_unit = forms.CharField(label="Other unit", max_length=20, initial="mg")
    other_diluent = forms.CharField(label="Other diluent", required=False, max_length=20)
    mode = forms.ChoiceField(label="How they met", choices=[(m.value, m.value.replace("_", " ")) for m in Mode])
    outcome = forms.ChoiceField(
        label="Result", choices=[("C", "C, stayed compatible"), ("I", "I, incompatible"), ("U", "U, uncertain")]
    )
    phenomenon = forms.CharField(label="What was seen", required=False, max_length=200)
    ratio = forms.CharField(label="Ratio", max_length=20, initial="1:1")
    hours = WholeField(label="Hours watched", min_value=0, max_value=720, initial=4)
    celsius = WholeField(label="Temperature, °C", min_value=-30, max_value=60, initial=23)
    citation = forms.CharField(label="Publication", max_length=500)


def observation_of(said: Mapping[str, Any]) -> Observation:
    """What was typed, as an observation."""
    return Observation(
        one=_mixed(said, "one"), other=_mixed(said, "other"), mode=Mode(said["mode"]), outcome=Outcome(said["outcome"]),
        phenomenon=said["phenomenon"], ratio=said["ratio"], hours=said["hours"], celsius=said["celsius"],
        citation=said["citation"],
    )


def _mixed(said: Mapping[str, Any], side: str) -> Mixed:
    per_ml = Quantity(said[f"{side}_amount"], unit(said[f"{side}_unit"]))
    return Mixed(word(said[f"{side}_drug"]), per_ml, said[f"{side}_diluent"].strip())
