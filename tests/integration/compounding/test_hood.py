# SPDX-License-Identifier: Apache-2.0
"""The hood through the actions and the database: order, looks, stops, opened containers, reprints; refusals change nothing."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from tests.integration.conftest import open_for_the_day

from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.compounding.models import (
    BenchReport,
    BenchStep,
    Carry,
    Ingredient,
    LabelPrint,
    LotCapture,
    OpenedContainer,
    StepDone,
    StepLook,
    WorkOrder,
)
from openinfusion.compounding.public import Proof, StepReport
from openinfusion.demo.bench import PICTURE, proofs_of
from openinfusion.inventory import public as inventory
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Malformed, NotFound, Refused
from openinfusion.platform.clock import now, told
from openinfusion.platform.files import open_file
from openinfusion.platform.journal import timeline
from openinfusion.sites import public as sites
from openinfusion.team import public as team


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def staged(bench: Any, **order: Any) -> UUID:
    """A vancomycin supply (2 doses of 1,250 mg from 1 g vials, if not said otherwise), checked and ready for the hood."""
    said = {"drug_code": "vancomycin", "dose": Quantity(D(1250), MG), "days": 1, "interval_hours": 12, "infusion_minutes": 90} | order
    prescription_id = bench.prescription(**said)
    bench.verify(prescription_id)
    (planned,) = compounding.work_orders_of(prescription_id)
    for line in compounding.ingredients(planned.id):
        inventory.receive_stock(product_id=line.product_id, lot=f"H{line.gtin[-5:]}", quantity=D(40), location=bench.shelf_id,
                                expires_on=inventory.site_today(bench.site_id) + timedelta(days=300), by=bench.technician)
    compounding.allocate_ingredients(work_order_id=planned.id, by=bench.technician)
    compounding.advance_work_order(work_order_id=planned.id, step="release", by=bench.pharmacist)
    compounding.advance_work_order(work_order_id=planned.id, step="stage", by=bench.technician)
    for line in compounding.ingredients(planned.id):
        for held in line.held:
            compounding.scan_ingredient(work_order_id=planned.id, scan=bench.gs1(line.product_id, inventory.lot(held.lot_id)),
                                        packages=int(held.quantity), by=bench.technician)
    compounding.advance_work_order(work_order_id=planned.id, step="pre_check", by=bench.second_technician)
    return planned.id


def begun(bench: Any, **order: Any) -> UUID:
    made = staged(bench, **order)
    compounding.advance_work_order(work_order_id=made, step="start", hood_id=bench.hood_id, by=bench.technician)
    return made


def tell(bench: Any, order_id: UUID, *reports: StepReport, by: Any = None) -> dict[str, Any]:
    return compounding.record_steps(work_order_id=order_id, reports=list(reports), by=by or bench.technician)


def until(bench: Any, order_id: UUID, asks: Proof) -> StepReport:
    """Everything before the first step that asks for this; that step's own proof."""
    proofs = proofs_of(order_id)
    steps = [s.step for s in compounding.steps(order_id)]
    place = next(s.place for s in steps if s.asks is asks)
    if place > 1:
        tell(bench, order_id, *proofs[: place - 1])
    return proofs[place - 1]


def test_the_steps_are_laid_out_from_the_formula_the_order_names(bench: Any) -> None:
    order = compounding.work_order(begun(bench))
    assert order.formula_id == catalog.formula("vancomycin", "IV").id
    found = [s.step for s in compounding.steps(order.id)]
    assert [s.kind.value for s in found] == ["scan"] * 6 + ["reconstitute"] + ["scan", "draw", "inject"] * 2 + ["inspect", "seal"]
    assert [s.asks.value for s in found if s.kind.value == "draw"] == ["weight", "weight"]
    assert found[8].low_g and found[8].low_g < D("25.25") < found[8].high_g
    water = found[3]
    assert water.name == "sterile water for injection 20 mL vial" and water.asks is Proof.SCAN
    assert found[6].text.startswith("Add 20 mL of diluent (sterile water for injection 20 mL vial) to each of the 3 vials")


