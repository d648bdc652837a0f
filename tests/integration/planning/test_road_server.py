# SPDX-License-Identifier: Apache-2.0
"""Ways by road are asked of a server as OSRM answers: here a small one in this process."""
from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from openinfusion.kernel.refusal import Unavailable
from openinfusion.planning.adapters.road_server import ways_by_road
from openinfusion.planning.public import Place, read_problem

HOME, BASE = Place("home", "41.90", "-87.70", approximate=True), Place("base", "41.88", "-87.63")


class Roads:
    """What the server answers, and what it was asked."""

    def __init__(self) -> None:
        self.answer: Any = {"code": "Ok", "durations": [[0, 600.5], [599, 0]], "distances": [[0, 7012.9], [7100, 0]]}
        self.status, self.asked, self.address = 200, list[str](), ""


@pytest.fixture
def roads() -> Iterator[Roads]:
    held = Roads()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.asked.append(self.path)
            self.send_response(held.status)
            self.end_headers()
            self.wfile.write(held.answer if isinstance(held.answer, bytes) else json.dumps(held.answer).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    held.address = f"http://127.0.0.1:{server.server_port}/"
    yield held
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_table_is_asked_once_for_all_places_and_minutes_are_rounded_up(roads: Roads) -> None:
    ways = ways_by_road(roads.address, [HOME, BASE])
    assert roads.asked == ["/table/v1/driving/-87.70,41.90;-87.63,41.88?annotations=duration,distance"]
    assert ways.minutes == ((0, 11), (10, 0)) and ways.metres == ((0, 7012), (7100, 0))
    assert ways.approximate and ways.source == "road server"


@pytest.mark.parametrize("answer", [
    {"code": "NoTable"},
    {"code": "Ok", "durations": [[0, None], [1, 0]], "distances": [[0, 1], [1, 0]]},
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
