# SPDX-License-Identifier: Apache-2.0
"""A site's own figures of how long ways take: set from a day on, once, by who may; read by delivery and dispatch."""
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from openinfusion.delivery import public as delivery
from openinfusion.dispatch import public as dispatch
from openinfusion.dispatch.models import DayPlan
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.nursing import public as nursing
from openinfusion.planning import public as planning
from openinfusion.platform.clock import today
from openinfusion.platform.models import Entry
from openinfusion.sites import public as sites
from openinfusion.sites.models import SiteTravel

ZONE = "America/Chicago"
SOON = timedelta(days=1)
PLACES = [planning.Place("a", "41.00", "-87.63"), planning.Place("b", "41.09", "-87.63")]  # 10,008 m as the crow flies


def figures(day: date, **other: Any) -> sites.TravelFigures:
    return replace(sites.TravelFigures(day, Decimal("1.4"), 4, 2, 20, 10, 40, 60, "a week in our own vans"), **other)


def kept() -> tuple[int, int]:
    return SiteTravel.objects.count(), Entry.objects.count()


def test_a_sites_own_figures_hold_from_their_day_on(thread: Any) -> None:
    site, day = thread.bench.site_id, today(ZONE)
    assert delivery.travel_at(site, day).branch == ""
    sites.set_travel(site_id=site, figures=figures(day + SOON), by=thread.manager)
    assert delivery.travel_at(site, day).branch == "" and sites.travel_on(site, day) is None
    row = delivery.travel_at(site, day + SOON)
    assert (row.factor, row.park, row.bands) == (Decimal("1.4"), 4, ((2000, 20), (10000, 40), (0, 60)))
    assert row.status == f"set by {thread.manager.name}" and row.source == "a week in our own vans"
    ways = delivery.ways_at(site, day + SOON, PLACES)
    # 10,008 m × 1.4 = 14,011: 2 km at 20, 8 km at 40, 4.01 km at 60, and 4 minutes
    assert ways.metres[0][1] == 14011 and ways.minutes[0][1] == 27  # 4 + 6 + 12 + 4.01, up
    assert ways.source == f"great circle × 1.400, the site's own figures from {day + SOON:%d-%b-%Y}, set by {thread.manager.name}"
    sites.set_travel(site_id=site, figures=figures(day + 2 * SOON, park_minutes=0), by=thread.bench.pharmacist)
    assert delivery.travel_at(site, day + SOON).park == 4 and delivery.travel_at(site, day + 5 * SOON).park == 0
    assert Entry.objects.filter(sentence__contains="how long ways of").count() == 2


@pytest.mark.parametrize(("wrong", "said"), [
    ({"factor": Decimal("0.99")}, "factor"), ({"factor": Decimal("2.51")}, "factor"), ({"factor": Decimal("1.2345")}, "factor"),
    ({"park_minutes": 31}, "park_minutes"), ({"near_km": 0}, "mid_km"), ({"mid_km": 2}, "mid_km"), ({"mid_km": 301}, "mid_km"),
    ({"near_kmh": 4}, "near_kmh"), ({"far_kmh": 131}, "far_kmh"), ({"source": " "}, "source"),
])
def test_figures_that_cannot_be_change_nothing(thread: Any, wrong: dict[str, Any], said: str) -> None:
    before = kept()
    with pytest.raises(Malformed, match=said):
        sites.set_travel(site_id=thread.bench.site_id, figures=figures(today(ZONE), **wrong), by=thread.manager)
    assert kept() == before


def test_the_past_a_day_that_has_figures_and_who_may_not_are_refused_and_change_nothing(thread: Any) -> None:
    site, day = thread.bench.site_id, today(ZONE)
    sites.set_travel(site_id=site, figures=figures(day), by=thread.manager)
    before = kept()
    with pytest.raises(Malformed, match="today or a day to come"):
        sites.set_travel(site_id=site, figures=figures(day - SOON), by=thread.manager)
    with pytest.raises(Refused, match="figures already"):
        sites.set_travel(site_id=site, figures=figures(day, factor=Decimal("1.1")), by=thread.manager)
    for nobody in (thread.driver, thread.nurse, thread.warehouse):
        with pytest.raises(Refused):
            sites.set_travel(site_id=site, figures=figures(day + SOON), by=nobody)
    assert kept() == before


@pytest.mark.parametrize(("wrong", "held"), [
    ({"factor": Decimal("2.6")}, "site_travel_factor"), ({"factor": Decimal("0.9")}, "site_travel_factor"),
    ({"park_minutes": 31}, "site_travel_park"), ({"mid_km": 2}, "site_travel_bands_in_order"),
    ({"mid_kmh": 131}, "site_travel_speeds"), ({"far_kmh": 4}, "site_travel_speeds"), ({"source": ""}, "site_travel_has_a_source"),
])
def test_the_database_holds_the_same(thread: Any, wrong: dict[str, Any], held: str) -> None:
    said = {f: getattr(figures(today(ZONE)), f) for f in figures(today(ZONE)).__slots__ if f != "status"}
    with pytest.raises(IntegrityError, match=held), transaction.atomic():
        SiteTravel.objects.create(site_id=thread.bench.site_id, set_by_name="x", **(said | wrong))


def test_what_was_set_is_never_changed(thread: Any) -> None:
    sites.set_travel(site_id=thread.bench.site_id, figures=figures(today(ZONE)), by=thread.manager)
    for change in (lambda: SiteTravel.objects.update(far_kmh=100), lambda: SiteTravel.objects.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    assert [r.far_kmh for r in SiteTravel.objects.all()] == [60]


def test_by_the_api(thread: Any, browse: Callable[..., Any]) -> None:
    site, day = thread.bench.site_id, today(ZONE)
    said = {"effective_from": day.isoformat(), "factor": "1.4", "park_minutes": 4, "near_km": 2, "near_kmh": 20, "mid_km": 10,
            "mid_kmh": 40, "far_kmh": 60, "source": "a week in our own vans"}

    def sent(by: Any, body: dict[str, Any]) -> Any:
        return browse(by).post(f"/api/sites/{site}/travel", json.dumps(body), content_type="application/json")

    assert sent(thread.manager, said | {"factor": "1e0"}).status_code == 422
    assert sent(thread.manager, said | {"near_kmh": 1}).status_code == 422
    assert sent(thread.driver, said).status_code == 403
    assert not SiteTravel.objects.exists()
    assert sent(thread.manager, said).status_code == 200
    (row,) = browse(thread.nurse).get(f"/api/sites/{site}/travel").json()
    assert row["far_kmh"] == 60 and row["status"] == f"set by {thread.manager.name}" and Decimal(row["factor"]) == Decimal("1.4")


def test_a_plan_uses_the_figures_of_its_day_and_other_figures_are_another_question(thread: Any) -> None:
    site, day = thread.bench.site_id, today(ZONE) + SOON
    nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="one", by=thread.manager)
    nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="two", by=thread.manager)
    asked = {"kind": dispatch.PlanKind.NURSES, "site_id": site, "day": day, "seconds": 1, "by": thread.manager}
    first = DayPlan.objects.get(pk=dispatch.ask_for_plan(**asked))
    assert dispatch.ask_for_plan(**asked) == first.id and first.ways == "great circle × 1.25, an assumption"
    sites.set_travel(site_id=site, figures=figures(day, far_kmh=5, mid_kmh=5, near_kmh=5), by=thread.manager)
    other = DayPlan.objects.get(pk=dispatch.ask_for_plan(**asked))
    assert other.ways.startswith("great circle × 1.400, the site's own figures") and other.sha256 != first.sha256
