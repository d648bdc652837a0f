# SPDX-License-Identifier: Apache-2.0
"""An appointment of a suite is asked for, booked, moved, made and closed; no chair twice, no nurse above her limit."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from openinfusion.billing import public as billing
from openinfusion.compounding.models import WorkOrder
from openinfusion.compounding.queries.hood_plan import to_make
from openinfusion.delivery import public as delivery
from openinfusion.exchange.queries import claims_out
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Appointment, NurseVisit
from openinfusion.nursing.public import RateStep, ReactionKind, VisitEntries, Vitals
from openinfusion.nursing.queries.suite import lights_of
from openinfusion.nursing.queries.suite_terms import terms_on
from openinfusion.nursing.queries.suite_use import suite_use
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.clock import told
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import timeline
from openinfusion.therapy import public as therapy


def row(appointment_id: UUID) -> Appointment:
    return Appointment.objects.get(pk=appointment_id)


def another_therapy(suite: Any, n: int) -> UUID:
    """A therapy of another patient who does not exist."""
    patient_id = patients.register(demographics=Demographics(
        f"Fictional{n}", "Bo", date(1960, 1, 1 + n), Sex.MALE, Address("3 Sample Way", "", "Springfield", "IL", "62701"),
    ), by=suite.thread.bench.intake)
    return therapy.begin_therapy(
        patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=suite.site_id,
        prescriber="Lena Fictional, MD", start_on=suite.tomorrow, by=suite.thread.bench.intake,
    )


def test_it_is_booked_with_its_whole_time_and_only_with_a_word_where_something_is_not_ready(suite: Any) -> None:
    appointment_id = suite.asked()
    with pytest.raises(Refused, match="not ready: drug: nothing is made"):
        suite.book(appointment_id, 0, suite.at(9), hold_why="")
    assert (row(appointment_id).state, row(appointment_id).chair_id) == ("requested", None)
    suite.book(appointment_id, 0, suite.at(9))
    a = row(appointment_id)
    assert (a.state, a.hold_why, a.light_at_booking) == ("booked", "the drug comes tomorrow", "no")
    assert a.starts_at and a.turnover_ends_at
    assert a.turnover_ends_at - a.starts_at == timedelta(minutes=15 + 60 + 5 + 15)
    assert "booked" in " ".join(line.sentence for line in timeline(subject_id=a.id))


def test_a_length_nobody_knows_is_asked_of_a_human(suite: Any) -> None:
    appointment_id = suite.asked(infusion_minutes=None)
    assert "no order" in row(appointment_id).length_why
    with pytest.raises(Refused, match="how long the infusion takes is not known"):
        suite.book(appointment_id, 0, suite.at(9))
    with pytest.raises(Malformed):
        nursing.set_length(appointment_id=appointment_id, infusion_minutes=0, by=suite.thread.manager)
    nursing.set_length(appointment_id=appointment_id, infusion_minutes=90, by=suite.thread.nurse)
    suite.book(appointment_id, 0, suite.at(9))
    assert row(appointment_id).length_why == f"said by {suite.thread.nurse.name}"


def test_the_order_gives_the_length(suite: Any) -> None:
    prescription_id = suite.thread.bench.prescription()
    course = therapy.prescription(prescription_id).therapy_id
    a = row(suite.asked(course, infusion_minutes=None, first_dose=None))
    assert (a.infusion_minutes, a.first_dose, a.observation_minutes) == (30, True, 30)
    assert a.length_why.startswith("order ")


def test_no_chair_is_taken_twice_by_rule_and_by_the_database(suite: Any) -> None:
    first, other = suite.booked(0, 9), suite.asked(another_therapy(suite, 1))
    with pytest.raises(Refused, match="has that chair then"):
        suite.book(other, 0, suite.at(10, 20))
    nursing.advance_appointment(appointment_id=other, step="begin_check", by=suite.thread.manager)
    a = row(first)
    with pytest.raises(IntegrityError, match="chair_one_patient_at_a_time"), transaction.atomic():
        Appointment.objects.filter(pk=other).update(
            state="booked", chair_id=a.chair_id, nurse=a.nurse, starts_at=a.starts_at, infusion_ends_at=a.infusion_ends_at,
            observation_ends_at=a.observation_ends_at, turnover_ends_at=a.turnover_ends_at,
        )
    suite.book(other, 0, suite.at(10, 35))


def test_a_nurse_never_watches_more_than_her_limit_and_a_patient_sits_once(suite: Any) -> None:
    course = suite.thread.bench.therapy()
    suite.book(suite.asked(course, acuity=3), 0, suite.at(9))
    with pytest.raises(Refused, match="the patient has A"):
        suite.book(suite.asked(course), 1, suite.at(9, 30))
    with pytest.raises(Refused, match="acuity of 5 at once, and 4 is the limit"):
        suite.book(suite.asked(another_therapy(suite, 1), acuity=2), 1, suite.at(9, 30))
    suite.book(suite.asked(another_therapy(suite, 2)), 1, suite.at(9, 30))


def test_hours_and_the_nurses_own_reasons_bar_a_place(suite: Any) -> None:
    with pytest.raises(Refused, match="opens at 08:00"):
        suite.book(suite.asked(), 0, suite.at(7))
    with pytest.raises(Refused, match="nobody sits after 19:00"):
        suite.book(suite.asked(), 0, suite.at(18))
    with pytest.raises(Refused, match="on record"):
        suite.book(suite.asked(), 0, suite.at(9), nurse=suite.thread.driver.id)
    assert set(Appointment.objects.values_list("state", flat=True)) == {"requested"}


def test_a_nurse_at_the_suite_makes_no_visit_at_a_home_then_and_the_other_way(suite: Any) -> None:
    suite.booked(0, 9)
    visit_id = nursing.request_visit(therapy_id=another_therapy(suite, 1), purpose="line", by=suite.thread.manager)
    offer = {"visit_id": visit_id, "nurse_id": suite.thread.nurse.id, "by": suite.thread.manager}
    with pytest.raises(Refused, match="in a suite at that time"):
        nursing.offer_visit(planned_start=suite.at(9, 30), planned_end=suite.at(10, 30), **offer)
    nursing.offer_visit(planned_start=suite.at(13), planned_end=suite.at(14), **offer)
    with pytest.raises(Refused, match="at a home then"):
        suite.book(suite.asked(another_therapy(suite, 2)), 1, suite.at(13, 30))


def test_a_move_can_be_undone_and_a_refused_move_changes_nothing(suite: Any) -> None:
    first, other = suite.booked(0, 9), suite.book(suite.asked(another_therapy(suite, 1)), 1, suite.at(9))
    nursing.move_appointment(appointment_id=first, starts_at=suite.at(9, 15), by=suite.thread.manager)
    with pytest.raises(Refused, match="has that chair"):
        nursing.move_appointment(appointment_id=first, chair_id=suite.chairs[1], by=suite.thread.manager)
    assert row(first).starts_at == suite.at(9, 15) and row(first).chair_id == suite.chairs[0]
    nursing.undo_move(appointment_id=first, by=suite.thread.manager)
    assert row(first).starts_at == suite.at(9)
    with pytest.raises(Refused, match="was not moved"):
        nursing.undo_move(appointment_id=first, by=suite.thread.manager)
    nursing.advance_appointment(appointment_id=other, step="unbook", reason="called", by=suite.thread.manager)
    assert (row(other).state, row(other).starts_at) == ("ready_check", None)


def test_the_visit_an_order_asked_for_becomes_the_appointments_and_goes_back_when_it_is_cancelled(suite: Any) -> None:
    prescription_id = suite.thread.bench.prescription()
    suite.thread.bench.verify(prescription_id)
    (visit,) = NurseVisit.objects.all()
    appointment_id = suite.asked(visit.therapy_id)
    visit.refresh_from_db()
    assert visit.in_suite and row(appointment_id).visit_id == visit.id
    assert [w.kind for w in nursing.waiting(suite.thread.manager).rows if w.id == visit.id] == []
    nursing.advance_appointment(appointment_id=appointment_id, step="cancel", reason="moved away", by=suite.thread.manager)
    visit.refresh_from_db()
    assert not visit.in_suite


def test_who_does_not_come_is_missed_only_after_the_grace(suite: Any) -> None:
    appointment_id = suite.booked(0, 9)
    with pytest.raises(Refused, match="minutes of grace"):
        nursing.advance_appointment(appointment_id=appointment_id, step="miss", by=suite.thread.nurse)
    with pytest.raises(Refused, match="another day"):
        nursing.advance_appointment(appointment_id=appointment_id, step="check_in", by=suite.thread.nurse)
    with told(suite.at(9, 31)):
        nursing.advance_appointment(appointment_id=appointment_id, step="miss", by=suite.thread.nurse)
    assert row(appointment_id).state == "no_show"


def lights(appointment_id: UUID) -> dict[str, str]:
    return {r.code: r.standing.value for r in lights_of(row(appointment_id))}


def test_from_request_to_discharge_with_the_hard_stops_and_the_charge(suite: Any) -> None:
    thread = suite.thread
    thread.stock()
    made = thread.released(days=1)
    appointment_id = suite.asked(made.therapy_id, infusion_minutes=30, first_dose=True)
    begins = suite.at(9, day=datetime.now(suite.at(9).tzinfo).date())
    with told(begins):
        suite.book(appointment_id, 0, begins)
        assert lights(appointment_id) == {
            "drug": "yes", "authorization": "unknown", "labs": lights(appointment_id)["labs"], "order": "yes", "nurse": "yes",
            "chair": "yes",
        }
        step(suite, appointment_id, "check_in")
    visit_id = row(appointment_id).visit_id
    visit = nursing.visit(visit_id)
    assert (visit.state, visit.nurse, visit.site_id) == ("in_progress", thread.nurse.id, suite.site_id)
    with told(begins + timedelta(minutes=5)):
        with pytest.raises(Refused, match="not scanned"):
            step(suite, appointment_id, "infuse")
        step(suite, appointment_id, "pre_medicate")
        nursing.write_record(visit_id=visit_id, entries=VisitEntries(), sections=thread.first_dose(made.therapy_id), by=thread.nurse)
        step(suite, appointment_id, "infuse")
        with pytest.raises(Refused, match="rate of 0"):
            step(suite, appointment_id, "observe")
    write_rest(suite, visit_id, begins)
    with told(begins + timedelta(minutes=50)):
        step(suite, appointment_id, "observe")
        with pytest.raises(Refused, match="lasts until"):
            step(suite, appointment_id, "discharge")
    with told(begins + timedelta(minutes=80)):
        with pytest.raises(Refused, match="not finished"):
            step(suite, appointment_id, "discharge")
        nursing.advance_visit(visit_id=visit_id, step="document", by=thread.nurse)
        step(suite, appointment_id, "discharge")
        nursing.advance_visit(visit_id=visit_id, step="sign", by=thread.nurse.signing("test"))
        thread.bench.tell()
    assert row(appointment_id).state == "discharged"
    (ticket,) = delivery.tickets_of(made.therapy_id)
    assert (ticket.state, [line.kind for line in ticket.lines]) == ("delivered", ["preparation"])
    (claim,) = billing.claims_of(made.therapy_id)
    places = {line.kind: line.place for line in claim.lines}
    assert places["drug"] == places["nursing"] == "49", "done in the suite, though the therapy is the pharmacy's"
    (out,) = claims_out([claim])
    assert out.place_of_service == "12"
    assert {x.control: x.place_of_service for x in out.lines} == {x.control: x.place.replace("12", "") for x in claim.lines}
    assert nursing.visit(visit_id).state == "billable"
    (gone,) = suite_use(suite.site_id, begins.date(), begins.date())
    assert (gone.came, gone.missed, gone.late, gone.waits, gone.wait, gone.after) == (1, 0, 0, 1, 10, 0)
    terms, sat = terms_on(suite.site_id, begins.date()), row(appointment_id)
    open_minutes = (terms.closes.hour - terms.opens.hour) * 60 + terms.closes.minute - terms.opens.minute
    planned = int((sat.observation_ends_at - sat.starts_at).total_seconds()) // 60
    assert gone.use == round(100 * 80 / (3 * open_minutes)) and gone.longer == max(0, 80 - planned)


def step(suite: Any, appointment_id: UUID, name: str) -> None:
    nursing.advance_appointment(appointment_id=appointment_id, step=name, by=suite.thread.nurse)


def write_rest(suite: Any, visit_id: UUID, begins: datetime) -> None:
    with told(begins + timedelta(minutes=45)):
        nursing.write_record(
            visit_id=visit_id, by=suite.thread.nurse,
            entries=VisitEntries(
                identifiers=("name", "birth date"), line_site="left arm, clean", line_flushes=True, line_blood_return=True,
                reaction=ReactionKind.NONE, started_at=begins, ended_at=begins + timedelta(minutes=75),
            ),
            rates=[RateStep(begins + timedelta(minutes=10), Decimal(200)), RateStep(begins + timedelta(minutes=40), Decimal(0))],
            vitals=[Vitals(begins + timedelta(minutes=5), Decimal("36.9"), 70, 14, 120, 80, 98)],
        )


def test_who_refuses_in_the_chair_leaves_a_visit_that_did_not_take_place(suite: Any) -> None:
    begins = suite.at(9)
    appointment_id = suite.booked(0, 9)
    with told(begins):
        step(suite, appointment_id, "check_in")
        nursing.advance_appointment(appointment_id=appointment_id, step="refuse", reason="felt unwell", by=suite.thread.nurse)
    assert (row(appointment_id).state, nursing.visit(row(appointment_id).visit_id).state) == ("refused", "missed")


def test_the_drug_is_made_for_the_hour_in_the_chair_and_follows_it(suite: Any) -> None:
    bench = suite.thread.bench
    suite.thread.stock()
    prescription_id = bench.prescription(days=1, start_on=suite.tomorrow)
    therapy_id = therapy.prescription(prescription_id).therapy_id
    appointment_id = suite.booked(0, 9, therapy_id=therapy_id)
    bench.verify(prescription_id)
    bench.tell()
    (order,) = WorkOrder.objects.filter(therapy_id=therapy_id)
    assert (order.chair_at, order.chair_of) == (suite.at(9), appointment_id), "planned after the booking, it learns the hour"
    nursing.move_appointment(appointment_id=appointment_id, starts_at=suite.at(11), by=suite.thread.manager)
    (line,) = [o for o in to_make(bench.site_id, suite.tomorrow) if o.id == order.id]
    assert (line.need_by, line.why) == (suite.at(11), "for the chair at 11:00")
    nursing.move_appointment(appointment_id=appointment_id, starts_at=suite.at(11) + timedelta(days=3), by=suite.thread.manager)
    order.refresh_from_db()
    assert order.chair_at is None, "what is made for tomorrow is not for a chair in four days"
    nursing.move_appointment(appointment_id=appointment_id, starts_at=suite.at(11), by=suite.thread.manager)
    nursing.advance_appointment(appointment_id=appointment_id, step="cancel", reason="moved away", by=suite.thread.manager)
    order.refresh_from_db()
    assert (order.chair_at, order.chair_of) == (None, None)
    again = suite.booked(1, 13, therapy_id=therapy_id)
    order.refresh_from_db()
    assert order.chair_of == again and order.chair_at == suite.at(13)


def test_a_suites_own_terms_hold_from_their_day_on(suite: Any) -> None:
    from dataclasses import replace

    from openinfusion.nursing.domain.suite_terms import house_terms

    terms = replace(house_terms(house_today()), nurse_acuity=1, effective_from=suite.tomorrow, source="the suite's own count")
    nursing.keep_suite_terms(site_id=suite.site_id, terms=terms, by=suite.thread.manager)
    suite.booked(0, 9)
    with pytest.raises(Refused, match="1 is the limit"):
        suite.book(suite.asked(another_therapy(suite, 1)), 1, suite.at(9, 30))
    with pytest.raises(Refused, match="has terms already"):
        nursing.keep_suite_terms(site_id=suite.site_id, terms=terms, by=suite.thread.manager)
    with pytest.raises(Malformed, match="follow each other"):
        nursing.keep_suite_terms(site_id=suite.site_id, terms=replace(terms, opens=terms.latest), by=suite.thread.manager)
