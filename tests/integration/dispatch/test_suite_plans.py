# SPDX-License-Identifier: Apache-2.0
"""A suite's day is planned by a worker, once for the same question, and accepted as a whole or not at all."""
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.integration.dispatch.test_day_plans import _nurse

from openinfusion.compounding import public as compounding
from openinfusion.dispatch import public as dispatch
from openinfusion.dispatch.models import SuitePlan
from openinfusion.dispatch.queries.suite_plan import left_out as unseated
from openinfusion.dispatch.queries.suite_plan import problem_in as suite_problem_in
from openinfusion.dispatch.queries.suite_plan import seat_lines
from openinfusion.dispatch.queries.suite_why import pin_prices, seat_reasons
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Malformed, Refused, Stale
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Appointment
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.planning import public as planning
from openinfusion.platform.clock import told
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy

ZONE = ZoneInfo("America/Chicago")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openinfusion.dispatch.actions.suite.suite_effort", lambda row: planning.Effort(0, row.seed, engine="order"))


class Day:
    """Two chairs tomorrow, with patients who do not exist."""

    def __init__(self, thread: Any) -> None:
        self.thread, self.site_id = thread, thread.bench.site_id
        for n in (1, 2):
            sites.add_chair(site_id=self.site_id, name=f"Chair {n}", by=thread.bench.administrator)
        self.chairs = [id for id, _ in sorted(sites.chairs(self.site_id), key=lambda c: c[1])]
        self.day, self.count = datetime.now(ZONE).date() + timedelta(days=1), 0

    def at(self, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.day, time(hour, minute), ZONE)

    def asked(self, minutes: int | None = 60, hour: int = 9) -> UUID:
        self.count += 1
        patient_id = patients.register(demographics=Demographics(
            f"Sitter{self.count}", "Bo", date(1960, 1, self.count), Sex.MALE, Address("3 Sample Way", "", "Springfield", "IL", "62701"),
        ), by=self.thread.bench.intake)
        course = therapy.begin_therapy(
            patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=self.site_id,
            prescriber="Lena Fictional, MD", start_on=self.day, by=self.thread.bench.intake)
        return nursing.request_appointment(therapy_id=course, site_id=self.site_id, wished_at=self.at(hour), infusion_minutes=minutes,
                                           first_dose=False, by=self.thread.manager)

    def planned(self) -> SuitePlan:
        made = dispatch.ask_for_suite_plan(site_id=self.site_id, day=self.day, seconds=1, by=self.thread.manager)
        dispatch.solve_suite_plan(plan_id=made, by=self.thread.manager)
        return SuitePlan.objects.get(pk=made)


@pytest.fixture
def day(thread: Any) -> Day:
    return Day(thread)


def test_nothing_to_seat_is_said(day: Day) -> None:
    with pytest.raises(Refused, match="nothing is to be seated"):
        day.planned()
    day.asked(minutes=None)
    with pytest.raises(Refused, match="how long they take"):
        day.planned()


def test_a_day_is_planned_once_checked_and_accepted_as_a_whole(day: Day) -> None:
    ids, unknown = [day.asked() for _ in range(3)], day.asked(minutes=None)
    row = day.planned()
    assert (row.state, row.faults, len(row.plan["seats"]), row.plan["unplaced"]) == ("proposed", [], 3, [])
    assert len(row.unknown) == 1 and day.planned().id == row.id
    dispatch.advance_suite_plan(plan_id=row.id, step="accept", by=day.thread.manager)
    booked = Appointment.objects.filter(state="booked").order_by("starts_at")
    assert {a.id for a in booked} == set(ids) and booked[0].starts_at == day.at(9)
    assert {a.nurse for a in booked} == {day.thread.nurse.id}
    assert Appointment.objects.get(pk=unknown).state == "requested"


def test_a_new_plan_replaces_the_old_one_and_leaves_who_is_booked(day: Day) -> None:
    day.asked()
    dispatch.advance_suite_plan(plan_id=day.planned().id, step="accept", by=day.thread.manager)
    first = Appointment.objects.get()
    day.asked()
    row = day.planned()
    dispatch.advance_suite_plan(plan_id=row.id, step="accept", by=day.thread.manager)
    again = Appointment.objects.get(pk=first.id)
    assert (again.starts_at, again.chair_id, again.version) == (first.starts_at, first.chair_id, first.version)
    assert sorted(SuitePlan.objects.values_list("state", flat=True)) == ["accepted", "replaced"]


