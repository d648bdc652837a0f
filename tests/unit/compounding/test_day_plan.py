# SPDX-License-Identifier: Apache-2.0
"""The plan of a day at the bench: the order of a batch, what is carried over, and what is only proposed."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from openinfusion.compounding.domain import day_plan
from openinfusion.compounding.domain.day_plan import (
    Batch,
    OpenVial,
    Wanted,
    minutes_each,
    plan_batch,
    rounding_of,
    rounding_share,
)
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Broken
from openinfusion.planning import public as planning

D, NOON = Decimal, datetime(2026, 3, 2, 12, tzinfo=UTC)
SIZES = (("trastuzumab 150 mg", planning.VialSize("a", D(150), 15_000)), ("trastuzumab 420 mg", planning.VialSize("b", D(420), 42_000)))


def wanted(number: str, amount: str, hours: int = 0, **more: Any) -> Wanted:
    return Wanted(**{"work_order_id": UUID(int=1), "number": number, "amount": D(amount), "doses": 1, "shares": True,
                     "need_by": NOON + timedelta(hours=hours), "held_cents": 45_000} | more)


def batch(*queue: Wanted, keeps: int = 720, sizes: Any = SIZES, open_vials: Any = ()) -> Batch:
    return plan_batch(drug_code="trastuzumab", drug_name="trastuzumab", unit="mg", hazardous=True, wanted=queue, sizes=sizes,
                      open_vials=open_vials, keeps_minutes=keeps)


def test_a_batch_is_made_in_the_order_of_need_and_says_what_is_carried() -> None:
    found = batch(wanted("B", "120", 2), wanted("A", "300", 1))
    assert [t.wanted.number for t in found.turns] == ["A", "B"] and [t.minute for t in found.turns] == [0, minutes_each()]
    (first,), (second,) = (t.takes for t in found.turns)
    assert (first.carried, second.carried, second.opened_for, second.amount) == (False, True, "A", D(120))
    assert found.opened == (("trastuzumab 420 mg", 1),) and found.proven and not found.against
    assert (found.cost, found.held, found.saved, found.wasted) == (Money(42_000), Money(90_000), Money(48_000), D(0))
    assert (found.one_size, found.largest_first, found.wasted_cost) == (Money(84_000), Money(45_000), Money(0))


def test_what_stands_open_is_used_first_within_its_minutes() -> None:
    left = OpenVial(code="OV1", name="trastuzumab 420 mg, open OV1", left=D(150), minutes=5)
    (turn,) = batch(wanted("A", "150"), open_vials=[left]).turns
    assert [(t.product, t.carried, t.opened_for) for t in turn.takes] == [("trastuzumab 420 mg, open OV1", True, "")]
    late = batch(wanted("A", "150"), wanted("B", "150", 1), open_vials=[left])
    assert [t.takes[0].carried for t in late.turns] == [True, False]


def test_nothing_is_shared_where_one_patients_stock_is_among_it() -> None:
    found = batch(wanted("A", "300"), wanted("B", "120", shares=False), open_vials=[OpenVial(code="x", name="x", left=D(500), minutes=900)])
    assert not any(take.carried for turn in found.turns for take in turn.takes) and found.cost == Money(45_000)
    assert found.saved == Money(45_000) and batch(wanted("A", "150", held_cents=1)).saved == Money(0)


def test_what_cannot_be_covered_says_why_and_is_not_planned() -> None:
    few = (("trastuzumab 150 mg", planning.VialSize("a", D(150), 15_000, 1)),)
    found = batch(wanted("A", "300"), sizes=few)
    assert "do not cover" in found.against and not found.proven and found.turns[0].takes == () and found.opened == ()


def test_a_plan_that_does_not_hold_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_plan.planning, "vial_faults", lambda *_: ["A gets 1 of 2"])
    with pytest.raises(Broken, match="does not hold"):
        batch(wanted("A", "300"))


@pytest.mark.parametrize(("amount", "share", "dose", "percent", "saved"), [
    ("430", "0.1", "420", "-2.3", 3_000), ("440", "0.1", None, None, None), ("400", "0.1", None, None, None), ("150", "0.1", None, None, None), ("470", "0.1", "450", "-4.3", 12_000),
    ("500", "0.05", None, None, None),
])  # fmt: skip
def test_rounding_is_proposed_where_whole_vials_cost_less(
    amount: str, share: str, dose: str | None, percent: str | None, saved: int | None
) -> None:
    found = rounding_of(wanted("A", amount), D(share), [s for _, s in SIZES])
    if dose is None:
        assert found is None
    else:
        assert found is not None and (found.dose, found.percent, found.saved.cents) == (D(dose), D(percent or 0), saved)


def test_rounding_is_asked_of_single_doses_of_some_classes_only() -> None:
    assert rounding_share("chemotherapy") == rounding_share("biologic") == D("0.1") and rounding_share("antibiotic") is None
    assert rounding_of(wanted("A", "440", doses=2), D("0.1"), [s for _, s in SIZES]) is None
    assert rounding_of(wanted("A", "440"), D("0.1"), [planning.VialSize("a", D(150), 15_000, 0)]) is None
