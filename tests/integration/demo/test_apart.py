# SPDX-License-Identifier: Apache-2.0
"""The two patients of another kind are played without a refusal and wait for a pharmacist today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from openinfusion.clinical import public as clinical
from openinfusion.demo.apart import apart
from openinfusion.demo.staff import Crew, House
from openinfusion.demo.stops import Stops
from openinfusion.platform.clock import now, told
from openinfusion.platform.scope import entered
from openinfusion.therapy import public as therapy


def played(pharmacy: Any, tell_news: Callable[[], int], until: datetime) -> None:
    crew = Crew(
        "north", pharmacy.site_id, ("pharmacist",), ("technician",), ("warehouse",), ("driver",), ("nurse",), {}, Stops(until)
    )
    house = House(pharmacy.actors, {"north": pharmacy.site_id}, (crew,), pharmacy.emails, pharmacy.password)
    for first, play in apart(house, crew, until):
        at: datetime | None = first
        while at is not None and at <= until:
            with told(at), entered(pharmacy.organization_id):
                at = next(play, None)
                tell_news()
        assert at is None, "it has come to its end by today"


def test_cycle_two_waits_to_be_cleared_and_a_formula_to_be_verified(pharmacy: Any, tell_news: Callable[[], int]) -> None:
    played(pharmacy, tell_news, now())
    with entered(pharmacy.organization_id):
        orders = therapy.prescriptions(therapy.open_order_ids(limit=20))
        (formula,) = [o for o in orders if o.order.nutrition]
        assert formula.state == "transcribed"
        assert any(f.rule.startswith("nutrition") for f in clinical.findings_for(formula.id))
        patient_id = next(o.patient_id for o in orders if o.drug_name == "oxaliplatin")
        (course,) = therapy.regimen_courses_of(patient_id=patient_id)
        assert [c.state.value for c in course.cycles[:3]] == ["given", "planned", "planned"]
        assert len(course.cycles[1].orders) == 4
        doses = [f for o in course.cycles[1].orders for f in clinical.findings_for(o.prescription_id) if f.code.startswith("regimen-dose")]
        assert doses == []  # as the prescriber wrote them, they are the regimen's
        assert therapy.waiting(pharmacy.actors["pharmacist"]).counts["Cycle to clear"] == 1
