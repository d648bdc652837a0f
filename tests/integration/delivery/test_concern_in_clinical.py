# SPDX-License-Identifier: Apache-2.0
"""An answer of the call that a pharmacist or nurse manager must see is one row among clinical's calls; answered once, in either room."""
from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from openinfusion.clinical import public as clinical
from openinfusion.clinical.models import Call
from openinfusion.delivery import public as delivery
from openinfusion.delivery.actions.concern import follow_answer
from openinfusion.delivery.models import CallConcern
from openinfusion.delivery.queries.refill import concerns_of
from openinfusion.kernel.refusal import Malformed, NotFound, Refused
from openinfusion.kernel.waiting import Ask
from openinfusion.platform.clock import now
from openinfusion.platform.journal import timeline
from openinfusion.platform.models import Entry


def asked(thread: Any, **answers: Any) -> UUID:
    """A delivery whose call raised something."""
    ticket_id = thread.ticket()
    said = answers or {"side_effects": "rash on the arm"}
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(**said), by=thread.warehouse)
    return ticket_id


def line_trouble(thread: Any) -> tuple[delivery.Said, ...]:
    return tuple(replace(s, answer=delivery.Answer.YES, words="red and sore") if s.code == "line_trouble" else s
                 for s in delivery.nothing_new("antibiotic"))


def rows(by: Any, role: str) -> list[tuple[str, str, str]]:
    """What waits for a role in both rooms, of these kinds."""
    ask = Ask(roles=frozenset({role}))
    found = (*clinical.waiting(by, ask).rows, *delivery.waiting(by, ask).rows)
    return [(r.kind, r.title, r.owner) for r in found if r.kind in ("Call", "Refill answer")]


def test_a_concern_is_one_row_of_the_pharmacists_and_answered_there_frees_the_delivery(thread: Any) -> None:
    ticket_id, rph = asked(thread), thread.bench.pharmacist
    number = delivery.ticket(ticket_id).number
    assert rows(rph, "pharmacist") == [("Call", f"side effects reported: rash on the arm (delivery {number} waits)", "pharmacist")]
    (call,) = clinical.calls_where(patient_id=thread.bench.patient_id)
    assert (call.state, call.caller, call.role, call.holds_url) == (
        "logged", "Amara Sampleton", "pharmacist", f"/delivery/{ticket_id}/#concerns")
    with pytest.raises(Refused, match="something waits"):
        clinical.advance_call(call_id=call.id, step="settle", advice="antihistamine", by=rph)
    with pytest.raises(Malformed, match="go, hold"):
        clinical.advance_call(call_id=call.id, step="settle", advice="antihistamine", release="maybe", by=rph)
    assert Call.objects.get().advice == "" and delivery.ticket(ticket_id).road.open_concerns == 1
    clinical.advance_call(call_id=call.id, step="settle", advice="antihistamine; call if it spreads", release="go", by=rph)
    assert rows(rph, "pharmacist") == []
    with pytest.raises(Refused):  # the news has not come yet: the delivery still waits
        delivery.advance_ticket(ticket_id=ticket_id, step="confirm", by=thread.warehouse)
    thread.bench.tell()
    (concern,) = concerns_of(ticket_id)
    assert (concern.state, concern.answer, concern.answerer_name) == ("cleared", "antihistamine; call if it spreads", rph.name)
    delivery.advance_ticket(ticket_id=ticket_id, step="confirm", by=thread.warehouse)
    assert delivery.ticket(ticket_id).state == "confirmed"
    assert any(rph.name in line.reason and "in clinical" in line.reason for line in timeline(subject_id=concern.id))


def test_a_delivery_held_from_clinical_waits_until_it_is_freed_where_it_waits(thread: Any) -> None:
    ticket_id, rph = asked(thread), thread.bench.pharmacist
    call = clinical.calls_where(patient_id=thread.bench.patient_id)[0]
    clinical.advance_call(call_id=call.id, step="settle", advice="asking the prescriber", release="hold", by=rph)
    thread.bench.tell()
    (concern,) = concerns_of(ticket_id)
    assert concern.state == "stopped" and delivery.ticket(ticket_id).road.open_concerns == 1
    delivery.answer_concern(concern_id=concern.id, step="clear", reason="prescriber: go on", by=rph)
    assert delivery.ticket(ticket_id).road.open_concerns == 0 and clinical.call(call.id).release == "hold"


