# SPDX-License-Identifier: Apache-2.0
"""Every word that a pharmacist reads of a scenario's findings, and what each rests on, against the file beside this test.

A wording is changed on purpose: run this test once with WRITE_FINDINGS=1 and read the difference before it is committed. An
answer given to a finding dies with its evidence, so a changed line of evidence is a change for everybody who has answered.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from openinfusion.clinical.domain.checks import judge
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.finding import Finding
from openinfusion.clinical.domain.scenario import scenarios
from openinfusion.clinical.domain.side_chain import SideChainRow

FILE = Path(__file__).parent / "findings_as_read.txt"
ROWS = Path(__file__).parents[3] / "src" / "openinfusion" / "catalog" / "data" / "side_chains.csv"
with ROWS.open(encoding="utf-8") as file:
    SIDE_CHAINS = tuple(SideChainRow(r["group"], r["ingredient"], r["likeness"]) for r in csv.DictReader(file))


def variants(facts: Facts) -> Iterator[tuple[str, Facts]]:
    """The scenario as it stands, with nothing known of the patient, by each other route, for a child, and much later."""
    yield "", facts
    patient, order = facts.patient, facts.order
    unknown = replace(
        patient, allergy_state="not_recorded", allergies=(), age_years=None, age_days=None, sex="", weight_kg=None, height_cm=None,
        serum_creatinine=None, crcl_ml_per_min=None, line_type="", line_tip="", conditions=(), medications=(), labs={},
    )  # fmt: skip
    yield "nothing known", replace(facts, patient=unknown)
    for route in ("SC", "IT"):
        yield f"by the route {route}", replace(facts, order=replace(order, route=route))
    yield "a child of 2 years", replace(facts, patient=replace(patient, age_years=2, age_days=800))
    yield "400 days later", replace(facts, today=facts.today + timedelta(days=400))
    for tip in ("midline", "peripheral", "enteral"):
        yield f"line ends {tip}", replace(facts, patient=replace(patient, line_type="other", line_tip=tip))
    yield "for 90 days", replace(facts, order=replace(order, days=90, last_on=order.start_on + timedelta(days=89)))
    yield "a push", replace(facts, order=replace(order, infusion_minutes=0))


def told(finding: Finding) -> Iterator[str]:
    yield f"{finding.rule} {finding.code} ({finding.tier}): {finding.title}"
    yield f"  {finding.text}"
    if finding.do:
        yield f"  do: {finding.do}"
    yield f"  rests on: {' | '.join(finding.evidence) or 'nothing'}; source: {finding.source or 'none'}"
    if not finding.sends_back:
        yield "  sends no order back"


def test_every_finding_of_the_scenarios_is_worded_as_it_was_read() -> None:
    found = {
        "\n".join(told(finding)): None
        for scenario in scenarios()
        for _, facts in variants(scenario.facts(SIDE_CHAINS))
        for finding in judge(facts)
    }
    text = "\n".join(sorted(found)) + "\n"
    if os.environ.get("WRITE_FINDINGS"):
        FILE.write_text(text, encoding="utf-8")
    assert text == FILE.read_text(encoding="utf-8")
