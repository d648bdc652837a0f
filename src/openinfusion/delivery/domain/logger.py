# SPDX-License-Identifier: Apache-2.0
"""A temperature logger's readings: read strictly, held against the range, and against what the drug bears where a row

says so. Where no row says it, the system does not know, and a pharmacist decides.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from functools import cache
from itertools import pairwise

from openinfusion.calculations.public import mean_kinetic
from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Broken, Fault, Malformed
from openinfusion.kernel.standing import Source, Standing

MOST_READINGS = 5000
LONGEST_GAP = timedelta(hours=2)


class Verdict(StrEnum):
    """fine: always in range. borne: out of range, within what a row lets the drugs bear. excursion: anything else."""

    FINE = "fine"
    BORNE = "borne"
    EXCURSION = "excursion"


@dataclass(frozen=True, slots=True)
class Reading:
    at: datetime
    celsius: Decimal


@dataclass(frozen=True, slots=True)
class Range:
    """What a kind of storage means, °C. ``kinetic_max`` None: no mean kinetic temperature is asked."""

    storage: str
    low_c: Decimal
    high_c: Decimal
    kinetic_max: Decimal | None
    source: Source


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a drug ("*": any) kept so bears outside its range: between these temperatures, so many minutes in all."""

    drug_code: str
    storage: str
    low_c: Decimal
    high_c: Decimal
    minutes: int
    source: Source


@dataclass(frozen=True, slots=True)
class Judged:
    """What the readings say. ``minutes_out``: minutes outside the range in all; ``why``: the reasons in words."""

    verdict: Verdict
    low_c: Decimal
    high_c: Decimal
    kinetic_c: Decimal
    minutes_out: int
    why: tuple[str, ...]


def _source(r: dict[str, object]) -> Source:
    return Source(str(r["source"]), r["effective_from"], Standing(r["status"]))  # type: ignore[arg-type]


@cache
def ranges() -> dict[str, Range]:
    """The range of each kind of storage."""
    return {r["storage"]: Range(r["storage"], Decimal(r["low_c"]), Decimal(r["high_c"]),
                                Decimal(r["kinetic_max"]) if r["kinetic_max"] else None, _source(r))
            for r in rows(__package__, "data/storage_ranges.toml")}


@cache
def allowances() -> tuple[Allowance, ...]:
    """Every row of what a drug bears."""
    return tuple(Allowance(r["drug_code"], r["storage"], Decimal(r["low_c"]), Decimal(r["high_c"]), r["minutes"], _source(r))
                 for r in rows(__package__, "data/excursions.toml"))


def must_be_sound(readings: Sequence[Reading], now: datetime) -> None:
    """Malformed where these are no logger's readings: too few, out of order, a gap of hours, in the future, impossible."""
    faults = []
    if len(readings) < 2 or len(readings) > MOST_READINGS:
        faults.append(Fault("Readings", f"a logger gives 2 to {MOST_READINGS} readings"))
    for before, after in pairwise(readings):
        if after.at <= before.at:
            faults.append(Fault("Readings", f"they are not in the order of time at {after.at.isoformat()}"))
        elif after.at - before.at > LONGEST_GAP:
            faults.append(Fault("Readings", f"between {before.at.isoformat()} and {after.at.isoformat()} nothing was measured"))
    faults += [Fault("Readings", f"{r.celsius} °C cannot be; was it read in °F?") for r in readings if not -90 <= r.celsius <= 60]
    if readings and readings[-1].at > now:
        faults.append(Fault("Readings", "the last one is in the future; is the logger's clock right?"))
    if faults:
        raise Malformed(*faults[:20])


def minutes_outside(readings: Sequence[Reading], low: Decimal, high: Decimal) -> int:
    """Minutes out of range: an interval counts where either of its ends is out, rounded up. Rather too many than too few."""
    spans = (b.at - a.at for a, b in pairwise(readings)
             if not (low <= a.celsius <= high and low <= b.celsius <= high))
    seconds = sum((span for span in spans), timedelta()).total_seconds()
    return int((Decimal(str(seconds)) / 60).to_integral_value(ROUND_CEILING))


def judge(readings: Sequence[Reading], storage: str, drugs: Iterable[str]) -> Judged:
    """What becomes of a package kept so that holds these drugs."""
    held = ranges().get(storage)
    if held is None:
        raise Broken(f"no range is on file for {storage}")
    found = [r.celsius for r in readings]
    kinetic = mean_kinetic(found).quantize(Decimal("0.1"))
    out = minutes_outside(readings, held.low_c, held.high_c)
    verdict, why = Verdict.FINE, tuple[str, ...]()
    if out:
        why = tuple(w for drug in sorted(set(drugs)) or ("",) if (w := _not_borne(held, found, kinetic, out, drug)))
        verdict = Verdict.EXCURSION if why else Verdict.BORNE
    return Judged(verdict, min(found), max(found), kinetic, out, why)


def _not_borne(held: Range, found: Sequence[Decimal], kinetic: Decimal, out: int, drug: str) -> str:
    """Why this drug does not bear it, as far as rows tell; empty where it does."""
    name = drug or "what it holds"
    row = next((a for code in (drug, "*") for a in allowances() if (a.drug_code, a.storage) == (code, held.storage)), None)
    if row is None:
        return f"no row says what {name}, kept {held.storage}, bears outside {held.low_c} to {held.high_c} °C"
    if min(found) < row.low_c or max(found) > row.high_c:
        return f"{min(found)} to {max(found)} °C were measured; {name} bears {row.low_c} to {row.high_c} °C"
    if out > row.minutes:
        return f"{out} minutes out of range; {name} bears {row.minutes}"
    if held.kinetic_max is not None and kinetic > held.kinetic_max:
        return f"the mean kinetic temperature was {kinetic} °C; {held.kinetic_max} °C is the most"
    return ""
