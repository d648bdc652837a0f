# SPDX-License-Identifier: Apache-2.0
"""The suite's corner of the demonstration, by day, early and late: three chairs are taken, by day somebody sits."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from openinfusion.catalog import public as catalog
from openinfusion.demo.nurses import nurses_today
from openinfusion.demo.staff import open_house
from openinfusion.demo.suite import suite_today
from openinfusion.demo.today import ZONE
from openinfusion.nursing.models import Appointment
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.clock import now, told
from openinfusion.platform.permissions import system_actor
from openinfusion.therapy import public as therapy


@pytest.mark.parametrize(("hour", "states", "acts"), [
    (10, ["booked", "booked", "checked_in", "requested"], 8), (3, ["booked"] * 3 + ["requested"], 7), (22, ["booked"] * 3 + ["requested"], 7),
])
def test_four_patients_of_the_suite(db: None, scope: UUID, hour: int, states: list[str], acts: int) -> None:
    at = datetime.combine(datetime.now(ZONE).date() + timedelta(days=1), time(hour, 7), ZONE)
    with told(at):
        house: Any = open_house(scope, now() - timedelta(days=30), now(), f"{scope.hex}.example")
        catalog.load_catalog(by=system_actor(scope))
        orders: list[Any] = []
        for n in range(4):
            patient_id = patients.register(demographics=Demographics(
                f"Corner{n}", "Cy", date(1970, 1, 1 + n), Sex.MALE, Address("2 Sample Way", "", "Springfield", "IL", "62701"),
            ), by=house.by("intake"))
            orders.append(SimpleNamespace(therapy_id=therapy.begin_therapy(
                patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=house.sites["south"],
                prescriber="Lena Fictional, MD", start_on=at.date(), by=house.by("intake"))))
        nurses_today(house, ZONE, orders)
        assert suite_today(house, ZONE, orders) == acts
    assert sorted(Appointment.objects.values_list("state", flat=True)) == states
