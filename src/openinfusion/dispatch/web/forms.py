# SPDX-License-Identifier: Apache-2.0
"""Forms of dispatch."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from openinfusion.dispatch.actions.ask import MOST_SECONDS, SECONDS
from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.models import DayPlan
from openinfusion.platform.ui.forms import DayField, WholeField
from openinfusion.sites import public as sites


def _sites() -> list[tuple[str, str]]:
    return [(str(s.id), s.name) for s in sites.pharmacies()]


class PlanForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k.value, k.value.capitalize()) for k in PlanKind], label="Of whom")
    site = forms.ChoiceField(choices=_sites, label="From")
    day = DayField(label="Day")
    seconds = WholeField(min_value=1, max_value=MOST_SECONDS, initial=SECONDS, label="Seconds to search")


class ChangeForm(forms.Form):
    """What happened. Everything may stay empty: then the rest of the day is planned again from where it stands."""

    absent = forms.MultipleChoiceField(required=False, label="Who is absent", widget=forms.CheckboxSelectMultiple)
    late = forms.ChoiceField(required=False, label="What comes later")
    not_before = forms.TimeField(required=False, label="Not before")
    cause = forms.CharField(required=False, max_length=200, label="In words, if any")

    def __init__(self, *args: object, row: DayPlan, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["absent"].choices = _chosen(sorted(row.people))  # type: ignore[attr-defined]
        self.fields["late"].choices = [("", "Nothing"), *((n, f"{n}: {t['patient']}") for n, t in sorted(row.tasks.items()))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if bool(said.get("late")) != bool(said.get("not_before")):
            self.add_error("not_before", "say what comes later, and from when on")
        return said


class PinForm(forms.Form):
    """Somebody decides who makes a visit, or when; or takes that back."""

    name = forms.CharField(max_length=200, widget=forms.HiddenInput)
    person = forms.ChoiceField(required=False, label="To")
    at = forms.TimeField(required=False, label="At exactly")
    unpin = forms.BooleanField(required=False, label="Free again")

    def __init__(self, *args: object, row: DayPlan, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["person"].choices = [("", "Whoever is best"), *_chosen(sorted(row.people))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if not (said.get("person") or said.get("at") or said.get("unpin")):
            raise forms.ValidationError("choose a person or a time, or set it free")
        return said


def _chosen(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(n, n) for n in names]
