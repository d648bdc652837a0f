# SPDX-License-Identifier: Apache-2.0
"""A form for any section of a visit's record, made of the section's rows; wall-clock times are the patient's."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from openinfusion.nursing.domain.visit_form import FieldKind, FormField, Section
from openinfusion.platform.ui.forms import AmountField, DayField, MomentField, WholeField

_K = FieldKind
_UNSAID = [("", "Not said yet")]


def _words(rows: int) -> Callable[[FormField, dict[str, Any]], forms.Field]:
    return lambda f, o: forms.CharField(max_length=8000, widget=forms.Textarea(attrs={"rows": rows}), **o)


def _choice(f: FormField, o: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=_UNSAID + list(f.options), **o)


def _several(f: FormField, o: dict[str, Any]) -> forms.Field:
    return forms.MultipleChoiceField(choices=list(f.options), widget=forms.CheckboxSelectMultiple, **o)


_MAKERS: dict[FieldKind, Callable[[FormField, dict[str, Any]], forms.Field]] = {
    _K.TEXT: lambda f, o: forms.CharField(max_length=300, **o),
    _K.SCAN: lambda f, o: forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}), **o),
    _K.LONG: _words(3), _K.LINES: _words(3), _K.ONE: _choice, _K.SEVERAL: _several,
    _K.YES_NO: lambda f, o: forms.ChoiceField(choices=[*_UNSAID, ("yes", "Yes"), ("no", "No")], **o),
    _K.NUMBER: lambda f, o: AmountField(**o),
    _K.WHOLE: lambda f, o: WholeField(**o),
    _K.MOMENT: lambda f, o: MomentField(**o),
    _K.DAY: lambda f, o: DayField(**o),
    _K.OFFERED: lambda f, o: forms.CharField(max_length=60, **o),
    _K.STROKES: lambda f, o: forms.CharField(max_length=30_000, widget=forms.HiddenInput, **o),
}


class SectionForm(forms.Form):
    """The fields of one section, in its order. ``beside``: what stood at each field before, shown under it. ``offered``: what

    the visit offers at a field of that kind; one that offers fewer than two is not asked.
    """

    base = WholeField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, section: Section, data: Any = None, beside: Mapping[str, str] | None = None, in_suite: bool = True,
        offered: Mapping[str, Sequence[tuple[str, str]]] | None = None, **kwargs: Any,
    ) -> None:
        super().__init__(data, auto_id=f"{section.code}-%s", **kwargs)
        self.section = section
        for f in section.fields:
            if f.told or (f.in_suite and not in_suite):
                continue
            label = f"{f.label}, {f.unit}" if f.unit else f.label
            options = {"label": label, "required": f.required, "help_text": (beside or {}).get(f.name, "")}
            if f.kind is _K.OFFERED and data is None:
                if len(choices := (offered or {}).get(f.name, ())) > 1:
                    self.fields[f.name] = _choice(replace(f, options=tuple(choices)), options)
                continue
            self.fields[f.name] = _MAKERS[f.kind](f, options)


def said(form: SectionForm, zone: ZoneInfo) -> dict[str, Any]:
    """What was filled in, as the record takes it; empty fields are left out."""
    found: dict[str, Any] = {}
    for f in form.section.fields:
        value = form.cleaned_data.get(f.name)
        if value in (None, "", []):
            continue
        found[f.name] = value.replace(tzinfo=zone) if isinstance(value, datetime) else value
    return found


def initial_of(section: Section, values: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """What stands in a section, as its form shows it."""
    found = dict(values)
    for f in section.fields:
        value = values.get(f.name)
        if value and f.kind is _K.MOMENT:
            found[f.name] = datetime.fromisoformat(value).astimezone(zone).replace(tzinfo=None)
        elif value and f.kind is _K.LINES:
            found[f.name] = "\n".join(value)
    return found
