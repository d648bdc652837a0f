# SPDX-License-Identifier: Apache-2.0
"""What keeps the review of an order fast: few statements, made once, and none more where there are many orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openinfusion.clinical.actions.watch import changed
from openinfusion.clinical.domain.checks import judge
from openinfusion.clinical.queries import facts_for, facts_of_many, retired_rules
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.patients import public as patients
from openinfusion.platform.scope import set_local
from openinfusion.therapy import public as therapy

MOST_STATEMENTS = 14  # of a full review of one order, with the catalog's answers remembered


def statements(work: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def test_a_full_review_of_one_order_takes_few_statements(bench: Any) -> None:
    prescription_id = bench.prescription()
    facts_for(therapy.prescription(prescription_id))
    count = statements(lambda: judge(facts_for(therapy.prescription(prescription_id)), retired_rules()))
    assert count <= MOST_STATEMENTS


def test_the_facts_of_one_order_and_of_many_are_the_same(bench: Any) -> None:
    ids = [bench.prescription(), bench.prescription(drug_code="vancomycin", dose=Quantity(Decimal(1250), MG))]
    orders = therapy.prescriptions(ids)
    together = facts_of_many(orders)
    assert {o.id: facts_for(o) for o in orders} == together


def test_the_night_reads_by_patient_what_the_page_reads_by_order(bench: Any) -> None:
    prescription_id = bench.prescription()
    ids = therapy.open_patient_ids()
    running = therapy.open_orders(ids)
    orders = [order for mine in running.values() for order in mine]
    assert prescription_id in {o.id for o in orders}
    assert {o.id for o in orders} == set(therapy.open_order_ids())
    assert changed(orders, running) == changed(therapy.prescriptions([o.id for o in orders]))


def test_the_patients_of_open_orders_come_some_at_a_time_and_each_once(bench: Any) -> None:
    bench.prescription()
    bench.prescription(drug_code="vancomycin", dose=Quantity(Decimal(1250), MG))
    seen, after = [], None
    while ids := therapy.open_patient_ids(after, 1):
        seen, after = [*seen, *ids], ids[-1]
    assert seen == sorted(set(seen)) == therapy.open_patient_ids()


@pytest.mark.parametrize("how_many", [0, 1, 2])
def test_a_reading_knows_nothing_of_another_organization(bench: Any, how_many: int) -> None:
    prescription_id = bench.prescription()
    patient_id = therapy.prescription(prescription_id).patient_id
    asked = [patient_id, uuid4()][:how_many]
    assert set(patients.charts(asked)) == {patient_id} & set(asked)
    set_local("app.organization", str(uuid4()))
    assert patients.charts(asked) == {}
    assert therapy.open_orders(asked) == {}
