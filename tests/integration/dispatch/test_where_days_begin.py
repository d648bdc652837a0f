# SPDX-License-Identifier: Apache-2.0
"""Where a nurse's day on the road begins and ends, where she is at noon, and how long she stays beyond her shift."""
from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.integration.dispatch.test_day_plans import ZONE, accept, planned, tomorrow, visits

from openinfusion.dispatch.domain.scope import PlanScope
from openinfusion.dispatch.public import PlanKind
from openinfusion.dispatch.queries.gather import work_of
from openinfusion.dispatch.queries.plan import people_lines
from openinfusion.kernel.position import Position
from openinfusion.kernel.refusal import Malformed, NotFound, Refused
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Availability, NurseHome, NurseVisit
from openinfusion.platform.clock import now, today, told

HOME = Position(Decimal("39.90000"), Decimal("-89.60000"))


def shift(thread: Any, hours: int = 8, **said: Any) -> None:
    starts = datetime.combine(tomorrow(), time(8), ZONE)
    nursing.plan_time_of(nurse_id=thread.nurse.id, kind="works", starts_at=starts, ends_at=starts + timedelta(hours=hours),
                         by=thread.manager, **said)


def test_a_day_begins_and_ends_at_home_where_that_is_on_file(thread: Any) -> None:
    visits(thread, 1)
    site = planned(thread)
    (line,) = people_lines(site)
    assert line.begins_at == line.ends_at and "home" not in line.begins_at
    nursing.keep_home(nurse_id=thread.nurse.id, zip_code="62702", point=HOME, by=thread.nurse)
    (line,) = people_lines(planned(thread))
    assert line.begins_at == line.ends_at == f"the home of {thread.nurse.name}"
    assert line.kilometres != people_lines(site)[0].kilometres
    nursing.drop_home(nurse_id=thread.nurse.id, by=thread.manager)
    assert people_lines(planned(thread))[0].begins_at == people_lines(site)[0].begins_at
    with pytest.raises(NotFound):
        nursing.drop_home(nurse_id=thread.nurse.id, by=thread.manager)


def test_a_home_is_hers_and_the_manager_s_to_say_and_whole(thread: Any) -> None:
    with pytest.raises(Refused, match=r"nursing\.roster\.manage"):
        nursing.keep_home(nurse_id=thread.manager.id, zip_code="62702", by=thread.nurse)
    with pytest.raises(Malformed, match="five digits"):
        nursing.keep_home(nurse_id=thread.nurse.id, zip_code="6270", by=thread.manager)
    with pytest.raises(Malformed, match="is no nurse"):
        nursing.keep_home(nurse_id=thread.manager.id, zip_code="62702", by=thread.manager)
    assert not NurseHome.objects.exists()
    nursing.keep_home(nurse_id=thread.nurse.id, zip_code="62702", by=thread.manager)
    with pytest.raises(IntegrityError, match="nurse_home_whole_point"), transaction.atomic():
        NurseHome.objects.update(latitude=Decimal(40))
    assert "62702" not in str(nursing.nurses_of(today("America/Chicago"), thread.bench.site_id)), "not given out with her day"


def test_at_noon_everybody_begins_where_she_was_last(thread: Any) -> None:
    first, second = visits(thread, 2)
    day = today("America/Chicago")
    scope = PlanScope(PlanKind.NURSES, (thread.bench.site_id,), day, day)
    at = datetime.combine(day, time(10), ZONE)
    nursing.keep_home(nurse_id=thread.nurse.id, zip_code="62702", point=HOME, by=thread.nurse)
    with told(at - timedelta(hours=1)):
        nursing.offer_visit(visit_id=first, nurse_id=thread.nurse.id, planned_start=at, planned_end=at + timedelta(hours=1),
                            by=thread.manager)
        for step in ("accept", "confirm", "set_out"):
            nursing.advance_visit(visit_id=first, step=step, by=thread.nurse)
        (worker,) = [w for w in work_of(scope).workers if w.name == thread.nurse.name][:1]
        assert worker.start is not None and worker.start.name.startswith("visit "), "she is on her way there"
    with told(at):
        nursing.advance_visit(visit_id=first, step="arrive", by=thread.nurse)
    with told(at + timedelta(minutes=30)):
        later = [w for w in work_of(scope).workers if w.name == thread.nurse.name]
        assert later[0].begins == at + timedelta(hours=1), "not before that visit is over"
        assert later[0].start is not None and later[0].start.name == f"visit {NurseVisit.objects.get(pk=first).number}"
        assert later[-1].end is not None and later[-1].end.name == f"the home of {thread.nurse.name}"
    assert second


def test_a_shift_s_own_overtime_lets_a_visit_end_after_it_and_is_priced(thread: Any) -> None:
    shift(thread, hours=1)
    (visit_id,) = visits(thread, 1)
    starts = datetime.combine(tomorrow(), time(8, 30), ZONE)
    offer = {"visit_id": visit_id, "nurse_id": thread.nurse.id, "planned_start": starts, "planned_end": starts + timedelta(minutes=60),
             "by": thread.manager}
    with pytest.raises(Refused, match="does not work then"):
        nursing.offer_visit(**offer)
    row = planned(thread)
    assert row.plan["unplaced"] == [NurseVisit.objects.get(pk=visit_id).number]
    nursing.end_time_of(availability_id=Availability.objects.get().id, by=thread.manager)
    shift(thread, hours=1, overtime_minutes=90)
    row = accept(thread, planned(thread))
    (line,) = people_lines(row)
    assert line.overtime > 0 and line.calls[0].ends > starts.replace(hour=9, minute=0)
    visit = NurseVisit.objects.get(pk=visit_id)
    assert visit.state == "offered" and visit.nurse == thread.nurse.id


@pytest.mark.parametrize(("kind", "minutes"), [("off", 30), ("works", 241), ("works", -1)])
def test_overtime_belongs_to_a_shift_and_has_an_end(thread: Any, kind: str, minutes: int) -> None:
    starts = now() + timedelta(days=1)
    with pytest.raises(Malformed, match="240 minutes, after a shift"):
        nursing.plan_time_of(nurse_id=thread.nurse.id, kind=kind, starts_at=starts, ends_at=starts + timedelta(hours=8),
                             overtime_minutes=minutes, by=thread.manager)
    assert not Availability.objects.exists()
    shift(thread)
    with pytest.raises(IntegrityError, match="availability_overtime_of_a_shift"), transaction.atomic():
        Availability.objects.update(overtime_minutes=999)
