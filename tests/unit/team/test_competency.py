# SPDX-License-Identifier: Apache-2.0
"""Standing from a history of results, plates against their limits, garbing of the day, licences that expired."""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from openinfusion.team.domain.competency import due_on, latest_of, reasons_against, requirements
from openinfusion.team.domain.garb import garb_items, garb_reason
from openinfusion.team.domain.licence import expired_reasons
from openinfusion.team.domain.trial import Trial, failings, half_read, trial_limits

D = date(2026, 11, 1)
P, F = True, False


def history(*results: bool) -> list[tuple[date, bool]]:
    return [(D + timedelta(days=n), r) for n, r in enumerate(results)]


@pytest.mark.parametrize(("results", "in_a_row", "best"), [
    ((P,), 1, 1), ((P, P, P), 3, 3), ((P, P, F), 0, 2), ((P, P, F, P), 1, 2), ((P, P, P, F, P), 1, 3), ((F,), 0, 0),
])
def test_the_longest_row_of_passes_counts(results: tuple[bool, ...], in_a_row: int, best: int) -> None:
    found = latest_of("garbing", history(*results))
    assert (found.in_a_row, found.best, found.passed) == (in_a_row, best, results[-1])


@pytest.mark.parametrize(("results", "code"), [
    ((P,), "competency-incomplete"), ((P, P), "competency-incomplete"), ((P, P, P), ""), ((P, P, F, P), "competency-incomplete"),
    ((P, P, P, F), "competency-failed"), ((P, P, P, F, P), ""), ((P, F, P, P, P), ""),
])
def test_the_first_time_three_in_a_row(results: tuple[bool, ...], code: str) -> None:
    latest = [latest_of("garbing", history(*results)), latest_of("media_fill", history(P)), latest_of("core_training", history(P))]
    found = [r.code for r in reasons_against("sterile_compounding", latest, D + timedelta(days=10), "Tam")]
    assert found == ([code] if code else [])


def test_category_3_is_due_in_half_the_time() -> None:
    results = history(P, P, P)
    latest = [latest_of(e, results) for e in ("garbing", "media_fill", "core_training")]
    on = D + timedelta(days=100)
    assert reasons_against("sterile_compounding", latest, on, "Tam") == ()
    assert [r.code for r in reasons_against("category_3_compounding", latest, on, "Tam")] == ["competency-lapsed"] * 2


def test_due_days_of_short_months_and_leap_days() -> None:
    assert due_on(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert due_on(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert due_on(date(2028, 2, 29), 12) == date(2029, 2, 28)


def test_an_unknown_task_is_not_allowed() -> None:
    assert [r.code for r in reasons_against("juggling", [], D, "Tam")] == ["task-unknown"]
    assert {r.first_passes for r in requirements()} == {1, 3}


@pytest.mark.parametrize(("element", "trial", "number"), [
    ("garbing", Trial(0, 0), 0), ("garbing", Trial(1, 0), 1), ("garbing", Trial(), 0),
    ("media_fill", Trial(2, 1, 3, False), 0), ("media_fill", Trial(2, 2, 4, True), 3), ("core_training", Trial(9, 9), 0),
])
def test_plates_fail_when_they_are_over(element: str, trial: Trial, number: int) -> None:
    assert len(failings(element, trial)) == number


def test_both_hands_or_neither() -> None:
    assert half_read(Trial(1, None)) and half_read(Trial(None, 1)) and not half_read(Trial()) and not half_read(Trial(0, 0))
    assert all(x.source.text for x in trial_limits())


def test_garbing_for_hazardous_work_counts_for_all_work_and_not_the_other_way() -> None:
    assert garb_reason([], False, "Tam").code == "not-garbed"
    assert garb_reason([False], False, "Tam") is None
    assert "hazardous" in garb_reason([False], True, "Tam").text
    assert garb_reason([False, True], True, "Tam") is None
    assert len(garb_items(True)) > len(garb_items(False)) > 0


def test_a_licence_stops_the_day_after_its_last_unless_it_was_renewed() -> None:
    held = [("technician", "IL", D), ("other", "IL", D), ("technician", "IN", D)]
    assert expired_reasons(held, "IL", D, "Tam") == ()
    assert [r.code for r in expired_reasons(held, "IL", D + timedelta(days=1), "Tam")] == ["licence-expired"]
    assert expired_reasons([*held, ("technician", "IL", D + timedelta(days=9))], "IL", D + timedelta(days=1), "Tam") == ()
