# SPDX-License-Identifier: Apache-2.0
"""The 837P we write is accepted by an independent validator, and what is wrong with a claim is named before writing."""
from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from openinfusion.exchange.domain.simulated.remittance import Answer, Fate, answer, fate_of
from openinfusion.exchange.domain.x12.balance import imbalances, totals_of
from openinfusion.exchange.domain.x12.claim import (
    AddressOut,
    ClaimOut,
    LineOut,
    PayerOut,
    PersonOut,
    ProviderOut,
)
from openinfusion.exchange.domain.x12.claim_faults import claim_faults
from openinfusion.exchange.domain.x12.claim_writer import ClaimFile, Receiver, Sender, write_claim_file
from openinfusion.exchange.domain.x12.remittance_reader import read_remittances
from openinfusion.exchange.domain.x12.tokens import segments_of
from openinfusion.exchange.domain.x12.writing import clean
from openinfusion.kernel.npi import is_npi
from openinfusion.kernel.refusal import Malformed

HOME = AddressOut("12 Juniper Lane", "Fictionville", "OH", "44101-1234")
PHARMACY = ProviderOut(
    "Demo Infusion Pharmacy", "1234567893", tax_id="12-3456789", taxonomy="3336H0001X", address=HOME, phone="(330) 555-0100",
)
DOCTOR = ProviderOut("Welby", "1993999998", given="Mara")
SUITE = ProviderOut("Demo Infusion Suite", "1234567893", address=HOME)
PAYER = PayerOut("Imaginary Health Plan", "DEMO1", "CI")
LINES = (
    LineOut("L1", "S9500", Decimal("1400.00"), Decimal(7), date(2026, 2, 1), date(2026, 2, 7)),
    LineOut(
        "L2", "J0696", Decimal("682.50"), Decimal(56), date(2026, 2, 1), date(2026, 2, 7), ndc="00004196501",
        ndc_quantity=Decimal(7), ndc_unit="UN", rx_number="2530001", rx_on=date(2026, 1, 30), ordering=DOCTOR,
    ),
    LineOut("L3", "J0696", Decimal("12.50"), Decimal(1), date(2026, 2, 7), date(2026, 2, 7), modifiers=("JW",), pointers=(1, 2)),
    LineOut("L4", "J3490", Decimal("10"), Decimal(1), date(2026, 2, 7), date(2026, 2, 7), description="Heparin lock flush"),
    LineOut("L5", "99601", Decimal("150"), Decimal(1), date(2026, 2, 2), date(2026, 2, 2), authorization="PA7"),
)
CLAIM = ClaimOut(
    "OI000000000000001", Decimal("2255.00"), "12", PersonOut("Quibble", "José", date(1970, 1, 2), "M", HOME), "MBR01234",
    PAYER, PHARMACY, ("M86.9", "Z45.2"), LINES, group_number="GRP1", authorization="PA123", record_number="MRN7",
    note="first claim", referring=DOCTOR, rendering=DOCTOR, facility=SUITE,
)


def file_of(*claims: ClaimOut, control: int = 1) -> str:
    at = datetime(2026, 2, 9, 12, 0, tzinfo=UTC)
    return write_claim_file(ClaimFile(control, Sender("Demo Pharmacy", "DEMOPH", "Billing", "3305550100"), Receiver("House", "HOUSE"), claims, at))


def errors_by_pyx12(text: str) -> tuple[bool, str]:
    """The verdict of the independent validator, with its own report."""
    import pyx12.params
    import pyx12.x12n_document

    report = io.StringIO()
    accepted = pyx12.x12n_document.x12n_document(
        pyx12.params.ParamsBase(), io.StringIO(text), None, None, fd_json=report,
    )
    return bool(accepted), report.getvalue()


def test_pyx12_accepts_a_claim_with_every_loop_we_write() -> None:
    accepted, report = errors_by_pyx12(file_of(CLAIM))
    assert accepted, report


