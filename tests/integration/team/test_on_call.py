# SPDX-License-Identifier: Apache-2.0
"""The roster: one person a duty and hour, no gap unnoticed; a call finds who is on call and goes up when nobody takes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from openinfusion.clinical import public as clinical
from openinfusion.clinical.jobs import raise_calls
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import Ask
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import timeline
from openinfusion.platform.permissions import actor_with, system_actor
from openinfusion.team import public as team
from openinfusion.team.models import OnCallShift, Person
from openinfusion.team.queries.on_call import gaps_of
from openinfusion.team.web.on_call_page import week_page

PHONE = "217-555-0100"


@pytest.fixture
def manager(bench: Any, scope: UUID) -> Actor:
    """A nurse manager who works at the bench's site."""
    roles = frozenset({Role.NURSE_MANAGER})
    made = team.add_person(email=f"mo.{scope.hex}@example.org", name="Mo Manager", roles=roles, by=bench.administrator)
    return actor_with(id=made, name="Mo Manager", organization_id=scope, roles=roles, site_id=bench.site_id)


def put(bench: Any, who: Actor, duty: str = "pharmacist", start: float = -1, hours: float = 12) -> UUID:
    at = now() + timedelta(hours=start)
    return team.put_on_call(
        site_id=bench.site_id,
        duty=duty,
        user_id=who.id,
        phone=PHONE,
        starts_at=at,
        ends_at=at + timedelta(hours=hours),
        by=bench.pharmacist,
    )


def call(bench: Any, **said: Any) -> Any:
    made = clinical.log_call(
        **(
            {
                "patient_id": bench.patient_id,
                "caller": "Amara",
                "topic": "fever_or_chills",
                "words": "39 degrees",
                "by": bench.intake,
            }
            | said
        )
    )
    return clinical.calls_where(pk=made)[0]


def test_one_person_holds_a_duty_at_a_time(bench: Any, manager: Actor) -> None:
    held = put(bench, bench.pharmacist)
    with pytest.raises(Refused, match="Pat One is pharmacist on call"):
        put(bench, bench.second_pharmacist, start=5)
    put(bench, bench.second_pharmacist, start=11 + 1 / 60)  # half-open: they meet
    put(bench, manager, "manager")
    person = Person.objects.get(user_id=bench.second_pharmacist.id)
    row = OnCallShift.objects.get(pk=held)
    with pytest.raises(IntegrityError, match="shift_one_at_a_time"), transaction.atomic():
        OnCallShift.objects.create(
            site_id=bench.site_id, duty="pharmacist", person=person, phone=PHONE, starts_at=row.starts_at, ends_at=row.ends_at
        )


def test_who_lacks_the_role_or_the_right_is_refused_and_nothing_is_written(bench: Any, manager: Actor) -> None:
    with pytest.raises(Refused, match="Tam One is no pharmacist"):
        put(bench, bench.technician)
    with pytest.raises(Refused, match="over"):
        put(bench, bench.pharmacist, start=-30)
    said = {"site_id": bench.site_id, "user_id": manager.id, "starts_at": now(), "by": bench.pharmacist}
    with pytest.raises(Malformed) as no:
        team.put_on_call(duty="manager", phone="ask", ends_at=now() - timedelta(hours=1), **said)
    assert {f.path for f in no.value.faults} == {"ends_at", "phone"}
    with pytest.raises(Malformed, match="not a duty"):
        team.put_on_call(duty="cook", phone=PHONE, ends_at=now() + timedelta(hours=1), **said)
    with pytest.raises(Refused, match="permission"):
        team.put_on_call(duty="manager", phone=PHONE, ends_at=now() + timedelta(hours=1), **(said | {"by": bench.technician}))
    assert not OnCallShift.objects.exists()


def test_a_shift_that_began_ends_when_taken_off_and_a_later_one_counts_no_more(bench: Any) -> None:
    running, coming = put(bench, bench.pharmacist), put(bench, bench.second_pharmacist, start=20)
    with pytest.raises(Malformed):
        team.take_off_call(shift_id=coming, reason=" ", by=bench.pharmacist)
    for shift in (running, coming):
        team.take_off_call(shift_id=shift, reason="ill", by=bench.pharmacist)
    assert OnCallShift.objects.get(pk=running).ends_at <= now()
    assert OnCallShift.objects.get(pk=coming).taken_off_reason == "ill"
    for shift in (running, coming):
        with pytest.raises(Refused, match="over"):
            team.take_off_call(shift_id=shift, reason="again", by=bench.pharmacist)
    put(bench, bench.pharmacist, start=0.01, hours=48)


