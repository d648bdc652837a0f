# SPDX-License-Identifier: Apache-2.0
"""Outcomes are counted from the records: days under care, devices in place, what happened."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from openinfusion.clinical import public as clinical
from openinfusion.kernel.refusal import Malformed
from openinfusion.patients import public as patients
from openinfusion.patients.models import Line
from openinfusion.platform.clock import today
from openinfusion.therapy.models import Therapy


def test_events_over_days_with_their_denominators(bench: Any) -> None:
    on = today("America/Chicago")
    first = on - timedelta(days=99)
    therapy_id = bench.therapy()
    Therapy.objects.filter(pk=therapy_id).update(state="active", started_on=first)
    line = patients.line(bench.patient_id)
    Line.objects.filter(pk=line.id).update(placed_on=first - timedelta(days=20))
    for kind, related in (("clabsi", "related"), ("occlusion", "unknown"), ("occlusion", "unrelated")):
        clinical.report_event(
            patient_id=bench.patient_id,
            family="line_event",
            kind=kind,
            related=related,
            text="x",
            occurred_on=on,
            line_id=line.id,
            therapy_id=therapy_id,
            by=bench.pharmacist,
        )
    clinical.report_event(
        patient_id=bench.patient_id,
        family="unplanned_care",
        kind="unplanned_admission",
        related="unrelated",
        text="hip",
        occurred_on=on,
        by=bench.pharmacist,
    )
    found = clinical.outcomes(first, on)
    measures = {m.key: m for m in found.measures}
    assert dict(found.denominators) == {"courses under care": 1, "therapy-days": 100, "central device-days": 100}
    assert (measures["line_events"].count, measures["clabsi"].count, measures["occlusion"].count) == (2, 1, 1)
    assert measures["clabsi"].figure is None and measures["clabsi"].shown == "too few to tell" and measures["clabsi"].of == 100
    assert (measures["admission"].count, measures["admission_related"].count) == (1, 0)
    assert len(found.events) == 4
    Therapy.objects.filter(pk=therapy_id).update(started_on=first - timedelta(days=900))
    Line.objects.filter(pk=line.id).update(placed_on=first - timedelta(days=900))
    wide = {m.key: m for m in clinical.outcomes(first - timedelta(days=900), on).measures}
    assert (
        wide["clabsi"].of == 1000
        and wide["clabsi"].figure == Decimal("1.00")
        and wide["clabsi"].per == "per 1,000 central device-days"
    )
    other = clinical.outcomes(first, on, "inotrope")
    assert dict(other.denominators)["therapy-days"] == 0 and other.events == ()
    with pytest.raises(Malformed):
        clinical.outcomes(on, on - timedelta(days=1))


def test_of_what_ended_so_much_was_completed(bench: Any) -> None:
    on = today("America/Chicago")
    for n in range(20):
        id = bench.therapy()
        mine = Therapy.objects.filter(pk=id)
        mine.update(state="active", started_on=on - timedelta(days=10))
        mine.update(state="completed" if n < 15 else "discontinued", ended_on=on)
    (done,) = [m for m in clinical.outcomes(on - timedelta(days=30), on).measures if m.key == "completed"]
    assert (done.count, done.of, done.figure) == (15, 20, Decimal("75.0"))
