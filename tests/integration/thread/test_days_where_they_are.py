# SPDX-License-Identifier: Apache-2.0
"""A day is the day where it happened: half past eight in the evening in Chicago, tomorrow by UTC, is today in every room."""
from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openinfusion.catalog.queries import nutrition
from openinfusion.clinical.actions import calls
from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import DeliveryTicket
from openinfusion.delivery.web.board_pages import _ahead
from openinfusion.delivery.web.road_pages import driver_page
from openinfusion.delivery.web.roster_pages import roster_page
from openinfusion.desk.queries.trace import forward, reach_of
from openinfusion.exchange import public as exchange
from openinfusion.exchange.adapters import simulated
from openinfusion.insight import queries as insight
from openinfusion.inventory import public as inventory
from openinfusion.inventory.adapters import paper
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.patients.models import Line
from openinfusion.platform.clock import now, today, told
from openinfusion.platform.files import open_file
from openinfusion.portal import public as portal
from openinfusion.portal.models import PatientLink
from openinfusion.portal.queries import links_where
from openinfusion.portal.web import letter
from openinfusion.quality import public as quality
from openinfusion.quality.models import Incident
from openinfusion.sites import public as sites
from openinfusion.sites.models import Hood
from openinfusion.sites.queries.log import last_sampled
from openinfusion.therapy import public as therapy
from openinfusion.therapy.actions import plan as plans

ZONE = ZoneInfo("America/Chicago")
DAY = timedelta(days=1)


@pytest.fixture
def day() -> date:
    return today(ZONE.key) + DAY


@pytest.fixture
def evening(day: date) -> datetime:
    """As the database answers it."""
    return datetime.combine(day, time(20, 30), ZONE).astimezone(UTC)


def test_yesterdays_unfinished_route_is_still_on_the_drivers_phone_and_the_board_in_the_evening(thread: Any, day: date,
                                                                                               evening: datetime) -> None:
    ticket_id = thread.dispatched()
    delivery.assign_route(
        site_id=thread.bench.site_id, day=day - DAY, name="A", driver_id=thread.driver.id, leaves_at=now(),
        stops=[delivery.StopWanted(ticket_id=ticket_id)], by=thread.warehouse,
    )
    with told(evening):
        assert [r.fact.day for r in driver_page(thread.driver).routes] == [day - DAY]
        assert list(_ahead([delivery.ticket(ticket_id)])) == [ticket_id]


def test_a_packing_holds_until_the_day_of_the_site(thread: Any, day: date, evening: datetime, monkeypatch: Any) -> None:
    ticket_id, asked = thread.ticket(), []
    DeliveryTicket.objects.filter(pk=ticket_id).update(need_by=None, made_at=evening)
    monkeypatch.setattr(delivery, "choose", lambda payload, lane, on, hours: asked.append(on))
    monkeypatch.setattr(delivery, "choices", lambda payload, lane, on, hours: asked.append(on))
    delivery.pack_out_for(ticket_id, delivery.Lane.COURIER)
    delivery.pack_outs_for(ticket_id, delivery.Lane.COURIER)
    assert asked == [day, day]


def test_a_shift_that_begins_in_the_evening_is_of_that_day(thread: Any, day: date, evening: datetime) -> None:
    manager = thread.bench.administrator
    delivery.plan_driver_time(
        driver_id=thread.driver.id, site_id=thread.bench.site_id, kind="off", starts_at=evening,
        ends_at=evening + timedelta(hours=4), by=manager,
    )
    (row,) = roster_page(manager, thread.bench.site_id, day).rows
    assert row.day == day


def test_a_call_is_answered_by_the_minutes_of_the_day_of_the_house(bench: Any, day: date, evening: datetime, monkeypatch: Any) -> None:
    asked = []
    monkeypatch.setattr(calls, "policy", lambda name, on: asked.append(on) or SimpleNamespace(value=30))
    calls._named(SimpleNamespace(holder=None, then=(), duty=SimpleNamespace(value="x"), words=""), evening)
    assert asked == [day]


