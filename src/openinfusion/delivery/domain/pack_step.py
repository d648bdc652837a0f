# SPDX-License-Identifier: Apache-2.0
"""What is done before a package is closed: conditioning of the packs, by payload and season; dated, sourced rows."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from openinfusion.delivery.domain.pack_out import PackOut
from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True)
class PackStep:
    """One thing to tick: its code, and the words."""

    code: str
    text: str
    payloads: frozenset[str]
    seasons: frozenset[str]


@cache
def pack_steps() -> tuple[PackStep, ...]:
    """Every step on file."""
    return tuple(PackStep(r["code"], r["text"], frozenset(r["payloads"]), frozenset(r["seasons"]))
                 for r in rows(__package__, "data/pack_steps.toml"))


def steps_of(p: PackOut) -> tuple[PackStep, ...]:
    """What is done before this pack-out is closed."""
    return tuple(s for s in pack_steps() if p.payload.value in s.payloads and p.season.value in s.seasons)


def not_done(p: PackOut, done: Iterable[str]) -> tuple[str, ...]:
    """The steps of a pack-out nobody ticked, in words; Malformed where a step is ticked that there is none of."""
    ticked = set(done)
    if unknown := ticked - {s.code for s in pack_steps()}:
        raise Malformed(Fault("Steps", f"there is no step “{sorted(unknown)[0]}”"))
    return tuple(s.text for s in steps_of(p) if s.code not in ticked)
