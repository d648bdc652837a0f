# SPDX-License-Identifier: Apache-2.0
"""The day ledger: ranks, exclusive groups, catheter care, stays elsewhere, whatever comes to a day and in whatever order."""
from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.billing.domain.day_ledger import (
    CATHETER,
    Away,
    LedgerDay,
    dispensed_days,
    displaced,
    held_days,
    open_days,
    ranked,
)
from openinfusion.billing.domain.per_diem import concurrency

GROUPS = ("ai", "tpn", "S9338", CATHETER, "hyd")
ENTRIES = st.lists(
    st.builds(
        LedgerDay, key=st.uuids().map(str), code=st.sampled_from(["S9500", "S9501", "S9338", "S9365", "S5498"]),
        group=st.sampled_from(GROUPS), rate_cents=st.integers(0, 40000), modifier=st.just(""), is_fixed=st.booleans(),
    ), max_size=5, unique_by=lambda e: e.group,
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))


def _fixed_ranks(entries: list[LedgerDay]) -> list[LedgerDay]:
    """As they would stand: what was sent has a rank of its own each."""
    ranks = iter(("", "SH", "SJ", "SJ", "SJ"))
    return [LedgerDay(e.key, e.code, e.group, e.rate_cents, next(ranks), True) if e.is_fixed else e for e in entries]


@given(ENTRIES.map(_fixed_ranks))
def test_at_most_one_has_no_rank_and_one_sh_and_what_was_sent_keeps_its_own(entries: list[LedgerDay]) -> None:
    found = ranked(entries)
    assert set(found) == {e.key for e in entries}
    values = list(found.values())
    assert values.count("") <= 1 and values.count("SH") <= 1
    assert not entries or "" in values
    for e in entries:
        if e.is_fixed:
            assert found[e.key] == e.modifier


@given(st.dictionaries(st.sampled_from(["S9500", "S9501", "S9338", "S9365"]), st.integers(1, 40000), min_size=1))
def test_where_nothing_was_sent_the_ranks_are_those_by_rate(rates: dict[str, int]) -> None:
    entries = [LedgerDay(code, code, code, rate) for code, rate in rates.items()]
    assert ranked(entries) == concurrency(rates)


@given(st.lists(DAYS, max_size=20), st.sampled_from(GROUPS), st.dictionaries(DAYS, ENTRIES, max_size=20), st.sampled_from([0, 1, 2]))
def test_no_day_comes_to_a_group_twice_and_catheter_care_stands_alone(
    days: list[date], group: str, running: dict[date, list[LedgerDay]], most: int,
) -> None:
    free, clashes = open_days(days, group, running, most)
    assert set(free) | {c.day for c in clashes} == set(days) and not set(free) & {c.day for c in clashes}
    for day in free:
        there = running.get(day, [])
        assert all(e.group != group for e in there)
        if group == CATHETER:
            assert all(e.group == CATHETER for e in there)
        others = [e for e in there if e.group not in (group, CATHETER)]
        assert not most or len(others) < most
        for e in there:
            assert (e.key in displaced(there, group)) is (e.group == CATHETER and not e.is_fixed and group != CATHETER)
    now_running = {**running, **{d: [*running.get(d, []), LedgerDay("new", "x", group, 1)] for d in free}}
    assert open_days(days, group, now_running, most)[0] == ()


@given(st.lists(DAYS, max_size=40), st.lists(st.tuples(DAYS, st.none() | st.integers(1, 20), st.sampled_from(["inpatient", "ed"])), max_size=4))
def test_the_day_of_admission_is_out_and_the_day_of_return_is_in(
    days: list[date], stays: list[tuple[date, int | None, str]],
) -> None:
    away = [Away(kind, first, first + timedelta(days=n) if n else None) for first, n, kind in stays]
    found = held_days(days, away, ["inpatient"])
    assert found <= set(days)
    for s in away:
        if s.kind == "inpatient":
            assert s.admitted_on not in days or s.admitted_on in found
        if s.returned_on in days and not any(o is not s and o.kind == "inpatient" and o.holds(s.returned_on) for o in away):
            assert s.returned_on not in found
    assert held_days(days, away, []) == frozenset()


@given(st.integers(1, 60), st.sampled_from([6, 8, 12, 24, 48, 168]))
def test_a_delivery_lasts_as_long_as_its_doses(doses: int, interval: int) -> None:
    days = dispensed_days(doses, interval)
    assert (days - 1) * 24 < doses * interval <= days * 24
