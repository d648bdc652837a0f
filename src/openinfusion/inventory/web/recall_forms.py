# SPDX-License-Identifier: Apache-2.0
"""Forms of recalls: what is recalled, what is looked for besides, who was told; and of suspect product."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from openinfusion.inventory.domain.recall_case import RecallClass, Told
from openinfusion.inventory.models import Lot, Pump


class RecallForm(forms.Form):
    """A recall as its letter has it, and the lots and devices of the house that it names."""

    title = forms.CharField(label="What is recalled", max_length=200)
    klass = forms.TypedChoiceField(label="Class", coerce=RecallClass, choices=[(k.value, k.value) for k in RecallClass])
    source = forms.CharField(label="Letter (whose, number, day)", max_length=300)
    why = forms.CharField(label="Why", max_length=1000)
    instructions = forms.CharField(
        label="What patients do", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    lot_ids = forms.TypedMultipleChoiceField(label="Lots", coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple)
    pump_ids = forms.TypedMultipleChoiceField(label="Devices", coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot_ids"].choices = lots_like(text)  # type: ignore[attr-defined]
        self.fields["pump_ids"].choices = pumps_like(text)  # type: ignore[attr-defined]


class WidenForm(forms.Form):
    """More lots and devices of the house."""

    lot_ids = forms.TypedMultipleChoiceField(label="Lots", coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple)
    pump_ids = forms.TypedMultipleChoiceField(label="Devices", coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot_ids"].choices = lots_like(text)  # type: ignore[attr-defined]
        self.fields["pump_ids"].choices = pumps_like(text)  # type: ignore[attr-defined]


class ToldForm(forms.Form):
    """What came of telling a patient."""

    told = forms.TypedChoiceField(
        label="Outcome", coerce=Told, choices=[(t.value, t.value.replace("_", " ")) for t in Told if t is not Told.PENDING]
    )
    how = forms.CharField(label="How, and with whom", max_length=300, required=False)
    note = forms.CharField(label="If not: why", max_length=500, required=False)


class SuspectForm(forms.Form):
    why = forms.CharField(label="What is suspicious", max_length=1000)


class NoticeForm(forms.Form):
    notice = forms.CharField(label="Notice (Form FDA 3911 and number)", max_length=200)


def lots_like(text: str) -> list[tuple[UUID, str]]:
    """Lots by the beginning of their number or a part of their product's name; none without a text."""
    words = text.strip()
    if len(words) < 2:
        return []
    rows = Lot.objects.select_related("product").exclude(state="destroyed")
    found = rows.filter(number__istartswith=words) | rows.filter(product__name__icontains=words)
    return [(r.id, f"{r.product.name}, lot {r.number}") for r in found.order_by("product__name", "number")[:100]]


def pumps_like(text: str) -> list[tuple[UUID, str]]:
    words = text.strip()
    if len(words) < 2:
        return []
    rows = Pump.objects.select_related("product").exclude(state="retired")
    found = rows.filter(serial__istartswith=words) | rows.filter(product__name__icontains=words)
    return [(r.id, f"{r.product.name}, serial {r.serial}") for r in found.order_by("serial")[:100]]
