# SPDX-License-Identifier: Apache-2.0
"""An appointment that needs two nurses is checked in with two, watched by two and signed for by two, as a visit at a home is."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from tests.integration.dispatch.test_day_plans import _nurse
from tests.integration.nursing.test_second_nurse import _as
from tests.integration.nursing.test_suite_appointments import another_therapy

from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Appointment, NurseVisit, SecondNurse
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import told


@pytest.fixture
def two(suite: Any, someone: Callable[..., Actor], scope: UUID) -> Any:
    """The suite with a second nurse who may do the same."""
    suite.other = _as(suite.thread.nurse, _nurse(suite.thread, someone, scope, "Ola Other", licensed=True), "Ola Other")
    return suite


def asked(suite: Any, why: str = "double_check", **said: Any) -> tuple[UUID, UUID]:
    """An appointment at nine that needs two, and its visit."""
    appointment_id = suite.booked(0, 9, **said)
    return appointment_id, nursing.ask_for_second_in_suite(appointment_id=appointment_id, why=why, by=suite.thread.manager)


def offer(suite: Any, visit_id: UUID, nurse_id: UUID | None = None) -> None:
    nursing.offer_second(visit_id=visit_id, nurse_id=nurse_id or suite.other.id, by=suite.thread.manager)


def accept(suite: Any, visit_id: UUID) -> None:
    offer(suite, visit_id)
    nursing.advance_second(visit_id=visit_id, step="accept", by=suite.other)


def check_in(suite: Any, appointment_id: UUID) -> None:
    with told(suite.at(9)):
        nursing.advance_appointment(appointment_id=appointment_id, step="check_in", by=suite.thread.nurse)


def place(visit_id: UUID) -> tuple[str, UUID | None]:
    found = nursing.visit(visit_id).second
    assert found is not None
    return found.state, found.nurse


def test_nobody_is_checked_in_alone_and_nothing_is_signed_without_the_second(two: Any) -> None:
    appointment_id, visit_id = asked(two)
    with pytest.raises(Refused, match="needs two nurses"):
        check_in(two, appointment_id)
    with pytest.raises(IntegrityError, match="needs two nurses and has one"), transaction.atomic():
        NurseVisit.objects.filter(pk=visit_id).update(state="in_progress")
    offer(two, visit_id)
    with pytest.raises(Refused, match="no second one has accepted"):
        check_in(two, appointment_id)
    assert (Appointment.objects.get(pk=appointment_id).state, nursing.visit(visit_id).state) == ("booked", "requested")
    nursing.advance_second(visit_id=visit_id, step="accept", by=two.other)
    check_in(two, appointment_id)
    assert nursing.visit(visit_id).nurses == "Nan Nurse and Ola Other"
    NurseVisit.objects.filter(pk=visit_id).update(state="documented")
    with pytest.raises(Refused, match="second nurse has not signed"):
        nursing.advance_visit(visit_id=visit_id, step="sign", by=two.thread.nurse.signing("test"))
    with pytest.raises(IntegrityError, match="has not signed"), transaction.atomic():
        NurseVisit.objects.filter(pk=visit_id).update(state="signed")
    nursing.advance_second(visit_id=visit_id, step="attend", by=two.other.signing("test"))
    assert place(visit_id) == ("present", two.other.id)


def test_a_second_who_fell_ill_stops_the_check_in(two: Any) -> None:
    appointment_id, visit_id = asked(two)
    accept(two, visit_id)
    nursing.plan_time_of(nurse_id=two.other.id, kind="off", starts_at=two.at(9), ends_at=two.at(10), by=two.other)
    with pytest.raises(Refused, match="Ola Other has that time off"):
        check_in(two, appointment_id)
    assert nursing.visit(visit_id).state == "requested"


def test_the_second_is_refused_as_the_chairs_nurse_would_be(two: Any, someone: Callable[..., Actor], scope: UUID) -> None:
    _, visit_id = asked(two)
    with pytest.raises(Refused, match="another person"):
        offer(two, visit_id, two.thread.nurse.id)
    with pytest.raises(Refused, match="no nurse licence for IL"):
        offer(two, visit_id, _nurse(two.thread, someone, scope, "Una Unlicensed", licensed=False))
    therapy_id = nursing.visit(visit_id).therapy_id
    home = nursing.request_visit(therapy_id=therapy_id, purpose="line care", by=two.thread.manager)
    nursing.offer_visit(visit_id=home, nurse_id=two.other.id, planned_start=two.at(9), planned_end=two.at(10), by=two.thread.manager)
    with pytest.raises(Refused, match="at a home then"):
        offer(two, visit_id)
    assert place(visit_id) == ("wanted", None)
    nursing.advance_visit(visit_id=home, step="reschedule", reason="swap", by=two.thread.manager)
    offer(two, visit_id)
    with pytest.raises(Refused, match="in a suite at that time"):
        nursing.offer_visit(visit_id=home, nurse_id=two.other.id, planned_start=two.at(9), planned_end=two.at(10),
                            by=two.thread.manager)


def test_the_load_of_both_counts_and_the_board_shows_both(two: Any, browse: Callable[[Actor], Any]) -> None:
    appointment_id, visit_id = asked(two, acuity=3)
    accept(two, visit_id)
    busy = {n.name: n.busy for n in nursing.nurses_of(two.tomorrow, two.site_id)}
    row = Appointment.objects.get(pk=appointment_id)
    assert (row.starts_at, row.observation_ends_at) in busy["Ola Other"]
    courses = [another_therapy(two, n) for n in range(2)]
    two.book(two.asked(therapy_id=courses[0], acuity=1), 1, two.at(9), nurse=two.other.id)
    with pytest.raises(Refused, match="would watch an acuity of"):
        two.book(two.asked(therapy_id=courses[1], acuity=3), 2, two.at(9), nurse=two.other.id)
    board = browse(two.thread.manager).get(f"/nursing/suite/?site={two.site_id}&day={two.tomorrow}").content.decode()
    assert "Nan Nurse and Ola Other" in board


def test_another_time_asks_the_second_again_another_chair_does_not(two: Any) -> None:
    appointment_id, visit_id = asked(two)
    accept(two, visit_id)
    move: dict[str, Any] = {"appointment_id": appointment_id, "by": two.thread.manager}
    nursing.move_appointment(**move, chair_id=two.chairs[1])
    assert place(visit_id) == ("accepted", two.other.id)
    with pytest.raises(Refused, match="second nurse of this appointment"):
        nursing.move_appointment(**move, nurse_id=two.other.id)
    assert Appointment.objects.get(pk=appointment_id).nurse == two.thread.nurse.id
    nursing.move_appointment(**move, starts_at=two.at(11))
    assert place(visit_id) == ("wanted", None)
    accept(two, visit_id)
    nursing.advance_appointment(**move, step="unbook", reason="later")
    assert place(visit_id) == ("wanted", None)
    with pytest.raises(Refused, match="book its appointment"):
        offer(two, visit_id)


def test_a_visit_whose_type_asks_for_two_becomes_the_appointments_and_still_asks_for_two(two: Any) -> None:
    therapy_id = two.thread.bench.therapy()
    visit_id = nursing.request_visit(therapy_id=therapy_id, purpose="cycle 2", visit_type="high_risk", by=two.thread.manager)
    appointment_id = two.booked(0, 9, therapy_id=therapy_id)
    assert Appointment.objects.get(pk=appointment_id).visit_id == visit_id and place(visit_id) == ("wanted", None)
    with pytest.raises(Refused, match="needs two nurses"):
        check_in(two, appointment_id)
    with pytest.raises(Refused, match="nobody goes alone"):
        nursing.advance_second(visit_id=visit_id, step="alone", reason="in a hurry", by=two.thread.manager)
    accept(two, visit_id)
    nursing.advance_appointment(appointment_id=appointment_id, step="cancel", reason="moved away", by=two.thread.manager)
    assert place(visit_id) == ("wanted", None) and not nursing.visit(visit_id).in_suite


def test_page_and_api_ask_and_what_is_refused_changes_nothing(two: Any, browse: Callable[[Actor], Any]) -> None:
    appointment_id = two.booked(0, 9)
    with pytest.raises(Malformed, match="double_check"):
        nursing.ask_for_second_in_suite(appointment_id=appointment_id, why="company", by=two.thread.manager)
    with pytest.raises(Refused, match="permission"):
        nursing.ask_for_second_in_suite(appointment_id=appointment_id, why="turning", by=two.thread.driver)
    assert Appointment.objects.get(pk=appointment_id).visit_id is None and not SecondNurse.objects.exists()
    manager, url = browse(two.thread.manager), f"/nursing/suite/appointments/{appointment_id}/"
    assert "This appointment needs two nurses" in manager.get(url).content.decode()
    assert manager.post(f"{url}second/", {"why": "turning", "note": "two lift"}).status_code == 302
    page = manager.get(url).content.decode()
    assert "Second nurse" in page and "nobody yet" in page and "This appointment needs two nurses" not in page
    again = manager.post(f"/api/nursing/appointments/{appointment_id}/second", {"why": "turning"}, content_type="application/json")
    assert again.status_code == 409 and SecondNurse.objects.count() == 1
    visit_id = Appointment.objects.get(pk=appointment_id).visit_id
    on_visit = manager.get(f"/nursing/visits/{visit_id}/").content.decode()
    assert "Offer the second place" in on_visit
    assert manager.post(f"/nursing/visits/{visit_id}/second/offer/", {"nurse_id": str(two.other.id)}).status_code == 302
    assert "Ola Other" in manager.get(url).content.decode()
    other = two.booked(1, 13, therapy_id=another_therapy(two, 1))
    made = manager.post(f"/api/nursing/appointments/{other}/second", {"why": "double_check"}, content_type="application/json")
    assert made.status_code == 200 and made.json()["visit_id"]


def test_intake_may_move_and_unbook_an_appointment_of_two(two: Any, someone: Callable[..., Actor]) -> None:
    appointment_id, visit_id = asked(two)
    intake = someone(Role.INTAKE)
    accept(two, visit_id)
    nursing.move_appointment(appointment_id=appointment_id, starts_at=two.at(11), by=intake)
    assert place(visit_id) == ("wanted", None)
    accept(two, visit_id)
    with pytest.raises(Refused, match="permission"):
        nursing.advance_second(visit_id=visit_id, step="free", reason="by hand", by=intake)
    nursing.advance_appointment(appointment_id=appointment_id, step="unbook", reason="the patient called", by=intake)
    assert place(visit_id) == ("wanted", None)
    with pytest.raises(Refused, match="follows its appointment"):
        nursing.advance_second(visit_id=visit_id, step="follow", reason="by hand", by=two.thread.manager)


def test_a_visit_made_with_an_appointment_goes_with_it_and_one_that_was_asked_for_stays(two: Any, someone: Callable[..., Actor]) -> None:
    appointment_id, visit_id = asked(two)
    accept(two, visit_id)
    nursing.advance_appointment(appointment_id=appointment_id, step="cancel", reason="moved away", by=someone(Role.INTAKE))
    visit = nursing.visit(visit_id)
    assert (visit.state, place(visit_id)) == ("cancelled", ("wanted", None))
    again = two.booked(1, 13)
    assert Appointment.objects.get(pk=again).visit_id is None
    nursing.advance_appointment(appointment_id=again, step="cancel", reason="moved away", by=two.thread.manager)
    wanted = nursing.request_visit(therapy_id=visit.therapy_id, purpose="infusion", by=two.thread.manager)
    NurseVisit.objects.filter(pk=wanted).update(infuses=True)
    adopted = two.booked(2, 14, therapy_id=visit.therapy_id)
    assert Appointment.objects.get(pk=adopted).visit_id == wanted
    nursing.advance_appointment(appointment_id=adopted, step="cancel", reason="moved away", by=two.thread.manager)
    kept = NurseVisit.objects.get(pk=wanted)
    assert (kept.state, kept.in_suite) == ("requested", False)
    with pytest.raises(Refused, match="with its appointment"):
        nursing.advance_visit(visit_id=wanted, step="withdraw", reason="by hand", by=two.thread.manager)