def test_a_gap_stands_in_the_queue_of_who_plans_and_of_nobody_else(bench: Any) -> None:
    ask = Ask(roles=frozenset({"pharmacist"}), kind="On-call gap")
    assert team.waiting(bench.pharmacist, ask).counts["On-call gap"] == 3  # three duties, nobody at all
    put(bench, bench.pharmacist, hours=100)
    rows = team.waiting(bench.pharmacist, ask).rows
    mine = next(r for r in rows if "pharmacist on call" in r.title)
    assert (mine.state, mine.tone) == ("nobody will be on call", "warn")
    assert {r.tone for r in rows if r is not mine} == {"crit"}
    assert not team.waiting(bench.technician, Ask(roles=frozenset({"technician"}))).counts
    end = OnCallShift.objects.get().ends_at
    team.put_on_call(
        site_id=bench.site_id,
        duty="pharmacist",
        user_id=bench.second_pharmacist.id,
        phone=PHONE,
        starts_at=end,
        ends_at=end + timedelta(hours=100),
        by=bench.pharmacist,
    )
    assert [g.duty for g in gaps_of(now(), bench.site_id)] == [team.Duty.NURSE, team.Duty.MANAGER]


def test_a_call_names_who_is_on_call_at_that_instant(bench: Any, manager: Actor) -> None:
    put(bench, bench.second_pharmacist)
    row = call(bench)
    assert (row.on_call_name, row.on_call_phone) == ("Pat Two", PHONE)
    assert any("Pat Two" in line.sentence for line in timeline(subject_id=row.id))
    (waits,) = clinical.waiting(bench.pharmacist, Ask(roles=frozenset({"pharmacist"}), kind="Call")).rows
    assert waits.missing == (f"pharmacist on call: Pat Two, {PHONE}",)


def test_where_nobody_is_on_call_it_says_so_and_whom_to_ring_and_goes_up_at_once(bench: Any, manager: Actor) -> None:
    put(bench, manager, "manager")
    row = call(bench)
    assert row.state == "with_pharmacist" and row.on_call_name == ""
    assert row.on_call_words == (
        f"nobody is pharmacist on call at Springfield now; ring next: manager on call Mo Manager, {PHONE}"
    )
    assert raise_calls(by=system_actor(manager.organization_id)) == 1
    row = clinical.calls_where(pk=row.id)[0]
    assert (row.state, row.on_call_name, row.raised) == ("with_manager", "Mo Manager", 1)


def test_where_nobody_is_there_at_all_it_stays_and_says_so(bench: Any) -> None:
    row = call(bench)
    assert "nor in any line after" in row.on_call_words
    with time_machine.travel(now() + timedelta(hours=2)):
        assert raise_calls(by=system_actor(bench.pharmacist.organization_id)) == 0
        with pytest.raises(Refused, match="nobody of the lines after"):
            clinical.raise_call(call_id=row.id, by=bench.pharmacist)
    put(bench, bench.pharmacist)
    assert raise_calls(by=system_actor(bench.pharmacist.organization_id)) == 1  # somebody came on call since
    row = clinical.calls_where(pk=row.id)[0]
    assert (row.state, row.on_call_name) == ("with_pharmacist", "Pat One")


def test_a_call_nobody_takes_goes_up_and_stands_in_that_persons_queue(
    bench: Any, manager: Actor, someone: Callable[..., Actor]
) -> None:
    put(bench, bench.pharmacist)
    put(bench, bench.second_pharmacist, "manager")  # a pharmacist holds the last line: the state's owner is another role
    house = system_actor(manager.organization_id)
    row = call(bench)
    assert raise_calls(by=house) == 0  # there is time
    with time_machine.travel(now() + timedelta(minutes=31)):
        assert raise_calls(by=house) == 1
        assert raise_calls(by=house) == 0
        row = clinical.calls_where(pk=row.id)[0]
        assert (row.state, row.on_call_name, row.raised) == ("with_manager", "Pat Two", 1)
        ask = Ask(roles=frozenset({"pharmacist"}), kind="Call")
        assert clinical.waiting(bench.second_pharmacist, ask).counts["Call"] == 1
        assert clinical.waiting(manager, Ask(roles=frozenset({"nurse_manager"}), kind="Call")).counts["Call"] == 1
        assert clinical.waiting(bench.pharmacist, ask).counts["Call"] == 0
        clinical.advance_call(call_id=row.id, step="take", by=bench.second_pharmacist)
        assert any("after 31 minutes" in line.sentence for line in timeline(subject_id=row.id))
    with time_machine.travel(now() + timedelta(hours=3)):
        assert raise_calls(by=house) == 0


