# SPDX-License-Identifier: Apache-2.0
"""The regimens on file: whole, of drugs that are here, asking for tests that are known; and what cannot be a regimen."""
from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest

from openinfusion.catalog.adapters import listed, rows, tables
from openinfusion.catalog.domain.regimen import read_regimen
from openinfusion.clinical.domain.figures import read_rows
from openinfusion.clinical.domain.hold import CLEARANCE, TOLD
from openinfusion.kernel.refusal import Broken
from openinfusion.kernel.standing import Source, Standing

REGIMENS = tables("regimens")["regimen"]
SOURCE = Source("x", date(2026, 1, 1), Standing.UNVERIFIED)


@pytest.mark.parametrize("body", REGIMENS, ids=[r["code"] for r in REGIMENS])
def test_every_regimen_is_whole_and_of_drugs_by_routes_that_are_here(body: dict[str, object]) -> None:
    assert body["source"] and body["status"] == "unverified"
    regimen, drugs = read_regimen(body, SOURCE), {r["code"]: r for r in rows("drugs")}
    assert all(line.route in listed(drugs[line.drug_code]["routes"]) for line in regimen.lines)
    tests = read_rows("lab_tests.toml")["test"]
    for hold in regimen.holds:
        assert hold.test in TOLD | {CLEARANCE} or tests[hold.test]["unit"] == hold.unit
        assert hold.below is None or hold.above is None
    assert regimen.on_day(1) and regimen.line(99) is None and regimen.last_day in regimen.days
    assert all(line.words and line.over for line in regimen.lines) and all(h.limit for h in regimen.holds)


@pytest.mark.parametrize(("change", "said"), [
    ({"days": [30]}, "outside the cycle"), ({"days": [1, 4, 8]}, "evenly apart"), ({"amount": "0"}, "no dose"),
])
def test_what_cannot_be_a_regimen_is_broken(change: dict[str, object], said: str) -> None:
    body = deepcopy(REGIMENS[0])
    body["line"][0] |= change
    with pytest.raises(Broken, match=said):
        read_regimen(body, SOURCE)
    with pytest.raises(Broken, match="no lines"):
        read_regimen(REGIMENS[0] | {"line": []}, SOURCE)
    with pytest.raises(Broken, match="no cycle"):
        read_regimen(REGIMENS[0] | {"cycles": 0}, SOURCE)


def test_mfolfox6_over_46_hours_by_pump() -> None:
    """5-fluorouracil 2,400 mg/m² over 46 h as in the worked example 4.22."""
    regimen = read_regimen(REGIMENS[0], SOURCE)
    pump = regimen.lines[3]
    assert (pump.words, pump.over) == ("2,400 mg/m²", "46 h")


def test_every_hazardous_drug_is_on_the_list_of_hazards_and_only_those() -> None:
    hazardous = {r["code"] for r in rows("drugs") if r["hazardous"] == "yes"}
    assert hazardous == {r["drug_code"] for r in rows("hazards")}
