# SPDX-License-Identifier: Apache-2.0
"""Our 835 reader against oxedi, an independent one in Rust: the same claims, lines and payment in every sample."""
from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from openinfusion.exchange.domain.x12.balance import imbalances, totals_of
from openinfusion.exchange.domain.x12.remittance_reader import read_remittances

oxedi = pytest.importorskip("oxedi")
SAMPLES = Path(os.environ.get("OPENINFUSION_SHARED", Path(__file__).parents[4] / "shared")) / "samples" / "x12" / "835"


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*")) if SAMPLES.is_dir() else [], ids=lambda p: p.name)
def test_both_readers_see_the_same_claims_lines_and_payment(path: Path) -> None:
    try:
        theirs = oxedi.parse_file(str(path))
    except oxedi.ParseError as no:
        pytest.skip(f"oxedi refuses it: {no}")
    sums = [totals_of(r) for r in read_remittances(path.read_bytes())]
    assert sum(t.claims for t in sums) == theirs.count_claims()
    assert sum(t.lines for t in sums) == len(theirs.tables["services"])
    assert sum((t.payment for t in sums), Decimal(0)) == Decimal(str(theirs.sum_payments()))


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*")) if SAMPLES.is_dir() else [], ids=lambda p: p.name)
def test_where_the_other_finds_a_sum_that_is_off_so_do_we(path: Path) -> None:
    try:
        theirs = oxedi.parse_file(str(path))
    except oxedi.ParseError as no:
        pytest.skip(f"oxedi refuses it: {no}")
    off = any(d.kind == "BalanceMismatch" for d in theirs.diagnostics)
    ours = any(imbalances(r) for r in read_remittances(path.read_bytes()))
    assert off == ours