def test_steps_are_done_in_order_by_the_one_who_started_and_a_refusal_changes_nothing(bench: Any) -> None:
    order_id = begun(bench)
    first, second = proofs_of(order_id)[:2]
    for report, by, code in ((second, bench.technician, "out-of-order"), (first, bench.second_technician, "not-compounder")):
        with pytest.raises(Refused) as no:
            tell(bench, order_id, report, by=by)
        assert codes(no) == {code}
    with pytest.raises(Malformed):
        tell(bench, order_id)
    with pytest.raises(Malformed):
        tell(bench, order_id, replace(first, code=" "))
    with pytest.raises(Malformed):
        tell(bench, order_id, replace(first, code="OV1*ABCDEFGH*0"))
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=order_id, step="finish", by=bench.technician)
    assert codes(no) == {"steps-undone"} and "and 14 more" in str(no.value)
    assert not StepDone.objects.exists() and compounding.progress(order_id).done == 0
    told_ = tell(bench, order_id, first, second)
    assert told_ == {"done": 2, "of": 15, "waiting": 0, "look": "", "stopped": ""}
    assert "at the hood" in timeline(subject_id=order_id)[0].sentence
    with pytest.raises(Refused) as no:
        tell(bench, order_id, first)
    assert codes(no) == {"out-of-order"}


def test_the_database_holds_the_order_the_looks_and_that_nothing_is_changed(bench: Any) -> None:
    order_id = begun(bench)
    step = {p: BenchStep.objects.get(work_order_id=order_id, place=p) for p in (1, 2, 3)}

    def done(place: int, **more: Any) -> StepDone:
        return StepDone.objects.create(work_order_id=order_id, step=step[place], place=place, done_at=now(),
                                       done_by=bench.technician.id, doer_name="T", **more)

    for bad in (lambda: done(2), lambda: done(1, keyed=True), lambda: BenchStep.objects.filter(pk=step[1].pk).update(text="x"),
                lambda: BenchStep.objects.filter(pk=step[1].pk).delete(),
                lambda: WorkOrder.objects.filter(pk=order_id).update(state="compounded")):
        with pytest.raises(DatabaseError), transaction.atomic():
            bad()
    waits = done(1, look="another person looks")
    for bad in (lambda: done(2), lambda: StepLook.objects.create(done=waits, done_by=bench.pharmacist.id, looked_by=bench.technician.id, looker_name="T", accepted=True),
                lambda: StepLook.objects.create(done=waits, done_by=bench.technician.id, looked_by=bench.pharmacist.id, looker_name="P", accepted=False),
                lambda: StepDone.objects.filter(pk=waits.pk).update(look="")):
        with pytest.raises(DatabaseError), transaction.atomic():
            bad()
    StepLook.objects.create(done=waits, done_by=waits.done_by, looked_by=bench.pharmacist.id, looker_name="P", accepted=True)
    done(2)
    with pytest.raises(DatabaseError), transaction.atomic():
        done(2)
    BenchReport.objects.create(work_order_id=order_id, patient_id=bench.patient_id, kind="wrong_product", stops=True, text="x",
                               reported_by=bench.technician.id, reporter_name="T")
    with pytest.raises(DatabaseError), transaction.atomic():
        done(3)


def test_a_wrong_product_stops_is_kept_as_a_near_miss_and_reviewed_by_a_pharmacist(bench: Any) -> None:
    order_id = begun(bench)
    wrong = inventory.lot(bench.receive("cefepime 1 g"))
    stopped = tell(bench, order_id, StepReport(place=1, code=bench.gs1(wrong.product_id, wrong)))
    assert "cefepime" in stopped["stopped"] and stopped["done"] == 0
    (report,) = compounding.reports(order_id)
    assert (report.kind, report.stopping, report.state) == ("wrong_product", True, "open")
    with pytest.raises(Refused) as no:
        tell(bench, order_id, proofs_of(order_id)[0])
    assert codes(no) == {"stopped"}
    with pytest.raises(Refused) as no:
        compounding.advance_report(report_id=report.id, step="review", reason="x", by=bench.pharmacist)
    assert codes(no) == {"not-acknowledged"}
    compounding.advance_report(report_id=report.id, step="acknowledge", by=bench.technician)
    assert tell(bench, order_id, proofs_of(order_id)[0])["done"] == 1
    compounding.advance_report(report_id=report.id, step="review", reason="shelves apart", by=bench.pharmacist)
    assert compounding.reports(order_id)[0].state == "reviewed"


