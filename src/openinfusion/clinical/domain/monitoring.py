# SPDX-License-Identifier: Apache-2.0
"""A test that a therapy asks for: due, drawn, resulted, acted on. Overdue is judged by the date, it is no state.

Of one test of one course one row is open at a time, so a test that nobody drew grows older instead of piling up; the
next one is due an interval after the last was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.policy import policy
from openinfusion.clinical.domain.protocol import ExamKind
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class MonitoringState(StrEnum):
    DUE = "due"
    DRAWN = "drawn"
    RESULTED = "resulted"
    ACTED_ON = "acted_on"
    CANCELLED = "cancelled"


OPEN = (MonitoringState.DUE, MonitoringState.DRAWN)


@dataclass(frozen=True, slots=True)
class MonitoringFacts:
    """What the guards look at: the kind of test, and what the chart has of it."""

    kind: ExamKind = ExamKind.LAB
    has_result: bool = False
    missing: tuple[str, ...] = ()
    flagged: bool = False
    drawn_on: date | None = None
    today: date | None = None


def a_sample_is_drawn(f: MonitoringFacts) -> Reason | None:
    if f.kind is ExamKind.LAB:
        return None
    return Reason("no-sample", f"this is a {f.kind}, no sample is drawn for it")


def the_draw_is_not_in_the_future(f: MonitoringFacts) -> Reason | None:
    if not f.drawn_on or not f.today or f.drawn_on <= f.today:
        return None
    return Reason("drawn-later", "a sample is not drawn in the future")


def it_is_an_assessment(f: MonitoringFacts) -> Reason | None:
    if f.kind is ExamKind.ASSESSMENT:
        return None
    return Reason("no-assessment", "this is answered by a value on the chart", "record the value on the chart")


def a_result_is_on_the_chart(f: MonitoringFacts) -> Reason | None:
    if f.has_result:
        return None
    lacking = f", missing: {', '.join(f.missing)}" if f.missing else ""
    return Reason("no-result", f"the result is not on the chart{lacking}", "record the value on the chart")


def the_result_is_gone(f: MonitoringFacts) -> Reason | None:
    return Reason("has-result", "the result still stands on the chart") if f.has_result else None


def the_result_is_in_range(f: MonitoringFacts) -> Reason | None:
    if not f.flagged:
        return None
    return Reason("flagged", "a value lies outside its reference range", "say what is done about it")


_S = MonitoringState
_P = permissions
_CHART = (a_result_is_on_the_chart,)
_DRAW = (a_sample_is_drawn, the_draw_is_not_in_the_future)

MONITORING: Machine[MonitoringState, MonitoringFacts] = Machine(
    name="clinical.monitoring",
    initial=_S.DUE,
    steps=(
        Step("draw", _S.DUE, _S.DRAWN, _P.MONITOR_DRAW.code, "Drawn", "{actor} recorded that {subject} was drawn", _DRAW, "info"),
        Step(
            "recollect",
            _S.DRAWN,
            _S.DUE,
            _P.MONITOR_DRAW.code,
            "Draw again",
            "{actor} asked for {subject} to be drawn again",
            (),
            "warn",
            True,
        ),
        *(
            Step(
                "result",
                s,
                _S.RESULTED,
                _P.MONITOR_RESULT.code,
                "Result is there",
                "{actor} matched the result of {subject}: {result}",
                _CHART,
                "info",
            )
            for s in OPEN
        ),
        Step(
            "unresult",
            _S.RESULTED,
            _S.DUE,
            _P.MONITOR_RESULT.code,
            "Result withdrawn",
            "{actor} found the result of {subject} withdrawn from the chart",
            (the_result_is_gone,),
            "warn",
        ),
        Step(
            "accept",
            _S.RESULTED,
            _S.ACTED_ON,
            _P.MONITOR_ACT.code,
            "Seen, no change",
            "{actor} saw the result of {subject}: no change",
            (the_result_is_in_range,),
            "ok",
        ),
        Step(
            "act",
            _S.RESULTED,
            _S.ACTED_ON,
            _P.MONITOR_ACT.code,
            "Acted on",
            "{actor} acted on the result of {subject}",
            (),
            "ok",
            True,
        ),
        Step(
            "assess",
            _S.DUE,
            _S.ACTED_ON,
            _P.MONITOR_DRAW.code,
            "Assessed",
            "{actor} recorded {subject}",
            (it_is_an_assessment,),
            "ok",
            True,
        ),
        *(
            Step(
                "cancel",
                s,
                _S.CANCELLED,
                _P.MONITOR_PLAN.code,
                "Leave this one out",
                "{actor} left out {subject}",
                (),
                "idle",
                True,
            )
            for s in OPEN
        ),
        *(
            Step(
                "stop",
                s,
                _S.CANCELLED,
                _P.MONITOR_PLAN.code,
                "Stop this test",
                "{actor} stopped {subject} for this course",
                (),
                "idle",
                True,
            )
            for s in OPEN
        ),
    ),
    owners={
        _S.DUE: Role.PHARMACIST,
        _S.DRAWN: Role.PHARMACIST,
        _S.RESULTED: Role.PHARMACIST,
        _S.ACTED_ON: "",
        _S.CANCELLED: "",
    },
    tones={_S.DUE: "info", _S.DRAWN: "wait", _S.RESULTED: "warn", _S.ACTED_ON: "ok", _S.CANCELLED: "idle"},
)


@dataclass(frozen=True, slots=True)
class Last:
    """The row of this test before: when it was drawn (or due, where it was left out), and whether the test was stopped."""

    on: date
    every_days: int
    stopped: bool = False


def due_day(start_on: date, every_days: int, last: Last | None, baseline_on: date | None) -> date | None:
    """When a test is due next; None where it was stopped.

    The first is due on the day the course starts, unless a result not older than the row allows is there: then it is
    the baseline, and the first one is due an interval after it, never before the start.
    """
    if last is not None:
        return None if last.stopped else last.on + timedelta(days=last.every_days)
    oldest = start_on - timedelta(days=policy("baseline_days", start_on).value)
    if baseline_on is not None and baseline_on >= oldest:
        return max(start_on, baseline_on + timedelta(days=every_days))
    return start_on


def opens_on(due_on: date, every_days: int) -> date:
    """From which day on a sample counts for the test due on a day."""
    return due_on - timedelta(days=min(policy("early_days", due_on).value, every_days // 2))


def last_day(state: MonitoringState, on: date) -> date:
    """The last day on which a row in this state is not overdue; ``on`` is when it is due, was drawn or came back."""
    name = {_S.DUE: "grace_days", _S.DRAWN: "result_days"}.get(state, "act_days")
    return on + timedelta(days=policy(name, on).value)
