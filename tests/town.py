# SPDX-License-Identifier: Apache-2.0
"""A town of four homes in a line, and drivers and nurses who drove between them on days that are over."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery.models import ComingBack, DeliveryRoute, Stop
from openinfusion.kernel.position import read_position
from openinfusion.kernel.rest import PlannedBreak, break_values
from openinfusion.nursing.models import Mileage, NurseVisit
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy

ZONE = ZoneInfo("America/Chicago")
METRES_A_MILE = Decimal("1609.344")


@dataclass
class Town:
    """Homes in a line to the north, three hundredths of a degree (3,336 m) apart, the site at the first place."""

    site: UUID
    driver: UUID
    nurse: UUID
    homes: list[UUID]
    courses: list[UUID]
    number: int = 0

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), ZONE)

    def route(self, day: date, *stops: tuple[int, datetime, datetime], breaks: tuple[PlannedBreak, ...] = (),
              failed: tuple[int, ...] = ()) -> None:  # fmt: skip
        """Homes with when the window opened and when the stop was done; each was to take eight minutes."""
        self.number += 1
        row = DeliveryRoute.objects.create(
            site_id=self.site, day=day, name=f"R{self.number}", driver=self.driver, driver_name="Dee Driver",
            leaves_at=self.at(day, 8), breaks=break_values(breaks),
        )  # fmt: skip
        for n, (home, opens, done) in enumerate(stops, 1):
            back = ComingBack.objects.create(patient_id=self.homes[home], site_id=self.site, kind="shipper", text="box", wanted_on=day)
            Stop.objects.create(
                route=row, position=n, kind="pick_up", coming_back=back, window_from=opens, window_to=opens + timedelta(hours=4),
                service_minutes=8, done_at=done, outcome="failed: nobody there" if n in failed else "collected",
            )  # fmt: skip

    def visit(self, home: int, begins: datetime, ends: datetime, planned: datetime | None = None, *, miles: str | None = None,
              nurse: UUID | None = None, **other: Any) -> NurseVisit:  # fmt: skip
        self.number += 1
        who = nurse or self.nurse
        said: dict[str, Any] = {"nurse": who, "nurse_name": "Nia Nurse", "started_at": begins, "ended_at": ends}
        states = ("offered", "accepted", other.pop("state", "confirmed"))
        row: NurseVisit = NurseVisit.objects.create(
            number=f"W-{self.number}", patient_id=self.homes[home], therapy_id=self.courses[home], site_id=self.site, purpose="one",
            planned_start=planned or begins, planned_end=(planned or begins) + timedelta(minutes=30), **(said | other),
        )  # fmt: skip
        for state in states:
            NurseVisit.objects.filter(pk=row.pk).update(state=state)
        if miles is not None:
            Mileage.objects.create(visit=row, nurse=who, nurse_name="Nia Nurse", driven_on=begins.date(), miles=Decimal(miles),
                                   cents_per_mile=Decimal(67), cents=1)  # fmt: skip
        return row

    def quarter(self, factor: str) -> None:
        """Forty-four days on which 6.7 km as the crow flies take 24 minutes, and miles that say this factor."""
        for n in range(1, 45):
            day = today("America/Chicago") - timedelta(days=n)
            opens = self.at(day, 6)
            self.route(day, (0, opens, self.at(day, 9)), (2, opens, self.at(day, 9, 32)), (0, opens, self.at(day, 10, 4)))
            miles = (Decimal("13344") * Decimal(factor) / METRES_A_MILE).quantize(Decimal("0.1"))
            self.visit(2, self.at(day, 14), self.at(day, 15), miles=str(miles))



def a_town(site: UUID, driver: UUID, nurse: UUID, *, intake: Actor, administrator: Actor) -> Town:
    """Homes three hundredths of a degree apart, the site at the first one."""
    homes, courses = [], []
    for n in range(4):
        address = Address(f"{n} Sample Way", "", "Springfield", "IL", "62701")
        who = Demographics(f"Fictional{n}", "Bo", date(1960, 1, 1 + n), Sex.MALE, address)
        homes.append(patients.register(demographics=who, by=intake))
        point = read_position(f"{39.80 + n * 0.03:.2f}, -89.65")
        patients.locate_home(patient_id=homes[n], point=point, how="map", reason="a sample", by=intake)
        courses.append(therapy.begin_therapy(
            patient_id=homes[n], drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=site,
            prescriber="Lena Fictional, MD", start_on=today("America/Chicago"), by=intake,
        ))  # fmt: skip
    sites.locate_site(site_id=site, point=read_position("39.80, -89.65"), by=administrator)
    return Town(site, driver, nurse, homes, courses)
