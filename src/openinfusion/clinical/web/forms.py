# SPDX-License-Identifier: Apache-2.0
"""Forms of the clinical room."""
from __future__ import annotations

from django import forms

from openinfusion.clinical.domain.answer import coded_reasons, reasons_for
from openinfusion.clinical.domain.finding import Finding, Tier


class AnswerForm(forms.Form):
    """A coded reason for one finding, with a note."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason_code = forms.ChoiceField(label="Answer", choices=lambda: [(r.code, r.text) for r in coded_reasons()])
    note = forms.CharField(label="Note", required=False, max_length=1000, widget=forms.TextInput)


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
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class DosingForm(forms.Form):
    """What the calculation's page sends along when its result is to be kept."""

    calculation = forms.CharField(max_length=80)
    given = forms.CharField(max_length=20000)
    advice = forms.CharField(max_length=2000, label="What follows")
