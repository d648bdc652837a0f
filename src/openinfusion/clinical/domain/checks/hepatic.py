# SPDX-License-Identifier: Apache-2.0
"""Liver cautions by drug: recorded liver disease, enzymes and bilirubin."""

from __future__ import annotations

from openinfusion.clinical.domain.caution import Caution, cautions_for
from openinfusion.clinical.domain.condition import on_record
from openinfusion.clinical.domain.drug_class import terms
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.lab_test import name_of, results_of, unit_of, value_of
from openinfusion.kernel.quantity import shown_number

_TESTS = ("alt", "bilirubin")


def check_hepatic(facts: Facts) -> list[Finding]:
    """Liver disease and liver tests against the rows of this drug."""
    drug = facts.order.drug
    rows = cautions_for("hepatic.toml", terms(drug))
    found = [f for row in rows for f in (*_by_condition(row, facts), *_by_test(row, facts))]
    told = f"{len(rows)} row(s) about this drug looked at" if rows else "No liver caution is on file for this drug"
    return found or [Finding(rule="hepatic", code="hepatic-passed", tier=Tier.PASSED, title="No liver caution",
                             text=f"{told}.", evidence=(drug.code,))]


def _by_condition(row: Caution, facts: Facts) -> list[Finding]:
    recorded = on_record(facts.patient.conditions, row.words("conditions"))
    return [_finding(row, facts, recorded[0], recorded[0])] if recorded else []


def _by_test(row: Caution, facts: Facts) -> list[Finding]:
    found = []
    for test in _TESTS:
        limit = row.number(f"{test}_above")
        results = results_of(facts.patient.labs, test)
        if limit is None or not results or (facts.today - results[0].on).days > (row.whole("window_days") or 0):
            continue
        value = value_of(test, results[0])
        seen = f"{results[0].loinc} {results[0].value} {results[0].unit} {results[0].on}"
        if value is None:
            found.append(Finding(
                rule="hepatic", code="hepatic-unit", tier=Tier.CANNOT_JUDGE, do="ask the laboratory for the unit",
                title=f"{name_of(test).capitalize()} is in an unknown unit", evidence=(facts.order.drug.code, seen),
                text=f"“{results[0].unit}”; the limit is in {unit_of(test)}.", source=row.source,
            ))
        elif value > limit:
            said = f"{name_of(test).capitalize()} {shown_number(value)} {unit_of(test)} on {results[0].on:%d-%b-%Y}"
            found.append(_finding(row, facts, said, seen))
    return found


def _finding(row: Caution, facts: Facts, said: str, seen: str) -> Finding:
    return Finding(
        rule="hepatic", code=row.code, tier=row.tier, title=row.title, text=f"{said}. {row.text}", do=row.do,
        evidence=(facts.order.drug.code, str(facts.order.dose), seen), source=row.source,
    )
