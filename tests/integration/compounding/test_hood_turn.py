# SPDX-License-Identifier: Apache-2.0
"""One hood for one person at a time: taken with the first order, refused to others by name and time, left, handed over, cleared."""
from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from tests.integration.compounding.test_hood import begun, codes, staged, tell

from openinfusion.compounding import public as compounding
from openinfusion.compounding.models import HoodTurn, WorkOrder
from openinfusion.demo.bench import proofs_of
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING
from openinfusion.platform.clock import now
from openinfusion.platform.journal import timeline
from openinfusion.sites import public as sites


def start(bench: Any, order: UUID, by: Any) -> None:
    compounding.advance_work_order(work_order_id=order, step="start", hood_id=bench.hood_id, by=by)


def turn(bench: Any) -> compounding.Turn:
    (found,) = compounding.hood_turns(bench.site_id)
    return found


def test_the_first_order_takes_the_hood_and_another_person_is_told_who_has_it_since_when(bench: Any) -> None:
    begun(bench)
    held = turn(bench)
    assert held.person == "Tam One" and "took Hood 1" in timeline(subject_id=held.id)[0].sentence
    second = staged(bench)
    with pytest.raises(Refused) as no:
        start(bench, second, bench.second_technician)
    assert codes(no) == {"hood-taken"} and "Tam One has Hood 1 since" in str(no.value) and "pharmacist clears" in str(no.value)
    assert compounding.work_order(second).state == "pre_checked" and turn(bench) == held
    gate = compounding.gate(second, bench.second_technician, bench.hood_id)
    assert [line.question for line in gate.lines if not line.open] == ["Is the hood free?"]
    start(bench, second, bench.technician)  # the same person begins another order there
    assert turn(bench) == held


def test_finishing_the_last_order_frees_the_hood_and_not_the_first_of_two(bench: Any) -> None:
    first, second = begun(bench), begun(bench)
    for order, left in ((first, 1), (second, 0)):
        bench.hood(order)
        compounding.advance_work_order(work_order_id=order, step="finish", by=bench.technician)
        assert len(compounding.hood_turns(bench.site_id)) == left
    assert HoodTurn.objects.get().state == "finished"


def test_what_is_quarantined_out_of_the_hood_frees_it(bench: Any) -> None:
    order = begun(bench)
    compounding.advance_work_order(work_order_id=order, step="quarantine", reason="a vial broke", by=bench.pharmacist)
    row = HoodTurn.objects.get()
    assert (row.state, row.ender_name) == ("finished", "Pat One")


def test_who_left_takes_it_again_with_the_next_step_unless_another_has_it(bench: Any) -> None:
    order, other = begun(bench), staged(bench)
    compounding.advance_turn(turn_id=turn(bench).id, step="leave", by=bench.technician)
    assert compounding.hood_turns(bench.site_id) == []
    start(bench, other, bench.second_technician)
    with pytest.raises(Refused) as no:
        tell(bench, order, proofs_of(order)[0])
    assert codes(no) == {"hood-taken"} and compounding.progress(order).done == 0
    compounding.advance_turn(turn_id=turn(bench).id, step="leave", by=bench.second_technician)
    tell(bench, order, proofs_of(order)[0])
    assert turn(bench).person == "Tam One" and compounding.progress(order).done == 1


def test_handing_over_gives_it_to_the_named_person_in_the_same_moment(bench: Any) -> None:
    begun(bench)
    held = turn(bench)
    for to, code in ((bench.technician, "own-hood"), (bench.intake, "not-at-hoods")):
        with pytest.raises(Refused) as no:
            compounding.advance_turn(turn_id=held.id, step="hand_over", to_id=to.id, by=bench.technician)
        assert codes(no) == {code} and turn(bench) == held
    with pytest.raises(Malformed):
        compounding.advance_turn(turn_id=held.id, step="hand_over", by=bench.technician)
    with pytest.raises(Refused) as no:
        compounding.advance_turn(turn_id=held.id, step="hand_over", to_id=bench.second_technician.id, by=bench.second_technician)
    assert codes(no) == {"not-holder"}
    compounding.advance_turn(turn_id=held.id, step="hand_over", to_id=bench.second_technician.id, by=bench.technician)
    assert turn(bench).person == "Tam Two"
    assert "handed Hood 1 over to Tam Two" in timeline(subject_id=held.id)[0].sentence


