# SPDX-License-Identifier: Apache-2.0
"""A suite at the pharmacy of the tests: chairs, and its nurse."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from openinfusion.nursing import public as nursing
from openinfusion.sites import public as sites

ZONE = ZoneInfo("America/Chicago")


@dataclass
class Suite:
    """Three chairs, and what a test does with them."""

    thread: Any
    site_id: UUID
    chairs: list[UUID]

    @property
    def tomorrow(self) -> date:
        return datetime.now(ZONE).date() + timedelta(days=1)

    def at(self, hour: int, minute: int = 0, day: date | None = None) -> datetime:
        return datetime.combine(day or self.tomorrow, time(hour, minute), ZONE)

    def asked(self, therapy_id: UUID | None = None, **said: Any) -> UUID:
        said = {"infusion_minutes": 60, "first_dose": False, "wished_at": self.at(8)} | said
        return nursing.request_appointment(
            therapy_id=therapy_id or self.thread.bench.therapy(), site_id=self.site_id, by=self.thread.manager, **said,
        )

    def booked(self, chair: int = 0, hour: int = 9, minute: int = 0, **said: Any) -> UUID:
        return self.book(self.asked(**said), chair, self.at(hour, minute))

    def book(self, appointment_id: UUID, chair: int, at: datetime, nurse: UUID | None = None, **said: Any) -> UUID:
        return nursing.book_appointment(
            appointment_id=appointment_id, chair_id=self.chairs[chair], nurse_id=nurse or self.thread.nurse.id, starts_at=at,
            by=self.thread.manager, **({"hold_why": "the drug comes tomorrow"} | said),
        )


@pytest.fixture
def suite(thread: Any) -> Suite:
    site_id, by = thread.bench.site_id, thread.bench.administrator
    for n in range(1, 4):
        sites.add_chair(site_id=site_id, name=f"Chair {n}", by=by)
    return Suite(thread, site_id, [id for id, _ in sorted(sites.chairs(site_id), key=lambda c: c[1])])
