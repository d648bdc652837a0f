# SPDX-License-Identifier: Apache-2.0
"""Forms of dispatch."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from openinfusion.dispatch.actions.ask import MOST_SECONDS, SECONDS
from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.models import DayPlan
from openinfusion.platform.ui.forms import ClockField, DayField, WholeField
from openinfusion.sites import public as sites


def _sites() -> list[tuple[str, str]]:
    return [(str(s.id), s.name) for s in sites.pharmacies()]


class PlanForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k.value, k.value.capitalize()) for k in PlanKind], label="Of whom")
    site = forms.ChoiceField(choices=_sites, label="From")
    more = forms.MultipleChoiceField(
        choices=_sites, required=False, label="Together with", widget=forms.CheckboxSelectMultiple
    )
    day = DayField(label="Day")
    last_day = DayField(required=False, label="To, of several days, 7 at most")
    seconds = WholeField(min_value=1, max_value=MOST_SECONDS, initial=SECONDS, label="Seconds to search")


class ChangeForm(forms.Form):
    """What happened. Everything may stay empty: then the rest is planned again from where it stands.

    Days are asked for where the plan has several.
    """

    absent = forms.MultipleChoiceField(required=False, label="Who is absent", widget=forms.CheckboxSelectMultiple)
    away = forms.MultipleChoiceField(required=False, label="Who is absent on one day", widget=forms.CheckboxSelectMultiple)
    away_on = DayField(required=False, label="On")
    late = forms.ChoiceField(required=False, label="What comes later")
    late_on = DayField(required=False, label="Not before the day")
    not_before = ClockField(required=False, label="Not before")
    from_day = DayField(required=False, label="Mend from this day on (today, where it is empty)")
    cause = forms.CharField(required=False, max_length=200, label="In words")

    def __init__(self, *args: object, row: DayPlan, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        for name in ("absent", "away"):
            self.fields[name].choices = _chosen(sorted(row.people))  # type: ignore[attr-defined]
        self.several = _days_asked(self, row, ("away", "away_on", "late_on", "from_day"))
        self.fields["late"].choices = [("", "Nothing"), *((n, f"{n}: {t['patient']}") for n, t in sorted(row.tasks.items()))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if bool(said.get("late")) != bool(said.get("not_before")):
            self.add_error("not_before", "say what comes later, and from when on")
        if self.several and said.get("late") and not said.get("late_on"):
            self.add_error("late_on", "say on which day")
        if bool(said.get("away")) != bool(said.get("away_on")):
            self.add_error("away_on", "say who is absent, and on which day")
        return said


class PinForm(forms.Form):
    """Somebody decides who makes a visit, or when; or takes that back."""

    name = forms.CharField(max_length=200, widget=forms.HiddenInput)
    person = forms.ChoiceField(required=False, label="To")
    on = DayField(required=False, label="On")
    at = ClockField(required=False, label="At exactly")
    unpin = forms.BooleanField(required=False, label="Free again")

    def __init__(self, *args: object, row: DayPlan, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.several = _days_asked(self, row, ("on",))
        self.fields["person"].choices = [("", "Whoever is best"), *_chosen(sorted(row.people))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if not (said.get("person") or said.get("at") or said.get("unpin")):
            raise forms.ValidationError("choose a person or a time, or set it free")
        if self.several and said.get("at") and not said.get("on"):
            self.add_error("on", "say on which day")
        return said


class TryForm(forms.Form):
    """An hour for a visit, by somebody or by whoever is cheapest: what it would cost. Nothing is changed by it."""

    visit = forms.CharField(max_length=200, widget=forms.HiddenInput)
    person = forms.ChoiceField(required=False, label="By")
    on = DayField(label="On")
    at = ClockField(label="At")

    def __init__(self, *args: object, row: DayPlan, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        _days_asked(self, row, ("on",))
        at_work = sorted({s["person"] for s in row.problem["shifts"]})
        self.fields["person"].choices = [("", "Whoever costs least"), *_chosen(at_work)]  # type: ignore[attr-defined]


def _days_asked(form: forms.Form, row: DayPlan, names: Iterable[str]) -> bool:
    """Whether the plan has several days; the fields that ask for a day fall away where it has one."""
    several = row.day != row.last_day
    for name in () if several else names:
        del form.fields[name]
    return several


def _chosen(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(n, n) for n in names]