@pytest.mark.parametrize(("code", "kind"), [
    ("(01)00312345678906(17)281231(10)X1", "wrong_product"), ("(01){gtin}(17)281231(10)OTHERLOT", "unstaged_lot"), ("0{gtin13}", ""),
])
def test_what_is_scanned_is_told_apart_and_a_linear_code_is_enough_where_one_lot_was_staged(bench: Any, code: str, kind: str) -> None:
    order_id = begun(bench)
    gtin = compounding.ingredients(order_id)[0].gtin
    made = tell(bench, order_id, StepReport(place=1, code=code.format(gtin=gtin, gtin13=gtin[1:])))
    assert [r.kind for r in compounding.reports(order_id)] == ([kind] if kind else [])
    assert made["done"] == (0 if kind else 1)


def test_more_packages_than_were_staged_are_not_taken(bench: Any) -> None:
    order_id = begun(bench)
    row = compounding.ingredients(order_id)[0]
    Ingredient.objects.filter(pk=row.id).update(packages=9)  # as if fewer had been captured than are planned
    LotCapture.objects.filter(ingredient_id=row.id).update(packages=1)
    code = bench.gs1(row.product_id, inventory.lot(row.lots[0].lot_id))
    assert tell(bench, order_id, StepReport(place=1, code=code))["done"] == 1
    assert "all of it is used" in tell(bench, order_id, StepReport(place=2, code=code))["stopped"]


def test_a_keyed_lot_waits_for_another_person_and_refused_it_is_done_anew(bench: Any) -> None:
    order_id = begun(bench)
    lot = compounding.ingredients(order_id)[0].lots[0].number
    told_ = tell(bench, order_id, StepReport(place=1, code=lot, keyed=True))
    assert told_["waiting"] == 1 and "keyed" in told_["look"]
    with pytest.raises(Refused) as no:
        tell(bench, order_id, proofs_of(order_id)[0])
    assert codes(no) == {"waiting-look"}
    with pytest.raises(Refused) as no:
        compounding.look_at_step(work_order_id=order_id, accepted=True, by=bench.technician)
    assert codes(no) == {"own-work"}
    with pytest.raises(Malformed):
        compounding.look_at_step(work_order_id=order_id, accepted=False, by=bench.second_technician)
    compounding.look_at_step(work_order_id=order_id, accepted=False, note="another lot", place=1, by=bench.second_technician)
    (report,) = compounding.reports(order_id)
    assert report.kind == "look_refused" and report.stopping
    compounding.advance_report(report_id=report.id, step="acknowledge", by=bench.technician)
    assert tell(bench, order_id, proofs_of(order_id)[0])["done"] == 1
    assert [d.accepted for d in compounding.steps(order_id)[0].doings] == [False, None]
    with pytest.raises(Refused) as no:
        compounding.look_at_step(work_order_id=order_id, accepted=True, by=bench.second_technician)
    assert codes(no) == {"nothing-waits"}


def test_a_weight_out_of_tolerance_waits_and_stands_once_another_person_accepts_it(bench: Any) -> None:
    order_id = begun(bench)
    weigh = until(bench, order_id, Proof.WEIGHT)
    told_ = tell(bench, order_id, replace(weigh, weight_g=D(99)))
    assert told_["waiting"] == weigh.place and "99 g" in told_["look"]
    compounding.look_at_step(work_order_id=order_id, accepted=True, note="weighed with its cap", by=bench.second_technician)
    assert compounding.progress(order_id).done == weigh.place


