# SPDX-License-Identifier: Apache-2.0
"""A payer for the demonstration and the tests: answers our claims with a balanced 835, deterministically.

It pays most claims, leaves a copayment on some, denies a line of some and all of others, each with a reason code.
Which claim meets which fate follows from a hash of its control number, so that nothing here is left to chance.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from openinfusion.exchange.domain.x12.claim import ClaimOut, LineOut, PayerOut
from openinfusion.exchange.domain.x12.writing import clean, day, number

DENIALS: Final = (("197", "N54"), ("16", "M119"), ("50", "N115"), ("4", "N519"), ("29", "N211"), ("151", "N362"))


class Fate(StrEnum):
    PAID = "paid"
    COINSURANCE = "coinsurance"
    LINE_DENIED = "line_denied"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Answer:
    """How one payment is made: the payer, the trace number, the day, and what it allows per line control number."""

    payer: PayerOut
    payer_tax_id: str
    trace: str
    paid_on: date
    control: int
    allowed: Mapping[str, Decimal]
    fates: Mapping[str, Fate]


def fate_of(patient_control: str) -> Fate:
    """Of a hundred claims about 62 are paid, 20 leave coinsurance, 8 lose a line and 10 are denied."""
    share = int(hashlib.sha256(patient_control.encode()).hexdigest(), 16) % 100
    if share < 62:
        return Fate.PAID
    if share < 82:
        return Fate.COINSURANCE
    return Fate.LINE_DENIED if share < 90 else Fate.DENIED


def answer(claims: Sequence[ClaimOut], how: Answer) -> str:
    """The text of one 835 that answers these claims and balances at every level."""
    answered = [_answered(c, how) for c in claims]
    payment = sum((paid for paid, _ in answered), Decimal(0))
    body = ["ST*835*0001", *_head(claims, how, payment)]
    body += [segment for _, segments in answered for segment in segments]
    body.append(f"SE*{len(body) + 1}*0001")
    opening = (
        f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{clean(how.payer.id, 15).ljust(15)}*ZZ*{'PHARMACY'.ljust(15)}*"
        f"{how.paid_on:%y%m%d}*0600*^*00501*{how.control:09d}*0*T*:",
        f"GS*HP*{clean(how.payer.id, 15)}*PHARMACY*{day(how.paid_on)}*0600*{how.control}*X*005010X221A1",
    )
    return "".join(f"{s}~\n" for s in (*opening, *body, f"GE*1*{how.control}", f"IEA*1*{how.control:09d}"))


def _head(claims: Sequence[ClaimOut], how: Answer, payment: Decimal) -> Iterator[str]:
    method = "ACH" if payment else "NON"
    account = "CCP*01*111000025*DA*1234567*1000000001**01*111000025*DA*7654321" if payment else "*" * 10
    yield f"BPR*{'I' if payment else 'H'}*{number(payment)}*C*{method}*{account}*{day(how.paid_on)}"
    yield f"TRN*1*{how.trace}*1{how.payer_tax_id}"
    yield f"DTM*405*{day(how.paid_on)}"
    yield f"N1*PR*{clean(how.payer.name, 60)}*XV*{clean(how.payer.id, 20)}"
    yield "N3*1 FICTION WAY"
    yield "N4*EXAMPLE*OH*44101"
    yield "PER*BL*PROVIDER SERVICES*TE*8005550100"
    yield f"N1*PE*{clean(claims[0].billing.name, 60)}*XX*{claims[0].billing.npi}"
    yield "LX*1"


def _answered(claim: ClaimOut, how: Answer) -> tuple[Decimal, list[str]]:
    fate = how.fates.get(claim.patient_control) or fate_of(claim.patient_control)
    denied = _denied_lines(claim, fate)
    reason = DENIALS[int(hashlib.sha256(claim.patient_control.encode()).hexdigest()[:6], 16) % len(DENIALS)]
    lines = [_line(line, how, fate, reason if line.control in denied else None) for line in claim.lines]
    paid = sum((p for p, _, _ in lines), Decimal(0))
    owed = sum((o for _, o, _ in lines), Decimal(0))
    status = "4" if fate is Fate.DENIED else "1"
    number_of_payer = f"SIM{hashlib.sha256(claim.patient_control.encode()).hexdigest()[:10].upper()}"
    patient = f"{clean(claim.patient.family, 60)}*{clean(claim.patient.given, 35)}"
    head = [
        f"CLP*{claim.patient_control}*{status}*{number(claim.charge)}*{number(paid)}*{number(owed) if owed else ''}*"
        f"{_filing(claim)}*{number_of_payer}*{claim.place_of_service}*1",
        f"NM1*QC*1*{patient}****MI*{clean(claim.member_id, 80)}",
    ]
    return paid, head + [s for _, _, segments in lines for s in segments]


def _filing(claim: ClaimOut) -> str:
    """An 835 names the kind of plan with a shorter list than the claim: commercial and Blues answer as a PPO."""
    return "12" if claim.payer.filing in {"CI", "BL"} else claim.payer.filing or "ZZ"


def _denied_lines(claim: ClaimOut, fate: Fate) -> frozenset[str]:
    if fate is Fate.DENIED:
        return frozenset(line.control for line in claim.lines)
    if fate is Fate.LINE_DENIED:
        return frozenset({claim.lines[-1].control})
    return frozenset()


def _line(
    line: LineOut, how: Answer, fate: Fate, reason: tuple[str, str] | None,
) -> tuple[Decimal, Decimal, list[str]]:
    """Paid, owed by the patient, and the segments of one line."""
    allowed = min(how.allowed.get(line.control, line.charge), line.charge)
    owed = _cents(allowed / 5) if fate is Fate.COINSURANCE and reason is None else Decimal(0)
    paid = Decimal(0) if reason else allowed - owed
    procedure = ":".join(("HC", line.code, *line.modifiers))
    segments = [f"SVC*{procedure}*{number(line.charge)}*{number(paid)}**{number(line.units)}"]
    if line.first_on == line.last_on:
        segments.append(f"DTM*472*{day(line.first_on)}")
    else:
        segments += [f"DTM*150*{day(line.first_on)}", f"DTM*151*{day(line.last_on)}"]
    if reason:
        segments.append(f"CAS*CO*{reason[0]}*{number(line.charge)}")
    else:
        segments += [f"CAS*CO*45*{number(line.charge - allowed)}"] if line.charge > allowed else []
        segments += [f"CAS*PR*2*{number(owed)}"] if owed else []
    segments.append(f"REF*6R*{line.control}")
    segments += [f"LQ*HE*{reason[1]}"] if reason else [f"AMT*B6*{number(allowed)}"]
    return paid, owed, segments


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
