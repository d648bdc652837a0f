# SPDX-License-Identifier: Apache-2.0
"""The nurses' corner of the demonstration: an agency, tomorrow's time off, a phone, and a note handed over."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.demo.staff import House
from openinfusion.nursing import public as nursing
from openinfusion.platform.clock import now


def nurses_today(house: House, zone: ZoneInfo, therapy_id: UUID) -> int:
    """What a nurse manager finds in the morning, in as few acts as tell it; how many."""
    manager, nurse, day = house.by("nurse_manager"), house.by("nurse"), now().astimezone(zone).date()
    agency_id = nursing.keep_agency(
        name="Prairie Nursing (fictional)",
        phone="555-0188",
        contact="Ada Agency",
        contract_until=day + timedelta(days=200),
        licence_number="DEMO-4417",
        licence_state="IL",
        licence_until=day + timedelta(days=90),
        insurance_until=day + timedelta(days=25),
        competencies_on=day - timedelta(days=40),
        hour_cents=6800,
        by=manager,
    )
    nursing.send_from_agency(agency_id=agency_id, nurse_id=house.by("nurse5").id, by=manager)
    eight = datetime.combine(day + timedelta(days=1), time(8), zone)
    # whoever has shifts works in them alone: the suite's nurse is there today as well
    for key, kind, begins, ends in (("nurse2", "off", 6, 9), ("nurse3", "works", 0, 10), ("nurse3", "works", -24, -14)):
        from_, until = eight + timedelta(hours=begins), eight + timedelta(hours=ends)
        nursing.plan_time_of(nurse_id=house.by(key).id, kind=kind, starts_at=from_, ends_at=until, by=manager)
    nursing.register_phone(name="Visit phone 1", by=nurse)
    nursing.hand_over_to(
        therapy_id=therapy_id,
        for_nurse=house.by("nurse3").id,
        situation="The line flushes slowly since this week.",
        assessment="No swelling, no pain, blood return weak.",
        recommendation="Flush slowly, look at the connector first; call the pharmacist if it stays.",
        by=nurse,
    )
    return 7