def test_a_picture_is_kept_as_it_was_taken_and_nothing_else_passes_for_one(bench: Any) -> None:
    order_id = begun(bench)
    first = proofs_of(order_id)[0]
    for data in (b"<svg>", b"\xff\xd8\xff" + b"x" * 3_000_000):
        with pytest.raises(Malformed):
            tell(bench, order_id, replace(first, photo=data))
    tell(bench, order_id, replace(first, photo=PICTURE))
    (step, *_) = compounding.steps(order_id)
    assert step.done and step.done.photo_id and open_file(step.done.photo_id).data == PICTURE


def test_what_is_left_in_a_vial_goes_into_the_next_preparation_and_its_package_back_to_the_shelf(bench: Any) -> None:
    one, two = staged(bench), staged(bench, dose=Quantity(D(250), MG))  # 2.5 g of three vials; 0.5 g of one
    compounding.advance_work_order(work_order_id=one, step="start", hood_id=bench.hood_id, by=bench.technician)
    bench.hood(one)
    (opened,) = compounding.opened_at(bench.site_id)
    assert opened.left_ml == D(10) and opened.good_until - opened.opened_at == timedelta(hours=12)
    before = {line.role: line for line in compounding.ingredients(two)}["drug"]
    on_hand = inventory.on_hand(before.product_id, bench.site_id)
    compounding.advance_work_order(work_order_id=two, step="start", hood_id=bench.hood_id, by=bench.technician)
    page = compounding.opened_here(bench.hood_id, [before.product_id])
    assert [o.id for o in page] == [opened.id]
    proofs = proofs_of(two)
    assert tell(bench, two, replace(proofs[0], code=compounding.opened_code(opened.id)))["done"] == 1
    assert OpenedContainer.objects.get().state == "empty" and Carry.objects.get().volume_ml == D(10)
    tell(bench, two, *proofs[1:])
    compounding.advance_work_order(work_order_id=two, step="finish", by=bench.technician)
    assert inventory.on_hand(before.product_id, bench.site_id) == on_hand, "the package that stayed closed is back"
    drug = {o: next(x for x in compounding.ingredients(o) if x.role == "drug") for o in (one, two)}
    assert drug[one].discarded.amount == 0 and drug[two].discarded.amount == 0
    assert two in compounding.work_orders_with_lot(opened.lot_id)
    assert any("opened before" in line.sentence for line in timeline(subject_id=opened.id))


@pytest.mark.parametrize(("hours", "share", "code"), [(13, "250", "unusable_lot"), (1, "500", "too_little_left")])
def test_an_opened_container_over_its_time_or_too_small_stops_the_work(bench: Any, hours: int, share: str, code: str) -> None:
    one, two = staged(bench), staged(bench, dose=Quantity(D(share), MG))
    compounding.advance_work_order(work_order_id=one, step="start", hood_id=bench.hood_id, by=bench.technician)
    bench.hood(one)
    (opened,) = compounding.opened_at(bench.site_id)
    with told(now() + timedelta(hours=hours)):  # which may be the next day
        open_for_the_day(bench.site_id, by=bench.administrator)
        team.attest_garb(site_id=bench.site_id, by=bench.technician)
        compounding.advance_work_order(work_order_id=two, step="start", hood_id=bench.hood_id, by=bench.technician)
        tell(bench, two, StepReport(place=1, code=compounding.opened_code(opened.id)))
        assert [r.kind for r in compounding.reports(two)] == [code]
        compounding.waste_opened(opened_id=opened.id, reason="its time is over", by=bench.technician)
        with pytest.raises(Refused):
            compounding.waste_opened(opened_id=opened.id, reason="again", by=bench.technician)
    with pytest.raises(DatabaseError), transaction.atomic():
        OpenedContainer.objects.filter(pk=opened.id).update(drawn_ml=D(21))


def test_a_near_miss_and_a_call_are_kept_and_do_not_stop(bench: Any) -> None:
    order_id = begun(bench)
    with pytest.raises(Malformed):
        compounding.report_near_miss(work_order_id=order_id, text=" ", by=bench.technician)
    compounding.report_near_miss(work_order_id=order_id, text="look-alike packages", by=bench.technician)
    call = compounding.call_pharmacist(work_order_id=order_id, by=bench.technician)
    assert tell(bench, order_id, proofs_of(order_id)[0])["done"] == 1
    waits = {w.kind for w in compounding.waiting(bench.pharmacist).rows}
    assert "Bench report" in waits
    compounding.advance_report(report_id=call, step="review", reason="went there", by=bench.pharmacist)
    assert {r.state for r in compounding.reports(order_id)} == {"open", "reviewed"}


