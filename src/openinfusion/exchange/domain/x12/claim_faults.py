# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a claim that is to be written: an empty tuple is a clean claim, and anything else is not written."""
from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from openinfusion.exchange.domain.x12.claim import (
    NDC_UNITS,
    NOT_OTHERWISE_CLASSIFIED,
    SELF,
    ClaimOut,
    InstitutionalOut,
    LineOut,
    OtherPayerOut,
)
from openinfusion.kernel.npi import is_npi
from openinfusion.kernel.refusal import Fault

_PATIENT_CONTROL = re.compile(r"[A-Z0-9]{1,17}", re.ASCII)
_LINE_CONTROL = re.compile(r"[A-Z0-9]{1,30}", re.ASCII)
_CODE = re.compile(r"[A-Z0-9]{5}", re.ASCII)
_MODIFIER = re.compile(r"[A-Z0-9]{2}", re.ASCII)
_DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?", re.ASCII)
_NDC = re.compile(r"\d{11}", re.ASCII)
_REVENUE = re.compile(r"\d{4}", re.ASCII)
MOST_LINES: Final = 50
MOST_LINES_INSTITUTIONAL: Final = 999
MOST_DIAGNOSES: Final = 12
MOST_OTHERS: Final = 10


def claim_faults(claim: ClaimOut) -> tuple[Fault, ...]:
    """Everything that keeps this claim from being written."""
    found = [*_head_faults(claim), *_provider_faults(claim), *_code_faults(claim)]
    for n, line in enumerate(claim.lines, 1):
        found += _line_faults(line, n, len(claim.diagnoses))
    for n, other in enumerate(claim.others, 1):
        found += _other_faults(claim, other, n)
    if claim.institutional is not None:
        found += _institutional_faults(claim, claim.institutional)
    return tuple(found)


def _head_faults(c: ClaimOut) -> Iterator[Fault]:
    if not _PATIENT_CONTROL.fullmatch(c.patient_control):
        yield Fault("CLM01", "the patient control number is 1 to 17 capital letters and digits")
    if c.charge != sum((line.charge for line in c.lines), Decimal(0)):
        yield Fault("CLM02", "the claim charge is not the sum of its lines")
    most = MOST_LINES if c.institutional is None else MOST_LINES_INSTITUTIONAL
    if not 1 <= len(c.lines) <= most:
        yield Fault("2400", f"a claim has 1 to {most} lines")
    if not c.member_id.strip():
        yield Fault("NM1*IL", "the member number is missing")
    if c.frequency in {"7", "8"} and not c.payer_control:
        yield Fault("REF*F8", "a replacement or void names the payer's claim number")
    if (c.subscriber is None) != (c.relation == SELF):
        yield Fault("PAT01", "a patient who is not the subscriber has a relation, and the subscriber is named")
    controls = [line.control for line in c.lines]
    if len(set(controls)) != len(controls):
        yield Fault("REF*6R", "two lines share a line control number")
    if len(c.others) > MOST_OTHERS:
        yield Fault("2320", f"a claim names at most {MOST_OTHERS} other payers")


def _code_faults(c: ClaimOut) -> Iterator[Fault]:
    if not 1 <= len(c.diagnoses) <= MOST_DIAGNOSES:
        yield Fault("HI", "a claim has 1 to 12 diagnoses")
    for code in c.diagnoses:
        if not _DIAGNOSIS.fullmatch(code):
            yield Fault("HI", f"“{code}” is not written as an ICD-10-CM code")


def _provider_faults(c: ClaimOut) -> Iterator[Fault]:
    people = {"NM1*85": c.billing, "NM1*DN": c.referring, "NM1*82": c.rendering, "NM1*77": c.facility, "NM1*DQ": c.supervising}
    for place, who in people.items():
        if who is not None and not is_npi(who.npi):
            yield Fault(place, f"“{who.npi}” is not a valid NPI for {who.name}")
    if c.billing.address is None or not c.billing.tax_id:
        yield Fault("2010AA", "the billing provider needs a street address and a tax number")


def _line_faults(line: LineOut, number: int, diagnoses: int) -> Iterator[Fault]:
    place = f"line {number}"
    if not _LINE_CONTROL.fullmatch(line.control):
        yield Fault(place, "the line control number is 1 to 30 capital letters and digits")
    if not _CODE.fullmatch(line.code):
        yield Fault(place, f"“{line.code}” is not a HCPCS or CPT code of five capital letters and digits")
    if len(line.modifiers) > 4 or not all(_MODIFIER.fullmatch(m) for m in line.modifiers):
        yield Fault(place, "a line has at most four modifiers of two capital letters or digits")
    if line.charge <= 0 or line.units <= 0:
        yield Fault(place, "charge and units are more than zero")
    if line.last_on < line.first_on:
        yield Fault(place, "the last day is before the first")
    if not 1 <= len(line.pointers) <= 4 or any(not 1 <= p <= diagnoses for p in line.pointers):
        yield Fault(place, "a line points at one to four diagnoses, and a diagnosis pointer points at no diagnosis here")
    if line.code in NOT_OTHERWISE_CLASSIFIED and not line.description:
        yield Fault(place, f"{line.code} needs a description")
    if line.ndc and (not _NDC.fullmatch(line.ndc) or line.ndc_quantity <= 0 or line.ndc_unit not in NDC_UNITS):
        yield Fault(place, "an NDC is 11 digits with a quantity and its unit (UN, ML, GR, F2, ME)")
    if line.ordering is not None and not is_npi(line.ordering.npi):
        yield Fault(place, f"“{line.ordering.npi}” is not a valid NPI for {line.ordering.name}")


def _other_faults(c: ClaimOut, other: OtherPayerOut, number: int) -> Iterator[Fault]:
    """An earlier payer's sums agree, or the next payer sends the claim back: paid = charge − what was not paid."""
    place = f"other payer {number}"
    if not other.member_id.strip() or not other.payer.id.strip():
        yield Fault(place, "another payer is named with its number and the member's number there")
    if other.paid is None:
        return
    if other.paid_on is None and not any(a.payer_id == other.payer.id for line in c.lines for a in line.adjudications):
        yield Fault(place, "the day on which it answered is missing")
    answered = [(line, a) for line in c.lines for a in line.adjudications if a.payer_id == other.payer.id]
    for line, a in answered:
        if line.charge != a.paid + sum((x.amount for x in a.adjustments), Decimal(0)):
            yield Fault(place, f"line {line.control}: the charge is not what was paid and adjusted")
    adjusted = sum((x.amount for x in other.adjustments), Decimal(0))
    adjusted += sum((x.amount for _, a in answered for x in a.adjustments), Decimal(0))
    if other.paid != c.charge - adjusted:
        yield Fault(place, "what it paid is not the claim's charge less the adjustments of claim and lines")


def _institutional_faults(c: ClaimOut, i: InstitutionalOut) -> Iterator[Fault]:
    if i.last_on < i.first_on:
        yield Fault("DTP*434", "the statement's last day is before its first")
    if not (len(i.bill_type) == 2 and i.bill_type.isdecimal() and i.patient_status):
        yield Fault("CLM05", "an institutional claim has a type of bill and a patient status in force on its first day")
    if i.attending is None or not is_npi(i.attending.npi):
        yield Fault("NM1*71", "an institutional claim names its attending provider by a valid NPI")
    for n, line in enumerate(c.lines, 1):
        if not _REVENUE.fullmatch(line.revenue):
            yield Fault(f"line {n}", "an institutional line has a revenue code of four digits")
