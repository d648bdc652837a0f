# SPDX-License-Identifier: Apache-2.0
"""What a visit's forms ask, how strictly they are read, and what is said of what was entered."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from openinfusion.kernel.refusal import Broken, Malformed
from openinfusion.nursing.domain.drug_check import InHand, against
from openinfusion.nursing.domain.entry import MOST_LINES, read_values
from openinfusion.nursing.domain.figure import figure
from openinfusion.nursing.domain.infusion_record import InfusionRecord, RateStep, ReactionKind, missing
from openinfusion.nursing.domain.miss import NextStep, check_miss, must_tell, reasons
from openinfusion.nursing.domain.observation import protocol, scale, unusual, usual_at
from openinfusion.nursing.domain.roster import AgencyTerms, against_agency
from openinfusion.nursing.domain.titration import Advice, Next, above_plan, advise
from openinfusion.nursing.domain.visit_form import FieldKind, lacking, section, sections, types_on, visit_type

NOON = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)
DAY = date(2026, 2, 2)


def test_every_type_names_sections_that_exist_and_every_condition_a_field() -> None:
    for kind in types_on(DAY).values():
        assert set(kind.sections(True)) <= set(sections())
        assert set(kind.needed(False)) <= set(kind.sections(False)) and "rate" not in kind.sections(False)
        assert kind.minutes > 0
    for one in sections().values():
        names = {f.name for f in one.fields}
        assert all(f.needed_when[0] in names for f in one.fields if f.needed_when)
        assert all(bool(f.options) == (f.kind in {FieldKind.ONE, FieldKind.SEVERAL}) for f in one.fields)


def test_field_names_are_one_section_s_own() -> None:
    names = [f.name for s in sections().values() for f in s.fields]
    assert len(names) == len(set(names))


def test_a_type_keeps_its_edition_and_an_unknown_one_is_said() -> None:
    assert visit_type("first_dose", 1).title == "First dose"
    assert types_on(date(2020, 1, 1)) == {}
    with pytest.raises(Malformed, match="no type of visit"):
        visit_type("first_dose", 99)
    with pytest.raises(Malformed, match="no such section"):
        section("nothing")


@pytest.mark.parametrize(("code", "given", "kept"), [
    ("identity", {"identifiers": ["name", "name", "MRN"]}, {"identifiers": ["name", "MRN"]}),
    ("vitals", {"temperature_c": Decimal("36.80"), "pulse_per_min": "72", "spo2_percent": None},
     {"temperature_c": "36.80", "pulse_per_min": 72}),
    ("line", {"line_flushes": True, "line_blood_return": "no", "line_site": " left ", "line_note": ""},
     {"line_site": "left", "line_flushes": "yes", "line_blood_return": "no"}),
    ("teaching", {"taught": "one\n\n two "}, {"taught": ["one", "two"]}),
    ("closing", {"started_at": NOON, "ended_at": NOON.isoformat()}, {"started_at": NOON.isoformat(), "ended_at": NOON.isoformat()}),
    ("kit", {"kit_expires_on": DAY}, {"kit_expires_on": "2026-02-02"}),
    ("kit", {"kit_expires_on": "2026-02-02"}, {"kit_expires_on": "2026-02-02"}),
    ("patient", {"strokes": "M10 10 L20 -3"}, {"strokes": "M10 10 L20 -3"}),
    ("rate", {"rate_ml_per_h": 42}, {"rate_ml_per_h": "42"}),
])
def test_values_are_kept_as_they_were_said(code: str, given: dict[str, Any], kept: dict[str, Any]) -> None:
    assert read_values(code, given) == kept


@pytest.mark.parametrize(("code", "given", "said"), [
    ("identity", {"identifiers": "name"}, "is a list"),
    ("identity", {"identifiers": ["shoe size"]}, "is one of"),
    ("identity", {"other": "x"}, "asks nothing of that name"),
    ("vitals", {"temperature_c": "98.6"}, "°F"),
    ("vitals", {"temperature_c": "3e1"}, "plain number"),
    ("vitals", {"temperature_c": True}, "is a number"),
    ("vitals", {"temperature_c": "20"}, "cannot be"),
    ("vitals", {"pulse_per_min": 7.5}, "whole number"),
    ("vitals", {"pulse_per_min": "1_0"}, "whole number"),
    ("vitals", {"vitals_at": "noon"}, "date and time"),
    ("vitals", {"vitals_at": "2026-02-02T12:00:00"}, "with its zone"),
    ("line", {"line_flushes": "perhaps"}, "yes or no"),
    ("line", {"line_flushes": 1.0}, "yes or no"),
    ("line", {"line_site": "x" * 301}, "at most 300"),
    ("line", {"line_site": 7}, "in words"),
    ("kit", {"kit_expires_on": "soon"}, "is a date"),
    ("kit", {"kit_expires_on": 5}, "is a date"),
    ("teaching", {"taught": [1]}, "lines of words"),
    ("teaching", {"taught": ["x"] * (MOST_LINES + 1)}, "lines of words"),
    ("teaching", {"taught": ["x" * 201]}, "200 signs"),
    ("patient", {"strokes": "<svg>"}, "drawn signature"),
])
def test_what_a_field_cannot_hold_is_refused_with_its_reason(code: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(Malformed, match=said):
        read_values(code, given)


def test_a_field_is_needed_when_another_says_so() -> None:
    assert [r.code for r in lacking("line", {"line_site": "left", "line_flushes": "yes"})] == []
    codes = [r.code for r in lacking("line", {"line_site": "left", "line_flushes": "yes", "line_complication": "phlebitis"})]
    assert codes == ["line-line_complication_grade", "line-line_note"]
    assert [r.code for r in lacking("patient", {"signed_name": "A", "signed_relation": "self"})] == ["patient-signature"]
    assert list(lacking("patient", {"signed_name": "A", "signed_relation": "self", "unsigned_why": "asleep"})) == []


def test_a_record_is_judged_by_the_sections_its_type_needs() -> None:
    nothing = InfusionRecord(True)
    assert [r.code for r in missing(nothing, frozenset({"identity", "teaching"}))] == ["identifiers", "taught"]
    assert list(missing(nothing, frozenset())) == []
    half = InfusionRecord(True, reaction=ReactionKind.ALLERGIC)
    assert [r.code for r in missing(half, frozenset())] == ["reaction-detail"]


def test_what_is_unusual_at_an_age_is_said_and_no_more() -> None:
    assert list(unusual({"temperature_c": "36.8", "pulse_per_min": 72}, 58)) == []
    assert list(unusual({"temperature_c": "38.9", "pulse_per_min": 40}, 58)) == [
        "temperature 38.9 is above 36.0 to 38.0", "pulse 40 is below 50 to 110"]
    assert list(unusual({"pulse_per_min": 150}, 0)) == []
    assert usual_at(200) == {}


def test_a_graver_reaction_asks_for_more_and_every_grade_has_words() -> None:
    assert len(protocol(1)) < len(protocol(3)) and "911" in " ".join(protocol(3)) and protocol(0) == ()
    assert set(scale("reaction")) == {1, 2, 3, 4, 5} and scale("phlebitis")[0] == "no sign"


PLAN = (Decimal(42), Decimal(84), Decimal(168))


def at(minutes: int, rate: str) -> RateStep:
    return RateStep(NOON + timedelta(minutes=minutes), Decimal(rate))


@pytest.mark.parametrize(("run", "held", "advice"), [
    ((), False, Advice(Next.START, Decimal(42))),
    ((at(0, "42"),), False, Advice(Next.RAISE, Decimal(84), NOON + timedelta(minutes=30), Decimal(0))),
    ((at(0, "42"), at(30, "84")), True, Advice(Next.HOLD, Decimal(84), None, Decimal(42))),
    ((at(0, "168"),), False, Advice(Next.STAY, Decimal(168), None, Decimal(84))),
    ((at(0, "42"), at(9, "0")), False, Advice(Next.STOPPED)),
])
def test_the_next_step_of_an_infusion_follows_its_plan(run: tuple[RateStep, ...], held: bool, advice: Advice) -> None:
    assert advise(PLAN, 30, run, held) == advice


def test_without_a_plan_nothing_is_advised() -> None:
    assert advise((), 30, (at(0, "42"),)) == Advice(Next.UNPLANNED)
    assert above_plan(PLAN, Decimal(169)) and not above_plan(PLAN, Decimal(168)) and not above_plan((), Decimal(1))


def test_the_drug_in_hand_is_asked_everything_and_another_patient_s_nothing_else() -> None:
    me, mine = uuid4(), uuid4()
    good = InHand("L1", me, mine, NOON + timedelta(hours=1), True, True)
    assert list(against(good, me, mine, NOON)) == []
    bad = InHand("L1", me, uuid4(), NOON, False, False, ("LOT9",))
    assert [r.code for r in against(bad, me, mine, NOON)] == ["other-therapy", "not-released", "expired", "not-delivered", "recalled"]
    assert [r.code for r in against(bad, uuid4(), mine, NOON)] == ["other-patient"]


def test_a_figure_is_that_of_its_day() -> None:
    assert figure("mileage_cents_per_mile", date(2025, 6, 1)) == Decimal("70.0")
    assert figure("mileage_cents_per_mile", date(2026, 6, 1)) == Decimal("72.5")
    with pytest.raises(Broken):
        figure("mileage_cents_per_mile", date(2020, 1, 1))


def test_who_must_be_told_is_told_before_a_miss_is_on_record() -> None:
    assert set(must_tell("hospital")) == {"pharmacist", "nurse manager"} and must_tell("nothing") == ()
    check_miss("hospital", NextStep.RESCHEDULE, ("pharmacist", "nurse manager"))
    with pytest.raises(Malformed, match="prescriber"):
        check_miss("not_home", NextStep.SKIP, ("nurse manager",))
    with pytest.raises(Malformed, match="one of"):
        check_miss("nothing", NextStep.SKIP, ())
    with pytest.raises(Malformed, match="nobody is called"):
        check_miss("not_home", NextStep.RESCHEDULE, ("nurse manager", "the dog"))
    assert "not_home" in reasons()


def test_an_agency_s_papers_speak_against_its_nurses() -> None:
    late = DAY - timedelta(days=1)
    assert list(against_agency(AgencyTerms("A", DAY, DAY, DAY, DAY), DAY)) == []
    codes = [r.code for r in against_agency(AgencyTerms("A", late, late, late, None), DAY)]
    assert codes == ["agency-contract", "agency-licence", "agency-insurance", "agency-competencies"]
