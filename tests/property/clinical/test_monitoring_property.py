# SPDX-License-Identifier: Apache-2.0
"""Algebra of device-days and due days, and random walks of the machines of monitoring and calls."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.clinical.domain.call import CALL, CallFacts, CallState
from openinfusion.clinical.domain.monitoring import MONITORING, Last, MonitoringFacts, MonitoringState, due_day, opens_on
from openinfusion.clinical.domain.outcome import Days, Period, device_days, therapy_days
from openinfusion.clinical.domain.protocol import ExamKind
from openinfusion.clinical.permissions import ALL
from openinfusion.kernel.refusal import Refused

EVERYTHING = frozenset(p.code for p in ALL)
START = date(2026, 1, 1)
days = st.integers(0, 60).map(lambda n: START + timedelta(days=n))
patients = st.sampled_from([UUID(int=1), UUID(int=2)])


@st.composite
def spans(draw: st.DrawFn) -> Days:
    first = draw(days)
    last = draw(st.one_of(st.none(), st.integers(0, 40).map(lambda n: first + timedelta(days=n))))
    return Days(draw(patients), first, last, draw(st.sampled_from(["central", "midline"])))


@given(st.lists(spans(), max_size=6), st.lists(spans(), max_size=6), days, st.integers(0, 30), st.integers(0, 30))
def test_two_periods_that_follow_each_other_add_up(devices: list[Days], courses: list[Days], first: date, a: int, b: int) -> None:
    middle, last = first + timedelta(days=a), first + timedelta(days=a + b + 1)
    one, two, both = Period(first, middle), Period(middle + timedelta(days=1), last), Period(first, last)
    assert therapy_days(courses, one) + therapy_days(courses, two) == therapy_days(courses, both)
    left, right, whole = (device_days(devices, courses, p) for p in (one, two, both))
    assert {k: left.get(k, 0) + right.get(k, 0) for k in left.keys() | right.keys()} == whole


@given(st.lists(spans(), max_size=6), st.lists(spans(), max_size=6), days)
def test_device_days_by_hand_day_for_day(devices: list[Days], courses: list[Days], first: date) -> None:
    period = Period(first, first + timedelta(days=20))
    found: dict[str, int] = {}
    for n in range(21):
        on = first + timedelta(days=n)
        care = {c.patient_id for c in courses if c.first <= on and (c.last is None or on <= c.last)}
        worn = {(d.group, d.patient_id) for d in devices if d.first <= on and (d.last is None or on <= d.last)}
        for group, patient in worn:
            if patient in care:
                found[group] = found.get(group, 0) + 1
    assert device_days(devices, courses, period) == found


@given(days, st.integers(1, 180), st.one_of(st.none(), days))
def test_a_test_is_never_due_before_the_course_starts(start: date, interval: int, baseline: date | None) -> None:
    due = due_day(start, interval, None, baseline)
    assert due is not None and due >= start
    assert due - timedelta(days=interval) < opens_on(due, interval) <= due


@given(days, st.integers(1, 180))
def test_the_next_one_is_always_later_than_the_last(on: date, interval: int) -> None:
    due = due_day(START, interval, Last(on, interval), None)
    assert due is not None and due > on


facts = st.builds(
    MonitoringFacts,
    kind=st.sampled_from(list(ExamKind)),
    has_result=st.booleans(),
    flagged=st.booleans(),
    drawn_on=st.one_of(st.none(), days),
    today=st.just(START + timedelta(days=30)),
)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted({s.name for s in MONITORING.steps})), facts, st.sampled_from(["", "because"])),
        max_size=30,
    )
)
def test_no_walk_acts_on_a_laboratory_test_without_a_result(walk: list[tuple[str, MonitoringFacts, str]]) -> None:
    state, resulted = MonitoringState.DUE, False
    for name, seen, reason in walk:
        try:
            step = MONITORING.advance(state, name, seen, EVERYTHING, reason=reason)
        except Refused:
            continue
        assert state not in MONITORING.terminal
        resulted = {"result": True, "unresult": False}.get(name, resulted)
        if step.target is MonitoringState.ACTED_ON:
            assert resulted or (name == "assess" and seen.kind is ExamKind.ASSESSMENT and reason)
            assert name != "accept" or not seen.flagged
        state = step.target


@given(
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(sorted({s.name for s in CALL.steps})), st.sampled_from(["", "told"])), max_size=30),
)
def test_no_walk_settles_an_urgent_call_that_nobody_took(urgent: bool, walk: list[tuple[str, str]]) -> None:
    state, taken = CallState.LOGGED, False
    for name, words in walk:
        try:
            step = CALL.advance(state, name, CallFacts(urgent, words), EVERYTHING, reason=words)
        except Refused:
            continue
        taken = taken or name == "take"
        if step.target is CallState.SETTLED:
            assert words and (taken or not urgent)
        state = step.target
