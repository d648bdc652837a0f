# SPDX-License-Identifier: Apache-2.0
"""An independent reader of remittances (oxedi, in Rust) as a second opinion: claims, payment, and every sum that does not agree."""
from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path

import oxedi
import pytest
from benchmarks.x12 import claims, remittance
from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.exchange.domain.x12.balance import CLAIM, PAYMENT, SERVICE, imbalances
from openinfusion.exchange.domain.x12.remittance import Remittance
from openinfusion.exchange.domain.x12.remittance_reader import read_remittances

SAMPLES = Path(os.environ.get("OPENINFUSION_SHARED", Path(__file__).parents[4] / "shared")) / "samples" / "x12" / "835"
OURS = {"service_balance": SERVICE, "claim_balance": CLAIM, "transaction_balance": PAYMENT}
RULE = re.compile(r'balancing rule "(\w+)"')
TEXT = remittance(claims(12))
AMOUNTS = {"CLP": (3, 4), "SVC": (2, 3), "CAS": (3,), "BPR": (2,)}  # the positions that a sum rests on


def its_balances(result: oxedi.Result) -> list[str]:
    """The sums that the other reader finds wrong, in our words."""
    return sorted(OURS[m[1]] for d in result.diagnostics if (m := RULE.search(d.rule)))


def our_balances(found: list[Remittance]) -> list[str]:
    return sorted(f.code for one in found for f in imbalances(one))


def samples() -> list[Path]:
    return sorted(SAMPLES.iterdir()) if SAMPLES.is_dir() else []


@pytest.mark.skipif(not samples(), reason="the shared samples are not on this machine")
@pytest.mark.parametrize("path", samples(), ids=lambda p: p.name)
def test_every_sample_has_the_same_claims_payment_and_wrong_sums(path: Path) -> None:
    try:
        other = oxedi.parse_file(str(path))
    except oxedi.ParseError:
        assert not path.read_bytes().lstrip(b"\xef\xbb\xbf").startswith(b"ISA"), "it reads whole interchanges only"
        return
    found = read_remittances(path.read_bytes())
    assert other.count_claims() == sum(len(r.claims) for r in found)
    assert Decimal(str(other.sum_payments())) == sum((r.amount for r in found), Decimal(0))
    if any(f.code == "clp-elements" for r in found for f in r.findings):
        return  # it does not add up a payment of which a claim lacks an amount; we do, and say what is missing besides
    assert our_balances(found) == its_balances(other)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(AMOUNTS)), st.data())
def test_whichever_amount_is_changed_both_name_the_same_sums(name: str, data: st.DataObject) -> None:
    segments = TEXT.split("~")
    at = data.draw(st.sampled_from([n for n, s in enumerate(segments) if s.startswith(f"{name}*")]))
    elements = segments[at].split("*")
    position = data.draw(st.sampled_from(AMOUNTS[name]))
    cents = data.draw(st.integers(-100_000, 100_000))
    elements[position] = f"{Decimal(elements[position]) + Decimal(cents) / 100:f}"
    segments[at] = "*".join(elements)
    text = "~".join(segments)
    ours = our_balances(read_remittances(text))
    assert ours == its_balances(oxedi.parse(text.encode()))
    assert bool(ours) is (cents != 0)