def test_nurses_have_breaks_that_others_cover_and_they_are_given_out_with_the_plan(
    day: Day, someone: Callable[..., Any], scope: UUID,
) -> None:
    other = _nurse(day.thread, someone, scope, "Ola Other", licensed=True)
    for _ in range(2):
        day.asked(minutes=300, hour=9)
    row = day.planned()
    problem = suite_problem_in(row)
    assert [len(n.away) for n in problem.nurses] == [2, 2] and row.faults == [], "eleven hours ask for two"
    away = sorted(b for n in problem.nurses for b in n.away)
    assert all(a[1] <= b[0] for a, b in pairwise(away)), "never both at once"
    dispatch.advance_suite_plan(plan_id=row.id, step="accept", by=day.thread.manager)
    for nurse in (day.thread.nurse.id, other):
        given = nursing.breaks_ahead(day.day, day.day, nurse)
        assert [b.ends_at - b.starts_at for b in given] == [timedelta(minutes=30)] * 2 and not any(b.crossed for b in given)


def test_alone_a_nurse_has_no_break_and_the_plan_says_so(day: Day, account: Callable[..., Any]) -> None:
    day.asked()
    row = day.planned()
    assert suite_problem_in(row).nurses[0].away == ()
    client = Client()
    client.force_login(account(Role.NURSE_MANAGER))
    assert "nobody else is there for a break" in client.get(f"/dispatch/suite/{row.id}/").content.decode()


def test_who_has_no_place_is_told_why_and_what_would_give_one(day: Day, account: Callable[..., Any]) -> None:
    for _ in range(3):
        day.asked(minutes=360, hour=9)
    row = day.planned()
    (one,) = unseated(row)
    assert "every chair is taken when it could begin" in one.reasons and any(w.startswith("one more chair: from ") for w in one.ways)
    client = Client()
    client.force_login(account(Role.NURSE_MANAGER))
    page = client.get(f"/dispatch/suite/{row.id}/").content.decode()
    assert "every chair is taken" in page and "one more chair" in page
    told_by_api = client.get(f"/api/dispatch/suites/{row.id}").json()
    assert told_by_api["left_out"][0]["reasons"] == list(one.reasons) and told_by_api["left_out"][0]["name"] == one.name


def test_a_drug_keeps_as_long_as_its_stability_says_and_what_is_not_known_is_cautious(day: Day) -> None:
    on = day.day
    made = compounding.once_made("infliximab", "IV", Quantity(Decimal(400), MG), on)
    assert (made.compounded, made.keeps_hours, made.why) == (True, 3, "stability 3 h")
    assert compounding.once_made("epinephrine", "IM", Quantity(Decimal(1), MG), on).keeps_hours == 4
    hazardous = compounding.once_made("rituximab", "IV", Quantity(Decimal(700), MG), on)
    assert hazardous.keeps_hours <= 12 or hazardous.why.startswith("stability")


def test_who_comes_late_has_the_rest_of_the_day_proposed_anew_and_nobody_is_moved_before_it_is_accepted(day: Day) -> None:
    ids = [day.asked(hour=9), day.asked(hour=11)]
    dispatch.advance_suite_plan(plan_id=day.planned().id, step="accept", by=day.thread.manager)
    booked = dict(Appointment.objects.values_list("id", "starts_at"))
    with told(day.at(9, 10)):
        nursing.advance_appointment(appointment_id=ids[0], step="check_in", by=day.thread.nurse)
        day.thread.bench.tell()
        assert SuitePlan.objects.count() == 1, "ten minutes disturb nobody"
    with told(day.at(11, 40)):
        nursing.advance_appointment(appointment_id=ids[1], step="check_in", by=day.thread.nurse)
        day.thread.bench.tell()
    anew = SuitePlan.objects.exclude(state="accepted").get()
    assert anew.state == "requested" and dict(Appointment.objects.values_list("id", "starts_at")) == booked
    sits = {a.name: a for a in suite_problem_in(anew).appointments}[Appointment.objects.get(pk=ids[1]).number]
    assert sits.held is not None and sits.lasts > 8 + 60 // 5, "she sits as much longer as she came late"


