# SPDX-License-Identifier: Apache-2.0
"""Interactions with other orders and with the home list, in three tiers (clinical specification 6.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openinfusion.clinical.domain.drug_class import ANY, medication_terms, named_in_classes, terms, word
from openinfusion.clinical.domain.facts import Facts, Medication
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.interaction import Danger, Interaction, meeting, starting_set

_RANK = {danger: n for n, danger in enumerate(Danger)}


@dataclass(frozen=True, slots=True)
class _Taken:
    """Something else the patient gets: its name, its words, and whether it goes into a vein."""

    name: str
    words: frozenset[str]
    intravenous: bool


def check_interaction(facts: Facts) -> list[Finding]:
    """What the loaded sets say about this drug beside everything else the patient gets."""
    drug, found = facts.order.drug, []
    mine = terms(drug) - {ANY}
    own = frozenset(word(i) for i in drug.ingredients) | {word(drug.code)}
    for taken in _others(facts):
        if not own & taken.words:  # the same drug twice is a duplicate
            found += _between(facts, mine, taken)
    unknown = sorted({m.name for m in facts.patient.medications if not _known(m, facts)})
    if unknown:
        found.append(_unknown(facts, unknown))
    return found or [_passed(facts)]


def _others(facts: Facts) -> Iterator[_Taken]:
    for other in facts.others:
        if other.overlap_days(facts.order):
            yield _Taken(other.drug.name, terms(other.drug) - {ANY}, other.intravenous)
    for medication in facts.patient.medications:
        yield _Taken(medication.name, medication_terms(medication), False)


def _between(facts: Facts, mine: frozenset[str], taken: _Taken) -> list[Finding]:
    both = facts.order.intravenous and taken.intravenous
    rows = {
        r.code + r.set_name: r
        for r in meeting(mine, taken.words, facts.interactions)
        if r.covers(facts.patient.age_days) and (both or not r.intravenous)
    }
    if not rows:
        return []
    worst = min(_RANK[r.danger] for r in rows.values())
    return [_finding(facts, taken, rows[key]) for key in sorted(rows) if _RANK[rows[key].danger] == worst]


def _finding(facts: Facts, taken: _Taken, row: Interaction) -> Finding:
    drug, unsure = facts.order.drug, row.by_age and facts.patient.age_days is None
    return Finding(
        rule="interaction",
        code=row.code,
        tier=Tier.CANNOT_JUDGE if unsure else row.danger.tier,
        title=f"{drug.name} with {taken.name}",
        text=f"{row.effect[:1].upper()}{row.effect[1:]} ({row.danger.value}; {row.set_name}).",
        do=row.do,
        evidence=(drug.code, str(facts.order.dose), taken.name, row.code, row.danger.value, row.set_name),
        source=row.source,
    )


def _known(taken: Medication, facts: Facts) -> bool:
    """Whether any loaded set can speak of it: it is in the catalog, in the starting set, or in an imported one."""
    words = medication_terms(taken)
    in_sets = any(words & s.words for s in (starting_set(), *facts.interaction_sets))
    return bool(taken.ingredients) or in_sets or named_in_classes(taken)


def _unknown(facts: Facts, names: list[str]) -> Finding:
    return Finding(
        rule="interaction",
        code="interaction-not-judged",
        tier=Tier.CANNOT_JUDGE,
        title="Interactions not judged for part of the home list",
        text=f"No loaded set knows {', '.join(names)}. Loaded: {sets_said(facts)}.",
        do="look the pairs up in a source you name",
        evidence=(facts.order.drug.code, *names),
    )


def sets_said(facts: Facts) -> str:
    """The loaded sets, in words."""
    return "; ".join(str(s) for s in (starting_set(), *facts.interaction_sets))


def _passed(facts: Facts) -> Finding:
    looked = len(facts.others) + len(facts.patient.medications)
    return Finding(
        rule="interaction",
        code="interaction-passed",
        tier=Tier.PASSED,
        title="No interaction in the loaded sets",
        text=f"{looked} other drug(s) looked at. Loaded: {sets_said(facts)}; a pair that is in no set has not been judged.",
    )