def test_a_label_is_printed_again_only_with_a_reason_and_every_printing_counts(bench: Any) -> None:
    order_id = begun(bench)
    bench.hood(order_id)
    for step in ("finish", "present"):
        compounding.advance_work_order(work_order_id=order_id, step=step, by=bench.technician)
    with pytest.raises(Refused) as no:
        compounding.print_label(work_order_id=order_id, by=bench.technician)
    assert codes(no) == {"label-held"}
    compounding.advance_work_order(work_order_id=order_id, step="verify", by=bench.pharmacist.signing("test"))
    compounding.print_label(work_order_id=order_id, by=bench.technician)
    with pytest.raises(Refused) as no:
        compounding.print_label(work_order_id=order_id, by=bench.technician)
    assert codes(no) == {"reprint-reason"}
    compounding.print_label(work_order_id=order_id, reason="smudged", by=bench.technician)
    assert [(p.number, p.reason) for p in LabelPrint.objects.order_by("number")] == [(1, ""), (2, "smudged")]


def _uncertified(bench: Any, order_id: UUID) -> None:
    sites.certify_hood(hood_id=bench.hood_id, certified_until=now() - timedelta(days=1), room_failed=False, by=bench.administrator)


def _incompetent(bench: Any, order_id: UUID) -> None:
    team.record_competency(user_id=bench.technician.id, element="media_fill", on=inventory.site_today(bench.site_id), passed=False, by=bench.administrator)


def _recalled(bench: Any, order_id: UUID) -> None:
    lot = compounding.ingredients(order_id)[0].lots[0].lot_id
    inventory.advance_lot(lot_id=lot, step="quarantine", reason="maker's notice", by=bench.pharmacist)


def _changed_patient(bench: Any, order_id: UUID) -> None:
    from openinfusion.patients import public as patients

    patients.record_allergy(patient_id=bench.patient_id, substance="vancomycin", severity="anaphylaxis", by=bench.pharmacist)
    bench.tell()


@pytest.mark.parametrize(("spoil", "code"), [
    (_uncertified, "room"), (_incompetent, "competency"), (_recalled, "lot-quarantined"), (_changed_patient, "order-not-verified"),
])
def test_each_reason_of_the_gate_stops_the_start_and_no_step_is_laid_out(bench: Any, spoil: Any, code: str) -> None:
    order_id = staged(bench)
    spoil(bench, order_id)
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=order_id, step="start", hood_id=bench.hood_id, by=bench.technician)
    assert any(code in c for c in codes(no)), codes(no)
    assert compounding.steps(order_id) == [] and compounding.work_order(order_id).state == "pre_checked"


