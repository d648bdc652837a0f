# SPDX-License-Identifier: Apache-2.0
"""Everything a claim can say is written so that an independent validator accepts it, and is read back the same."""
from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from openinfusion.exchange.domain.x12.claim import (
    AddressOut,
    AdjudicationOut,
    AdjustmentOut,
    AttachmentOut,
    ClaimOut,
    InstitutionalOut,
    LineOut,
    OtherPayerOut,
    PayerOut,
    PersonOut,
    ProviderOut,
    RentalOut,
)
from openinfusion.exchange.domain.x12.claim_balance import claim_findings
from openinfusion.exchange.domain.x12.claim_faults import claim_faults
from openinfusion.exchange.domain.x12.claim_reader import read_claims
from openinfusion.exchange.domain.x12.claim_writer import ClaimFile, Receiver, Sender, write_claim_file
from openinfusion.kernel.refusal import Malformed

HOME = AddressOut("12 Juniper Lane", "Fictionville", "OH", "441011234")
PHARMACY = ProviderOut("Demo Infusion Pharmacy", "1234567893", "", "12-3456789", "3336H0001X", HOME, "3305550100")
DOCTOR = ProviderOut("Welby", "1993999998", given="Mara", address=HOME)
PATIENT = PersonOut("Quibble", "Ann", date(2010, 1, 2), "F", HOME)
PARENT = PersonOut("Quibble", "Jose", date(1970, 1, 2), "M", HOME)
PRIMARY = OtherPayerOut(
    PayerOut("First Plan", "FIRST", "CI"), "P", "Quibble", "Jose", "F1", paid=Decimal(150), paid_on=date(2026, 3, 1),
    patient_owes=Decimal(40), adjustments=(AdjustmentOut("CO", "45", Decimal(5)),), control="FICN1",
)
ANSWERED = (
    AdjudicationOut("FIRST", Decimal(70), "S9500", Decimal(7), date(2026, 3, 1),
                    adjustments=(AdjustmentOut("CO", "45", Decimal(10)), AdjustmentOut("PR", "2", Decimal(20))), patient_owes=Decimal(20)),
    AdjudicationOut("FIRST", Decimal(85), "E0781", Decimal(1), date(2026, 3, 1), modifiers=("RR",),
                    adjustments=(AdjustmentOut("PR", "2", Decimal(15)),)),
)
LINES = (
    LineOut("L1", "S9500", Decimal(100), Decimal(7), date(2026, 2, 1), date(2026, 2, 7), modifiers=("SH",), pointers=(1, 2),
            authorization="PA7", note="SECOND THERAPY", place_of_service="49", adjudications=ANSWERED[:1],
            attachments=(AttachmentOut("M1", "ATT2"),)),
    LineOut("L2", "E0781", Decimal(100), Decimal(1), date(2026, 2, 1), date(2026, 2, 1), modifiers=("RR", "KH", "KX"),
            rental=RentalOut("E0781", Decimal(28), Decimal(100), Decimal(900)), ordering=DOCTOR, adjudications=ANSWERED[1:]),
)
SECONDARY = ClaimOut(
    "OI77", Decimal(200), "12", PATIENT, "S1", PayerOut("Second Plan", "SECOND", "MC"), PHARMACY, ("M86.9", "Z45.2"), LINES,
    rank="S", subscriber=PARENT, relation="19", others=(PRIMARY,), dates=(("454", date(2026, 1, 30)),),
    attachments=(AttachmentOut("OZ", "ATT1", "FX"),), references=(("9F", "REF1"), ("D9", "CH1")), fixed_text="STATE DATA",
    patient_paid=Decimal("12.50"), supervising=DOCTOR, referring=DOCTOR, pay_to=HOME, authorization="PA7", record_number="MRN7",
)
STAY = InstitutionalOut(
    "33", date(2026, 2, 1), date(2026, 2, 28), "30", DOCTOR, "3", "1", "M86.9", (("61", Decimal("44101")),),
    (("11", date(2026, 1, 15)),), (("74", date(2026, 2, 10), date(2026, 2, 12)),), ("C1",),
)
INSTITUTIONAL = replace(
    SECONDARY, institutional=STAY, subscriber=None, relation="18", patient=PARENT, others=(), rank="P", patient_paid=None,
    supervising=None, references=(), dates=(), fixed_text="",
    lines=(
        LineOut("L1", "S9500", Decimal(150), Decimal(7), date(2026, 2, 1), date(2026, 2, 7), revenue="0640"),
        LineOut("L2", "J0696", Decimal(50), Decimal(56), date(2026, 2, 1), date(2026, 2, 1), revenue="0636", ndc="00004196501",
                ndc_quantity=Decimal(7), ndc_unit="UN", link="CMPD1"),
    ),
)


def file_of(*claims: ClaimOut) -> str:
    at = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
    return write_claim_file(ClaimFile(1, Sender("Demo", "DEMOPH", "Billing", "3305550100"), Receiver("House", "HOUSE"), claims, at))


def errors_by_pyx12(text: str) -> tuple[bool, str]:
    """The verdict of the independent validator, with its own report."""
    import pyx12.params
    import pyx12.x12n_document

    report = io.StringIO()
    accepted = pyx12.x12n_document.x12n_document(pyx12.params.ParamsBase(), io.StringIO(text), None, None, fd_json=report)
    return bool(accepted), report.getvalue()


