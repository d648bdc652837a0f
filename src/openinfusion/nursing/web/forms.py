# SPDX-License-Identifier: Apache-2.0
"""Forms of nursing but for the sections of a record, which are made of rows."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from openinfusion.kernel.stretch import SpanKind
from openinfusion.nursing.domain.miss import TOLD, MissKind, NextStep, reasons
from openinfusion.nursing.domain.second_nurse import SecondWhy, why_two
from openinfusion.nursing.domain.shelf_check import Became
from openinfusion.nursing.domain.visit_form import types_on
from openinfusion.platform.house_day import house_today
from openinfusion.platform.ui.forms import AmountField, ClockField, DayField, MomentField, WholeField

Choices = list[tuple[str, str]]


def _types() -> Choices:
    return [(t.code, t.title) for t in types_on(house_today()).values()]


def _whys() -> Choices:
    return [(w.value, why_two(w.value, house_today()).title) for w in SecondWhy]


def _words(label: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(required=required, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), label=label)


class _NamesNurses(forms.Form):
    """A form that names a nurse."""

    def __init__(self, *args: Any, nurses: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["nurse_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = nurses or []


class OfferForm(_NamesNurses):
    """Who and when."""

    nurse_id = forms.ChoiceField(label="Nurse")
    planned_start = MomentField(label="From")
    planned_end = MomentField(label="To")


class RequestForm(forms.Form):
    """What a visit is for, by which order, on which days and how often; ``orders``: what may be named."""

    purpose = forms.CharField(max_length=200, label="What for")
    visit_type = forms.ChoiceField(choices=_types, required=False, label="Type of visit")
    prescription_id = forms.ChoiceField(required=False, label="By the order")
    infuses = forms.BooleanField(required=False, initial=True, label="An infusion is given")
    earliest_on = DayField(required=False, label="Any day from")
    latest_on = DayField(required=False, label="to")
    wished_from = ClockField(required=False, label="The patient would like it not before")
    wished_by = ClockField(required=False, label="and begun by")
    times = WholeField(required=False, min_value=1, max_value=60, initial=1, label="How many visits")
    every_days = WholeField(required=False, min_value=1, max_value=90, label="If several: every how many days")

    def __init__(self, *args: Any, orders: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["prescription_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "No order yet"), *(orders or [])]


class WishForm(forms.Form):
    """When the patient would like a visit to begin; both empty takes it back."""

    wished_from = ClockField(required=False, label="Not before")
    wished_by = ClockField(required=False, label="Begun by, if that can be")


class DaysForm(forms.Form):
    """Any of these days will do; both empty takes the choice back."""

    earliest_on = DayField(required=False, label="Any day from")
    latest_on = DayField(required=False, label="to")


class SecondForm(forms.Form):
    """Why a visit needs two nurses."""

    why = forms.ChoiceField(choices=_whys, label="Why two")
    note = forms.CharField(required=False, max_length=300, label="In words")


class OfferSecondForm(_NamesNurses):
    nurse_id = forms.ChoiceField(label="Second nurse")


class MissForm(forms.Form):
    """Why it did not take place."""

    kind = forms.ChoiceField(choices=[(k.value, k.value) for k in MissKind], label="Missed or refused")
    reason_code = forms.ChoiceField(choices=lambda: list(reasons().items()), label="Why")
    next_step = forms.ChoiceField(choices=[(n.value, n.value.replace("_", " ")) for n in NextStep], label="What comes next")
    told = forms.MultipleChoiceField(
        choices=[(t, t) for t in TOLD], required=False, widget=forms.CheckboxSelectMultiple, label="Who was told",
    )
    text = forms.CharField(required=False, max_length=400, label="In words")


class DespiteForm(forms.Form):
    despite = forms.CharField(required=False, max_length=300)


class BackForm(forms.Form):
    """What became of a package from the suite's shelf that was scanned and not given."""

    became = forms.ChoiceField(choices=[(b.value, b.words.capitalize()) for b in Became], label="What became of it")
    why = forms.CharField(max_length=300, label="Why it was not given")


class ToldForm(forms.Form):
    how = forms.CharField(max_length=400, label="Who was told, how, and what was answered")
    resume_ml_per_h = AmountField(required=False, label="It may be raised again up to, mL/h (empty: it is held)")


class RatePlanForm(forms.Form):
    """By whose rate steps the infusion runs."""

    plan = forms.ChoiceField(label="Rate steps of")

    def __init__(self, *args: Any, plans: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = list(plans)  # type: ignore[attr-defined]


class MilesForm(forms.Form):
    miles = AmountField(label="Miles you drove for this visit")


class HandoverForm(forms.Form):
    """Situation, background, assessment, recommendation."""

    for_nurse = forms.ChoiceField(required=False, label="For")
    situation = _words("Situation: what is going on")
    background = _words("Background", required=False)
    assessment = _words("Assessment", required=False)
    recommendation = _words("Recommendation: what to do")

    def __init__(self, *args: Any, nurses: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["for_nurse"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Whoever comes next"), *(nurses or [])]


class StretchForm(_NamesNurses):
    """A shift, or time off."""

    nurse_id = forms.ChoiceField(label="Nurse")
    kind = forms.ChoiceField(choices=[(SpanKind.WORKS.value, "works"), (SpanKind.OFF.value, "has off")], label="What")
    starts_at = MomentField(label="From")
    ends_at = MomentField(label="To")
    overtime_minutes = WholeField(required=False, min_value=0, max_value=240, label="Stays longer if need be, minutes")
    sick = forms.BooleanField(required=False, label="Ill", help_text="Has off, being ill; time off planned within it stays.")
    note = forms.CharField(required=False, max_length=200, label="Note")


class HomeForm(_NamesNurses):
    """Where a nurse's days begin and end, if not at her site."""

    nurse_id = forms.ChoiceField(label="Nurse")
    zip_code = forms.CharField(min_length=5, max_length=5, label="ZIP code of the home")
    point = forms.CharField(required=False, max_length=60, label="Latitude, longitude as a map gives them")


class AgencyForm(forms.Form):
    """What an agency's contract rests on."""

    name = forms.CharField(max_length=120, label="Agency")
    phone = forms.CharField(max_length=40, label="Phone, day and night")
    contact = forms.CharField(required=False, max_length=120, label="Contact")
    contract_until = DayField(label="Contract until")
    licence_number = forms.CharField(max_length=60, label="Licence number")
    licence_state = forms.CharField(min_length=2, max_length=2, label="Licence state")
    licence_until = DayField(label="Licence until")
    insurance_until = DayField(label="Insurance until")
    competencies_on = DayField(required=False, label="Proof of competencies filed on")


class SendForm(_NamesNurses):
    nurse_id = forms.ChoiceField(label="Nurse")


class WhyForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why")


class PhoneForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name of the phone")
