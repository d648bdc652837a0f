# SPDX-License-Identifier: Apache-2.0
"""Doing the steps at the hood: one after the other, by the person who started, each with its proof.

A step is done once its proof is there. It waits where another person must look; it stops the work where something
wrong was scanned. What stands is never changed: a step that was refused by the second person is done anew.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.compounding.domain.bench_step import BenchStep, Proof
from openinfusion.compounding.domain.second_look import look_because
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Fault, Malformed, Reason

TOLD_WITHIN = timedelta(hours=1)
CLOCKS_APART = timedelta(minutes=2)  # how far a screen's clock may be ahead of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """What somebody at the hood says of one step. ``done_at``: when, where it is told later because the network was lost."""

    place: int
    code: str = ""
    keyed: bool = False
    weight_g: Decimal | None = None
    volume_ml: Decimal | None = None
    photo: bytes = b""
    note: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a preparation has come. ``waiting`` is the step that waits for another person, ``stopped`` why nothing goes."""

    steps: int
    compounder: UUID | None
    in_hood: bool
    done: int = 0  # steps that stand, all from the first on
    waiting: int = 0
    stopped: str = ""

    @property
    def next(self) -> int:
        """The place of the step to do; one past the last when all are done."""
        return self.done + 1

    @property
    def finished(self) -> bool:
        return self.done == self.steps and not self.waiting


def step_reasons(progress: Progress, place: int, actor: UUID) -> list[Reason]:
    """Every reason why this person may not do this step now."""
    found = []
    if not progress.in_hood:
        found.append(Reason("not-in-hood", "steps are done while it is in compounding", "start in the hood"))
    if actor != progress.compounder:
        found.append(Reason("not-compounder", "only the person who started it in the hood does its steps"))
    if progress.stopped:
        found.append(Reason("stopped", f"the work is stopped: {progress.stopped}", "acknowledge it first"))
    if progress.waiting:
        found.append(Reason("waiting-look", f"step {progress.waiting} waits for another person", "another person looks"))
    if not progress.waiting and (place != progress.next or place > progress.steps):
        now = f"the next step is {progress.next}" if progress.next <= progress.steps else "every step is done"
        found.append(Reason("out-of-order", f"step {place} is not the next one: {now}"))
    return found


def look_reasons(done_by: UUID, actor: UUID, *, looked: bool) -> list[Reason]:
    """Every reason why this person may not give the second look."""
    found = []
    if looked:
        found.append(Reason("looked-at", "another person has looked at it already"))
    if actor == done_by:
        found.append(Reason("own-work", "whoever did the step may not be its second person", "another person looks"))
    return found


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a code turned out to be. ``free``: packages of this lot that were staged and are not opened yet."""

    product_id: UUID
    product: str
    lot_id: UUID | None = None
    lot: str = ""
    free: int = 0
    opened_id: UUID | None = None
    opened_left_ml: Decimal | None = None
    against: tuple[Reason, ...] = ()  # against the lot or the opened container


@dataclass(frozen=True, slots=True)
class Judged:
    """``stop``: what was wrong, so that the work stops and a near miss is kept; ``look``: why another person must look."""

    stop: str = ""
    stop_kind: str = ""
    look: str = ""


def judge_step(step: BenchStep, report: StepReport, scanned: Scanned | None) -> Judged:
    """What comes of a report. Malformed where the proof that the step asks for is missing."""
    if missing := _missing(step, report):
        raise Malformed(missing)
    if scanned is not None:
        wrong = _wrong(step, scanned)
        if wrong.stop:
            return wrong
    looks = [step.look, look_because("keyed") if report.keyed and step.asks is Proof.SCAN else "", _off(step, report)]
    return Judged(look="; ".join(x for x in looks if x))


def _missing(step: BenchStep, report: StepReport) -> Fault | None:
    if step.asks is Proof.SCAN and not report.code.strip():
        return Fault("code", f"scan the package: {step.name}")
    if step.asks is Proof.WEIGHT and (report.weight_g is None or report.weight_g <= 0):
        return Fault("weight_g", "put it on the scale: a weight above 0 g is needed")
    if step.asks is Proof.PHOTO and not report.photo:
        return Fault("photo", "take the picture")
    return None


def done_when(report: StepReport, at: datetime) -> datetime:
    """When a step was done: now, or when the screen says that it was, within the hour. Malformed for any other time."""
    if report.done_at is None:
        return at
    if report.done_at.tzinfo is None or not at - TOLD_WITHIN <= report.done_at <= at + CLOCKS_APART:
        raise Malformed(Fault("done_at", "a step is told within the hour in which it was done, with its time zone"))
    return min(report.done_at, at)


def _wrong(step: BenchStep, scanned: Scanned) -> Judged:
    """Wrong product first, then a lot that was not staged, then one that may not be used."""
    if scanned.product_id != step.product_id:
        return Judged(f"{scanned.product} was scanned instead of {step.name}", "wrong_product")
    if scanned.against:
        return Judged("; ".join(r.text for r in scanned.against), "unusable_lot")
    if scanned.opened_id is not None:
        need = step.volume_ml or Decimal(0)
        if scanned.opened_left_ml is None or scanned.opened_left_ml < need:
            left = shown_number(scanned.opened_left_ml or Decimal(0))
            return Judged(f"the opened container holds {left} mL, {shown_number(need)} mL are needed", "too_little_left")
        return Judged()
    if scanned.free < step.count:
        gone = "was not staged for this order, or all of it is used"
        return Judged(f"lot {scanned.lot} of {scanned.product} {gone}", "unstaged_lot")
    return Judged()


def _off(step: BenchStep, report: StepReport) -> str:
    """What was measured and is not as it should be."""
    found = []
    weight, low, high = report.weight_g, step.low_g, step.high_g
    if weight is not None and low is not None and high is not None and not low <= weight <= high:
        said = f"{shown_number(weight)} g, {shown_number(low)} to {shown_number(high)} g expected"
        found.append(f"{look_because('out_of_tolerance')} ({said})")
    if report.volume_ml is not None and step.volume_ml is not None and report.volume_ml != step.volume_ml:
        said = f"{shown_number(report.volume_ml)} mL, {shown_number(step.volume_ml)} mL planned"
        found.append(f"{look_because('other_volume')} ({said})")
    return "; ".join(found)
