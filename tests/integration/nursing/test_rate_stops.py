# SPDX-License-Identifier: Apache-2.0
"""Rates at the bedside: by the order, by the steps of the product in hand, after a reaction, and against the pump."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.delivery import public as delivery
from openinfusion.inventory import public as inventory
from openinfusion.inventory.public import Care, CareKind, Mode, Settings
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.nursing import public as nursing
from openinfusion.nursing.actions.rate_plan import name_rate_plan
from openinfusion.nursing.actions.reaction import tell_prescriber
from openinfusion.nursing.models import NurseVisit, RateReading, Reaction, SectionEntry
from openinfusion.nursing.queries.packet import packet
from openinfusion.nursing.queries.rate_plans import last_infusion, rate_plans, running
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now, told
from openinfusion.platform.house_day import house_today
from openinfusion.quality import public as quality
from openinfusion.therapy import public as therapy


def begun(thread: Any, therapy_id: UUID, *, hours: int = 1, prescription_id: UUID | None = None, kind: str = "infusion") -> UUID:
    visit_id = nursing.request_visit(therapy_id=therapy_id, purpose="dose", visit_type=kind, prescription_id=prescription_id,
                                     by=thread.manager)
    start = now() + timedelta(hours=hours)
    nursing.offer_visit(visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=start, planned_end=start + timedelta(hours=1),
                        by=thread.manager)
    for step in ("accept", "confirm", "set_out", "arrive"):
        nursing.advance_visit(visit_id=visit_id, step=step, by=thread.nurse)
    return visit_id


def write(thread: Any, visit_id: UUID, section: str, despite: str = "", **values: Any) -> UUID:
    return nursing.write_section(visit_id=visit_id, section=section, values=values, despite=despite, by=thread.nurse)


def rate(thread: Any, visit_id: UUID, minutes: int, ml_per_h: str | int, despite: str = "", **more: str) -> UUID:
    """A rate that ran from some minutes after the visit began."""
    at = (NurseVisit.objects.get(pk=visit_id).started_at or now()) + timedelta(minutes=minutes)
    with told(at + timedelta(seconds=1)):
        return write(thread, visit_id, "rate", despite, rate_at=at.isoformat(), rate_ml_per_h=str(ml_per_h), **more)


def refused(thread: Any, match: str, visit_id: UUID, minutes: int, ml_per_h: str | int, **more: str) -> None:
    before = (RateReading.objects.count(), SectionEntry.objects.count())
    with pytest.raises(Refused, match=match):
        rate(thread, visit_id, minutes, ml_per_h, **more)
    assert (RateReading.objects.count(), SectionEntry.objects.count()) == before


@pytest.fixture
def bag(thread: Any) -> tuple[UUID, UUID, compounding.PreparationFact]:
    """Ceftriaxone, 100 mL over 30 minutes, delivered: its therapy, its order and the preparation."""
    course = delivery.ticket(thread.delivered()).therapy_id
    made = compounding.preparations_of_therapy(course)[-1]
    return course, made.prescription_id, made


def test_nothing_runs_before_the_drug_is_scanned_and_never_faster_than_the_order(thread: Any, bag: Any) -> None:
    course, order_id, made = bag
    visit_id = begun(thread, course, prescription_id=order_id)
    refused(thread, "no drug is scanned", visit_id, 5, 100)
    write(thread, visit_id, "drug", code=compounding.label_code(made.lot_number, 1))
    (plan,) = rate_plans(NurseVisit.objects.get(pk=visit_id))
    order, work = therapy.prescription(order_id).order, compounding.work_order(made.work_order_id)
    assert plan.code == "order" and plan.highest >= work.final_volume_ml * 60 / order.infusion_minutes > plan.highest - 1
    refused(thread, "above the highest rate", visit_id, 5, plan.highest + 1)
    rate(thread, visit_id, 5, plan.highest)
    rate(thread, visit_id, 40, 0)
    assert [r.rate_ml_per_h for r in nursing.record(visit_id).rates] == [plan.highest, Decimal(0)]


def test_a_rate_that_ran_against_a_stop_is_kept_with_a_word_and_looked_into(thread: Any, bag: Any) -> None:
    course, order_id, _ = bag
    visit_id = begun(thread, course, prescription_id=order_id)
    rate(thread, visit_id, 5, 100, despite="the phone could not read the label; lot read by two")
    entry = SectionEntry.objects.get(visit_id=visit_id, section="rate")
    assert "no drug is scanned" in entry.problems[0] and entry.why.startswith("the phone")
    thread.bench.tell()
    assert any("in spite of a check" in i.title for i in quality.open_incidents())


def test_many_parts_at_once_are_judged_the_same(thread: Any, bag: Any) -> None:
    course, order_id, made = bag
    visit_id = begun(thread, course, prescription_id=order_id)
    start = NurseVisit.objects.get(pk=visit_id).started_at + timedelta(minutes=5)
    said: dict[str, Any] = {"visit_id": visit_id, "entries": nursing.VisitEntries(), "by": thread.nurse,
                            "rates": [nursing.RateStep(start, Decimal(9000)), nursing.RateStep(start + timedelta(minutes=30), Decimal(0))]}
    with pytest.raises(Refused, match="no drug is scanned"):
        nursing.write_record(**said)
    scanned = nursing.Said("drug", {"code": compounding.label_code(made.lot_number, 1)})
    with told(start + timedelta(hours=1)):
        with pytest.raises(Refused, match="above the highest rate"):
            nursing.write_record(**said, sections=[scanned])
        assert SectionEntry.objects.count() == 0 and RateReading.objects.count() == 0
        nursing.write_record(**said, sections=[scanned], despite="the prescriber said so by telephone")
    assert RateReading.objects.count() == 2
    assert [bool(e.problems) for e in SectionEntry.objects.filter(section="rate").order_by("number")] == [True, False]


def immune_globulin(thread: Any, diagnosis: str = "D83.9") -> UUID:
    return therapy.begin_therapy(
        patient_id=thread.bench.patient_id, drug_code="ivig_10", therapy_class="", diagnosis=diagnosis, site_id=thread.bench.site_id,
        prescriber="Lena Fictional, MD", start_on=house_today(), by=thread.bench.pharmacist)


def test_the_steps_are_those_of_the_use_and_somebody_says_whose_product_it_is(thread: Any) -> None:
    visit_id = begun(thread, immune_globulin(thread), kind="general")
    weight = patients.banner(thread.bench.patient_id).weight_kg
    plans = {p.code: p for p in rate_plans(NurseVisit.objects.get(pk=visit_id))}
    assert "privigen_itp" not in plans and "octagam10_dm" not in plans, "they are for another use"
    assert {"privigen_pi", "gamunex_pi", "ivig_10_caution"} <= set(plans)
    assert plans["gamunex_pi"].rates[0] <= Decimal("0.6") * weight < plans["gamunex_pi"].rates[0] + Decimal("0.1")
    first, second = plans["gamunex_pi"].rates[:2]
    refused(thread, "steps of several products", visit_id, 5, first)
    refused(thread, "do not fit the drug", visit_id, 5, first, rate_plan="privigen_itp")
    refused(thread, "no earlier infusion of this drug", visit_id, 5, second, rate_plan="gamunex_pi")
    rate(thread, visit_id, 5, first, rate_plan="gamunex_pi")
    assert NurseVisit.objects.get(pk=visit_id).rate_plan == "gamunex_pi"
    refused(thread, "30 minutes at least: 10 more", visit_id, 25, second)
    rate(thread, visit_id, 35, second)
    refused(thread, "runs by the rate steps of Gamunex-C", visit_id, 70, second, rate_plan="panzyga_pi")
    refused(thread, "above the highest rate", visit_id, 70, plans["gamunex_pi"].highest + 1)


def test_a_pharmacist_names_the_steps_and_the_nurse_s_rates_are_judged_by_them(thread: Any) -> None:
    visit_id = begun(thread, immune_globulin(thread), kind="general")
    with pytest.raises(Refused, match="nursing.rate_plan.name"):
        name_rate_plan(visit_id=visit_id, plan="ivig_10_caution", by=thread.nurse)
    with pytest.raises(Malformed, match="none of the plans"):
        name_rate_plan(visit_id=visit_id, plan="privigen_itp", by=thread.bench.pharmacist)
    name_rate_plan(visit_id=visit_id, plan="ivig_10_caution", by=thread.bench.pharmacist)
    slow = running(NurseVisit.objects.get(pk=visit_id)).by()
    assert slow is not None and slow.code == "ivig_10_caution"
    refused(thread, "step by step", visit_id, 5, slow.rates[1])
    rate(thread, visit_id, 5, slow.rates[0])
    away = packet(NurseVisit.objects.get(pk=visit_id), thread.nurse)
    fields = {f["name"] for s in away["sections"] if s["code"] == "rate" for f in s["fields"]}
    assert away["running"]["plan"] == "ivig_10_caution" and "rate_plan" not in fields


def test_the_next_infusion_may_begin_where_the_last_was_borne_only_with_the_same_product(thread: Any, bag: Any) -> None:
    course, order_id, made = bag
    visits = [begun(thread, course, prescription_id=order_id, hours=h) for h in (1, 5)]
    for visit_id in visits:
        write(thread, visit_id, "drug", code=compounding.label_code(made.lot_number, 1),
              despite="" if visit_id == visits[0] else "the same bag, for the test")
    rate(thread, visits[0], 5, 100)
    rate(thread, visits[0], 35, 0)
    later = NurseVisit.objects.get(pk=visits[1])
    assert last_infusion(later) is None and "no earlier infusion" in running(later).lowest_why
    NurseVisit.objects.filter(pk=visits[0]).update(state="documented")
    known = running(later)
    assert known.lowest_why == "" and known.borne_ml_per_h == 100
    NurseVisit.objects.filter(pk=visits[0]).update(reaction="allergic")
    assert running(later).lowest_why == "there was a reaction at the last infusion" and running(later).borne_ml_per_h is None
    NurseVisit.objects.filter(pk=visits[0]).update(reaction="none", started_at=now() - timedelta(weeks=9))
    assert "more than 8 weeks ago" in running(later).lowest_why
    NurseVisit.objects.filter(pk=visits[0]).update(started_at=now() - timedelta(weeks=2))
    SectionEntry.objects.filter(visit_id=visits[0], section="drug").delete()
    assert "not known whether the product is the same" in running(later).lowest_why


def test_another_drug_of_the_same_course_is_no_earlier_infusion_of_this_one(thread: Any, bag: Any) -> None:
    course, order_id, made = bag
    before = begun(thread, course, prescription_id=order_id)
    write(thread, before, "drug", code=compounding.label_code(made.lot_number, 1))
    rate(thread, before, 5, 100)
    NurseVisit.objects.filter(pk=before).update(state="documented", therapy_id=immune_globulin(thread))
    later = NurseVisit.objects.get(pk=begun(thread, immune_globulin(thread), kind="general", hours=5))
    assert last_infusion(later) is None, "the order says what ran, not the course"
    NurseVisit.objects.filter(pk=before).update(prescription_id=None)
    assert last_infusion(later) is not None


def test_a_rate_is_written_when_it_runs(thread: Any) -> None:
    visit_id = begun(thread, immune_globulin(thread), kind="general")
    with pytest.raises(Malformed, match="lies in the future"):
        write(thread, visit_id, "rate", rate_at=(now() + timedelta(hours=1)).isoformat(), rate_ml_per_h="1", rate_plan="gamunex_pi")
    assert not RateReading.objects.exists()


def test_after_a_reaction_it_is_raised_only_as_far_as_the_prescriber_said(thread: Any) -> None:
    visit_id = begun(thread, immune_globulin(thread), kind="general")
    plan = next(p for p in rate_plans(NurseVisit.objects.get(pk=visit_id)) if p.code == "gamunex_pi")
    rate(thread, visit_id, 5, plan.rates[0], rate_plan="gamunex_pi")
    rate(thread, visit_id, 35, plan.rates[1])
    said = {"reaction": "infusion", "reaction_text": "flushed", "reaction_grade": 2, "reaction_action": "back a step"}
    with told(now() + timedelta(minutes=40)):
        write(thread, visit_id, "reaction", **said)
    rate(thread, visit_id, 41, plan.rates[0])
    refused(thread, "a reaction is on record", visit_id, 80, plan.rates[1])
    (one,) = Reaction.objects.all()
    with pytest.raises(Malformed, match="a rate above 0"):
        tell_prescriber(reaction_id=one.id, how="by telephone", resume_ml_per_h=Decimal(0), by=thread.nurse)
    tell_prescriber(reaction_id=one.id, how="Dr. Fictional, by telephone: hold", by=thread.nurse)
    refused(thread, "a reaction is on record", visit_id, 80, plan.rates[1])
    with pytest.raises(Refused, match="told the prescriber already"):
        tell_prescriber(reaction_id=one.id, how="again", by=thread.nurse)
    tell_prescriber(reaction_id=one.id, how="asked again: one step more", resume_ml_per_h=plan.rates[1], by=thread.nurse)
    rate(thread, visit_id, 80, plan.rates[1])
    refused(thread, "lets it run at most at", visit_id, 120, plan.rates[2])
    with told(now() + timedelta(minutes=130)):
        write(thread, visit_id, "reaction", **(said | {"reaction_grade": 3}))
    one.refresh_from_db()
    assert one.resume_ml_per_h is None and one.prescriber_told_at is None, "it got worse: the word of before does not hold"
    with pytest.raises(IntegrityError, match="reaction_resumes_when_told"), transaction.atomic():
        Reaction.objects.filter(pk=one.id).update(resume_ml_per_h=100)


def test_a_pump_that_is_set_faster_than_the_order_is_a_stop_and_its_word_is_looked_into(thread: Any, bag: Any) -> None:
    course, order_id, _ = bag
    bench = thread.bench
    product = next(p for p in catalog.products_of(kind="equipment") if "pump" in p.name)
    pump = inventory.receive_pump(product_id=product.id, serial="P1", site_id=bench.site_id, by=thread.warehouse)
    inventory.record_care(pump_id=pump, care=Care(CareKind.MAINTENANCE, house_today(), "flow test", True), by=thread.warehouse)
    for step in ("inspect", "shelve"):
        inventory.advance_pump(pump_id=pump, step=step, by=thread.warehouse)
    inventory.advance_pump(pump_id=pump, step="assign", patient_id=bench.patient_id, therapy_id=course, by=thread.warehouse)
    right = Settings(Mode.INTERMITTENT, Decimal(20), Decimal(200), Decimal(100), Decimal(24))
    program = inventory.enter_program(pump_id=pump, prescription_id=order_id, settings=right, by=bench.technician)
    inventory.check_program(program_id=program, seen=right, by=bench.pharmacist.signing("test"))
    visit_id = begun(thread, course, prescription_id=order_id, kind="pump_change")
    seen = {"pump_serial": "P1", "pump_rate_ml_per_h": "400", "pump_volume_ml": "100"}
    with pytest.raises(Refused, match="lets it run at most at 200 mL/h"):
        write(thread, visit_id, "pump", **seen)
    assert SectionEntry.objects.count() == 0
    write(thread, visit_id, "pump", **seen, pump_differs_why="the prescriber doubled it by telephone")
    entry = SectionEntry.objects.get(section="pump")
    assert len(entry.problems) == 2 and entry.why == "the prescriber doubled it by telephone"
    bench.tell()
    assert any("in spite of a check" in i.title for i in quality.open_incidents())
