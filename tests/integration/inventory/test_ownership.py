"""Stock of one owner is never held, swapped or scanned for another: in the domain, and by the database itself."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openinfusion.inventory import public as inventory
from openinfusion.inventory.models import Lot, Reservation
from openinfusion.inventory.public import OWNED, Ownership, Pool
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex

D = Decimal
DRUG = "cefTRIAXone 1 g"


@pytest.fixture
def other_patient(bench: Any) -> Any:
    return patients.register(demographics=Demographics(
        "Otherton", "Ola", date(1971, 1, 2), Sex.FEMALE, Address("9 Sample Way", "", "Springfield", "IL", "62701")), by=bench.intake)


def allocate(store: Any, amount: int, pool: Pool = OWNED) -> Any:
    purpose = new_id()
    inventory.allocate(product_id=store.product(DRUG).id, quantity=D(amount), site_id=store.bench.site_id, for_id=purpose,
                       by=store.bench.technician, pool=pool)
    return purpose


def test_each_need_is_covered_from_its_own_pool_only(store: Any, other_patient: Any) -> None:
    mine, theirs = Pool(Ownership.WHITE_BAGGED, store.bench.patient_id), Pool(Ownership.WHITE_BAGGED, other_patient)
    owned = store.lot(DRUG, 2, "L1")
    bagged = store.lot(DRUG, 3, "L1", pool=mine)
    consigned = store.lot(DRUG, 4, "L2", pool=Pool(Ownership.CONSIGNED))
    program = store.lot(DRUG, 5, "L3", pool=Pool(Ownership.PROGRAM_340B))
    assert len({owned, bagged, consigned, program}) == 4, "the same number of another owner is another lot"
    for pool, lot, has in ((OWNED, owned, 2), (mine, bagged, 3), (Pool(Ownership.CONSIGNED), consigned, 4), (Pool(Ownership.PROGRAM_340B), program, 5)):
        with pytest.raises(Refused, match="short by 1"):
            allocate(store, has + 1, pool)
        assert inventory.free([store.product(DRUG).id], store.bench.site_id, pool) == {store.product(DRUG).id: has}
        assert [a.lot_id for a in inventory.allocations(allocate(store, has, pool))] == [lot]
    with pytest.raises(Refused, match="short by 1"):
        allocate(store, 1, theirs)


def test_a_patients_own_stock_is_used_first_and_alone(store: Any) -> None:
    pool, pid = Pool(Ownership.WHITE_BAGGED, store.bench.patient_id), store.product(DRUG).id
    store.lot(DRUG, 9, "HOUSE")
    own = store.lot(DRUG, 2, "BAG", pool=pool)

    def hold(amount: int, patient: Any = store.bench.patient_id) -> Any:
        purpose = new_id()
        return purpose, inventory.allocate_all(needs={pid: D(amount)}, site_id=store.bench.site_id, for_id=purpose,
                                               by=store.bench.technician, patient_id=patient)
    purpose, short = hold(2)
    assert not short and [a.lot_id for a in inventory.allocations(purpose)] == [own]
    assert hold(1)[1] == [pid], "as long as some is there, all of it held, the house's stock is not taken"
    inventory.issue(for_id=purpose, by=store.bench.technician)
    assert hold(1)[1] == [], "once it is used up the house's own is"
    assert hold(1, None)[1] == []


def test_a_held_need_is_not_swapped_to_another_owner(store: Any) -> None:
    store.lot(DRUG, 2, "A")
    consigned = store.lot(DRUG, 2, "B", pool=Pool(Ownership.CONSIGNED))
    purpose = allocate(store, 1)
    before = inventory.allocations(purpose)
    with pytest.raises(Refused, match="lot B is consigned stock, and this need is owned"):
        inventory.swap_lot(for_id=purpose, lot_id=consigned, quantity=D(1), site_id=store.bench.site_id, reason="near the hand", by=store.bench.technician)
    assert inventory.allocations(purpose) == before
    with pytest.raises(Refused, match="consigned stock"):
        inventory.swap_lot(for_id=new_id(), lot_id=consigned, quantity=D(1), site_id=store.bench.site_id, reason="x", by=store.bench.technician)
    bagged = store.lot(DRUG, 2, "C", pool=Pool(Ownership.WHITE_BAGGED, store.bench.patient_id))
    made = inventory.swap_lot(for_id=new_id(), lot_id=bagged, quantity=D(1), site_id=store.bench.site_id, reason="", by=store.bench.technician,
                              patient_id=store.bench.patient_id)
    assert Reservation.objects.get(pk=made[0]).patient_id == store.bench.patient_id


def test_the_database_refuses_a_reservation_across_owners_and_a_lot_that_changes_its_owner(store: Any) -> None:
    lot_id = store.lot(DRUG, 2, "A", pool=Pool(Ownership.CONSIGNED))
    with pytest.raises(IntegrityError, match="never held for another"), transaction.atomic():
        Reservation.objects.create(for_id=new_id(), product_id=store.product(DRUG).id, lot_id=lot_id, location_id=store.bench.shelf_id, held_amount=1)
    with pytest.raises(Exception, match="Cannot|cannot|keeps_its_owner"), transaction.atomic():
        Lot.objects.filter(pk=lot_id).update(ownership="owned")
    with pytest.raises(IntegrityError, match="lot_white_bagged_for_one_patient"), transaction.atomic():
        Lot.objects.create(product_id=store.product(DRUG).id, number="Z", expires_on=store.today, cost_cents=1, ownership="white_bagged")


def test_white_bagged_stock_names_a_patient_and_nothing_else_does(store: Any) -> None:
    for pool in (Pool(Ownership.WHITE_BAGGED), Pool(Ownership.OWNED, store.bench.patient_id)):
        with pytest.raises(Malformed, match="patient"):
            store.lot(DRUG, 1, "A", pool=pool)


def test_a_scanned_number_of_two_owners_means_the_lot_that_is_held(store: Any) -> None:
    mine = store.lot(DRUG, 2, "TWO")
    store.lot(DRUG, 2, "TWO", pool=Pool(Ownership.CONSIGNED))
    code = f"]d201{store.product(DRUG).gtin}17{inventory.lot(mine).expires_on:%y%m%d}10TWO"
    with pytest.raises(Refused, match="more than one owner"):
        inventory.scanned_lot(code)
    purpose = allocate(store, 1)
    assert inventory.scanned_lot(code, purpose).id == mine
    assert inventory.keyed_lot("two", [store.product(DRUG).id], purpose).id == mine
