"""Buying: limits by role, deliveries against the order, licences and papers, demand that says why."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.integration.nutrition_orders import ADULT
from tests.integration.nutrition_orders import ordered as nutrition

from openinfusion.calculations.public import bag_of
from openinfusion.catalog import public as catalog
from openinfusion.inventory import public as inventory
from openinfusion.inventory.models import Forecast, PurchaseLine, PurchaseOrder, Receipt, Suspect
from openinfusion.inventory.public import Terms, Transaction
from openinfusion.inventory.queries.demand import suggestions, weekly_use
from openinfusion.inventory.queries.dose_packages import packages_of_dose
from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.platform.clock import told
from openinfusion.therapy import public as therapy

D = Decimal
DRUG = "cefTRIAXone 1 g"


def ordered(store: Any, packages: int, dollars: str = "2.10") -> Any:
    pid = store.price(DRUG, dollars)
    order = inventory.open_order(site_id=store.bench.site_id, supplier_id=store.supplier_id, lines={pid: D(packages)}, by=store.buyer)
    inventory.advance_order(order_id=order, step="propose", by=store.buyer)
    return order


def test_an_order_is_approved_within_the_limit_of_a_role_and_by_another_when_it_is_large(store: Any) -> None:
    small = ordered(store, 10)
    inventory.advance_order(order_id=small, step="approve", by=store.buyer.signing("test"))
    large = ordered(store, 600)
    with pytest.raises(Refused, match="another person approves"):
        inventory.advance_order(order_id=large, step="approve", by=store.buyer.signing("test"))
    inventory.advance_order(order_id=large, step="approve", by=store.bench.pharmacist.signing("test"))
    huge = ordered(store, 20_000)
    with pytest.raises(Refused, match="above your limit of .25,000.00"):
        inventory.advance_order(order_id=huge, step="approve", by=store.bench.pharmacist.signing("test"))
    inventory.advance_order(order_id=huge, step="approve", by=store.executive.signing("test"))
    with pytest.raises(Refused, match="received by its delivery"):
        inventory.advance_order(order_id=huge, step="complete", by=store.warehouse)


def test_a_price_entered_in_the_evening_is_in_force_at_once(store: Any) -> None:
    evening = datetime.combine(store.today, time(20), ZoneInfo("America/Chicago"))  # tomorrow already by UTC
    with told(evening):
        order = ordered(store, 10, "2.35")
    assert PurchaseLine.objects.get(order_id=order).price_cents == 235
    assert catalog.costs_on([store.product(DRUG).id], store.today)[store.product(DRUG).id] == Money.of("2.35")


def test_an_order_is_received_line_by_line(store: Any) -> None:
    order = ordered(store, 10)
    with pytest.raises(Refused, match="send it first"):
        store.deliver(store.line(DRUG, 4), order_id=order)
    inventory.advance_order(order_id=order, step="approve", by=store.buyer.signing("test"))
    inventory.advance_order(order_id=order, step="send", by=store.buyer)
    assert PurchaseOrder.objects.get().expected_on == store.today + timedelta(days=2)
    store.deliver(store.line(DRUG, 4, damaged=D(1)), order_id=order)
    assert PurchaseOrder.objects.get().state == "part_received"
    store.deliver(store.line(DRUG, 7, "S2", invoiced=Money.of("2.00")), store.line("cefepime 1 g", 1), order_id=order)
    assert PurchaseOrder.objects.get().state == "received"
    assert (PurchaseLine.objects.get().received_amount, PurchaseLine.objects.get().damaged_amount) == (11, 1)
    said = [d for r in Receipt.objects.order_by("id") for line in r.__class__.objects.filter(pk=r.pk) for d in _differences(line)]
    assert said == ["short 5", "damaged 1", "over 1", "$0.10 a package cheaper than ordered", "not on the order"]
    inventory.advance_order(order_id=order, step="close", by=store.buyer)


def _differences(receipt: Any) -> list[str]:
    from openinfusion.inventory.models import ReceiptLine

    return [d for line in ReceiptLine.objects.filter(receipt=receipt).order_by("id") for d in line.differences]


def test_no_drug_comes_in_from_an_unlicensed_partner_or_without_its_papers(store: Any) -> None:
    bare = inventory.add_supplier(code="BARE", name="Bare Trading", by=store.buyer)
    for more, text in (({"supplier_id": bare}, "never verified"), ({"transaction": Transaction()}, "without transaction data")):
        with pytest.raises(Refused, match=text):
            inventory.receive_delivery(**{"supplier_id": store.supplier_id, "site_id": store.bench.site_id, "location": store.bench.shelf_id,
                                          "lines": [store.line(DRUG, 1)], "by": store.warehouse, "transaction": store.papers} | more)
    inventory.receive_delivery(supplier_id=bare, site_id=store.bench.site_id, location=store.bench.shelf_id,
                               lines=[store.line("ambulatory pump administration set", 3)], by=store.warehouse)
    for transaction in (Transaction("TI", None, None, False), Transaction("TI", store.today + timedelta(days=3), None, True)):
        with pytest.raises(Malformed):
            store.deliver(store.line(DRUG, 1), transaction=transaction)
    for lines in ([], [store.line(DRUG, 0)], [store.line(DRUG, 1, serials=("A", "A"))], [store.line(DRUG, 1, serials=("A", "B"))]):
        with pytest.raises(Malformed):
            store.deliver(*lines)
    assert Receipt.objects.count() == 1


def test_a_serial_number_that_came_before_stops_the_lot(store: Any) -> None:
    store.deliver(store.line(DRUG, 2, "S1", serials=("AA", "BB")))
    assert not Suspect.objects.exists()
    store.deliver(store.line(DRUG, 2, "S2", serials=("BB", "CC")))
    assert Suspect.objects.get().lot.number == "S2" and Suspect.objects.get().lot.state == "quarantined"


def test_a_delivery_of_nothing_but_damage_leaves_no_stock(store: Any) -> None:
    store.deliver(store.line(DRUG, 0, "S1", damaged=D(4)))
    assert inventory.on_hand(store.product(DRUG).id, store.bench.site_id) == 0
    other = inventory.add_supplier(code="OTH", name="Other", by=store.buyer)
    order = ordered(store, 10)
    with pytest.raises(Refused, match="with another supplier"):
        inventory.receive_delivery(supplier_id=other, site_id=store.bench.site_id, location=store.bench.shelf_id, lines=[store.line(DRUG, 1)],
                                   by=store.warehouse, transaction=store.papers, order_id=order)


def test_suppliers_prices_and_pars_are_read_strictly(store: Any) -> None:
    buyer, pid = store.buyer, store.product(DRUG).id
    for act in (
        lambda: inventory.add_supplier(code=" ", name="x", by=buyer),
        lambda: inventory.add_supplier(code="Y", name="y", terms=Terms(400), by=buyer),
        lambda: inventory.verify_licence(supplier_id=store.supplier_id, number=" ", state_code="IL", ends_on=store.today, source="x", by=buyer),
        lambda: inventory.verify_licence(supplier_id=store.supplier_id, number="1", state_code="IL", ends_on=store.today - timedelta(days=9), source="x", by=buyer),
        lambda: inventory.set_price(supplier_id=store.supplier_id, product_id=pid, price=Money(-1), by=buyer),
        lambda: inventory.set_par(site_id=store.bench.site_id, product_id=pid, par=D(-1), harm="high", by=buyer),
        lambda: inventory.propose_substitute(product_id=pid, instead_id=pid, differs="x", source="x", by=store.bench.pharmacist),
        lambda: inventory.propose_substitute(product_id=pid, instead_id=store.product("cefTRIAXone 2 g").id, differs=" ", source="x", by=store.bench.pharmacist),
    ):
        with pytest.raises(Malformed):
            act()
    with pytest.raises(Refused, match="has the code"):
        inventory.add_supplier(code="exw", name="Again", by=buyer)
    with pytest.raises(Refused, match="no price on file"):
        inventory.open_order(site_id=store.bench.site_id, supplier_id=store.supplier_id, lines={pid: D(1)}, by=buyer)
    store.price(DRUG, "2.10", pack=10)
    with pytest.raises(Malformed, match="packs of 10"):
        inventory.open_order(site_id=store.bench.site_id, supplier_id=store.supplier_id, lines={pid: D(15)}, by=buyer)


def test_a_draft_is_changed_with_a_reason_and_only_a_draft(store: Any) -> None:
    pid = store.price(DRUG, "2.10")
    order = inventory.open_order(site_id=store.bench.site_id, supplier_id=store.supplier_id, by=store.buyer)
    with pytest.raises(Refused, match="no line"):
        inventory.advance_order(order_id=order, step="propose", by=store.buyer)
    inventory.change_line(order_id=order, product_id=pid, amount=D(5), reason="two new patients", by=store.buyer)
    with pytest.raises(Malformed):
        inventory.change_line(order_id=order, product_id=pid, amount=D(6), reason=" ", by=store.buyer)
    inventory.change_line(order_id=order, product_id=pid, amount=D(0), reason="not after all", by=store.buyer)
    assert not PurchaseLine.objects.exists()
    inventory.change_line(order_id=order, product_id=pid, amount=D(5), reason="yes", by=store.buyer)
    inventory.advance_order(order_id=order, step="propose", by=store.buyer)
    with pytest.raises(Refused, match="handed back"):
        inventory.change_line(order_id=order, product_id=pid, amount=D(6), reason="x", by=store.buyer)
    inventory.advance_order(order_id=order, step="hand_back", reason="too much", by=store.bench.pharmacist)


def test_the_demand_of_a_running_course_is_proposed_with_its_reasons(store: Any) -> None:
    b = store.bench
    b.verify(b.prescription())
    pid = store.price("cefTRIAXone 2 g", "3.60")
    found = next(s for s in suggestions(b.site_id) if s.product_id == pid)
    assert found.courses == 1 and found.stand.lead_days == 2
    assert found.proposal.order >= 9, "nine days of one vial a day, most of which will be given"
    assert any("schedules ask for 2 in 2 days" in text for text in found.proposal.because)
    made = inventory.propose_orders(site_id=b.site_id, by=store.buyer)
    line = PurchaseLine.objects.get(order_id=made[0])
    assert line.amount == found.proposal.order and "reorder at" in line.reason
    with pytest.raises(Refused, match="nothing is below"):
        inventory.propose_orders(site_id=b.site_id, by=store.buyer)


def test_a_bag_of_nutrition_asks_for_the_share_it_takes_of_each_package(store: Any) -> None:
    order = therapy.prescription(store.bench.prescription(**nutrition()))
    found = packages_of_dose(order, store.bench.site_id, store.today)
    packages = {p.id: p for p in catalog.stock_packages(store.bench.site_id).values()}
    assert len(found) == 11 and set(found) <= set(packages)
    bag = bag_of(replace(ADULT, stocks=catalog.site_nutrition(store.bench.site_id).stocks))
    drawn = sum((n * packages[id].volume_ml for id, n in found.items()), D(0))
    assert abs(drawn - (bag.volume_ml + ADULT.overfill_ml)) < D("0.01"), "with water and overfill"


def test_a_dose_asks_for_its_vials_and_for_what_it_is_made_in(store: Any) -> None:
    pump = therapy.prescription(store.bench.prescription())
    bag = therapy.prescription(store.bench.prescription(
        drug_code="vancomycin", dose=Quantity(D(1250), MG), interval_hours=12, infusion_minutes=90))
    for order, device in ((pump, 1), (bag, 0)):
        formula = catalog.formula(order.order.drug_code, order.order.route, store.today)
        found = packages_of_dose(order, store.bench.site_id, store.today)
        drug = {id for id in found if catalog.product(id).drug_code == order.order.drug_code}
        assert drug and formula.diluent is not None
        share = formula.final_volume_ml / formula.diluent.volume_ml
        assert found[formula.diluent.id] == (share if device else 1), "a pump is filled up, a bag is one of its own"
        assert found.get(formula.device.id, 0) == device
        assert set(found) == drug | {formula.diluent.id} | ({formula.device.id} if device else set())


def test_what_hangs_on_no_schedule_is_forecast_by_the_weeks_before(store: Any) -> None:
    pytest.importorskip("statsforecast")
    inventory.receive_stock(product_id=store.product(DRUG).id, lot="F", expires_on=store.today + timedelta(days=99), quantity=D(9),
                            location=store.bench.shelf_id, by=store.bench.technician)
    assert inventory.forecast_use(by=store.buyer) == 0 and weekly_use(store.bench.site_id) == {}
    _use(store)
    assert inventory.forecast_use(by=store.buyer) == 1
    row = Forecast.objects.get()
    assert D("4.5") < row.weekly <= 5 and row.method == "mean of SBA, SES and Theta" and row.weeks == 20
    found = next(s for s in suggestions(store.bench.site_id) if s.product_id == row.product_id)
    assert any("unscheduled 4.92 a week" in text for text in found.proposal.because)


def _use(store: Any) -> None:
    """Five packages a week, twenty weeks long, as the ledger has them."""
    from openinfusion.inventory.models import Lot, Movement
    from openinfusion.platform.clock import now

    lot = Lot.objects.get(number="F")
    local = now().astimezone(ZoneInfo("America/Chicago"))
    monday = local - timedelta(days=local.weekday())
    Movement.objects.bulk_create([
        Movement(kind=kind, lot=lot, location_id=store.bench.shelf_id, on_hand_amount=D(amount), made_at=monday - timedelta(weeks=n, days=1),
                 moved_by=store.buyer.id, mover_name="B")
        for n in range(20) for kind, amount in (("receive", 5), ("issue", -5))])
