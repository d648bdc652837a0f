# SPDX-License-Identifier: Apache-2.0
"""Forms of authorizations: what each step brings along, what a person notes, what was sent by hand."""
from __future__ import annotations

from django import forms

from openinfusion.intake.actions.authorization_case import KINDS
from openinfusion.intake.domain.authorization import Transport
from openinfusion.intake.domain.criteria import Standing
from openinfusion.intake.web.forms import UnitsField
from openinfusion.platform.ui.forms import DayField, StepForm, WholeField

TRANSPORTS = [
    ("portal", "the payer's portal"), ("fax", "fax"), ("phone", "telephone"), ("x12", "278, sent elsewhere"),
    ("fhir", "FHIR, sent elsewhere"),
]


class WayForm(StepForm):
    """How it travelled, with its number."""

    transport = forms.ChoiceField(required=False, choices=[("", "not said"), *TRANSPORTS], label="Way")
    reference = forms.CharField(required=False, max_length=80, label="Confirmation, fax or call number")


class SubmitForm(WayForm):
    """What a submission brings along."""

    transport = forms.ChoiceField(required=False, choices=TRANSPORTS, label="Way")


class AnswerForm(WayForm):
    """What a payer's approval brings along."""

    number = forms.CharField(max_length=60, label="Authorization number")
    first = DayField(label="From")
    last = DayField(label="Until")


class PartForm(AnswerForm):
    """What an approval in part brings along: what is left of the units."""

    units = UnitsField(label="Codes and units approved", help_text="One a line: S9500 14")


class NoteForm(forms.Form):
    """What a person knows of a criterion."""

    standing = forms.ChoiceField(choices=[(s.value, s.value) for s in Standing] + [("", "take my note back")], required=False)
    evidence = forms.CharField(max_length=500, required=False, help_text="Which record says so, and its date.")
    version = WholeField(required=False, widget=forms.HiddenInput)


class LetterForm(forms.Form):
    """The reasons in the letter of medical necessity."""

    letter = forms.CharField(
        max_length=6000, required=False, widget=forms.Textarea(attrs={"rows": 10}),
        label="Why this therapy, in the prescriber's words",
    )
    version = WholeField(required=False, widget=forms.HiddenInput)


class MessageForm(forms.Form):
    """Something sent or received by hand."""

    sent = forms.TypedChoiceField(choices=[("yes", "sent"), ("no", "received")], coerce=lambda v: v == "yes", label="Direction")
    kind = forms.ChoiceField(choices=[(k, k) for k in KINDS], label="What")
    transport = forms.ChoiceField(choices=[(t.value, t.value) for t in Transport], label="Way")
    reference = forms.CharField(required=False, max_length=80, label="Confirmation, fax or call number")
    words = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label="What was said")
