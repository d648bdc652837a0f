# SPDX-License-Identifier: Apache-2.0
"""Criteria against a chart, the payer's clock, and how an authorization is used up."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest

from openinfusion.intake.adapters import ask_again_days, payer_clocks, payer_windows
from openinfusion.intake.domain.burn_down import Use, burn_down
from openinfusion.intake.domain.criteria import ChartSeen, DrugSeen, LabSeen, Noted, Standing, counted, judge
from openinfusion.intake.domain.payer_clock import decision_due, window_until
from openinfusion.payers.adapters import criteria as sets_on_file
from openinfusion.payers.domain.criterion import Criterion, CriterionKind, criteria_for

TODAY = date(2026, 3, 10)
K = CriterionKind
CHART = ChartSeen(
    today=TODAY, age_years=40, diagnoses=(("K50.90", "Crohn's disease"),),
    drugs=(DrugSeen("Methotrexate 15 mg", date(2025, 1, 1), date(2025, 6, 1), True), DrugSeen("prednisone", date(2026, 1, 1), None, False),
           DrugSeen("mesalamine", None, None, False)),
    labs=(LabSeen("2465-3", "IgG", D("512"), "mg/dL", date(2026, 1, 5)),), weight_kg=D(80), weighed_on=date(2026, 3, 1), dose_mg=D(400),
    papers={"tb_test": "test, 01-Feb-2026"}, plan="signed", plan_words="signed by Dr. Imaginary, 02-Mar-2026",
)


def one(kind: CriterionKind, chart: ChartSeen = CHART, **more: object) -> tuple[Standing, str]:
    criterion = Criterion("c", "said", kind, **more)  # type: ignore[arg-type]
    (j,) = judge([criterion], chart, {})
    return j.standing, j.evidence


@pytest.mark.parametrize(("kind", "more", "changes", "standing", "evidence"), [
    (K.DIAGNOSIS, {"any_of": ("K50",)}, {}, "met", "K50.90"), (K.DIAGNOSIS, {"any_of": ("K50.9",)}, {}, "met", "Crohn"),
    (K.DIAGNOSIS, {"any_of": ("D80",)}, {}, "missing", "recorded: K50.90"), (K.DIAGNOSIS, {}, {"diagnoses": ()}, "unknown", "no diagnosis"),
    (K.TRIED, {"any_of": ("methotrexate",)}, {}, "met", "ended 01-Jun-2025"), (K.TRIED, {"any_of": ("prednisone",)}, {}, "unknown", "since 01-Jan-2026"),
    (K.TRIED, {"any_of": ("mesalamine",)}, {}, "unknown", "whether it failed"), (K.TRIED, {"any_of": ("azathioprine",)}, {}, "missing", "no such drug"),
    (K.LAB, {"any_of": ("2465-3",), "within_days": 365, "high": D(700), "unit": "mg/dL"}, {}, "met", "IgG 512 mg/dL"),
    (K.LAB, {"any_of": ("2465-3",), "within_days": 30}, {}, "missing", "older than 30"), (K.LAB, {"any_of": ("1-8",)}, {}, "missing", "no such value"),
    (K.LAB, {"any_of": ("2465-3",), "high": D(512), "unit": "mg/dL"}, {}, "missing", "512"),
    (K.LAB, {"any_of": ("2465-3",), "low": D(600), "unit": "mg/dL"}, {}, "missing", "512"),
    (K.LAB, {"any_of": ("2465-3",), "high": D(7), "unit": "g/L"}, {}, "unknown", "in g/L"), (K.LAB, {"any_of": ("2465-3",)}, {}, "met", "05-Jan-2026"),
    (K.AGE, {"low": D(6)}, {}, "met", "40"), (K.AGE, {"low": D(65)}, {}, "missing", "40"), (K.AGE, {"high": D(18)}, {}, "missing", "40"),
    (K.WEIGHT, {"within_days": 30}, {}, "met", "80 kg"), (K.WEIGHT, {"within_days": 5}, {}, "missing", "older"),
    (K.WEIGHT, {}, {"weight_kg": None}, "missing", "no weight"),
    (K.DOSE, {"high": D(10)}, {}, "met", "5 mg/kg"), (K.DOSE, {"high": D(4)}, {}, "missing", "5 mg/kg"),
    (K.DOSE, {"high": D(4)}, {"weight_kg": None}, "unknown", "without a weight"), (K.DOSE, {"high": D(4)}, {"dose_mg": None}, "unknown", "not in mg"),
    (K.DOCUMENT, {"any_of": ("tb_test",)}, {}, "met", "01-Feb-2026"), (K.DOCUMENT, {"any_of": ("letter",)}, {}, "missing", "not been received"),
    (K.PLAN, {}, {}, "met", "Imaginary"), (K.PLAN, {}, {"plan": "sent", "plan_words": ""}, "missing", "sent"),
    (K.PLAN, {}, {"plan": "", "plan_words": ""}, "unknown", "once the patient is accepted"), (K.SAID, {}, {}, "unknown", "a person notes"),
])
def test_each_kind_is_met_missing_or_unknown_with_its_evidence(
    kind: CriterionKind, more: dict[str, object], changes: dict[str, object], standing: str, evidence: str,
) -> None:
    found = one(kind, replace(CHART, **changes), **more)  # type: ignore[arg-type]
    assert found[0] == standing and evidence in found[1]


def test_what_a_person_noted_stands_before_what_was_found_with_their_name() -> None:
    noted = {"c": Noted(Standing.MET, "clinic note of 3 March", "Ines Intake", TODAY)}
    (j,) = judge([Criterion("c", "said", K.SAID)], CHART, noted)
    assert (j.standing, j.tone) == (Standing.MET, "ok") and j.evidence == "clinic note of 3 March (Ines Intake, 10-Mar-2026)"
    assert counted([j]) == {Standing.MET: 1, Standing.MISSING: 0, Standing.UNKNOWN: 0}


def test_the_drugs_own_criteria_stand_before_those_of_its_class() -> None:
    asked = {c.code: c for c in criteria_for(sets_on_file(), "meridian", "commercial", "biologic", "infliximab", TODAY)}
    assert asked["tried"].kind is K.TRIED and {"plan_signed", "letter", "dose"} <= set(asked)
    other = {c.code: c for c in criteria_for(sets_on_file(), "meridian", "commercial", "biologic", "vedolizumab", TODAY)}
    assert other["tried"].kind is K.SAID
    assert criteria_for(sets_on_file(), "x", "commercial", "biologic", "infliximab", date(2020, 1, 1)) == ()


ASKED = datetime(2026, 3, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(("type", "urgent", "drug", "hours", "binds"), [
    ("medicare_advantage", False, False, 168, True), ("medicare_advantage", True, False, 72, True),
    ("medicare_advantage", False, True, 72, True), ("medicare_advantage", True, True, 24, True), ("medicaid", False, False, 168, True),
    ("part_d", False, True, 72, True), ("commercial", False, True, 72, False),
])
def test_the_clock_goes_by_payer_urgency_and_whether_it_is_a_drug(type: str, urgent: bool, drug: bool, hours: int, binds: bool) -> None:
    due = decision_due(payer_clocks(), type, urgent=urgent, is_drug=drug, asked_at=ASKED, on=ASKED.date(), ask_again_days=ask_again_days())
    assert due.at == ASKED + timedelta(hours=hours) and due.binding is binds and due.words
    if not drug and type != "commercial":
        assert "CMS-0057-F" in due.words and "drugs are excluded" in due.words


def test_before_the_rule_began_nothing_binds() -> None:
    """What is asked in the evening of the year's last day is asked before the rule, although it is next year by UTC."""
    asked = datetime(2026, 1, 1, 2, 30, tzinfo=UTC)
    found = [decision_due(payer_clocks(), "medicaid", urgent=False, is_drug=False, asked_at=asked, on=on, ask_again_days=3)
             for on in (date(2025, 12, 31), date(2026, 1, 1))]
    assert [d.binding for d in found] == [False, True] and "no rule on file" in found[0].words


