# SPDX-License-Identifier: Apache-2.0
"""What is unusual: vital signs outside the range of an age, and the grades of scales in words. Said at once; stops nothing."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.nursing.domain.visit_form import section

VITALS = ("temperature_c", "pulse_per_min", "respirations_per_min", "systolic_mmhg", "diastolic_mmhg", "spo2_percent")


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual range of a vital sign, both ends included."""

    field: str
    low: Decimal
    high: Decimal


@cache
def usual_at(age: int) -> dict[str, Usual]:
    """The usual ranges at an age in whole years; empty for one no row covers."""
    return {
        r["field"]: Usual(r["field"], Decimal(r["low"]), Decimal(r["high"]))
        for r in rows(__package__, "data/vital_ranges.toml") if r["from_age"] <= age < r["to_age"]
    }


def unusual(values: Mapping[str, object], age: int) -> Iterator[str]:
    """Each value outside its range, in words."""
    labels = {f.name: f.label for f in section("vitals").fields}
    for name, usual in usual_at(age).items():
        said = values.get(name)
        if said is not None and not usual.low <= Decimal(str(said)) <= usual.high:
            side = "below" if Decimal(str(said)) < usual.low else "above"
            yield f"{labels[name].lower()} {said} is {side} {usual.low} to {usual.high}"


@cache
def scale(code: str) -> dict[int, str]:
    """The grades of a scale, in words."""
    return {r["grade"]: r["text"] for r in rows(__package__, "data/scales.toml") if r["scale"] == code}


def protocol(grade: int) -> tuple[str, ...]:
    """What is done at a reaction of this grade, in order."""
    found = [r for r in rows(__package__, "data/reaction_protocol.toml") if r["from_grade"] <= grade]
    return tuple(r["text"] for r in sorted(found, key=lambda r: r["place"]))
