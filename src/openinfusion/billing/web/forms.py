# SPDX-License-Identifier: Apache-2.0
"""Forms of billing."""
from __future__ import annotations

from django import forms

from openinfusion.platform.ui.forms import AmountField


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
