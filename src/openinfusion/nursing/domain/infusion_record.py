# SPDX-License-Identifier: Apache-2.0
"""The infusion record: identity, line, rate steps, vitals, reaction, teaching, waste; and what a complete one needs."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from openinfusion.kernel.quantity import ML, Quantity
from openinfusion.kernel.refusal import Fault, Malformed, Reason


class ReactionKind(StrEnum):
    NONE = "none"
    INFUSION = "infusion"
    ALLERGIC = "allergic"
    LINE = "line"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RateStep:
    """From this instant the pump ran at this rate, in mL/h; zero is a stop."""

    at: datetime
    rate_ml_per_h: Decimal


@dataclass(frozen=True, slots=True)
class Vitals:
    """One set of vital signs, units in the names."""

    at: datetime
    temperature_c: Decimal
    pulse_per_min: int
    respirations_per_min: int
    systolic_mmhg: int
    diastolic_mmhg: int
    spo2_percent: int | None = None


@dataclass(frozen=True, slots=True)
class InfusionRecord:
    """What a visit leaves behind. ``infuses``: whether anything was infused, or the visit taught or cared for the
    line.
    """

    infuses: bool
    identifiers: Sequence[str] = ()
    line_site: str = ""
    line_flushes: bool | None = None
    line_blood_return: bool | None = None
    rates: Sequence[RateStep] = ()
    vitals: Sequence[Vitals] = ()
    reaction: ReactionKind | None = None
    reaction_grade: int = 0
    reaction_action: str = ""
    taught: Sequence[str] = ()
    taught_back: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None


CORE = frozenset({"identity", "line", "vitals", "rate", "reaction", "closing", "teaching"})
ALWAYS = CORE - {"teaching"}


def missing(r: InfusionRecord, needed: frozenset[str] = ALWAYS) -> Iterator[Reason]:
    """What the record still lacks before it may be finished. ``needed``: the sections its type of visit asks for."""
    if "identity" in needed and len({i.strip().lower() for i in r.identifiers if i.strip()}) < 2:
        yield Reason("identifiers", "two identifiers of the patient")
    if "line" in needed and (not r.line_site.strip() or r.line_flushes is None):
        yield Reason("line", "the check of the line and its site")
    if "closing" in needed and (r.started_at is None or r.ended_at is None or r.ended_at <= r.started_at):
        yield Reason("times", "when the visit began and ended")
    if "vitals" in needed and not r.vitals:
        yield Reason("vitals", "vital signs")
    if r.infuses and "rate" in needed:
        yield from _infusion_missing(r)
    yield from _reaction_missing(r, "reaction" in needed)
    if "teaching" in needed and not r.taught:
        yield Reason("taught", "what was taught")
    if r.taught and not r.taught_back:
        yield Reason("teach-back", "the teach-back of what was taught")


def _reaction_missing(r: InfusionRecord, needed: bool) -> Iterator[Reason]:
    if r.reaction is None:
        if needed:
            yield Reason("reaction", "whether there was a reaction")
    elif r.reaction is not ReactionKind.NONE and (not 1 <= r.reaction_grade <= 5 or not r.reaction_action.strip()):
        yield Reason("reaction-detail", "grade and action of the reaction")


def _infusion_missing(r: InfusionRecord) -> Iterator[Reason]:
    if not r.rates:
        yield Reason("rates", "the rate steps of the infusion")
    elif r.rates[-1].rate_ml_per_h != 0:
        yield Reason("stop", "when the infusion was stopped (a rate of 0)")
    elif not any(v.at <= r.rates[0].at for v in r.vitals):
        yield Reason("first-vitals", "vital signs before the infusion began")


def infused_volume(rates: Sequence[RateStep]) -> Quantity:
    """What ran in by the rate steps: each rate times how long it ran."""
    _in_order(rates)
    volume = Decimal(0)
    for this, after in pairwise(rates):
        hours = Decimal(int((after.at - this.at).total_seconds())) / 3600
        volume += this.rate_ml_per_h * hours
    return Quantity(volume, ML)


def _in_order(rates: Sequence[RateStep]) -> None:
    for this, after in pairwise(rates):
        if after.at <= this.at:
            raise Malformed(Fault("rates", "the rate steps are not in the order of time"))


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes with the patient."""
    return int((end - start).total_seconds()) // 60
