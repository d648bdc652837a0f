# SPDX-License-Identifier: Apache-2.0
"""A gauge: a value against its soft and hard limits. A site's own limit stands in front of the row shipped here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from openinfusion.calculations.domain.calculation import Verdict
from openinfusion.calculations.domain.figures import Row, row, table
from openinfusion.calculations.domain.measure import shown_unit
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Broken, Reason, Refused
from openinfusion.kernel.standing import Source

TONES = {"within": "ok", "soft-low": "warn", "soft-high": "warn", "hard-low": "crit", "hard-high": "crit", "cannot-judge": "idle"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Soft limits bound what is usual, hard ones what may be made at all; a limit that is None is not set."""

    name: str
    group: str
    unit: str
    soft_low: Decimal | None = None
    soft_high: Decimal | None = None
    hard_low: Decimal | None = None
    hard_high: Decimal | None = None
    source: Source

    def __post_init__(self) -> None:
        set_ones = [x for x in (self.hard_low, self.soft_low, self.soft_high, self.hard_high) if x is not None]
        if set_ones != sorted(set_ones):
            raise Refused(Reason("limits-crossed", f"the limits of {self.name} cross: hard low, soft low, soft high, hard high"))


@dataclass(frozen=True, slots=True)
class Gauge:
    """What came out, where it may lie, and the verdict: within, soft-low, soft-high, hard-low, hard-high, cannot-judge."""

    name: str
    label: str
    value: Decimal | None
    unit: str
    limit: Limit | None

    @property
    def code(self) -> str:
        value, limit = self.value, self.limit
        if value is None or limit is None:
            return "cannot-judge"
        if limit.hard_low is not None and value < limit.hard_low:
            return "hard-low"
        if limit.hard_high is not None and value > limit.hard_high:
            return "hard-high"
        if limit.soft_low is not None and value < limit.soft_low:
            return "soft-low"
        if limit.soft_high is not None and value > limit.soft_high:
            return "soft-high"
        return "within"

    @property
    def hard(self) -> bool:
        return self.code.startswith("hard")

    @property
    def text(self) -> str:
        said = f"{shown_number(round(self.value, 2))} {shown_unit(self.unit)}".strip() if self.value is not None else "no figure"
        meaning = {
            "within": "within its limits",
            "soft-low": "below what is usual",
            "soft-high": "above what is usual",
            "hard-low": "below the hard limit: stop",
            "hard-high": "above the hard limit: stop",
            "cannot-judge": "cannot be judged: a figure or its limit is not on file",
        }[self.code]
        return f"{said}, {meaning}"

    def verdict(self) -> Verdict:
        return Verdict(self.name, self.label, self.code, self.text, TONES[self.code])


def limit(name: str, group: str, site: Sequence[Limit] = ()) -> Limit | None:
    """The limit of this name for this group: the site's own, else the row, else None (the gauge then cannot judge)."""
    for own in site:
        if own.name == name and own.group == group:
            return own
    return _rowed(name, group)


@cache
def _rowed(name: str, group: str) -> Limit | None:
    for found in table("nutrition_limits"):
        if found["name"] == name and found["group"] == group:
            return _limit(found)
    return None


def on_file(name: str, group: str, site: Sequence[Limit] = ()) -> Limit:
    """The limit that every group has; Broken if the rows lack it."""
    found = limit(name, group, site)
    if found is None:
        raise Broken(f"nutrition_limits.toml has no {name} for {group}")
    return found


def _limit(found: Row) -> Limit:
    soft_high, hard_high = _figure(found, "soft_high"), _figure(found, "hard_high")
    if hard_high is None and soft_high is not None and found["unit"].endswith("/d"):
        hard_high = soft_high * row("nutrition_limits", name="slip").figure("soft_high")
    return Limit(
        name=found["name"],
        group=found["group"],
        unit=found["unit"],
        soft_low=_figure(found, "soft_low"),
        soft_high=soft_high,
        hard_low=_figure(found, "hard_low"),
        hard_high=hard_high,
        source=found.source,
    )


def _figure(found: Row, name: str) -> Decimal | None:
    return None if found.get(name) is None else found.figure(name)
