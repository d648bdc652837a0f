# SPDX-License-Identifier: Apache-2.0
"""Forms of the team."""

from __future__ import annotations

from uuid import UUID

from django import forms

from openinfusion.kernel.roles import Role
from openinfusion.platform.ui.forms import DayField, MomentField, WholeField
from openinfusion.team.domain.competency import elements
from openinfusion.team.domain.on_call import duties
from openinfusion.team.queries.people import everybody


class CompetencyForm(forms.Form):
    """A result, with its plates where there were any."""

    element = forms.ChoiceField(choices=lambda: sorted(elements().items()), label="Competency")
    on = DayField(label="Day of the test")
    passed = forms.BooleanField(required=False, label="Passed")
    left_cfu = WholeField(required=False, min_value=0, label="Left hand, CFU")
    right_cfu = WholeField(required=False, min_value=0, label="Right hand, CFU")
    surface_cfu = WholeField(required=False, min_value=0, label="Surface, CFU")
    growth = forms.ChoiceField(
        required=False, choices=[("", "Not part of it"), ("no", "No growth"), ("yes", "Growth")], label="Filled media"
    )
    note = forms.CharField(required=False, max_length=500, label="Note")


class RemediationForm(forms.Form):
    element = forms.ChoiceField(choices=lambda: sorted(elements().items()), label="Competency")
    on = DayField(label="Day")
    text = forms.CharField(max_length=500, label="What was done", widget=forms.Textarea(attrs={"rows": 2}))


class GarbForm(forms.Form):
    """One's word for the whole list."""

    all_done = forms.BooleanField(label="I have done all of this, in this order")
    hazardous = forms.BooleanField(required=False, widget=forms.HiddenInput)


class CredentialForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k, k) for k in ("pharmacist", "technician", "nurse", "dea", "driver", "other")])
    state = forms.CharField(max_length=2, min_length=2, label="State (two letters)")
    number = forms.CharField(max_length=40)
    expires_on = DayField(label="Valid until")


class OnCallForm(forms.Form):
    """Somebody on call at a site, by the clock of the site."""

    site_id = forms.UUIDField(widget=forms.HiddenInput)
    duty = forms.ChoiceField(choices=lambda: [(d.value, rule.title) for d, rule in duties().items()])
    user_id = forms.ChoiceField(label="Who", choices=lambda: [("", "Choose"), *_able()])
    phone = forms.CharField(label="Number to ring", max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    starts_at = MomentField(label="From")
    ends_at = MomentField(label="To")

    def clean_user_id(self) -> UUID:
        return UUID(self.cleaned_data["user_id"])


def _able() -> list[tuple[str, str]]:
    """Everybody who may hold some duty, with the roles."""
    roles = frozenset[Role]().union(*(rule.roles for rule in duties().values()))
    able = [(p, ", ".join(sorted(r.label.lower() for r in p.roles & roles))) for p in everybody()]
    return [(str(p.id), f"{p.name} ({held})") for p, held in able if held]
