# SPDX-License-Identifier: Apache-2.0
"""The suite's corner of the demonstration: a few appointments today, one in the chair, one booked as a hold, two who wait."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.demo.staff import House
from openinfusion.kernel.refusal import Refused
from openinfusion.nursing import public as nursing
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy

SEATS = ((0, -45), (1, 0), (2, 60))  # chair, minutes from now


def suite_today(house: House, zone: ZoneInfo, orders: list[therapy.PrescriptionFact]) -> int:
    """Five appointments of the suite's own patients; what the hour or a nurse's day bars stays on the list. How many acts."""
    site_id, by, nurse = house.sites["south"], house.by("suite_scheduler"), house.by("nurse3")
    courses = therapy.therapies_by_id([o.therapy_id for o in orders])
    mine = list(dict.fromkeys(o.therapy_id for o in orders if courses[o.therapy_id].site_id == site_id))[:5]
    chairs = [id for id, _ in sorted(sites.chairs(site_id), key=lambda c: c[1])]
    at = now().astimezone(zone).replace(second=0, microsecond=0)
    at -= timedelta(minutes=at.minute % 15)
    made = [
        nursing.request_appointment(
            therapy_id=id, site_id=site_id, wished_at=at + timedelta(hours=n), infusion_minutes=60, first_dose=n == 1, by=by,
        )
        for n, id in enumerate(mine)
    ]
    acts = len(made)
    for appointment_id, (chair, minutes) in zip(made, SEATS, strict=False):
        acts += _booked(appointment_id, chairs[chair], nurse.id, minutes, house, zone)
    return acts


def _booked(appointment_id: UUID, chair_id: UUID, nurse_id: UUID, minutes: int, house: House, zone: ZoneInfo) -> int:
    """Book one; the first one has come already."""
    at = now().astimezone(zone).replace(second=0, microsecond=0)
    at += timedelta(minutes=minutes - at.minute % 15)
    try:
        nursing.book_appointment(
            appointment_id=appointment_id, chair_id=chair_id, nurse_id=nurse_id, starts_at=at,
            hold_why="the authorization is expected by fax today", by=house.by("suite_scheduler"),
        )  # fmt: skip
        if minutes >= 0:
            return 1
        nursing.advance_appointment(appointment_id=appointment_id, step="check_in", by=house.by("nurse3"))
    except Refused:  # at night the suite is closed, and the demonstration shows who waits
        return 0
    return 2
