# SPDX-License-Identifier: Apache-2.0
"""Scenario examples of the checks: facts in few words, and what must be found. They are tests and pages of the manual."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from openinfusion.clinical.domain.facts import (
    Facts,
    Figure,
    KnownAllergy,
    LabResult,
    Medication,
    OrderedDrug,
    OrderFacts,
    OtherOrder,
    PatientFacts,
    StabilityLimits,
)
from openinfusion.clinical.domain.purpose import purpose_of
from openinfusion.clinical.domain.side_chain import SideChainRow
from openinfusion.kernel.quantity import Quantity, parse_decimal, unit

TODAY = date(2026, 11, 20)  # the day on which the scenarios play
_FILE = Path(__file__).parent / "examples" / "scenarios.toml"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One example: what is given, which check is asked, and the codes with tiers it must find (none: it passes)."""

    id: str
    rule: str
    text: str
    given: Mapping[str, Any]
    expected: tuple[tuple[str, str], ...]
    source: str

    def facts(self, side_chains: tuple[SideChainRow, ...] = ()) -> Facts:
        return facts_of(self.given, side_chains)


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Every scenario of examples/scenarios.toml."""
    with _FILE.open("rb") as file:
        rows = tomllib.load(file)["scenario"]
    return tuple(
        Scenario(r["id"], r["rule"], r["text"], r["given"], tuple((c, t) for c, t in r.get("expected", ())), r["source"])
        for r in rows
    )


def facts_of(given: Mapping[str, Any], side_chains: tuple[SideChainRow, ...] = ()) -> Facts:
    """The facts a scenario means; what it does not say is an adult with a PICC, 70 kg, and no allergies."""
    days = int(given.get("days", 14))
    order = OrderFacts(
        drug=_drug(given["drug"]), dose=_amount(given.get("dose", "1000 mg")), doses_per_day=Decimal(given.get("per_day", "1")),
        route=given.get("route", "IV"), infusion_minutes=int(given.get("minutes", 60)), days=days, start_on=TODAY,
        last_on=TODAY + timedelta(days=days - 1), osmolarity_mosm_per_l=given.get("osmolarity"),
        purpose=purpose_of(_drug(given["drug"]).code),
    )
    return Facts(
        today=TODAY, order=order, patient=_patient(given), others=tuple(_other(o) for o in given.get("others", ())),
        side_chains=side_chains, stability=StabilityLimits(hours=240), supply_days=7,
    )


def _patient(given: Mapping[str, Any]) -> PatientFacts:
    allergies = tuple(KnownAllergy(substance=s, reaction=r) for s, r in given.get("allergies", ()))
    age_days = int(given.get("age_days", 21_000))
    labs: dict[str, tuple[LabResult, ...]] = {}
    for loinc, value, kind, ago in given.get("labs", ()):
        result = LabResult(loinc, loinc, Decimal(value), kind, TODAY - timedelta(days=ago))
        labs[loinc] = (*labs.get(loinc, ()), result)
    return PatientFacts(
        allergy_state="recorded" if allergies else "none_known", allergies=allergies, age_years=age_days * 4 // 1461,
        age_days=age_days, weight_kg=Figure(value=Decimal(70), on=TODAY), line_type="line", line_tip=given.get("tip", "central"),
        lumens=int(given.get("lumens", 1)), conditions=tuple((c, t) for c, t in given.get("conditions", ())),
        medications=tuple(Medication(name=m) for m in given.get("medications", ())), labs=labs,
    )


def _amount(text: str) -> Quantity:
    number, _, kind = text.partition(" ")
    return Quantity(parse_decimal(number), unit(kind))


def _drug(said: str) -> OrderedDrug:
    """A drug in one line: "vancomycin J01XA01", "heparin_lock B01AB01 heparin" (code, ATC, ingredients)."""
    code, atc, *ingredients = (*said.split(), "")[:2] if len(said.split()) < 3 else said.split()
    words = frozenset(i for i in ingredients if i) or frozenset({code})
    return OrderedDrug(code=code, name=code.replace("_", " "), atc=atc, ingredients=words)


def _other(said: str) -> OtherOrder:
    drug = _drug(said)
    return OtherOrder(
        number="OTHER-01", drug=drug, start_on=TODAY, last_on=TODAY + timedelta(days=13), route="IV",
        purpose=purpose_of(drug.code), daily_minutes=Decimal(60),
    )
