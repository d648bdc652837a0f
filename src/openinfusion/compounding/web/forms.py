# SPDX-License-Identifier: Apache-2.0
"""Forms of the compounding room."""
from __future__ import annotations

from uuid import UUID

from django import forms

from openinfusion.compounding.actions.owner import CHOOSABLE
from openinfusion.inventory.public import Ownership
from openinfusion.platform.ui.forms import WholeField
from openinfusion.sites.public import HoodFact


class ScanForm(forms.Form):
    """One package under the scanner. ``keyed`` is set by the scan field when the burst was typed by hand."""

    scan = forms.CharField(max_length=200, label="Scan a package", strip=False, widget=forms.TextInput(
        attrs={"autofocus": True, "autocomplete": "off", "inputmode": "none", "data-scan": "1"}))
    packages = WholeField(label="Packages of this lot", min_value=1, initial=1)
    keyed = forms.BooleanField(required=False, label="Keyed by hand, not scanned")
    reason = forms.CharField(required=False, max_length=500, label="Why not the lot that expires first")


class StepForm(forms.Form):
    """A step: a reason, the hood where one is chosen, and the version that was looked at."""

    reason = forms.CharField(required=False, max_length=2000)
    hood_id = forms.UUIDField(required=False)
    version = WholeField(required=False)


class HandOverForm(forms.Form):
    """Who has the hood next."""

    to_id = forms.TypedChoiceField(label="Who has it next", coerce=UUID)

    def __init__(self, *args: object, people: list[tuple[UUID, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["to_id"].choices = people  # type: ignore[attr-defined]


class TurnForm(forms.Form):
    """The end of a turn at a hood: a reason where it is cleared, a person where it is handed over."""

    reason = forms.CharField(required=False, max_length=2000)
    to_id = forms.UUIDField(required=False)


class ReasonForm(forms.Form):
    """A word on why, where one is asked for."""

    reason = forms.CharField(required=False, max_length=2000)


class PumpForm(forms.Form):
    """The file that a pump compounder answered with, and of which bag."""

    bag = WholeField(label="Bag", min_value=1, max_value=999, initial=1)
    file = forms.FileField(label="Result of the pump compounder (CSV)")


class OwnerForm(forms.Form):
    """Whose stock the drug is taken from; the reason is asked beside it."""

    owner = forms.TypedChoiceField(label="Whose stock", coerce=Ownership, choices=[(o.value, o.words) for o in CHOOSABLE])


class OwnerChosenForm(OwnerForm):
    """The same, with the reason."""

    reason = forms.CharField(required=False, max_length=2000)


class HoodForm(forms.Form):
    """In which hood, and a last look at the version."""

    hood_id = forms.TypedChoiceField(label="Hood", coerce=UUID)
    version = WholeField(widget=forms.HiddenInput)

    def __init__(self, *args: object, hoods: list[HoodFact], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        names = [(h.id, f"{h.name}{' (hazardous drugs)' if h.hazardous else ''}") for h in hoods]
        self.fields["hood_id"].choices = names  # type: ignore[attr-defined]
