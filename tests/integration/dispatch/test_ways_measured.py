# SPDX-License-Identifier: Apache-2.0
"""How long ways of a site take is read off the days that are over: what counts, what is left out and why, and who may set it."""
from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.town import METRES_A_MILE, Town, a_town

from openinfusion.delivery import public as delivery
from openinfusion.dispatch.queries.travel import TravelMeasured, travel_measured
from openinfusion.dispatch.queries.ways_seen import ways_driven
from openinfusion.kernel.rest import PlannedBreak, break_values
from openinfusion.nursing.models import NurseBreaks, SecondNurse
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.planning.public import NotCounted
from openinfusion.platform.clock import today
from openinfusion.platform.models import Entry
from openinfusion.sites import public as sites
from openinfusion.sites.models import SiteTravel

ZONE = ZoneInfo("America/Chicago")


def measured(town: Town) -> TravelMeasured:
    return travel_measured(town.site)


def reasons(town: Town) -> list[NotCounted | None]:
    return [w.why for w in measured(town).ways]


@pytest.fixture
def town(thread: Any) -> Town:
    bench = thread.bench
    return a_town(bench.site_id, thread.driver.id, thread.nurse.id, intake=bench.intake, administrator=bench.administrator)


def yesterday() -> date:
    return today("America/Chicago") - timedelta(days=1)


def test_a_drivers_way_is_from_the_end_of_a_stop_to_the_end_of_the_next_without_its_minutes(town: Town) -> None:
    day, opens = yesterday(), town.at(yesterday(), 8)
    town.route(day, (0, opens, town.at(day, 9)), (1, opens, town.at(day, 9, 20)), (3, opens, town.at(day, 9, 45)))
    one, two = measured(town).ways
    assert (one.minutes, one.line, one.why, one.way.who) == (12, 3336, None, "Dee Driver")
    assert (two.minutes, two.line, two.why) == (17, 6672, None)


def test_stops_of_two_routes_and_of_today_make_no_way(town: Town) -> None:
    day, opens = yesterday(), town.at(yesterday(), 8)
    town.route(day, (0, opens, town.at(day, 9)))
    town.route(day, (1, opens, town.at(day, 9, 20)))
    now_day = today("America/Chicago")
    town.route(now_day, (0, town.at(now_day, 0), town.at(now_day, 0, 1)), (1, town.at(now_day, 0), town.at(now_day, 0, 21)))
    assert measured(town).ways == ()


def test_who_had_time_to_wait_is_not_counted_whatever_it_took(town: Town) -> None:
    """The way of 3.3 km is assumed to take eleven minutes: who leaves six before the window opens can be there too soon."""
    day = yesterday()
    town.route(day, (0, town.at(day, 8), town.at(day, 8, 50)), (1, town.at(day, 9), town.at(day, 9, 20)))
    town.route(day, (0, town.at(day, 8), town.at(day, 8, 50)), (1, town.at(day, 9), town.at(day, 9, 8)))
    town.route(day, (0, town.at(day, 8), town.at(day, 8, 56)), (1, town.at(day, 9), town.at(day, 9, 20)))
    assert reasons(town) == [NotCounted.WAIT, NotCounted.WAIT, None]


def test_a_break_a_failed_stop_an_unknown_place_and_one_place_are_left_out(town: Town) -> None:
    day, opens = yesterday(), town.at(yesterday(), 8)
    rest = PlannedBreak(town.at(day, 9, 5), town.at(day, 9, 35), "lunch")
    ways = ((0, opens, town.at(day, 9)), (1, opens, town.at(day, 9, 20)))
    town.route(day, *ways, breaks=(rest,))
    town.route(day, *ways, failed=(2,))
    town.route(day, *ways, failed=(1,))  # he left a failed stop when it was noted
    town.route(day, (2, opens, town.at(day, 9)), (2, opens, town.at(day, 9, 20)))
    town.route(day, (0, opens, town.at(day, 9)), (1, opens, town.at(day, 10, 20)))
    town.route(day, (0, opens, town.at(day, 9)), (1, opens, town.at(day, 9, 9)))
    assert reasons(town) == [NotCounted.BREAK, NotCounted.UNOPENED, None, NotCounted.SAME, NotCounted.PAUSE, NotCounted.TOGETHER]
    later = PlannedBreak(town.at(day, 9, 20), town.at(day, 9, 50), "lunch")
    town.route(day, *ways, breaks=(later,))
    assert reasons(town)[-1] is None


def test_a_place_nobody_knows_is_left_out(town: Town, thread: Any) -> None:
    day, opens = yesterday(), town.at(yesterday(), 8)
    by = thread.bench.intake
    lost = patients.register(demographics=Demographics(
        "Nowhere", "Bo", date(1970, 1, 1), Sex.MALE, Address("1 Sample Way", "", "Springfield", "IL", "00000")), by=by)  # fmt: skip
    town.homes.append(lost)
    town.route(day, (0, opens, town.at(day, 9)), (4, opens, town.at(day, 9, 20)))
    assert reasons(town) == [NotCounted.PLACE]


