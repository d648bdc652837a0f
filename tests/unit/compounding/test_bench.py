# SPDX-License-Identifier: Apache-2.0
"""Doing the steps: in order, by one person, each with its proof; what waits, what stops."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest

from openinfusion.compounding.domain.bench import (
    Progress,
    Scanned,
    StepReport,
    done_when,
    judge_step,
    look_reasons,
    step_reasons,
)
from openinfusion.compounding.domain.bench_step import BenchStep, Proof, StepKind
from openinfusion.compounding.domain.opened import (
    OPENED,
    OpenedFacts,
    OpenedState,
    clock_rows,
    good_until,
    is_opened_code,
    kind_of,
    opened_code,
    opened_reasons,
    read_opened_code,
)
from openinfusion.kernel.refusal import Broken, Malformed, Reason, Refused

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ME, OTHER, PRODUCT = uuid4(), uuid4(), uuid4()
SCAN = BenchStep(kind=StepKind.SCAN, asks=Proof.SCAN, text="Scan it", name="vancomycin 1 g vial", product_id=PRODUCT, volume_ml=D(10))
WEIGH = BenchStep(kind=StepKind.DRAW, asks=Proof.WEIGHT, text="Draw", volume_ml=D(25), expected_g=D(26), low_g=D("24.7"), high_g=D("27.3"))
KEY = BenchStep(kind=StepKind.SEAL, text="Seal it")
RIGHT = Scanned(PRODUCT, "vancomycin 1 g vial", uuid4(), "L1", free=2)


def codes(found: list[Reason]) -> list[str]:
    return [r.code for r in found]


def test_only_the_next_step_by_the_one_who_started_and_only_in_the_hood() -> None:
    at = Progress(5, ME, True, done=2)
    assert step_reasons(at, 3, ME) == [] and at.next == 3 and not at.finished
    assert codes(step_reasons(at, 4, OTHER)) == ["not-compounder", "out-of-order"]
    assert codes(step_reasons(at, 3, ME)) == []
    assert codes(step_reasons(replace(at, in_hood=False, stopped="wrong product"), 3, ME)) == ["not-in-hood", "stopped"]
    assert codes(step_reasons(replace(at, waiting=3), 4, ME)) == ["waiting-look"]
    assert "every step is done" in step_reasons(Progress(5, ME, True, done=5), 6, ME)[0].text
    assert Progress(5, ME, True, done=5).finished and not Progress(5, ME, True, done=5, waiting=5).finished


def test_the_second_look_is_another_person_s_and_given_once() -> None:
    assert look_reasons(ME, OTHER, looked=False) == []
    assert codes(look_reasons(ME, ME, looked=True)) == ["looked-at", "own-work"]


def test_a_step_without_its_proof_is_not_done() -> None:
    for step, field in ((SCAN, "code"), (WEIGH, "weight_g"), (replace(KEY, asks=Proof.PHOTO), "photo")):
        with pytest.raises(Malformed) as no:
            judge_step(step, StepReport(place=1), None)
        assert no.value.faults[0].path == field
    with pytest.raises(Malformed):
        judge_step(WEIGH, StepReport(place=1, weight_g=D(0)), None)
    assert judge_step(KEY, StepReport(place=1), None).look == ""
    assert judge_step(replace(KEY, asks=Proof.PHOTO), StepReport(place=1, photo=b"x"), None).stop == ""


def test_a_wrong_scan_stops_and_says_what_is_wrong() -> None:
    report = StepReport(place=1, code="x")
    assert judge_step(SCAN, report, RIGHT).stop == ""
    wrong = judge_step(SCAN, report, replace(RIGHT, product_id=uuid4(), product="cefepime 1 g vial"))
    assert wrong.stop_kind == "wrong_product" and wrong.stop == "cefepime 1 g vial was scanned instead of vancomycin 1 g vial"
    assert judge_step(SCAN, report, replace(RIGHT, free=0)).stop_kind == "unstaged_lot"
    assert judge_step(SCAN, report, replace(RIGHT, against=(Reason("lot-recalled", "lot L1 is recalled"),))).stop == "lot L1 is recalled"


def test_an_opened_container_must_hold_what_is_needed() -> None:
    opened = replace(RIGHT, free=0, opened_id=uuid4(), opened_left_ml=D(10))
    report = StepReport(place=1, code="OV1*X")
    assert judge_step(SCAN, report, opened).stop == ""
    little = judge_step(SCAN, report, replace(opened, opened_left_ml=D("9.99")))
    assert little.stop_kind == "too_little_left" and "9.99 mL" in little.stop
    assert judge_step(SCAN, report, replace(opened, opened_left_ml=None)).stop_kind == "too_little_left"
    assert judge_step(replace(SCAN, volume_ml=None), report, opened).stop == ""


def test_keyed_off_weight_and_other_volume_wait_for_another_person() -> None:
    assert "keyed" in judge_step(SCAN, StepReport(place=1, code="L1", keyed=True), RIGHT).look
    assert judge_step(KEY, StepReport(place=1, keyed=True), None).look == ""
    for grams, waits in (("24.7", False), ("27.3", False), ("24.69", True), ("27.31", True)):
        assert bool(judge_step(WEIGH, StepReport(place=1, weight_g=D(grams)), None).look) is waits
    both = judge_step(replace(WEIGH, look="hazardous"), StepReport(place=1, weight_g=D(20), volume_ml=D(24)), None).look
    assert both.startswith("hazardous; the weight is out of tolerance") and "24 mL, 25 mL planned" in both
    assert judge_step(WEIGH, StepReport(place=1, weight_g=D(26), volume_ml=D(25)), None).look == ""


@pytest.mark.parametrize(("ago", "right"), [(timedelta(0), True), (timedelta(hours=1), True), (timedelta(hours=1, seconds=1), False),
                                            (-timedelta(minutes=2), True), (-timedelta(minutes=3), False)])
def test_a_step_is_told_within_the_hour_and_never_lies_in_the_future(ago: timedelta, right: bool) -> None:
    report = StepReport(place=1, done_at=NOW - ago)
    if right:
        assert done_when(report, NOW) == min(NOW, NOW - ago)
    else:
        with pytest.raises(Malformed):
            done_when(report, NOW)


def test_a_step_without_a_time_is_done_now_and_one_without_a_zone_is_refused() -> None:
    assert done_when(StepReport(place=1), NOW) == NOW
    with pytest.raises(Malformed):
        done_when(StepReport(place=1, done_at=NOW.replace(tzinfo=None)), NOW)


def test_the_clock_of_an_opened_container_is_the_shortest_that_applies() -> None:
    far = NOW + timedelta(days=400)
    assert good_until(NOW, kind="single_dose", drug="vancomycin", lot_ends_at=far)[0] == NOW + timedelta(hours=12)
    assert good_until(NOW, kind="multiple_dose", drug="x", lot_ends_at=far)[0] == NOW + timedelta(days=28)
    until, because = good_until(NOW, kind="single_dose", drug="ampicillin", lot_ends_at=far)
    assert until == NOW + timedelta(hours=1) and "1 hours after opening" in because
    assert good_until(NOW, kind="bulk", drug="x", lot_ends_at=NOW + timedelta(hours=2)) == (NOW + timedelta(hours=2), "the lot expires")
    with pytest.raises(Broken):
        good_until(NOW, kind="barrel", drug="x", lot_ends_at=far)
    assert all(r.source.standing.value == "unverified" and r.hours > 0 for r in clock_rows())
    assert [kind_of(single_dose=True, container="vial"), kind_of(single_dose=False, container="bulk vial"), kind_of(single_dose=False, container="vial")] == ["single_dose", "bulk", "multiple_dose"]


def test_an_opened_container_serves_in_time_and_in_its_own_hood() -> None:
    assert opened_reasons(NOW, NOW - timedelta(seconds=1), ME, ME) == ()
    assert codes(list(opened_reasons(NOW, NOW, ME, OTHER))) == ["opened-too-long", "other-hood"]


def test_the_label_of_an_opened_container_shows_a_slip_of_the_hand() -> None:
    code = opened_code(uuid4())
    assert is_opened_code(code.lower()) and read_opened_code(f" {code.lower()} ") == code[4:12]
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for text in (wrong, "OV1*ABC", "OI1*ABCDEFGH*1*K"):
        with pytest.raises(Malformed):
            read_opened_code(text)


def test_an_opened_container_is_emptied_or_wasted_with_a_reason() -> None:
    may = frozenset({"compounding.preparation.compound"})
    assert OPENED.advance(OpenedState.OPEN, "empty", OpenedFacts(D(0)), may).target is OpenedState.EMPTY
    assert OPENED.advance(OpenedState.OPEN, "waste", OpenedFacts(D(1)), may, reason="dropped").target is OpenedState.WASTED
    with pytest.raises(Refused, match="nothing is left"):
        OPENED.advance(OpenedState.OPEN, "waste", OpenedFacts(D(0)), may, reason="dropped")
    with pytest.raises(Refused, match="1 mL are left"):
        OPENED.advance(OpenedState.OPEN, "empty", OpenedFacts(D(1)), may)
