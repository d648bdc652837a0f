# SPDX-License-Identifier: Apache-2.0
"""The 835 read into frozen values: payments, claims, lines, adjustments, provider adjustments.

It parses always; whether the sums agree is asked afterwards, by `x12_balance`.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from openinfusion.exchange.domain.x12_segments import Segment, segments_of
from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One reason why an amount was not paid: group (CO, PR, OA, PI), CARC, amount; positive lowers the payment."""

    group: str
    reason: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RemitLine:
    """One SVC: what the payer says about one of our lines."""

    segment: int
    code: str
    modifiers: tuple[str, ...]
    charge: Decimal
    paid: Decimal
    paid_units: Decimal
    original_code: str = ""
    first_on: date | None = None
    last_on: date | None = None
    control: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    allowed: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RemitClaim:
    """One CLP: the payer's answer to one claim."""

    segment: int
    patient_control: str
    status: str
    charge: Decimal
    paid: Decimal
    patient_responsibility: Decimal
    payer_control: str
    family: str = ""
    given: str = ""
    member_id: str = ""
    first_on: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[RemitLine, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_reversal(self) -> bool:
        return self.status == "22"


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One PLB pair: money taken or given beside the claims; positive lowers the payment."""

    segment: int
    provider: str
    reason: str
    reference: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Remittance:
    """One ST..SE of an 835: one payment by one payer."""

    segment: int
    control: str
    version: str
    amount: Decimal
    direction: str
    method: str
    paid_on: date | None
    trace: str
    payer_tax_id: str
    payer_name: str = ""
    payer_id: str = ""
    payee_name: str = ""
    payee_npi: str = ""
    claims: tuple[RemitClaim, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    oddities: tuple[str, ...] = ()  # what could not be read and does not touch the sums, in words


@dataclass(slots=True)
class _Reading:
    """What has been gathered while walking the segments of one transaction."""

    head: Remittance
    party: str = ""
    claims: list[RemitClaim] = field(default_factory=list)
    claim: RemitClaim | None = None
    lines: list[RemitLine] = field(default_factory=list)
    line: RemitLine | None = None
    provider: list[ProviderAdjustment] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)

    def day(self, seg: Segment, position: int) -> date | None:
        """A date, or nothing with an oddity noted: an odd date is no ground to leave a payment unread."""
        try:
            return seg.day(position)
        except Malformed as odd:
            self.oddities.append(str(odd))
            return None

    def close_line(self) -> None:
        if self.line is not None:
            self.lines.append(self.line)
        self.line = None

    def close_claim(self) -> None:
        self.close_line()
        if self.claim is not None:
            self.claims.append(replace(self.claim, lines=tuple(self.lines)))
        self.claim, self.lines = None, []

    def done(self) -> Remittance:
        self.close_claim()
        return replace(self.head, claims=tuple(self.claims), provider_adjustments=tuple(self.provider),
                       oddities=tuple(self.oddities))


def read_remittances(data: bytes | str) -> tuple[Remittance, ...]:
    """Every 835 transaction of a file; Malformed when there is none or an element cannot be read."""
    return remittances_in(segments_of(data))


def remittances_in(segments: Iterable[Segment]) -> tuple[Remittance, ...]:
    found: list[Remittance] = []
    version, reading = "", None
    for seg in segments:
        if seg.name == "GS":
            version = seg.at(8)
        elif seg.name == "ST":
            reading = _begin(seg, version) if seg.at(1) == "835" else None
        elif seg.name == "SE" and reading is not None:
            found.append(reading.done())
            reading = None
        elif reading is not None:
            _take(reading, seg)
    if reading is not None:
        raise Malformed(Fault("SE", "the transaction is cut off: it has no SE"))
    if not found:
        raise Malformed(Fault("ST", "there is no 835 in this file"))
    return tuple(found)


def _begin(seg: Segment, version: str) -> _Reading:
    zero = Decimal(0)
    return _Reading(Remittance(seg.number, seg.at(2), version or seg.at(3), zero, "", "", None, "", ""))


def _take(r: _Reading, seg: Segment) -> None:
    """One segment into what is being read; names that are not in the table say nothing we need."""
    taker = _TAKERS.get(seg.name)
    if taker is not None:
        taker(r, seg)


def _bpr(r: _Reading, seg: Segment) -> None:
    r.head = replace(r.head, amount=seg.amount(2), direction=seg.at(3), method=seg.at(4), paid_on=r.day(seg, 16))


def _trn(r: _Reading, seg: Segment) -> None:
    if r.claim is None:
        r.head = replace(r.head, trace=seg.at(2), payer_tax_id=seg.at(3))


def _n1(r: _Reading, seg: Segment) -> None:
    r.party = seg.at(1)
    if r.party == "PR":
        r.head = replace(r.head, payer_name=seg.at(2), payer_id=seg.at(4))
    elif r.party == "PE":
        r.head = replace(r.head, payee_name=seg.at(2), payee_npi=seg.at(4))


def _clp(r: _Reading, seg: Segment) -> None:
    r.close_claim()
    r.claim = RemitClaim(
        seg.number, seg.at(1), seg.at(2), seg.amount(3), seg.amount(4), seg.amount(5), seg.at(7),
    )


def _svc(r: _Reading, seg: Segment) -> None:
    if r.claim is None:
        raise Malformed(Fault(f"SVC in segment {seg.number}", "a service line stands before any claim"))
    r.close_line()
    code = seg.parts(1)
    units = seg.amount(5) if seg.at(5).strip() else Decimal(1)
    name, modifiers = code[1] if len(code) > 1 else code[0], tuple(m for m in code[2:6] if m)
    r.line = RemitLine(seg.number, name, modifiers, seg.amount(2), seg.amount(3), units, seg.part(6, 2))


def _cas(r: _Reading, seg: Segment) -> None:
    """Up to six triples of reason, amount and quantity in one segment."""
    found = tuple(
        Adjustment(seg.at(1), seg.at(n), seg.amount(n + 1), seg.amount(n + 2) if seg.at(n + 2).strip() else None)
        for n in range(2, max(len(seg.elements), 2), 3) if seg.at(n) or seg.at(n + 1)
    )
    if r.line is not None:
        r.line = replace(r.line, adjustments=r.line.adjustments + found)
    elif r.claim is not None:
        r.claim = replace(r.claim, adjustments=r.claim.adjustments + found)


def _nm1(r: _Reading, seg: Segment) -> None:
    if r.claim is not None and seg.at(1) == "QC":
        r.claim = replace(r.claim, family=seg.at(3), given=seg.at(4), member_id=seg.at(9) or r.claim.member_id)
    elif r.claim is not None and seg.at(1) == "IL" and seg.at(9):
        r.claim = replace(r.claim, member_id=seg.at(9))


def _dtm(r: _Reading, seg: Segment) -> None:
    kind = seg.at(1)
    if r.line is not None and kind in {"472", "150", "151"}:
        day = r.day(seg, 2)
        first = r.line.first_on if kind == "151" else day
        r.line = replace(r.line, first_on=first, last_on=day if kind != "150" else r.line.last_on)
    elif r.line is None and r.claim is not None and kind == "232" and seg.at(2):
        r.claim = replace(r.claim, first_on=r.day(seg, 2))


def _ref(r: _Reading, seg: Segment) -> None:
    if r.line is not None and seg.at(1) == "6R":
        r.line = replace(r.line, control=seg.at(2))
    elif r.claim is None and r.party == "PR" and seg.at(1) == "2U":
        r.head = replace(r.head, payer_id=seg.at(2))


def _amt(r: _Reading, seg: Segment) -> None:
    if r.line is not None and seg.at(1) == "B6":
        r.line = replace(r.line, allowed=seg.amount(2))


def _lq(r: _Reading, seg: Segment) -> None:
    if r.line is not None and seg.at(2):
        r.line = replace(r.line, remarks=(*r.line.remarks, seg.at(2)))


def _moa(r: _Reading, seg: Segment) -> None:
    if r.claim is not None:
        codes = tuple(c for c in (seg.at(n) for n in range(3, 8)) if c)
        r.claim = replace(r.claim, remarks=r.claim.remarks + codes)


def _plb(r: _Reading, seg: Segment) -> None:
    r.close_claim()
    for n in range(3, len(seg.elements) + 1, 2):
        if seg.at(n) or seg.at(n + 1):
            r.provider.append(ProviderAdjustment(
                seg.number, seg.at(1), seg.part(n, 1), seg.part(n, 2), seg.amount(n + 1),
            ))


_TAKERS = {
    "BPR": _bpr, "TRN": _trn, "N1": _n1, "CLP": _clp, "SVC": _svc, "CAS": _cas, "NM1": _nm1, "DTM": _dtm, "REF": _ref,
    "AMT": _amt, "LQ": _lq, "MOA": _moa, "PLB": _plb,
}
