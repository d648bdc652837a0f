# SPDX-License-Identifier: Apache-2.0
"""Units never shrink below what was given, waste and given make the containers opened, and the ledger always sums to zero."""
from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.billing.domain.drug_units import DrugUse, unit_lines
from openinfusion.billing.domain.ledger import Account, Kind, balances, transfers
from openinfusion.billing.domain.remittance import AdjustmentIn, ClaimIn, LineIn, claim_transfers, imbalances_of
from openinfusion.kernel.quantity import MG, Quantity

AMOUNTS = st.decimals("0.001", "5000", places=3)


@given(AMOUNTS, st.decimals("0", "500", places=3), st.sampled_from(["0.1", "1", "2", "10", "100", "250", "500"]), st.booleans())
def test_units_cover_the_amount_given_and_never_exceed_what_was_opened_by_a_unit(given_mg: Decimal, waste: Decimal, unit: str, single: bool) -> None:
    use = DrugUse(Quantity(given_mg, MG), Quantity(waste, MG), Quantity(Decimal(unit), MG), single)
    lines = unit_lines(use)
    assert lines[0].units * Decimal(unit) >= given_mg
    assert (lines[0].units - 1) * Decimal(unit) < given_mg
    assert all(line.units > 0 for line in lines)
    billed = sum(line.units for line in lines) * Decimal(unit)
    assert billed < given_mg + waste + Decimal(unit)
    assert single or [line.modifier for line in lines] == [""]
    assert not single or [line.modifier for line in lines] in (["JZ"], ["", "JW"])


@given(st.lists(st.tuples(st.sampled_from([k for k in Kind if k not in (Kind.WRITE_OFF, Kind.REVERSAL, Kind.ASSISTANCE, Kind.REFUND)]), st.integers(-10**9, 10**9))))
def test_the_accounts_always_sum_to_zero(moves: list[tuple[Kind, int]]) -> None:
    moved = [t for kind, cents in moves for t in transfers(kind, cents)]
    assert sum(balances(moved).values()) == 0


@given(st.sampled_from([Kind.PAYMENT, Kind.CONTRACTUAL, Kind.CHARGE]), st.integers(1, 10**9))
def test_a_reversal_brings_every_account_back(kind: Kind, cents: int) -> None:
    assert set(balances((*transfers(kind, cents), *transfers(kind, -cents))).values()) == {0}


CENTS = st.integers(0, 100_000)


@given(st.lists(st.tuples(CENTS, CENTS, CENTS), min_size=1, max_size=6))
def test_a_balanced_claim_closes_the_receivable_but_for_its_denials(lines: list[tuple[int, int, int]]) -> None:
    made = [
        LineIn(f"J{n}", (), paid + contract + denied, paid, adjustments=(AdjustmentIn("CO", "45", contract), AdjustmentIn("CO", "197", denied)))
        for n, (paid, contract, denied) in enumerate(lines)
    ]
    charge = sum(s.charge_cents for s in made)
    claim = ClaimIn("P", "1", charge, sum(s.paid_cents for s in made), 0, "ICN", lines=tuple(made))
    assert imbalances_of(claim) == ()
    moved = [*transfers(Kind.CHARGE, charge), *claim_transfers(claim, [(s, "x") for s in made], lambda a, rarcs: a.carc == "197")]
    assert balances(moved)[Account.RECEIVABLE] == sum(denied for _, _, denied in lines)