def test_a_place_that_becomes_free_is_offered_to_who_waits_and_only_then(day: Day) -> None:
    ids = [day.asked(hour=9), day.asked(hour=11)]
    dispatch.advance_suite_plan(plan_id=day.planned().id, step="accept", by=day.thread.manager)
    with told(day.at(9, 20)):
        nursing.advance_appointment(appointment_id=ids[1], step="cancel", reason="has a cold", by=day.thread.manager)
        day.thread.bench.tell()
        assert SuitePlan.objects.count() == 1, "nobody waits"
        waits = day.asked(hour=10)
        nursing.advance_appointment(appointment_id=ids[0], step="cancel", reason="has a cold too", by=day.thread.manager)
        day.thread.bench.tell()
    anew = SuitePlan.objects.exclude(state="accepted").get()
    assert set(anew.tasks) == {Appointment.objects.get(pk=waits).number}


def test_what_changed_since_stops_the_whole_plan(day: Day) -> None:
    one = day.asked()
    day.asked()
    row = day.planned()
    nursing.set_length(appointment_id=one, infusion_minutes=90, by=day.thread.manager)
    with pytest.raises(Stale, match="changed since the day was planned"):
        dispatch.advance_suite_plan(plan_id=row.id, step="accept", by=day.thread.manager)
    assert not Appointment.objects.filter(state="booked").exists()
    assert SuitePlan.objects.get(pk=row.id).state == "proposed"


def test_after_a_check_in_who_sits_stays_in_the_chair_and_the_rest_is_promised_its_time(day: Day) -> None:
    ids = [day.asked(hour=9), day.asked(hour=11)]
    dispatch.advance_suite_plan(plan_id=day.planned().id, step="accept", by=day.thread.manager)
    with told(day.at(9)):
        nursing.advance_appointment(appointment_id=ids[0], step="check_in", by=day.thread.nurse)
    with told(day.at(9, 10)):
        day.asked(hour=9)
        row = day.planned()
        said = {a["name"]: a for a in row.problem["appointments"]}
        sits, promised = (Appointment.objects.get(pk=i).number for i in ids)
        assert said[sits]["held"] is not None and said[promised]["promised"] is not None
        dispatch.advance_suite_plan(plan_id=row.id, step="accept", by=day.thread.manager)
    assert Appointment.objects.get(pk=ids[0]).state == "checked_in"
    assert Appointment.objects.get(pk=ids[1]).starts_at == day.at(11)


def test_the_plan_by_its_pages_and_the_api(day: Day, account: Callable[..., Any]) -> None:
    client = Client()
    client.force_login(account(Role.SUITE_SCHEDULER))
    board = f"/dispatch/suite/?site={day.site_id}&day={day.day}"
    assert "Nothing to seat" in client.get(board).content.decode()
    day.asked()
    assert "SITTER1" in client.get(board).content.decode().upper()
    assert client.post("/dispatch/suite/plan/", {"site": str(day.site_id), "day": str(day.day), "seconds": "1e1"}).status_code == 422
    assert client.post("/dispatch/suite/plan/", {"site": str(day.site_id), "day": str(day.day), "seconds": "1"}).status_code == 302
    row = SuitePlan.objects.get()
    url = f"/dispatch/suite/{row.id}/"
    assert client.get(url).status_code == 200
    dispatch.solve_suite_plan(plan_id=row.id, by=day.thread.manager)
    page = client.get(url).content.decode()
    assert "Who sits when" in page and "separate check found nothing" in page and "new" in page
    assert [w.kind for w in dispatch.waiting(day.thread.manager).rows if w.id == row.id] == ["Suite plan"]
    assert "Chair" in client.get(f"{url}plan.csv").content.decode()
    out = client.get(f"/api/dispatch/suites/{row.id}").json()
    assert (out["state"], len(out["seats"]), out["seats"][0]["change"]) == ("proposed", 1, "new")
    asked = {"site_id": str(day.site_id), "day": str(day.day), "seconds": 1}
    again = client.post("/api/dispatch/suites", json.dumps(asked), content_type="application/json")
    assert again.json()["id"] == str(row.id)
    assert client.post(f"{url}accept/").status_code == 302
    assert "in force" in client.get(url).content.decode() or SuitePlan.objects.get().state == "accepted"
    assert "The plan" in client.get(board).content.decode()
    assert client.get("/dispatch/suite/?day=x").status_code == 422


