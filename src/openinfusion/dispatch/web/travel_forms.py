# SPDX-License-Identifier: Apache-2.0
"""The form that sets how long ways of a site take."""

from __future__ import annotations

from django import forms

from openinfusion.platform.ui.forms import AmountField, DayField, WholeField
from openinfusion.sites.public import FASTEST, LONGEST, MOST_PARK, SLOWEST


class TravelForm(forms.Form):
    """A site's own figures. The bounds of the factor and the order of the bands are the action's to judge."""

    effective_from = DayField(label="Use from")
    factor = AmountField(label="Road over great circle")
    park_minutes = WholeField(min_value=0, max_value=MOST_PARK, label="Minutes to park and walk")
    near_km = WholeField(min_value=1, max_value=LONGEST, label="First band, up to km")
    near_kmh = WholeField(min_value=SLOWEST, max_value=FASTEST, label="First band, km/h")
    mid_km = WholeField(min_value=1, max_value=LONGEST, label="Second band, up to km")
    mid_kmh = WholeField(min_value=SLOWEST, max_value=FASTEST, label="Second band, km/h")
    far_kmh = WholeField(min_value=SLOWEST, max_value=FASTEST, label="Beyond it, km/h")
    source = forms.CharField(max_length=300, label="Where these figures come from")
