# SPDX-License-Identifier: Apache-2.0
"""The invariants of per-diem days: no day lost, none counted twice, no line across a boundary."""
from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.billing.domain.per_diem import (
    Course,
    DayBasis,
    DayRules,
    LineSplit,
    PaidDay,
    billable_days,
    concurrency,
    free_days,
    runs,
)
from openinfusion.kernel.span import DaySpan

DAYS = st.dates(date(2026, 1, 1), date(2026, 4, 30))
SPANS = st.tuples(DAYS, st.integers(0, 60)).map(lambda t: DaySpan(t[0], t[0] + timedelta(days=t[1])))
RULES = st.builds(
    DayRules, basis=st.sampled_from(DayBasis), split=st.sampled_from(LineSplit), max_interval_h=st.sampled_from([24, 72]),
    counts_first_day=st.booleans(), counts_last_day=st.booleans(),
)
COURSES = st.builds(
    Course, start=DAYS, interval_h=st.sampled_from([8, 12, 24, 48, 168]), infusion_days=st.frozensets(DAYS, max_size=40),
    stop=st.none() | DAYS, held_days=st.frozensets(DAYS, max_size=10), dispensed_days=st.integers(0, 40),
)
PAID_DAYS = st.lists(
    st.builds(
        PaidDay, day=DAYS, code=st.sampled_from(["S9500", "S9338"]), rate_cents=st.sampled_from([10000, 12000]),
        modifier=st.sampled_from(["", "SH"]), authorization=st.sampled_from(["", "PA1"]), dispense=st.sampled_from(["a", "b"]),
    ), max_size=60, unique_by=lambda d: (d.code, d.day),
)


@given(COURSES, RULES, SPANS)
def test_every_billable_day_is_in_the_span_and_the_course_and_none_is_held_or_repeated(course: Course, rules: DayRules, span: DaySpan) -> None:
    days = billable_days(course, rules, span)
    assert len(set(days)) == len(days)
    assert list(days) == sorted(days)
    for d in days:
        assert d in span
        assert d >= course.start
        assert course.stop is None or d <= course.stop
        assert d not in course.held_days
        if rules.basis is DayBasis.INFUSION_DAY:
            assert d in course.infusion_days


@given(COURSES, SPANS)
def test_access_up_to_the_limit_pays_every_day_of_the_course_that_is_not_held(course: Course, span: DaySpan) -> None:
    days = billable_days(course, DayRules(max_interval_h=999), span)
    want = [d for d in span.days() if d >= course.start and (course.stop is None or d <= course.stop) and d not in course.held_days]
    assert list(days) == want


@given(PAID_DAYS, st.sampled_from(LineSplit))
def test_the_units_of_all_lines_are_the_days_and_each_day_stands_on_one_line(days: list[PaidDay], split: LineSplit) -> None:
    lines = runs(days, split)
    covered = [(line.code, d) for line in lines for d in line.span.days()]
    assert sum(line.units for line in lines) == len(days)
    assert sorted(covered) == sorted((d.code, d.day) for d in days)
    for line in lines:
        assert line.units == len(line.span)


@given(PAID_DAYS)
def test_no_line_crosses_a_month_where_the_contract_splits_by_month(days: list[PaidDay]) -> None:
    for line in runs(days, LineSplit.CALENDAR_MONTH):
        assert (line.span.first.year, line.span.first.month) == (line.span.last.year, line.span.last.month)


@given(PAID_DAYS, st.sampled_from(LineSplit))
def test_no_line_crosses_an_authorization_rate_or_modifier(days: list[PaidDay], split: LineSplit) -> None:
    by_day = {(d.code, d.day): d for d in days}
    for line in runs(days, split):
        for day in line.span.days():
            d = by_day[line.code, day]
            assert (d.authorization, d.rate_cents, d.modifier) == (line.authorization, line.rate_cents, line.modifier)


@given(st.lists(DAYS), st.sets(DAYS))
def test_billing_the_same_days_again_bills_nothing_new(days: list[date], before: set[date]) -> None:
    taken = dict.fromkeys(before, "S9500")
    free, clashes = free_days(days, "ai", taken)
    assert set(free) | {c.day for c in clashes} == set(days)
    again, _ = free_days(days, "ai", taken | dict.fromkeys(free, "S9500"))
    assert again == ()


@given(st.dictionaries(st.sampled_from(["S9500", "S9501", "S9338", "S9365", "S9348"]), st.integers(1, 50000), min_size=1))
def test_exactly_the_best_paid_code_of_a_day_has_no_modifier(rates: dict[str, int]) -> None:
    ranked = concurrency(rates)
    plain = [code for code, modifier in ranked.items() if modifier == ""]
    assert len(plain) == 1
    assert rates[plain[0]] == max(rates.values())
    assert list(ranked.values()).count("SH") == min(1, len(rates) - 1)
