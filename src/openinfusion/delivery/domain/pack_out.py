# SPDX-License-Identifier: Apache-2.0
"""Cold-chain pack-outs: which validated packing keeps a payload in range, on which lane, in which season, for how
long.
"""
from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source, Standing

_FILE = Path(__file__).parent / "data" / "pack_outs.csv"


class Lane(StrEnum):
    """How it travels."""

    COURIER = "courier"
    OVERNIGHT = "overnight"
    TWO_DAY = "two_day"


class Season(StrEnum):
    SUMMER = "summer"
    WINTER = "winter"


class Payload(StrEnum):
    """The strictest storage among the contents."""

    ROOM = "room"
    REFRIGERATED = "refrigerated"
    FROZEN = "frozen"


_STRICTEST = (Payload.FROZEN, Payload.REFRIGERATED, Payload.ROOM)


@dataclass(frozen=True, slots=True)
class PackOut:
    """One validated packing: what goes in, for how many hours it holds, and who says so."""

    code: str
    payload: Payload
    lane: Lane
    season: Season
    hours: int
    packing: str
    low_c: str
    high_c: str
    source: Source
    needs_logger: bool = False

    @property
    def is_validated(self) -> bool:
        return self.source.standing is not Standing.UNVERIFIED


@cache
def pack_outs() -> tuple[PackOut, ...]:
    """Every row of the table."""
    with _FILE.open(encoding="utf-8", newline="") as rows:
        return tuple(
            PackOut(
                r["code"], Payload(r["payload"]), Lane(r["lane"]), Season(r["season"]), int(r["hours"]), r["packing"],
                r["low_c"], r["high_c"],
                Source(r["source"], date.fromisoformat(r["effective_from"]), Standing(r["status"])), r["logger"] == "yes",
            ) for r in csv.DictReader(rows)
        )


def season_of(on: date) -> Season:
    """The half of the year whose profile a pack-out is validated against."""
    return Season.SUMMER if 5 <= on.month <= 10 else Season.WINTER


def strictest(storages: Sequence[str]) -> Payload:
    """The storage that the package as a whole must keep."""
    held = set(storages)
    return next((p for p in _STRICTEST if p.value in held), Payload.ROOM)


def choices(payload: Payload, lane: Lane, on: date, hours: int) -> tuple[PackOut, ...]:
    """The pack-outs that hold this payload that long on this lane in this season; the shortest sufficient one first."""
    season = season_of(on)
    fit = [p for p in pack_outs() if (p.payload, p.lane, p.season) == (payload, lane, season) and p.hours >= hours]
    return tuple(sorted(fit, key=lambda p: (p.hours, p.code)))


def choose(payload: Payload, lane: Lane, on: date, hours: int) -> PackOut:
    """The pack-out to use; Refused when none is validated that long."""
    found = choices(payload, lane, on, hours)
    if not found:
        words = f"{payload.value} by {lane.value.replace('_', ' ')} for {hours} hours in {season_of(on).value}"
        others = sorted({p.lane.value.replace("_", " ") for p in pack_outs()
                         if p.payload is payload and p.season is season_of(on) and p.hours >= hours})
        would = f"a pack-out for {payload.value} is on file by {', '.join(others)}" if others else "choose a faster lane"
        raise Refused(Reason("no-pack-out", f"no pack-out is on file for {words}", would))
    return found[0]


def by_code(code: str) -> PackOut:
    """The pack-out with this code; Refused if the table has none."""
    for p in pack_outs():
        if p.code == code:
            return p
    raise Refused(Reason("no-such-pack-out", f"the pack-out {code} is not in the table"))
