# SPDX-License-Identifier: Apache-2.0
"""One row of data that speaks about some drugs: what it looks at stands in ``more``, what it says in words beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from openinfusion.clinical.domain.figures import read_rows, source_of
from openinfusion.clinical.domain.finding import Tier
from openinfusion.kernel.standing import Source

_OWN = frozenset({"code", "drugs", "tier", "title", "text", "do", "source"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """A dated, sourced row. ``more`` holds the figures of its kind: numbers as text, words as tuples."""

    code: str
    drugs: frozenset[str]
    tier: Tier
    title: str
    text: str
    do: str
    source: Source
    more: Mapping[str, Any]

    def number(self, name: str) -> Decimal | None:
        """A figure of this row; None where the row does not set it."""
        value = self.more.get(name)
        return None if value is None else Decimal(value)

    def whole(self, name: str) -> int | None:
        value = self.more.get(name)
        return None if value is None else int(value)

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(self.more.get(name, ()))

    def word(self, name: str) -> str:
        return str(self.more.get(name, ""))


@cache
def cautions(file: str) -> tuple[Caution, ...]:
    """Every row of a file of this room's data."""
    data = read_rows(file)
    sources = {name: source_of(row) for name, row in data["sources"].items()}
    return tuple(_caution(row, sources) for row in data["row"])


def _caution(row: Mapping[str, Any], sources: Mapping[str, Source]) -> Caution:
    return Caution(
        code=row["code"],
        drugs=frozenset(row.get("drugs", ())),
        tier=Tier(row.get("tier", Tier.SOFT.value)),
        title=row.get("title", ""),
        text=row.get("text", ""),
        do=row.get("do", ""),
        source=sources[row["source"]],
        more={name: value for name, value in row.items() if name not in _OWN},
    )


@lru_cache(maxsize=8192)
def cautions_for(file: str, terms: frozenset[str]) -> tuple[Caution, ...]:
    """The rows of a file that speak about a drug with these words."""
    return tuple(row for row in cautions(file) if row.drugs & terms)
