# SPDX-License-Identifier: Apache-2.0
"""A released preparation travels to the patient: joined, called, scanned, packed, checked, handed over with proof."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import DeliveryTicket, TicketLine
from openinfusion.delivery.web.ticket_pdf import ticket_pdf
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.platform.clock import today
from openinfusion.platform.journal import timeline
from openinfusion.therapy import public as therapy


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def test_a_released_preparation_opens_one_ticket_with_the_kit_of_its_template(thread: Any) -> None:
    ticket = delivery.ticket(thread.ticket())
    thread.bench.tell()
    assert ticket.state == "draft" and ticket.doses == 7
    assert [line.kind for line in ticket.lines].count("preparation") == 1
    assert [line.kind for line in ticket.lines].count("supply") >= 3
    assert len(delivery.tickets_of(ticket.therapy_id)) == 1
    assert TicketLine.objects.filter(preparation__isnull=False).count() == 1


def test_the_whole_way_ends_with_proof_and_running_orders(thread: Any) -> None:
    ticket = delivery.ticket(thread.delivered())
    assert (ticket.state, ticket.received_by, ticket.arrived_c) == ("delivered", "Amara Sampleton", Decimal("5.0"))
    assert all(line.picked_at for line in ticket.lines)
    assert therapy.therapy(ticket.therapy_id).state == "active"
    told = " ".join(line.sentence for line in timeline(subject_id=ticket.id))
    assert "handed" in told and "Amara Sampleton (self)" in told
    assert ticket_pdf(ticket.id).startswith(b"%PDF")


def test_without_consent_the_delivery_is_not_confirmed_and_nothing_is_kept(thread: Any) -> None:
    ticket_id = thread.ticket()
    with pytest.raises(Refused, match="did not agree"):
        delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(consents=False), by=thread.warehouse)
    assert delivery.ticket(ticket_id).state == "draft"


def test_what_is_not_on_the_ticket_is_not_picked(thread: Any) -> None:
    ticket_id = thread.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(), by=thread.warehouse)
    with pytest.raises(Refused, match="not on this ticket"):
        delivery.pick_by_scan(ticket_id=ticket_id, scans=["OI1*ABCDEF*1*0"], by=thread.warehouse)
    with pytest.raises(Refused) as no:
        delivery.advance_ticket(ticket_id=ticket_id, step="pick", by=thread.warehouse)
    assert codes(no) == {"not-picked"}
    assert not [line for line in delivery.ticket(ticket_id).lines if line.picked_at]


def test_the_lot_in_the_hand_is_the_lot_that_leaves_the_shelf(thread: Any) -> None:
    ticket_id = thread.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(), by=thread.warehouse)
    line = next(row for row in delivery.ticket(ticket_id).lines if row.product_id)
    later = {"expires_on": today("America/Chicago") + timedelta(days=800), "location": thread.bench.shelf_id}
    for number in ("HAND1", "HAND2"):
        inventory.receive_stock(
            product_id=line.product_id, lot=number, quantity=Decimal(line.quantity - 1), by=thread.bench.technician, **later
        )

    def pick(*lots: str) -> None:
        scans = [f"]d201{line.scan_code}10{lot}" for lot in lots]
        delivery.pick_by_scan(ticket_id=ticket_id, scans=scans, by=thread.warehouse)

    for wrong, says in ((["HAND9"], "no lot HAND9"), (["HAND1"], "of lot HAND1 only"), (["HAND1", "HAND1"], "already picked")):
        with pytest.raises(Refused, match=says):
            pick(*wrong)
    assert inventory.lots_of(ticket_id) == []
    pick("HAND1", "HAND2")
    assert [lot.number for lot in inventory.lots_of(ticket_id)] == ["HAND1", "HAND2"]
    picked = next(row for row in delivery.ticket(ticket_id).lines if row.id == line.id)
    assert picked.lot_text == "HAND1, HAND2" and picked.picked_at


def test_a_pack_out_for_other_contents_is_refused(thread: Any) -> None:
    ticket_id = thread.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(), by=thread.warehouse)
    with pytest.raises(Refused) as no:
        delivery.choose_pack_out(ticket_id=ticket_id, pack_out="RT-CR-S", lane=delivery.Lane.COURIER, by=thread.warehouse)
    assert codes(no) == {"pack-out-mismatch"}
    assert delivery.ticket(ticket_id).pack_out == ""


def test_a_hand_over_needs_name_signature_and_temperature(thread: Any) -> None:
    ticket_id = thread.dispatched()
    with pytest.raises(Refused) as no:
        delivery.hand_over(ticket_id=ticket_id, received_by="", relation="", signature="", by=thread.driver)
    assert codes(no) == {"no-receiver", "no-signature", "no-temperature"}
    with pytest.raises(Malformed, match="neither strokes"):
        delivery.hand_over(ticket_id=ticket_id, received_by="A", relation="", signature="<script>", by=thread.driver)
    assert DeliveryTicket.objects.get(pk=ticket_id).received_by == ""


def test_a_failed_delivery_comes_back_and_is_reconciled_with_a_reason(thread: Any) -> None:
    ticket_id = thread.dispatched()
    delivery.advance_ticket(ticket_id=ticket_id, step="fail", reason="nobody home", by=thread.driver)
    delivery.advance_ticket(ticket_id=ticket_id, step="take_back", by=thread.warehouse)
    with pytest.raises(Refused, match="needs a reason"):
        delivery.advance_ticket(ticket_id=ticket_id, step="reconcile", by=thread.warehouse)
    delivery.advance_ticket(ticket_id=ticket_id, step="reconcile", reason="warm too long, destroyed", by=thread.warehouse)
    assert delivery.ticket(ticket_id).state == "reconciled"


def test_waiting_search_and_chart_show_the_delivery(thread: Any) -> None:
    ticket = delivery.ticket(thread.ticket())
    (row,) = delivery.waiting(thread.warehouse).rows
    assert (row.id, row.owner, row.state) == (ticket.id, "warehouse", "draft")
    assert delivery.find(ticket.number[:5], thread.warehouse)[0].title == ticket.number
    assert delivery.on_chart(ticket.patient_id, thread.warehouse)[0].title == ticket.number
