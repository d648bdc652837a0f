# SPDX-License-Identifier: Apache-2.0
"""News opens incidents once; what they touched is listed; they go on to their end, by pages and by the API."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, transaction
from tests.integration.compounding.test_hood import begun
from tests.integration.conftest import PASSWORD, Bench, Thread

from openinfusion.compounding import public as compounding
from openinfusion.compounding.events import BenchTrouble
from openinfusion.demo.bench import proofs_of
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.platform.clock import now, today
from openinfusion.quality import public as quality
from openinfusion.quality.handlers import open_for_bench
from openinfusion.quality.models import Incident
from openinfusion.quality.queries.affected import affected_by
from openinfusion.sites import public as sites

ZONE = "America/Chicago"


def the_incident() -> Incident:
    [found] = Incident.objects.all()
    return found


def pressure(bench: Bench, value: str, done: str = "") -> None:
    room = sites.rooms(bench.site_id)[0].id
    given = sites.Given(str(room), sites.Measured.PRESSURE, Decimal(value), now(), done)
    sites.record_round(site_id=bench.site_id, readings=[given], by=bench.technician)


def test_an_excursion_opens_one_incident_and_its_end_closes_the_window(bench: Bench) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        pressure(bench, "0.005", "door open")
        clock.shift(timedelta(minutes=10))
        pressure(bench, "0.004", "still open")
        bench.tell()
        row = the_incident()
        assert (row.kind, row.place_kind, row.ended_at) == ("excursion", "room", None)
        clock.shift(timedelta(minutes=10))
        pressure(bench, "0.030")
        bench.tell()
        assert the_incident().ended_at == row.began_at + timedelta(minutes=20)
        clock.shift(timedelta(minutes=10))
        pressure(bench, "0.001", "again")
        bench.tell()
        assert Incident.objects.count() == 2


def test_the_lots_of_a_refrigerator_of_that_time_are_listed_and_what_was_made_with_them(bench: Bench) -> None:
    store = sites.add_cold_store(site_id=bench.site_id, name="Refrigerator 1", kind=sites.ColdStoreKind.REFRIGERATOR, by=bench.administrator)
    place = inventory.open_location(
        site_id=bench.site_id, code="R1", name="Refrigerator 1", kind=inventory.PlaceKind.REFRIGERATOR, by=bench.administrator)
    inside = bench.receive("cefTRIAXone 1 g", 4, lot="COLD")
    inventory.transfer_stock(lot_id=inside, from_location=bench.shelf_id, to_location=place, quantity=Decimal(2), by=bench.technician)
    outside = bench.receive("sodium chloride 0.9% 100 mL", 4, lot="WARM")
    sites.record_temperature(cold_store_id=store, celsius=Decimal("11.5"), action_taken="moved", by=bench.technician)
    bench.tell()
    found = affected_by(the_incident())
    assert {x.id for x in found.lots} == {inside} and outside not in {x.id for x in found.lots}
    assert "Refrigerator 1" in found.said[0]


def test_a_cold_store_that_no_location_is_named_after_lists_all_that_is_kept_alike_and_says_so(bench: Bench) -> None:
    store = sites.add_cold_store(site_id=bench.site_id, name="Fridge B", kind=sites.ColdStoreKind.REFRIGERATOR, by=bench.administrator)
    sites.record_temperature(cold_store_id=store, celsius=Decimal("11.5"), action_taken="moved", by=bench.technician)
    bench.tell()
    found = affected_by(the_incident())
    assert found.lots == () and "cannot be listed" in found.said[0]


def test_a_failed_certification_lists_what_was_made_there_since_it_last_passed(thread: Thread) -> None:
    bench = thread.bench
    made = thread.released()
    sites.record_certification(
        hood_id=bench.hood_id, certified_on=today(ZONE), certifier="Air Proof", report_number="R1",
        measured=sites.Measurements(4000, True, None, True), by=bench.pharmacist)
    bench.tell()
    row = Incident.objects.get(kind="certification")
    found = affected_by(row)
    assert [p.made.id for p in found.preparations] == [made.id] and found.preparations[0].patient.startswith("SAMPLETON")


def test_a_recalled_lot_opens_one_with_the_preparations_made_with_it(thread: Thread) -> None:
    made = thread.released()
    [capture] = [x for line in compounding.ingredients(made.work_order_id) if line.name.startswith("cefTRIAXone") for x in line.lots][:1]
    lot = next(x for x in inventory.lots_numbered(capture.number))
    inventory.advance_lot(lot_id=lot.id, step="recall", reason="by its maker", by=thread.bench.pharmacist)
    thread.bench.tell()
    row = Incident.objects.get(kind="recall")
    assert [p.made.id for p in affected_by(row).preparations] == [made.id]


def opened(bench: Bench) -> UUID:
    trouble = quality.Trouble(quality.IncidentKind.OTHER, "A shelf fell", now() - timedelta(hours=1), bench.site_id)
    return quality.open_incident(trouble=trouble, by=bench.technician)


def test_from_opened_to_closed_by_another_person_and_reopened(bench: Bench) -> None:
    id, owner, other = opened(bench), bench.pharmacist, bench.second_pharmacist
    step = lambda name, by, **how: quality.advance_incident(incident_id=id, step=name, by=by, **how)  # noqa: E731
    with pytest.raises(Refused, match="nobody owns"):
        step("investigate", owner)
    quality.own_incident(incident_id=id, owner_id=owner.id, due_on=today(ZONE), by=owner)
    step("investigate", owner)
    with pytest.raises(Refused, match="cause"):
        step("plan", owner)
    quality.name_cause(incident_id=id, kind=quality.CauseKind.EQUIPMENT, text="a loose bracket", by=owner)
    made = [quality.plan_action(incident_id=id, kind=kind, text=f"{kind.value} it", owner_id=bench.technician.id, by=owner)
            for kind in quality.ActionKind]
    step("plan", owner)
    with pytest.raises(Refused, match="not done yet"):
        step("close", other.signing("test"))
    for action in made:
        quality.do_action(action_id=action, result="done, looked at after a week", by=bench.technician)
    with pytest.raises(Refused, match="done already"):
        quality.do_action(action_id=made[0], result="again", by=bench.technician)
    with pytest.raises(Refused, match="may not close"):
        step("close", owner.signing("test"))
    step("close", other.signing("test"))
    with pytest.raises(Refused, match="closed"):
        quality.plan_action(incident_id=id, kind=quality.ActionKind.CORRECTIVE, text="x", owner_id=owner.id, by=owner)
    step("reopen", owner, reason="it fell again")
    assert Incident.objects.get(pk=id).closed_by is None


def test_the_database_holds_that_nobody_closes_their_own(bench: Bench) -> None:
    id = opened(bench)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=id).update(owned_by=None, cause="x", cause_kind="people", closed_by=bench.pharmacist.id, ended_at=now() - timedelta(days=3))


def test_what_cannot_be_is_refused_and_changes_nothing(bench: Bench) -> None:
    late = quality.Trouble(quality.IncidentKind.OTHER, "x", now() + timedelta(hours=1), bench.site_id)
    for trouble in (late, quality.Trouble(quality.IncidentKind.OTHER, " ", now() - timedelta(hours=1))):
        with pytest.raises(Malformed):
            quality.open_incident(trouble=trouble, by=bench.technician)
    assert not Incident.objects.exists()


def test_pages_queue_search_and_exports(bench: Bench, browse) -> None:
    id = opened(bench)
    client = browse(bench.pharmacist)
    for address in ("/quality/", "/quality/?q=shelf&state=all&kind=other", "/quality/open/", f"/quality/{id}/", "/quality/due/?days=90",
                    "/quality/due/?days=x&kind=y", "/quality/incidents.csv", "/quality/due.csv?days=60", f"/quality/{id}/affected.csv"):
        assert client.get(address).status_code == 200, address
    assert b"A shelf fell" in client.get("/quality/").content
    assert quality.find("shelf", bench.pharmacist)[0].kind == "Incident"
    assert quality.waiting(bench.administrator).counts["Incident"] == 1
    said = {"owner_id": str(bench.pharmacist.id), "due_on": str(today(ZONE))}
    assert client.post(f"/quality/{id}/own/", said).status_code == 302
    assert client.post(f"/quality/{id}/investigate/", {}).status_code == 302
    assert client.post(f"/quality/{id}/cause/", {"kind": "people", "text": "a hurry"}).status_code == 302
    refused = client.post(f"/quality/{id}/dismiss/", {"reason": "none needed", "signature": PASSWORD}, headers={"HX-Request": "true"})
    assert refused.status_code == 409 and b"may not close" in refused.content
    said = {"kind": "preventive", "text": "screws", "owner_id": str(bench.technician.id)}
    assert client.post(f"/quality/{id}/act/", said).status_code == 302
    assert b"screws" in client.get(f"/quality/{id}/").content
    form = {"kind": "other", "title": "A spill", "began_at": "2026-01-05T08:30", "place": f"{bench.site_id}:hood:{bench.hood_id}"}
    assert client.post("/quality/open/record/", form).status_code == 302
    spill = Incident.objects.get(title="A spill")
    assert spill.began_at.isoformat() == "2026-01-05T14:30:00+00:00"  # the clock of the place


def test_the_api_opens_and_lists(bench: Bench, browse) -> None:
    client = browse(bench.pharmacist)
    post = lambda path, body: client.post(f"/api/quality/{path}", body, content_type="application/json")  # noqa: E731
    good = {"kind": "delivery", "title": "A box was left open", "began_at": "2026-01-05T08:30:00-06:00"}
    made = post("incidents", good).json()["id"]
    assert post("incidents", good | {"began_at": "2026-01-05T08:30:00"}).status_code == 422
    assert post("incidents", good | {"kind": "odd"}).status_code == 422
    assert post("incidents", good | {"place_kind": "site"}).status_code == 422
    assert [i["title"] for i in client.get("/api/quality/incidents").json()] == ["A box was left open"]
    assert client.get(f"/api/quality/incidents/{made}/affected").json()["lots"] == []
    assert post(f"incidents/{made}/investigate", {}).status_code == 409
    assert client.get("/api/quality/due?days=9000").status_code == 422
    assert {d["kind"] for d in client.get("/api/quality/due?days=90").json()} >= {"Incident", "Certification"}


def test_what_the_bench_reports_opens_an_incident_once_and_a_call_does_not(bench: Bench) -> None:
    order = begun(bench)
    compounding.call_pharmacist(work_order_id=order, by=bench.technician)
    bench.tell()
    assert not Incident.objects.exists()
    report = compounding.report_near_miss(work_order_id=order, text="nearly drew from the wrong vial", by=bench.technician)
    bench.tell()
    row = the_incident()
    assert (row.kind, row.source) == ("compounding", f"bench_report:{report}") and "nearly drew" in row.title
    assert compounding.work_order(order).number in row.what and row.site_id == bench.site_id
    open_for_bench(BenchTrouble(report_id=report, site_id=bench.site_id, order_number="X", hood_name="", report_kind="near_miss",
                                text="told twice", at=now()), by=bench.administrator)
    assert the_incident().title == row.title


def test_a_refused_second_look_opens_an_incident(bench: Bench) -> None:
    order = begun(bench)
    first = proofs_of(order)[0]
    compounding.record_steps(work_order_id=order, reports=[replace(first, keyed=True)], by=bench.technician)
    compounding.look_at_step(work_order_id=order, accepted=False, note="another lot", by=bench.second_technician)
    bench.tell()
    assert "Look refused" in the_incident().title and "another lot" in the_incident().title
