# SPDX-License-Identifier: Apache-2.0
"""Drugs to avoid or to think about with low kidney function, beyond the dose bands of the catalog."""

from __future__ import annotations

from openinfusion.clinical.domain.caution import Caution, cautions_for
from openinfusion.clinical.domain.drug_class import terms
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.finding import Finding, Tier


def check_renal(facts: Facts) -> list[Finding]:
    """The creatinine clearance against the rows of this drug."""
    drug, crcl = facts.order.drug, facts.patient.crcl_ml_per_min
    rows = cautions_for("renal.toml", terms(drug))
    if rows and crcl is None:
        return [Finding(
            rule="renal", code="renal-unknown", tier=Tier.CANNOT_JUDGE, title="Kidney function is not known",
            text="There is a caution about this drug, and the clearance cannot be computed from what is recorded.",
            do="record a serum creatinine, weight and height", evidence=(drug.code,), source=rows[0].source,
        )]
    found = [_finding(row, facts) for row in rows if crcl and crcl.value < (row.number("crcl_below") or 0)]
    told = f"{len(rows)} row(s) about this drug looked at" if rows else "No kidney caution beyond the dose bands is on file"
    return found or [Finding(rule="renal", code="renal-passed", tier=Tier.PASSED, title="No kidney caution",
                             text=f"{told}.", evidence=(drug.code,))]


def _finding(row: Caution, facts: Facts) -> Finding:
    patient = facts.patient
    crcl = patient.crcl_ml_per_min.method or f"{patient.crcl_ml_per_min.value} mL/min" if patient.crcl_ml_per_min else ""
    return Finding(
        rule="renal", code=row.code, tier=row.tier, title=row.title, text=f"{crcl}. {row.text}", do=row.do,
        evidence=(facts.order.drug.code, str(facts.order.dose), *kidney_evidence(facts)), source=row.source,
    )


def kidney_evidence(facts: Facts) -> tuple[str, ...]:
    """What a clearance rests on: creatinine and its day, weight and height. Not the age, which moves by itself."""
    p = facts.patient
    creatinine = p.serum_creatinine
    taken = f"{creatinine.value} {creatinine.on}" if creatinine else ""
    return (taken, str(p.weight_kg.value) if p.weight_kg else "", str(p.height_cm.value) if p.height_cm else "")
