# SPDX-License-Identifier: Apache-2.0
"""A visit that needs two nurses is given to two, begun by two and signed for by two; nobody goes alone without a reason."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from tests.integration.dispatch.test_day_plans import ZONE, _nurse
from tests.integration.nursing.test_nursing_visits import write_all

from openinfusion.kernel.refusal import Malformed, Refused, Stale
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Mileage, NurseTime, NurseVisit, SecondNurse
from openinfusion.nursing.queries.packet import packet
from openinfusion.nursing.queries.roster import mileage_of, miles_driven
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import timeline
from openinfusion.quality.models import Incident
from openinfusion.team.models import Credential

HOUR = timedelta(hours=1)


@pytest.fixture
def pair(thread: Any, someone: Callable[..., Actor], scope: UUID) -> Any:
    """The thread with a second nurse who may do the same."""
    thread.other = _as(thread.nurse, _nurse(thread, someone, scope, "Ola Other", licensed=True), "Ola Other")
    return thread


def _as(like: Actor, id: UUID, name: str) -> Actor:
    return Actor(id, name, like.organization_id, like.roles, like.permissions, like.site_id)


def asked(thread: Any, why: str = "turning", **more: Any) -> UUID:
    return nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="line care", second_why=why, by=thread.manager, **more)


def offered(thread: Any, visit_id: UUID, hours: int = 24) -> UUID:
    start = now() + hours * HOUR
    nursing.offer_visit(visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=start, planned_end=start + HOUR,
                        by=thread.manager)
    return visit_id


def by_two(thread: Any, why: str = "turning") -> UUID:
    """A visit given to both, accepted by both and confirmed."""
    visit_id = offered(thread, asked(thread, why))
    nursing.offer_second(visit_id=visit_id, nurse_id=thread.other.id, by=thread.manager)
    nursing.advance_second(visit_id=visit_id, step="accept", by=thread.other)
    for step in ("accept", "confirm"):
        nursing.advance_visit(visit_id=visit_id, step=step, by=thread.nurse)
    return visit_id


def second(visit_id: UUID) -> nursing.SecondFact:
    found = nursing.visit(visit_id).second
    assert found is not None
    return found


def go(thread: Any, visit_id: UUID, *steps: str) -> None:
    for step in steps:
        nursing.advance_visit(visit_id=visit_id, step=step, by=thread.nurse)


def test_both_are_there_from_offer_to_signature(pair: Any) -> None:
    visit_id = by_two(pair)
    assert nursing.visit(visit_id).nurses == "Nan Nurse and Ola Other"
    assert {t.nurse for t in NurseTime.objects.filter(visit_id=visit_id)} == {pair.nurse.id, pair.other.id}
    with pytest.raises(Refused, match="has not begun"):
        nursing.advance_second(visit_id=visit_id, step="attend", by=pair.other.signing("test"))
    go(pair, visit_id, "set_out", "arrive")
    write_all(pair, visit_id)
    go(pair, visit_id, "document")
    with pytest.raises(Refused, match="second nurse has not signed"):
        nursing.advance_visit(visit_id=visit_id, step="sign", by=pair.nurse.signing("test"))
    with pytest.raises(Refused, match="signature"):
        nursing.advance_second(visit_id=visit_id, step="attend", by=pair.other)
    with pytest.raises(Refused, match="only the second nurse"):
        nursing.advance_second(visit_id=visit_id, step="attend", by=pair.nurse.signing("test"))
    assert second(visit_id).signed_at is None
    nursing.advance_second(visit_id=visit_id, step="attend", by=pair.other.signing("test"))
    nursing.advance_visit(visit_id=visit_id, step="sign", by=pair.nurse.signing("test"))
    assert (nursing.visit(visit_id).state, second(visit_id).state) == ("signed", "present")
    assert not NurseTime.objects.filter(visit_id=visit_id).exists()
    told = " ".join(line.sentence for line in timeline(subject_ids=[SecondNurse.objects.get(visit_id=visit_id).id]))
    assert "Ola Other signed to have been there" in told and "the patient must be turned" in told


def test_the_second_is_refused_as_the_first_would_be_and_is_never_the_first(
    pair: Any, someone: Callable[..., Actor], scope: UUID,
) -> None:
    visit_id = asked(pair)
    with pytest.raises(Refused, match="offer the visit first"):
        nursing.offer_second(visit_id=visit_id, nurse_id=pair.other.id, by=pair.manager)
    offered(pair, visit_id)
    with pytest.raises(Refused, match="another person"):
        nursing.offer_second(visit_id=visit_id, nurse_id=pair.nurse.id, by=pair.manager)
    una = _nurse(pair, someone, scope, "Una Unlicensed", licensed=False)
    with pytest.raises(Refused, match="no nurse licence for IL"):
        nursing.offer_second(visit_id=visit_id, nurse_id=una, by=pair.manager)
    start = nursing.visit(visit_id).planned_start
    assert start is not None
    off = nursing.plan_time_of(nurse_id=pair.other.id, kind="off", starts_at=start, ends_at=start + HOUR, by=pair.manager)
    with pytest.raises(Refused, match="has that time off"):
        nursing.offer_second(visit_id=visit_id, nurse_id=pair.other.id, by=pair.manager)
    nursing.end_time_of(availability_id=off, by=pair.manager)
    elsewhere = nursing.request_visit(therapy_id=nursing.visit(visit_id).therapy_id, purpose="other", by=pair.manager)
    nursing.offer_visit(visit_id=elsewhere, nurse_id=pair.other.id, planned_start=start, planned_end=start + HOUR, by=pair.manager)
    with pytest.raises(Refused, match="has visit .* at that time"):
        nursing.offer_second(visit_id=visit_id, nurse_id=pair.other.id, by=pair.manager)
    with pytest.raises(Refused, match="permission"):
        nursing.offer_second(visit_id=visit_id, nurse_id=pair.other.id, by=pair.nurse)
    assert (second(visit_id).state, second(visit_id).nurse) == ("wanted", None)


def refused_by_other(thread: Any) -> UUID:
    visit_id = offered(thread, asked(thread))
    nursing.offer_second(visit_id=visit_id, nurse_id=thread.other.id, by=thread.manager)
    nursing.advance_second(visit_id=visit_id, step="refuse", reason="my back", by=thread.other)
    return visit_id


def test_who_refused_the_second_place_is_no_longer_called_its_nurse(pair: Any, browse: Any) -> None:
    visit_id = refused_by_other(pair)
    there = second(visit_id)
    assert (there.state, there.nurse, there.nurse_name, there.refuser_name) == ("refused", None, "", "Ola Other")
    assert nursing.visit(visit_id).nurses == "Nan Nurse"
    told = packet(NurseVisit.objects.get(pk=visit_id), pair.nurse)["second"]
    assert (told["nurses"], told["nurse"], told["state"]) == (["Nan Nurse"], "", "refused")
    assert packet(NurseVisit.objects.get(pk=visit_id), pair.other)["place"] == 1
    body = browse(pair.manager).get(f"/api/nursing/visits/{visit_id}").json()
    assert body["second"]["nurse"] is None and body["second"]["refuser_name"] == "Ola Other"
    assert "nobody yet, Ola Other refused" in browse(pair.manager).get(f"/nursing/visits/{visit_id}/").content.decode()


def test_who_refused_the_second_place_may_be_offered_the_first_at_that_time(pair: Any) -> None:
    visit_id = refused_by_other(pair)
    start = nursing.visit(visit_id).planned_start
    assert start is not None
    nursing.advance_visit(visit_id=visit_id, step="refuse", reason="ill", by=pair.nurse)
    nursing.offer_visit(visit_id=visit_id, nurse_id=pair.other.id, planned_start=start, planned_end=start + HOUR, by=pair.manager)
    assert nursing.visit(visit_id).nurse == pair.other.id
    with pytest.raises(Refused, match="another person"):
        nursing.offer_second(visit_id=visit_id, nurse_id=pair.other.id, by=pair.manager)
    nursing.offer_second(visit_id=visit_id, nurse_id=pair.nurse.id, by=pair.manager)
    with pytest.raises(Refused, match="Nan Nurse is the second nurse of this visit|another person"):
        nursing.assign_visit(visit_id=visit_id, nurse_id=pair.nurse.id, planned_start=start, planned_end=start + HOUR, by=pair.manager)
    assert (nursing.visit(visit_id).nurse, second(visit_id).nurse) == (pair.other.id, pair.nurse.id)


def test_a_plan_that_gives_the_place_to_who_refused_it_offers_it_again(pair: Any) -> None:
    visit_id = refused_by_other(pair)
    start = nursing.visit(visit_id).planned_start
    assert start is not None
    nursing.assign_visit(visit_id=visit_id, nurse_id=pair.nurse.id, second_id=pair.other.id, planned_start=start,
                         planned_end=start + HOUR, by=pair.manager)
    assert (second(visit_id).state, second(visit_id).nurse) == ("offered", pair.other.id)


def test_no_nurse_is_twice_at_once_in_whichever_place(pair: Any) -> None:
    visit_id = by_two(pair)
    start = nursing.visit(visit_id).planned_start
    assert start is not None
    other = nursing.request_visit(therapy_id=nursing.visit(visit_id).therapy_id, purpose="other", by=pair.manager)
    with pytest.raises(Refused, match="Ola Other has visit"):
        nursing.offer_visit(visit_id=other, nurse_id=pair.other.id, planned_start=start, planned_end=start + HOUR, by=pair.manager)
    with pytest.raises(IntegrityError, match="visit_one_place_at_a_time"), transaction.atomic():
        NurseVisit.objects.filter(pk=other).update(state="offered", nurse=pair.other.id, planned_start=start, planned_end=start + HOUR)
    with pytest.raises(IntegrityError, match="visit_one_place_at_a_time"), transaction.atomic():
        SecondNurse.objects.filter(visit_id=visit_id).update(nurse=pair.nurse.id)
    busy = {n.name: n.busy for n in nursing.nurses_of(start.astimezone(ZONE).date(), pair.bench.site_id)}
    assert (start, start + HOUR) in busy["Ola Other"]
    nursing.offer_visit(visit_id=other, nurse_id=pair.other.id, planned_start=start + HOUR, planned_end=start + 2 * HOUR,
                        by=pair.manager)


def test_one_nurse_does_not_set_out_and_the_database_holds_it_too(pair: Any) -> None:
    visit_id = offered(pair, asked(pair))
    go(pair, visit_id, "accept", "confirm")
    with pytest.raises(Refused, match="needs two nurses"):
        go(pair, visit_id, "set_out")
    for state in ("en_route", "in_progress"):
        with pytest.raises(IntegrityError, match=r"needs two nurses and has one|may not go"), transaction.atomic():
            NurseVisit.objects.filter(pk=visit_id).update(state=state)
    nursing.offer_second(visit_id=visit_id, nurse_id=pair.other.id, by=pair.manager)
    with pytest.raises(Refused, match="no second one has accepted"):
        go(pair, visit_id, "set_out")
    nursing.advance_second(visit_id=visit_id, step="accept", by=pair.other)
    start = nursing.visit(visit_id).planned_start
    assert start is not None
    nursing.plan_time_of(nurse_id=pair.other.id, kind="off", starts_at=start, ends_at=start + HOUR, note="ill", by=pair.other)
    with pytest.raises(Refused, match="Ola Other has that time off"):
        go(pair, visit_id, "set_out")
    assert nursing.visit(visit_id).state == "confirmed"


def test_going_on_with_one_needs_a_nurse_manager_a_reason_and_a_row_that_lets_one_go(pair: Any) -> None:
    visit_id = by_two(pair)
    with pytest.raises(Refused, match="permission"):
        nursing.advance_second(visit_id=visit_id, step="alone", reason="she is ill", by=pair.nurse)
    with pytest.raises(Refused, match="needs a reason"):
        nursing.advance_second(visit_id=visit_id, step="alone", by=pair.manager)
    assert second(visit_id).state == "accepted"
    nursing.advance_second(visit_id=visit_id, step="alone", reason="her daughter helps to turn her", by=pair.manager)
    assert (second(visit_id).state, second(visit_id).nurse) == ("alone", None)
    lines = timeline(subject_ids=[second(visit_id).id])
    assert lines[0].reason == "her daughter helps to turn her"
    go(pair, visit_id, "set_out", "arrive")
    nursing.advance_visit(visit_id=visit_id, step="miss", reason="not at home", by=pair.manager)
    nursing.advance_visit(visit_id=visit_id, step="reschedule", reason="next week", by=pair.manager)
    assert second(visit_id).state == "wanted", "the next time two go again"


def test_where_two_must_check_nobody_goes_alone_and_one_who_did_is_looked_into(pair: Any) -> None:
    visit_id = by_two(pair, "double_check")
    with pytest.raises(Refused, match="nobody goes alone"):
        nursing.advance_second(visit_id=visit_id, step="alone", reason="in a hurry", by=pair.manager)
    assert second(visit_id).state == "accepted"
    go(pair, visit_id, "set_out", "arrive")
    nursing.advance_second(visit_id=visit_id, step="alone", reason="she was called away before the drug", by=pair.manager)
    pair.bench.tell()
    assert "went on with one: she was called away" in " ".join(str(vars(i)) for i in Incident.objects.all())


def test_another_time_asks_the_second_again_and_the_same_time_does_not(pair: Any) -> None:
    visit_id = by_two(pair)
    first = nursing.visit(visit_id)
    assert first.planned_start and first.planned_end
    same = {"visit_id": visit_id, "planned_start": first.planned_start, "planned_end": first.planned_end, "by": pair.manager}
    nursing.advance_second(visit_id=visit_id, step="free", reason="ill", by=pair.manager)
    nursing.assign_visit(**same, nurse_id=pair.nurse.id, second_id=pair.other.id)
    assert (nursing.visit(visit_id).state, second(visit_id).state) == ("confirmed", "offered"), "the first is not asked again"
    nursing.advance_second(visit_id=visit_id, step="accept", by=pair.other)
    with pytest.raises(Refused, match="second nurse of this visit"):
        nursing.assign_visit(**same, nurse_id=pair.other.id)
    assert nursing.visit(visit_id).state == "confirmed"
    nursing.assign_visit(**same, nurse_id=pair.other.id, second_id=pair.nurse.id)
    assert (nursing.visit(visit_id).nurse, second(visit_id).nurse) == (pair.other.id, pair.nurse.id)
    with pytest.raises(Stale):
        nursing.assign_visit(**same, nurse_id=pair.nurse.id, second_id=pair.other.id, second_version=1)
    later = same | {"planned_start": first.planned_end, "planned_end": first.planned_end + HOUR}
    nursing.advance_second(visit_id=visit_id, step="accept", by=pair.nurse)
    nursing.assign_visit(**later, nurse_id=pair.other.id)
    assert (second(visit_id).state, second(visit_id).nurse) == ("wanted", None)


def test_who_asks_when_and_why_is_kept_to(pair: Any) -> None:
    visit_id = nursing.request_visit(therapy_id=pair.bench.therapy(), purpose="weekly", by=pair.manager)
    with pytest.raises(Malformed, match="double_check"):
        nursing.ask_for_second(visit_id=visit_id, why="company", by=pair.manager)
    with pytest.raises(Refused, match="permission"):
        nursing.ask_for_second(visit_id=visit_id, why="turning", by=pair.driver)
    assert nursing.visit(visit_id).second is None
    nursing.ask_for_second(visit_id=visit_id, why="unsafe_address", note="dog, no light", by=pair.manager)
    with pytest.raises(Refused, match="already"):
        nursing.ask_for_second(visit_id=visit_id, why="turning", by=pair.manager)
    assert (second(visit_id).why, second(visit_id).note) == ("unsafe_address", "dog, no light")
    assert any(w.kind == "Second nurse" and w.missing == ("a second nurse",) for w in nursing.waiting(pair.manager).rows)
    typed = nursing.request_visit(therapy_id=nursing.visit(visit_id).therapy_id, purpose="cycle 2", visit_type="high_risk",
                                  by=pair.manager)
    assert second(typed).why == "double_check", "the type of visit asks for it"
    with pytest.raises(Malformed, match="say what"):
        nursing.request_visit(therapy_id=nursing.visit(visit_id).therapy_id, purpose=" ", second_why="turning", by=pair.manager)


def test_the_second_has_the_visit_on_list_and_phone_and_writes_nothing_into_it(pair: Any) -> None:
    visit_id = by_two(pair)
    device = nursing.register_phone(name="Ola's", by=pair.other)
    nursing.prepare_phone(device_id=device, by=pair.other)
    held = packet(NurseVisit.objects.get(pk=visit_id), pair.other)
    assert held["place"] == 2 and held["second"]["nurses"] == ["Nan Nurse", "Ola Other"]
    assert packet(NurseVisit.objects.get(pk=visit_id), pair.nurse)["second"]["sure"] is True
    go(pair, visit_id, "set_out", "arrive")
    with pytest.raises(Refused, match="only the nurse"):
        nursing.write_record(visit_id=visit_id, entries=nursing.VisitEntries(note="x"), by=pair.other)


def test_a_patient_s_second_nurse_is_known_to_a_plan(pair: Any) -> None:
    visit_id = by_two(pair)
    go(pair, visit_id, "set_out", "arrive")
    write_all(pair, visit_id)
    go(pair, visit_id, "document")
    nursing.advance_second(visit_id=visit_id, step="attend", by=pair.other.signing("test"))
    nursing.advance_visit(visit_id=visit_id, step="sign", by=pair.nurse.signing("test"))
    again = nursing.request_visit(therapy_id=nursing.visit(visit_id).therapy_id, purpose="again", by=pair.manager)
    (wanted,) = (v for v in nursing.visits_waiting(now().astimezone(ZONE).date(), pair.bench.site_id) if v.id == again)
    assert set(wanted.nurses_before) == {pair.nurse.id, pair.other.id} and wanted.second is None


def test_the_pages_and_the_api_ask_offer_and_sign(pair: Any, browse: Callable[[Actor], Any]) -> None:
    visit_id = offered(pair, nursing.request_visit(therapy_id=pair.bench.therapy(), purpose="weekly", by=pair.manager))
    manager, ola, url = browse(pair.manager), browse(pair.other), f"/nursing/visits/{visit_id}/"
    assert "This visit needs two nurses" in manager.get(url).content.decode()
    assert manager.post(f"{url}second/", {"why": "turning", "note": "two lift"}).status_code == 302
    page = manager.get(url).content.decode()
    assert "The patient must be turned or lifted" in page and "Offer the second place" in page
    assert manager.post(f"{url}second/offer/", {"nurse_id": str(pair.nurse.id)}).status_code != 302 or second(visit_id).nurse is None
    assert manager.post(f"{url}second/offer/", {"nurse_id": str(pair.other.id)}).status_code == 302
    assert second(visit_id).state == "offered"
    assert nursing.visit(visit_id).number in ola.get("/nursing/?mine=1").content.decode()
    assert ola.post(f"{url}second/accept/").status_code == 302
    start = nursing.visit(visit_id).planned_start
    assert start is not None
    nursing.plan_time_of(nurse_id=pair.other.id, kind="off", starts_at=start, ends_at=start + HOUR, by=pair.other)
    assert "Ola Other has that time off" in manager.get(url).content.decode()
    board = manager.get(f"/nursing/board/?site={pair.bench.site_id}&day={start.astimezone(ZONE).date()}").content.decode()
    assert "Ola Other has that time off" in board and "two nurses" in board
    told = manager.post(f"/api/nursing/visits/{visit_id}/second/alone", {"reason": " "}, content_type="application/json")
    assert told.status_code == 409 and second(visit_id).state == "accepted"
    freed = manager.post(f"/api/nursing/visits/{visit_id}/second/free", {"reason": "ill"}, content_type="application/json")
    assert freed.status_code == 200 and freed.json()["second"]["state"] == "wanted"
    again = manager.post(f"/api/nursing/visits/{visit_id}/second", {"why": "turning"}, content_type="application/json")
    assert again.status_code == 409


def test_a_milder_reason_never_takes_the_place_of_what_the_type_of_visit_says(thread: Any) -> None:
    visit_id = nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="cycle 2", visit_type="high_risk",
                                     second_why="training", second_note="with a new colleague", by=thread.manager)
    row = SecondNurse.objects.get(visit_id=visit_id)
    assert (row.why, row.note) == ("double_check", "with a new colleague")


def test_an_evening_visit_is_judged_on_its_own_day(thread: Any) -> None:
    """Eight in the evening is tomorrow by UTC: a licence that ends today still holds for it."""
    today = now().astimezone(ZONE).date() + timedelta(days=2)
    Credential.objects.filter(person_id=thread.nurse.id, kind="nurse").update(expires_on=today)
    visit_id = nursing.request_visit(therapy_id=thread.bench.therapy(), purpose="line care", by=thread.manager)
    evening = datetime.combine(today, time(20), ZONE)
    nursing.offer_visit(visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=evening, planned_end=evening + timedelta(hours=1),
                        by=thread.manager)
    assert nursing.visit(visit_id).state == "offered"


def test_each_of_two_nurses_has_her_own_miles(pair: Any, browse: Callable[[Actor], Any]) -> None:
    visit_id = by_two(pair)
    with pytest.raises(Refused, match="not begun"):
        nursing.enter_miles(visit_id=visit_id, miles=Decimal(9), by=pair.other)
    go(pair, visit_id, "set_out", "arrive")
    nursing.enter_miles(visit_id=visit_id, miles=Decimal(10), by=pair.nurse)
    ola, url = browse(pair.other), f"/nursing/visits/{visit_id}/"
    assert "Miles you drove" in ola.get(url).content.decode()
    assert ola.post(f"{url}miles/", {"miles": "31.4"}).status_code == 302
    told = ola.post(f"/api/nursing/visits/{visit_id}/miles", {"miles": "31.5"}, content_type="application/json")
    assert (told.status_code, told.json()["nurse"], told.json()["cents"]) == (200, str(pair.other.id), 2284)  # 31.5 × 72.5
    assert {m.nurse: m.miles for m in mileage_of(visit_id)} == {pair.nurse.id: Decimal(10), pair.other.id: Decimal("31.5")}
    page = browse(pair.manager).get(url).content.decode()
    assert "Nan Nurse: 10 miles" in page and "Ola Other: 31.5 miles" in page and "Miles you drove" not in page
    on = Mileage.objects.get(nurse=pair.other.id).driven_on
    assert [m.miles for m in miles_driven(on, on, pair.other.id)] == [Decimal("31.5")]
    assert "Ola Other" in browse(pair.manager).get("/nursing/miles/table.csv").content.decode()
    with pytest.raises(IntegrityError, match="mileage_once_a_visit_and_nurse"), transaction.atomic():
        Mileage.objects.filter(nurse=pair.other.id).update(nurse=pair.nurse.id)


def test_who_did_not_go_as_second_enters_no_miles(pair: Any) -> None:
    visit_id = offered(pair, asked(pair, "training"))
    nursing.offer_second(visit_id=visit_id, nurse_id=pair.other.id, by=pair.manager)
    nursing.advance_second(visit_id=visit_id, step="alone", reason="she is ill", by=pair.manager)
    go(pair, visit_id, "accept", "confirm", "set_out", "arrive")
    for nobody in (pair.other, pair.manager):
        with pytest.raises(Refused, match="only the nurse of this visit"):
            nursing.enter_miles(visit_id=visit_id, miles=Decimal(9), by=nobody)
    assert not Mileage.objects.exists()
