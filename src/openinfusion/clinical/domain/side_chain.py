# SPDX-License-Identifier: Apache-2.0
"""Beta-lactam side chains: which drugs share an R1 group, which resemble one another, which share nothing."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from openinfusion.clinical.domain.figures import read_rows, source_of
from openinfusion.kernel.standing import Source


class Kinship(StrEnum):
    IDENTICAL = "identical"
    SIMILAR = "similar"
    DISSIMILAR = "dissimilar"


@dataclass(frozen=True, slots=True)
class SideChainRow:
    """One row of the catalog: an ingredient, its R1 group, and whether its chain is identical or similar to it."""

    group: str
    ingredient: str
    likeness: str

    @property
    def name(self) -> str:
        return self.ingredient.replace("_", " ").lower()


Rows = Sequence[SideChainRow]


@cache
def _table() -> dict[str, Any]:
    return read_rows("reactions.toml")


@cache
def side_chain_source() -> Source:
    return source_of(_table()["source"])


def kinship(one: str, other: str, rows: Rows) -> Kinship:
    """How closely two beta-lactams are related by R1."""
    mine = {r.group: r.likeness for r in rows if r.name == one}
    theirs = {r.group: r.likeness for r in rows if r.name == other}
    shared = mine.keys() & theirs.keys()
    if any(mine[g] == theirs[g] == Kinship.IDENTICAL.value for g in shared):
        return Kinship.IDENTICAL
    return Kinship.SIMILAR if shared else Kinship.DISSIMILAR


def beta_lactam_in(text: str, rows: Rows) -> str:
    """The name of a beta-lactam that stands in a text, the longest first; empty if none does."""
    words = text.replace("_", " ").lower()
    return next((known for known in _names(tuple(rows)) if known in words), "")


@lru_cache(maxsize=8)
def _names(rows: tuple[SideChainRow, ...]) -> tuple[str, ...]:
    """Every beta-lactam the rows know, the longest first."""
    known = {r.name for r in rows} | set(_table()["unique"]["members"])
    return tuple(sorted(known, key=lambda name: (-len(name), name)))


def immediate(reaction: str) -> bool:
    """Whether the words tell of an immediate (IgE) reaction."""
    return _tells("immediate", reaction)


def severe_delayed(reaction: str) -> bool:
    """Whether the words tell of a severe delayed reaction, after which every beta-lactam is avoided."""
    return _tells("severe_delayed", reaction)


def _tells(kind: str, reaction: str) -> bool:
    said = reaction.lower()
    whole = set(said.replace(",", " ").replace("/", " ").replace(";", " ").split())
    return any(w in whole if len(w) <= 4 else w in said for w in _table()["severity"][kind])
