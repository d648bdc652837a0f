# SPDX-License-Identifier: Apache-2.0
"""The content of a contract's version: each fault named, kept and read back the same, and its difference line by line."""
from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest

from openinfusion.kernel.refusal import Malformed
from openinfusion.payers.domain.contract_text import Change, ContractText, Terms, difference, from_plain
from openinfusion.payers.domain.rate import parse_rates

TERMS = Terms(
    day_basis="access", max_interval_h=72, count_first_day=True, count_last_day=False, line_split="calendar_month", line_form="span",
    bill_when="delivery_proof", concurrent_pct=(100, 50), suite_modifier="SS", hold_on=("inpatient",), per_diems_a_day=0,
    first_dose_separate=False, per_diem_payable=True, nursing_payable=True, require_kx=False, jw_jz=True, lesser_of_charge=True,
    escalator_pct=D("2.5"), timely_filing_days=365, timely_from="last", corrected_filing_days=None, appeal_days=180, pay_days=30,
)
TEXT = ContractText(name="Meridian 2026", terms=TERMS, rates=parse_rates(["S9500 145.00", "J* awp 85"]), rules=())


def faults(**terms: object) -> set[str]:
    try:
        replace(TEXT, terms=replace(TERMS, **terms)).must_be_sound()  # type: ignore[arg-type]
    except Malformed as no:
        return {f.path for f in no.faults}
    return set()


def test_a_sound_text_has_no_fault_and_is_read_back_the_same() -> None:
    assert faults() == set()
    again = from_plain(TEXT.plain())
    assert (again.name, again.terms) == (TEXT.name, TERMS)
    assert [str(r) for r in again.rates] == [str(r) for r in TEXT.rates]


@pytest.mark.parametrize(("name", "value"), [
    ("day_basis", "week"), ("line_split", "year"), ("line_form", "x"), ("bill_when", "never"), ("timely_from", "middle"),
    ("claim_form", "ub04"), ("max_interval_h", 0), ("max_interval_h", 745), ("per_diems_a_day", 10), ("timely_filing_days", 0),
    ("corrected_filing_days", 1101), ("appeal_days", 0), ("pay_days", 366), ("concurrent_pct", ()), ("concurrent_pct", (50, 50)),
    ("concurrent_pct", (100, 101)), ("hold_on", ("holiday",)), ("suite_modifier", "S"), ("suite_modifier", "ss"), ("program_modifier", "T"), ("program_modifier", "tb"),
    ("escalator_pct", D(-1)), ("escalator_pct", D("25.1")),
])
def test_each_term_out_of_its_range_is_a_fault_of_its_field(name: str, value: object) -> None:
    assert faults(**{name: value}) == {name}


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(Malformed) as no:
        replace(TEXT, name=" ", terms=replace(TERMS, pay_days=0, day_basis="")).must_be_sound()
    assert {f.path for f in no.value.faults} == {"name", "pay_days", "day_basis"}


def test_an_unknown_deadline_and_no_modifier_are_allowed() -> None:
    assert faults(appeal_days=None, suite_modifier="", hold_on=()) == set()


def test_the_difference_says_what_goes_what_comes_and_what_is_otherwise() -> None:
    after = replace(TEXT, terms=replace(TERMS, pay_days=45, hold_on=()), rates=parse_rates(["S9500 150.00", "S9494 90.00"]))
    assert difference(TEXT, TEXT) == ()
    terms, rates = difference(TEXT, after)
    assert terms.changed == (
        ("no days while: inpatient", "no days while: nothing named"), ("usually paid after 30 days", "usually paid after 45 days"))
    assert (terms.gone, terms.new) == ((), ())
    assert [x.split(":")[0] for x in (*rates.gone, *rates.new, rates.changed[0][0])] == ["J*", "S9494", "S9500"]
    assert difference(replace(TEXT, name="Old"), TEXT) == (Change("Name", changed=(("Old", "Meridian 2026"),)),)


def test_for_a_first_version_everything_is_new() -> None:
    found = difference(None, TEXT)
    assert [c.title for c in found] == ["Name", "Terms", "Rates"]
    assert not any(c.gone or c.changed for c in found)
    assert "corrected claims within an unknown time, appeals within 180 days" in found[1].new
