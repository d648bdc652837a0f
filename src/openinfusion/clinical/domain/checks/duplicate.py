# SPDX-License-Identifier: Apache-2.0
"""Duplicate therapy: the same ingredient or the same class at the same time (clinical specification 6.3)."""
from __future__ import annotations

from openinfusion.clinical.domain.facts import Facts, OrderedDrug, OtherOrder
from openinfusion.clinical.domain.finding import Finding, Tier

_EXEMPT = frozenset({"flush", "line_lock", "diluent", "rescue"})
_ATC4, _ATC3 = 5, 4  # characters of an ATC code that name a chemical subgroup and a pharmacological subgroup


def check_duplicate(facts: Facts) -> list[Finding]:
    """What other running orders of the patient say against this one."""
    order = facts.order
    found = []
    for other in facts.others:
        overlap = other.start_on <= order.last_on and order.start_on <= other.last_on
        if overlap and other.purpose not in _EXEMPT and (finding := _compare(order.drug, other)):
            found.append(finding)
    return found or [Finding(
        rule="duplicate", code="duplicate-passed", tier=Tier.PASSED, title="No duplicate therapy",
        text=f"{len(facts.others)} other order(s) of this patient looked at.",
    )]


def _compare(drug: OrderedDrug, other: OtherOrder) -> Finding | None:
    if drug.code == other.drug.code or drug.ingredients & other.drug.ingredients:
        return _finding("duplicate-same-drug", Tier.HARD, drug, other, "the same drug")
    level = _shared(drug.atc, other.drug.atc)
    if level >= _ATC4:
        return _finding("duplicate-same-class", Tier.SOFT, drug, other, f"the same class {drug.atc[:_ATC4]}")
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
        do="discontinue or shorten one of the two", evidence=(drug.code, other.number, other.drug.code),
    )
