# SPDX-License-Identifier: Apache-2.0
"""The day's plan at the bench, as the page and the spreadsheet show it."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openinfusion.compounding import public as compounding
from openinfusion.compounding.queries import day
from openinfusion.inventory import public as inventory


@pytest.fixture
def waiting(bench: Any) -> Any:
    for name in ("cefTRIAXone 2 g", "cefTRIAXone 1 g", "sodium chloride 0.9%", "elastomeric infuser 100 mL"):
        bench.receive(name)
    prescription_id = bench.prescription()
    bench.verify(prescription_id)
    return compounding.work_orders_of(prescription_id)[0]


def test_the_day_shows_each_batch_with_its_vials_and_its_hood(bench: Any, browse: Any, waiting: Any) -> None:
    client = browse(bench.technician)
    on = f"{waiting.need_by:%Y-%m-%d}"
    page = client.get("/compounding/day/", {"site": str(bench.site_id), "on": on}).content.decode()
    for word in ("cefTRIAXone", waiting.number, "SAMPLETON, Amara", "proven least", "Hood 1", "mg of cefTRIAXone"):
        assert word in page, word
    listed = client.get("/compounding/day/", {"site": str(bench.site_id), "on": on, "export": "csv"})
    assert listed["Content-Type"].startswith("text/csv") and waiting.number in listed.content.decode()


def test_a_day_before_anything_is_needed_is_empty_and_a_wrong_one_is_refused(bench: Any, browse: Any, waiting: Any) -> None:
    client = browse(bench.technician)
    assert "Nothing waits for the bench" in client.get("/compounding/day/", {"on": "2020-01-01"}).content.decode()
    assert client.get("/compounding/day/", {"on": "tomorrow"}).status_code == 422
    assert client.get("/compounding/day/", {"site": "nowhere"}).status_code == 404




def test_what_belongs_to_one_patient_is_not_shared(bench: Any, waiting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    on = waiting.need_by.date()
    seen: list[bool] = []
    plan = day.plan_batch

    def noted(**said: Any) -> Any:
        seen.extend(w.shares for w in said["wanted"])
        return plan(**said)

    monkeypatch.setattr(day, "plan_batch", noted)
    day.day_of(bench.site_id, on)
    lots = inventory.lots
    theirs = inventory.Pool(inventory.Ownership.WHITE_BAGGED, bench.patient_id)
    bagged = {"ownership": theirs.ownership.value, "patient_id": theirs.patient_id}
    monkeypatch.setattr(day.inventory, "lots", lambda ids: {i: replace(lot, **bagged) for i, lot in lots(ids).items()})
    day.day_of(bench.site_id, on)
    assert seen == [True, False]
