# SPDX-License-Identifier: Apache-2.0
"""Drug interactions: the starting set that ships, sets that a site imports from a source it licenses, and how pairs meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product

from openinfusion.clinical.domain.figures import read_rows, source_of
from openinfusion.clinical.domain.finding import Tier
from openinfusion.kernel.standing import Source

Pair = tuple[str, str]


class Danger(StrEnum):
    """contraindicated: hard stop · serious: needs an answer · monitor: shown."""

    CONTRAINDICATED = "contraindicated"
    SERIOUS = "serious"
    MONITOR = "monitor"

    @property
    def tier(self) -> Tier:
        return {"contraindicated": Tier.HARD, "serious": Tier.SOFT, "monitor": Tier.INFO}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One pair of ingredients or classes. Ages are days from birth: ``from_days`` included, ``below_days`` not."""

    code: str
    left: str
    right: str
    danger: Danger
    effect: str
    do: str
    source: Source
    set_name: str
    intravenous: bool = False  # only where both are given into a vein
    from_days: int | None = None
    below_days: int | None = None

    @property
    def pair(self) -> Pair:
        return pair_of(self.left, self.right)

    @property
    def by_age(self) -> bool:
        return self.from_days is not None or self.below_days is not None

    def covers(self, age_days: int | None) -> bool:
        """Whether it speaks about this age; an unknown age is not excluded."""
        if age_days is None:
            return True
        return (self.from_days or 0) <= age_days and (self.below_days is None or age_days < self.below_days)


@dataclass(frozen=True, slots=True)
class LoadedSet:
    """A source as it is loaded: its name, version and licence, how many rows, and the words it knows."""

    name: str
    version: str
    licence: str
    rows: int
    words: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.rows:,} rows)"


Pairs = Mapping[Pair, tuple[Interaction, ...]]


def pair_of(one: str, other: str) -> Pair:
    """Two words in alphabetical order: an interaction has no direction."""
    return (one, other) if one <= other else (other, one)


@cache
def starting_set() -> LoadedSet:
    """What ships with the program."""
    row, rows = read_rows("interactions.toml")["set"], starting_rows()
    words = frozenset(w for r in rows for w in r.pair)
    return LoadedSet(row["name"], row["version"], row["licence"], len(rows), words)


@cache
def starting_rows() -> tuple[Interaction, ...]:
    data = read_rows("interactions.toml")
    sources = {name: source_of(row) for name, row in data["sources"].items()}
    return tuple(
        Interaction(
            code=f"interaction-{row['code']}",
            left=row["left"],
            right=row["right"],
            danger=Danger(row["tier"]),
            effect=row["effect"],
            do=row["do"],
            source=sources[row["source"]],
            set_name=data["set"]["name"],
            intravenous=row.get("intravenous", False),
            from_days=row.get("from_days"),
            below_days=row.get("below_days"),
        )
        for row in data["row"]
    )


def by_pair(rows: Iterable[Interaction]) -> dict[Pair, tuple[Interaction, ...]]:
    """Rows by their two words."""
    found: dict[Pair, tuple[Interaction, ...]] = {}
    for row in rows:
        found[row.pair] = (*found.get(row.pair, ()), row)
    return found


@cache
def _starting() -> dict[Pair, tuple[Interaction, ...]]:
    return by_pair(starting_rows())


@cache
def _partners() -> frozenset[str]:
    return starting_set().words


def meeting(one: frozenset[str], other: frozenset[str], imported: Pairs) -> Iterator[Interaction]:
    """Every row, of the starting set and of the imported ones, that speaks about two drugs with these words."""
    known = _partners()
    for pair in {pair_of(a, b) for a, b in product(one & known, other & known)}:
        yield from _starting().get(pair, ())
    if imported:
        for pair in {pair_of(a, b) for a, b in product(one, other)}:
            yield from imported.get(pair, ())
