# SPDX-License-Identifier: Apache-2.0
"""Problem files: own JSON with every fault named, Solomon, VRPLIB, home care; local times at the clock change; ways."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.kernel.refusal import Malformed
from openinfusion.planning.public import (
    Effort,
    Place,
    minute_of,
    plan_document,
    plan_routes,
    read_problem,
    route_faults,
    said_of,
    travel_row,
    ways_between,
)

CHICAGO = ZoneInfo("America/Chicago")
FORWARD, BACK = date(2026, 3, 8), date(2026, 11, 1)

OWN: dict[str, Any] = {
    "format": "openinfusion/routes/1", "name": "Fictionville", "date": "2026-03-08", "zone": "America/Chicago",
    "places": [{"name": "pharmacy", "latitude": "41.8781", "longitude": "-87.6298"}, {"name": "Oak Street", "zip": "60629"}],
    "shifts": [{"name": "Ann", "start": "pharmacy", "begins": "01:00", "ends": "12:00", "overtime": 30, "licences": ["IL"],
                "capacity": [4], "breaks": [{"earliest": "06:00", "latest": "07:00", "lasts": 20}]}],
    "visits": [{"name": "v1", "place": "Oak Street", "lasts": 60, "windows": [["01:30", "03:30"], ["08:00", "09:00"]], "licence": "IL",
                "wished": ["01:30", "01:45"], "delivers": [1], "cold": 400, "prefers": ["Ann"]},
               {"name": "v2", "place": "Oak Street", "lasts": 30, "windows": [[420, 500]]}],
    "pairs": [], "pins": [{"visit": "v2", "at": 430}], "today": [{"visit": "v1", "person": "Ann", "starts": "03:15"}],
    "prices": {"late": 5},
}  # fmt: skip

SOLOMON = """C1

VEHICLE
NUMBER     CAPACITY
  2         20

CUSTOMER
CUST NO.   XCOORD.   YCOORD.    DEMAND   READY TIME   DUE DATE   SERVICE TIME

    0      0         0          0          0        230          0
    1      3         4          10         0        204          10
    2      1         1           7         0        202          10
