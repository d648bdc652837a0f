# SPDX-License-Identifier: Apache-2.0
"""The pages of the facility, what they record, and what hostile input does: nothing."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.integration.conftest import Bench

from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform.api import token_digest
from openinfusion.platform.clock import now, today
from openinfusion.platform.models import ApiToken, Call, Entry, RoleGrant
from openinfusion.sites import public as sites
from openinfusion.sites.models import (
    Certification,
    Cleaning,
    Cleanroom,
    Excursion,
    Hood,
    Probe,
    RoomReading,
    Sample,
    SiteLicence,
    TemperatureReading,
)
from openinfusion.sites.queries.facility import pharmacy_of
from openinfusion.sites.web.log_pages import missed_days

HEAD = "place,measured,value,at,action_taken\n"


@pytest.fixture
def store(bench: Bench) -> UUID:
    return sites.add_cold_store(site_id=bench.site_id, name="Refrigerator 1", kind=sites.ColdStoreKind.REFRIGERATOR, by=bench.administrator)


def test_every_page_opens(bench: Bench, store: UUID, browse) -> None:
    client, site, room = browse(bench.pharmacist), bench.site_id, sites.rooms(bench.site_id)[0].id
    for offset in range(3):
        at = now() - timedelta(hours=offset)
        given = [sites.Given(str(store), sites.Measured.TEMPERATURE, Decimal("4.5"), at),
                 sites.Given(str(room), sites.Measured.HUMIDITY, Decimal(45), at)]
        sites.record_round(site_id=site, readings=given, by=bench.technician)
    equipment = sites.add_equipment(site_id=site, kind=sites.EquipmentKind.SCALE, name="Scale", room_id=room, by=bench.administrator)
    pages = [f"/sites/{site}/", *(f"/sites/{site}/{p}/" for p in ("round", "cleaning", "samples", "equipment", "probes", "licences")),
             *(f"/sites/{site}/export/{t}.csv" for t in ("cleanings", "samples", "certifications", "equipment", "licences", "due")),
             f"/sites/rooms/{room}/?days=7", f"/sites/rooms/{room}/readings.csv", f"/sites/hoods/{bench.hood_id}/",
             f"/sites/cold-stores/{store}/?days=abc", f"/sites/cold-stores/{store}/readings.csv", f"/sites/equipment/{equipment}/",
             "/sites/", "/team/matrix/", "/team/matrix.csv", "/team/garb/?hazardous=1"]
    for address in pages:
        assert client.get(address).status_code == 200, address
    assert client.get(f"/sites/{site}/export/secrets.csv").status_code == 404
    assert b"4.5" in client.get(f"/sites/cold-stores/{store}/").content


def test_a_round_is_taken_whole_or_not_at_all(bench: Bench, store: UUID, browse) -> None:
    client, room = browse(bench.technician), sites.rooms(bench.site_id)[0].id
    before, entries = RoomReading.objects.count(), Entry.objects.count()
    address = f"/sites/{bench.site_id}/round/record/"
    for said in ({f"pressure:{room}": "0.03", f"temperature:{store}": "1e1"}, {f"pressure:{room}": "0.03", f"temperature:{store}": "12"},
                 {f"pressure:{room}": "NaN"}, {}):
        answer = client.post(address, said, headers={"HX-Request": "true"})
        assert answer.status_code in (409, 422), said
    assert (RoomReading.objects.count(), Entry.objects.count(), TemperatureReading.objects.count()) == (before, entries, 0)
    good = {f"pressure:{room}": "0.03", f"temperature:{store}": "12", f"action:temperature:{store}": "moved to another"}
    assert client.post(address, good).status_code == 302
    assert TemperatureReading.objects.get().action_taken == "moved to another" and Excursion.objects.count() == 1


def test_a_file_with_one_fault_changes_nothing_and_sent_twice_counts_once(bench: Bench, store: UUID, browse) -> None:
    client, at = browse(bench.technician), f"{today('America/Chicago') - timedelta(days=1)}T06:30"
    address = f"/sites/{bench.site_id}/round/file/"
    send = lambda text: client.post(address, {"file": SimpleUploadedFile("r.csv", text.encode())}, headers={"HX-Request": "true"})  # noqa: E731
    good = f"Refrigerator 1,temperature,4.2,{at},\n"
    for bad in (f"Nowhere,temperature,4.2,{at},\n", f"Refrigerator 1,humidity,40,{at},\n", f"Refrigerator 1,temperature,12,{at},\n", "=cmd|x,1,2\n"):
        answer = send(HEAD + good + bad)
        assert answer.status_code in (409, 422) and not TemperatureReading.objects.exists(), bad
    assert send(HEAD + good + f"Refrigerator 1,temperature,12.5,{at[:-2]}45,moved\n").status_code == 204
    assert send(HEAD + good).status_code == 204
    assert TemperatureReading.objects.count() == 2


def test_older_readings_tell_of_an_excursion_that_is_over(bench: Bench, store: UUID) -> None:
    sites.record_temperature(cold_store_id=store, celsius=Decimal("4.0"), by=bench.technician)
    day = today("America/Chicago") - timedelta(days=2)
    lines = "".join(f"Refrigerator 1,temperature,{v},{day}T0{h}:00,seen in the logger\n" for h, v in enumerate(("4", "11", "12.5", "5")))
    assert sites.import_readings(site_id=bench.site_id, data=(HEAD + lines).encode(), by=bench.technician) == 4
    [seen] = Excursion.objects.all()
    assert seen.ended_at and seen.worst == Decimal("12.5") and seen.ended_at - seen.began_at == timedelta(hours=1)


@pytest.fixture
def probe(bench: Bench, store: UUID) -> tuple[UUID, str]:
    made = sites.add_probe(site_id=bench.site_id, name="P1", cold_store_id=store, by=bench.administrator)
    sites.give_token(probe_id=made, sha256=token_digest("a-probe-token"), hint="oken", by=bench.administrator)
    return made, "a-probe-token"


def post(token: str, body: object, path: str = "/api/sites/probe-readings"):
    return Client().post(path, body, content_type="application/json", headers={"Authorization": f"Bearer {token}"})


def one(value: object = "4.2", minutes: int = 0, **more: object) -> dict:
    return {"measured": "temperature", "value": value, "at": (now() - timedelta(minutes=minutes)).isoformat()} | more


def test_a_probe_sends_with_its_token_and_reaches_its_place_only(bench: Bench, store: UUID, probe) -> None:
    readings = {"readings": [one("4.2", 10), one("9.5", 5), one("9.9", 1)]}
    assert post(probe[1], readings).json() == {"accepted": 3, "repeated": 0, "out_of_range": 2}
    assert post(probe[1], readings).json() == {"accepted": 0, "repeated": 3, "out_of_range": 0}
    assert TemperatureReading.objects.filter(cold_store_id=store, taken_by="probe").count() == 3
    assert Excursion.objects.get().worst == Decimal("9.9")
    for path in ("/api/sites/", f"/api/sites/{bench.site_id}/hoods", "/api/team/matrix", "/api/quality/incidents"):
        answer = Client().get(path, headers={"Authorization": f"Bearer {probe[1]}"})
        assert answer.status_code == 401, path
    assert post(probe[1], {"celsius": "4"}, f"/api/sites/cold-stores/{store}/readings").status_code == 401


@pytest.mark.parametrize("body", [
    {"readings": []}, {"readings": [one("NaN")]}, {"readings": [one("1e2")]}, {"readings": [one(None)]}, {"readings": [one(True)]},
    {"readings": [one("4.2") | {"measured": "pressure"}]}, {"readings": [one("4.2") | {"measured": "soul"}]},
    {"readings": [one("4.2") | {"at": "2026-01-05T08:30:00"}]}, {"readings": [one("4.2") | {"at": "now"}]}, {"readings": [one("4.2", -60)]},
    {"readings": [one("999")]}, {"readings": [one("4.2"), one("400")]}, {"readings": "x"}, {}, "not json", {"readings": [one("4.25555")]},
    {"readings": [one("٤")]}, {"readings": [one("4.2") for _ in range(1001)]}, {"readings": [{"measured": "temperature"}]},
])
def test_hostile_readings_change_nothing(bench: Bench, store: UUID, probe, body: object) -> None:
    before = Entry.objects.count()
    answer = post(probe[1], body)
    assert answer.status_code in (400, 422), answer.content
    assert not TemperatureReading.objects.exists() and Entry.objects.count() == before


def test_a_token_is_stored_as_a_digest_replaced_and_taken(bench: Bench, store: UUID, browse) -> None:
    made = sites.add_probe(site_id=bench.site_id, name="P2", cold_store_id=store, by=bench.administrator)
    client = browse(bench.pharmacist)
    assert client.post(f"/sites/probes/{made}/token/").status_code == 409  # a pharmacist may not
    RoleGrant.objects.create(organization_id=bench.administrator.organization_id, user_id=bench.pharmacist.id, role="compliance")
    shown = client.post(f"/sites/probes/{made}/token/", {"_key": "k1"}, headers={"HX-Request": "true"})
    token = shown.content.decode().split('class="mono">')[1].split("<")[0]
    assert post(token, {"readings": [one()]}).status_code == 200
    assert not ApiToken.objects.filter(sha256=token).exists() and token not in str([c.answer for c in Call.objects.all()])
    assert all(token not in e.sentence and token not in str(e.noted) for e in Entry.objects.all())
    second = client.post(f"/sites/probes/{made}/token/", headers={"HX-Request": "true"}).content.decode().split('class="mono">')[1].split("<")[0]
    assert post(token, {"readings": [one()]}).status_code == 401 and post(second, {"readings": [one()]}).status_code == 200
    assert client.post(f"/sites/probes/{made}/take/").status_code == 302
    assert post(second, {"readings": [one()]}).status_code == 401 and Probe.objects.get(pk=made).token_made_at is None


def test_a_partner_s_token_opens_nothing_of_the_probes(bench: Bench, account) -> None:
    user = account(Role.ADMINISTRATOR)
    ApiToken.objects.create(organization_id=user.organization_id, user=user, label="x", sha256=token_digest("person"))
    assert post("person", {"readings": [one()]}).status_code == 401


def test_certification_with_its_report(bench: Bench, browse) -> None:
    client, room = browse(bench.pharmacist), sites.rooms(bench.site_id)[0].id
    said = {"certified_on": str(today("America/Chicago")), "certifier": "Air Proof", "report_number": "R-9", "passed": "yes", "smoke": "yes",
            "particles": "1000", "air_changes": "32.5"}
    bad = client.post(f"/sites/rooms/{room}/report/", said | {"report": SimpleUploadedFile("r.pdf", b"MZ not a pdf")}, headers={"HX-Request": "true"})
    assert bad.status_code == 422 and not Certification.objects.filter(report_number="R-9").exists()
    assert client.post(f"/sites/rooms/{room}/report/", said | {"particles": "1,000"}, headers={"HX-Request": "true"}).status_code == 422
    good = client.post(f"/sites/rooms/{room}/report/", said | {"report": SimpleUploadedFile("r.pdf", b"%PDF-1.7 x")})
    assert good.status_code == 302 and Certification.objects.get(report_number="R-9").report_file_id
    late = said | {"certified_on": str(today("America/Chicago") + timedelta(days=1))}
    assert client.post(f"/sites/rooms/{room}/report/", late, headers={"HX-Request": "true"}).status_code == 422


def test_samples_by_page_wait_for_their_hours(bench: Bench, browse) -> None:
    client = browse(bench.technician)
    said = {"kind": "surface", "place": f"hood:{bench.hood_id}", "spot": "left", "medium_lot": "M1"}
    assert client.post(f"/sites/{bench.site_id}/samples/take/", said).status_code == 302
    sample = Sample.objects.get()
    assert sites.waiting(bench.technician).counts["Sample"] == 1
    assert client.post(f"/sites/samples/{sample.id}/incubate/").status_code == 302
    assert sites.waiting(bench.technician).counts["Sample"] == 0
    refused = client.post(f"/sites/samples/{sample.id}/move/", headers={"HX-Request": "true"})
    assert refused.status_code == 409 and b"it stays at 30 to 35" in refused.content
    assert client.post(f"/sites/samples/{sample.id}/result/", {"count": "0"}, headers={"HX-Request": "true"}).status_code == 409
    assert client.post(f"/sites/samples/{sample.id}/void/", {"reason": "x"}, headers={"HX-Request": "true"}).status_code == 409


def test_a_site_is_put_on_the_map(bench: Bench, browse, account) -> None:
    url, inside = f"/sites/{bench.site_id}/place/", Client()
    inside.force_login(account(Role.ADMINISTRATOR))
    assert "only the ZIP code" in inside.get(f"/sites/{bench.site_id}/").content.decode()
    assert browse(bench.technician).post(url, {"point": "39.80172, -89.64371"}, headers={"HX-Request": "true"}).status_code == 409
    assert inside.post(url, {"point": "here"}, headers={"HX-Request": "true"}).status_code == 422
    assert sites.pharmacy(bench.site_id).point is None
    assert inside.post(url, {"point": "39.80172, -89.64371"}).status_code == 302
    assert str(sites.pharmacy(bench.site_id).point) == "39.80172, -89.64371"
    assert "39.80172, -89.64371" in inside.get(f"/sites/{bench.site_id}/").content.decode()
    api = f"/api/sites/{bench.site_id}/place"
    assert inside.post(api, '{"latitude": "39.8"}', content_type="application/json").status_code == 422
    assert inside.post(api, "{}", content_type="application/json").status_code == 200 and sites.pharmacy(bench.site_id).point is None


def test_licences_and_shipping(bench: Bench, browse) -> None:
    on = today("America/Chicago")
    assert [r.code for r in sites.shipping_reasons(bench.site_id, "in", on)] == ["ship-unlicensed"]
    sites.record_site_licence(site_id=bench.site_id, kind=sites.LicenceKind.NONRESIDENT, state="IN", number="1", expires_on=on, by=bench.administrator)
    assert sites.shipping_reasons(bench.site_id, "IN", on) == []
    assert [r.code for r in sites.shipping_reasons(bench.site_id, "IN", on + timedelta(days=1))] == ["ship-expired"]
    for wrong in ({"state": "I1"}, {"number": " "}, {"expires_on": None}):
        said = {"state": "OH", "number": "2", "expires_on": on} | wrong
        with pytest.raises(Malformed):
            sites.record_site_licence(site_id=bench.site_id, kind=sites.LicenceKind.NONRESIDENT, by=bench.administrator, **said)
    client = browse(bench.technician)
    refused = client.post(f"/sites/{bench.site_id}/licences/record/", {"kind": "npi", "state": "IL", "number": "9"}, headers={"HX-Request": "true"})
    assert refused.status_code == 409 and SiteLicence.objects.filter(kind="npi").count() == 0
    assert client.get(f"/api/sites/{bench.site_id}/may-ship/OH").json()["may"] is False


def test_a_room_is_not_retired_with_hoods_in_it_and_a_hazardous_hood_wants_its_room(bench: Bench) -> None:
    room = sites.rooms(bench.site_id)[0].id
    sites.advance_room(room_id=room, step="close", reason="rebuilt", by=bench.pharmacist)
    with pytest.raises(Refused, match="hoods stand"):
        sites.advance_room(room_id=room, step="retire", reason="gone", by=bench.pharmacist)
    with pytest.raises(Malformed):
        sites.add_room(site_id=bench.site_id, name="C", kind=sites.RoomKind.CONTAINED, hazardous=False, by=bench.administrator)
    with pytest.raises(Malformed):
        sites.add_room(site_id=bench.site_id, name="B", kind=sites.RoomKind.BUFFER, hazardous=False, by=bench.administrator)


def test_days_without_a_cleaning_are_listed_by_the_calendar_of_the_site(bench: Bench, browse) -> None:
    site = pharmacy_of(bench.site_id)
    assert missed_days(site, 30) == []  # set up today
    for model in (Cleanroom, Hood):
        model.objects.update(made_at=now() - timedelta(days=4))
    Cleaning.objects.filter(hood_id=bench.hood_id).update(at=now() - timedelta(days=2))
    missed = dict(missed_days(site, 30))
    here = today(site.timezone)
    assert missed["Hood 1"] == (here - timedelta(days=3), here - timedelta(days=1))
    assert len(missed["Buffer room"]) == 3
    assert b"Days without a cleaning" in browse(bench.technician).get(f"/sites/{bench.site_id}/cleaning/").content
