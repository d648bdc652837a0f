# SPDX-License-Identifier: Apache-2.0
"""A visit of two nurses is planned as one: both begin together, both are given it, or it has no place at all."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.integration.dispatch.test_day_plans import ZONE, _nurse, accept, changed, planned, plans, tomorrow, visits

from openinfusion.dispatch.domain.work import second_name
from openinfusion.dispatch.public import Change
from openinfusion.dispatch.queries.plan import left_lines, people_lines, why_lines
from openinfusion.kernel.refusal import Refused
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseVisit, SecondNurse
from openinfusion.platform.actor import Actor

__all__ = ["plans"]


def of_two(thread: Any) -> UUID:
    return nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="turned", second_why="turning", by=thread.manager)


def places(row: Any, visit_id: UUID) -> dict[str, Any]:
    """Who makes it by the plan: the first place by "visit", the second by "second_nurse"."""
    return {c.kind: (p.name, c) for p in people_lines(row) for c in p.calls if c.id == visit_id}


def test_both_begin_together_and_accepting_gives_it_to_both(plans: Any) -> None:
    visit_id, single = of_two(plans), visits(plans, 1)[0]
    row = planned(plans)
    held = places(row, visit_id)
    (first, a), (second, b) = held["visit"], held["second_nurse"]
    assert {first, second} == {"Nan Nurse", "Ola Other"} and (a.starts, a.ends) == (b.starts, b.ends)
    assert (a.other, b.other) == (second, first) and row.faults == []
    for name in (a.name, b.name):
        why = why_lines(row, name)
        assert why is not None and why.person in {first, second}
    accept(plans, row)
    visit = NurseVisit.objects.get(pk=visit_id)
    beside = SecondNurse.objects.get(visit=visit)
    assert (visit.nurse_name, beside.nurse_name, beside.state) == (first, second, "offered")
    assert visit.planned_start == a.starts and nursing.visit(single).state == "offered"


def test_with_one_nurse_the_visit_is_left_out_as_a_whole_and_said_so(plans: Any) -> None:
    visit_id = of_two(plans)
    day = datetime.combine(tomorrow(), time(0), ZONE)
    nursing.plan_time_of(nurse_id=plans.other, kind="off", starts_at=day, ends_at=day + timedelta(hours=23), by=plans.manager)
    row = planned(plans)
    assert places(row, visit_id) == {} and row.faults == []
    (left,) = left_lines(row)
    assert left.name == nursing.visit(visit_id).number and left.reasons[0] == "it needs two nurses at once"
    accept(plans, row)
    assert NurseVisit.objects.get(pk=visit_id).state == "requested"


@pytest.mark.parametrize(("ill", "well"), [("second_nurse", "visit"), ("visit", "second_nurse")])
def test_a_sick_call_of_either_nurse_replans_that_place_only(
    plans: Any, someone: Callable[..., Actor], scope: UUID, ill: str, well: str,
) -> None:
    visit_id = of_two(plans)
    row = accept(plans, planned(plans))
    held = places(row, visit_id)
    _nurse(plans, someone, scope, "Tia Third", licensed=True)
    mended = changed(plans, row, Change(absent=frozenset({held[ill][0]})))
    now_held = places(mended, visit_id)
    assert (now_held[ill][0], now_held[well][0]) == ("Tia Third", held[well][0])
    assert now_held["visit"][1].starts == now_held["second_nurse"][1].starts == held[well][1].starts
    accept(plans, mended)
    visit = nursing.visit(visit_id)
    assert visit.second is not None and visit.nurses == f"{now_held['visit'][0]} and {now_held['second_nurse'][0]}"


def test_either_place_is_pinned_and_a_later_beginning_holds_for_both(plans: Any) -> None:
    visit_id = of_two(plans)
    row = planned(plans)
    held = places(row, visit_id)
    name, person = held["second_nurse"][1].name, held["visit"][0]
    mended = changed(plans, row, Change(pins=((name, person, None),)))
    assert places(mended, visit_id)["second_nurse"][0] == person and places(mended, visit_id)["second_nurse"][1].pinned
    noon = datetime.combine(tomorrow(), time(12), ZONE)
    later = changed(plans, row, Change(late=((name, noon),)))
    assert all(c.starts >= noon for _, c in places(later, visit_id).values()) and len(places(later, visit_id)) == 2


def test_a_second_nurse_asked_for_since_stops_the_plan_and_gives_nothing_out(plans: Any) -> None:
    (visit_id,) = visits(plans, 1)
    row = planned(plans)
    nursing.ask_for_second(visit_id=visit_id, why="turning", by=plans.manager)
    with pytest.raises(Refused, match="how many nurses"):
        accept(plans, row)
    row.refresh_from_db()
    assert row.state == "proposed" and NurseVisit.objects.get(pk=visit_id).state == "requested"


def at_ten(plans: Any, first: UUID, second: UUID | None = None) -> UUID:
    """A visit given to these nurses at ten tomorrow."""
    at = datetime.combine(tomorrow(), time(10), ZONE)
    visit_id = of_two(plans) if second else visits(plans, 1)[0]
    nursing.offer_visit(visit_id=visit_id, nurse_id=first, planned_start=at, planned_end=at + timedelta(hours=1), by=plans.manager)
    if second:
        nursing.offer_second(visit_id=visit_id, nurse_id=second, by=plans.manager)
    return visit_id


def pinned_otherwise(plans: Any, *wanted: tuple[UUID, str, str]) -> Any:
    """A plan in which these visits are made by these people, at the time they have."""
    row, at, pins = planned(plans), datetime.combine(tomorrow(), time(10), ZONE), []
    for visit_id, *people in wanted:
        number = nursing.visit(visit_id).number
        pins += [(n, p, at) for n, p in zip((number, second_name(number)), people, strict=False) if p]
    return changed(plans, row, Change(pins=tuple(pins)))


def test_a_plan_in_which_pairs_and_single_nurses_change_places_is_accepted(
    plans: Any, someone: Callable[..., Actor], scope: UUID,
) -> None:
    tia, uma = (_nurse(plans, someone, scope, name, licensed=True) for name in ("Tia Third", "Uma Upper"))
    pair, single, other = at_ten(plans, plans.nurse.id, plans.other), at_ten(plans, tia), at_ten(plans, uma)
    row = pinned_otherwise(plans, (pair, "Tia Third", "Uma Upper"), (single, "Ola Other", ""), (other, "Nan Nurse", ""))
    accept(plans, row)
    found = {v.id: (v.nurses, v.state) for v in map(nursing.visit, (pair, single, other))}
    assert found == {pair: ("Tia Third and Uma Upper", "offered"), single: ("Ola Other", "offered"), other: ("Nan Nurse", "offered")}


def test_an_exchange_that_is_truly_refused_leaves_plan_and_visits_as_they_were(
    plans: Any, someone: Callable[..., Actor], scope: UUID,
) -> None:
    tia = _nurse(plans, someone, scope, "Tia Third", licensed=True)
    pair, single = at_ten(plans, plans.nurse.id, plans.other), at_ten(plans, tia)
    row = pinned_otherwise(plans, (pair, "Tia Third", "Ola Other"), (single, "Nan Nurse", ""))
    at = datetime.combine(tomorrow(), time(10), ZONE)
    nursing.plan_time_of(nurse_id=plans.nurse.id, kind="off", starts_at=at, ends_at=at + timedelta(hours=1), by=plans.manager)
    before = [nursing.visit(v) for v in (pair, single)]
    with pytest.raises(Refused, match="Nan Nurse has that time off"):
        accept(plans, row)
    row.refresh_from_db()
    assert row.state == "proposed" and [nursing.visit(v) for v in (pair, single)] == before
