# SPDX-License-Identifier: Apache-2.0
"""Later days of a cycle: a fresh count before each dose, judged on its own; the bench waits for it."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, transaction

from openinfusion.catalog import public as catalog
from openinfusion.clinical import public as clinical
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import NotFound, Refused
from openinfusion.kernel.waiting import Ask
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now, today
from openinfusion.platform.journal import timeline
from openinfusion.therapy import public as therapy
from openinfusion.therapy.models import CycleDay

D = Decimal
OVERRIDE = {"override_code": "recovering", "override_note": "75 % agreed", "approved_by": "Lena Fictional, MD"}


def day() -> date:
    return today("America/Chicago")


def count(bench: Any, neutrophils: str = "3.1", platelets: str = "210") -> None:
    for loinc, name, value in (("751-8", "neutrophils", neutrophils), ("777-3", "platelets", platelets)):
        patients.record_lab(
            patient_id=bench.patient_id, loinc=loinc, name=name, value=D(value), unit="10*3/uL", by=bench.pharmacist)


def started(bench: Any, code: str = "gemcitabine") -> therapy.RegimenCourseFact:
    therapy_id = therapy.begin_therapy(
        patient_id=bench.patient_id, drug_code="gemcitabine", therapy_class="", diagnosis="C25.9", site_id=bench.site_id,
        prescriber="Lena Fictional, MD", start_on=day(), by=bench.intake)
    return therapy.regimen_course(therapy.start_regimen(therapy_id=therapy_id, code=code, start_on=day(), by=bench.pharmacist))


def again(course: therapy.RegimenCourseFact) -> therapy.CycleFact:
    return therapy.regimen_course(course.id).cycles[0]


def cleared(bench: Any) -> therapy.RegimenCourseFact:
    course = started(bench)
    count(bench)
    clinical.clear_cycle(course_id=course.id, cycle_id=course.cycles[0].id, by=bench.pharmacist.signing("test"))
    return therapy.regimen_course(course.id)


def clear(bench: Any, course: therapy.RegimenCourseFact, day: int, **more: Any) -> UUID:
    return clinical.clear_day(
        course_id=course.id, cycle_id=course.cycles[0].id, day=day, by=bench.pharmacist.signing("test"), **more)


def test_the_newest_edition_asks_before_each_dose_and_the_first_stays_what_it_was(bench: Any) -> None:
    assert catalog.regimen("gemcitabine").days_asked == (8, 15) and catalog.regimen("gemcitabine", 1).days_asked == ()
    assert catalog.regimen("bortezomib-sc").days_asked == (4, 8, 11)
    assert catalog.regimen("ac").days_asked == ()


def test_a_later_day_is_cleared_on_a_count_taken_since_the_dose_before(bench: Any) -> None:
    course = cleared(bench)
    assert [(d.day, d.state.value) for d in course.cycles[0].days] == [(8, "due"), (15, "due")]
    with time_machine.travel(now() + timedelta(days=6)):
        with pytest.raises(Refused, match="neutrophils cannot be judged"):
            clear(bench, course, 8)  # the count of day 1 is none for day 8
        count(bench)
        with pytest.raises(Refused, match="signature"):
            clinical.clear_day(course_id=course.id, cycle_id=course.cycles[0].id, day=8, by=bench.pharmacist)
        with pytest.raises(Refused, match="earlier day"):
            clear(bench, course, 15)
        clear(bench, course, 8)
        with pytest.raises(Refused, match="cannot be judged"):
            clear(bench, course, 15)  # by then the count is nine days old and from before the dose of day 8
        one = again(course).day(8)
        assert one is not None and one.state == "cleared" and one.clearer_name == "Pat One"
        assert {r["verdict"] for r in one.judged} == {"met"} and timeline(subject_id=one.id)[0].signature
        with pytest.raises(NotFound):
            clear(bench, course, 9)


def test_what_holds_needs_the_prescriber_and_a_hard_row_takes_no_word(bench: Any) -> None:
    course = cleared(bench)
    with time_machine.travel(now() + timedelta(days=7)):
        count(bench, "0.8")
        with pytest.raises(Refused, match="neutrophils holds"):
            clear(bench, course, 8)
        count(bench, "0.4")
        with pytest.raises(Refused, match="without exception: neutrophils"):
            clear(bench, course, 8, **OVERRIDE)
        count(bench, "0.8")
        clear(bench, course, 8, **OVERRIDE)
        therapy.reopen_day(cycle_id=course.cycles[0].id, day=8, reason="fever", by=bench.pharmacist)
        with pytest.raises(Refused, match="reason"):
            therapy.omit_day(cycle_id=course.cycles[0].id, day=8, reason="", by=bench.pharmacist)
        therapy.omit_day(cycle_id=course.cycles[0].id, day=8, reason="fever", by=bench.pharmacist)
    assert [d.state.value for d in again(course).days] == ["omitted", "due"]


def test_a_cycle_whose_clearance_is_void_takes_its_days_along(bench: Any) -> None:
    course = cleared(bench)
    with time_machine.travel(now() + timedelta(days=7)):
        count(bench)
        clear(bench, course, 8)
        therapy.reduce_cycle(cycle_id=course.cycles[0].id, percent=75, reason="low counts", by=bench.pharmacist)
        assert [d.state.value for d in again(course).days] == ["due", "due"]
        with pytest.raises(Refused, match="its cycle is not cleared"):
            clear(bench, course, 8)


def test_a_day_soon_due_stands_in_the_queue(bench: Any) -> None:
    cleared(bench)
    ask = Ask(roles=frozenset({"pharmacist"}), kind="Day to clear")
    assert therapy.waiting(bench.pharmacist, ask).counts["Day to clear"] == 0
    with time_machine.travel(now() + timedelta(days=5)):
        (row,) = therapy.waiting(bench.pharmacist, ask).rows
        assert "cycle 1, day 8" in row.title and "a fresh count judged" in row.missing


def test_the_bench_waits_for_cycle_and_day(bench: Any) -> None:
    course = started(bench)
    made = therapy.order_line(cycle_id=course.cycles[0].id, line_number=1, dose=Quantity(D(1800), MG), by=bench.pharmacist)
    bench.tell()

    def against(n: int) -> list[str]:
        on = day() + timedelta(days=n - 1)
        return [r.code for r in clinical.day_reasons(made, on, on)]

    assert against(1) == ["cycle-not-cleared"]
    count(bench)
    clinical.clear_cycle(course_id=course.id, cycle_id=course.cycles[0].id, by=bench.pharmacist.signing("test"))
    assert [against(n) for n in (1, 8, 15)] == [[], ["cycle-day-not-cleared"], ["cycle-day-not-cleared"]]
    therapy.omit_day(cycle_id=course.cycles[0].id, day=8, reason="fever", by=bench.pharmacist)
    assert against(8) == ["cycle-day-left-out"]
    assert clinical.day_reasons(bench.prescription(), day(), day()) == []


def test_the_database_wants_a_name_behind_a_cleared_day(bench: Any) -> None:
    course = cleared(bench)
    rows = CycleDay.objects.filter(cycle_id=course.cycles[0].id, day=8)
    with pytest.raises(IntegrityError, match="cycle_day_is_cleared_by_somebody"), transaction.atomic():
        rows.update(state="cleared")
    with pytest.raises(IntegrityError, match="cycle_day_is_a_later_one"), transaction.atomic():
        rows.update(day=1)


def test_page_api_and_timeline(bench: Any, browse: Any) -> None:
    course = cleared(bench)
    cycle = course.cycles[0].id
    therapy.note_exposure(patient_id=bench.patient_id, drug_code="gemcitabine", amount=D(0), measure="mg/m2",
                          told_by="the patient", by=bench.pharmacist)
    therapy.order_line(cycle_id=cycle, line_number=1, dose=Quantity(D(1800), MG), by=bench.pharmacist)
    client = browse(bench.pharmacist)
    url = f"/clinical/regimens/{course.id}/"
    page = client.get(url).content.decode()
    for word in ("Days that ask for a fresh result", "not taken since the dose of", "told by the patient", "joined order"):
        assert word in page, word
    with time_machine.travel(now() + timedelta(days=7)):
        client = browse(bench.pharmacist)
        count(bench)
        at = f"{url}cycles/{cycle}/days/8/"
        assert client.post(f"{at}clear/", {}).status_code == 409
        assert client.post(f"{at}clear/", {"signature": "a long test password"}).status_code == 302
        assert client.post(f"{at}reopen/", {"reason": "fever"}).status_code == 302
        assert client.post(f"{at}dance/", {"reason": "fever"}).status_code == 404
        api = f"/api/clinical/regimens/{course.id}/cycles/{cycle}/days/8/clearance"
        answer = client.post(api, {}, content_type="application/json", headers={"X-Signature": "a long test password"})
        assert answer.status_code == 200, answer.content
        said = client.get(f"/api/clinical/regimens/{course.id}").json()["cycles"][0]["days"]
        assert [d["state"] for d in said] == ["cleared", "due"]
        step = f"/api/clinical/regimens/cycles/{cycle}/days/15/steps"
        assert client.post(step, {"step": "omit", "reason": "enough"}, content_type="application/json").status_code == 200