def test_a_nurses_way_is_from_the_end_of_a_visit_to_the_begin_of_her_next(town: Town) -> None:
    day = yesterday()
    town.visit(0, town.at(day, 9), town.at(day, 10))
    town.visit(1, town.at(day, 10, 14), town.at(day, 11), town.at(day, 10))
    town.visit(2, town.at(day, 12), town.at(day, 13), town.at(day, 12))  # an hour until it was to begin
    town.visit(3, town.at(day, 13, 9), town.at(day, 14), town.at(day, 13), nurse=town.driver)  # somebody else
    earlier = day - timedelta(days=1)
    town.visit(3, town.at(earlier, 15), town.at(earlier, 16))  # the way from one day to the next is none
    found = measured(town).ways
    assert [(w.minutes, w.line, w.why) for w in found] == [(14, 3336, None), (60, 3336, NotCounted.WAIT)]


def test_her_break_a_missed_visit_and_a_suite_between_are_left_out(town: Town) -> None:
    day = yesterday()
    NurseBreaks.objects.create(
        nurse=town.nurse, nurse_name="Nia Nurse", site_id=town.site, day=day,
        breaks=break_values([PlannedBreak(town.at(day, 10, 5), town.at(day, 10, 35), "meal")]),
    )  # fmt: skip
    town.visit(0, town.at(day, 9), town.at(day, 10))
    town.visit(1, town.at(day, 10, 14), town.at(day, 11), town.at(day, 10))
    missed = {"state": "missed", "started_at": None, "ended_at": None}
    town.visit(2, town.at(day, 11, 10), town.at(day, 11, 40), **missed)
    town.visit(3, town.at(day, 11, 40), town.at(day, 12), town.at(day, 11))
    town.visit(0, town.at(day, 12, 20), town.at(day, 13), town.at(day, 12), in_suite=True)
    assert reasons(town) == [NotCounted.BREAK, NotCounted.BETWEEN, NotCounted.BETWEEN]


def test_the_second_nurse_of_a_visit_drove_there_too(town: Town) -> None:
    day, other = yesterday(), town.driver
    town.visit(0, town.at(day, 9), town.at(day, 10), nurse=other)
    pair = town.visit(1, town.at(day, 10, 13), town.at(day, 11), town.at(day, 10))
    second = SecondNurse.objects.create(visit=pair, patient_id=town.homes[1], why="turning", nurse=other, nurse_name="Oda Other",
                                        asker_name="x", signed_at=town.at(day, 11))  # fmt: skip
    for state in ("offered", "accepted"):
        SecondNurse.objects.filter(pk=second.pk).update(state=state)
    assert measured(town).ways == ()  # nobody knows yet that she was there
    SecondNurse.objects.filter(pk=second.pk).update(state="present")
    (way,) = measured(town).ways
    assert (way.way.who, way.minutes, way.why) == ("Oda Other", 13, None)


def test_the_factor_is_miles_by_the_great_circles_from_the_site_and_back(town: Town) -> None:
    day = yesterday()
    # the site, 3 hundredths north, 9 hundredths north, and back: 20,014 m
    town.visit(1, town.at(day, 9), town.at(day, 10), miles="8.0")
    town.visit(3, town.at(day, 10, 30), town.at(day, 11), miles="9.4")
    (found,) = measured(town).days
    assert found.why is None and abs(found.line - 20015) <= 3 and found.miles == Decimal("17.4")
    assert abs(found.miles * METRES_A_MILE / found.line - Decimal("1.4")) < Decimal("0.001")


def test_a_day_with_a_visit_without_miles_in_a_suite_or_of_another_base_has_no_factor(town: Town) -> None:
    days = [yesterday() - timedelta(days=n) for n in range(3)]
    for n, day in enumerate(days):
        town.visit(1, town.at(day, 9), town.at(day, 10), miles="8.0")
        town.visit(3, town.at(day, 10, 30), town.at(day, 11), miles=None if n == 0 else "9.4", in_suite=n == 1)
    left = dict(measured(town).days_left)
    assert left == {"a visit of the day has no miles": 1, "the day led to another site, into a suite, or began at another one": 1}


def test_what_was_measured_stands_beside_what_is_in_force_with_its_errors(town: Town) -> None:
    town.quarter("1.44")
    m = measured(town)
    fitted = m.fitted
    assert m.counted == 88 and fitted.days == 44 and fitted.factor.offered and abs(fitted.factor.use - Decimal("1.44")) < Decimal("0.01")
    near, mid, far = (b.speed for b in fitted.bands)
    # 6,672 m × 1.437 = 9,587 m: the band from 5 km on; 24 minutes less 2 to park and 10 for the first 5 km leave 12 for 4.6 km
    assert (near.offered, mid.offered, far.offered) == (False, True, False) and mid.value == 23
    assert fitted.before is not None and fitted.after is not None and fitted.before.ways == fitted.after.ways
    assert fitted.after.median < 1 < fitted.before.median
    assert SiteTravel.objects.count() == 0  # nothing is taken over by itself