def test_windows_are_dated_and_what_is_not_known_is_not_known() -> None:
    assert window_until(payer_windows(), "appeal", "commercial", TODAY) == TODAY + timedelta(days=180)
    assert window_until(payer_windows(), "appeal", "moon", TODAY) is None


def uses(code: str, first: date, days: int, units: str = "1") -> list[Use]:
    return [Use(code, first + timedelta(days=n), D(units)) for n in range(days)]


def test_units_run_out_on_the_first_day_they_do_not_cover() -> None:
    found = burn_down({"S9500": 14, "J0696": 0}, uses("S9500", TODAY, 10), uses("S9500", TODAY + timedelta(days=10), 8), date(2026, 12, 31), TODAY + timedelta(days=17))
    code = found.codes[0]
    assert (code.given, code.scheduled, code.left, code.over) == (10, 8, -4, True)
    assert found.runs_out_on == TODAY + timedelta(days=14) and "units of S9500" in found.why
    assert found.codes[1].left is None and not found.codes[1].over


def test_days_run_out_where_the_course_outlasts_them() -> None:
    found = burn_down({"S9500": 100}, [], uses("S9500", TODAY, 30), TODAY + timedelta(days=9), TODAY + timedelta(days=29))
    assert found.runs_out_on == TODAY + timedelta(days=10) and "last day" in found.why
    enough = burn_down({"S9500": 100}, [], uses("S9500", TODAY, 5), TODAY + timedelta(days=9), TODAY + timedelta(days=4))
    assert enough.runs_out_on is None and enough.why == ""


def test_more_given_than_approved_has_run_out_already() -> None:
    found = burn_down({"J0696": 5}, uses("J0696", TODAY, 3, "2"), [], date(2026, 12, 31), None)
    assert found.codes[0].runs_out_on == TODAY + timedelta(days=2)


def test_nothing_known_of_its_end_means_its_last_day() -> None:
    assert burn_down({"S9500": 0}, [], [], TODAY, None).runs_out_on == TODAY + timedelta(days=1)
    assert burn_down({"S9500": 0}, [], [], None, None).runs_out_on is None
