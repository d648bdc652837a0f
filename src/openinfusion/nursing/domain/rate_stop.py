# SPDX-License-Identifier: Apache-2.0
"""What speaks against a rate: above the plan, begun too high, a step left out, too early, or raised after a reaction."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Reason
from openinfusion.nursing.domain.infusion_record import RateStep


@dataclass(frozen=True, slots=True)
class RatePlan:
    """Rising rates in mL/h by which an infusion may run, and how many minutes each lasts at least."""

    code: str
    label: str
    rates: tuple[Decimal, ...]
    step_minutes: int
    source: str

    @property
    def highest(self) -> Decimal:
        return self.rates[-1]


@dataclass(frozen=True, slots=True)
class Running:
    """What the record says of an infusion before another rate is written.

    ``plan``: the code of the plan it runs by, once somebody has said so. ``borne_ml_per_h``: the highest rate of the last
    infusion, where it may begin there; else it begins at the lowest step, and ``lowest_why`` says why. ``reacted_at``: since
    when a reaction holds the rate; ``resume_ml_per_h``: up to where the prescriber lets it be raised again.
    """

    plans: Sequence[RatePlan]
    plan: str = ""
    run: Sequence[RateStep] = ()
    borne_ml_per_h: Decimal | None = None
    lowest_why: str = ""
    reacted_at: datetime | None = None
    resume_ml_per_h: Decimal | None = None
    drug_scanned: bool = True

    def by(self, code: str = "") -> RatePlan | None:
        """The plan it runs by: as said now or before, or the only one there is."""
        wanted = self.plan or code
        if wanted:
            return next((p for p in self.plans if p.code == wanted), None)
        return self.plans[0] if len(self.plans) == 1 else None


def against_rate(at: RateStep, now: Running, plan: str = "") -> Iterator[Reason]:
    """Every reason not to run at this rate from this instant. ``plan``: the plan named with it. A lower rate never has one."""
    before = [r for r in now.run if r.at <= at.at]
    last = before[-1].rate_ml_per_h if before else Decimal(0)
    if not at.rate_ml_per_h:
        return
    if not now.drug_scanned:
        yield Reason("drug-not-scanned", "no drug is scanned at this visit", "scan the drug before it runs")
    if plan and now.plan and plan != now.plan:
        yield Reason("other-plan", f"this infusion runs by the rate steps of {_label(now, now.plan)}",
                     "ask the pharmacist, who names another")
    if at.rate_ml_per_h <= last:
        return
    chosen = now.by(plan)
    if chosen is None and now.plans and (plan or now.plan):
        yield Reason("not-this-plan", f"the rate steps of {_label(now, now.plan or plan)} do not fit the drug and use on record",
                     "read the package again; if in doubt ask the pharmacist")
    elif chosen is None and now.plans:
        yield Reason("which-plan", "the rate steps of several products or uses might apply",
                     "say first by whose steps this product runs, from its package; if in doubt ask the pharmacist")
    if chosen is not None:
        yield from _against_plan(at, chosen, now, before, last)
    yield from _after_reaction(at, now)


def _label(now: Running, code: str) -> str:
    return next((p.label for p in now.plans if p.code == code), code)


def _against_plan(at: RateStep, plan: RatePlan, now: Running, before: Sequence[RateStep], last: Decimal) -> Iterator[Reason]:
    if at.rate_ml_per_h > plan.highest:
        yield Reason("above-plan", f"{_ml(at.rate_ml_per_h)} is above the highest rate of {plan.label}, {_ml(plan.highest)}",
                     "run it at most at that rate")
        return
    most = _may_go_to(plan, now, before, last)
    if at.rate_ml_per_h > most:
        why = f": {now.lowest_why}" if not before and now.lowest_why else ""
        yield Reason("step-skipped", f"the next rate of {plan.label} is {_ml(most)}{why}", "raise it step by step")
    since = _since(before)
    due = since + timedelta(minutes=plan.step_minutes) if since and len(plan.rates) > 1 else None
    if last and due is not None and at.at < due:
        left = -(-(due - at.at).total_seconds() // 60)
        yield Reason("too-early", f"{_ml(last)} runs for {plan.step_minutes} minutes at least: {left:.0f} more",
                     "take the vital signs then, and raise it")


def _may_go_to(plan: RatePlan, now: Running, before: Sequence[RateStep], last: Decimal) -> Decimal:
    """The highest rate that may be set: the first step, what was borne last time, or one step above what runs."""
    if not before:
        return max(plan.rates[0], min(now.borne_ml_per_h or Decimal(0), plan.highest))
    if not last:  # it was stopped, not for a reaction: it may go on where it was
        return max(plan.rates[0], max(r.rate_ml_per_h for r in before))
    return next((r for r in plan.rates if r > last), plan.highest)


def _since(before: Sequence[RateStep]) -> datetime | None:
    """Since when it runs at the rate it runs at; writing the same rate again begins nothing."""
    since = None
    for step in reversed(before):
        if step.rate_ml_per_h != before[-1].rate_ml_per_h:
            break
        since = step.at
    return since


def _after_reaction(at: RateStep, now: Running) -> Iterator[Reason]:
    if now.reacted_at is None or at.at < now.reacted_at:
        return
    if now.resume_ml_per_h is None:
        yield Reason("reaction-held", "a reaction is on record: the rate is held, lowered or stopped",
                     "tell the prescriber, and write up to which rate it may be raised again")
    elif at.rate_ml_per_h > now.resume_ml_per_h:
        yield Reason("reaction-held", f"after the reaction the prescriber lets it run at most at {_ml(now.resume_ml_per_h)}",
                     "hold it there, or ask the prescriber again")


def _ml(rate: Decimal) -> str:
    return f"{shown_number(rate)} mL/h"