"""

VRPLIB = """NAME: tiny
TYPE: MDVRPTW
EDGE_WEIGHT_TYPE: EUC_2D
DIMENSION: 4
VEHICLES: 2
CAPACITY: 200
VEHICLES_MAX_DURATION: 460
NODE_COORD_SECTION
1	0	0
2	1.5	0
3	1	1
4	0	2
DEMAND_SECTION
1	0
2	0
3	5
4	6
SERVICE_TIME_SECTION
1	0
2	0
3	3
4	4
TIME_WINDOW_SECTION
1	0	1000
2	0	1000
3	0	500
4	0	500
VEHICLES_DEPOT_SECTION
1	1
2	2
DEPOT_SECTION
1
2
-1
EOF
"""

HOME_CARE = {
    "patients": [
        {"id": "p1", "time_window": [0, 60], "required_caregivers": [{"service": "s1", "duration": 14.5}]},
        {"id": "p2", "time_window": [0, 60], "required_caregivers": [{"service": "s1"}, {"service": "s2"}], "synchronization": {"type": "simultaneous"}},
        {"id": "p3", "time_window": [0, 60], "required_caregivers": [{"service": "s1"}, {"service": "s1"}], "synchronization": {"type": "sequential", "distance": [10, 20]}},
    ],
    "services": [{"id": "s1", "default_duration": 10}, {"id": "s2", "default_duration": 5}],
    "caregivers": [{"id": "c1", "abilities": ["s1"]}, {"id": "c2", "abilities": ["s1", "s2"]}],
    "central_offices": [{"id": "d"}], "distances": [[0, 1.25, 2, 3], [1.25, 0, 1, 1], [2, 1, 0, 1], [3, 1, 1, 0]],
}  # fmt: skip


def own(**more: Any) -> str:
    return json.dumps(OWN | more)


def test_the_products_own_file_is_read_planned_checked_and_told_in_local_time() -> None:
    file = read_problem(own())
    assert file.kind == "openinfusion" and file.approximate and file.ways.startswith("great circle")
    plan = plan_routes(file.problem, Effort(1, 1, "insertion"))
    document = plan_document(file.problem, plan, route_faults(file.problem, plan), file.first, file.zone)
    assert document["check"] == {"passed": True, "faults": []} and document["unplaced"] == []
    calls = document["routes"][0]["calls"]
    assert calls[0]["starts"].startswith("2026-03-08T") and calls[1]["starts"] == "2026-03-08T08:10"


@pytest.mark.parametrize(("more", "path"), [
    ({"format": "other"}, "format"),
    ({"zone": "Nowhere/Land"}, "zone"),
    ({"surprise": 1}, "surprise"),
    ({"places": 5}, "places"),
    ({"places": [{"name": "pharmacy", "latitude": "1e3"}, {"name": "Oak Street"}]}, "places.0.latitude"),
    ({"shifts": [{"name": "", "start": "moon", "begins": "25:00", "ends": -1, "skills": "port", "capacity": 3, "fixed": True}]}, "shifts.0.start"),
    ({"shifts": [{"name": "Ann", "start": "pharmacy", "begins": "02:30", "ends": "12:00:30"}]}, "shifts.0.begins"),
    ({"visits": [{"name": "v", "place": "Oak Street", "lasts": 1, "windows": []}]}, "visits.0.windows"),
    ({"visits": [{"name": "v", "place": 5, "lasts": 1.5, "windows": [["08:00"]]}]}, "visits.0.lasts"),
    ({"prices": 3}, "prices"),
    ({"prices": {"late": -1, "cheap": 2}}, "prices.late"),
    ({"duration": [[0]], "distance": [[0, "1"], [1, 0]]}, "duration"),
    ({"pins": [], "places": [{"name": "pharmacy"}, {"name": "Oak Street", "zip": "00000"}]}, "places"),
])  # fmt: skip
def test_every_fault_of_a_file_is_named_with_its_path(more: dict[str, Any], path: str) -> None:
    with pytest.raises(Malformed) as no:
        read_problem(own(**more))
    assert path in [f.path for f in no.value.faults]


def test_ways_in_the_file_are_taken_as_they_are() -> None:
    file = read_problem(own(distance=[[0, 9], [9, 0]], duration=[[0, 7], [7, 0]]))
    assert file.ways == "the file" and file.problem.duration == ((0, 7), (7, 0))


@pytest.mark.parametrize("text", ["{", "{}", '{"a": NaN}', "[1]", "nothing", SOLOMON.replace("10         0", "x 0"), SOLOMON[:60],
                                  VRPLIB.replace("EUC_2D", "GEO"), VRPLIB.replace("CAPACITY: 200", ""), json.dumps(HOME_CARE | {"services": []})])
def test_what_is_no_problem_file_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read_problem(text)


def test_solomons_ways_are_cut_to_tenths() -> None:
    problem = read_problem(SOLOMON).problem
    assert problem.distance[0] == (0, 50, 14) and problem.ticks == 10 and len(problem.shifts) == 2
    assert plan_routes(problem, Effort(1, 1, "insertion")).cost.total == 50 + 36 + 14


def test_several_depots_have_their_vehicles_and_longest_days() -> None:
    problem = read_problem(VRPLIB).problem
    assert [(s.start, s.longest) for s in problem.shifts] == [(0, 460_000), (1, 460_000)]
    assert problem.distance[0][2] == 1414 and problem.visits[1].lasts == 4000
    single = VRPLIB.replace("DEPOT_SECTION\n1\n2\n-1", "DEPOT_SECTION\n1\n-1").replace("VEHICLES_DEPOT_SECTION\n1	1\n2	2\n", "")
    single = single.replace("SERVICE_TIME_SECTION\n1	0\n2	0\n3	3\n4	4\n", "").replace("VEHICLES_MAX_DURATION", "SERVICE_TIME")
    found = read_problem(single).problem
    assert found.ticks == 10 and found.visits[0].lasts == 4600 and [s.start for s in found.shifts] == [0, 0]


def test_home_care_is_three_parts_in_thousandths() -> None:
    problem = read_problem(json.dumps(HOME_CARE)).problem
    assert problem.visits[0].lasts == 14_500 and [(p.least, p.most) for p in problem.pairs] == [(0, 0), (10_000, 20_000)]
    plan = plan_routes(problem, Effort(1, 1, "insertion"))
    assert plan.unplaced == () and route_faults(problem, plan) == []


def test_the_day_the_clock_goes_forward_has_an_hour_less_and_the_other_one_more() -> None:
    assert minute_of("2026-03-09T00:00", FORWARD, CHICAGO) == 23 * 60
    assert minute_of("2026-11-02T00:00", BACK, CHICAGO) == 25 * 60
    assert minute_of("03:00", FORWARD, CHICAGO) == 120 and minute_of("01:59", FORWARD, CHICAGO) == 119
    assert said_of(120, FORWARD, CHICAGO) == "2026-03-08T03:00"
    assert minute_of("2026-11-01T01:30-05:00", BACK, CHICAGO) == 90 and minute_of("2026-11-01T01:30-06:00", BACK, CHICAGO) == 150
    assert said_of(150, BACK, CHICAGO) == "2026-11-01T01:30-06:00"


@pytest.mark.parametrize(("text", "day", "told"), [
    ("02:30", FORWARD, "does not exist"), ("01:30", BACK, "comes twice"), ("9 o'clock", BACK, "is no time"), ("09:30:15", BACK, "whole minutes"),
    ("2026-10-31T23:59", BACK, "before the first day"),
])  # fmt: skip
def test_a_local_time_that_nobody_can_tell_is_refused(text: str, day: date, told: str) -> None:
    with pytest.raises(Malformed, match=told):
        minute_of(text, day, CHICAGO)


@given(st.sampled_from([FORWARD, BACK, date(2026, 6, 1)]), st.integers(0, 3 * 1440))
def test_a_minute_said_and_read_is_the_same_minute(day: date, minute: int) -> None:
    assert minute_of(said_of(minute, day, CHICAGO), day, CHICAGO) == minute


def test_ways_grow_with_the_great_circle_and_no_row_is_no_answer() -> None:
    row = travel_row("somewhere", date(2026, 6, 1))
    line = [Place("a", "41.0", "-87.0"), Place("b", "41.01", "-87.0"), Place("c", "41.2", "-87.0"), Place("d", "42.0", "-87.0", True)]
    ways = ways_between(line, row)
    assert ways.metres[0] == (0, 1390, 27798, 138993) and ways.minutes[0] == (0, 5, 39, 122) and ways.approximate
    assert row.status == "unverified" and "assumption" in row.note
    with pytest.raises(Malformed):
        travel_row("", date(2020, 1, 1))
