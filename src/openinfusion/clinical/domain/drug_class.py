# SPDX-License-Identifier: Apache-2.0
"""The words by which rows speak of a drug: its ingredients, its code and name, and the classes of data/classes.toml."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from openinfusion.clinical.domain.facts import Medication, OrderedDrug
from openinfusion.clinical.domain.figures import read_rows

ANY = "any"  # a row that says so speaks of every drug
_REMEMBERED = 8192


def word(text: str) -> str:
    """An ingredient as rows write it: small letters, everything between them an underscore."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


@cache
def _members() -> dict[str, frozenset[str]]:
    """The classes an ingredient belongs to, by ingredient."""
    found: dict[str, set[str]] = {}
    for name, row in read_rows("classes.toml")["class"].items():
        for member in row.get("members", ()):
            found.setdefault(member, set()).add(name)
    return {member: frozenset(names) for member, names in found.items()}


@cache
def _prefixes() -> tuple[tuple[str, str], ...]:
    rows: dict[str, Any] = read_rows("classes.toml")["class"]
    return tuple((prefix, name) for name, row in rows.items() for prefix in row.get("atc", ()))


@cache
def class_names() -> frozenset[str]:
    """Every class that a row, or an imported set, may name."""
    return frozenset(read_rows("classes.toml")["class"])


def _with_classes(words: frozenset[str], atc: str) -> frozenset[str]:
    known = _members()
    by_member = {name for w in words for name in known.get(w, ())}
    by_code = {name for prefix, name in _prefixes() if atc.startswith(prefix)}
    return words | by_member | by_code


@lru_cache(maxsize=_REMEMBERED)
def terms(drug: OrderedDrug) -> frozenset[str]:
    """Every word a row may use for an ordered drug, its classes included, and ``any``."""
    own = frozenset(word(w) for w in (drug.code, drug.name, *drug.ingredients))
    return _with_classes(own, drug.atc) | {ANY}


@lru_cache(maxsize=_REMEMBERED)
def medication_terms(taken: Medication) -> frozenset[str]:
    """Every word a row may use for a medication of the home list: ingredients if known, else the words of its name."""
    if taken.ingredients:
        return _with_classes(frozenset(word(i) for i in taken.ingredients), "")
    said = [w for w in word(taken.name).split("_") if len(w) > 2 and not w.isdigit()]
    pairs = ("_".join(pair) for pair in pairwise(said))
    return _with_classes(frozenset((*said, *pairs)), "")


@lru_cache(maxsize=_REMEMBERED)
def named_in_classes(taken: Medication) -> bool:
    """Whether the starting rows know any word of this medication."""
    return bool(medication_terms(taken) & _members().keys())
