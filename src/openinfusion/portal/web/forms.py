# SPDX-License-Identifier: Apache-2.0
"""Forms for staff: how the code goes out."""

from __future__ import annotations

from django import forms

from openinfusion.portal.domain.link import CodeWay

WAYS = [(CodeWay.PHONE.value, "I say it on the telephone"), (CodeWay.LETTER.value, "In a second letter")]


class GiveForm(forms.Form):
    code_way = forms.ChoiceField(choices=WAYS, label="How the code reaches the patient")


class LetterForm(forms.Form):
    """The secrets as they were shown once; they are checked against their hashes, so that nothing else is printed."""

    token = forms.CharField(max_length=200)
    code = forms.CharField(max_length=12)
