# SPDX-License-Identifier: Apache-2.0
"""What a payer wants to see before it authorizes: criteria as dated data, each of a kind that the chart can be asked about."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from openinfusion.kernel.standing import Source


class CriterionKind(StrEnum):
    DIAGNOSIS = "diagnosis"  # one of these ICD-10-CM codes, or beginnings of them
    TRIED = "tried"  # one of these drugs was tried before
    LAB = "lab"  # a value of one of these LOINC codes, not older than so many days, within bounds
    AGE = "age"  # years, from and below
    WEIGHT = "weight"  # a weight not older than so many days
    DOSE = "dose"  # at most so many mg for each kg
    DOCUMENT = "document"  # a paper that was received
    PLAN = "plan"  # the plan of treatment is signed
    SAID = "said"  # only a person can say it


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion in words, with what its kind needs to be judged."""

    code: str
    text: str
    kind: CriterionKind
    any_of: tuple[str, ...] = ()
    within_days: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """The criteria of some payers for some therapies, from a day on. Empty lists stand for all."""

    payer_codes: frozenset[str]
    payer_types: frozenset[str]
    classes: frozenset[str]
    drugs: frozenset[str]
    source: Source
    criteria: tuple[Criterion, ...]
    code: str = ""  # the same in all versions

    def speaks_of(self, payer_code: str, payer_type: str, therapy_class: str, drug_code: str) -> bool:
        return (
            (not self.payer_codes or payer_code in self.payer_codes)
            and (not self.payer_types or payer_type in self.payer_types)
            and (not self.classes or therapy_class in self.classes)
            and (not self.drugs or drug_code in self.drugs)
        )


def criteria_for(
    sets: Iterable[CriteriaSet], payer_code: str, payer_type: str, therapy_class: str, drug_code: str, on: date,
) -> tuple[Criterion, ...]:
    """Every criterion that is asked on a day, each code once: what names the drug stands before what names its class."""
    fitting = [
        s for s in sets
        if s.source.effective_from <= on and s.speaks_of(payer_code, payer_type, therapy_class, drug_code)
    ]
    fitting.sort(key=lambda s: (bool(s.drugs), bool(s.payer_codes), s.source.effective_from), reverse=True)
    found: dict[str, Criterion] = {}
    for one in fitting:
        for criterion in one.criteria:
            found.setdefault(criterion.code, criterion)
    return tuple(found.values())
