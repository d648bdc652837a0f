# SPDX-License-Identifier: Apache-2.0
"""Forms of the sites room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from openinfusion.platform.ui.forms import AmountField, DayField, MomentField, WholeField
from openinfusion.sites.actions.report import MOST_BYTES, Upload
from openinfusion.sites.domain.cleaning import CleaningKind
from openinfusion.sites.domain.cleanroom import RoomKind
from openinfusion.sites.domain.equipment import EquipmentKind
from openinfusion.sites.domain.licence import LicenceKind
from openinfusion.sites.domain.sample import SampleKind

_ATTACH = "PDF, PNG or JPEG, up to 10 MB"
_YES_NO = [("", "Not part of it"), ("yes", "Passed"), ("no", "Failed")]


class CleaningForm(forms.Form):
    agent = forms.CharField(max_length=80, label="Agent", initial="sporicidal wipe")


class CertificationForm(forms.Form):
    certified_until = MomentField(label="Certified until")
    room_failed = forms.BooleanField(required=False, label="The room failed (dating is downgraded)")


class ReadingForm(forms.Form):
    celsius = AmountField(label="Temperature, °C")
    action_taken = forms.CharField(required=False, max_length=500, label="What was done, if out of range")


class ReportForm(forms.Form):
    """A certifier's report on one hood or room."""

    certified_on = DayField(label="Certified on")
    certifier = forms.CharField(max_length=120, label="Certifier (person and firm)")
    report_number = forms.CharField(max_length=60, label="Report number")
    passed = forms.ChoiceField(choices=[("yes", "Passed"), ("no", "Failed")], label="The certifier's word")
    particles = WholeField(required=False, min_value=0, label="Particles of 0.5 µm and more in 1 m³, the most")
    smoke = forms.ChoiceField(required=False, choices=_YES_NO, label="Smoke study")
    airflow = forms.CharField(required=False, max_length=200, label="Airflow (velocity, HEPA leak test)")
    air_changes = AmountField(required=False, label="Air changes an hour (rooms)")
    report = forms.FileField(required=False, label="Report", help_text=_ATTACH)


class CleaningRoundForm(forms.Form):
    """Which hoods and rooms were cleaned, just now."""

    kind = forms.ChoiceField(choices=[(k.value, k.value) for k in CleaningKind], label="Kind")
    agent = forms.CharField(max_length=80, label="Agent")
    places = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="What was cleaned")

    def __init__(self, *args: object, places: list[tuple[str, str]] | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["places"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = places or []
        field.initial = [value for value, _ in places or []]


class SampleForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k.value, k.value) for k in SampleKind], label="Kind")
    place = forms.ChoiceField(label="Hood or room")
    spot = forms.CharField(max_length=120, label="Where exactly", help_text="such as: work surface, left")
    medium_lot = forms.CharField(required=False, max_length=60, label="Lot of the medium")

    def __init__(self, *args: object, places: list[tuple[str, str]] | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = places or []


class CountForm(forms.Form):
    count = WholeField(min_value=0, label="Count, CFU")
    genus = forms.CharField(required=False, max_length=120, label="Genus, if over the level")


class EquipmentForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k.value, k.value.replace("_", " ")) for k in EquipmentKind], label="Kind")
    name = forms.CharField(max_length=80, label="Name")
    serial = forms.CharField(required=False, max_length=60, label="Serial number")
    place = forms.ChoiceField(required=False, label="Stands in")

    def __init__(self, *args: object, places: list[tuple[str, str]] | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "No room"), *(places or [])]


class CalibrationForm(forms.Form):
    calibrated_on = DayField(label="Calibrated on")
    result = forms.ChoiceField(choices=[("yes", "Passed"), ("no", "Failed")], label="Result")
    done_by = forms.CharField(max_length=120, label="Done by (person or firm)")
    standard = forms.CharField(max_length=160, label="Traceable standard", help_text="such as: NIST weights, certificate 8841")
    note = forms.CharField(required=False, max_length=500, label="What it showed")
    report = forms.FileField(required=False, label="Certificate", help_text=_ATTACH)


class SitePlaceForm(forms.Form):
    """Where the site is, as a map writes it; left empty, it is taken off."""

    point = forms.CharField(
        required=False, max_length=80, label="Latitude, longitude",
        help_text="As a map gives it, such as 39.80172, -89.64371. Leave empty to take it off.",
    )


class RoomForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name")
    kind = forms.ChoiceField(choices=[(k.value, k.label) for k in RoomKind], label="Kind")
    iso_class = forms.ChoiceField(required=False, choices=[("", "Not classified"), ("7", "ISO 7"), ("8", "ISO 8")], label="Class")
    hazardous = forms.BooleanField(required=False, label="Held at negative pressure (hazardous drugs)")


class ProbeForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name")
    place = forms.ChoiceField(label="Hangs in")

    def __init__(self, *args: object, places: list[tuple[str, str]] | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = places or []


class ReadingsFileForm(forms.Form):
    file = forms.FileField(label="CSV file", help_text="Columns: place, measured, value, at, action_taken")


class LicenceForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k.value, k.label) for k in LicenceKind], label="Kind")
    state = forms.CharField(min_length=2, max_length=2, label="State (two letters)")
    number = forms.CharField(max_length=60, label="Number")
    expires_on = DayField(required=False, label="Valid until")
    file = forms.FileField(required=False, label="Document", help_text=_ATTACH)


def upload(given: Any) -> Upload | None:
    """What a file field holds, if anything; not more of it than may be kept."""
    return Upload(given.name, given.read(MOST_BYTES + 1)) if given else None


def place_of(choice: str) -> tuple[str, UUID]:
    """What a choice of a place means: room:… , hood:… or cold_store:… with its id."""
    kind, _, id = choice.partition(":")
    return kind, UUID(id)
