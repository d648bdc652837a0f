# SPDX-License-Identifier: Apache-2.0
"""A payer's criteria against the chart: each met, missing or unknown, with its evidence. Never guessed.

Met: the chart shows it. Missing: it was looked for, and is not there or says otherwise. Unknown: the chart cannot say.
What a person noted stands before what was found, with the person's name.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from openinfusion.payers.events import Criterion, CriterionKind


class Standing(StrEnum):
    MET = "met"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LabSeen:
    loinc: str
    name: str
    value: Decimal
    unit: str
    on: date


@dataclass(frozen=True, slots=True)
class DrugSeen:
    """A drug the patient has or had; ``ended`` where it is known to have ended."""

    name: str
    since: date | None
    ended: date | None
    by_us: bool


@dataclass(frozen=True, slots=True)
class ChartSeen:
    """What of the chart the criteria look at, and today."""

    today: date
    age_years: int
    diagnoses: tuple[tuple[str, str], ...] = ()  # code and text
    drugs: tuple[DrugSeen, ...] = ()
    labs: tuple[LabSeen, ...] = ()  # newest first
    weight_kg: Decimal | None = None
    weighed_on: date | None = None
    dose_mg: Decimal | None = None
    papers: Mapping[str, str] = field(default_factory=dict)  # code of a paper to when and from whom
    plan: str = ""  # state of the plan of treatment; empty before there is a therapy
    plan_words: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a person said about a criterion."""

    standing: Standing
    evidence: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion, how it stands, and why."""

    code: str
    text: str
    standing: Standing
    evidence: str
    source: str
    noted_by: str = ""

    @property
    def tone(self) -> str:
        return {Standing.MET: "ok", Standing.MISSING: "crit", Standing.UNKNOWN: "warn"}[self.standing]


Said = tuple[Standing, str]


def judge(criteria: Iterable[Criterion], seen: ChartSeen, noted: Mapping[str, Noted]) -> tuple[Judged, ...]:
    """Every criterion with its standing and evidence."""
    found = []
    for c in criteria:
        source = str(c.source) if c.source else ""
        if (n := noted.get(c.code)) is not None:
            found.append(Judged(c.code, c.text, n.standing, f"{n.evidence} ({n.by}, {n.on:%d-%b-%Y})", source, n.by))
            continue
        standing, evidence = _KINDS[c.kind](c, seen)
        found.append(Judged(c.code, c.text, standing, evidence, source))
    return tuple(found)


def counted(judged: Iterable[Judged]) -> dict[Standing, int]:
    """How many stand how."""
    rows = [j.standing for j in judged]
    return {s: rows.count(s) for s in Standing}


def _diagnosis(c: Criterion, seen: ChartSeen) -> Said:
    if not seen.diagnoses:
        return Standing.UNKNOWN, "no diagnosis is recorded"
    for code, text in seen.diagnoses:
        if any(code.replace(".", "").startswith(w.replace(".", "")) for w in c.any_of):
            return Standing.MET, f"{code} {text}".strip()
    return Standing.MISSING, f"recorded: {', '.join(code for code, _ in seen.diagnoses)}"


def _tried(c: Criterion, seen: ChartSeen) -> Said:
    """A drug that ended was tried; one that is still taken, or of which no end is known, may not have failed."""
    known = [d for d in seen.drugs if any(w in d.name.lower() for w in c.any_of)]
    ended = next((d for d in known if d.ended is not None), None)
    if ended is not None:
        return Standing.MET, f"{ended.name}, ended {ended.ended:%d-%b-%Y}"
    if known:
        since = f" since {known[0].since:%d-%b-%Y}" if known[0].since else ""
        return Standing.UNKNOWN, f"{known[0].name}{since} is on the chart; whether it failed is not said"
    return Standing.MISSING, "no such drug is on the chart"


def _lab(c: Criterion, seen: ChartSeen) -> Said:
    found = [x for x in seen.labs if x.loinc in c.any_of]
    if not found:
        return Standing.MISSING, "no such value is on the chart"
    last = max(found, key=lambda x: x.on)
    words = f"{last.name} {last.value.normalize():f} {last.unit}, {last.on:%d-%b-%Y}"
    if c.within_days is not None and last.on < seen.today - timedelta(days=c.within_days):
        return Standing.MISSING, f"{words} is older than {c.within_days} days"
    if (c.low is not None or c.high is not None) and c.unit and last.unit != c.unit:
        return Standing.UNKNOWN, f"{words}; the criterion is in {c.unit}"
    if (c.low is not None and last.value < c.low) or (c.high is not None and last.value >= c.high):
        return Standing.MISSING, words
    return Standing.MET, words


def _age(c: Criterion, seen: ChartSeen) -> Said:
    fits = (c.low is None or seen.age_years >= c.low) and (c.high is None or seen.age_years < c.high)
    return (Standing.MET if fits else Standing.MISSING), f"{seen.age_years} years"


def _weight(c: Criterion, seen: ChartSeen) -> Said:
    if seen.weight_kg is None or seen.weighed_on is None:
        return Standing.MISSING, "no weight is on the chart"
    words = f"{seen.weight_kg.normalize():f} kg, {seen.weighed_on:%d-%b-%Y}"
    if c.within_days is not None and seen.weighed_on < seen.today - timedelta(days=c.within_days):
        return Standing.MISSING, f"{words} is older than {c.within_days} days"
    return Standing.MET, words


def _dose(c: Criterion, seen: ChartSeen) -> Said:
    if seen.dose_mg is None:
        return Standing.UNKNOWN, "the order's dose is not in mg"
    if seen.weight_kg is None or c.high is None:
        return Standing.UNKNOWN, "without a weight the dose for each kg is not known"
    each = seen.dose_mg / seen.weight_kg
    words = f"{each.quantize(Decimal('0.01')).normalize():f} mg/kg"
    return (Standing.MET if each <= c.high else Standing.MISSING), words


def _document(c: Criterion, seen: ChartSeen) -> Said:
    for code in c.any_of:
        if code in seen.papers:
            return Standing.MET, seen.papers[code]
    return Standing.MISSING, "it has not been received"


def _plan(c: Criterion, seen: ChartSeen) -> Said:
    if not seen.plan:
        return Standing.UNKNOWN, "the plan of treatment is written once the patient is accepted"
    return (Standing.MET if seen.plan == "signed" else Standing.MISSING), seen.plan_words or seen.plan.replace("_", " ")


def _said(c: Criterion, seen: ChartSeen) -> Said:
    return Standing.UNKNOWN, "the chart cannot say; a person notes it with its evidence"


_KINDS: dict[CriterionKind, Callable[[Criterion, ChartSeen], Said]] = {
    CriterionKind.DIAGNOSIS: _diagnosis, CriterionKind.TRIED: _tried, CriterionKind.LAB: _lab, CriterionKind.AGE: _age,
    CriterionKind.WEIGHT: _weight, CriterionKind.DOSE: _dose, CriterionKind.DOCUMENT: _document, CriterionKind.PLAN: _plan,
    CriterionKind.SAID: _said,
}