def test_a_hood_that_was_left_is_cleared_by_a_pharmacist_with_a_reason_and_by_nobody_else(bench: Any) -> None:
    begun(bench)
    held = turn(bench)
    for by, reason, code in ((bench.second_technician, "went home", "not-permitted"), (bench.pharmacist, " ", "reason-missing")):
        with pytest.raises(Refused) as no:
            compounding.advance_turn(turn_id=held.id, step="clear", reason=reason, by=by)
        assert code in codes(no) and turn(bench) == held
    with pytest.raises(Refused):  # it ends of itself, never by a word
        compounding.advance_turn(turn_id=held.id, step="finish", by=bench.technician)
    compounding.advance_turn(turn_id=held.id, step="clear", reason="she went home", by=bench.pharmacist)
    assert compounding.hood_turns(bench.site_id) == []
    line = timeline(subject_id=held.id)[0]
    assert line.sentence == "Pat One cleared Hood 1, left by Tam One" and line.reason == "she went home"
    start(bench, staged(bench), bench.second_technician)


def test_who_has_a_hood_may_not_clear_it_nor_take_another(bench: Any) -> None:
    other = sites.add_hood(site_id=bench.site_id, name="Hood 2", room_name="Buffer room", hazardous=False, by=bench.administrator)
    sites.certify_hood(hood_id=other, certified_until=now() + timedelta(days=90), room_failed=False, by=bench.administrator)
    sites.clean_hood(hood_id=other, agent="sporicidal wipe", by=bench.administrator)
    start(bench, staged(bench), bench.pharmacist)
    with pytest.raises(Refused) as no:
        compounding.advance_turn(turn_id=turn(bench).id, step="clear", reason="x", by=bench.pharmacist)
    assert codes(no) == {"own-hood"}
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=staged(bench), step="start", hood_id=other, by=bench.pharmacist)
    assert codes(no) == {"other-hood-held"}
    start_there = staged(bench)
    compounding.advance_work_order(work_order_id=start_there, step="start", hood_id=other, by=bench.technician)
    mine = next(t for t in compounding.hood_turns(bench.site_id) if t.person == "Tam One")
    with pytest.raises(Refused) as no:  # the successor has one
        compounding.advance_turn(turn_id=mine.id, step="hand_over", to_id=bench.pharmacist.id, by=bench.technician)
    assert codes(no) == {"other-hood-held"}


def test_the_database_holds_one_person_a_hood_and_one_hood_a_person(bench: Any) -> None:
    order = WorkOrder.objects.get(pk=begun(bench))
    said = {"hood_name": "H", "site_id": order.site_id, "person_name": "T", "taken_at": now()}
    for more in ({"hood_id": order.hood_id, "person_id": bench.pharmacist.id},):
        with pytest.raises(IntegrityError), transaction.atomic():
            HoodTurn.objects.create(**said, **more)
    for change in ({"ended_at": now()}, {"taken_at": now() + timedelta(hours=1), "ended_at": now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HoodTurn.objects.update(**change)


def test_a_hood_held_for_longer_than_a_shift_waits_for_a_pharmacist(bench: Any) -> None:
    begun(bench)
    kinds = {w.kind for w in compounding.waiting(bench.pharmacist, EVERYTHING).rows}
    assert "Hood" not in kinds
    HoodTurn.objects.update(taken_at=now() - timedelta(hours=13))
    rows = [w for w in compounding.waiting(bench.pharmacist, EVERYTHING).rows if w.kind == "Hood"]
    assert rows[0].owner == Role.PHARMACIST.value and "Tam One has not left it" in rows[0].title


def test_the_bench_page_the_hood_screen_and_the_api_say_who_has_it(bench: Any, browse: Any) -> None:
    order = begun(bench)
    held = turn(bench)
    mine, other = browse(bench.technician), browse(bench.pharmacist)
    text = mine.get("/compounding/").content.decode()
    assert "has it since" in text and "Leave the hood" in text and "Hand over" in text and "Clear the hood" not in text
    assert "Clear the hood" in other.get("/compounding/").content.decode()
    assert "Leave the hood" in mine.get(f"/compounding/{order}/hood/").content.decode()
    (row,) = other.get(f"/api/compounding/hood-turns?site_id={bench.site_id}").json()
    assert row["person"] == "Tam One"
    path = f"/api/compounding/hood-turns/{held.id}/steps"
    assert other.post(path, {"step": "leave"}, content_type="application/json").status_code == 409
    assert turn(bench) == held
    assert mine.post(f"/compounding/hoods/{held.id}/leave/", {}).status_code in (200, 204, 302)
    assert compounding.hood_turns(bench.site_id) == []