def test_after_a_change_of_shift_the_next_of_the_same_duty_is_asked_first(bench: Any, manager: Actor) -> None:
    put(bench, bench.pharmacist, hours=1.2)
    put(bench, bench.second_pharmacist, start=0.21)
    put(bench, manager, "manager")
    row = call(bench)
    house = system_actor(manager.organization_id)
    with time_machine.travel(now() + timedelta(minutes=31)):
        assert raise_calls(by=house) == 1
        row = clinical.calls_where(pk=row.id)[0]
        assert (row.state, row.on_call_name) == ("with_pharmacist", "Pat Two")
    with time_machine.travel(now() + timedelta(minutes=62)):
        assert raise_calls(by=house) == 1
        assert clinical.calls_where(pk=row.id)[0].on_call_name == "Mo Manager"


def test_the_week_shows_shifts_and_gaps_and_takes_both_forms(bench: Any, browse: Any) -> None:
    client = browse(bench.pharmacist)
    url = "/team/on-call/"
    assert "Nobody is on call this week" in client.get(url).content.decode()
    day = (now() + timedelta(days=1)).date()
    said = {
        "site_id": str(bench.site_id),
        "duty": "pharmacist",
        "user_id": str(bench.pharmacist.id),
        "phone": PHONE,
        "starts_at": f"{day}T17:00",
        "ends_at": f"{day + timedelta(days=1)}T08:00",
    }
    assert client.post(f"{url}put/", said).status_code == 302
    assert client.post(f"{url}put/", said).status_code == 409
    assert client.post(f"{url}put/", said | {"phone": ""}).status_code == 422
    page = client.get(url, {"site": str(bench.site_id), "day": str(day)}).content.decode()
    for word in ("17:00–24:00", "Pat One", "gaps", "Take off", PHONE):
        assert word in page, word
    shift = OnCallShift.objects.get()
    assert (shift.ends_at - shift.starts_at) in {timedelta(hours=h) for h in (14, 15, 16)}
    assert client.post(f"{url}{shift.id}/take-off/", {"reason": "ill"}).status_code == 302
    assert client.get(url, {"day": "never"}).status_code == 404
    assert client.get(url, {"site": str(bench.patient_id)}).status_code == 404


def test_the_roster_over_the_api(bench: Any, browse: Any) -> None:
    client = browse(bench.pharmacist)
    base = f"/api/team/sites/{bench.site_id}"
    body = {
        "duty": "pharmacist",
        "user_id": str(bench.pharmacist.id),
        "phone": PHONE,
        "starts_at": (now() - timedelta(hours=1)).isoformat(),
        "ends_at": (now() + timedelta(hours=5)).isoformat(),
    }
    made = client.post(f"{base}/roster", body, content_type="application/json").json()["id"]
    duty = client.get(f"{base}/on-call").json()[0]
    assert duty["holder"]["name"] == "Pat One"
    span = {"first": now().isoformat(), "last": (now() + timedelta(days=1)).isoformat()}
    found = client.get(f"{base}/roster", span).json()
    assert len(found["shifts"]) == 1 and {g["duty"] for g in found["gaps"]} == {"pharmacist", "nurse", "manager"}
    assert client.get(f"{base}/roster", span | {"last": span["first"]}).status_code == 422
    off = client.post(f"/api/team/on-call/{made}/take-off", {"reason": "ill"}, content_type="application/json")
    assert off.status_code == 200 and client.get(f"{base}/on-call").json()[0]["holder"] is None


def test_rendering_the_week_asks_the_database_nothing(bench: Any) -> None:
    put(bench, bench.pharmacist)
    page = week_page(bench.site_id, None, bench.intake)
    with CaptureQueriesContext(connection) as asked:
        render_to_string("team/on_call.html", {"page": page})
    assert len(asked) == 0
