# SPDX-License-Identifier: Apache-2.0
"""Hold parameters of a regimen: each is met, holds the cycle, or cannot be judged; a missing or old result is never met."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from openinfusion.clinical.domain.facts import Figure
from openinfusion.clinical.domain.held import HoldJudged, HoldVerdict
from openinfusion.clinical.domain.lab_test import Labs, name_of, results_of, unit_of, value_of
from openinfusion.kernel.quantity import rounded, shown_number

TOLD = frozenset({"neuropathy"})  # graded by whoever clears the cycle; no laboratory measures it
CLEARANCE = "clearance"
_HUNDREDTH = Decimal("0.01")
_NAMES = {"neuropathy": "neuropathy, CTCAE grade", CLEARANCE: "creatinine clearance"}


class HoldRow(Protocol):
    """A row of a regimen: the limits of a test, in its unit, and how old a result may be."""

    @property
    def test(self) -> str: ...
    @property
    def below(self) -> Decimal | None: ...
    @property
    def above(self) -> Decimal | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def max_age_days(self) -> int: ...
    @property
    def hard(self) -> bool: ...
    @property
    def text(self) -> str: ...
    @property
    def limit(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the rows are judged on, on a day; ``told`` are grades said at the clearance."""

    today: date
    labs: Labs
    clearance: Figure | None = None
    told: Mapping[str, Decimal] | None = None
    dose_on: date | None = None  # the day the dose is given: a result is judged by its age then
    last_dose_on: date | None = None  # a result that is not younger than this says nothing about the next dose


def judge_holds(rows: Iterable[HoldRow], known: Known) -> tuple[HoldJudged, ...]:
    """Every row, in its order."""
    return tuple(_judged(row, known) for row in rows)


def holding(found: Iterable[HoldJudged], *, hard: bool) -> tuple[str, ...]:
    """The tests that hold, each once."""
    return tuple(dict.fromkeys(j.name for j in found if j.verdict is HoldVerdict.HOLD and j.hard is hard))


def unjudged(found: Iterable[HoldJudged]) -> tuple[str, ...]:
    """The tests that cannot be judged, each once."""
    return tuple(dict.fromkeys(j.name for j in found if j.verdict is HoldVerdict.CANNOT_JUDGE))


def _judged(row: HoldRow, known: Known) -> HoldJudged:
    value, on, why_not = _value(row, known)
    if value is None:
        return _made(row, HoldVerdict.CANNOT_JUDGE, why_not)
    figure = shown_number(rounded(value, _HUNDREDTH))
    said = f"grade {figure}" if row.unit == "grade" else f"{figure} {row.unit.replace('10*3/uL', '×10³/µL')}"
    if on is not None:
        said = f"{said}, {on:%d-%b-%Y}"
        if known.last_dose_on is not None and on <= known.last_dose_on:
            return _made(row, HoldVerdict.CANNOT_JUDGE, f"{said}: not taken since the dose of {known.last_dose_on:%d-%b-%Y}")
        if (age := (max(known.today, known.dose_on or known.today) - on).days) > row.max_age_days:
            return _made(row, HoldVerdict.CANNOT_JUDGE, f"{said}: {age} days old, at most {row.max_age_days}")
    outside = (row.below is not None and value < row.below) or (row.above is not None and value > row.above)
    return _made(row, HoldVerdict.HOLD if outside else HoldVerdict.MET, said)


def _value(row: HoldRow, known: Known) -> tuple[Decimal | None, date | None, str]:
    """The figure, its day (none where it was told just now), and why there is none."""
    if row.test in TOLD:
        return (known.told or {}).get(row.test), None, "not graded yet: said when the cycle is cleared"
    if row.test == CLEARANCE:
        figure = known.clearance
        return (figure.value, figure.on, "") if figure else (None, None, "no clearance can be worked out")
    results = results_of(known.labs, row.test)
    if not results:
        return None, None, "no result on record"
    value = value_of(row.test, results[0])
    if value is None or unit_of(row.test) != row.unit:
        return None, None, f"{shown_number(results[0].value)} “{results[0].unit}” is in an unknown unit"
    return value, results[0].on, ""


def _made(row: HoldRow, verdict: HoldVerdict, result: str) -> HoldJudged:
    name = _NAMES[row.test] if row.test in _NAMES else name_of(row.test)
    return HoldJudged(test=row.test, name=name, limit=row.limit, verdict=verdict, result=result, hard=row.hard, why=row.text)
