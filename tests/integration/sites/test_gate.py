# SPDX-License-Identifier: Apache-2.0
"""Every reason of room and person stops a work order at the hood, and clearing it lets it start."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.integration.conftest import Bench, open_for_the_day

from openinfusion.compounding import public as compounding
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.clock import now, today
from openinfusion.sites import public as sites
from openinfusion.sites.models import Cleanroom, Hood
from openinfusion.team import public as team
from openinfusion.team.models import GarbAttest

ZONE = "America/Chicago"


@pytest.fixture
def ready(bench: Bench) -> UUID:
    """A work order that is checked and could start."""
    for name in ("cefTRIAXone 2 g", "cefTRIAXone 1 g", "sodium chloride 0.9% 100 mL", "elastomeric infuser 100 mL"):
        bench.receive(name)
    prescription = bench.prescription()
    bench.verify(prescription)
    order = compounding.work_orders_of(prescription)[0]
    for step, by in (("release", bench.pharmacist), ("stage", bench.technician)):
        compounding.advance_work_order(work_order_id=order.id, step=step, by=by)
    for line in compounding.ingredients(order.id):
        for held in line.held:
            scan = bench.gs1(line.product_id, inventory.lot(held.lot_id))
            compounding.scan_ingredient(work_order_id=order.id, scan=scan, packages=int(held.quantity), by=bench.technician)
    compounding.advance_work_order(work_order_id=order.id, step="pre_check", by=bench.second_technician)
    return order.id


def start(bench: Bench, order: UUID) -> None:
    compounding.advance_work_order(work_order_id=order, step="start", hood_id=bench.hood_id, by=bench.technician)


def stopped(bench: Bench, order: UUID, *codes: str) -> list[str]:
    with pytest.raises(Refused) as no:
        start(bench, order)
    assert compounding.work_order(order).state == "pre_checked"
    said = " ".join(str(r) for r in no.value.reasons)
    assert any(r.code in codes for r in no.value.reasons), said
    assert "(" in said  # who clears it
    return [r.code for r in no.value.reasons]


def room_of(bench: Bench) -> UUID:
    return sites.rooms(bench.site_id)[0].id


def reading(bench: Bench, value: str, done: str = "") -> None:
    given = sites.Given(str(room_of(bench)), sites.Measured.PRESSURE, Decimal(value), now(), done)
    sites.record_round(site_id=bench.site_id, readings=[given], by=bench.technician)


def test_in_order_it_starts(bench: Bench, ready: UUID) -> None:
    start(bench, ready)


def test_the_room_closed_and_opened(bench: Bench, ready: UUID) -> None:
    sites.advance_room(room_id=room_of(bench), step="close", reason="ceiling leak", by=bench.pharmacist)
    stopped(bench, ready, "room-closed")
    sites.advance_room(room_id=room_of(bench), step="open", reason="mended", by=bench.pharmacist.signing("test"))
    start(bench, ready)


def test_pressure_out_and_back(bench: Bench, ready: UUID) -> None:
    with pytest.raises(Refused, match="say what was done"):
        reading(bench, "0.005")
    reading(bench, "0.005", "door found open, closed")
    stopped(bench, ready, "pressure-out")
    reading(bench, "0.025")
    start(bench, ready)


@pytest.mark.parametrize(("columns", "code"), [
    ({"pressure_at": None, "pressure_ok": None}, "pressure-unread"),
    ({"cleaned_at": None}, "room-unclean"),
    ({"sporicidal_at": None}, "sporicidal-missed"),
])
def test_what_was_not_done_today(bench: Bench, ready: UUID, columns: dict, code: str) -> None:
    Cleanroom.objects.filter(pk=room_of(bench)).update(**columns)
    stopped(bench, ready, code)
    open_for_the_day(bench.site_id, by=bench.technician)
    start(bench, ready)


def test_certification_of_the_room_lapsed(bench: Bench, ready: UUID) -> None:
    Cleanroom.objects.filter(pk=room_of(bench)).update(certified_until=now() - timedelta(days=1))
    stopped(bench, ready, "room-lapsed")
    sites.record_certification(
        room_id=room_of(bench), certified_on=today(ZONE), certifier="Air Proof LLC", report_number="R-1",
        measured=sites.Measurements(1200, True, Decimal(34), True), by=bench.pharmacist,
    )
    start(bench, ready)


def test_a_hood_that_fails_its_certification(bench: Bench, ready: UUID) -> None:
    report = {"certified_on": today(ZONE), "certifier": "Air Proof LLC", "by": bench.pharmacist, "hood_id": bench.hood_id}
    sites.record_certification(report_number="R-1", measured=sites.Measurements(3521, True, None, True), **report)
    stopped(bench, ready, "hood-failed")
    sites.record_certification(report_number="R-2", measured=sites.Measurements(3520, True, None, True), **report)
    start(bench, ready)


def test_a_scale_whose_calibration_lapsed_and_one_that_only_warns(bench: Bench, ready: UUID) -> None:
    by, room = bench.administrator, room_of(bench)
    sites.add_equipment(site_id=bench.site_id, kind=sites.EquipmentKind.THERMOMETER, name="Thermometer", room_id=room, by=by)
    scale = sites.add_equipment(site_id=bench.site_id, kind=sites.EquipmentKind.SCALE, name="Scale 1", room_id=room, by=by)
    assert "uncalibrated" in stopped(bench, ready, "uncalibrated")
    sites.record_calibration(
        equipment_id=scale, calibrated_on=today(ZONE), passed=True, done_by="Weigh Well", standard="NIST weights", by=bench.pharmacist
    )
    start(bench, ready)


def counted(bench: Bench, count: int, **place: UUID) -> None:
    """A sample taken, grown for its days and counted, by a clock that runs ahead and comes back."""
    begun = now()
    with time_machine.travel(begun - timedelta(days=8), tick=False) as clock:
        sample = sites.take_sample(kind=sites.SampleKind.AIR, spot="centre", by=bench.technician, **place)
        sites.advance_sample(sample_id=sample, step="incubate", by=bench.technician)
        clock.shift(timedelta(hours=49))
        sites.advance_sample(sample_id=sample, step="move", by=bench.technician)
        clock.shift(timedelta(hours=121))
        sites.count_sample(sample_id=sample, count=count, genus="Micrococcus" if count else "", by=bench.technician)


def test_a_sample_over_the_level_of_iso_5_stops_the_hood_until_it_is_repeated(bench: Bench, ready: UUID) -> None:
    counted(bench, 1, hood_id=bench.hood_id)
    assert sites.fitness_reasons(bench.hood_id, now(), False) == []
    counted(bench, 2, hood_id=bench.hood_id)
    stopped(bench, ready, "hood-sample")
    with time_machine.travel(now() + timedelta(minutes=5)):
        counted(bench, 0, hood_id=bench.hood_id)
    start(bench, ready)


def test_a_sample_over_the_level_of_iso_7_fails_the_room_and_dating_falls_back(bench: Bench, ready: UUID) -> None:
    counted(bench, 11, room_id=room_of(bench))
    start(bench, ready)
    state = sites.facility_state(bench.hood_id, now())
    assert state.downgraded and "11 is over 10" in state.why
    bench.hood(ready)
    compounding.advance_work_order(work_order_id=ready, step="finish", by=bench.technician)
    [made] = compounding.preparations_of(ready)
    assert made.beyond_use_at - now() <= timedelta(hours=24)
    with pytest.raises(Refused) as no:
        sites.advance_room(room_id=room_of(bench), step="clear", reason="cleaned", by=bench.pharmacist.signing("test"))
    assert {r.code for r in no.value.reasons} == {"room-sample"}


def test_a_person_who_has_not_garbed_today(bench: Bench, ready: UUID) -> None:
    GarbAttest.objects.all().delete()
    stopped(bench, ready, "not-garbed")
    team.attest_garb(site_id=bench.site_id, by=bench.technician)
    start(bench, ready)


def test_a_person_whose_licence_expired(bench: Bench, ready: UUID) -> None:
    licence = {"user_id": bench.technician.id, "kind": "technician", "state": "IL", "number": "T-1", "by": bench.administrator}
    team.record_credential(expires_on=today(ZONE) - timedelta(days=1), **licence)
    stopped(bench, ready, "licence-expired")
    team.record_credential(expires_on=today(ZONE), **licence)
    start(bench, ready)


def test_a_person_who_failed_is_remediated_and_passes_again(bench: Bench, ready: UUID) -> None:
    result = {"user_id": bench.technician.id, "element": "media_fill", "on": today(ZONE), "by": bench.pharmacist}
    team.record_competency(passed=True, trial=team.Trial(2, 2, 0, False), **result)  # the plates say no
    stopped(bench, ready, "competency-failed")
    with pytest.raises(Refused, match="remediation"):
        team.record_competency(passed=True, **result)
    team.record_remediation(user_id=bench.technician.id, element="media_fill", on=today(ZONE), text="watched practice", by=bench.pharmacist)
    team.record_competency(passed=True, trial=team.Trial(1, 2, 3, False), **result)
    start(bench, ready)


def test_a_new_person_needs_three_in_a_row(bench: Bench) -> None:
    user = team.add_person(email="new@example.org", name="Neo New", roles=frozenset(), by=bench.administrator)
    for number in range(3):
        reasons = team.competency_reasons(user, "sterile_compounding", today(ZONE))
        code = "competency-missing" if number == 0 else "competency-incomplete"
        assert code in {r.code for r in reasons}
        team.record_competency(user_id=user, element="garbing", on=today(ZONE), passed=True, trial=team.Trial(0, 0), by=bench.pharmacist)
    codes = {r.code for r in team.competency_reasons(user, "sterile_compounding", today(ZONE))}
    assert codes == {"competency-missing"}  # media fill and training are still missing; garbing is complete


def test_the_gate_asks_in_one_round_trip_each(bench: Bench) -> None:
    sites.fitness_reasons(bench.hood_id, now(), False)
    with CaptureQueriesContext(connection) as seen:
        sites.fitness_reasons(bench.hood_id, now(), False)
    assert len(seen) == 2  # hood with its room and site; equipment of the room: both in one pipeline
    ask: Callable[[], object] = lambda: team.bench_reasons(  # noqa: E731
        bench.technician.id, ("sterile_compounding",), site_id=bench.site_id, state="IL", on=today(ZONE), hazardous=False)
    with CaptureQueriesContext(connection) as seen:
        assert ask() == []
    assert len(seen) == 4


def test_a_moved_hood_is_certified_again(bench: Bench) -> None:
    other = sites.add_room(site_id=bench.site_id, name="Other", kind=sites.RoomKind.BUFFER, hazardous=False, iso_class=7, by=bench.administrator)
    sites.move_hood(hood_id=bench.hood_id, room_id=other, by=bench.pharmacist)
    assert Hood.objects.get(pk=bench.hood_id).certified_until is None
    assert {"hood-uncertified", "room-uncertified"} <= {r.code for r in sites.fitness_reasons(bench.hood_id, now(), False)}
