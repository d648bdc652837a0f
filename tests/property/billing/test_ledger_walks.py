# SPDX-License-Identifier: Apache-2.0
"""Random walks of money: post, reverse, write off, refund, patient payments, provider adjustments. The ledger always balances."""
from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.billing.domain.denial import opens_denial
from openinfusion.billing.domain.ledger import Account, Kind, Transfer, balances, given_up, provider_adjusted, refunded, transfers
from openinfusion.billing.domain.matching import Ladder, OurClaim
from openinfusion.billing.domain.provider_adjustment import provider_reasons, provider_transfers
from openinfusion.billing.domain.remittance import (
    AdjustmentIn,
    ClaimIn,
    LineIn,
    ProviderAdjustmentIn,
    claim_transfers,
    imbalances_of,
)

CHARGE = 100_000
PARTS = st.tuples(*[st.integers(0, 25_000)] * 3)
STEPS = st.lists(st.tuples(
    st.sampled_from(["post", "reverse", "write_off", "assist", "patient_pays", "refund", "provider", "suspend", "park", "place"]),
    PARTS, st.integers(0, 10**6),
), max_size=25)


def answer(parts: tuple[int, int, int], sign: int = 1) -> ClaimIn:
    """A balanced answer: contract, sequestration and the patient's share as drawn, a denial of 5,000, the rest paid."""
    contract, cut, share = parts
    adjustments = (("CO", "45", contract), ("CO", "253", cut), ("PR", "2", share), ("CO", "197", 5_000))
    paid = CHARGE - sum(c for _, _, c in adjustments)
    made = tuple(AdjustmentIn(g, c, sign * n) for g, c, n in adjustments if n)
    line = LineIn("S9500", (), sign * CHARGE, sign * paid, adjustments=made)
    return ClaimIn("P", "1" if sign > 0 else "22", sign * CHARGE, sign * paid, 0, "ICN", lines=(line,))


def moved_by(claim: ClaimIn) -> list[Transfer]:
    assert imbalances_of(claim) == ()
    return list(claim_transfers(claim, [(claim.lines[0], "")], opens_denial))


@dataclass
class Books:
    """A walk: what moved, and the answers that may still be taken back."""

    moved: list[Transfer] = field(default_factory=lambda: list(transfers(Kind.CHARGE, CHARGE)))
    answers: list[tuple[int, int, int]] = field(default_factory=list)
    waiting: int = 0

    def take(self, step: str, parts: tuple[int, int, int], n: int) -> None:
        now = balances(self.moved)
        if step == "post":
            self.moved += moved_by(answer(parts))
            self.answers.append(parts)
        elif step == "reverse" and self.answers:
            self.moved += moved_by(answer(self.answers.pop(n % len(self.answers)), -1))
        elif step in {"write_off", "assist"}:
            side = Account.RECEIVABLE if n % 2 else Account.PATIENT
            account = Account.WRITE_OFF if step == "write_off" else Account.ASSISTANCE
            self.moved += given_up(min(max(now[side], 0), n), side, account)
        elif step == "patient_pays":
            self.moved += transfers(Kind.PATIENT_PAYMENT, min(max(now[Account.PATIENT], 0), n))
        elif step == "refund":
            side = Account.RECEIVABLE if n % 2 else Account.PATIENT
            self.moved += refunded(min(max(-now[side], 0), n), side)
        elif step == "provider":
            code = sorted(provider_reasons())[n % len(provider_reasons())]
            self.moved += provider_transfers(ProviderAdjustmentIn(code if n % 7 else "ZZ", "REF", parts[0] - 12_000))
        else:
            self.suspense(step, n)

    def suspense(self, step: str, n: int) -> None:
        now = balances(self.moved)
        if step == "suspend":
            self.moved += transfers(Kind.UNAPPLIED, n)
        elif step == "park":
            self.moved += transfers(Kind.SUSPENSE, max(-now[Account.UNAPPLIED], 0))
        elif step == "place":
            self.moved += transfers(Kind.SUSPENSE, min(now[Account.SUSPENSE], 0))


@settings(max_examples=300)
@given(STEPS)
def test_every_walk_balances_after_every_step_and_nothing_is_negative_in_a_row(
    steps: list[tuple[str, tuple[int, int, int], int]],
) -> None:
    books = Books()
    for step, parts, n in steps:
        books.take(step, parts, n)
        assert sum(balances(books.moved).values()) == 0
    assert all(t.cents > 0 and t.debit is not t.credit for t in books.moved)
    assert all(t.kind.value != "refund" or t.credit is Account.CASH for t in books.moved)


@given(PARTS)
def test_an_answer_and_its_reversal_leave_the_charge_and_nothing_else(parts: tuple[int, int, int]) -> None:
    left = balances([*moved_by(answer(parts)), *moved_by(answer(parts, -1))])
    assert set(left.values()) == {0}


@given(st.integers(-10**7, 10**7), st.sampled_from(sorted(provider_reasons())))
def test_what_a_payer_keeps_lowers_cash_and_stands_on_its_reason_s_account(cents: int, code: str) -> None:
    found = balances(provider_adjusted(cents, provider_reasons()[code].account, code))
    assert found[Account.CASH] == -cents
    assert found[provider_reasons()[code].account] == cents


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), max_size=8), st.integers(0, 3), st.integers(0, 3))
def test_the_ladder_finds_a_claim_only_where_it_is_the_only_one(ours: list[tuple[int, int, int]], control: int, payer: int) -> None:
    from datetime import date

    claims = [OurClaim(str(n), f"C{c}", f"P{p}", "M", 100 * m, date(2026, 1, 1), ()) for n, (c, p, m) in enumerate(ours)]
    theirs = ClaimIn(f"C{control}", "1", 100, 100, 0, f"P{payer}", "M", "", date(2026, 1, 1))
    found = Ladder(claims).find(theirs)
    exact = [c for c in claims if c.patient_control == f"C{control}" and c.charge_cents == 100]
    by_payer = [c for c in claims if c.payer_control == f"P{payer}"]
    if exact:
        assert (found.claim if found else None) == (exact[0] if len(exact) == 1 else None)
    elif by_payer:
        assert (found.claim if found else None) == (by_payer[0] if len(by_payer) == 1 else None)
