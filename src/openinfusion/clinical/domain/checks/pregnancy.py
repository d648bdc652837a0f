# SPDX-License-Identifier: Apache-2.0
"""Pregnancy and lactation: from what is recorded; where nobody asked, the answer is asked for (clinical specification 6.9)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from openinfusion.clinical.domain.caution import Caution, cautions_for
from openinfusion.clinical.domain.condition import Conditions, plain
from openinfusion.clinical.domain.drug_class import terms
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.figures import read_rows
from openinfusion.clinical.domain.finding import Finding, Tier


class Status(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"
    CONTRADICTS = "contradicts"  # a recorded condition says yes, the newest answer no


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands, and on what: the words of the answer, if one was asked for."""

    status: Status
    told: str = ""


@cache
def _table() -> dict[str, Any]:
    return read_rows("pregnancy_status.toml")


def status_of(conditions: Conditions, what: str) -> Status:
    """Whether what is on record says ``pregnant`` or ``lactating``, says no, or says nothing."""
    row = _table()[what]
    if any(_says(c, row["not_codes"], row["not_words"]) for c in conditions):
        return Status.NO
    if any(_says(c, row["codes"], row["words"]) for c in conditions):
        return Status.YES
    return Status.NOT_ASKED


_ABOUT = {"pregnant": "pregnancy", "lactating": "lactation"}


def standing(facts: Facts, what: str) -> Standing:
    """What the patient said leads while it is fresh; conditions on record speak where nobody asked or it is long ago."""
    recorded = status_of(facts.patient.conditions, what)
    answer = next((a for a in facts.patient.asked if a.about == _ABOUT[what]), None)
    if answer is None or answer.said == "not_asked" or answer.on is None:
        return Standing(recorded)
    told = f"asked {answer.on:%d-%b-%Y}: {answer.said}"
    if answer.said == "yes":
        return Standing(Status.YES, told)
    days = (facts.today - answer.on).days
    fresh = answer.said == "impossible" or (answer.said == "no" and days <= _table()["asked"]["no_holds_days"])
    if not fresh:
        return Standing(recorded, f"{told}, {days} days ago" if answer.said == "no" else told)
    return Standing(Status.CONTRADICTS if recorded is Status.YES else Status.NO, told)


@lru_cache(maxsize=8192)
def _plain_words(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain(w) for w in words)


def _says(condition: tuple[str, str], codes: list[str], words: list[str]) -> bool:
    code, text = condition
    said = plain(text)
    return bool(code and code.startswith(tuple(codes))) or any(w in said for w in _plain_words(tuple(words)))


def check_pregnancy(facts: Facts) -> list[Finding]:
    """What is on record against the rows of this drug."""
    drug = facts.order.drug
    rows = cautions_for("pregnancy.toml", terms(drug))
    found = [f for row in rows for f in (*_pregnant(row, facts), *_lactating(row, facts))]
    told = f"{len(rows)} row(s) about this drug looked at" if rows else "No row about this drug is on file"
    return found or [Finding(rule="pregnancy", code="pregnancy-passed", tier=Tier.PASSED, text=f"{told}.",
                             title="Nothing about pregnancy or lactation", evidence=(drug.code,))]


def _pregnant(row: Caution, facts: Facts) -> list[Finding]:
    tier, stands = row.word("pregnant"), standing(facts, "pregnant")
    status = stands.status
    if status is Status.YES:
        return [_finding(row, facts, Tier(tier), "Pregnant", "pregnant")]
    if status is Status.CONTRADICTS and tier != Tier.INFO.value:
        return [_contradicts(row, facts, stands, "Pregnancy")]
    if status is not Status.NOT_ASKED or tier == Tier.INFO.value or not _of_age(facts):
        return []
    male = facts.patient.sex.lower() == "male"
    return [Finding(
        rule="pregnancy", code="pregnancy-not-asked", tier=Tier.INFO if male else Tier.SOFT,
        title="Pregnancy status was not asked",
        text=f"{row.text} {_nothing(stands)}{', and the recorded sex is no answer' if male else ''}.",
        do="ask, and record the answer on the chart", evidence=(facts.order.drug.code, row.code, stands.told or "not asked"),
        source=row.source,
    )]


def _nothing(stands: Standing) -> str:
    """Why it is not known: nobody asked, the patient could not say, or it is too long ago."""
    return f"The answer does not tell ({stands.told})" if stands.told else "Nothing is on record"


def _contradicts(row: Caution, facts: Facts, stands: Standing, what: str) -> Finding:
    return Finding(
        rule="pregnancy", code=f"pregnancy-{what.lower()}-contradicts", tier=Tier.CANNOT_JUDGE,
        title=f"{what}: record and answer contradict",
        text=f"A condition on record says yes; {stands.told}. {row.text}",
        do="ask again, or mark the condition as entered in error", source=row.source,
        evidence=(facts.order.drug.code, row.code, stands.told),
    )


def _of_age(facts: Facts) -> bool:
    years, asked = facts.patient.age_years, _table()["asked"]
    return years is None or asked["from_years"] <= years < asked["below_years"]


def _lactating(row: Caution, facts: Facts) -> list[Finding]:
    tier, stands = row.word("lactating"), standing(facts, "lactating")
    if tier and stands.status is Status.CONTRADICTS and tier != Tier.INFO.value:
        return [_contradicts(row, facts, stands, "Lactation")]
    if not tier or stands.status is not Status.YES:
        return []
    return [_finding(row, facts, Tier(tier), "Lactating", "lactating")]


def _finding(row: Caution, facts: Facts, tier: Tier, title: str, status: str) -> Finding:
    return Finding(
        rule="pregnancy", code=f"{row.code}-{status}", tier=tier, title=f"{title}: {facts.order.drug.name}", text=row.text,
        do=row.do, evidence=(facts.order.drug.code, str(facts.order.dose), status), source=row.source,
    )
