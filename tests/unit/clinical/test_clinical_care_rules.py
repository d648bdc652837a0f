# SPDX-License-Identifier: Apache-2.0
"""Protocols, due days, panels, outcomes and teaching, without a database. Rows of section 6.8 are read as they stand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from openinfusion.clinical.domain import education as teaching
from openinfusion.clinical.domain.call import CALL, CallFacts, CallState
from openinfusion.clinical.domain.coded import call_topics, coded
from openinfusion.clinical.domain.monitoring import (
    MONITORING,
    Last,
    MonitoringFacts,
    MonitoringState,
    due_day,
    last_day,
    opens_on,
)
from openinfusion.clinical.domain.outcome import Days, Happened, Period, counted, device_days, rate, share, therapy_days
from openinfusion.clinical.domain.policy import lab_range, policy, rows
from openinfusion.clinical.domain.protocol import ExamKind, Result, Watch, answer, exam_of, known_exams, protocol
from openinfusion.clinical.permissions import ALL
from openinfusion.kernel.refusal import Broken, Malformed, Refused

DAY = date(2026, 3, 2)
EVERYTHING = frozenset(p.code for p in ALL)
ONE, TWO = UUID(int=1), UUID(int=2)


def every(drug: str) -> dict[str, int]:
    return {w.name: w.every_days for w in protocol(drug, [], DAY)}


@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        ("cefazolin", {"CBC": 7, "basic metabolic panel": 7}),
        ("ceftriaxone", {"CBC": 7, "basic metabolic panel": 7, "hepatic panel": 7}),
        ("vancomycin", {"CBC": 7, "basic metabolic panel": 7, "vancomycin level": 7}),
        ("gentamicin", {"CBC": 7, "basic metabolic panel": 3, "gentamicin level": 7, "hearing and balance asked or tested": 14}),
        ("daptomycin", {"CBC": 7, "basic metabolic panel": 7, "creatine kinase": 7}),
        ("amphotericin_b_liposomal", {"CBC": 7, "basic metabolic panel": 3, "magnesium": 3, "hepatic panel": 7}),
        ("ganciclovir", {"CBC": 3, "basic metabolic panel": 7}),
        ("foscarnet", {"CBC": 7, "basic metabolic panel": 3, "calcium": 3, "magnesium": 3, "phosphorus": 3}),
    ],
)
def test_6_8_the_opat_rows_per_drug(drug: str, expected: dict[str, int]) -> None:
    assert every(drug) == expected


def test_a_drug_without_a_row_follows_its_class() -> None:
    by_class = (Watch("58410-2", "CBC", 28, "template"),)
    assert protocol("iron_sucrose", by_class, DAY) == by_class


@pytest.mark.parametrize("name", ["support_figures", "lab_ranges", "tests", "protocols", "call_topics"])
def test_no_row_claims_to_be_signed_and_each_has_a_source(name: str) -> None:
    assert {r["status"] for r in rows(name)} == {"unverified"} and all(r["source"].strip() for r in rows(name))


def test_every_test_of_a_protocol_is_described() -> None:
    assert {t["code"] for r in rows("protocols") for t in r["tests"]} <= known_exams().keys()


def test_a_figure_that_is_not_there_is_an_alarm_and_an_early_day_reads_the_oldest() -> None:
    assert policy("grace_days", date(2000, 1, 1)).value == 1
    with pytest.raises(Broken):
        policy("no_such", DAY)


def test_a_range_holds_in_its_own_unit_only() -> None:
    span = lab_range("2160-0", "mg/dL", DAY)
    assert span is not None and span.holds(Decimal("1.3")) and not span.holds(Decimal("1.31")) and str(span) == "0.5 to 1.3 mg/dL"
    assert lab_range("2160-0", "umol/L", DAY) is None
    open_below = lab_range("2157-6", "u/l", DAY)
    assert open_below is not None and open_below.holds(Decimal(0)) and str(open_below) == "up to 300 U/L"


def test_the_first_is_due_at_the_start_and_the_next_an_interval_after_the_draw() -> None:
    assert due_day(DAY, 7, None, None) == DAY
    assert due_day(DAY, 7, None, DAY - timedelta(days=2)) == DAY + timedelta(days=5)
    assert due_day(DAY, 3, None, DAY - timedelta(days=6)) == DAY, "never before the start"
    assert due_day(DAY, 7, None, DAY - timedelta(days=8)) == DAY, "too old to be the baseline"
    assert due_day(DAY, 7, Last(DAY + timedelta(days=9), 7), None) == DAY + timedelta(days=16)
    assert due_day(DAY, 7, Last(DAY, 7, stopped=True), None) is None


@pytest.mark.parametrize(("interval", "early"), [(1, 0), (2, 1), (3, 1), (7, 3), (90, 3)])
def test_a_sample_drawn_a_little_early_counts(interval: int, early: int) -> None:
    assert opens_on(DAY, interval) == DAY - timedelta(days=early)


def test_each_state_has_its_own_patience() -> None:
    assert last_day(MonitoringState.DUE, DAY) == DAY + timedelta(days=1)
    assert last_day(MonitoringState.DRAWN, DAY) == DAY + timedelta(days=2)
    assert last_day(MonitoringState.RESULTED, DAY) == DAY + timedelta(days=1)


def result(code: str, on: date = DAY, flagged: bool = False) -> Result:
    return Result(code, on, code, flagged)


def test_a_panel_needs_every_member_or_its_own_code() -> None:
    cbc = exam_of("58410-2")
    part = answer(cbc, [result("6690-2"), result("718-7")], DAY)
    assert not part.whole and part.missing == ("777-3",)
    assert answer(cbc, [result("58410-2")], DAY).whole
    whole = answer(cbc, [result("6690-2"), result("718-7", DAY + timedelta(days=1)), result("777-3", flagged=True)], DAY)
    assert whole.whole and whole.drawn_on == DAY + timedelta(days=1) and whole.flagged
    assert not answer(cbc, [result(c, DAY - timedelta(days=1)) for c in ("6690-2", "718-7", "777-3")], DAY).whole
    assert answer(exam_of("2601-3"), [result("19123-9")], DAY).whole, "either code of magnesium"
    assert exam_of("99999-9", "rare").members == (frozenset({"99999-9"}),)


def test_a_measurement_has_no_sample_and_an_assessment_no_value() -> None:
    weight = MonitoringFacts(ExamKind.MEASUREMENT)
    with pytest.raises(Refused, match="no sample"):
        MONITORING.advance(MonitoringState.DUE, "draw", weight, EVERYTHING)
    with pytest.raises(Refused, match="value on the chart"):
        MONITORING.advance(MonitoringState.DUE, "assess", weight, EVERYTHING, reason="fine")
    later = MonitoringFacts(drawn_on=DAY + timedelta(days=1), today=DAY)
    with pytest.raises(Refused, match="future"):
        MONITORING.advance(MonitoringState.DUE, "draw", later, EVERYTHING)


def test_device_days_are_days_with_a_device_while_under_care() -> None:
    period = Period(DAY, DAY + timedelta(days=9))
    course = Days(ONE, DAY + timedelta(days=2), None, "antibiotic")
    picc = Days(ONE, DAY - timedelta(days=30), DAY + timedelta(days=5), "central")
    assert device_days([picc], [course], period) == {"central": 4}
    second = Days(ONE, DAY, None, "central")
    assert device_days([picc, second], [course, course], period) == {"central": 8}, "two devices of a class are one device-day"
    midline = Days(ONE, DAY, None, "midline")
    assert device_days([picc, midline], [course], period) == {"central": 4, "midline": 8}
    assert device_days([Days(TWO, DAY, None, "central")], [course], period) == {}
    assert therapy_days([course, course], period) == 16
    assert therapy_days([Days(ONE, DAY - timedelta(days=5), DAY - timedelta(days=1), "x")], period) == 0


def test_a_figure_needs_enough_days_or_cases() -> None:
    assert rate("k", "t", 3, 499, "days", DAY).shown == "too few to tell"
    assert rate("k", "t", 3, 1400, "device-days", DAY).shown == "2.14 per 1,000 device-days"
    assert share("k", "t", 1, 19, "courses", DAY).figure is None
    assert share("k", "t", 17, 21, "courses", DAY).shown == "81.0 %"


def test_an_urgent_call_cannot_be_settled_by_whoever_picked_up() -> None:
    with pytest.raises(Refused, match="on call"):
        CALL.advance(CallState.LOGGED, "settle", CallFacts(urgent=True, advice="rest"), EVERYTHING)
    assert CALL.advance(CallState.LOGGED, "settle", CallFacts(advice="rest"), EVERYTHING).target is CallState.SETTLED
    assert call_topics()["fever_or_chills"].urgent and not call_topics()["supplies"].urgent


def test_what_is_taught_last_counts() -> None:
    topics = ("flushing", "pump")
    taught = [teaching.Taught("flushing", "teaches_back", DAY, 1), teaching.Taught("flushing", "not_yet", DAY, 2)]
    assert teaching.outstanding(topics, taught) == topics
    assert teaching.outstanding(topics, taught[:1]) == ("pump",)
    with pytest.raises(Malformed) as no:
        teaching.check_teaching("", "x", "y", "", DAY + timedelta(days=1), DAY)
    assert {f.path for f in no.value.faults} == {"topic", "method", "result", "learner", "taught_on"}


def test_every_list_has_codes_and_words() -> None:
    for kind in (
        "intervention_type",
        "intervention_outcome",
        "teach_method",
        "teach_result",
        "adverse_reaction",
        "line_event",
        "unplanned_care",
    ):
        assert coded(kind) and all(coded(kind).values())


def test_results_of_a_test_are_said_together_and_events_counted() -> None:
    found = answer(exam_of("58410-2"), [Result(code, DAY, f"{code} 1", False) for code in ("58410-2",)], DAY)
    assert found.whole and found.text == "58410-2 1"
    events = [Happened(ONE, "line_event", kind, "unknown", DAY) for kind in ("clotted", "clotted", "broken")]
    assert counted(events, lambda e: e.kind == "clotted") == 2
