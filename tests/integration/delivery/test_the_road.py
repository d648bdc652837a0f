# SPDX-License-Identifier: Apache-2.0
"""The road through actions: concerns hold, studies are wanted, boxes are left and come back, loggers are judged."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp
from django.db import IntegrityError, transaction

from openinfusion.compounding import public as compounding
from openinfusion.compounding.models import UsualCarrier
from openinfusion.delivery import public as delivery
from openinfusion.delivery.domain.logger_file import read_logger_text
from openinfusion.delivery.models import DeliveryTicket, LoggerRecord, PackOutValidation, TicketLine
from openinfusion.delivery.queries.refill import concerns_of
from openinfusion.delivery.queries.road import chain_of, logger_of, returns_where
from openinfusion.delivery.web.proof_pdf import custody_pdf, proof_pdf
from openinfusion.inventory import public as inventory
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.nursing.domain.drug_check import against
from openinfusion.nursing.queries import drug as nursing_drug
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.clock import now, today
from openinfusion.quality import public as quality

ZONE = "America/Chicago"


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def packed(thread: Any, **pack_out: Any) -> UUID:
    """A delivery confirmed, picked, with a pack-out chosen as said."""
    ticket_id = thread.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(), by=thread.warehouse)
    delivery.pick_by_scan(ticket_id=ticket_id, scans=thread.scans(ticket_id), by=thread.warehouse)
    delivery.advance_ticket(ticket_id=ticket_id, step="pick", by=thread.warehouse)
    lane = pack_out.pop("lane", delivery.Lane.COURIER)
    chosen = delivery.pack_out_for(ticket_id, lane)
    said = {"done_steps": [s.code for s in delivery.steps_of(chosen)]} | pack_out
    delivery.choose_pack_out(ticket_id=ticket_id, pack_out=chosen.code, lane=lane, by=thread.warehouse, **said)
    return ticket_id


def checked(thread: Any, **pack_out: Any) -> UUID:
    ticket_id = packed(thread, **pack_out)
    delivery.advance_ticket(ticket_id=ticket_id, step="pack", by=thread.warehouse)
    delivery.advance_ticket(ticket_id=ticket_id, step="check", by=thread.bench.pharmacist.signing("test"))
    return ticket_id


def test_an_answer_that_needs_a_pharmacist_holds_the_delivery_until_they_have_looked(thread: Any) -> None:
    ticket_id = thread.ticket()
    answers = thread.answers(side_effects="rash on the arm")
    delivery.confirm_by_call(ticket_id=ticket_id, answers=answers, by=thread.warehouse)
    assert delivery.ticket(ticket_id).state == "pre_delivery_assessment"
    with pytest.raises(Refused) as no:
        delivery.advance_ticket(ticket_id=ticket_id, step="confirm", by=thread.warehouse)
    assert codes(no) == {"concern-open"}
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(), by=thread.warehouse)
    assert delivery.ticket(ticket_id).state == "pre_delivery_assessment"  # what was said once is looked at, whatever is said now
    (concern,) = concerns_of(ticket_id)
    assert "Refill answer" not in delivery.waiting(thread.bench.pharmacist).counts  # it is the one row among clinical's calls
    with pytest.raises(Refused):
        delivery.answer_concern(concern_id=concern.id, step="clear", reason="fine", by=thread.warehouse)
    delivery.answer_concern(concern_id=concern.id, step="stop", reason="ask the prescriber", by=thread.bench.pharmacist)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryTicket.objects.filter(pk=ticket_id).update(state="confirmed")
    delivery.answer_concern(concern_id=concern.id, step="clear", reason="prescriber: go on, antihistamine", by=thread.bench.pharmacist)
    delivery.advance_ticket(ticket_id=ticket_id, step="confirm", by=thread.warehouse)
    assert delivery.ticket(ticket_id).state == "confirmed"


def test_a_question_that_was_not_asked_refuses_and_keeps_nothing(thread: Any) -> None:
    ticket_id = thread.ticket()
    with pytest.raises(Refused) as no:
        delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(said=()), by=thread.warehouse)
    assert codes(no) == {"not-asked"} and delivery.ticket(ticket_id).state == "draft"
    delivery.record_call(ticket_id=ticket_id, answers=thread.answers(said=(), need_by=today(ZONE)), by=thread.warehouse)
    assert delivery.ticket(ticket_id).state == "pre_delivery_assessment"


def test_nobody_reached_is_noted_with_when_to_call_again(thread: Any) -> None:
    ticket_id = thread.ticket()
    again = now() + timedelta(hours=3)
    delivery.note_attempt(ticket_id=ticket_id, outcome=delivery.Attempt.LEFT_MESSAGE, again_at=again, by=thread.warehouse)
    road = delivery.ticket(ticket_id).road
    assert (road.call_attempts, road.call_again_at) == (1, again)
    with pytest.raises(Malformed):
        delivery.note_attempt(ticket_id=ticket_id, outcome=delivery.Attempt.BUSY, again_at=now() - timedelta(hours=1), by=thread.warehouse)


def test_medicares_refill_waits_for_its_window(thread: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = delivery.ticket(thread.delivered())
    DeliveryTicket.objects.filter(pk=first.id).update(covers_last_on=today(ZONE) + timedelta(days=25))
    plan = next(p for p in payers.plans() if p.payer_type == "medicare_b")
    covered = [replace(c, plan_id=plan.id) for c in patients.coverage(first.patient_id)]
    monkeypatch.setattr(patients, "coverage", lambda id: covered)
    second = DeliveryTicket.objects.create(
        number="DSECOND", patient_id=first.patient_id, therapy_id=first.therapy_id, site_id=first.site_id)
    line = TicketLine.objects.create(ticket=second, kind="supply", text="flush")
    counted = {"on_hand": (delivery.OnHand(line.id, "flush", 3),)}
    with pytest.raises(Refused) as no:
        delivery.confirm_by_call(ticket_id=second.id, answers=thread.answers(), by=thread.warehouse)
    assert "arrive no sooner than 10 days before" in str(no.value)
    need = today(ZONE) + timedelta(days=16)
    with pytest.raises(Refused, match="asked and written down for each item"):
        delivery.confirm_by_call(ticket_id=second.id, answers=thread.answers(need_by=need), by=thread.warehouse)
    delivery.confirm_by_call(ticket_id=second.id, answers=thread.answers(need_by=need, **counted), by=thread.warehouse)
    done = delivery.ticket(second.id)
    assert (done.state, done.road.not_before) == ("confirmed", today(ZONE) + timedelta(days=15))


def test_what_must_stay_cold_needs_a_study_at_its_site(thread: Any) -> None:
    PackOutValidation.objects.update(state="withdrawn")
    ticket_id = thread.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(), by=thread.warehouse)
    chosen = delivery.pack_out_for(ticket_id, delivery.Lane.COURIER)
    with pytest.raises(Refused, match="a study of") as no:
        delivery.choose_pack_out(ticket_id=ticket_id, pack_out=chosen.code, lane=delivery.Lane.COURIER, by=thread.warehouse)
    assert codes(no) == {"no-validation"} and delivery.ticket(ticket_id).pack_out == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryTicket.objects.filter(pk=ticket_id).update(state="dispatched", payload="refrigerated")


def test_what_must_stay_cold_has_a_limit_before_a_pack_out_is_chosen_and_never_less_than_its_study_shows(thread: Any) -> None:
    ticket_id = thread.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(), by=thread.warehouse)
    (one,) = delivery.stops_waiting(today(ZONE), thread.bench.site_id)
    usual = delivery.pack_out_for(ticket_id, delivery.Lane.COURIER)
    assert (one.cold_minutes, one.is_packed_for) == (usual.hours * 60, False)
    PackOutValidation.objects.update(hours=6)
    delivery.choose_pack_out(ticket_id=ticket_id, pack_out=usual.code, lane=delivery.Lane.COURIER, by=thread.warehouse,
                             done_steps=[s.code for s in delivery.steps_of(usual)])
    (one,) = delivery.stops_waiting(today(ZONE), thread.bench.site_id)
    assert (one.cold_minutes, one.is_packed_for) == (6 * 60, True)
    TicketLine.objects.filter(ticket_id=ticket_id).update(storage="room")
    assert delivery.stops_waiting(today(ZONE), thread.bench.site_id)[0].cold_minutes is None


def test_dry_ice_that_was_packed_already_ends_the_window(thread: Any) -> None:
    ticket_id = checked(thread)
    TicketLine.objects.filter(ticket_id=ticket_id).update(storage="frozen")
    begins = delivery.stops_waiting(today(ZONE), thread.bench.site_id)[0].window_from
    DeliveryTicket.objects.filter(pk=ticket_id).update(packed_at=begins - timedelta(hours=11))
    (one,) = delivery.stops_waiting(today(ZONE), thread.bench.site_id)
    assert one.window_to == begins + timedelta(hours=1), "12 hours from when it was packed"
    DeliveryTicket.objects.filter(pk=ticket_id).update(packed_at=begins - timedelta(hours=13))
    assert delivery.stops_waiting(today(ZONE), thread.bench.site_id) == []


def test_fewer_hours_than_the_way_takes_are_refused(thread: Any) -> None:
    ticket_id = thread.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(), by=thread.warehouse)
    chosen, lane = delivery.pack_out_for(ticket_id, delivery.Lane.COURIER), delivery.Lane.COURIER
    said = {"ticket_id": ticket_id, "pack_out": chosen.code, "lane": lane, "by": thread.warehouse,
            "done_steps": [s.code for s in delivery.steps_of(chosen)]}
    with pytest.raises(Refused, match="takes up to 4 hours, not 1") as no:
        delivery.choose_pack_out(hours=1, **said)
    assert codes(no) == {"hours-short"} and delivery.ticket(ticket_id).pack_out == ""
    leaves = now() + timedelta(minutes=5)
    made = delivery.assign_route(site_id=thread.bench.site_id, day=today(ZONE), name="A", driver_id=thread.driver.id, leaves_at=leaves,
                                 stops=[delivery.StopWanted(ticket_id=ticket_id, planned_at=leaves + timedelta(hours=chosen.hours, minutes=1))],
                                 by=thread.warehouse)
    with pytest.raises(Refused, match=f"holds {chosen.hours} hours; {chosen.hours + 1} are needed"):
        delivery.choose_pack_out(**said)
    assert delivery.ticket(ticket_id).pack_out == "" and made


def test_a_study_that_ends_after_packing_stops_the_package_at_the_door(thread: Any) -> None:
    PackOutValidation.objects.update(hours=6)
    early = checked(thread)
    PackOutValidation.objects.update(expires_on=today(ZONE) - timedelta(days=1))
    with pytest.raises(Refused) as no:
        delivery.advance_ticket(ticket_id=early, step="dispatch", by=thread.driver)
    assert codes(no) == {"validation-ended"}
    PackOutValidation.objects.update(expires_on=today(ZONE))
    delivery.advance_ticket(ticket_id=early, step="dispatch", by=thread.driver)
    holds = delivery.ticket(early).road.holds_until
    assert holds and timedelta(hours=5) < holds - now() <= timedelta(hours=6)  # the study's hours, not the table's


def test_a_logger_rides_in_one_package_only_and_a_long_lane_wants_one(thread: Any) -> None:
    ticket_id = packed(thread, lane=delivery.Lane.TWO_DAY)
    with pytest.raises(Refused) as no:
        delivery.advance_ticket(ticket_id=ticket_id, step="pack", by=thread.warehouse)
    assert codes(no) == {"no-logger"}
    delivery.put_in_logger(ticket_id=ticket_id, scan="tl-0042", by=thread.warehouse)
    delivery.advance_ticket(ticket_id=ticket_id, step="pack", by=thread.warehouse)
    ticket = delivery.ticket(ticket_id)
    other = DeliveryTicket.objects.create(number="DOTHER", patient_id=ticket.patient_id, therapy_id=ticket.therapy_id, site_id=ticket.site_id)
    DeliveryTicket.objects.filter(pk=other.id).update(logger_serial="TL-0042")
    delivery.advance_ticket(ticket_id=ticket_id, step="unpack", reason="wrong box", by=thread.warehouse)
    with pytest.raises(Refused, match="TL-0042 is in delivery DOTHER"):
        delivery.put_in_logger(ticket_id=ticket_id, scan="TL-0042", by=thread.warehouse)


def test_a_carrier_needs_its_tracking_number_and_is_in_the_chain(thread: Any) -> None:
    service = delivery.Service(new_id(), "Swallow", "Night", delivery.Lane.OVERNIGHT, time(23, 59), tuple(range(7)), 20)
    delivery.add_service(site_id=thread.bench.site_id, service=service, by=thread.warehouse)
    ticket_id = checked(thread, lane=delivery.Lane.OVERNIGHT, service_id=service.id, seal="S-77")
    with pytest.raises(Malformed, match="Tracking"):
        delivery.advance_ticket(ticket_id=ticket_id, step="dispatch", by=thread.warehouse)
    delivery.advance_ticket(ticket_id=ticket_id, step="dispatch", tracking_number="1Z 999 AA1", by=thread.warehouse)
    ticket = delivery.ticket(ticket_id)
    assert (ticket.road.tracking_number, ticket.driver_name) == ("1Z999AA1", "Swallow Night")
    usual = UsualCarrier.objects.get()
    assert (usual.therapy_id, usual.source) == (ticket.therapy_id, service.id), "the hoods make the next for this carrier"
    assert [(h.giver, h.taker, h.seal) for h in chain_of(ticket_id)] == [("Bench", "Pharmacy", ""), ("Pharmacy", "Swallow Night", "S-77")]


def test_a_box_that_is_not_handed_over_comes_back_and_goes_again(thread: Any) -> None:
    ticket_id = thread.dispatched()
    lines = delivery.ticket(ticket_id).lines
    supply = next(line for line in lines if line.kind == "supply")
    scan = thread.scans(ticket_id)[0]
    said = {"received_by": "Amara", "relation": "self", "signature": "typed:Amara", "arrived_c": Decimal(5), "by": thread.driver}
    with pytest.raises(Refused) as no:
        delivery.hand_over(ticket_id=ticket_id, door=delivery.AtDoor(scans=("OI1*OTHER*1*0",)), **said)
    assert codes(no) == {"not-on-ticket"}
    with pytest.raises(Malformed, match="say why"):
        delivery.hand_over(ticket_id=ticket_id, door=delivery.AtDoor(left=(supply.id,)), **said)
    door = delivery.AtDoor(identity=delivery.Identity.PHOTO_ID, scans=(scan,), left=(supply.id,), left_why="wrong size", seal_intact=True)
    delivery.hand_over(ticket_id=ticket_id, door=door, **said)
    done = delivery.ticket(ticket_id)
    assert done.state == "delivered" and supply.id not in {line.id for line in done.lines} and done.doses == 7
    later = next(t for t in delivery.tickets_of(done.therapy_id) if t.road.follows_id == ticket_id)
    assert later.state == "draft" and [line.text for line in later.lines] == [supply.text]
    (back,) = returns_where(ticket_id=ticket_id)
    before = inventory.free([supply.product_id], thread.bench.site_id)[supply.product_id]
    delivery.advance_return(return_id=back.id, step="receive", disposition=delivery.Disposition.STOCK, by=thread.warehouse)
    assert inventory.free([supply.product_id], thread.bench.site_id)[supply.product_id] == before + supply.quantity


def test_a_failed_delivery_has_a_code_and_says_what_is_next(thread: Any) -> None:
    ticket_id = thread.dispatched()
    delivery.fail_delivery(ticket_id=ticket_id, failure=delivery.Failure.NOBODY_HOME, then_do=delivery.Next.TRY_AGAIN_TODAY,
                           note="rang twice", by=thread.driver)
    road = delivery.ticket(ticket_id).road
    assert (road.fail_code, road.fail_next) == ("nobody_home", "try_again_today")
    DeliveryTicket.objects.filter(pk=ticket_id).update(holds_until=now() - timedelta(minutes=1))
    with pytest.raises(Refused) as no:
        delivery.advance_ticket(ticket_id=ticket_id, step="dispatch", by=thread.driver)
    assert codes(no) == {"pack-out-ended"}
    delivery.advance_ticket(ticket_id=ticket_id, step="take_back", by=thread.warehouse)
    assert [h.taker for h in chain_of(ticket_id)][-1] == "Pharmacy"


def test_a_logger_out_of_range_opens_an_incident_and_a_pharmacist_decides(thread: Any) -> None:
    ticket_id = packed(thread, logger="TL-7")
    delivery.advance_ticket(ticket_id=ticket_id, step="pack", by=thread.warehouse)
    delivery.advance_ticket(ticket_id=ticket_id, step="check", by=thread.bench.pharmacist.signing("test"))
    begun = now() - timedelta(hours=1)
    delivery.advance_ticket(ticket_id=ticket_id, step="dispatch", by=thread.driver)
    delivery.hand_over(ticket_id=ticket_id, received_by="A", relation="self", signature="typed:Amara", arrived_c=Decimal(5), by=thread.driver)
    DeliveryTicket.objects.filter(pk=ticket_id).update(dispatched_at=begun, delivered_at=now() - timedelta(minutes=5))
    keyed = "at,celsius\n" + "\n".join(
        f"{(begun + timedelta(minutes=m)).isoformat()},{c}" for m, c in ((0, "4.0"), (30, "31.5"), (56, "6.0")))
    readings = read_logger_text(keyed)
    with pytest.raises(Malformed, match="TL-7"):
        delivery.attach_readings(ticket_id=ticket_id, serial="TL-8", readings=readings, by=thread.driver)
    delivery.attach_readings(ticket_id=ticket_id, serial="tl-7", readings=readings, by=thread.driver)
    record = logger_of(ticket_id)
    assert record and record.verdict == "excursion" and record.minutes_out == 56
    thread.bench.tell()
    assert [i.kind for i in quality.open_incidents()] == ["delivery"]
    assert delivery.waiting(thread.bench.pharmacist).counts["Package excursion"] == 1
    decide = {"record_id": record.id, "usable": False, "reason": "the manufacturer allows 25 °C at most"}
    for by in (thread.warehouse.signing("test"), thread.bench.pharmacist):
        with pytest.raises(Refused):
            delivery.decide_excursion(**decide, by=by)
    delivery.decide_excursion(**decide, by=thread.bench.pharmacist.signing("test"))
    assert delivery.ticket(ticket_id).road.logger_verdict == "unusable"
    with pytest.raises(Refused, match="read"):
        delivery.attach_readings(ticket_id=ticket_id, serial="TL-7", readings=readings, by=thread.driver)


def test_the_proof_carries_a_barcode_that_can_be_read(thread: Any) -> None:
    ticket_id = thread.dispatched()
    with pytest.raises(Refused, match="not handed over yet"):
        proof_pdf(ticket_id)
    delivery.hand_over(ticket_id=ticket_id, received_by="Amara Sampleton", relation="self", signature="M10 10 L20 30 L40 10",
                       arrived_c=Decimal("5.0"), by=thread.driver)
    number = delivery.ticket(ticket_id).number
    for made in (proof_pdf(ticket_id), custody_pdf(ticket_id)):
        page = pypdfium2.PdfDocument(made)[0]
        assert [b.text for b in zxingcpp.read_barcodes(page.render(scale=4).to_pil())] == [f"OIP*{number}"]
        words = page.get_textpage().get_text_bounded()
        assert "Amara Sampleton" in words and "Dee Driver" in words


def test_a_route_says_who_will_be_late_and_its_stop_ends_with_the_hand_over(thread: Any) -> None:
    ticket_id, site_id, day = thread.dispatched(), thread.bench.site_id, today(ZONE)
    leaves = now()
    wanted = delivery.StopWanted(ticket_id=ticket_id, window_from=leaves - timedelta(hours=3), window_to=leaves - timedelta(hours=1))
    made = delivery.assign_route(site_id=site_id, day=day, name="A", driver_id=thread.driver.id, leaves_at=leaves, stops=[wanted],
                                 vehicle="Van 1", by=thread.warehouse)
    (route,) = delivery.routes_of(day, site_id)
    assert route.id == made and route.late and "after its window" in route.stops[0].arrival.late[0]
    with pytest.raises(Malformed):
        delivery.assign_route(site_id=site_id, day=day, name="A", route_id=made, driver_id=thread.driver.id, leaves_at=leaves,
                              stops=[wanted, wanted], by=thread.warehouse)
    with pytest.raises(Refused, match="no driver"):
        delivery.assign_route(site_id=site_id, day=day, name="B", driver_id=thread.nurse.id, leaves_at=leaves, stops=[], by=thread.warehouse)
    delivery.hand_over(ticket_id=ticket_id, received_by="A", relation="self", signature="typed:Amara", arrived_c=Decimal(5), by=thread.driver)
    (route,) = delivery.routes_of(day, site_id)
    assert route.stops[0].done_at and route.stops[0].outcome == "delivered" and delivery.ticket(ticket_id).road.stop_id is None


def test_what_waits_for_a_route_has_a_window_a_place_and_minutes(thread: Any) -> None:
    ticket_id = thread.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(window_from=time(9), window_to=time(11)), by=thread.warehouse)
    back = delivery.ask_back(patient_id=thread.bench.patient_id, site_id=thread.bench.site_id, kind=delivery.ReturnKind.SHIPPER,
                             text="cold box", wanted_on=today(ZONE), by=thread.warehouse)
    found = {w.kind: w for w in delivery.stops_waiting(today(ZONE), thread.bench.site_id)}
    one = found["delivery"]
    assert one.ticket_id == ticket_id and one.place.latitude and one.place.approximate and one.service_minutes == 8
    assert one.window_from.astimezone(ZoneInfo(ZONE)).time() == time(9) and found["pick_up"].return_id == back
    assert isinstance(today(ZONE), date)


def test_a_box_that_is_warm_at_the_door_is_not_given_before_a_pharmacist_has_decided(thread: Any) -> None:
    ticket_id = thread.dispatched()
    delivery.hand_over(ticket_id=ticket_id, received_by="A", relation="self", signature="typed:Amara", arrived_c=Decimal("19.0"), by=thread.driver)
    (record,) = LoggerRecord.objects.filter(ticket_id=ticket_id)
    assert (record.serial, record.verdict, record.usable) == ("READ AT THE DOOR", "excursion", None)
    (box,) = [x.preparation_id for x in TicketLine.objects.filter(ticket_id=ticket_id, preparation__isnull=False)][:1]
    assert "no pharmacist has decided" in delivery.preparations_left_range([box])[box]
    made = compounding.preparation(box)
    in_hand = nursing_drug.in_hand(made)
    assert "left-range" in {r.code for r in against(in_hand, made.patient_id, made.therapy_id, now())}
    delivery.decide_excursion(record_id=record.id, usable=False, reason="the label allows no hour above 8 degrees", by=thread.bench.pharmacist.signing("t"))
    assert "is not to be used" in delivery.preparations_left_range([box])[box]
    LoggerRecord.objects.filter(pk=record.pk).update(usable=True)
    assert delivery.preparations_left_range([box]) == {} and not nursing_drug.in_hand(made).left_range

