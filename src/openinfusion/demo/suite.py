# SPDX-License-Identifier: Apache-2.0
"""The suite's corner of the demonstration: three chairs taken, by day one patient in the chair, two who wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.demo.staff import House
from openinfusion.kernel.refusal import Refused
from openinfusion.nursing import public as nursing
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy

SEATS = (-45, 0, 60)  # when three chairs begin, in minutes from now; outside the hours, from an hour after the suite opens next
HALF_SITTING = timedelta(hours=2)  # so long before the end of the day the suite's next day is the one to show


def suite_today(house: House, zone: ZoneInfo, orders: list[therapy.PrescriptionFact]) -> int:
    """Five appointments of the suite's own patients, three of them with a chair; how many acts.

    By day the first patient has come. Early and late everything stands on the next opening day, and nobody has come.
    """
    site_id, by, nurse = house.sites["south"], house.by("suite_scheduler"), house.by("nurse3")
    courses = therapy.therapies_by_id([o.therapy_id for o in orders])
    mine = list(dict.fromkeys(o.therapy_id for o in orders if courses[o.therapy_id].site_id == site_id))[:5]
    chairs = [id for id, _ in sorted(sites.chairs(site_id), key=lambda c: c[1])]
    at, is_open = _beginning(site_id, zone)
    made = [
        nursing.request_appointment(
            therapy_id=id, site_id=site_id, wished_at=at + timedelta(hours=n), infusion_minutes=60, first_dose=n == 1, by=by,
        )
        for n, id in enumerate(mine)
    ]
    acts = len(made)
    for appointment_id, chair_id, minutes in zip(made, chairs, SEATS, strict=False):
        acts += _booked(appointment_id, chair_id, nurse.id, at + timedelta(minutes=minutes), house)
    if acts > len(made) and is_open:
        nursing.advance_appointment(appointment_id=made[0], step="check_in", by=nurse)
        acts += 1
    return acts


def _beginning(site_id: UUID, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The quarter of an hour around which the chairs are taken, and whether that is now."""
    local = now().astimezone(zone).replace(second=0, microsecond=0)
    local -= timedelta(minutes=local.minute % 15)
    opens, closes = nursing.suite_day(site_id, local.date()).hours
    if opens + HALF_SITTING / 2 <= local <= closes - HALF_SITTING:
        return local, True
    day = local.date() if local < opens else local.date() + timedelta(days=1)
    return nursing.suite_day(site_id, day).hours[0].astimezone(zone) + HALF_SITTING / 2, False


def _booked(appointment_id: UUID, chair_id: UUID, nurse_id: UUID, at: datetime, house: House) -> int:
    """Book one; what the nurse's day bars stays on the list."""
    try:
        nursing.book_appointment(
            appointment_id=appointment_id, chair_id=chair_id, nurse_id=nurse_id, starts_at=at,
            hold_why="the authorization is expected by fax today", by=house.by("suite_scheduler"),
        )  # fmt: skip
    except Refused:
        return 0
    return 1
