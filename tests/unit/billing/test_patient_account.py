# SPDX-License-Identifier: Apache-2.0
"""What a patient is asked for, how a payment and a plan of instalments are shared out, and when a plan ends."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.billing.domain.claim import ClaimState
from openinfusion.billing.domain.patient_account import (
    InstalmentDue,
    Owed,
    PlanFacts,
    aged,
    all_is_paid,
    instalments,
    may_be_asked,
    paid_into,
    shared_out,
    too_many_missed,
)
from openinfusion.kernel.refusal import Malformed

DAY = date(2026, 5, 1)


def owed(cents: int = 1000, state: ClaimState = ClaimState.PATIENT_RESP, since: date = DAY, control: str = "C1", **more: object) -> Owed:
    values: dict[str, object] = {"payer_open_cents": 0} | more
    return Owed("id", control, "Meridian", state, cents, since=since, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(("share", "code"), [
    (owed(payer_open_cents=1), "insurance-pending"),
    (owed(state=ClaimState.PAID, has_next_payer=True), "next-payer"),
    (owed(state=ClaimState.PAID), "not-transferred"),
    (owed(state=ClaimState.DENIED), "insurance-pending"),
])
def test_nobody_is_asked_while_the_insurance_is_pending(share: Owed, code: str) -> None:
    why = share.pending()
    assert why is not None and why.code == code
    assert may_be_asked([share]) == ()


def test_what_is_the_patients_and_more_than_nothing_is_asked_for() -> None:
    assert may_be_asked([owed(), owed(0)]) == (owed(),)


@pytest.mark.parametrize(("days", "at"), [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (4000, 3)])
def test_a_share_stands_in_the_class_of_its_age_to_the_day(days: int, at: int) -> None:
    assert aged([owed(700)], DAY + timedelta(days=days)) == tuple(700 if n == at else 0 for n in range(4))


def test_a_payment_goes_to_the_oldest_share_first_and_never_beyond_what_is_owed() -> None:
    old, new = owed(500, since=DAY, control="B"), owed(500, since=DAY + timedelta(days=1), control="A")
    same = owed(500, since=DAY, control="A")
    assert shared_out(700, [new, old]) == ((old, 500), (new, 200))
    assert shared_out(500, [old, same]) == ((same, 500),)
    for wrong in (0, -1, 1001):
        with pytest.raises(Malformed):
            shared_out(wrong, [new, old])


@given(st.lists(st.integers(0, 9999), min_size=1, max_size=8), st.data())
def test_a_payment_is_shared_out_to_the_cent(shares: list[int], data: st.DataObject) -> None:
    total = sum(shares)
    found = [owed(c, control=str(n)) for n, c in enumerate(shares)]
    if not total:
        with pytest.raises(Malformed):
            shared_out(1, found)
        return
    paid = data.draw(st.integers(1, total))
    parts = shared_out(paid, found)
    assert sum(part for _, part in parts) == paid
    assert all(0 < part <= share.cents for share, part in parts)


@given(st.integers(10_000, 5_000_000), st.integers(2, 12))
def test_instalments_add_up_and_differ_by_a_cent_at_most(cents: int, count: int) -> None:
    plan = instalments(cents, count, date(2026, 10, 31), most=12, least_cents=100)
    assert sum(i.cents for i in plan) == cents
    assert max(i.cents for i in plan) - min(i.cents for i in plan) <= 1
    assert [i.due_on.month for i in plan] == [(9 + n) % 12 + 1 for n in range(count)]
    assert all(i.due_on.day == 28 for i in plan), "a day that every month has"
    paid = paid_into(plan, cents // 2)
    assert sum(paid.values()) == cents // 2 and list(paid) == list(range(1, len(paid) + 1))


def test_too_many_or_too_small_instalments_are_refused() -> None:
    for count in (1, 13):
        with pytest.raises(Malformed):
            instalments(12_000, count, DAY, most=12, least_cents=100)
    with pytest.raises(Malformed):
        instalments(12_000, 12, DAY, most=12, least_cents=1001)


def test_what_is_over_the_plan_is_in_no_instalment() -> None:
    plan = (InstalmentDue(1, DAY, 100, 100), InstalmentDue(2, DAY, 100, 40))
    assert paid_into(plan, 500) == {2: 60}


def test_an_instalment_is_missed_after_its_grace_and_a_plan_after_its_misses() -> None:
    due = InstalmentDue(1, DAY, 100, 99)
    assert not due.missed(DAY + timedelta(days=10), 10)
    assert due.missed(DAY + timedelta(days=11), 10)
    assert not InstalmentDue(1, DAY, 100, 100).missed(DAY + timedelta(days=99), 10)
    assert too_many_missed(PlanFacts(missed=1)) is not None
    assert too_many_missed(PlanFacts(missed=2)) is None
    assert all_is_paid(PlanFacts(left_cents=1)) is not None
    assert all_is_paid(PlanFacts()) is None
