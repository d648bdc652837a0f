# SPDX-License-Identifier: Apache-2.0
"""The limit of a whole life: what was given here and elsewhere, and what the next cycle adds, against the drug's limit."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from openinfusion.calculations.public import lifetime_limit
from openinfusion.clinical.domain.figures import figure, read_rows, source_of
from openinfusion.kernel.quantity import rounded, shown_number
from openinfusion.kernel.standing import Source

_TENTH = Decimal("0.1")
MG_M2, UNITS = "mg/m2", "units"


class LifetimeVerdict(StrEnum):
    WITHIN = "within"
    NEAR = "near"
    BEYOND = "beyond"
    CANNOT_JUDGE = "cannot_judge"

    @property
    def tone(self) -> str:
        return {"within": "ok", "near": "warn", "beyond": "crit", "cannot_judge": "warn"}[self.value]


@dataclass(frozen=True, slots=True)
class LifetimeLimit:
    """One drug's limit in ``measure`` (mg/m2 of body surface, or units). ``related`` drugs wear the same organ."""

    drug_code: str
    name: str
    limit: Decimal
    measure: str
    related: tuple[str, ...]
    source: Source


@cache
def lifetime_limits() -> Mapping[str, LifetimeLimit]:
    """Every limit on file, by drug. Those per m² are the calculations' own rows; the others stand here."""
    found = {}
    for row in read_rows("lifetime.toml")["row"]:
        known = lifetime_limit(row["drug"])
        limit, source = known if known else (Decimal(row["limit"]), source_of(row))
        found[row["drug"]] = LifetimeLimit(
            row["drug"], row["name"], limit, row["measure"], tuple(row.get("related", ())), source)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told of earlier exposure elsewhere; no amount: nobody knows."""

    amount: Decimal | None
    measure: str
    told_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """A drug's account of a whole life. ``adding`` is what is ordered or planned next."""

    limit: LifetimeLimit
    here: Decimal
    elsewhere: Told | None  # None: nobody was asked
    adding: Decimal = Decimal(0)
    related: tuple[str, ...] = ()  # related drugs given here, or told of

    @property
    def so_far(self) -> Decimal:
        """What is known to have been given: here, and elsewhere where that is told."""
        known = self.elsewhere.amount if self.elsewhere and self.elsewhere.measure == self.limit.measure else None
        return self.here + (known or Decimal(0))

    @property
    def after(self) -> Decimal:
        return self.so_far + self.adding

    @property
    def share(self) -> Decimal:
        """Of the limit, after what is added."""
        return self.after / self.limit.limit

    @property
    def unknown(self) -> str:
        """What keeps it from being judged; empty where all is told."""
        if self.elsewhere is None:
            return "nobody has noted what was given elsewhere before"
        if self.elsewhere.amount is None:
            return f"what was given elsewhere is unknown (told by {self.elsewhere.told_by})"
        if self.elsewhere.measure != self.limit.measure:
            return f"what was given elsewhere is told in {self.elsewhere.measure}, the limit is in {self.limit.measure}"
        return f"related drugs were given: {', '.join(self.related)}" if self.related else ""

    @property
    def verdict(self) -> LifetimeVerdict:
        """Beyond is beyond, whatever else is unknown; within only where everything is told."""
        if self.after > self.limit.limit:
            return LifetimeVerdict.BEYOND
        if self.unknown:
            return LifetimeVerdict.CANNOT_JUDGE
        soft = figure("lifetime_soft_share").value
        return LifetimeVerdict.NEAR if self.share >= soft else LifetimeVerdict.WITHIN

    @property
    def words(self) -> str:
        """The account in one line."""
        unit = "mg/m²" if self.limit.measure == MG_M2 else self.limit.measure
        adding = f" and {_said(self.adding)} next" if self.adding else ""
        why = f"; {self.unknown}" if self.unknown else ""
        return f"{_said(self.so_far)}{adding} of {_said(self.limit.limit)} {unit}{why}"


def _said(value: Decimal) -> str:
    return shown_number(rounded(value, _TENTH))
