# SPDX-License-Identifier: Apache-2.0
"""Forms of the sites room."""

from __future__ import annotations

from django import forms

from openinfusion.platform.ui.forms import AmountField, MomentField


class CleaningForm(forms.Form):
    agent = forms.CharField(max_length=80, label="Agent", initial="sporicidal wipe")


class CertificationForm(forms.Form):
    certified_until = MomentField(label="Certified until")
    room_failed = forms.BooleanField(required=False, label="The room failed (dating is downgraded)")


class ReadingForm(forms.Form):
    celsius = AmountField(label="Temperature, °C")
    action_taken = forms.CharField(required=False, max_length=500, label="What was done, if out of range")