def test_a_sample_of_the_evening_is_of_that_day(bench: Any, day: date, evening: datetime) -> None:
    (room,) = sites.rooms(bench.site_id)[:1]
    with told(evening):
        sites.take_sample(kind=sites.SampleKind.AIR, spot="centre", room_id=room.id, by=bench.technician)
    assert last_sampled(bench.site_id)[room.id, "air"] == day


def test_claims_sent_in_the_evening_say_that_day_and_hour(thread: Any, day: date, evening: datetime) -> None:
    therapy_id = delivery.ticket(thread.delivered()).therapy_id
    thread.sign_plan(therapy_id)
    thread.bench.tell()
    with told(evening):
        exchange.send_ready_claims(by=thread.biller)
    (file,) = exchange.transmissions("queued")
    segments = open_file(file.file_id).data.decode().split("~\n")
    isa, gs, bht = (next(s for s in segments if s.startswith(name)).split("*") for name in ("ISA*", "GS*", "BHT*"))
    assert isa[9:11] == [f"{day:%y%m%d}", "2030"]
    assert gs[4:6] == bht[4:6] == [f"{day:%Y%m%d}", "2030"]


def test_the_practised_payer_answers_by_the_clock_of_the_house(bench: Any, day: date, evening: datetime, tmp_path: Path,
                                                              monkeypatch: Any) -> None:
    asked = []
    monkeypatch.setattr(simulated, "replies", lambda text, house, at: asked.append(at) or [])
    with told(evening):
        simulated.Simulated(tmp_path, SimpleNamespace())._answers("ISA*~")
    assert [(at.date(), at.hour) for at in asked] == [(day, 20)]


def test_a_patient_counts_in_the_month_and_on_the_day_of_the_house(bench: Any, monkeypatch: Any) -> None:
    at = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)  # the last evening of February
    entry = SimpleNamespace(to_state="active", patient_id=bench.patient_id, subject_id=bench.patient_id, at=at)
    monkeypatch.setattr(insight, "_latest_states", lambda kind: [entry])
    census = insight.census()
    assert census.rows[0][1] == "28-Feb-2026" and census.bars[0].label == "2026-02"
    assert insight.referrals().rows[0][2] == "28-Feb-2026"


def test_a_link_ends_on_the_day_where_the_patient_lives(thread: Any, day: date, evening: datetime, monkeypatch: Any) -> None:
    by = thread.bench.pharmacist
    made = portal.give_link(patient_id=thread.bench.patient_id, code_way="phone", by=by)
    PatientLink.objects.update(given_at=evening - 60 * DAY, expires_at=evening)
    (link,) = links_where(patient_id=thread.bench.patient_id)
    assert (link.given_on, link.expires_on) == (datetime.combine(day, time(0), UTC).date() - 60 * DAY, day)
    told_of: list[Any] = []
    monkeypatch.setattr(letter, "pdf", lambda template, data: told_of.append(data) or b"")
    letter.letter_pdf(link.id, made["token"], made["code"], "https://example.org", by)
    assert told_of[0]["expires"] == f"{day:%B} {day.day}, {day.year}"


def test_a_recall_tells_the_day_on_which_the_patient_had_it(thread: Any, day: date, evening: datetime) -> None:
    ticket_id = thread.delivered()
    DeliveryTicket.objects.filter(pk=ticket_id).update(delivered_at=evening)
    line = next(x for x in delivery.ticket(ticket_id).lines if x.product_id)
    lot_ids = {t.lot_id for t in inventory.taken(purposes=[ticket_id]) if inventory.lot(t.lot_id).product_id == line.product_id}
    assert {x.delivered_on for x in forward(lot_ids)} == {day}
    assert [f"of {day:%d-%b-%Y}" in r.what for r in reach_of(lot_ids)] == [True]


def test_a_letter_is_printed_on_the_day_of_the_house(bench: Any, day: date, evening: datetime, monkeypatch: Any) -> None:
    printed: list[Any] = []
    monkeypatch.setattr(paper, "pdf", lambda template, data: printed.append(data) or b"")
    with told(evening):
        paper.letters_pdf({}, [])
    assert printed[0]["printed"] == f"{day:%d-%b-%Y}"


