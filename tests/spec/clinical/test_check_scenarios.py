# SPDX-License-Identifier: Apache-2.0
"""The scenario examples of the checks (clinical specification, section 6) come out as written."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from openinfusion.clinical.domain.checks import CHECKS
from openinfusion.clinical.domain.finding import Tier
from openinfusion.clinical.domain.scenario import Scenario, scenarios
from openinfusion.clinical.domain.side_chain import SideChainRow

ROWS = Path(__file__).parents[3] / "src" / "openinfusion" / "catalog" / "data" / "side_chains.csv"
with ROWS.open(encoding="utf-8") as file:
    SIDE_CHAINS = tuple(SideChainRow(r["group"], r["ingredient"], r["likeness"]) for r in csv.DictReader(file))
BY_RULE = {c.rule: c for c in CHECKS}


@pytest.mark.parametrize("scenario", scenarios(), ids=[f"{s.id} {s.rule}" for s in scenarios()])
def test_the_scenario_comes_out(scenario: Scenario) -> None:
    found = BY_RULE[scenario.rule].run(scenario.facts(SIDE_CHAINS))
    told = {(f.code, f.tier.value) for f in found if f.tier is not Tier.PASSED}
    assert told == set(scenario.expected)
    assert all(f.do for f in found if f.tier in (Tier.HARD, Tier.SOFT)), "a stop says what to do"


@pytest.mark.parametrize("wanted", ["6.01", "6.02", "6.05", "6.06", "6.07", "6.09", "6.11"])
def test_every_example_of_the_specification_is_there(wanted: str) -> None:
    assert [s for s in scenarios() if s.id.split()[0] == wanted]
