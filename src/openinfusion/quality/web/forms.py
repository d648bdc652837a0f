# SPDX-License-Identifier: Apache-2.0
"""Forms of quality."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from openinfusion.platform.ui.forms import DayField, MomentField
from openinfusion.quality.domain.incident import ActionKind, CauseKind, IncidentKind
from openinfusion.sites import public as sites
from openinfusion.team.public import people


def _people() -> list[tuple[str, str]]:
    return [("", "Choose"), *((str(p.id), p.name) for p in people())]


def _places() -> list[tuple[str, str]]:
    """Every site, and every room, hood and cold store of it."""
    found = [("", "No place")]
    for site in sites.pharmacies():
        found.append((f"{site.id}::", site.name))
        found += [(f"{site.id}:room:{r.id}", f"{site.name}: {r.name}") for r in sites.rooms(site.id)]
        found += [(f"{site.id}:hood:{h.id}", f"{site.name}: {h.name}") for h in sites.hoods(site.id)]
        found += [(f"{site.id}:cold_store:{c.id}", f"{site.name}: {c.name}") for c in sites.cold_stores(site.id)]
    return found


class IncidentForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k.value, k.value) for k in IncidentKind], label="Kind", initial="other")
    title = forms.CharField(max_length=200, label="What happened, in a line")
    what = forms.CharField(required=False, max_length=4000, label="In more words", widget=forms.Textarea(attrs={"rows": 3}))
    place = forms.ChoiceField(required=False, choices=_places, label="Where")
    began_at = MomentField(label="From")
    ended_at = MomentField(required=False, label="To")
    lot = forms.CharField(required=False, max_length=60, label="Lot number")


def place_of(choice: str) -> dict[str, Any]:
    """What a chosen place means for an incident."""
    if not choice:
        return {}
    site, kind, id = choice.split(":")
    return {"site_id": UUID(site), "place_kind": kind, "place_id": UUID(id) if id else None}


class OwnerForm(forms.Form):
    owner_id = forms.ChoiceField(choices=_people, label="Who investigates")
    due_on = DayField(label="By")

    def clean_owner_id(self) -> UUID:
        return UUID(self.cleaned_data["owner_id"])


class CauseForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k.value, k.value) for k in CauseKind], label="Kind of cause")
    text = forms.CharField(max_length=2000, label="Cause", widget=forms.Textarea(attrs={"rows": 3}))


class ActionForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k.value, k.value) for k in ActionKind], label="Kind")
    text = forms.CharField(max_length=500, label="What is to be done")
    owner_id = forms.ChoiceField(choices=_people, label="Who does it")
    due_on = DayField(required=False, label="By")

    def clean_owner_id(self) -> UUID:
        return UUID(self.cleaned_data["owner_id"])


class DoneForm(forms.Form):
    result = forms.CharField(
        max_length=1000, label="What was done, and how you know it works", widget=forms.Textarea(attrs={"rows": 2})
    )
