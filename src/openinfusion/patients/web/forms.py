# SPDX-License-Identifier: Apache-2.0
"""Forms of patients: they read what was typed and decide nothing."""
from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django import forms

from openinfusion.patients.domain.chart import ConsentKind, LineType, MeasurementKind, Relationship, Severity
from openinfusion.patients.domain.childbearing import About, Said
from openinfusion.patients.domain.identity import Sex
from openinfusion.payers import public as payers
from openinfusion.platform.ui.forms import AmountField, DayField, MomentField, StepForm, WholeField


def _choices(of: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(v.value, v.value.replace("_", " ")) for v in of]


def _plans() -> list[tuple[str, str]]:
    return [("", "Choose")] + [(str(p.id), str(p)) for p in payers.plans()]


class DemographicsForm(forms.Form):
    family = forms.CharField(max_length=120, label="Family name")
    given = forms.CharField(max_length=120, label="Given name")
    born_on = DayField(label="Born on")
    sex = forms.ChoiceField(choices=_choices(Sex), label="Sex")
    line1 = forms.CharField(required=False, max_length=120, label="Street")
    line2 = forms.CharField(required=False, max_length=120, label="Apartment")
    city = forms.CharField(required=False, max_length=80, label="City")
    state = forms.CharField(required=False, max_length=2, label="State")
    zip = forms.CharField(required=False, max_length=10, label="ZIP code")
    phone = forms.CharField(required=False, max_length=40, label="Telephone")
    email = forms.EmailField(required=False, label="E-mail")
    language = forms.CharField(required=False, max_length=40, label="Language")


class PlaceForm(forms.Form):
    """Where the home is, as a map writes it; left empty, what is on record is taken off."""

    point = forms.CharField(
        required=False, max_length=80, label="Latitude, longitude",
        help_text="As a map gives it, such as 39.80172, -89.64371. Leave empty to take it off.",
    )
    how = forms.CharField(required=False, max_length=200, label="How it is known", initial="read from a map")
    reason = forms.CharField(required=False, max_length=300, label="Why it is right, if far from the ZIP code")


class AllergyForm(forms.Form):
    substance = forms.CharField(max_length=120, label="Substance")
    reaction = forms.CharField(required=False, max_length=300, label="Reaction")
    severity = forms.ChoiceField(choices=_choices(Severity), label="Severity", initial="unknown")
    noted_on = DayField(required=False, label="Noted on")


class NothingForm(forms.Form):
    """A record that needs no words."""


class ConditionForm(forms.Form):
    icd10 = forms.CharField(required=False, max_length=10, label="ICD-10-CM")
    text = forms.CharField(required=False, max_length=300, label="In words")
    onset_on = DayField(required=False, label="Since")


class MeasurementForm(forms.Form):
    kind = forms.ChoiceField(
        choices=[(MeasurementKind.WEIGHT.value, "weight, kg"), (MeasurementKind.HEIGHT.value, "height, cm")],
        label="What",
    )
    value = AmountField(label="Value")
    confirmed = forms.BooleanField(required=False, label="I have checked the value")


class LabForm(forms.Form):
    loinc = forms.CharField(max_length=10, label="LOINC", initial="2160-0")
    name = forms.CharField(max_length=120, label="Test", initial="creatinine")
    value = AmountField(label="Value")
    unit = forms.CharField(max_length=20, label="Unit", initial="mg/dL")
    taken_at = MomentField(required=False, label="Drawn at, where the patient lives")


class MedicationForm(forms.Form):
    name = forms.CharField(max_length=120, label="Medication")
    sig = forms.CharField(required=False, max_length=200, label="How it is taken")
    started_on = DayField(required=False, label="Since")


class AskedForm(forms.Form):
    """What the patient said; the sex on record is no answer."""

    about = forms.ChoiceField(choices=_choices(About), label="Asked about")
    said = forms.ChoiceField(
        choices=[
            ("", "Choose"), (Said.NO.value, "no"), (Said.YES.value, "yes"), (Said.IMPOSSIBLE.value, "cannot become pregnant"),
            (Said.UNKNOWN.value, "asked, does not know or does not say"), (Said.NOT_ASKED.value, "not asked"),
        ],
        label="Answer",
    )
    asked_on = DayField(required=False, label="Asked on (today where empty)")
    note = forms.CharField(required=False, max_length=300, label="Note")


class StopForm(forms.Form):
    stopped_on = DayField(label="Stopped on")


class LineForm(forms.Form):
    type = forms.ChoiceField(choices=_choices(LineType), label="Device")
    lumens = WholeField(min_value=1, max_value=4, initial=1, label="Lumens")
    site = forms.CharField(required=False, max_length=80, label="Where")
    placed_on = DayField(required=False, label="Placed on")


class LineRemovalForm(forms.Form):
    removed_on = DayField(label="Removed on")


class CoverageForm(forms.Form):
    plan_id = forms.TypedChoiceField(choices=_plans, label="Plan", coerce=str)
    member_id = forms.CharField(max_length=60, label="Member number")
    group_number = forms.CharField(required=False, max_length=60, label="Group")
    rank = WholeField(min_value=1, max_value=5, initial=1, label="Rank (1 is primary)")
    relationship = forms.ChoiceField(choices=_choices(Relationship), label="Patient is the subscriber's")
    subscriber = forms.CharField(required=False, max_length=120, label="Subscriber")
    first = DayField(label="From")
    last = DayField(required=False, label="Until")


class HomeForm(forms.Form):
    assessed_on = DayField(label="Assessed on")
    refrigerator = forms.BooleanField(required=False, label="Refrigerator")
    electricity = forms.BooleanField(required=False, label="Reliable electricity")
    running_water = forms.BooleanField(required=False, label="Running water")
    phone = forms.BooleanField(required=False, label="Telephone")
    caregiver = forms.BooleanField(required=False, label="Caregiver")
    safe_entry = forms.BooleanField(required=False, label="Safe to enter")
    able_to_learn = forms.BooleanField(required=False, label="Can learn the infusion")
    services = forms.MultipleChoiceField(
        choices=[
            (s, s)
            for s in ("nursing agency", "medical equipment", "physical therapy", "meals", "transport", "interpreter")
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Other services needed",
    )
    note = forms.CharField(required=False, max_length=2000, label="Note")


class ContactForm(forms.Form):
    name = forms.CharField(max_length=120, label="Name")
    relation = forms.CharField(required=False, max_length=60, label="Relation")
    phone = forms.CharField(max_length=40, label="Telephone")
    emergency = forms.BooleanField(required=False, label="Call in an emergency")


class ConsentForm(forms.Form):
    kind = forms.ChoiceField(choices=_choices(ConsentKind), label="Consent to")
    given_on = DayField(label="Given on")
    signer = forms.CharField(max_length=120, label="Signed by")


class DocumentForm(forms.Form):
    kind = forms.CharField(max_length=60, label="Kind", initial="order")
    title = forms.CharField(required=False, max_length=120, label="Title")
    file = forms.FileField(label="File")


class MatchForm(StepForm):
    decision = forms.ChoiceField(
        choices=[("different", "two different people"), ("same", "one and the same person")], label="They are"
    )


FORMS: dict[str, type[forms.Form]] = {
    "allergy": AllergyForm,
    "medication": MedicationForm,
    "pregnancy": AskedForm,
    "no-known-allergies": NothingForm,
    "condition": ConditionForm,
    "measurement": MeasurementForm,
    "lab": LabForm,
    "line": LineForm,
    "coverage": CoverageForm,
    "home": HomeForm,
    "contact": ContactForm,
    "consent": ConsentForm,
    "document": DocumentForm,
}
