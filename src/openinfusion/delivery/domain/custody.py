# SPDX-License-Identifier: Apache-2.0
"""The chain of custody: who handed the package to whom, when, where, under which seal; from the bench to the patient."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from openinfusion.kernel.local_day import moment_at


@dataclass(frozen=True, slots=True)
class Handed:
    """One link. ``seal_intact`` None: nobody looked, or there was none."""

    at: datetime
    giver: str
    taker: str
    where: str
    seal: str = ""
    seal_intact: bool | None = None
    note: str = ""


def breaks(chain: Sequence[Handed], zone: str) -> Iterator[str]:
    """Where the chain does not hold, in words: a gap between two links, a broken seal, another seal than the one before.

    Times are those of ``zone`` (IANA).
    """
    for before, link in pairwise(chain):
        if before.taker != link.giver:
            yield f"from {before.taker} to {link.giver} nobody handed it over ({moment_at(link.at, zone)})"
        if before.seal and link.seal and before.seal != link.seal:
            yield f"the seal was {before.seal}, then {link.seal}"
    for link in chain:
        if link.seal_intact is False:
            yield f"the seal was broken when {link.taker} took it ({moment_at(link.at, zone)})"
