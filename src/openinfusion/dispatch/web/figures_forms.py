# SPDX-License-Identifier: Apache-2.0
"""The form that sets what plans weigh."""

from __future__ import annotations

from django import forms

from openinfusion.dispatch.domain.figures import LEFT_OUT, MOST_MINUTES, MOST_POINTS
from openinfusion.platform.ui.forms import ClockField, DayField, WholeField


def _minutes(label: str) -> WholeField:
    return WholeField(min_value=0, max_value=MOST_MINUTES, label=label)


def _points(label: str) -> WholeField:
    return WholeField(min_value=0, max_value=MOST_POINTS, label=label)


class FiguresForm(forms.Form):
    """The house's own figures. How they hang together is the action's to judge."""

    effective_from = DayField(label="Use from")
    begins = ClockField(label="The day begins, for who has no shift")
    ends = ClockField(label="and ends")
    overtime = _minutes("Minutes of overtime at most")
    flexible = _minutes("Minutes a time nobody agreed to may move")
    agreed = _minutes("Minutes an agreed time may move")
    distance = _points("Points a metre")
    paid = _points("Points a minute away")
    overtime_price = _points("Points more a minute of overtime")
    late = _points("Points a minute after the wished hour")
    other_person = _points("Points for a nurse the patient does not know")
    moved = _points("Points for a promise given to somebody else")
    fair = _points("Points a minute of whoever is away longest, over several days")
    left_out = WholeField(min_value=LEFT_OUT[0], max_value=LEFT_OUT[1], label="Points for a visit without a place")
    source = forms.CharField(max_length=300, label="Where these figures come from")
