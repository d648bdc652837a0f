# SPDX-License-Identifier: Apache-2.0
"""Forms of the drivers' roster: a shift or time off, a sick call, a vehicle."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from openinfusion.delivery.web.road_forms import choose
from openinfusion.kernel.stretch import SpanKind
from openinfusion.platform.ui.forms import MomentField, WholeField

Choices = Sequence[tuple[str, str]]


class DriverTimeForm(forms.Form):
    """A shift with its vehicle, or time off, by the clock of the site."""

    driver_id = forms.ChoiceField(label="Driver")
    kind = forms.ChoiceField(choices=[(SpanKind.WORKS.value, "works"), (SpanKind.OFF.value, "has off")], label="What")
    starts_at = MomentField(label="From")
    ends_at = MomentField(label="To")
    vehicle_id = forms.ChoiceField(required=False, label="Vehicle")
    note = forms.CharField(required=False, max_length=200, label="Note")

    def __init__(self, *args: Any, drivers: Choices = (), vehicles: Choices = (), may_plan: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "driver_id", drivers)
        choose(self, "vehicle_id", [("", "none"), *vehicles])
        if not may_plan:
            choose(self, "kind", [(SpanKind.OFF.value, "has off")])


class SickForm(forms.Form):
    """A driver who cannot come, from now on."""

    driver_id = forms.ChoiceField(label="Driver")
    until = MomentField(label="Until")
    note = forms.CharField(required=False, max_length=200, label="Note")

    def __init__(self, *args: Any, drivers: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "driver_id", drivers)


class VehicleForm(forms.Form):
    """A vehicle of the site."""

    name = forms.CharField(max_length=60, label="Vehicle")
    holds = WholeField(required=False, label="Holds so many items", help_text="Lines of deliveries; empty: not measured.")
    refrigerated = forms.BooleanField(required=False, label="Refrigerated")
    ended = forms.BooleanField(required=False, label="Not driven any more")
