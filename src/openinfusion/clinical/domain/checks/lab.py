# SPDX-License-Identifier: Apache-2.0
"""Laboratory results that speak against going on: limits, rises and falls by drug (clinical specification 6.5)."""

from __future__ import annotations

from decimal import Decimal

from openinfusion.clinical.domain.caution import Caution, cautions_for
from openinfusion.clinical.domain.condition import on_record
from openinfusion.clinical.domain.drug_class import medication_terms, terms
from openinfusion.clinical.domain.facts import Facts, LabResult
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.lab_test import name_of, results_of, unit_of, value_of
from openinfusion.kernel.quantity import rounded, shown_number

_HUNDREDTH = Decimal("0.01")


def check_lab(facts: Facts) -> list[Finding]:
    """The newest results against the limits of this drug. What was never taken is told by the monitoring check."""
    drug = facts.order.drug
    rows = cautions_for("labs.toml", terms(drug))
    found = _once([f for row in rows for f in _judged(row, facts)])
    return found or [Finding(
        rule="lab", code="lab-passed", tier=Tier.PASSED, title="No result against this drug",
        text=f"{len({r.word('test') for r in rows})} test(s) looked at where they were taken.", evidence=(drug.code,),
    )]


def _once(found: list[Finding]) -> list[Finding]:
    """A result in an unknown unit is told once, however many rows ask for it."""
    return list({f.fingerprint: f for f in found}.values())


def _judged(row: Caution, facts: Facts) -> list[Finding]:
    test, window = row.word("test"), row.whole("window_days") or 0
    results = [r for r in results_of(facts.patient.labs, test) if (facts.today - r.on).days <= window]
    if not results or not _asked(row, facts):
        return []
    values = [value_of(test, r) for r in results]
    newest = values[0]
    if newest is None:
        return [_unit_unknown(test, results[0], facts)]
    oldest, before = next((v, r) for v, r in zip(reversed(values), reversed(results), strict=True) if v is not None)
    if _outside(row, newest):
        return [_finding(row, facts, (results[0],), newest, "")]
    if _moved(row, newest, oldest):
        was = f", {_said(oldest)} on {before.on:%d-%b-%Y}"
        return [_finding(row, facts, (results[0], before), newest, was)]
    return []


def _asked(row: Caution, facts: Facts) -> bool:
    """Whether the conditions and other drugs the row asks for are there."""
    conditions, beside = row.words("conditions"), row.words("with")
    if conditions and not on_record(facts.patient.conditions, conditions):
        return False
    if not beside:
        return True
    taken = [medication_terms(m) for m in facts.patient.medications] + [terms(o.drug) for o in facts.others]
    return any(words.intersection(beside) for words in taken)


def _outside(row: Caution, value: Decimal) -> bool:
    above, below, unless = row.number("above"), row.number("below"), row.number("unless_above")
    if unless is not None and value > unless:
        return False  # a graver row speaks
    return (above is not None and value > above) or (below is not None and value < below)


def _moved(row: Caution, newest: Decimal, oldest: Decimal) -> bool:
    rise, ratio, fall = row.number("rise"), row.number("rise_ratio"), row.number("fall_share")
    return (
        (rise is not None and newest - oldest >= rise)
        or (ratio is not None and oldest > 0 and newest / oldest >= ratio)
        or (fall is not None and oldest > 0 and (oldest - newest) / oldest >= fall)
    )


def _finding(row: Caution, facts: Facts, used: tuple[LabResult, ...], value: Decimal, was: str) -> Finding:
    test = row.word("test")
    return Finding(
        rule="lab", code=row.code, tier=row.tier, title=row.title, source=row.source, do=row.do,
        text=f"{name_of(test).capitalize()} {_said(value)} {unit_of(test)} on {used[0].on:%d-%b-%Y}{was}. {row.text}",
        evidence=(facts.order.drug.code, str(facts.order.dose), *(f"{r.loinc} {r.value} {r.on}" for r in used)),
    )


def _unit_unknown(test: str, result: LabResult, facts: Facts) -> Finding:
    return Finding(
        rule="lab", code="lab-unit", tier=Tier.CANNOT_JUDGE, title=f"{name_of(test).capitalize()} is in an unknown unit",
        text=f"{_said(result.value)} “{result.unit}”; the limits are in {unit_of(test)}.",
        do="ask the laboratory for the unit and record it again",
        evidence=(facts.order.drug.code, f"{result.loinc} {result.value} {result.unit} {result.on}"),
    )


def _said(value: Decimal) -> str:
    return shown_number(rounded(value, _HUNDREDTH))
