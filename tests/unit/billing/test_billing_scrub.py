# SPDX-License-Identifier: Apache-2.0
"""Every finding of the scrub, by the one thing that brings it about; a clean claim has none."""
from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from openinfusion.billing.domain.scrub.finding import Finding, Level, Place, finding_of, kept
from openinfusion.billing.domain.scrub.scrub import held, ruled, scrubbed
from openinfusion.billing.domain.scrub.subject import Earlier, Party, ScrubClaim, ScrubLine
from openinfusion.kernel.npi import is_npi
from openinfusion.kernel.refusal import Reason

DRUG = ScrubLine(
    1, "OI1L01", "drug", "J0696", ("JZ",), 56, 20000, date(2026, 2, 1), date(2026, 2, 1), "ceftriaxone", "00409733201",
    Decimal(7), "UN", "RX1", True, "", True, True, Decimal(56),
)
DAYS = ScrubLine(2, "OI1L02", "per_diem", "S9500", (), 7, 140000, date(2026, 2, 1), date(2026, 2, 7), group="ai")
CLEAN = ScrubClaim(
    "OI1", 160000, (DRUG, DAYS), date(2026, 2, 9), "M1", "FICT1", "commercial", "CI", diagnoses=("M86.9",), family="Sampleton",
    given="Amara", born_on=date(1968, 7, 14),
    billing=Party("Example Pharmacy", "1234567893", "999999999", "3336H0001X", "1 Example Way", "IL", "627010001"),
    prescriber=Party("Dr. Example", "1234567893"),
)


def test_a_clean_claim_has_no_finding() -> None:
    assert scrubbed(CLEAN) == ()


def line(n: int, **changes: Any) -> ScrubClaim:
    rows = list(CLEAN.lines)
    rows[n] = replace(rows[n], **changes)
    return replace(CLEAN, lines=tuple(rows), charge_cents=sum(r.charge_cents for r in rows))


def more(*rows: ScrubLine) -> ScrubClaim:
    every = (*CLEAN.lines, *rows)
    return replace(CLEAN, lines=every, charge_cents=sum(r.charge_cents for r in every))


OTHER = replace(DAYS, number=3, control="OI1L03")
CASES: list[tuple[str, ScrubClaim, bool]] = [
    ("control", replace(CLEAN, control="oi-1"), True),
    ("too-many-lines", replace(CLEAN, lines=tuple(
        replace(DRUG, number=n, control=f"L{n}", rx_number=f"R{n}") for n in range(51)), charge_cents=51 * 20000), True),
    ("line-control-twice", line(1, control="OI1L01"), True),
    ("line-control", line(0, control="l 1"), True),
    ("code-form", line(0, code="0696J"), True),
    ("modifier-form", line(0, modifiers=("JZ", "kx")), True),
    ("modifier-form", line(0, modifiers=("JZ", "KX", "GA", "TB", "SD")), True),
    ("modifier-twice", line(0, modifiers=("JZ", "JZ")), True),
    ("dates-turned", line(0, first_on=date(2026, 2, 2)), True),
    ("payer-id", replace(CLEAN, payer_id=" "), True),
    ("patient-name", replace(CLEAN, given=""), True),
    ("billing-provider", replace(CLEAN, billing=replace(CLEAN.billing, tax_id="")), True),
    ("post-box", replace(CLEAN, billing=replace(CLEAN.billing, street="P.O. Box 7")), True),
    ("too-many-diagnoses", replace(CLEAN, diagnoses=tuple(f"A0{n}.1" for n in range(10)) * 2), True),
    ("sum", replace(CLEAN, charge_cents=1), True),
    ("earlier-sum", replace(CLEAN, rank="S", earlier=Earlier(100, 100, 50)), True),
    ("no-payer-control", replace(CLEAN, frequency="7"), True),
    ("no-earlier-answer", replace(CLEAN, rank="S"), True),
    ("runs-on", replace(CLEAN, today=date(2026, 2, 3)), False),
    ("describe", line(0, code="J3490", description=" "), True),
    ("ndc-quantity", line(0, ndc_amount=None), True),
    ("ndc-quantity", line(0, ndc_unit="XX"), True),
    ("no-rx-number", line(0, rx_number=""), False),
    ("two-ranks", line(1, modifiers=("SH", "SJ")), True),
    ("waste-twice", line(0, modifiers=("JW", "JZ")), True),
    ("rental-mark", line(0, modifiers=("JZ", "KH")), True),
    ("two-notices", line(0, modifiers=("JZ", "GA", "GZ")), True),
    ("voluntary-notice", line(0, modifiers=("JZ", "GX")), True),
    ("suite-elsewhere", line(1, modifiers=("SS",)), True),
    ("program-mark", replace(line(0, under_program=True), program_modifier="TB"), True),
    ("program-unsaid", line(0, under_program=True), False),
    ("suite-mark", replace(CLEAN, place="49", suite_modifier="SS"), True),
    ("billing-npi", replace(CLEAN, billing=replace(CLEAN.billing, npi="1234567890")), True),
    ("prescriber-npi", replace(CLEAN, prescriber=Party("Dr. Example", "1234567890")), True),
    ("taxonomy", replace(CLEAN, billing=replace(CLEAN.billing, taxonomy="3336")), True),
    ("billing-place", replace(CLEAN, billing=replace(CLEAN.billing, state="XX")), True),
    ("billing-place", replace(CLEAN, billing=replace(CLEAN.billing, zip_code="6270")), True),
    ("place", replace(CLEAN, place="99"), True),
    ("diagnosis-form", replace(CLEAN, diagnoses=("86.9",)), True),
    ("born-to-come", replace(CLEAN, born_on=date(2027, 1, 1)), True),
    ("code-unknown", line(0, is_listed=False), False),
    ("code-not-held", line(0, holds=False), True),
    ("ndc-form", line(0, ndc="0409-7332-01"), True),
    ("modifier-unknown", line(0, modifiers=("JZ", "ZZ")), False),
    ("days", line(1, units=6), True),
    ("exclusive", more(replace(OTHER, code="S9501")), True),
    ("catheter-beside", more(replace(OTHER, code="S5498", group="cath")), True),
    ("no-rank", more(replace(OTHER, code="S9338", group="S9338")), True),
    ("twice", more(replace(DRUG, number=3, control="OI1L03", package_units=None)), True),
    ("more-than-packages", line(0, units=57), True),
]