def test_the_pages_show_the_hood_the_look_the_record_and_what_stands_opened(bench: Any, browse: Any) -> None:
    order_id = begun(bench)
    technician, second, pharmacist = browse(bench.technician), browse(bench.second_technician), browse(bench.pharmacist)
    assert technician.get(f"/compounding/{staged(bench)}/hood/").status_code == 409
    page = technician.get(f"/compounding/{order_id}/hood/")
    assert page.status_code == 200 and "hood.js" in page.content.decode()
    assert "Nothing waits for you" in second.get(f"/compounding/{order_id}/look/").content.decode()
    lot = compounding.ingredients(order_id)[0].lots[0].number
    tell(bench, order_id, replace(StepReport(place=1, code=lot, keyed=True), photo=PICTURE))
    assert "whoever did the step" in technician.get(f"/compounding/{order_id}/look/").content.decode()
    seen = second.get(f"/compounding/{order_id}/look/").content.decode()
    assert "keyed by hand" in seen and lot in seen
    assert second.post(f"/compounding/{order_id}/look/2/accept/").status_code == 409
    assert second.post(f"/compounding/{order_id}/look/1/maybe/").status_code == 404
    assert second.post(f"/compounding/{order_id}/look/1/accept/").status_code == 302
    record = pharmacist.get(f"/compounding/{order_id}/record/").content.decode()
    assert "accepted" in record and "not done yet" in record
    assert lot in pharmacist.get(f"/compounding/{order_id}/record/?export=csv").content.decode()
    photo = compounding.steps(order_id)[0].done
    assert photo and pharmacist.get(f"/compounding/{order_id}/record/photos/{photo.photo_id}/").content == PICTURE
    assert pharmacist.get(f"/compounding/{order_id}/record/photos/{order_id}/").status_code == 404
    bench.hood(order_id)
    (opened,) = compounding.opened_at(bench.site_id)
    assert opened.lot in technician.get("/compounding/opened/").content.decode()
    assert technician.post(f"/compounding/opened/{opened.id}/waste/", {"reason": "dropped"}).status_code == 302
    assert "dropped" in technician.get("/compounding/opened/?show=wasted&export=csv").content.decode()
    assert "Nothing stands opened" in technician.get("/compounding/opened/").content.decode()
    page = pharmacist.get(f"/compounding/{order_id}/").content.decode()
    assert "15 of 15 steps done" in page and "unverified" in page


def test_the_bench_over_the_api_is_told_once_for_one_key(bench: Any, browse: Any) -> None:
    order_id = begun(bench)
    technician, second = browse(bench.technician), browse(bench.second_technician)
    base = f"/api/compounding/work-orders/{order_id}"
    code = proofs_of(order_id)[0].code

    def post(client: Any, path: str, body: dict[str, Any], **headers: str) -> Any:
        return client.post(path, body, content_type="application/json", headers=headers)

    body = {"reports": [{"place": 1, "code": code}]}
    first = post(technician, f"{base}/bench", body, **{"Idempotency-Key": "one"})
    assert first.json() == post(technician, f"{base}/bench", body, **{"Idempotency-Key": "one"}).json() == {"done": 1, "of": 15, "waiting": 0, "look": "", "stopped": ""}
    assert post(technician, f"{base}/bench", body).status_code == 409
    for bad in ({"photo": "not base 64!"}, {"weight_g": "1e3"}, {"weight_g": "NaN"}):
        assert post(technician, f"{base}/bench", {"reports": [{"place": 2, "code": code} | bad]}).status_code == 422
    lot = compounding.ingredients(order_id)[0].lots[0].number
    assert post(technician, f"{base}/bench", {"reports": [{"place": 2, "code": lot, "keyed": True}]}).json()["waiting"] == 2
    assert post(technician, f"{base}/look", {"accepted": True}).status_code == 409
    assert post(second, f"{base}/look", {"accepted": True, "place": 2}).status_code == 200
    assert post(technician, f"{base}/near-misses", {"text": "look-alike"}).status_code == 200
    assert post(technician, f"{base}/calls", {}).status_code == 200
    (miss, _) = technician.get(f"{base}/reports").json()
    assert post(browse(bench.pharmacist), f"/api/compounding/bench-reports/{miss['id']}/steps", {"step": "review", "reason": "seen"}).status_code == 200
    seen = technician.get(f"{base}/bench").json()
    assert (seen["done"], seen["of"], seen["steps"][1]["doings"][0]["accepted"]) == (2, 15, True)
    bench.hood(order_id)
    (opened,) = technician.get("/api/compounding/opened", {"site_id": str(bench.site_id)}).json()
    assert post(technician, f"/api/compounding/opened/{opened['id']}/waste", {"reason": "dropped"}).status_code == 200


def test_who_does_not_work_at_the_bench_sees_none_of_it(bench: Any, browse: Any) -> None:
    order_id = begun(bench)
    intake = browse(bench.intake)
    for path in ("hood/", "look/", "record/"):
        assert intake.get(f"/compounding/{order_id}/{path}").status_code == 403
    with pytest.raises(NotFound):
        compounding.preparation(order_id)
