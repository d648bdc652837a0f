# SPDX-License-Identifier: Apache-2.0
"""Required items: what must be on file before a patient is accepted, and what is still missing."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from openinfusion.kernel.npi import is_npi as is_npi
from openinfusion.kernel.refusal import Reason


@dataclass(frozen=True, slots=True)
class ItemRule:
    """One item: how it is met (``met_by``: order, chart facts, a lab, a line, a record, or simply received on paper).

    ``clinical``: needed before the pharmacist accepts; all items are needed before acceptance.
    """

    code: str
    label: str
    met_by: str
    wanted: tuple[str, ...] = ()
    clinical: bool = False


@dataclass(frozen=True, slots=True)
class OnFile:
    """What is there for one referral."""

    order_complete: bool
    diagnosis: bool
    prescriber_npi: bool
    allergies: bool
    address: bool
    phone: bool
    coverage: bool
    benefits: bool
    home: bool
    assessment: bool
    authorized: bool
    measurements: frozenset[str]
    labs: frozenset[str]
    lines: frozenset[str]
    consents: frozenset[str]
    received: frozenset[str]


@dataclass(frozen=True, slots=True)
class Item:
    """One required item of one referral, and whether it is there."""

    code: str
    label: str
    there: bool
    clinical: bool
    by_hand: bool


def is_met(rule: ItemRule, file: OnFile) -> bool:
    """Whether the item is on file; anything may also simply have been received, except what the chart must hold."""
    if rule.met_by == "received":
        return rule.code in file.received
    if rule.met_by == "lab":
        return bool(file.labs & set(rule.wanted)) or rule.code in file.received
    if rule.met_by in ("measurements", "lines"):
        held: frozenset[str] = getattr(file, rule.met_by)
        return bool(held & set(rule.wanted)) if rule.wanted else bool(held)
    if rule.met_by == "consents":
        return set(rule.wanted) <= file.consents
    return bool(getattr(file, rule.met_by))


def judge(codes: Iterable[str], rules: Mapping[str, ItemRule], file: OnFile) -> tuple[Item, ...]:
    """Every required item in order, each once; an item without a rule must be received by hand."""
    found = []
    for code in dict.fromkeys(codes):
        rule = rules.get(code) or ItemRule(code, code.replace("_", " "), "received")
        by_hand = rule.met_by in ("received", "lab")
        found.append(Item(code, rule.label, is_met(rule, file), rule.clinical, by_hand))
    return tuple(found)


def missing(items: Iterable[Item], *, clinical_only: bool = False) -> tuple[str, ...]:
    return tuple(i.label for i in items if not i.there and (i.clinical or not clinical_only))


def reason_against(lacking: tuple[str, ...]) -> Reason | None:
    if not lacking:
        return None
    return Reason("items-missing", f"still missing: {', '.join(lacking)}", "record or receive them")


def age_in_days(received_on: date, today: date) -> int:
    return (today - received_on).days
