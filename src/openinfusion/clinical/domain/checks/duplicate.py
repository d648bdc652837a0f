# SPDX-License-Identifier: Apache-2.0
"""Duplicate therapy: the same ingredient or the same class at the same time (clinical specification 6.3)."""
from __future__ import annotations

from openinfusion.clinical.domain.drug_class import medication_terms, word
from openinfusion.clinical.domain.facts import Facts, OrderedDrug, OtherOrder
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.purpose import EXEMPT, diluents

_ATC4, _ATC3 = 5, 4  # characters of an ATC code that name a chemical subgroup and a pharmacological subgroup


def check_duplicate(facts: Facts) -> list[Finding]:
    """What other running orders of the patient, and the home list, say against this one."""
    order, found = facts.order, []
    for other in facts.others:
        days = other.overlap_days(order)
        exempt = other.purpose in EXEMPT or order.purpose in EXEMPT
        if days and not exempt and (finding := _compare(order.drug, other, days)):
            found.append(finding)
    found += _home_list(facts)
    return found or [Finding(
        rule="duplicate", code="duplicate-passed", tier=Tier.PASSED, title="No duplicate therapy",
        text=f"{len(facts.others)} other order(s) of this patient looked at.",
    )]


def _compare(drug: OrderedDrug, other: OtherOrder, days: int) -> Finding | None:
    handover = days <= figure("handover_days").value  # one ends as the other begins
    if drug.code == other.drug.code or (drug.ingredients & other.drug.ingredients) - diluents():
        return _finding("duplicate-same-drug", Tier.SOFT if handover else Tier.HARD, drug, other, "the same drug")
    level = _shared(drug.atc, other.drug.atc)
    if level >= _ATC4:
        tier = Tier.INFO if handover else Tier.SOFT
        return _finding("duplicate-same-class", tier, drug, other, f"the same class {drug.atc[:_ATC4]}")
    if level >= _ATC3:
        return _finding("duplicate-same-group", Tier.INFO, drug, other, f"the same group {drug.atc[:_ATC3]}")
    return None


def _shared(one: str, other: str) -> int:
    """How many leading characters two ATC codes share."""
    for n, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return n
    return min(len(one), len(other))


def _finding(code: str, tier: Tier, drug: OrderedDrug, other: OtherOrder, shared: str) -> Finding:
    return Finding(
        rule="duplicate", code=code, tier=tier, title=f"Duplicate of {other.drug.name}",
        text=f"{drug.name} and {other.drug.name} ({other.number}, {other.start_on:%d-%b-%Y} to "
             f"{other.last_on:%d-%b-%Y}) are {shared}.",
        do="discontinue or shorten one of the two",
        evidence=(drug.code, other.number, other.drug.code, other.start_on.isoformat(), other.last_on.isoformat()),
    )


def _home_list(facts: Facts) -> list[Finding]:
    """The same ingredient taken at home: step-down by mouth, or twice the dose."""
    drug = facts.order.drug
    own = (frozenset(word(i) for i in drug.ingredients) | {word(drug.code)}) - diluents()
    if facts.order.purpose in EXEMPT:
        return []
    return [
        Finding(
            rule="duplicate", code="duplicate-home-list", tier=Tier.SOFT, title=f"{m.name} is on the home list",
            text=f"{drug.name} is ordered and {m.name} is taken at home.", do="ask whether the one at home is to stop",
            evidence=(drug.code, m.name),
        )
        for m in facts.patient.medications if own & medication_terms(m)
    ]
