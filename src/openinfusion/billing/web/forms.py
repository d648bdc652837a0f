# SPDX-License-Identifier: Apache-2.0
"""Forms of billing."""
from __future__ import annotations

from django import forms

from openinfusion.platform.ui.forms import AmountField, DayField


class CorrectionForm(forms.Form):
    """What may be corrected on a line."""

    modifiers = forms.CharField(required=False, max_length=30, label="Modifiers, separated by spaces")
    ndc = forms.CharField(required=False, max_length=13, label="NDC, 11 digits")
    description = forms.CharField(required=False, max_length=80, label="Description")
    authorization = forms.CharField(required=False, max_length=50, label="Authorization")
    reason = forms.CharField(max_length=500, label="Why")


class ResolveForm(forms.Form):
    """To which claim of ours a waiting answer belongs."""

    claim = forms.CharField(max_length=20, label="Our claim number")
    reason = forms.CharField(max_length=300, label="Why it is this claim")


class PatientPaymentForm(forms.Form):
    amount = AmountField(label="Amount, $")
    reference = forms.CharField(max_length=80, label="Reference")


KINDS = (
    ("inpatient", "Hospital, inpatient"), ("snf", "Skilled nursing facility"), ("hospice", "Hospice"),
    ("ed", "Emergency department"),
)


class StayForm(forms.Form):
    """A stay elsewhere: its days are not billed where the contract says so."""

    kind = forms.ChoiceField(choices=KINDS, label="Where")
    admitted_on = DayField(label="Admitted on", help_text="This day is not billed.")
    returned_on = DayField(
        required=False, label="Back on", help_text="This day is billed again. Leave it empty while the patient is there.",
    )
    note = forms.CharField(required=False, max_length=500, label="Note")


class ReturnForm(forms.Form):
    returned_on = DayField(label="Back on")
