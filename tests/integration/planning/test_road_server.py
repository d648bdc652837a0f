# SPDX-License-Identifier: Apache-2.0
"""Ways by road are asked of a server as OSRM answers: here a small one in this process."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.roads import Roads, a_road_server

from openinfusion.kernel.refusal import Unavailable
from openinfusion.planning.adapters import road_server
from openinfusion.planning.adapters.road_server import RoadServer, ways_by_road
from openinfusion.planning.public import Place, read_problem

HOME, BASE = Place("home", "41.90", "-87.70", approximate=True), Place("base", "41.88", "-87.63")


TWO = {"code": "Ok", "durations": [[0, 600.5], [599, 0]], "distances": [[0, 7012.9], [7100, 0]]}


@pytest.fixture
def roads() -> Iterator[Roads]:
    with a_road_server() as held:
        held.answer = TWO
        yield held


def test_the_table_is_asked_once_for_all_places_and_minutes_are_rounded_up(roads: Roads) -> None:
    ways = ways_by_road(roads.address, [HOME, BASE])
    assert roads.asked == ["/table/v1/driving/-87.70,41.90;-87.63,41.88?annotations=duration,distance"]
    assert ways.minutes == ((0, 11), (10, 0)) and ways.metres == ((0, 7012), (7100, 0))
    assert ways.approximate and ways.source == "road server"


@pytest.mark.parametrize("answer", [
    {"code": "NoTable"},
    {"code": "Ok", "durations": [[0, None], [1, 0]], "distances": [[0, 1], [1, 0]]},
    {"code": "Ok", "durations": [[0, 1], [1, 0]]},
    {"code": "Ok", "durations": [[0, 1]], "distances": [[0, 1]]},
    {"code": "Ok", "durations": [[0, "1"], [1, 0]], "distances": [[0, 1], [1, 0]]},
    {"code": "Ok", "durations": [[0, -1], [1, 0]], "distances": [[0, 1], [1, 0]]},
    {"code": "Ok", "durations": [[0, 10**30], [1, 0]], "distances": [[0, 1], [1, 0]]},
    b'{"code": "Ok", "durations": [[0, NaN], [1, 0]], "distances": [[0, 1], [1, 0]]}',
    b'{"code": "Ok", "durations": [[0, 1e400], [1, 0]], "distances": [[0, 1], [1, 0]]}',
    ["Ok"],
    b"not json",
])
def test_no_way_or_no_sense_is_said_and_nothing_is_guessed(roads: Roads, answer: Any) -> None:
    roads.answer = answer
    with pytest.raises(Unavailable, match="road server"):
        ways_by_road(roads.address, [HOME, BASE])


def test_an_error_of_the_server_and_an_address_that_is_none_are_unavailable(roads: Roads) -> None:
    roads.status = 500
    with pytest.raises(Unavailable, match="does not answer"):
        ways_by_road(roads.address, [HOME, BASE])
    with pytest.raises(Unavailable, match="no web address"):
        ways_by_road("ftp://roads.example.org", [HOME, BASE])


def test_a_problem_file_without_ways_gets_them_from_the_server(roads: Roads) -> None:
    document = {
        "format": "openinfusion/routes/1", "date": "2026-03-02", "zone": "America/Chicago",
        "places": [{"name": "base", "latitude": "41.88", "longitude": "-87.63"}, {"name": "home", "latitude": "41.90", "longitude": "-87.70"}],
        "shifts": [{"name": "Ana", "person": "Ana", "start": "base", "begins": "08:00", "ends": "16:00"}],
        "visits": [{"name": "V1", "place": "home", "lasts": 30, "windows": [["08:00", "12:00"]]}],
    }
    problem = read_problem(json.dumps(document), roads.address).problem
    assert problem.duration[0][1] == 11 and len(roads.asked) == 1


def test_more_places_than_a_server_takes_are_asked_in_blocks_and_stand_where_they_belong(roads: Roads) -> None:
    roads.answer = None
    places = [Place(str(n), f"41.{n:03d}", "-87.63") for n in range(120)]
    ways = ways_by_road(roads.address, places)
    assert len(roads.asked) == 9 and all(path.split("?")[0].count(";") < 100 for path in roads.asked)
    for a, b in ((0, 119), (119, 0), (7, 63), (110, 49), (55, 55)):
        assert ways.minutes[a][b] == -(-abs(a - b) * 12 // 60) and abs(ways.metres[a][b] - abs(a - b) * 150) <= 1


def test_one_block_that_is_not_answered_leaves_no_table(roads: Roads) -> None:
    roads.answer, roads.most = None, 60
    with pytest.raises(Unavailable, match="finds no way"):
        ways_by_road(roads.address, [Place(str(n), f"41.{n:03d}", "-87.63") for n in range(120)])


def test_a_server_that_does_not_answer_is_not_asked_again_for_a_minute(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(road_server.time, "monotonic", lambda: clock[0])
    server, roads.status = RoadServer(roads.address), 503
    for _ in range(3):
        with pytest.raises(Unavailable, match="did not answer|does not answer"):
            server.ways([HOME, BASE])
    assert len(roads.asked) == 1
    clock[0], roads.status = 1061.0, 200
    assert server.ways([HOME, BASE]).minutes == ((0, 11), (10, 0)) and len(roads.asked) == 2


def test_a_slow_answer_is_taken_and_the_next_one_is_not_waited_for(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(road_server, "SLOW", 0.1)
    server, roads.wait = RoadServer(roads.address), 0.3
    assert server.ways([HOME, BASE]).metres[0][1] == 7012
    with pytest.raises(Unavailable, match="in time a moment ago"):
        server.ways([HOME, BASE])
    assert len(roads.asked) == 1


def test_a_place_the_server_does_not_know_keeps_it_for_the_others(roads: Roads) -> None:
    server, roads.status = RoadServer(roads.address), 400
    with pytest.raises(Unavailable, match="finds no way"):
        server.ways([HOME, BASE])
    roads.status = 200
    assert server.ways([HOME, BASE]).metres[0][1] == 7012


def test_nobody_waits_for_a_slow_server_longer_than_a_few_seconds(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(road_server, "HURRIED", 0.2)
    roads.wait = 1.5
    began = road_server.time.monotonic()
    with pytest.raises(Unavailable, match="does not answer"):
        RoadServer(roads.address).ways([HOME, BASE])
    assert road_server.time.monotonic() - began < 1.2


def test_homes_are_not_sent_where_the_server_points_to(roads: Roads) -> None:
    with a_road_server() as other:
        roads.status, roads.elsewhere = 302, f"{other.address}table"
        with pytest.raises(Unavailable):
            ways_by_road(roads.address, [HOME, BASE])
        assert not other.asked


def test_only_coordinates_are_sent(roads: Roads) -> None:
    ways_by_road(roads.address, [Place("Amara Sampleton", "41.90", "-87.70"), BASE])
    assert "Amara" not in "".join(roads.asked) and "base" not in "".join(roads.asked)
