# SPDX-License-Identifier: Apache-2.0
"""A drug as the pharmacy thinks of it, and finding the one drug that a text or a code means."""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source


class TherapyClass(StrEnum):
    ANTIBIOTIC = "antibiotic"
    ANTIVIRAL = "antiviral"
    ANTIFUNGAL = "antifungal"
    CHEMOTHERAPY = "chemotherapy"
    IMMUNE_GLOBULIN = "immune_globulin"
    BIOLOGIC = "biologic"
    PARENTERAL_NUTRITION = "parenteral_nutrition"
    ENTERAL = "enteral"
    HYDRATION = "hydration"
    IRON = "iron"
    PAIN = "pain"
    INOTROPE = "inotrope"
    FACTOR = "factor"
    DIURETIC = "diuretic"
    STEROID = "steroid"
    ANCILLARY = "ancillary"


class Route(StrEnum):
    IV = "IV"
    SC = "SC"
    IM = "IM"
    INTRATHECAL = "intrathecal"
    EPIDURAL = "epidural"
    ENTERAL = "enteral"


@dataclass(frozen=True, slots=True)
class DrugFact:
    """One drug. ``vesicant`` is empty, yellow or red; ``allergy_groups`` hold classes and side-chain groups."""

    code: str
    name: str
    tall_man: str
    therapy_class: str
    routes: tuple[str, ...]
    hazardous: bool
    vesicant: str
    allergy_groups: tuple[str, ...]
    atc: str
    refrigerated: bool
    ingredients: tuple[str, ...]
    rxnorm: tuple[str, ...]
    synonyms: tuple[str, ...]
    hcpcs: str
    source: Source

    def __str__(self) -> str:
        return self.tall_man


def words(text: str) -> str:
    """A text with case and punctuation taken away, spaced: "5-FU 500 MG" → " 5 fu 500 mg "."""
    return f" {' '.join(re.findall(r'[a-z0-9.%]+', text.lower()))} "


def match(drugs: Iterable[DrugFact], text: str = "", rxnorm: str = "") -> DrugFact:
    """The one drug that the code and the text mean. Refused when none, several, or when the two disagree."""
    known = list(drugs)
    coded = {d.code: d for d in known if rxnorm and rxnorm in d.rxnorm}
    named = _named(known, text) if text.strip() else {}
    found = coded or named
    if coded and named:
        found = {code: drug for code, drug in coded.items() if code in named}
        if not found:
            raise Refused(Reason("drug-ambiguous", f"the code {rxnorm} and the text “{text}” mean different drugs"))
    if len(found) == 1:
        return next(iter(found.values()))
    told = text or f"RxNorm {rxnorm}"
    if not found:
        raise Refused(Reason("drug-unknown", f"“{told}” is no drug of this catalog", "choose the drug by hand"))
    names = ", ".join(sorted(d.name for d in found.values()))
    raise Refused(Reason("drug-ambiguous", f"“{told}” may be {names}", "choose the drug by hand"))


def _named(drugs: list[DrugFact], text: str) -> dict[str, DrugFact]:
    """The drugs whose name or synonym stands in the text; the longest name wins over those inside it."""
    said = words(text)
    hits: dict[str, int] = {}
    for drug in drugs:
        lengths = [
            len(n) for name in (drug.name, drug.code.replace("_", " "), *drug.synonyms) if (n := words(name)) in said
        ]
        if lengths:
            hits[drug.code] = max(lengths)
    longest = max(hits.values(), default=0)
    return {d.code: d for d in drugs if hits.get(d.code) == longest}
