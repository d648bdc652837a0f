# SPDX-License-Identifier: Apache-2.0
"""Forms of a suite."""
from __future__ import annotations

from typing import Any

from django import forms

from openinfusion.nursing.domain.infusion_length import LONGEST
from openinfusion.nursing.domain.suite_terms import MOST_ACUITY
from openinfusion.platform.ui.forms import ClockField, DayField, MomentField, WholeField

Choices = list[tuple[str, str]]


class _Places(forms.Form):
    def __init__(self, *args: Any, chairs: Choices | None = None, nurses: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("chair_id", chairs), ("nurse_id", nurses)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices or []


class BookForm(_Places):
    """Chair, nurse and time."""

    starts_at = MomentField(label="Begins")
    chair_id = forms.ChoiceField(label="Chair")
    nurse_id = forms.ChoiceField(label="Nurse")
    hold_why = forms.CharField(required=False, max_length=500, label="If something is not ready: why it is booked all the same")
    version = WholeField(required=False, widget=forms.HiddenInput)


class MoveForm(_Places):
    starts_at = MomentField(label="Begins")
    chair_id = forms.ChoiceField(label="Chair")
    nurse_id = forms.ChoiceField(label="Nurse")
    version = WholeField(required=False, widget=forms.HiddenInput)


class NudgeForm(forms.Form):
    """A quarter of an hour earlier or later, or a chair up or down."""

    minutes = forms.ChoiceField(required=False, choices=[("-15", ""), ("15", ""), ("", "")])
    chairs = forms.ChoiceField(required=False, choices=[("-1", ""), ("1", ""), ("", "")])
    version = WholeField(required=False)


class PinForm(forms.Form):
    """When it begins, whatever a plan finds; ``at`` only where it has no time yet."""

    at = MomentField(required=False, label="Begins at")
    why = forms.CharField(max_length=300, label="Why then")

    def __init__(self, *args: Any, booked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if booked:
            del self.fields["at"]


class LengthForm(forms.Form):
    infusion_minutes = WholeField(min_value=1, max_value=LONGEST, label="Minutes of infusion")


class AskForm(forms.Form):
    """What an appointment is for, and from when on."""

    site_id = forms.ChoiceField(label="Suite")
    wished_at = MomentField(label="Not before")
    purpose = forms.CharField(max_length=200, initial="infusion", label="What for")
    acuity = WholeField(min_value=1, max_value=MOST_ACUITY, initial=1, label="Acuity, 1 to 3")
    infusion_minutes = WholeField(
        required=False, min_value=1, max_value=LONGEST, label="Minutes of infusion, if order and rate steps do not say",
    )

    def __init__(self, *args: Any, suites: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["site_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = suites or []


class TermsForm(forms.Form):
    """A suite's own hours, minutes and limit."""

    effective_from = DayField(label="From")
    opens = ClockField(label="Opens")
    closes = ClockField(label="Closes")
    latest = ClockField(label="Nobody sits after")
    nurse_acuity = WholeField(min_value=1, max_value=20, label="Acuity one nurse watches")
    setup_minutes = WholeField(max_value=240, label="Set-up, minutes")
    disconnect_minutes = WholeField(max_value=240, label="Disconnecting, minutes")
    turnover_minutes = WholeField(max_value=240, label="Turnover, minutes")
    observation_minutes = WholeField(max_value=240, label="Observation after a first dose, minutes")
    grace_minutes = WholeField(max_value=240, label="Grace for who is late, minutes")
    prep_minutes = WholeField(max_value=240, label="Preparation of a drug, minutes")
    benches = WholeField(min_value=1, max_value=20, label="Preparations at once")
    source = forms.CharField(max_length=300, label="Where these figures come from")
