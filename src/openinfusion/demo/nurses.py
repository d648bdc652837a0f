# SPDX-License-Identifier: Apache-2.0
"""The nurses' corner of the demonstration: an agency, homes, tomorrow's time off, visits week by week, a phone, a note."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openinfusion.demo.staff import House
from openinfusion.nursing import public as nursing
from openinfusion.platform.clock import now
from openinfusion.therapy import public as therapy

HOMES = (("nurse", "62704"), ("nurse2", "62561"))
# When patients would like their weekly visit: from, by.
WISHES = ((time(9), time(11)), (None, time(9, 30)), (time(13), time(15)))


def nurses_today(house: House, zone: ZoneInfo, orders: list[therapy.PrescriptionFact]) -> int:
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
        over = 30 if kind == "works" else 0
        nursing.plan_time_of(
            nurse_id=house.by(key).id, kind=kind, starts_at=from_, ends_at=until, overtime_minutes=over, by=manager,
        )  # fmt: skip
    for key, zip_code in HOMES:
        nursing.keep_home(nurse_id=house.by(key).id, zip_code=zip_code, by=manager)
    asked = _week_by_week(house, orders, day + timedelta(days=1))
    nursing.register_phone(name="Visit phone 1", by=nurse)
    nursing.hand_over_to(
        therapy_id=orders[0].therapy_id,
        for_nurse=house.by("nurse3").id,
        situation="The line flushes slowly since this week.",
        assessment="No swelling, no pain, blood return weak.",
        recommendation="Flush slowly, look at the connector first; call the pharmacist if it stays.",
        by=nurse,
    )
    return 7 + len(HOMES) + asked


def _week_by_week(house: House, orders: list[therapy.PrescriptionFact], day: date) -> int:
    """Three patients of the first pharmacy have their line looked after every week, at the hour they wish; how many acts."""
    courses, site_id = therapy.therapies_by_id([o.therapy_id for o in orders]), house.sites["north"]
    mine = list(dict.fromkeys(o.therapy_id for o in orders if courses[o.therapy_id].site_id == site_id))
    for therapy_id, (wished_from, wished_by) in zip(mine[1:], WISHES, strict=False):
        nursing.request_series(
            therapy_id=therapy_id, purpose="dressing change", visit_type="line_care", infuses=False, times=3, every_days=7,
            earliest_on=day, latest_on=day, wished_from=wished_from, wished_by=wished_by, by=house.by("nurse_manager"),
        )  # fmt: skip
    return min(len(mine[1:]), len(WISHES))
