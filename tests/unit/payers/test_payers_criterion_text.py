# SPDX-License-Identifier: Apache-2.0
"""A criterion is read strictly from its line, and written back the same."""
from __future__ import annotations

from decimal import Decimal

import pytest

from openinfusion.kernel.refusal import Malformed
from openinfusion.payers.adapters import criteria
from openinfusion.payers.domain.criterion import CriterionKind, criteria_for
from openinfusion.payers.domain.criterion_text import EXAMPLES, criterion_line, line_changes, parse_criteria, parse_criterion


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_reads_and_is_written_the_same(line: str) -> None:
    assert criterion_line(parse_criterion(line)) == line


def test_every_criterion_on_file_can_be_written_and_read() -> None:
    for found in criteria():
        again = parse_criteria([criterion_line(c) for c in found.criteria], found.source)
        assert again == found.criteria
        assert found.code


def test_a_laboratory_value_has_its_bounds_and_their_unit() -> None:
    c = parse_criterion("igg: lab 2465-3 within 365 days from 1.5 below 700 in mg/dL | IgG below 700 mg/dL")
    assert (c.kind, c.any_of, c.within_days, c.low, c.high, c.unit) == (
        CriterionKind.LAB, ("2465-3",), 365, Decimal("1.5"), Decimal(700), "mg/dL")


def test_a_drug_of_two_words_is_written_with_an_underscore() -> None:
    c = parse_criterion("tried: tried ferrous_sulfate iron | oral iron tried before")
    assert c.any_of == ("ferrous sulfate", "iron") and criterion_line(c).startswith("tried: tried ferrous_sulfate iron |")


@pytest.mark.parametrize(("line", "why"), [
    ("no bar", "write “code: kind"), ("dx: diagnosis K50\nK51 | words", "nothing that the kind"), ("xx: unheard K50 | some words", "the kind is one of"), ("age: age K50 | six years", "names nothing"),
    ("d: diagnosis | some words", "write"), ("dx: diagnosis | some words", "names what it looks for"),
    ("dx: diagnosis k50 | some words", "nothing that the kind"), ("dx: diagnosis K50 within 30 days | some words", "has no days"),
    ("age: age | six years", "from which age"), ("age: age in mg | six years", "has no unit"), ("dose: dose | ten mg", "below how many"),
    ("dose: dose from 1 below 10 | ten mg", "no lower bound"), ("lab: lab 1-8 below 10 | low", "has its unit"),
    ("lab: lab 2276-4 below 1e3 in mg | low", "nothing that the kind"), ("lab: lab 2276-4 below 1,5 in mg | low", "nothing that"),
    ("weight: weight below 3 | low", "has no upper bound"),
])
def test_what_cannot_be_read_is_named(line: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        parse_criterion(line)


def test_every_fault_of_all_lines_is_named_and_a_code_stands_once() -> None:
    with pytest.raises(Malformed) as no:
        parse_criteria(["nothing", "plan: plan | a plan", "plan: said | a plan again"])
    assert len(no.value.faults) == 2 and "stands twice" in str(no.value)


def test_versions_differ_by_their_lines() -> None:
    before = parse_criteria(["plan_a: plan | a signed plan", "said_a: said | something"])
    after = parse_criteria(["plan_a: plan | a signed plan", "said_b: said | something else"])
    assert line_changes(before, after) == (["said_a: said | something"], ["said_b: said | something else"])


def test_what_names_the_drug_stands_before_what_names_its_class() -> None:
    from datetime import date

    found = criteria_for(criteria(), "meridian", "commercial", "biologic", "infliximab", date(2026, 11, 1))
    assert next(c for c in found if c.code == "weight").within_days == 30
    assert criteria_for(criteria(), "meridian", "commercial", "biologic", "infliximab", date(2020, 1, 1)) == ()
