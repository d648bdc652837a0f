# SPDX-License-Identifier: Apache-2.0
"""A patient's regimen through the doors: start, clear on judged hold parameters, delay, reduce, give, count in a whole life."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from openinfusion.catalog import public as catalog
from openinfusion.clinical import public as clinical
from openinfusion.clinical.domain.finding import Tier
from openinfusion.clinical.queries.facts import facts_of_many
from openinfusion.compounding.actions.label import _warnings
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Malformed, NotFound, Refused
from openinfusion.patients import public as patients
from openinfusion.platform.clock import today
from openinfusion.platform.journal import timeline
from openinfusion.therapy import public as therapy
from openinfusion.therapy.models import RegimenCycle
from openinfusion.therapy.public import GivenLine

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
D = Decimal
NEUTROPHILS, PLATELETS, BILIRUBIN, EJECTION = ("751-8", "neutrophils", "10*3/uL"), ("777-3", "platelets", "10*3/uL"), (
    "1975-2", "bilirubin", "mg/dL"), ("10230-1", "LVEF", "%")


def day() -> date:
    return today("America/Chicago")


def lab(bench: Any, test: tuple[str, str, str], value: str) -> None:
    patients.record_lab(patient_id=bench.patient_id, loinc=test[0], name=test[1], value=D(value), unit=test[2], by=bench.pharmacist)


def good_labs(bench: Any) -> None:
    for test, value in ((NEUTROPHILS, "3.1"), (PLATELETS, "210"), (BILIRUBIN, "0.6"), (EJECTION, "62")):
        lab(bench, test, value)


def begun(bench: Any, drug: str = "doxorubicin") -> UUID:
    return therapy.begin_therapy(
        patient_id=bench.patient_id, drug_code=drug, therapy_class="", diagnosis="C50.912", site_id=bench.site_id,
        prescriber="Lena Fictional, MD", start_on=day(), by=bench.intake)


def started(bench: Any, code: str = "ac", drug: str = "doxorubicin", **more: Any) -> therapy.RegimenCourseFact:
    made = therapy.start_regimen(therapy_id=begun(bench, drug), code=code, start_on=day(), by=bench.pharmacist, **more)
    return therapy.regimen_course(made)


def never_before(bench: Any, drug: str = "doxorubicin") -> None:
    therapy.note_exposure(patient_id=bench.patient_id, drug_code=drug, amount=D(0), measure="mg/m2", told_by="the patient", by=bench.pharmacist)


def clear(bench: Any, course: therapy.RegimenCourseFact, number: int = 1, **more: Any) -> None:
    clinical.clear_cycle(course_id=course.id, cycle_id=course.cycles[number - 1].id, by=bench.pharmacist.signing("test"), **more)


def give(bench: Any, course: therapy.RegimenCourseFact, number: int = 1, amounts: tuple[str, str] = ("108", "1080"), on: date | None = None) -> None:
    therapy.give_cycle(cycle_id=course.cycles[number - 1].id, given_on=on or day(), by=bench.pharmacist,
                       lines=[GivenLine(n, D(a), 1) for n, a in enumerate(amounts, 1)])


def codes(prescription_id: UUID) -> dict[str, Tier]:
    return {f.code: f.tier for f in clinical.findings_of(prescription_id) if f.rule == "regimen"}


def test_a_regimen_is_started_with_its_cycles_planned(bench: Any) -> None:
    course = started(bench)
    assert [c.day1_on for c in course.cycles] == [day() + timedelta(days=21 * n) for n in range(4)]
    assert {c.state.value for c in course.cycles} == {"planned"} and course.regimen.edition == 1
    assert "4 cycles" in timeline(subject_id=course.id)[0].sentence
    with pytest.raises(Refused, match="running"):
        therapy.start_regimen(therapy_id=course.therapy_id, code="ac", start_on=day(), by=bench.pharmacist)
    with pytest.raises(NotFound):
        therapy.start_regimen(therapy_id=begun(bench), code="moonstone", start_on=day(), by=bench.pharmacist)
    with pytest.raises(Refused, match=r"therapy\.regimen\.plan"):
        therapy.start_regimen(therapy_id=begun(bench), code="ac", start_on=day(), by=bench.technician)


def test_a_cycle_is_cleared_only_when_every_hold_parameter_is_judged_and_met(bench: Any) -> None:
    course = started(bench)
    with pytest.raises(Refused, match="cannot be judged"):
        clear(bench, course)
    good_labs(bench)
    with pytest.raises(Refused, match="doxorubicin in life cannot be judged"):
        clear(bench, course)
    never_before(bench)
    with pytest.raises(Refused, match="signature"):
        clinical.clear_cycle(course_id=course.id, cycle_id=course.cycles[0].id, by=bench.pharmacist)
    with pytest.raises(Refused, match="earlier cycle"):
        clear(bench, course, 2)
    clear(bench, course)
    cycle = therapy.regimen_course(course.id).cycles[0]
    assert cycle.state == "cleared" and cycle.clearer_name == "Pat One"
    assert {r["verdict"] for r in cycle.judged} == {"met", "within"}
    assert timeline(subject_id=cycle.id)[0].signature


def test_what_holds_needs_the_prescribers_word_and_a_hard_row_takes_none(bench: Any) -> None:
    course = started(bench)
    good_labs(bench), never_before(bench), lab(bench, NEUTROPHILS, "1.2")
    override = {"override_code": "recovering", "override_note": "nadir passed, rising", "approved_by": "Lena Fictional, MD"}
    with pytest.raises(Refused, match="neutrophils holds"):
        clear(bench, course)
    with pytest.raises(Malformed):
        clear(bench, course, override_code="because", override_note="x", approved_by="y")
    with pytest.raises(Malformed, match="prescriber"):
        clear(bench, course, override_code="recovering", override_note="rising")
    lab(bench, BILIRUBIN, "6")
    with pytest.raises(Refused, match="without exception: bilirubin"):
        clear(bench, course, **override)
    lab(bench, BILIRUBIN, "0.9")
    clear(bench, course, **override)
    cycle = therapy.regimen_course(course.id).cycles[0]
    assert (cycle.override_code, cycle.approved_by) == ("recovering", "Lena Fictional, MD")
    assert timeline(subject_id=cycle.id)[0].reason == "nadir passed, rising"
    therapy.reopen_cycle(cycle_id=cycle.id, reason="fever", by=bench.pharmacist)
    assert therapy.regimen_course(course.id).cycles[0].cleared_at is None


def test_a_delay_moves_the_later_cycles_and_a_reduction_goes_on(bench: Any) -> None:
    course = started(bench)
    therapy.delay_cycle(cycle_id=course.cycles[1].id, day1_on=day() + timedelta(days=28), reason="neutropenia", by=bench.pharmacist)
    moved = therapy.regimen_course(course.id).cycles
    assert [(c.day1_on - day()).days for c in moved] == [0, 28, 49, 70]
    assert [c.state.value for c in moved] == ["planned", "delayed", "planned", "planned"]
    with pytest.raises(Refused, match="later"):
        therapy.delay_cycle(cycle_id=course.cycles[1].id, day1_on=day(), reason="x", by=bench.pharmacist)
    with pytest.raises(Refused, match="reason"):
        therapy.reduce_cycle(cycle_id=course.cycles[1].id, percent=80, reason="", by=bench.pharmacist)
    with pytest.raises(Refused, match="1 to 99"):
        therapy.reduce_cycle(cycle_id=course.cycles[1].id, percent=120, reason="x", by=bench.pharmacist)
    therapy.reduce_cycle(cycle_id=course.cycles[1].id, percent=80, reason="neutropenia", by=bench.pharmacist)
    therapy.omit_cycle(cycle_id=course.cycles[3].id, reason="enough", by=bench.pharmacist)
    after = therapy.regimen_course(course.id).cycles
    assert [c.dose_percent for c in after] == [100, 80, 80, 80] and after[3].state == "omitted"


def test_what_was_given_counts_in_a_whole_life_and_stops_the_next_when_it_would_go_beyond(bench: Any) -> None:
    course = started(bench)
    good_labs(bench)
    therapy.note_exposure(patient_id=bench.patient_id, drug_code="doxorubicin", amount=D(380), measure="mg/m2", told_by="a letter", by=bench.pharmacist)
    clear(bench, course)
    with pytest.raises(Refused, match="not come"):
        give(bench, course, on=day() + timedelta(days=1))
    give(bench, course)
    again = therapy.regimen_course(course.id)
    assert again.cycles[0].state == "given" and str(again.cycles[0].given[0].amount) == "108 mg"
    clear(bench, again, 2)  # 380 + 60 + 60 of 550
    with pytest.raises(Refused, match="reason"):
        therapy.stop_regimen(course_id=course.id, reason="", by=bench.pharmacist)
    therapy.note_exposure(patient_id=bench.patient_id, drug_code="doxorubicin", amount=D(480), measure="mg/m2", told_by="the record", by=bench.pharmacist)
    therapy.reopen_cycle(cycle_id=again.cycles[1].id, reason="new word", by=bench.pharmacist)
    with pytest.raises(Refused, match="without exception: doxorubicin in life"):
        clear(bench, again, 2, override_code="benefit", override_note="x", approved_by="Lena Fictional, MD")
    therapy.stop_regimen(course_id=course.id, reason="limit reached", by=bench.pharmacist)
    assert [c.state.value for c in therapy.regimen_course(course.id).cycles] == ["given", "stopped", "stopped", "stopped"]


def test_a_late_first_day_moves_the_rest(bench: Any) -> None:
    made = therapy.start_regimen(therapy_id=begun(bench), code="ac", start_on=day() - timedelta(days=2), by=bench.pharmacist)
    course = therapy.regimen_course(made)
    good_labs(bench), never_before(bench), clear(bench, course)
    give(bench, course)
    assert [(c.day1_on - day()).days for c in therapy.regimen_course(made).cycles] == [-2, 21, 42, 63]
    with pytest.raises(Refused, match="neither given nor omitted"):
        therapy.complete_regimen(course_id=made, by=bench.pharmacist)


def test_an_order_of_a_line_is_compared_with_its_regimen(bench: Any) -> None:
    course = started(bench)
    good_labs(bench), never_before(bench)
    cycle = course.cycles[0].id
    made = therapy.order_line(cycle_id=cycle, line_number=1, dose=Quantity(D(108), MG), by=bench.pharmacist)
    bench.tell()
    joined = therapy.regimen_course(course.id).cycles[0].order(1)
    assert joined is not None and joined.calculated is not None and str(joined.calculated) == "108.54 mg"
    assert dict(joined.inputs)["body surface, Mosteller"] == "1.81 m²"
    assert codes(made) == {"regimen-unverified": Tier.INFO, "regimen-passed": Tier.PASSED}
    with pytest.raises(Refused, match="this line has the order"):
        therapy.order_line(cycle_id=cycle, line_number=1, dose=Quantity(D(108), MG), by=bench.pharmacist)
    order = therapy.prescription(made).order
    from dataclasses import replace
    for dose, expected in (("125", ("regimen-dose-high", Tier.HARD)), ("80", ("regimen-dose-differs", Tier.SOFT))):
        made = therapy.revise_prescription(prescription_id=made, order=replace(order, dose=Quantity(D(dose), MG)), reason="asked", by=bench.intake)
        bench.tell()
        assert expected in codes(made).items(), dose
    therapy.reduce_cycle(cycle_id=cycle, percent=75, reason="neutropenia", by=bench.pharmacist)
    assert "regimen-dose-differs" not in codes(made)
    made = therapy.revise_prescription(prescription_id=made, order=replace(order, dose=Quantity(D(81), MG), start_on=day() + timedelta(days=3)), reason="asked", by=bench.intake)
    assert codes(made)["regimen-days"] is Tier.SOFT


def test_an_order_that_stands_is_joined_and_others_are_refused(bench: Any) -> None:
    course = started(bench)
    good_labs(bench)
    made = bench.prescription(drug_code="doxorubicin", dose=Quantity(D(108), MG), days=1, interval_hours=24, infusion_minutes=15)
    assert codes(made) == {"regimen-none": Tier.CANNOT_JUDGE, "regimen-lifetime-unknown": Tier.CANNOT_JUDGE}
    with pytest.raises(Refused, match="is not cyclophosphamide"):
        therapy.join_order(cycle_id=course.cycles[0].id, line_number=2, prescription_id=made, by=bench.pharmacist)
    therapy.join_order(cycle_id=course.cycles[0].id, line_number=1, prescription_id=made, by=bench.pharmacist)
    assert "regimen-none" not in codes(made)
    lab(bench, NEUTROPHILS, "0.4")
    assert codes(made)["regimen-hold"] is Tier.SOFT
    never_before(bench)
    second = therapy.order_line(cycle_id=course.cycles[1].id, line_number=1, dose=Quantity(D(108), MG), by=bench.pharmacist)
    clear(bench, course, override_code="recovering", override_note="x", approved_by="Lena Fictional, MD")
    assert "regimen-hold" not in codes(made)
    give(bench, course)
    assert "regimen-too-soon" not in codes(second)
    therapy.omit_cycle(cycle_id=course.cycles[1].id, reason="x", by=bench.pharmacist)
    assert codes(second)["regimen-cycle-ended"] is Tier.HARD


def test_facts_of_many_orders_of_chemotherapy_take_no_more_queries_than_of_one(bench: Any) -> None:
    course = started(bench)
    ids = [therapy.order_line(cycle_id=c.id, line_number=n, dose=Quantity(D(d), MG), by=bench.pharmacist)
           for c in course.cycles[:3] for n, d in ((1, "108"), (2, "1080"))]
    orders = therapy.prescriptions(ids)
    facts_of_many(orders)
    with CaptureQueriesContext(connection) as one:
        facts_of_many([o for o in orders if o.order.drug_code == "doxorubicin"][:1])
    with CaptureQueriesContext(connection) as many:
        facts_of_many(orders)
    assert len(many) <= len(one)


def test_the_database_holds_what_a_cycle_must_be(bench: Any) -> None:
    course = started(bench)
    row = RegimenCycle.objects.get(id=course.cycles[0].id)
    for change in ({"dose_percent": 0}, {"override_code": "benefit"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RegimenCycle.objects.filter(id=row.id).update(**change)
    with pytest.raises(Exception, match="arrow|cycle"), transaction.atomic():
        RegimenCycle.objects.filter(id=row.id).update(state="given")
    with pytest.raises(IntegrityError, match="cycle_is_cleared_by_somebody"), transaction.atomic():
        RegimenCycle.objects.filter(id=row.id).update(state="cleared")


def test_a_cycle_soon_due_waits_for_the_pharmacist(bench: Any) -> None:
    started(bench)
    found = therapy.waiting(bench.pharmacist)
    assert found.counts["Cycle to clear"] == 1
    row = next(r for r in found.rows if r.kind == "Cycle to clear")
    assert row.owner == "pharmacist" and "cycle 1" in row.title


def test_a_vinca_label_says_that_other_routes_are_fatal() -> None:
    class Row:
        drug_code, hazardous, method = "vincristine", True, "compound"
    assert _warnings(Row())[0].startswith("FATAL IF GIVEN BY OTHER ROUTES")  # type: ignore[arg-type]
    assert catalog.hazard("ceftriaxone") is None


def test_the_pages_show_the_library_and_a_regimen_from_start_to_given(bench: Any, browse: Callable[[Any], Any]) -> None:
    client = browse(bench.pharmacist)
    library = client.get("/catalog/regimens/").content.decode()
    assert "mFOLFOX6" in library and "riTUXimab" in library
    assert "No such regimen" in client.get("/catalog/regimens/?q=moonstone").content.decode()
    for r in catalog.regimens():
        assert r.name.replace("&", "&amp;") in client.get(f"/catalog/regimens/{r.code}/").content.decode()
    therapy_id = begun(bench)
    empty = client.get(f"/clinical/regimens/therapies/{therapy_id}/").content.decode()
    assert "No regimen yet" in empty
    sent = client.post(f"/clinical/regimens/therapies/{therapy_id}/start/", {"code": "ac", "start_on": f"{day():%Y-%m-%d}", "cycles": "0"})
    url = sent.headers["Location"]
    page = client.get(url).content.decode()
    assert "cannot judge" in page and "worked out" in page.lower() and "NIOSH 2024 table 1" in page
    course = therapy.regimen_courses_of(therapy_id=therapy_id)[0]
    cycle = course.cycles[0].id
    at = f"{url}cycles/{cycle}/"
    good_labs(bench)
    assert client.post(f"{url}exposure/", {"drug_code": "doxorubicin", "known": "never", "measure": "mg/m2", "told_by": "patient"}).status_code == 302
    assert client.post(f"{at}lines/1/order/", {"amount": "108", "prescriber": "Lena Fictional, MD"}).status_code == 302
    assert client.post(f"{at}clear/", {"signature": "a long test password"}).status_code == 302
    assert client.post(f"{at}reopen/", {"reason": "fever"}).status_code == 302
    assert client.post(f"{at}reduce/", {"percent": "75", "reason": "neutropenia", "later_too": "on"}).status_code == 302
    assert client.post(f"{at}delay/", {"day1_on": f"{day() + timedelta(days=1):%Y-%m-%d}", "reason": "visit"}).status_code == 302
    assert client.post(f"{at}clear/", {"signature": "a long test password"}).status_code == 302
    assert client.post(f"{at}give/", {"given_on": f"{day():%Y-%m-%d}", "amount_1": "81", "amount_2": "810"}).status_code == 302
    page = client.get(url).content.decode()
    assert "DOXOrubicin 81 mg" in page and "75 %" in page and "Pat One" in page
    assert client.post(f"{at}dance/", {"reason": "x"}).status_code == 404
    assert client.post(f"{url}stop/", {"reason": "moved away"}).status_code == 302
    assert "stopped" in client.get(url).content.decode()
    order = therapy.regimen_course(course.id).cycles[0].order(1)
    assert order is not None
    bench.tell()
    for shown in (f"/therapy/prescriptions/{order.prescription_id}/", f"/clinical/reviews/{clinical.review_id_of(order.prescription_id)}/"):
        assert "NIOSH 2024 table 1" in client.get(shown).content.decode()
    assert "Regimen and cycles" in client.get(f"/therapy/{therapy_id}/").content.decode()


def test_the_api_starts_clears_and_records(bench: Any, browse: Callable[[Any], Any]) -> None:
    client = browse(bench.pharmacist)
    assert {r["code"] for r in client.get("/api/catalog/regimens").json()} >= {"mfolfox6", "ac"}
    therapy_id = begun(bench)
    made = client.post(f"/api/clinical/therapies/{therapy_id}/regimens", {"code": "ac", "start_on": f"{day():%Y-%m-%d}"}, content_type="application/json")
    assert made.status_code == 200, made.content
    said = client.get(f"/api/clinical/regimens/{made.json()['id']}").json()
    assert [h["verdict"] for h in said["holds"]][:2] == ["cannot_judge", "cannot_judge"]
    cycle = said["cycles"][0]["id"]
    refused = client.post(f"/api/clinical/regimens/{said['id']}/cycles/{cycle}/clearance", {}, content_type="application/json")
    assert refused.status_code == 409
    delayed = client.post(f"/api/clinical/regimens/cycles/{cycle}/delay", {"day1_on": f"{day() + timedelta(days=7):%Y-%m-%d}", "reason": "x"}, content_type="application/json")
    assert delayed.status_code == 200
    assert len(client.get(f"/api/clinical/therapies/{therapy_id}/regimens").json()) == 1
