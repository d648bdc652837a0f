# SPDX-License-Identifier: Apache-2.0
"""The drug of a delivery costs what its lots were bought for; what the payer bought is neither charged nor a cost."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from openinfusion.billing import public as billing
from openinfusion.billing.actions.capture_delivery import capture_delivery
from openinfusion.billing.actions.recount import _matched, recount
from openinfusion.billing.models import Claim, ClaimLine, Cost
from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.delivery import public as delivery
from openinfusion.inventory import public as inventory
from openinfusion.kernel.money import Money
from openinfusion.payers.models import Contract
from openinfusion.platform.journal import timeline


def receive_drug(thread: Any, number: str, **more: Any) -> None:
    """The only ceftriaxone of an ownership on the shelf, of each size."""
    for name in ("cefTRIAXone 2 g", "cefTRIAXone 1 g"):
        product = next(p for p in catalog.products_of(kind="drug") if name in p.name)
        inventory.receive_stock(product_id=product.id, lot=number, quantity=Decimal(60), location=thread.bench.shelf_id,
                                expires_on=inventory.site_today(thread.bench.site_id) + timedelta(days=300),
                                by=thread.bench.technician, **more)


def drug_cost(therapy_id: UUID) -> int:
    return sum(Cost.objects.filter(therapy_id=therapy_id, kind="drug").values_list("cents", flat=True))


def opened(ticket_id: UUID) -> list[compounding.IngredientFact]:
    """The lines of every preparation in a delivery."""
    return [
        i for line in delivery.ticket(ticket_id).lines if line.preparation_id
        for i in compounding.ingredients(compounding.preparation(line.preparation_id).work_order_id)
    ]


def test_the_cost_is_that_of_the_lots_and_not_of_the_catalog(thread: Any) -> None:
    receive_drug(thread, "DEAR", cost=Money.of("91.00"), pool=inventory.Pool(inventory.Ownership.PROGRAM_340B))
    ticket_id = thread.delivered(owner=inventory.Ownership.PROGRAM_340B)
    lines = opened(ticket_id)
    packages = sum(i.packages for i in lines if i.role == "drug")
    others = sum((catalog.product(i.product_id).cost * i.packages).cents for i in lines if i.role != "drug")
    assert packages and drug_cost(delivery.ticket(ticket_id).therapy_id) == packages * 9100 + others


@pytest.mark.parametrize(("wanted", "marks"), [("TB", {"TB"}), ("", set())])
def test_a_drug_bought_under_340b_says_so_where_its_contract_wants_it(thread: Any, wanted: str, marks: set[str]) -> None:
    Contract.objects.update(program_modifier=wanted)
    receive_drug(thread, "DEAR", pool=inventory.Pool(inventory.Ownership.PROGRAM_340B))
    ticket_id = thread.delivered(owner=inventory.Ownership.PROGRAM_340B)
    (claim,) = billing.claims_of(delivery.ticket(ticket_id).therapy_id)
    drugs = [line for line in claim.lines if line.kind == "drug"]
    assert drugs and all(set(line.modifiers) & {"TB", "UD", "JG"} == marks for line in drugs)
    assert not any("TB" in line.modifiers for line in claim.lines if line.kind != "drug")
    said = {f["code"] for f in Claim.objects.get(pk=claim.id).findings}
    assert ("program-unsaid" in said) is (not wanted) and "program-mark" not in said


def test_a_charge_from_before_the_modifier_is_found_again_and_not_made_a_second_time(thread: Any) -> None:
    Contract.objects.update(program_modifier="TB")
    receive_drug(thread, "DEAR", pool=inventory.Pool(inventory.Ownership.PROGRAM_340B))
    ticket_id = thread.delivered(owner=inventory.Ownership.PROGRAM_340B)
    (claim,) = billing.claims_of(delivery.ticket(ticket_id).therapy_id)
    as_made = drug_lines(claim.id)
    assert as_made and all(key.endswith(":340b") and "TB" in marks and program for _, _, key, _, marks, program, _ in as_made)
    for row in ClaimLine.objects.filter(claim_id=claim.id, kind="drug"):  # as it was captured before
        row.source_key, row.under_program = row.source_key.removesuffix(":340b"), False
        row.modifiers = [m for m in row.modifiers if m != "TB"]
        row.save()
    assert capture_delivery(ticket_id=ticket_id, by=thread.biller) == claim.id
    assert len(drug_lines(claim.id)) == len(as_made)
    recount(claim_id=claim.id, by=thread.biller)
    assert drug_lines(claim.id) == as_made, "the same lines with the same control numbers, and none beside them"
    cents = Claim.objects.get(pk=claim.id).charge_cents
    recount(claim_id=claim.id, by=thread.biller)
    assert drug_lines(claim.id) == as_made and Claim.objects.get(pk=claim.id).charge_cents == cents


def drug_lines(claim_id: UUID) -> list[tuple[Any, ...]]:
    return list(ClaimLine.objects.filter(claim_id=claim_id, kind="drug").order_by("control").values_list(
        "id", "control", "source_key", "units", "modifiers", "under_program", "charge_cents"))


@pytest.mark.parametrize(("was", "now_is"), [
    (("", "JW"), ("JZ:340b",)), (("JZ",), (":340b", "JW:340b")), (("JZ:340b",), ("JZ:340b", "JZ")), (("JZ",), ("JZ", "JZ:340b")),
])
def test_lines_are_matched_by_key_then_part_then_drug_and_what_is_over_is_told(was: tuple[str, ...], now_is: tuple[str, ...]) -> None:
    rows = [ClaimLine(organization_id=uuid4(), source_key=f"ticket:t:o:n:{w}") for w in was]
    held, left = _matched([f"ticket:t:o:n:{n}" for n in now_is], rows)
    assert len(held) == min(len(was), len(now_is)) and len(left) == len(was) - len(held)
    assert len({id(r) for r in (*held.values(), *left)}) == len(was)
    assert all(held[r.source_key] is r for r in rows if r.source_key in {f"ticket:t:o:n:{n}" for n in now_is})


@pytest.mark.parametrize(("relation", "place"), [("Nurse at the suite", "49"), ("self", "12")])
def test_a_drug_that_a_driver_brings_to_the_suite_is_charged_as_given_there(thread: Any, relation: str, place: str) -> None:
    ticket_id = thread.dispatched()
    delivery.hand_over(ticket_id=ticket_id, received_by="Nan Nurse", relation=relation, signature="M10 10 L20 30 L40 10",
                       arrived_c=Decimal("5.0"), by=thread.driver)
    thread.bench.tell()
    (claim,) = billing.claims_of(delivery.ticket(ticket_id).therapy_id)
    assert {line.place or "12" for line in claim.lines if line.kind == "drug"} == {place}


def test_the_houses_own_drug_carries_no_mark_of_the_program(thread: Any) -> None:
    Contract.objects.update(program_modifier="TB")
    (claim,) = billing.claims_of(delivery.ticket(thread.delivered()).therapy_id)
    assert not any("TB" in line.modifiers for line in claim.lines)


def test_white_bagged_drug_is_not_charged_and_costs_nothing_but_the_days_are(thread: Any) -> None:
    receive_drug(thread, "BAGGED", pool=inventory.Pool(inventory.Ownership.WHITE_BAGGED, thread.bench.patient_id))
    ticket_id = thread.delivered()  # of its patient it is taken by itself
    therapy_id = delivery.ticket(ticket_id).therapy_id
    (claim,) = billing.claims_of(therapy_id)
    assert {line.kind for line in claim.lines} == {"per_diem"}
    others = sum((catalog.product(i.product_id).cost * i.packages).cents for i in opened(ticket_id) if i.role != "drug")
    assert drug_cost(therapy_id) == others
    assert any("not charged, since the payer bought it: cefTRIAXone" in x.sentence for x in timeline(subject_id=claim.id))