@pytest.mark.parametrize(("step", "release"), [("clear", "go"), ("stop", "hold")])
def test_answered_at_the_delivery_it_is_settled_in_clinical_with_the_same_words(thread: Any, step: str, release: str) -> None:
    ticket_id, rph = asked(thread), thread.bench.pharmacist
    (concern,) = concerns_of(ticket_id)
    delivery.answer_concern(concern_id=concern.id, step=step, reason="seen on the telephone", by=rph)
    call = clinical.call(concern.clinical_call_id)
    assert (call.state, call.release, call.advice, call.settler_name) == ("settled", release, "seen on the telephone", rph.name)
    assert rows(rph, "pharmacist") == []
    with pytest.raises(Refused, match="not possible while settled"):
        clinical.advance_call(call_id=call.id, step="settle", advice="otherwise", release="go", by=rph)
    before = Entry.objects.count()
    thread.bench.tell()
    assert Entry.objects.count() == before and concerns_of(ticket_id)[0].answer == "seen on the telephone"  # nothing comes back as news


def test_a_call_that_was_handed_on_is_settled_with_the_delivery_as_well(thread: Any) -> None:
    ticket_id, rph = asked(thread), thread.bench.pharmacist
    (concern,) = concerns_of(ticket_id)
    clinical.advance_call(call_id=concern.clinical_call_id, step="to_pharmacist", reason="spreading", by=rph)
    assert clinical.call(concern.clinical_call_id).state == "with_pharmacist" and len(rows(rph, "pharmacist")) == 1
    delivery.answer_concern(concern_id=concern.id, step="stop", reason="to the clinic today", by=rph)
    call = clinical.call(concern.clinical_call_id)
    assert (call.state, call.release, call.resolution, call.taker_name) == ("settled", "hold", "to the clinic today", rph.name)


def test_whoever_is_second_is_told_and_changes_nothing(thread: Any) -> None:
    ticket_id, rph = asked(thread), thread.bench.pharmacist
    (concern,) = concerns_of(ticket_id)
    clinical.advance_call(call_id=concern.clinical_call_id, step="settle", advice="hold it", release="hold", by=rph)
    with pytest.raises(Refused, match="answered this among the calls a moment ago: hold it"), transaction.atomic():
        delivery.answer_concern(concern_id=concern.id, step="clear", reason="fine", by=thread.bench.second_pharmacist)
    row = CallConcern.objects.get(pk=concern.id)
    assert (row.state, row.answer) == ("open", "") and delivery.ticket(ticket_id).road.open_concerns == 1
    thread.bench.tell()
    assert concerns_of(ticket_id)[0].state == "stopped"
    again = {"concern_id": concern.id, "release": "go", "words": "x", "answered_by": uuid4(), "answerer_name": "x", "answered_at": now()}
    follow_answer(**again, by=rph)  # told twice, or late: it changes nothing
    assert concerns_of(ticket_id)[0].state == "stopped" and delivery.ticket(ticket_id).road.open_concerns == 1


def test_only_the_role_it_waits_for_answers_and_finds_it_in_its_queue(thread: Any) -> None:
    ticket_id, rph, manager = asked(thread, said=line_trouble(thread)), thread.bench.pharmacist, thread.manager
    (concern,) = concerns_of(ticket_id)
    assert concern.role == "nurse_manager" and rows(rph, "pharmacist") == [] and len(rows(manager, "nurse_manager")) == 1
    for who in (rph, thread.nurse, thread.bench.technician):
        with pytest.raises(Refused, match="waits for a nurse manager"):
            clinical.advance_call(call_id=concern.clinical_call_id, step="settle", advice="fine", release="go", by=who)
    assert clinical.call(concern.clinical_call_id).state == "logged"
    clinical.advance_call(call_id=concern.clinical_call_id, step="settle", advice="nurse looks tomorrow", release="go", by=manager)
    thread.bench.tell()
    assert concerns_of(ticket_id)[0].state == "cleared"


