# SPDX-License-Identifier: Apache-2.0
"""How long ways of a site take is read off the days that are over: what counts, what is left out and why, and who may set it."""
from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import ComingBack, DeliveryRoute, Stop
from openinfusion.dispatch.queries.travel import TravelMeasured, travel_measured
from openinfusion.dispatch.queries.ways_seen import ways_driven
from openinfusion.kernel.position import read_position
from openinfusion.kernel.rest import PlannedBreak, break_values
from openinfusion.nursing.models import Mileage, NurseBreaks, NurseVisit, SecondNurse
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.planning.public import NotCounted
from openinfusion.platform.clock import today
from openinfusion.platform.models import Entry
from openinfusion.sites import public as sites
from openinfusion.sites.models import SiteTravel
from openinfusion.therapy import public as therapy

ZONE = ZoneInfo("America/Chicago")
METRES_A_MILE = Decimal("1609.344")


@dataclass
class Town:
    """Homes in a line to the north, three hundredths of a degree (3,336 m) apart, the site at the first place."""

    thread: Any
    homes: list[UUID]
    courses: list[UUID]
    number: int = 0

    @property
    def site(self) -> UUID:
        return UUID(str(self.thread.bench.site_id))

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), ZONE)

    def route(self, day: date, *stops: tuple[int, datetime, datetime], breaks: tuple[PlannedBreak, ...] = (),
              failed: tuple[int, ...] = ()) -> None:  # fmt: skip
        """Homes with when the window opened and when the stop was done; each was to take eight minutes."""
        self.number += 1
        row = DeliveryRoute.objects.create(
            site_id=self.site, day=day, name=f"R{self.number}", driver=self.thread.driver.id, driver_name="Dee Driver",
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
        who = nurse or self.thread.nurse.id
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

    def measured(self) -> TravelMeasured:
        return travel_measured(self.site)

    def reasons(self) -> list[NotCounted | None]:
        return [w.why for w in self.measured().ways]


@pytest.fixture
def town(thread: Any) -> Town:
    by, homes, courses = thread.bench.intake, [], []
    for n in range(4):
        address = Address(f"{n} Sample Way", "", "Springfield", "IL", "62701")
        homes.append(patients.register(demographics=Demographics(f"Fictional{n}", "Bo", date(1960, 1, 1 + n), Sex.MALE, address), by=by))
        point = read_position(f"{39.80 + n * 0.03:.2f}, -89.65")
        patients.locate_home(patient_id=homes[n], point=point, how="map", reason="a sample", by=by)
        courses.append(therapy.begin_therapy(
            patient_id=homes[n], drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=thread.bench.site_id,
            prescriber="Lena Fictional, MD", start_on=today("America/Chicago"), by=by,
        ))  # fmt: skip
    sites.locate_site(site_id=thread.bench.site_id, point=read_position("39.80, -89.65"), by=thread.bench.administrator)
    return Town(thread, homes, courses)


def yesterday() -> date:
    return today("America/Chicago") - timedelta(days=1)


def test_a_drivers_way_is_from_the_end_of_a_stop_to_the_end_of_the_next_without_its_minutes(town: Town) -> None:
    day, opens = yesterday(), town.at(yesterday(), 8)
    town.route(day, (0, opens, town.at(day, 9)), (1, opens, town.at(day, 9, 20)), (3, opens, town.at(day, 9, 45)))
    one, two = town.measured().ways
    assert (one.minutes, one.line, one.why, one.way.who) == (12, 3336, None, "Dee Driver")
    assert (two.minutes, two.line, two.why) == (17, 6672, None)


def test_stops_of_two_routes_and_of_today_make_no_way(town: Town) -> None:
    day, opens = yesterday(), town.at(yesterday(), 8)
    town.route(day, (0, opens, town.at(day, 9)))
    town.route(day, (1, opens, town.at(day, 9, 20)))
    now_day = today("America/Chicago")
    town.route(now_day, (0, town.at(now_day, 0), town.at(now_day, 0, 1)), (1, town.at(now_day, 0), town.at(now_day, 0, 21)))
    assert town.measured().ways == ()


def test_who_had_time_to_wait_is_not_counted_whatever_it_took(town: Town) -> None:
    """The way of 3.3 km is assumed to take eleven minutes: who leaves six before the window opens can be there too soon."""
    day = yesterday()
    town.route(day, (0, town.at(day, 8), town.at(day, 8, 50)), (1, town.at(day, 9), town.at(day, 9, 20)))
    town.route(day, (0, town.at(day, 8), town.at(day, 8, 50)), (1, town.at(day, 9), town.at(day, 9, 8)))
    town.route(day, (0, town.at(day, 8), town.at(day, 8, 56)), (1, town.at(day, 9), town.at(day, 9, 20)))
    assert town.reasons() == [NotCounted.WAIT, NotCounted.WAIT, None]


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
    assert town.reasons() == [NotCounted.BREAK, NotCounted.UNOPENED, None, NotCounted.SAME, NotCounted.PAUSE, NotCounted.TOGETHER]
    later = PlannedBreak(town.at(day, 9, 20), town.at(day, 9, 50), "lunch")
    town.route(day, *ways, breaks=(later,))
    assert town.reasons()[-1] is None


def test_a_place_nobody_knows_is_left_out(town: Town) -> None:
    day, opens = yesterday(), town.at(yesterday(), 8)
    by = town.thread.bench.intake
    lost = patients.register(demographics=Demographics(
        "Nowhere", "Bo", date(1970, 1, 1), Sex.MALE, Address("1 Sample Way", "", "Springfield", "IL", "00000")), by=by)  # fmt: skip
    town.homes.append(lost)
    town.route(day, (0, opens, town.at(day, 9)), (4, opens, town.at(day, 9, 20)))
    assert town.reasons() == [NotCounted.PLACE]


def test_a_nurses_way_is_from_the_end_of_a_visit_to_the_begin_of_her_next(town: Town) -> None:
    day = yesterday()
    town.visit(0, town.at(day, 9), town.at(day, 10))
    town.visit(1, town.at(day, 10, 14), town.at(day, 11), town.at(day, 10))
    town.visit(2, town.at(day, 12), town.at(day, 13), town.at(day, 12))  # an hour until it was to begin
    town.visit(3, town.at(day, 13, 9), town.at(day, 14), town.at(day, 13), nurse=town.thread.driver.id)  # somebody else
    earlier = day - timedelta(days=1)
    town.visit(3, town.at(earlier, 15), town.at(earlier, 16))  # the way from one day to the next is none
    found = town.measured().ways
    assert [(w.minutes, w.line, w.why) for w in found] == [(14, 3336, None), (60, 3336, NotCounted.WAIT)]


def test_her_break_a_missed_visit_and_a_suite_between_are_left_out(town: Town) -> None:
    day = yesterday()
    NurseBreaks.objects.create(
        nurse=town.thread.nurse.id, nurse_name="Nia Nurse", site_id=town.site, day=day,
        breaks=break_values([PlannedBreak(town.at(day, 10, 5), town.at(day, 10, 35), "meal")]),
    )  # fmt: skip
    town.visit(0, town.at(day, 9), town.at(day, 10))
    town.visit(1, town.at(day, 10, 14), town.at(day, 11), town.at(day, 10))
    missed = {"state": "missed", "started_at": None, "ended_at": None}
    town.visit(2, town.at(day, 11, 10), town.at(day, 11, 40), **missed)
    town.visit(3, town.at(day, 11, 40), town.at(day, 12), town.at(day, 11))
    town.visit(0, town.at(day, 12, 20), town.at(day, 13), town.at(day, 12), in_suite=True)
    assert town.reasons() == [NotCounted.BREAK, NotCounted.BETWEEN, NotCounted.BETWEEN]


def test_the_second_nurse_of_a_visit_drove_there_too(town: Town) -> None:
    day, other = yesterday(), town.thread.driver.id
    town.visit(0, town.at(day, 9), town.at(day, 10), nurse=other)
    pair = town.visit(1, town.at(day, 10, 13), town.at(day, 11), town.at(day, 10))
    second = SecondNurse.objects.create(visit=pair, patient_id=town.homes[1], why="turning", nurse=other, nurse_name="Oda Other",
                                        asker_name="x", signed_at=town.at(day, 11))  # fmt: skip
    for state in ("offered", "accepted"):
        SecondNurse.objects.filter(pk=second.pk).update(state=state)
    assert town.measured().ways == ()  # nobody knows yet that she was there
    SecondNurse.objects.filter(pk=second.pk).update(state="present")
    (way,) = town.measured().ways
    assert (way.way.who, way.minutes, way.why) == ("Oda Other", 13, None)


def test_the_factor_is_miles_by_the_great_circles_from_the_site_and_back(town: Town) -> None:
    day = yesterday()
    # the site, 3 hundredths north, 9 hundredths north, and back: 20,014 m
    town.visit(1, town.at(day, 9), town.at(day, 10), miles="8.0")
    town.visit(3, town.at(day, 10, 30), town.at(day, 11), miles="9.4")
    (found,) = town.measured().days
    assert found.why is None and abs(found.line - 20015) <= 3 and found.miles == Decimal("17.4")
    assert abs(found.miles * METRES_A_MILE / found.line - Decimal("1.4")) < Decimal("0.001")


def test_a_day_with_a_visit_without_miles_in_a_suite_or_of_another_base_has_no_factor(town: Town) -> None:
    days = [yesterday() - timedelta(days=n) for n in range(3)]
    for n, day in enumerate(days):
        town.visit(1, town.at(day, 9), town.at(day, 10), miles="8.0")
        town.visit(3, town.at(day, 10, 30), town.at(day, 11), miles=None if n == 0 else "9.4", in_suite=n == 1)
    left = dict(town.measured().days_left)
    assert left == {"a visit of the day has no miles": 1, "the day led to another site, into a suite, or began at another one": 1}


def a_quarter(town: Town, *, driven: str = "1.44") -> None:
    """Forty-four days on which homes 10 km apart by the assumed road take 24 minutes, and miles that say 1.44."""
    for n in range(1, 45):
        day = today("America/Chicago") - timedelta(days=n)
        opens = town.at(day, 6)
        town.route(day, (0, opens, town.at(day, 9)), (2, opens, town.at(day, 9, 32)), (0, opens, town.at(day, 10, 4)))
        miles = (Decimal("13344") * Decimal(driven) / METRES_A_MILE).quantize(Decimal("0.1"))
        town.visit(2, town.at(day, 14), town.at(day, 15), miles=str(miles))


def test_what_was_measured_stands_beside_what_is_in_force_with_its_errors(town: Town) -> None:
    a_quarter(town)
    m = town.measured()
    fitted = m.fitted
    assert m.counted == 88 and fitted.days == 44 and fitted.factor.offered and abs(fitted.factor.use - Decimal("1.44")) < Decimal("0.01")
    near, mid, far = (b.speed for b in fitted.bands)
    # 6,672 m × 1.437 = 9,587 m: the band from 5 km on; 24 minutes less 2 to park and 10 for the first 5 km leave 12 for 4.6 km
    assert (near.offered, mid.offered, far.offered) == (False, True, False) and mid.value == 23
    assert fitted.before is not None and fitted.after is not None and fitted.before.ways == fitted.after.ways
    assert fitted.after.median < 1 < fitted.before.median
    assert SiteTravel.objects.count() == 0  # nothing is taken over by itself


def test_the_page_offers_what_was_measured_and_a_manager_uses_it(town: Town, browse: Callable[..., Any]) -> None:
    a_quarter(town)
    manager, url = browse(town.thread.manager), f"/dispatch/ways/?site={town.site}"
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


def test_who_may_only_look_sees_no_form_and_who_does_not_plan_sees_nothing(town: Town, browse: Callable[..., Any]) -> None:
    url = f"/dispatch/ways/?site={town.site}"
    page = browse(town.thread.warehouse).get(url).content.decode()
    assert "A nurse manager or a pharmacist sets them" in page and "Use them" not in page and "too few" in page
    assert browse(town.thread.driver).get(url).status_code in (302, 403)
    answer = browse(town.thread.warehouse).post(f"/dispatch/ways/{town.site}/set/", {
        "effective_from": today("America/Chicago").isoformat(), "factor": "1.4", "park_minutes": "2", "near_km": "5", "near_kmh": "30",
        "mid_km": "25", "mid_kmh": "23", "far_kmh": "80", "source": "measured"}, headers={"HX-Request": "true"})  # fmt: skip
    assert answer.status_code in (403, 409) and not SiteTravel.objects.exists()


def test_every_way_stands_in_the_csv_and_no_patient(town: Town, browse: Callable[..., Any]) -> None:
    day, opens = yesterday(), town.at(yesterday(), 8)
    town.route(day, (0, opens, town.at(day, 9)), (1, opens, town.at(day, 9, 20)), (1, opens, town.at(day, 9, 40)))
    text = browse(town.thread.warehouse).get(f"/dispatch/ways/ways.csv?site={town.site}").content.decode()
    head, one, two = csv.reader(io.StringIO(text))
    assert dict(zip(head, one, strict=True)) | {"left": "", "reached": ""} == {
        "day": day.isoformat(), "who": "Dee Driver", "left": "", "reached": "", "minutes": "12.0", "metres as the crow flies": "3336",
        "assumed minutes": "11", "approximate": "", "left out": "",
    }
    assert two[-1] == NotCounted.SAME.value and "Fictional" not in text.upper() and "FICTIONAL" not in text


def test_by_the_api(town: Town, browse: Callable[..., Any]) -> None:
    a_quarter(town)
    found = browse(town.thread.warehouse).get(f"/api/dispatch/ways/{town.site}").json()
    assert found["counted"] == 88 and found["bands"][1]["speed"]["value"] == "23" and found["bands"][1]["speed"]["offered"]
    assert found["status"] == "unverified" and found["before"]["ways"] == found["after"]["ways"] > 0
    assert browse(town.thread.nurse).get(f"/api/dispatch/ways/{town.site}").status_code == 403


def test_the_ways_of_another_site_are_not_this_ones(town: Town) -> None:
    day, opens = yesterday(), town.at(yesterday(), 8)
    town.route(day, (0, opens, town.at(day, 9)), (1, opens, town.at(day, 9, 20)))
    other = sites.open_site(name="Elsewhere", kind="pharmacy", timezone="America/Chicago", by=town.thread.bench.administrator, details={
        "legal_name": "Elsewhere", "npi": "1", "tax_id": "1", "taxonomy": "1", "street": "1", "city": "Springfield", "state_code": "IL",
        "zip_code": "62701", "phone": "1"})  # fmt: skip
    assert ways_driven(other, day, day) == [] and len(ways_driven(town.site, day, day)) == 1
    assert travel_measured(other).ways == ()
