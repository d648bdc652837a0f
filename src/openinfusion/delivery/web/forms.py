# SPDX-License-Identifier: Apache-2.0
"""Forms of delivery."""
from __future__ import annotations

from typing import Any

from django import forms

from openinfusion.delivery.domain.pack_out import Lane, PackOut
from openinfusion.platform.ui.forms import AmountField, DayField, WholeField

LANES = [(lane.value, lane.value.replace("_", " ")) for lane in Lane]


class CallForm(forms.Form):
    """What is asked before a delivery."""

    spoke_with = forms.CharField(max_length=120, label="Spoke with")
    relation = forms.CharField(max_length=60, label="Relation to the patient", initial="self")
    doses_on_hand = WholeField(min_value=0, max_value=999, label="Doses still on hand")
    doses_missed = WholeField(min_value=0, max_value=999, label="Doses missed since the last delivery",
        initial=0)
    missed_why = forms.CharField(required=False, max_length=300, label="Why missed")
    changes = forms.CharField(required=False, max_length=500, label="Changes in health, drugs or insurance")
    side_effects = forms.CharField(required=False, max_length=500, label="Side effects")
    need_by = DayField(label="Needed by")
    instructions = forms.CharField(required=False, max_length=500, label="Instructions for the driver")
    is_address_right = forms.BooleanField(required=False, label="The address is right")
    consents = forms.BooleanField(required=False, label="Agrees to this delivery")


class ScanForm(forms.Form):
    scan = forms.CharField(max_length=200, label="Scan a label or package", widget=forms.TextInput(attrs={
        "autocomplete": "off", "autofocus": "autofocus", "spellcheck": "false",
    }))


class PackOutForm(forms.Form):
    """How it travels and how it is packed."""

    lane = forms.ChoiceField(choices=LANES, label="Lane")
    pack_out = forms.ChoiceField(label="Pack-out")

    def __init__(self, *args: Any, pack_outs: tuple[PackOut, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pack_out"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(p.code,
            f"{p.code}: {p.hours} h by {p.lane.value.replace('_', ' ')}, {p.packing}") for p in pack_outs]


class HandOverForm(forms.Form):
    """The proof of delivery, filled in on a phone."""

    received_by = forms.CharField(max_length=120, label="Handed to")
    relation = forms.CharField(max_length=60, label="Relation to the patient", initial="self")
    arrived_c = AmountField(required=False, label="Temperature on arrival, °C")
    strokes = forms.CharField(required=False, max_length=30000, widget=forms.HiddenInput())
    typed = forms.CharField(required=False, max_length=120, label="Or the name typed as signature")


class SupplyForm(forms.Form):
    quantity = WholeField(min_value=0, max_value=999, label="How many")