def test_what_is_intakes_stays_in_deliverys_own_queue(thread: Any) -> None:
    said = tuple(replace(s, answer=delivery.Answer.YES) if s.code == "insurance_changed" else s for s in delivery.nothing_new("antibiotic"))
    ticket_id = asked(thread, said=said)
    assert concerns_of(ticket_id)[0].clinical_call_id is None and not Call.objects.exists()
    assert [r[0] for r in rows(thread.bench.intake, "intake")] == ["Refill answer"]


def test_asked_twice_it_is_one_call_and_it_cannot_be_struck_while_something_waits(thread: Any) -> None:
    ticket_id, rph = asked(thread), thread.bench.pharmacist
    delivery.record_call(ticket_id=ticket_id, answers=thread.answers(side_effects="rash on the arm"), by=thread.warehouse)
    (concern,) = concerns_of(ticket_id)
    said = {"patient_id": thread.bench.patient_id, "therapy_id": delivery.ticket(ticket_id).therapy_id, "words": "other", "role": "pharmacist",
            "holds_text": "delivery", "holds_url": "/", "by": thread.warehouse}
    assert clinical.refer(**said, holds=concern.id) == concern.clinical_call_id and Call.objects.count() == 1
    with pytest.raises(Malformed, match="one of"):
        clinical.refer(**(said | {"role": "intake"}), holds=uuid4())
    with pytest.raises(Refused, match=r"clinical\.call\.refer"):
        clinical.refer(**(said | {"by": thread.driver}), holds=uuid4())
    with pytest.raises(NotFound):
        clinical.settle_referred(holds=uuid4(), release="go", words="x", by=rph)
    with pytest.raises(Refused, match="waits for this call"):
        clinical.strike_entry(kind="call", entry_id=concern.clinical_call_id, reason="wrong patient", by=rph)
    row = Call.objects.get()
    for wrong in ({"state": "settled", "advice": "x"}, {"release": "go"}, {"holds": None, "release": "go"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=row.pk).update(**wrong)
    plain = clinical.log_call(patient_id=thread.bench.patient_id, caller="Amara", topic="supplies", words="gloves", by=rph)
    with pytest.raises(Malformed, match="nothing waits"):
        clinical.advance_call(call_id=plain, step="settle", advice="sent", release="go", by=rph)
    clinical.advance_call(call_id=plain, step="settle", advice="sent", by=rph)
    assert Call.objects.filter(holds=None).count() == 1


def test_the_pages_and_the_api_ask_what_becomes_of_the_delivery(thread: Any, browse: Any) -> None:
    ticket_id = asked(thread)
    (concern,) = concerns_of(ticket_id)
    rph, url = browse(thread.bench.pharmacist), f"/clinical/calls/{concern.clinical_call_id}/"
    page = rph.get(url).content.decode()
    assert f"Delivery {delivery.ticket(ticket_id).number}" in page and 'name="release"' in page and f"/delivery/{ticket_id}/#concerns" in page
    assert f"delivery {delivery.ticket(ticket_id).number} waits for the pharmacist" in " ".join(rph.get("/clinical/calls/").content.decode().split())
    assert url in rph.get(f"/delivery/{ticket_id}/").content.decode()
    assert rph.post(f"{url}settle/", {"advice": "fine"}).status_code == 422
    assert clinical.call(concern.clinical_call_id).state == "logged"
    assert rph.post(f"{url}settle/", {"advice": "fine", "release": "go"}).status_code == 302
    thread.bench.tell()
    assert concerns_of(ticket_id)[0].state == "cleared"
    delivery.record_call(ticket_id=ticket_id, answers=thread.answers(changes="moved to the sister's"), by=thread.warehouse)
    call_id = concerns_of(ticket_id)[1].clinical_call_id
    path = f"/api/clinical/calls/{call_id}/steps"
    assert rph.post(path, {"step": "settle", "advice": "noted"}, content_type="application/json").status_code == 409
    said = {"step": "settle", "advice": "noted", "release": "hold"}
    assert rph.post(path, said, content_type="application/json").status_code == 200
    (seen,) = [c for c in rph.get("/api/clinical/calls").json() if c["id"] == str(call_id)]
    assert (seen["release"], seen["role"]) == ("hold", "pharmacist")