def test_a_pinned_time_stays_in_every_plan_says_its_price_and_moves_with_a_hand(day: Day, account: Callable[..., Any]) -> None:
    first, second, third = (day.asked() for _ in range(3))
    manager = day.thread.manager
    with pytest.raises(Malformed, match="no time yet"):
        nursing.pin_appointment(appointment_id=first, why="the bus", by=manager)
    with pytest.raises(Malformed, match="why it begins then"):
        nursing.pin_appointment(appointment_id=first, why=" ", at=day.at(11), by=manager)
    nursing.pin_appointment(appointment_id=first, why="comes by the eleven o'clock bus", at=day.at(11, 7), by=manager)
    row = day.planned()
    lines = {s.id: s for s in seat_lines(row)}
    assert lines[first].starts == day.at(11, 7) and lines[first].pinned and not lines[second].pinned
    number = lines[first].name
    assert set(pin_prices(row)) == {number} and 0 < pin_prices(row)[number] <= (row.plan or {})["cost"], "while nobody else moves"
    dispatch.advance_suite_plan(plan_id=row.id, step="accept", by=manager)
    assert nursing.appointment(first).starts_at == day.at(11, 7)
    chair, nurse = nursing.appointment(first).chair_id, day.thread.nurse.id
    nursing.move_appointment(appointment_id=first, starts_at=day.at(13), chair_id=chair, nurse_id=nurse, by=manager)
    assert Appointment.objects.get(pk=first).pinned_at == day.at(13)
    day.asked()
    again = day.planned()
    assert {s.id: s for s in seat_lines(again)}[first].starts == day.at(13)
    page = Client()
    page.force_login(account(Role.SUITE_SCHEDULER))
    why = page.get(f"/dispatch/suite/{again.id}/why/", {"seat": number}).content.decode()
    assert "What another hour would cost" in why and "bus" in why and "points at least" in why
    assert page.get(f"/dispatch/suite/{again.id}/why/", {"seat": "nobody"}).status_code == 404
    said = page.get(f"/api/dispatch/suites/{again.id}/seats/{number}").json()
    assert said["pin"] > 0 and any(h["more"] < 0 for h in said["hours"]) and any(h["reason"] for h in said["hours"])
    assert page.get(f"/api/dispatch/suites/{again.id}/seats/none").status_code == 404
    assert "pinned" in page.get(f"/dispatch/suite/{again.id}/").content.decode()
    assert page.post(f"/nursing/suite/appointments/{first}/free/").status_code == 302
    with pytest.raises(Refused, match="not pinned"):
        nursing.free_appointment(appointment_id=first, by=manager)
    assert page.post(f"/nursing/suite/appointments/{second}/pin/", {"why": "her sister's lunch"}).status_code == 302
    assert Appointment.objects.get(pk=second).pinned_at == Appointment.objects.get(pk=second).starts_at
    sent = page.post(f"/api/nursing/appointments/{third}/pin", json.dumps({"why": "x", "at": day.at(15).isoformat()}), content_type="application/json")
    assert sent.status_code == 409, "it is booked for another time"
    assert page.delete(f"/api/nursing/appointments/{second}/pin").json()["pinned_at"] is None
    with pytest.raises(IntegrityError, match="appointment_pin_has_a_reason"), transaction.atomic():
        Appointment.objects.filter(pk=third).update(pinned_at=day.at(9))


def test_a_pin_that_cannot_be_kept_leaves_the_patient_out_with_the_reason_and_another_day_leaves_it_alone(day: Day) -> None:
    blocked, other = day.asked(minutes=480, hour=8), day.asked()
    nursing.pin_appointment(appointment_id=blocked, why="wishes it so", at=day.at(15), by=day.thread.manager)
    nursing.pin_appointment(appointment_id=other, why="only then", at=day.at(9) + timedelta(days=1), by=day.thread.manager)
    row = day.planned()
    (one,) = unseated(row)
    assert one.id == blocked and "pinned" in one.reasons[0] and one.ways[0].startswith("without its pin")
    assert not seat_lines(row), "who is pinned to another day is not seated on this one"


def test_another_nurse_is_named_with_what_speaks_against_her(day: Day, someone: Callable[..., Any], scope: UUID) -> None:
    _nurse(day.thread, someone, scope, "Ola Other", licensed=True)
    _nurse(day.thread, someone, scope, "Una Licensed", licensed=False)
    for _ in range(2):
        day.asked()
    row = day.planned()
    found = seat_reasons(row, seat_lines(row)[0].name)
    assert found is not None and found.why is not None
    reasons = {n.name: n.reason for n in found.nurses}
    assert "licen" in reasons.pop("Una Licensed") and list(reasons.values()) == [""]
