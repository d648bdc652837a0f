# SPDX-License-Identifier: Apache-2.0
"""From a verified order to a released preparation, and every stop on the way."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from openinfusion.clinical import public as clinical
from openinfusion.compounding import public as compounding
from openinfusion.compounding.events import PreparationReleased
from openinfusion.compounding.models import WorkOrder
from openinfusion.inventory import public as inventory
from openinfusion.inventory.queries import disagreements
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.platform.clock import now, today
from openinfusion.platform.journal import timeline
from openinfusion.platform.news import handlers
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy


def stock(bench: Any) -> None:
    for name in ("cefTRIAXone 2 g", "cefTRIAXone 1 g", "sodium chloride 0.9% 100 mL", "sodium chloride 0.9% 250 mL",
                 "sodium chloride 0.9% 500 mL", "elastomeric infuser 100 mL"):
        bench.receive(name)


def planned(bench: Any) -> UUID:
    stock(bench)
    prescription_id = bench.prescription()
    bench.verify(prescription_id)
    return compounding.work_orders_of(prescription_id)[0].id


def staged(bench: Any) -> UUID:
    work_order_id = planned(bench)
    compounding.advance_work_order(work_order_id=work_order_id, step="release", by=bench.pharmacist)
    compounding.advance_work_order(work_order_id=work_order_id, step="stage", by=bench.technician)
    return work_order_id


def scan_all(bench: Any, work_order_id: UUID, **how: Any) -> None:
    for line in compounding.ingredients(work_order_id):
        for held in line.held:
            lot = inventory.lot(held.lot_id)
            compounding.scan_ingredient(work_order_id=work_order_id, scan=bench.gs1(line.product_id, lot),
                                        packages=int(held.quantity), by=bench.technician, **how)


def pre_checked(bench: Any) -> UUID:
    work_order_id = staged(bench)
    scan_all(bench, work_order_id)
    compounding.advance_work_order(work_order_id=work_order_id, step="pre_check", by=bench.second_technician)
    return work_order_id


def at_final_check(bench: Any) -> UUID:
    work_order_id = pre_checked(bench)
    compounding.advance_work_order(work_order_id=work_order_id, step="start", hood_id=bench.hood_id, by=bench.technician)
    bench.hood(work_order_id)
    for step in ("finish", "present"):
        compounding.advance_work_order(work_order_id=work_order_id, step=step, by=bench.technician)
    return work_order_id


def released(bench: Any) -> UUID:
    work_order_id = at_final_check(bench)
    compounding.advance_work_order(work_order_id=work_order_id, step="verify", by=bench.pharmacist.signing("test"))
    compounding.print_label(work_order_id=work_order_id, by=bench.technician)
    compounding.advance_work_order(work_order_id=work_order_id, step="label", by=bench.technician)
    compounding.advance_work_order(work_order_id=work_order_id, step="dispense", by=bench.second_pharmacist.signing("test"))
    return work_order_id


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def test_a_verified_order_plans_its_first_supply_with_ingredients_held_first_expiry_first(bench: Any) -> None:
    bench.receive("cefTRIAXone 2 g", 3, lot="SOON", expires_on=today("America/Chicago") + timedelta(days=60))
    work_order = compounding.work_order(planned(bench))
    assert (work_order.doses, work_order.days, work_order.supply_no) == (7, 7, 1)
    drug = next(line for line in compounding.ingredients(work_order.id) if line.role == "drug")
    assert drug.packages == 7 and drug.discarded.amount == 0
    assert [(a.lot_number, int(a.quantity)) for a in drug.held][0] == ("SOON", 3)
    assert all(not line.short for line in compounding.ingredients(work_order.id))


def test_the_whole_way_leaves_a_released_dated_labelled_preparation_and_true_stock(bench: Any) -> None:
    heard: list[PreparationReleased] = []
    handlers()  # the register is filled
    work_order_id = released(bench)
    (made,) = compounding.preparations_of(work_order_id)
    assert made.released and made.containers == 7 and made.label_file_id
    assert made.limit_name in ("table", "stability") and made.beyond_use_at > now() + timedelta(days=9)
    assert all(line.complete for line in compounding.ingredients(made.work_order_id))
    assert inventory.lots_of(work_order_id) and not disagreements()
    assert therapy.prescription(made.prescription_id).state == "active"
    assert therapy.therapy(made.therapy_id).state == "active"
    assert not heard
    sentences = " ".join(line.sentence for line in timeline(subject_id=work_order_id))
    assert "verified work order" in sentences and "in Hood 1" in sentences


def test_the_next_supply_begins_where_the_last_one_ended(bench: Any) -> None:
    work_order = compounding.work_order(released(bench))
    following = compounding.work_order(compounding.plan_work_order(prescription_id=work_order.prescription_id, by=bench.technician))
    assert following.first_on == work_order.last_on + timedelta(days=1) and following.supply_no == 2
    with pytest.raises(Refused, match="nothing-due|no dose"):
        compounding.plan_work_order(prescription_id=work_order.prescription_id, by=bench.technician)


def test_the_news_of_a_verification_told_twice_plans_one_supply(bench: Any) -> None:
    work_order = compounding.work_order(planned(bench))
    bench.tell()
    assert len(compounding.work_orders_of(work_order.prescription_id)) == 1


def test_an_unverified_order_is_not_planned(bench: Any) -> None:
    stock(bench)
    with pytest.raises(Refused) as no:
        compounding.plan_work_order(prescription_id=bench.prescription(), by=bench.technician)
    assert codes(no) == {"order-not-verified"}


def test_missing_stock_is_shown_and_stops_the_release_until_it_is_received(bench: Any) -> None:
    prescription_id = bench.prescription()
    bench.verify(prescription_id)
    (work_order,) = compounding.work_orders_of(prescription_id)
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=work_order.id, step="release", by=bench.pharmacist)
    assert codes(no) == {"short-stock"}
    assert compounding.work_order(work_order.id).state == "planned"
    for line in compounding.ingredients(work_order.id):
        bench.receive(line.name)
    compounding.allocate_ingredients(work_order_id=work_order.id, by=bench.technician)
    compounding.advance_work_order(work_order_id=work_order.id, step="release", by=bench.pharmacist)
    assert compounding.work_order(work_order.id).state == "released"


def test_a_wrong_product_is_refused_and_nothing_is_captured(bench: Any) -> None:
    work_order_id = staged(bench)
    wrong = inventory.lot(bench.receive("cefepime 1 g"))
    with pytest.raises(Refused) as no:
        compounding.scan_ingredient(work_order_id=work_order_id, scan=bench.gs1(wrong.product_id, wrong), by=bench.technician)
    assert codes(no) == {"wrong-product"}
    assert all(line.captured == 0 for line in compounding.ingredients(work_order_id))


def test_an_unreadable_scan_is_refused(bench: Any) -> None:
    with pytest.raises(Malformed):
        compounding.scan_ingredient(work_order_id=staged(bench), scan="hello", by=bench.technician)


def test_one_package_too_many_is_refused(bench: Any) -> None:
    work_order_id = staged(bench)
    scan_all(bench, work_order_id)
    line = compounding.ingredients(work_order_id)[0]
    with pytest.raises(Refused) as no:
        compounding.scan_ingredient(work_order_id=work_order_id, scan=bench.gs1(line.product_id, inventory.lot(line.held[0].lot_id)),
                                    by=bench.technician)
    assert codes(no) == {"too-many"}


def test_a_later_lot_needs_a_reason_and_keeps_it(bench: Any) -> None:
    work_order_id = staged(bench)
    later = inventory.lot(bench.receive("cefTRIAXone 2 g", 5, lot="LATER", expires_on=today("America/Chicago") + timedelta(days=800)))
    scan = bench.gs1(later.product_id, later)
    with pytest.raises(Refused) as no:
        compounding.scan_ingredient(work_order_id=work_order_id, scan=scan, by=bench.technician)
    assert codes(no) == {"fefo"}
    compounding.scan_ingredient(work_order_id=work_order_id, scan=scan, reason="the other box is sealed", by=bench.technician)
    assert any(a.lot_number == "LATER" for a in inventory.allocations(work_order_id))
    assert not disagreements()


def test_keyed_lots_need_a_second_person(bench: Any) -> None:
    work_order_id = staged(bench)
    scan_all(bench, work_order_id, keyed=True)
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=work_order_id, step="pre_check", by=bench.second_technician)
    assert codes(no) == {"keyed"}
    for line in compounding.ingredients(work_order_id):
        for use in line.lots:
            with pytest.raises(Refused):
                compounding.confirm_capture(capture_id=use.capture_id, by=bench.technician)
            compounding.confirm_capture(capture_id=use.capture_id, by=bench.second_technician)
    compounding.advance_work_order(work_order_id=work_order_id, step="pre_check", by=bench.second_technician)


def test_whoever_scanned_may_not_check_the_ingredients(bench: Any) -> None:
    work_order_id = staged(bench)
    scan_all(bench, work_order_id)
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=work_order_id, step="pre_check", by=bench.technician)
    assert codes(no) == {"own-work"}


def test_the_gate_names_every_reason_at_once(bench: Any, someone: Any) -> None:
    from openinfusion.kernel.roles import Role

    work_order_id = pre_checked(bench)
    sites.certify_hood(hood_id=bench.hood_id, certified_until=now() - timedelta(days=1), room_failed=False, by=bench.administrator)
    stranger = someone(Role.TECHNICIAN, name="Newcomer Fictional", site_id=bench.site_id)
    lot_id = compounding.ingredients(work_order_id)[0].lots[0].lot_id
    inventory.advance_lot(lot_id=lot_id, step="recall", reason="letter of the maker", by=bench.administrator)
    found = compounding.gate(work_order_id, stranger, bench.hood_id)
    assert not found.open and found.order.open
    assert found.room.reasons and found.person.reasons and found.stock.reasons
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=work_order_id, step="start", hood_id=bench.hood_id, by=stranger)
    assert len(no.value.reasons) == 3
    assert compounding.work_order(work_order_id).state == "pre_checked"


def test_nothing_starts_without_a_hood(bench: Any) -> None:
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=pre_checked(bench), step="start", by=bench.technician)
    assert "no-hood" in codes(no)


def test_the_compounder_may_not_verify_even_with_the_right_role(bench: Any) -> None:
    work_order_id = pre_checked(bench)
    compounding.advance_work_order(work_order_id=work_order_id, step="start", hood_id=bench.hood_id, by=bench.pharmacist)
    bench.hood(work_order_id, bench.pharmacist)
    for step in ("finish", "present"):
        compounding.advance_work_order(work_order_id=work_order_id, step=step, by=bench.pharmacist)
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=work_order_id, step="verify", by=bench.pharmacist.signing("test"))
    assert codes(no) == {"own-work"}


def test_the_database_itself_refuses_a_compounder_who_verifies(bench: Any) -> None:
    row = WorkOrder.objects.get(pk=at_final_check(bench))
    with pytest.raises(IntegrityError, match="work_order_checker_is_another"), transaction.atomic():
        WorkOrder.objects.filter(pk=row.pk).update(verified_by=row.compounded_by)


def test_the_database_itself_refuses_an_arrow_that_is_not_there(bench: Any) -> None:
    work_order_id = planned(bench)
    with pytest.raises(IntegrityError, match="may not go from planned"), transaction.atomic():
        WorkOrder.objects.filter(pk=work_order_id).update(state="released_to_dispense")


def test_verification_needs_a_signature(bench: Any) -> None:
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=at_final_check(bench), step="verify", by=bench.pharmacist)
    assert codes(no) == {"signature-missing"}


def test_the_label_is_held_until_the_product_is_verified(bench: Any) -> None:
    with pytest.raises(Refused) as no:
        compounding.print_label(work_order_id=at_final_check(bench), by=bench.technician)
    assert codes(no) == {"label-held"}


def test_the_printed_label_is_read_back_by_a_scanner(bench: Any) -> None:
    import pypdfium2
    import zxingcpp

    from openinfusion.platform.files import open_file

    (made,) = compounding.preparations_of(released(bench))
    assert made.label_file_id
    pdf = pypdfium2.PdfDocument(open_file(made.label_file_id).data)
    assert len(pdf) == made.containers
    page = pdf[2]
    (code,) = zxingcpp.read_barcodes(page.render(scale=4).to_pil())
    found, number = compounding.preparation_by_label(code.text)
    assert (found.id, number) == (made.id, 3)
    words = page.get_textpage().get_text_range()
    assert "SAMPLETON, Amara" in words and "2,000 mg" in words and "cefTRIAXone" in words
    assert "Bring to room temperature before use" in words, "an auxiliary text of the therapy's template"
    pdf.close()


def test_a_failed_room_downgrades_the_beyond_use_date_and_says_so(bench: Any) -> None:
    work_order_id = pre_checked(bench)
    sites.certify_hood(hood_id=bench.hood_id, certified_until=now() + timedelta(days=30), room_failed=True, by=bench.administrator)
    compounding.advance_work_order(work_order_id=work_order_id, step="start", hood_id=bench.hood_id, by=bench.technician)
    bench.hood(work_order_id)
    compounding.advance_work_order(work_order_id=work_order_id, step="finish", by=bench.technician)
    (made,) = compounding.preparations_of(work_order_id)
    assert made.limit_name == "facility" and made.beyond_use_at - now() < timedelta(hours=25)


def test_a_revised_order_cancels_what_is_not_made_and_frees_its_stock(bench: Any) -> None:
    work_order = compounding.work_order(planned(bench))
    drug = compounding.ingredients(work_order.id)[0].product_id
    assert inventory.free([drug], bench.site_id)[drug] == 43
    therapy.revise_prescription(prescription_id=work_order.prescription_id, order=bench.order(days=10), reason="shorter", by=bench.intake)
    bench.tell()
    assert compounding.work_order(work_order.id).state == "cancelled"
    assert inventory.free([drug], bench.site_id)[drug] == 50 and not disagreements()
    assert not clinical.verified(work_order.prescription_id)


def test_what_is_left_over_of_single_dose_vials_is_recorded(bench: Any) -> None:
    bench.receive("DAPTOmycin 350 mg vial")
    bench.receive("sterile water for injection 100 mL")
    bench.receive("sodium chloride 0.9%")
    bench.receive("elastomeric")
    prescription_id = bench.prescription(drug_code="daptomycin", dose=__import__("openinfusion.kernel.quantity", fromlist=["x"]).Quantity(
        Decimal(600), __import__("openinfusion.kernel.quantity", fromlist=["x"]).MG), days=1)
    bench.verify(prescription_id)
    (work_order,) = compounding.work_orders_of(prescription_id)
    drug = next(line for line in compounding.ingredients(work_order.id) if line.role == "drug")
    assert (drug.packages, drug.used.amount, drug.discarded.amount, drug.single_dose) == (2, 600, 100, True)


def test_a_keyed_lot_number_is_enough_and_is_recorded_as_keyed(bench: Any) -> None:
    work_order_id = staged(bench)
    line = compounding.ingredients(work_order_id)[0]
    compounding.scan_ingredient(work_order_id=work_order_id, scan=line.held[0].lot_number, keyed=True, by=bench.technician)
    (use,) = compounding.ingredients(work_order_id)[0].lots
    assert use.keyed and use.needs_confirming
    with pytest.raises(Malformed):
        compounding.scan_ingredient(work_order_id=work_order_id, scan=line.held[0].lot_number, by=bench.technician)


def test_a_recalled_lot_stops_what_was_made_with_it(bench: Any) -> None:
    work_order_id = at_final_check(bench)
    lot_id = compounding.ingredients(work_order_id)[0].lots[0].lot_id
    inventory.advance_lot(lot_id=lot_id, step="recall", reason="letter of the maker", by=bench.pharmacist)
    bench.tell()
    assert compounding.work_order(work_order_id).state == "quarantined"
    assert "recalled" in timeline(subject_id=work_order_id)[0].reason


def test_the_next_supply_is_planned_before_the_last_one_ends_and_only_once(bench: Any) -> None:
    import time_machine

    from openinfusion.compounding.jobs import plan_next_supplies
    from openinfusion.platform.permissions import system_actor

    work_order = compounding.work_order(released(bench))
    house = system_actor(bench.pharmacist.organization_id)
    assert plan_next_supplies(by=house) == 0
    with time_machine.travel(now() + timedelta(days=5)):
        assert plan_next_supplies(by=house) == 1
        assert plan_next_supplies(by=house) == 0
    assert [w.supply_no for w in compounding.work_orders_of(work_order.prescription_id)] == [1, 2]
