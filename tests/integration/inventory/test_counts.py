"""Counting: blind, by another where it differs, approved by a third; the vault with a witness; transfers that arrive."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openinfusion.inventory import public as inventory
from openinfusion.inventory.models import (
    ControlledAct,
    CountLine,
    CountSheet,
    Discrepancy,
    Movement,
    OnHand,
    Transfer,
)
from openinfusion.inventory.public import ActKind, PlaceKind
from openinfusion.inventory.queries import disagreements
from openinfusion.inventory.queries.controlled import inventory_due_on, vault
from openinfusion.inventory.queries.count import counts_due
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.quality.models import Incident

D = Decimal
DRUG, VAULT = "cefTRIAXone 1 g", "HYDROmorphone"


def lines(sheet: Any) -> dict[str, Any]:
    return {line.lot.number: line for line in CountLine.objects.filter(sheet_id=sheet).select_related("lot")}


def test_a_count_that_agrees_is_approved_by_another_and_leaves_its_mark(store: Any) -> None:
    b = store.bench
    lot = store.lot(DRUG, 5, "A")
    sheet = inventory.open_count(location_id=b.shelf_id, by=b.technician)
    with pytest.raises(Refused, match="is open"):
        inventory.open_count(location_id=b.shelf_id, by=b.technician)
    with pytest.raises(Refused, match="1 line.s. are not counted"):
        inventory.advance_count(sheet_id=sheet, step="finish", by=b.technician)
    inventory.record_count(sheet_id=sheet, amounts={lines(sheet)["A"].id: D(5)}, by=b.technician)
    with pytest.raises(Refused, match="agrees with the book"):
        inventory.advance_count(sheet_id=sheet, step="recount", by=b.technician)
    inventory.advance_count(sheet_id=sheet, step="finish", by=b.technician)
    inventory.advance_count(sheet_id=sheet, step="approve", by=b.pharmacist.signing("test"))
    assert inventory.lot(lot).on_hand == 5 and Movement.objects.filter(kind="count", for_id=sheet).count() == 1
    assert counts_due(b.site_id) == []


def test_a_difference_is_counted_again_by_another_explained_and_approved_by_a_third(store: Any) -> None:
    b = store.bench
    lot = store.lot(DRUG, 5, "A")
    store.lot(DRUG, 8, "B")
    sheet = inventory.open_count(location_id=b.shelf_id, by=b.technician)
    found = lines(sheet)
    inventory.record_count(sheet_id=sheet, amounts={found["A"].id: D(3), found["B"].id: D(8)}, by=b.technician)
    with pytest.raises(Refused, match="differ from the book"):
        inventory.advance_count(sheet_id=sheet, step="finish", by=b.technician)
    inventory.advance_count(sheet_id=sheet, step="recount", by=b.technician)
    with pytest.raises(Refused, match="may not count again"):
        inventory.record_count(sheet_id=sheet, amounts={found["A"].id: D(4)}, by=b.technician)
    with pytest.raises(Refused, match="agrees with the book"):
        inventory.record_count(sheet_id=sheet, amounts={found["B"].id: D(8)}, by=b.second_technician)
    inventory.adjust_stock(lot_id=lot, location_id=b.shelf_id, quantity=D(2), reason="found behind the shelf", by=b.technician)
    inventory.record_count(sheet_id=sheet, amounts={found["A"].id: D(6)}, by=b.second_technician)
    with pytest.raises(Refused, match="recounts this sheet"):
        inventory.record_count(sheet_id=sheet, amounts={found["A"].id: D(6)}, by=b.pharmacist)
    inventory.advance_count(sheet_id=sheet, step="confirm", by=b.second_technician)
    with pytest.raises(Refused, match="no reason"):
        inventory.advance_count(sheet_id=sheet, step="approve", by=b.pharmacist.signing("test"))
    inventory.explain_count(sheet_id=sheet, reasons={found["A"].id: "broken, not written down"}, by=b.second_technician)
    inventory.advance_count(sheet_id=sheet, step="approve", by=b.pharmacist.signing("test"))
    assert inventory.lot(lot).on_hand == 6, "seven in the book, six on the shelf"
    assert not disagreements()
    with pytest.raises(IntegrityError, match="count_approver_is_another"), transaction.atomic():
        CountSheet.objects.filter(pk=sheet).update(approved_by=b.technician.id)


def test_counts_refuse_what_is_not_theirs(store: Any) -> None:
    b = store.bench
    store.lot(DRUG, 5, "A")
    with pytest.raises(Refused, match="nothing of this class"):
        inventory.open_count(location_id=store.place("B9", PlaceKind.SHELF), by=b.technician)
    with pytest.raises(Refused, match="nothing of this class"):
        inventory.open_count(location_id=b.shelf_id, klass="A", by=b.technician)
    sheet = inventory.open_count(location_id=b.shelf_id, klass="C", by=b.technician)
    mine = lines(sheet)["A"].id
    for amounts in ({}, {mine: D(-1)}, {sheet: D(1)}):
        with pytest.raises(Malformed):
            inventory.record_count(sheet_id=sheet, amounts=amounts, by=b.technician)
    inventory.record_count(sheet_id=sheet, amounts={mine: D(5)}, by=b.technician)
    with pytest.raises(Refused, match="counts this sheet"):
        inventory.record_count(sheet_id=sheet, amounts={mine: D(5)}, by=b.second_technician)
    with pytest.raises(Refused, match="when the counting is done"):
        inventory.explain_count(sheet_id=sheet, reasons={mine: "x"}, by=b.technician)
    inventory.advance_count(sheet_id=sheet, step="finish", by=b.technician)
    with pytest.raises(Refused, match="to approve"):
        inventory.record_count(sheet_id=sheet, amounts={mine: D(5)}, by=b.technician)


def test_what_was_never_counted_is_due_at_once(store: Any) -> None:
    store.lot(DRUG, 5, "A")
    assert [(d.klass, d.products) for d in counts_due(store.bench.site_id)] == [("C", 1)]


def test_a_controlled_substance_is_corrected_with_a_witness_only(store: Any) -> None:
    b = store.bench
    lot = store.lot(VAULT, 10, "H1")
    for act in (
        lambda: inventory.waste_stock(lot_id=lot, location_id=b.shelf_id, quantity=D(1), reason="broken", by=b.technician),
        lambda: inventory.adjust_stock(lot_id=lot, location_id=b.shelf_id, quantity=D(1), reason="found", by=b.technician),
        lambda: inventory.count_stock(lot_id=lot, location_id=b.shelf_id, counted=D(9), by=b.technician),
        lambda: inventory.destroy_stock(lot_id=lot, location_id=b.shelf_id, quantity=D(1), reason="expired", document="F41", by=b.technician),
    ):
        with pytest.raises(Refused, match="CII: a witness confirms it"):
            act()
    with pytest.raises(IntegrityError, match="needs a witness"), transaction.atomic():
        Movement.objects.create(kind="waste", lot_id=lot, location_id=b.shelf_id, on_hand_amount=-1, reason="x", moved_by=b.technician.id, mover_name="T")
    act = inventory.enter_controlled(kind=ActKind.WASTE, lot_id=lot, location_id=b.shelf_id, amount=D(2), reason="broken", by=b.technician)
    assert inventory.lot(lot).on_hand == 10
    with pytest.raises(Refused, match="may not be the witness"):
        inventory.witness_controlled(act_id=act, by=b.technician.signing("test"))
    with pytest.raises(Refused, match="signature"):
        inventory.witness_controlled(act_id=act, by=b.pharmacist)
    inventory.witness_controlled(act_id=act, by=b.pharmacist.signing("test"))
    moved = Movement.objects.get(kind="waste", lot_id=lot)
    assert (moved.on_hand_amount, moved.moved_by, moved.witnessed_by) == (-2, b.technician.id, b.pharmacist.id)
    assert not disagreements()
    with pytest.raises(IntegrityError, match="act_witness_is_another"), transaction.atomic():
        ControlledAct.objects.filter(pk=act).update(witnessed_by=b.technician.id)


def test_vault_entries_are_refused_and_read_strictly(store: Any) -> None:
    b = store.bench
    lot, plain = store.lot(VAULT, 3, "H1"), store.lot(DRUG, 3, "P")

    def enter(kind: ActKind, amount: str, reason: str = "x", lot_id: Any = lot) -> Any:
        return inventory.enter_controlled(kind=kind, lot_id=lot_id, location_id=b.shelf_id, amount=D(amount), reason=reason, by=b.technician)
    for kind, amount, reason in ((ActKind.WASTE, "0", "x"), (ActKind.COUNT, "-1", ""), (ActKind.ADJUST, "0", "x"), (ActKind.DESTROY, "1", " ")):
        with pytest.raises(Malformed):
            enter(kind, amount, reason)
    with pytest.raises(Refused, match="not so much free"):
        enter(ActKind.WASTE, "4")
    with pytest.raises(Refused, match="no controlled substance"):
        enter(ActKind.WASTE, "1", lot_id=plain)
    act = enter(ActKind.ADJUST, "1", "found")
    with pytest.raises(Refused, match="waits for its witness"):
        enter(ActKind.ADJUST, "2", "found")
    inventory.refuse_controlled(act_id=act, reason="I did not see it", by=b.pharmacist)
    assert inventory.lot(lot).on_hand == 3


def test_a_perpetual_count_that_differs_opens_a_discrepancy_that_another_resolves(store: Any) -> None:
    b = store.bench
    lot = store.lot(VAULT, 10, "H1")
    count = inventory.enter_controlled(kind=ActKind.COUNT, lot_id=lot, location_id=b.shelf_id, amount=D(9), by=b.technician)
    for counted, text in ((None, "enter what you counted"), (D(10), "the two counts differ")):
        with pytest.raises(Refused, match=text):
            inventory.witness_controlled(act_id=count, counted=counted, by=b.pharmacist.signing("test"))
    inventory.witness_controlled(act_id=count, counted=D(9), by=b.pharmacist.signing("test"))
    found = Discrepancy.objects.get()
    assert (found.book_amount, found.counted_amount, found.state) == (10, 9, "open") and inventory.lot(lot).on_hand == 10
    assert any(w.kind == "Discrepancy" for w in inventory.waiting(b.pharmacist).rows)
    b.tell()
    incident = Incident.objects.get()
    assert (incident.kind, incident.source, incident.lot_ids) == ("discrepancy", f"discrepancy:{found.id}", [lot])
    assert "book 10, counted 9" in incident.title
    with pytest.raises(Refused, match="a discrepancy is open"):
        inventory.take_controlled_inventory(site_id=b.site_id, at_opening=True, by=b.pharmacist)
    with pytest.raises(Refused, match="name the report"):
        inventory.report_discrepancy(discrepancy_id=found.id, report=" ", reason="theft", by=b.pharmacist.signing("test"))
    inventory.report_discrepancy(discrepancy_id=found.id, report="DEA 106 no. 4", reason="one ampoule is gone", by=b.pharmacist.signing("test"))
    inventory.resolve_discrepancy(discrepancy_id=found.id, reason="loss reported; book follows", adjust=True, by=b.pharmacist.signing("test"))
    assert inventory.lot(lot).on_hand == 9 and not disagreements()
    taken = inventory.take_controlled_inventory(site_id=b.site_id, at_opening=False, by=b.pharmacist)
    assert taken and inventory_due_on(b.site_id) == store.today.replace(year=store.today.year + 2)


def test_the_inventory_of_the_vault_needs_a_count_of_today(store: Any) -> None:
    lot = store.lot(VAULT, 10, "H1")
    with pytest.raises(Refused, match="not counted today"):
        inventory.take_controlled_inventory(site_id=store.bench.site_id, at_opening=True, by=store.bench.pharmacist)
    assert [(r.schedule, r.lot_id, r.book) for r in vault(store.bench.site_id)] == [("CII", lot, 10)] and len(vault(None)) == 1
    assert inventory_due_on(store.bench.site_id) is None


def test_a_transfer_is_on_the_road_until_it_is_received_and_says_what_is_missing(store: Any) -> None:
    b, van = store.bench, store.place("VAN1", PlaceKind.VAN)
    lot, controlled = store.lot(DRUG, 5, "A"), store.lot(VAULT, 5, "H1")
    sent = inventory.send_transfer(from_location=b.shelf_id, to_location=van, lots={lot: D(3), controlled: D(2)}, by=b.technician)
    assert inventory.free([store.product(DRUG).id], b.site_id)[store.product(DRUG).id] == 2, "nobody picks from the road"
    transit = Transfer.objects.get(pk=sent).transit_id
    with pytest.raises(Refused, match="received by its transfer"):
        inventory.transfer_stock(lot_id=lot, from_location=transit, to_location=van, quantity=D(1), by=b.technician)
    with pytest.raises(Malformed):
        inventory.receive_transfer(transfer_id=sent, arrived={lot: D(3)}, by=store.warehouse)
    with pytest.raises(Refused, match="more arrived"):
        inventory.receive_transfer(transfer_id=sent, arrived={lot: D(4), controlled: D(2)}, by=store.warehouse)
    with pytest.raises(Refused, match="less arrived"):
        inventory.receive_transfer(transfer_id=sent, arrived={lot: D(2), controlled: D(1)}, by=store.warehouse)
    inventory.receive_transfer(transfer_id=sent, arrived={lot: D(2), controlled: D(1)}, reason="one fell, one is gone", by=store.warehouse)
    there = {(r.lot_id, r.location_id): r.on_hand_amount for r in OnHand.objects.all()}
    assert there[lot, van] == 2 and there[lot, transit] == 0 and inventory.lot(lot).on_hand == 4
    assert there[controlled, transit] == 1 and Discrepancy.objects.get().counted_amount == 0, "what is missing of the vault's stays open"
    assert not disagreements()
    with pytest.raises(Malformed):
        inventory.send_transfer(from_location=b.shelf_id, to_location=b.shelf_id, lots={lot: D(1)}, by=b.technician)


def test_a_transfer_that_is_turned_back_is_where_it_came_from(store: Any) -> None:
    b, van = store.bench, store.place("VAN1", PlaceKind.VAN)
    lot = store.lot(DRUG, 5, "A")
    sent = inventory.send_transfer(from_location=b.shelf_id, to_location=van, lots={lot: D(3)}, by=b.technician)
    inventory.turn_back_transfer(transfer_id=sent, reason="the road is closed", by=store.warehouse)
    assert inventory.free([store.product(DRUG).id], b.site_id)[store.product(DRUG).id] == 5 and not disagreements()


def test_places_are_named_once_and_only_homes_are_a_patients(store: Any) -> None:
    b = store.bench
    home = inventory.open_location(site_id=b.site_id, code="h1", name="Home", kind=PlaceKind.PATIENT_HOME, patient_id=b.patient_id, by=b.technician)
    assert home == store.place("H1", PlaceKind.PATIENT_HOME)
    inventory.change_location(location_id=home, name="Home of S.", pick_order=7, by=b.technician)
    for code, name, kind, patient in ((" ", "x", PlaceKind.SHELF, None), ("X", "x", PlaceKind.SHELF, b.patient_id)):
        with pytest.raises(Malformed):
            inventory.open_location(site_id=b.site_id, code=code, name=name, kind=kind, patient_id=patient, by=b.technician)
    with pytest.raises(Malformed):
        inventory.change_location(location_id=home, name=" ", pick_order=7, by=b.technician)


def test_what_goes_back_or_is_destroyed_leaves_with_its_paper(store: Any) -> None:
    b, lot = store.bench, store.lot(DRUG, 5, "A")
    with pytest.raises(Malformed, match="document"):
        inventory.send_back_stock(lot_id=lot, location_id=b.shelf_id, quantity=D(1), reason="dented", document=" ", by=b.technician)
    inventory.send_back_stock(lot_id=lot, location_id=b.shelf_id, quantity=D(2), reason="dented", document="RMA 7", by=b.technician)
    inventory.advance_lot(lot_id=lot, step="quarantine", reason="expired soon", by=b.technician)
    with pytest.raises(Refused, match="still on hand"):
        inventory.advance_lot(lot_id=lot, step="destroy", reason="gone", by=b.pharmacist)
    inventory.destroy_stock(lot_id=lot, location_id=b.shelf_id, quantity=D(3), reason="expired", document="M 1", by=b.technician)
    inventory.advance_lot(lot_id=lot, step="destroy", reason="manifest M 1", by=b.pharmacist)
    assert [m.kind for m in inventory.movements(lot)][:2] == ["destroy", "send_back"]
    assert inventory.lot(lot).state == "destroyed"
