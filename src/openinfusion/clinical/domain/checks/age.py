# SPDX-License-Identifier: Apache-2.0
"""Drugs that are wrong, or need thought, at an age. Days from birth; the dose bands by age stand in the dose range."""

from __future__ import annotations

from openinfusion.clinical.domain.caution import Caution, cautions_for
from openinfusion.clinical.domain.condition import on_record
from openinfusion.clinical.domain.drug_class import terms
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.finding import Finding, Tier


def check_age(facts: Facts) -> list[Finding]:
    """The age against the rows of this drug."""
    drug, days = facts.order.drug, facts.patient.age_days
    rows = cautions_for("ages.toml", terms(drug))
    if rows and days is None:
        return [Finding(
            rule="age", code="age-unknown", tier=Tier.CANNOT_JUDGE, title="Age is not known",
            text="There is an age caution about this drug.", do="record the birth date", evidence=(drug.code,),
            source=rows[0].source,
        )]
    found = [_finding(row, facts) for row in rows if days is not None and _covers(row, days, facts)]
    told = f"{len(rows)} row(s) about this drug looked at" if rows else "No age caution is on file for this drug"
    return found or [Finding(rule="age", code="age-passed", tier=Tier.PASSED, title="No age caution", text=f"{told}.",
                             evidence=(drug.code,))]


def _covers(row: Caution, days: int, facts: Facts) -> bool:
    below, conditions = row.whole("below_days"), row.words("conditions")
    if days < (row.whole("from_days") or 0) or (below is not None and days >= below):
        return False
    return not conditions or bool(on_record(facts.patient.conditions, conditions))


def _finding(row: Caution, facts: Facts) -> Finding:
    return Finding(
        rule="age", code=row.code, tier=row.tier, title=row.title, text=row.text, do=row.do,
        evidence=(facts.order.drug.code, str(facts.order.dose), row.code), source=row.source,
    )
