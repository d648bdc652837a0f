# SPDX-License-Identifier: Apache-2.0
"""When another person must look before the work goes on, and when a photo is wanted: rows of data/second_look.toml."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from openinfusion.compounding.domain.bench_step import StepKind
from openinfusion.kernel import figures
from openinfusion.kernel.refusal import Broken
from openinfusion.kernel.standing import Source, Standing


@dataclass(frozen=True, slots=True)
class LookRule:
    """``what`` it is about, at which kind of step, after every such step or the last of each container, and why."""

    what: str
    at: str
    every: bool
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Concern:
    """What of this work calls for more than one pair of eyes."""

    hazardous: bool = False
    paediatric: bool = False
    nutrition: bool = False

    @property
    def names(self) -> frozenset[str]:
        return frozenset(n for n in ("hazardous", "paediatric", "nutrition") if getattr(self, n))


@cache
def look_rules() -> tuple[LookRule, ...]:
    """Every rule that forces a second look."""
    return tuple(
        LookRule(r["what"], r["at"], bool(r["every"]), r["text"], Source(r["source"], r["effective_from"], Standing(r["status"])))
        for r in figures.rows("openinfusion.compounding.domain", "data/second_look.toml")
    )


def look_after(kind: StepKind, concern: Concern, *, last: bool) -> str:
    """Why another person looks after this step; empty where no rule asks for it. ``last``: of its kind in its container."""
    return "; ".join(
        r.text for r in look_rules() if r.at == kind.value and r.what in concern.names and (r.every or last)
    )


def look_because(what: str) -> str:
    """The words of a rule about what happened at the step: keyed, out_of_tolerance, other_volume, too_little."""
    found = [r.text for r in look_rules() if r.what == what and r.at == "happened"]
    if not found:
        raise Broken(f"second_look.toml has no rule about “{what}”")
    return found[0]


@cache
def _bench() -> dict[str, str]:
    return {r["name"]: str(r["value"]) for r in figures.rows("openinfusion.compounding.domain", "data/bench.toml")}


def bench_setting(name: str) -> str:
    """One of the house's settings of the bench (data/bench.toml), as text."""
    return _bench()[name]


def wants_photo(concern: Concern, given: Iterable[str] | None = None) -> bool:
    """Whether the house wants a picture of each container's syringes and vials."""
    return bool(concern.names & set(given if given is not None else bench_setting("photo-of").split()))


def scale_sd_g() -> Decimal:
    """The standard deviation of the scale (g) that a weight is judged with."""
    return Decimal(bench_setting("scale-sd-g"))


def is_child(born_on: date, on: date) -> bool:
    """Whether this is a child's preparation, by the house's age."""
    years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return years < int(bench_setting("child-below-years"))