def test_a_line_without_a_day_counts_from_the_day_it_was_recorded_where_the_patient_lives(bench: Any, day: date, evening: datetime,
                                                                                          django_assert_num_queries: Any) -> None:
    Line.objects.update(made_at=evening, placed_on=None)
    with django_assert_num_queries(1):
        (span,) = patients.line_spans(day, day)
    assert span.first == day
    assert patients.line_spans(day - DAY, day - DAY) == []


def test_a_figure_is_signed_on_the_day_of_the_site(bench: Any, day: date, evening: datetime) -> None:
    assert nutrition._day(SimpleNamespace(site_id=bench.site_id, confirmed_at=evening, made_at=None)) == day


def test_what_is_due_is_late_when_its_day_is_over_in_the_house(bench: Any, someone: Any) -> None:
    by = someone(Role.COMPLIANCE, name="Cora Compliance", site_id=bench.site_id)
    began = now()
    id = quality.open_incident(trouble=quality.Trouble(quality.IncidentKind.OTHER, "a spill", began), by=by)
    due = Incident.objects.get(pk=id).due_on
    (row,) = [r for r in quality.waiting(by).rows if r.id == id]
    assert row.due_at == datetime.combine(due + DAY, time(0), ZONE)
    with told(datetime.combine(due, time(23, 59), ZONE)):
        assert quality.waiting(by).late == 0 and row.due_at > now()
    with told(datetime.combine(due + DAY, time(0, 1), ZONE)):
        assert quality.waiting(by).late == 1 and row.due_at < now()


def test_a_plan_is_chased_by_the_days_of_the_house(bench: Any, day: date, evening: datetime, monkeypatch: Any) -> None:
    asked = []
    for name in ("first_chase", "next_chase"):
        monkeypatch.setattr(plans, name, lambda at, on: asked.append(on) or at + DAY)
    therapy_id = therapy.prescription(bench.prescription()).therapy_id
    text = therapy.PlanText(treatment_type="ceftriaxone at home", amount="2 g", duration="14 days", frequency="every 24 hours",
                            visits="1 visit a week")
    plan_id = therapy.write_plan(therapy_id=therapy_id, plan=text, by=bench.intake)
    with told(evening):
        therapy.send_plan(plan_id=plan_id, by=bench.intake)
        therapy.chase_plan(plan_id=plan_id, channel="telephone", spoke_with="desk", result="no answer", by=bench.intake)
    assert asked == [day, day]


def test_an_incident_of_no_site_is_of_the_house(bench: Any, someone: Any, day: date, evening: datetime) -> None:
    by = someone(Role.COMPLIANCE, name="Cora Compliance", site_id=None)
    with told(evening):
        id = quality.open_incident(trouble=quality.Trouble(quality.IncidentKind.OTHER, "a spill", evening), by=by)
        other = quality.open_incident(trouble=quality.Trouble(
            quality.IncidentKind.OTHER, "a spill", evening, site_id=bench.site_id), by=by)
    assert len({Incident.objects.get(pk=i).due_on for i in (id, other)}) == 1


def test_a_value_typed_on_the_chart_was_drawn_by_the_clock_where_the_patient_lives(bench: Any, day: date, browse: Any) -> None:
    drawn = datetime.combine(day - 3 * DAY, time(20, 30), ZONE)
    said = {"loinc": "2823-3", "name": "potassium", "value": "4.1", "unit": "mmol/L", "taken_at": f"{drawn:%Y-%m-%dT%H:%M}"}
    assert browse(bench.pharmacist).post(f"/patients/{bench.patient_id}/record/lab/", said).status_code == 302
    assert patients.labs(bench.patient_id, "2823-3")[0].taken_at == drawn


def test_a_certification_typed_at_the_site_ends_by_its_clock(bench: Any, day: date, browse: Any) -> None:
    until = datetime.combine(day + 90 * DAY, time(0), ZONE)
    said = {"certified_until": f"{until:%Y-%m-%dT%H:%M}"}
    assert browse(bench.pharmacist).post(f"/sites/hoods/{bench.hood_id}/certify/", said).status_code == 302
    assert Hood.objects.get(pk=bench.hood_id).certified_until == until
