# SPDX-License-Identifier: Apache-2.0
"""How forms look, and the fields that rooms share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from openinfusion.kernel.quantity import parse_decimal, parse_whole
from openinfusion.kernel.refusal import Broken, Malformed


class Renderer(TemplatesSetting):
    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"


class AmountField(forms.CharField):
    """A plain decimal number, strictly read (no 1e3, no 1_000, no other digits)."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in (None, ""):
            return None
        try:
            return parse_decimal(text, field=str(self.label or "amount"))
        except Malformed as no:
            raise forms.ValidationError(no.faults[0].text) from no


class WholeField(forms.IntegerField):
    """A whole number, strictly read: plain digits, without grouping, sign or point and in no other script than this one."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return super().to_python(parse_whole(str(value), field=str(self.label or "number")))
        except Malformed as no:
            raise forms.ValidationError(no.faults[0].text) from no


class DayField(forms.DateField):
    """A calendar day."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ClockField(forms.TimeField):
    """An hour and minute by the clock of the place."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class MomentField(forms.DateTimeField):
    """A wall-clock time at the site; the action gives it its zone. What it is filled with is shown by the clock it carries:

    the place's. An instant as the database gives it, in UTC, has no place; Broken, rather than hours that are not meant.
    """

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and value.tzinfo is not None:
            if value.tzinfo is UTC:
                raise Broken(f"the field {self.label} is filled with an instant without a place's clock")
            return value.replace(tzinfo=None)
        return value


class StepForm(forms.Form):
    """What every step may bring along: a reason."""

    reason = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), label="Reason", max_length=2000)