@pytest.mark.parametrize("claim", [SECONDARY, replace(SECONDARY, subscriber=None, relation="18", patient=PARENT), INSTITUTIONAL],
                         ids=["secondary of a child", "secondary", "institutional"])
def test_pyx12_accepts_whatever_a_claim_can_say(claim: ClaimOut) -> None:
    assert not claim_faults(claim)
    accepted, report = errors_by_pyx12(file_of(claim))
    assert accepted, report


def test_a_secondary_claim_is_read_back_with_what_the_first_payer_said() -> None:
    (found,) = read_claims(file_of(SECONDARY))
    (claim,) = found.claims
    assert (claim.family, claim.given, claim.rank, claim.payer_id) == ("QUIBBLE", "ANN", "S", "SECOND")
    assert claim.diagnoses == ("M869", "Z452") and claim.authorization == "PA7" and claim.record_number == "MRN7"
    (other,) = claim.others
    assert (other.id, other.paid, other.adjusted) == ("FIRST", Decimal(150), Decimal(5))
    first, second = claim.lines
    assert (first.control, first.modifiers, first.authorizations, first.pointers) == ("L1", ("SH",), ("PA7",), ("1", "2"))
    assert (first.is_span, first.place_of_service, first.note) == (True, "49", "SECOND THERAPY")
    assert [(a.payer_id, a.paid, a.adjusted) for a in first.adjudicated] == [("FIRST", Decimal(70), Decimal(30))]
    assert second.adjudicated[0].adjusted == Decimal(15)
    assert not list(claim_findings(found))


def test_an_institutional_claim_is_read_back_with_revenue_codes_and_ndc() -> None:
    (found,) = read_claims(file_of(INSTITUTIONAL))
    (claim,) = found.claims
    assert claim.is_institutional and (claim.place, claim.frequency) == ("33", "1")
    assert [(x.revenue, x.code, x.charge, x.ndc, x.rx_number) for x in claim.lines] == [
        ("0640", "S9500", Decimal(150), "", ""), ("0636", "J0696", Decimal(50), "00004196501", "CMPD1")]


def test_sums_that_do_not_agree_are_found_in_what_others_wrote() -> None:
    text = file_of(SECONDARY).replace("AMT*D*150", "AMT*D*151").replace("SVD*FIRST*70", "SVD*FIRST*71").replace("CLM*OI77*200", "CLM*OI77*199")
    (found,) = read_claims(text)
    assert [f.code for f in claim_findings(found)] == ["claim-lines", "line-cob", "claim-cob"]


@pytest.mark.parametrize(("change", "words"), [
    ({"others": (replace(PRIMARY, paid=Decimal(151)),)}, "charge less the adjustments"),
    ({"others": (replace(PRIMARY, member_id=""),)}, "member's number"),
    ({"others": (replace(PRIMARY, paid_on=None),), "lines": tuple(replace(x, adjudications=()) for x in LINES)}, "day on which"),
    ({"others": (PRIMARY,) * 11}, "at most 10"),
    ({"relation": "18"}, "has a relation"),
    ({"lines": (replace(LINES[0], adjudications=(replace(ANSWERED[0], paid=Decimal(1)),)), LINES[1])}, "paid and adjusted"),
    ({"diagnoses": ("X",)}, "ICD-10-CM"), ({"lines": (replace(LINES[0], code="s9500"), LINES[1])}, "five capital letters"),
    ({"lines": (replace(LINES[0], modifiers=("A", "B", "C", "D", "E")), LINES[1])}, "at most four modifiers"),
    ({"institutional": replace(STAY, attending=None), "others": ()}, "attending provider"),
    ({"institutional": replace(STAY, last_on=date(2026, 1, 1)), "others": ()}, "statement's last day"),
    ({"institutional": STAY, "others": ()}, "revenue code"),
])
def test_what_is_wrong_is_named_and_nothing_is_written(change: dict[str, object], words: str) -> None:
    with pytest.raises(Malformed, match=words):
        file_of(replace(SECONDARY, **change))  # type: ignore[arg-type]


def test_both_kinds_do_not_share_a_file_and_many_claims_share_a_few_transactions() -> None:
    with pytest.raises(Malformed, match="files of their own"):
        file_of(SECONDARY, INSTITUTIONAL)
    plain = replace(SECONDARY, others=(), lines=(replace(LINES[0], adjudications=(), charge=Decimal(200)),))
    text = file_of(*(replace(plain, patient_control=f"C{n}") for n in range(5001)))
    assert [len(one.claims) for one in read_claims(text)] == [5000, 1]


def test_a_claim_without_a_service_before_it_or_an_amount_that_is_none_is_refused_by_segment() -> None:
    with pytest.raises(Malformed, match="SV1 in segment 2"):
        read_claims("ST*837*1~SV1*HC:S9500*1~SE*3*1~")
    with pytest.raises(Malformed, match="CLM02 in segment 2: “1e5” is not an amount"):
        read_claims("ST*837*1~CLM*A*1e5~SE*3*1~")
    with pytest.raises(Malformed, match="no 837"):
        read_claims("ST*835*1~SE*2*1~")
