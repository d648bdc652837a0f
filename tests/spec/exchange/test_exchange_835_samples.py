# SPDX-License-Identifier: Apache-2.0
"""Every real 835 sample gives the totals and the imbalances that two unrelated programs computed for it."""
from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openinfusion.exchange.domain.x12_balance import Level, imbalances, totals_of
from openinfusion.exchange.domain.x12_remittance import read_remittances

SHARED = Path(os.environ.get("OPENINFUSION_SHARED", Path(__file__).parents[4] / "shared"))
SAMPLES = SHARED / "samples" / "x12"


def _expected() -> dict[str, Any]:
    path = SAMPLES / "expected.json"
    if not path.exists():
        return {}
    return {name: row["expected"] for name, row in json.loads(path.read_text()).items() if name.startswith("835/")}


EXPECTED = _expected()


@pytest.mark.skipif(not EXPECTED, reason="the X12 samples (samples/x12/expected.json beside the repository) are absent")
def test_the_samples_were_found() -> None:
    assert len(EXPECTED) >= 15


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_835_sample_gives_the_known_totals_and_imbalances(name: str) -> None:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"{name} is left out of the samples for want of a licence")
    want, found = EXPECTED[name], read_remittances(path.read_bytes())
    sums = [totals_of(r) for r in found]
    wrong = [i for r in found for i in imbalances(r)]
    assert len(found) == want["st"]
    assert sum(t.claims for t in sums) == want["claims"]
    assert sum(t.lines for t in sums) == want["svc"]
    for ours, theirs in (
        ("charge", "charge"), ("paid", "paid"), ("patient_responsibility", "ptresp"), ("claim_adjustments", "cas_claim"),
        ("line_adjustments", "cas_svc"), ("provider_adjustments", "plb"), ("payment", "bpr"),
    ):
        assert sum((getattr(t, ours) for t in sums), Decimal(0)) == Decimal(want[theirs]), ours
    assert len([i for i in wrong if i.level is Level.CLAIM]) == want["unbal_claims_n"]
    assert len([i for i in wrong if i.level is Level.SERVICE]) == want["unbal_svc"]
    assert len([i for i in wrong if i.level is Level.TRANSACTION]) == len(want["unbal_st"])
    _groups_agree(found, want["cas_by_group"])


def _groups_agree(found: Any, want: dict[str, str]) -> None:
    ours: dict[str, Decimal] = {}
    for claim in (c for r in found for c in r.claims):
        for a in (*claim.adjustments, *(a for s in claim.lines for a in s.adjustments)):
            ours[a.group] = ours.get(a.group, Decimal(0)) + a.amount
    assert ours == {group: Decimal(amount) for group, amount in want.items()}