def test_pyx12_accepts_two_billing_providers_and_a_replacement_claim() -> None:
    other = replace(CLAIM, patient_control="OI2", billing=replace(PHARMACY, name="Second Pharmacy", phone=""), referring=None)
    replaced = replace(CLAIM, patient_control="OI3", frequency="7", payer_control="ICN9", rendering=None, facility=None)
    accepted, report = errors_by_pyx12(file_of(CLAIM, other, replaced))
    assert accepted, report


def test_pyx12_would_have_said_no_to_a_broken_file() -> None:
    accepted, report = errors_by_pyx12(file_of(CLAIM).replace("DMG*D8*19700102*M", "DMG*D8*19701399*M"))
    assert not accepted
    assert "19701399" in json.dumps(report)


@pytest.mark.parametrize("fate", list(Fate))
def test_pyx12_accepts_the_simulated_payers_answer(fate: Fate) -> None:
    accepted, report = errors_by_pyx12(answer([CLAIM], how(fate)))
    assert accepted, report


def how(fate: Fate) -> Answer:
    allowed = {line.control: (line.charge / 2).quantize(Decimal("0.01")) for line in LINES}
    return Answer(PAYER, "999999999", "TRACE1", date(2026, 3, 1), 7, allowed, {CLAIM.patient_control: fate})


@pytest.mark.parametrize("fate", list(Fate))
def test_the_simulated_payers_answer_balances_and_echoes_our_line_numbers(fate: Fate) -> None:
    (remittance,) = read_remittances(answer([CLAIM], how(fate)))
    assert not imbalances(remittance)
    assert [line.control for line in remittance.claims[0].lines] == ["L1", "L2", "L3", "L4", "L5"]
    paid = totals_of(remittance).paid
    assert (paid == 0) == (fate is Fate.DENIED)
    assert paid < CLAIM.charge


def test_the_same_claim_always_meets_the_same_fate_and_all_fates_occur() -> None:
    fates = [fate_of(f"OI{n}") for n in range(300)]
    assert fates == [fate_of(f"OI{n}") for n in range(300)]
    assert set(fates) == set(Fate)


def test_the_envelope_counts_and_control_numbers_agree() -> None:
    found = {s.name: s for s in segments_of(file_of(CLAIM, control=42))}
    inside = [s for s in segments_of(file_of(CLAIM, control=42)) if s.name not in {"ISA", "GS", "GE", "IEA"}]
    assert found["ISA"].at(13) == found["IEA"].at(2) == "000000042"
    assert found["GS"].at(6) == found["GE"].at(2) == "42"
    assert found["SE"].at(1) == str(len(inside))


def test_every_fault_of_a_claim_is_named_and_nothing_is_written() -> None:
    bad = replace(CLAIM, charge=Decimal(1), member_id=" ", billing=replace(PHARMACY, npi="1234567890"), diagnoses=())
    with pytest.raises(Malformed) as told:
        file_of(bad)
    places = {f.path.split(" ", 1)[1] for f in told.value.faults}
    assert {"CLM02", "NM1*IL", "NM1*85", "HI", "line 1"} <= places


def test_an_unclassified_drug_needs_a_description_and_an_ndc_its_quantity() -> None:
    lines = (replace(LINES[3], description=""), replace(LINES[1], ndc_unit="MG"))
    texts = [f.text for f in claim_faults(replace(CLAIM, lines=lines, charge=Decimal("692.50")))]
    assert texts == ["J3490 needs a description", "an NDC is 11 digits with a quantity and its unit (UN, ML, GR, F2, ME)"]


def test_the_luhn_digit_of_an_npi_is_checked() -> None:
    assert is_npi("1234567893")
    assert not is_npi("1234567894")
    assert not is_npi("123456789")


def test_separators_and_accents_never_reach_the_file() -> None:
    assert clean("Núñez*~:^ & Søn", 60) == "NUNEZ & SON"
    assert clean("ABCDEF", 3) == "ABC"