def test_the_page_offers_what_was_measured_and_a_manager_uses_it(town: Town, thread: Any, browse: Callable[..., Any]) -> None:
    town.quarter("1.44")
    manager, url = browse(thread.manager), f"/dispatch/ways/?site={town.site}"
    page = manager.get(url).content.decode()
    assert "great circle" in page and "what is in force stays" in page and 'value="23"' in page and "not better" not in page
    tomorrow = today("America/Chicago") + timedelta(days=1)
    said = {"effective_from": tomorrow.isoformat(), "factor": "1.44", "park_minutes": "2", "near_km": "5", "near_kmh": "30",
            "mid_km": "25", "mid_kmh": "23", "far_kmh": "80", "source": "measured"}
    before = Entry.objects.count()
    for wrong in ({"mid_kmh": "3"}, {"factor": "3"}, {"mid_km": "4"}, {"source": ""}, {"effective_from": "2020-01-01"}, {"factor": "1,4"}):
        assert manager.post(f"/dispatch/ways/{town.site}/set/", said | wrong, headers={"HX-Request": "true"}).status_code == 422, wrong
    assert not SiteTravel.objects.exists() and Entry.objects.count() == before
    assert manager.post(f"/dispatch/ways/{town.site}/set/", said).status_code == 302
    assert delivery.travel_at(town.site, tomorrow).bands[1] == (25000, 23)
    assert "set by" in manager.get(url).content.decode()


def test_who_may_only_look_sees_no_form_and_who_does_not_plan_sees_nothing(town: Town, thread: Any, browse: Callable[..., Any]) -> None:
    url = f"/dispatch/ways/?site={town.site}"
    page = browse(thread.warehouse).get(url).content.decode()
    assert "A nurse manager or a pharmacist sets them" in page and "Use them" not in page and "too few" in page
    assert browse(thread.driver).get(url).status_code in (302, 403)
    answer = browse(thread.warehouse).post(f"/dispatch/ways/{town.site}/set/", {
        "effective_from": today("America/Chicago").isoformat(), "factor": "1.4", "park_minutes": "2", "near_km": "5", "near_kmh": "30",
        "mid_km": "25", "mid_kmh": "23", "far_kmh": "80", "source": "measured"}, headers={"HX-Request": "true"})  # fmt: skip
    assert answer.status_code in (403, 409) and not SiteTravel.objects.exists()


def test_every_way_stands_in_the_csv_and_no_patient(town: Town, thread: Any, browse: Callable[..., Any]) -> None:
    day, opens = yesterday(), town.at(yesterday(), 8)
    town.route(day, (0, opens, town.at(day, 9)), (1, opens, town.at(day, 9, 20)), (1, opens, town.at(day, 9, 40)))
    text = browse(thread.warehouse).get(f"/dispatch/ways/ways.csv?site={town.site}").content.decode()
    head, one, two = csv.reader(io.StringIO(text))
    assert dict(zip(head, one, strict=True)) | {"left": "", "reached": ""} == {
        "day": day.isoformat(), "who": "Dee Driver", "left": "", "reached": "", "minutes": "12.0", "metres as the crow flies": "3336",
        "assumed minutes": "11", "approximate": "", "left out": "",
    }
    assert two[-1] == NotCounted.SAME.value and "Fictional" not in text.upper() and "FICTIONAL" not in text


def test_by_the_api(town: Town, thread: Any, browse: Callable[..., Any]) -> None:
    town.quarter("1.44")
    found = browse(thread.warehouse).get(f"/api/dispatch/ways/{town.site}").json()
    assert found["counted"] == 88 and found["bands"][1]["speed"]["value"] == "23" and found["bands"][1]["speed"]["offered"]
    assert found["status"] == "unverified" and found["before"]["ways"] == found["after"]["ways"] > 0
    assert browse(thread.nurse).get(f"/api/dispatch/ways/{town.site}").status_code == 403


def test_the_ways_of_another_site_are_not_this_ones(town: Town, thread: Any) -> None:
    day, opens = yesterday(), town.at(yesterday(), 8)
    town.route(day, (0, opens, town.at(day, 9)), (1, opens, town.at(day, 9, 20)))
    other = sites.open_site(name="Elsewhere", kind="pharmacy", timezone="America/Chicago", by=thread.bench.administrator, details={
        "legal_name": "Elsewhere", "npi": "1", "tax_id": "1", "taxonomy": "1", "street": "1", "city": "Springfield", "state_code": "IL",
        "zip_code": "62701", "phone": "1"})  # fmt: skip
    assert ways_driven(other, day, day) == [] and len(ways_driven(town.site, day, day)) == 1
    assert travel_measured(other).ways == ()
