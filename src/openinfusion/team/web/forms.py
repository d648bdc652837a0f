# SPDX-License-Identifier: Apache-2.0
"""Forms of the team."""

from __future__ import annotations

from django import forms

from openinfusion.platform.ui.forms import DayField
from openinfusion.team.domain.competency import elements


class CompetencyForm(forms.Form):
    element = forms.ChoiceField(choices=lambda: sorted(elements().items()), label="Competency")
    on = DayField(label="Day of the test")
    passed = forms.BooleanField(required=False, label="Passed")


class CredentialForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k, k) for k in ("pharmacist", "technician", "nurse", "dea", "other")])
    state = forms.CharField(max_length=2, min_length=2, label="State (two letters)")
    number = forms.CharField(max_length=40)
    expires_on = DayField(label="Valid until")
