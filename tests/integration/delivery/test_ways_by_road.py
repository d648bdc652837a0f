# SPDX-License-Identifier: Apache-2.0
"""Ways of routes and plans come by one door: the road server where one is set and answers, else the great circle, said."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.roads import Roads, a_road_server

from openinfusion.delivery import public as delivery
from openinfusion.dispatch import public as dispatch
from openinfusion.dispatch.models import DayPlan
from openinfusion.kernel.refusal import Malformed
from openinfusion.nursing import public as nursing
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now, today
from openinfusion.platform.environment import environment

ZONE = "America/Chicago"
PLACES = [planning.Place("a", "41.00", "-87.63"), planning.Place("b", "41.10", "-87.63"), planning.Place("c", "41.10", "-87.63")]


def table(seconds: int) -> dict[str, Any]:
    """Two places so far from each other."""
    return {"code": "Ok", "durations": [[0, seconds], [seconds, 0]], "distances": [[0, 40000], [40000, 0]]}


@pytest.fixture
def roads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Roads]:
    with a_road_server() as held:
        monkeypatch.setattr(environment(), "road_server", held.address)
        yield held


def test_the_road_servers_ways_have_the_minutes_to_park_and_none_where_nothing_is_driven(thread: Any, roads: Roads) -> None:
    ways = delivery.ways_at(thread.bench.site_id, today(ZONE), PLACES)
    assert ways.minutes == ((0, 22, 22), (22, 0, 0), (22, 0, 0))  # twenty by road, two to park; b and c are one address
    assert ways.metres[0][1] == 15000 and ways.source == "road server, and 2 min to park"


def test_without_an_answer_the_great_circle_stands_in_and_says_so(thread: Any, roads: Roads) -> None:
    roads.status = 503
    usual = planning.ways_between(PLACES, planning.travel_row("", today(ZONE)))
    for asked in range(2):
        ways = delivery.ways_at(thread.bench.site_id, today(ZONE), PLACES)
        assert (ways.minutes, ways.metres) == (usual.minutes, usual.metres)
        assert ways.source.startswith("great circle × 1.25, an assumption; the road server d")
        assert len(roads.asked) == 1, asked


def test_a_place_without_coordinates_is_never_sent(thread: Any, roads: Roads) -> None:
    with pytest.raises(Malformed, match="no coordinates"):
        delivery.ways_at(thread.bench.site_id, today(ZONE), [*PLACES, planning.Place("d", "", "")])
    assert roads.asked == []


def test_a_route_is_timed_by_the_road_server(thread: Any, roads: Roads) -> None:
    ticket_id, site_id, day = thread.dispatched(), thread.bench.site_id, today(ZONE)
    leaves = now() + timedelta(minutes=1)
    wanted = delivery.StopWanted(ticket_id=ticket_id, window_from=leaves - timedelta(hours=3), window_to=leaves + timedelta(hours=9))
    delivery.assign_route(site_id=site_id, day=day, name="A", driver_id=thread.driver.id, leaves_at=leaves, stops=[wanted],
                          vehicle="Van 1", by=thread.warehouse)
    roads.answer = table(2400)
    (route,) = delivery.routes_of(day, site_id)
    assert route.source.startswith("road server") and route.stops[0].arrival is not None
    assert route.stops[0].arrival.at == leaves + timedelta(minutes=42)


def test_a_plan_is_made_on_the_road_servers_ways_and_says_what_it_was_made_on(thread: Any, roads: Roads) -> None:
    therapy_id, tomorrow = thread.bench.therapy(), today(ZONE) + timedelta(days=1)
    nursing.request_visit(therapy_id=therapy_id, purpose="one", by=thread.manager)
    asked = {"kind": dispatch.PlanKind.NURSES, "site_id": thread.bench.site_id, "day": tomorrow, "seconds": 1, "by": thread.manager}
    roads.answer = table(1200)
    by_road = DayPlan.objects.get(pk=dispatch.ask_for_plan(**asked))
    assert by_road.ways.startswith("road server") and roads.asked
    roads.answer = table(2400)  # the roads are full: another question, so another plan
    slower = DayPlan.objects.get(pk=dispatch.ask_for_plan(**asked))
    assert slower.id != by_road.id
