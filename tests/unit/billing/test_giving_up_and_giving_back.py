# SPDX-License-Identifier: Apache-2.0
"""Write-offs and refunds: limits of roles, the second person, and what is still there to give."""
from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from openinfusion.billing.domain.denial_work import DENIAL, DenialFacts, DenialState
from openinfusion.billing.domain.ledger import Account
from openinfusion.billing.domain.refund import REFUND_MACHINE, RefundFacts, RefundState
from openinfusion.billing.domain.write_off import (
    WRITE_OFF_MACHINE,
    Side,
    WriteOffFacts,
    WriteOffState,
    limit_cents,
    write_off_reasons,
)
from openinfusion.billing.permissions import POST, REFUND, WORK, WRITE_OFF
from openinfusion.kernel.roles import Role

MAY = frozenset({p.code for p in (POST, REFUND, WORK, WRITE_OFF)})
ASKED = WriteOffFacts(cents=5000, open_cents=5000, asker="a", asker_limit_cents=1000, actor="b", actor_limit_cents=9000)
REFUND_ASKED = RefundFacts(cents=100, credit_cents=100, asker="a", actor="b")


def against_write_off(**changes: object) -> set[str]:
    step = WRITE_OFF_MACHINE.step(WriteOffState.REQUESTED, "post")
    return {r.code for r in WRITE_OFF_MACHINE.reasons(step, replace(ASKED, **changes), MAY)}  # type: ignore[arg-type]


@pytest.mark.parametrize(("changes", "codes"), [
    ({}, set()),
    ({"actor_limit_cents": 5000}, set()),
    ({"actor_limit_cents": 4999}, {"above-limit"}),
    ({"actor": "a"}, {"same-person"}),
    ({"actor": "a", "asker_limit_cents": 5000, "actor_limit_cents": 5000}, set()),
    ({"open_cents": 4999}, {"not-open"}),
    ({"open_cents": 0, "actor": "a", "actor_limit_cents": 0}, {"not-open", "above-limit", "same-person"}),
])
def test_a_write_off_is_posted_within_the_limit_by_another_and_never_beyond_what_is_open(
    changes: dict[str, object], codes: set[str],
) -> None:
    assert against_write_off(**changes) == codes


def test_the_limit_is_the_highest_of_ones_roles_and_nothing_for_others() -> None:
    assert limit_cents([Role.NURSE]) == 0 == limit_cents([])
    assert 0 < limit_cents([Role.BILLER]) < limit_cents([Role.EXECUTIVE]) == limit_cents([Role.BILLER, Role.EXECUTIVE])


def test_every_reason_fits_a_side_and_a_patients_share_comes_from_the_patients_account() -> None:
    reasons = write_off_reasons().values()
    assert all(any(r.fits(side) for side in Side) for r in reasons)
    assert {side for side in Side if any(r.fits(side) for r in reasons)} == set(Side)
    assert [s.account for s in (Side.PAYER, Side.PATIENT)] == [Account.RECEIVABLE, Account.PATIENT]


@pytest.mark.parametrize(("step", "state", "facts", "codes"), [
    ("approve", RefundState.REQUESTED, REFUND_ASKED, set()),
    ("approve", RefundState.REQUESTED, replace(REFUND_ASKED, actor="a"), {"same-person"}),
    ("approve", RefundState.REQUESTED, replace(REFUND_ASKED, credit_cents=99), {"no-credit"}),
    ("pay", RefundState.APPROVED, replace(REFUND_ASKED, actor="a"), set()),
    ("pay", RefundState.APPROVED, replace(REFUND_ASKED, credit_cents=0), {"no-credit"}),
])
def test_a_refund_is_approved_by_another_and_paid_while_the_credit_is_there(
    step: str, state: RefundState, facts: RefundFacts, codes: set[str],
) -> None:
    assert {r.code for r in REFUND_MACHINE.reasons(REFUND_MACHINE.step(state, step), facts, MAY)} == codes


@pytest.mark.parametrize(("step", "state", "facts", "codes"), [
    ("appeal", DenialState.WORKING, DenialFacts(has_packet=True), set()),
    ("appeal", DenialState.WORKING, DenialFacts(), {"no-packet"}),
    ("appeal", DenialState.WORKING, DenialFacts(has_packet=True, due_on=date(2026, 5, 1), today=date(2026, 5, 1)), set()),
    ("appeal", DenialState.WORKING, DenialFacts(has_packet=True, due_on=date(2026, 5, 1), today=date(2026, 5, 2)), {"too-late"}),
    ("appeal_again", DenialState.UPHELD, DenialFacts(level=1, has_packet=True), set()),
    ("appeal_again", DenialState.UPHELD, DenialFacts(level=2, has_packet=True), {"level-1"}),
    ("ask_outside", DenialState.UPHELD, DenialFacts(level=1, has_packet=True), {"level-2"}),
    ("ask_outside", DenialState.UPHELD, DenialFacts(level=2, has_packet=True), set()),
])
def test_an_appeal_is_filed_in_its_time_and_order_with_its_packet(
    step: str, state: DenialState, facts: DenialFacts, codes: set[str],
) -> None:
    assert {r.code for r in DENIAL.reasons(DENIAL.step(state, step), facts, MAY)} == codes