@pytest.mark.parametrize(("code", "claim", "is_hard"), CASES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)])
def test_one_thing_wrong_is_one_finding_of_its_kind(code: str, claim: ScrubClaim, is_hard: bool) -> None:
    found = [f for f in scrubbed(claim) if f.code == code]
    assert found and found[0].is_hard is is_hard and found[0].text


def test_ranks_the_discarded_part_and_a_distinct_service_stand_beside() -> None:
    ranked = more(replace(OTHER, code="S9338", group="S9338", modifiers=("SH",)))
    assert scrubbed(ranked) == ()
    waste = replace(DRUG, number=3, control="OI1L03", modifiers=("JW",), units=4)
    with_waste = replace(line(0, modifiers=(), units=52), lines=(replace(DRUG, modifiers=(), units=52), DAYS, waste),
        charge_cents=180000)
    assert scrubbed(with_waste) == ()
    assert scrubbed(replace(CLEAN, rank="S", earlier=Earlier(100000, 60000, 10000))) == ()


def test_hold_reasons_and_payers_rules_are_findings_once_and_with_their_place() -> None:
    (one,) = held([Reason("plan-unsigned", "the plan is not signed", "the prescriber signs")])
    assert (one.level, one.place, one.clears) == (Level.PAYER, Place.PLAN, "the prescriber signs")
    assert held([Reason("other", "x")])[0].place is Place.CLAIM
    said = [("ndc", "J1745", "missing"), ("frequency", "99601", "too many"), ("frequency", "99601", "too many"),
            ("modifier", "S9500", "the modifier SH or SJ is missing"), ("document", "", "the payer wants: a letter")]
    found = ruled(said, held([Reason("no-ndc", "J1745 needs the NDC")]), {"99601": 4})
    assert [(f.code, f.line) for f in found] == [("rule-frequency", 4), ("rule-modifier", 0), ("rule-document", 0)]
    ranked = Finding("no-rank", Level.BUSINESS, "x", Place.LINE)
    assert not ruled([said[3]], [ranked], {})
    suite = Finding("suite-mark", Level.SITUATION, "x", Place.LINE)
    assert not ruled([("modifier", "99601", "the modifier SS is missing")], [suite], {})
    assert ruled([said[3]], [suite], {})


def test_a_finding_is_kept_and_read_back_and_tells_its_line() -> None:
    one = Finding("ndc-form", Level.CODES, "not eleven digits", Place.LINE, 3, True, "mend it")
    assert finding_of(kept([one])[0]) == one
    assert str(one.reason) == "line 3: not eleven digits (mend it)"
    assert {level.words for level in Level} and len({level.words for level in Level}) == len(Level)


@pytest.mark.parametrize(("npi", "true"), [("1234567893", True), ("1234567890", False), ("123456789", False), ("12345678９3", False)])
def test_an_npi_has_a_true_check_digit(npi: str, true: bool) -> None:
    assert is_npi(npi) is true
