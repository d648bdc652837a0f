# SPDX-License-Identifier: Apache-2.0
"""The 837P writer (005010X222A1): claims to one interchange. Refuses to write a claim that has a fault."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from openinfusion.exchange.domain.x12_claim import AddressOut, ClaimOut, LineOut, ProviderOut, claim_faults
from openinfusion.kernel.refusal import Fault, Malformed

VERSION: Final = "005010X222A1"
_UNSAFE = re.compile(r"[^A-Z0-9 !\"&'()+,\-./;?=%@_{}#$]")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends the file and whom to call about it."""

    name: str
    id: str
    contact: str
    phone: str


@dataclass(frozen=True, slots=True)
class Receiver:
    name: str
    id: str


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """One interchange to be: ``control`` numbers never repeat for one receiver; ``at`` is when it is made."""

    control: int
    sender: Sender
    receiver: Receiver
    claims: tuple[ClaimOut, ...]
    at: datetime
    is_test: bool = True


def write_claim_file(file: ClaimFile) -> str:
    """The file's text, one segment a line; Malformed names every fault of every claim and nothing is written."""
    faults = [Fault(f"{c.patient_control} {f.path}", f.text) for c in file.claims for f in claim_faults(c)]
    if not file.claims:
        faults.append(Fault("claims", "there is no claim to write"))
    if not 0 < file.control <= 999_999_999:
        faults.append(Fault("ISA13", "the control number has one to nine digits"))
    if faults:
        raise Malformed(*faults)
    body = ["ST*837*0001*" + VERSION, *_transaction(file)]
    body.append(f"SE*{len(body) + 1}*0001")
    return "".join(f"{segment}~\n" for segment in (*_opening(file), *body, *_closing(file)))


def clean(text: str, limit: int) -> str:
    """Capitals of the basic set without diacritics or separators, cut to the element's length."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    return " ".join(_UNSAFE.sub(" ", plain).split())[:limit].strip()


def number(amount: Decimal) -> str:
    """A decimal as X12 writes it: no exponent, no needless zero."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(on: date) -> str:
    return f"{on:%Y%m%d}"


def _segment(*elements: str) -> str:
    """Elements joined, trailing empty ones left off."""
    return "*".join(elements).rstrip("*")


def _opening(f: ClaimFile) -> Iterator[str]:
    sender, receiver = clean(f.sender.id, 15).ljust(15), clean(f.receiver.id, 15).ljust(15)
    usage = "T" if f.is_test else "P"
    yield (f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{sender}*ZZ*{receiver}*{f.at:%y%m%d}*{f.at:%H%M}*^*00501*"
           f"{f.control:09d}*0*{usage}*:")
    yield f"GS*HC*{sender.strip()}*{receiver.strip()}*{day(f.at)}*{f.at:%H%M}*{f.control}*X*{VERSION}"


def _closing(f: ClaimFile) -> Iterator[str]:
    yield f"GE*1*{f.control}"
    yield f"IEA*1*{f.control:09d}"


def _transaction(f: ClaimFile) -> Iterator[str]:
    yield f"BHT*0019*00*{f.control:09d}*{day(f.at)}*{f.at:%H%M}*CH"
    yield f"NM1*41*2*{clean(f.sender.name, 60)}*****46*{clean(f.sender.id, 80)}"
    yield f"PER*IC*{clean(f.sender.contact, 60)}*TE*{_phone(f.sender.phone)}"
    yield f"NM1*40*2*{clean(f.receiver.name, 60)}*****46*{clean(f.receiver.id, 80)}"
    level = 0
    for billing, claims in _by_billing_provider(f.claims):
        level += 1
        parent = level
        yield from _billing_provider(billing, level)
        for claim in claims:
            level += 1
            yield f"HL*{level}*{parent}*22*0"
            yield from _subscriber(claim)
            yield from _claim(claim)


def _by_billing_provider(claims: Sequence[ClaimOut]) -> list[tuple[ProviderOut, list[ClaimOut]]]:
    groups: dict[ProviderOut, list[ClaimOut]] = {}
    for claim in claims:
        groups.setdefault(claim.billing, []).append(claim)
    return list(groups.items())


def _billing_provider(who: ProviderOut, level: int) -> Iterator[str]:
    yield f"HL*{level}**20*1"
    if who.taxonomy:
        yield f"PRV*BI*PXC*{clean(who.taxonomy, 10)}"
    yield _name("85", who)
    yield from _address(who.address)
    yield f"REF*EI*{_digits(who.tax_id)}"
    if who.phone:
        yield f"PER*IC*{clean(who.name, 60)}*TE*{_phone(who.phone)}"


def _subscriber(c: ClaimOut) -> Iterator[str]:
    yield _segment("SBR", c.rank, "18", clean(c.group_number, 50), "", "", "", "", "", c.payer.filing)
    yield f"NM1*IL*1*{clean(c.patient.family, 60)}*{clean(c.patient.given, 35)}****MI*{clean(c.member_id, 80)}"
    yield from _address(c.patient.address)
    yield f"DMG*D8*{day(c.patient.born_on)}*{c.patient.sex}"
    yield f"NM1*PR*2*{clean(c.payer.name, 60)}*****PI*{clean(c.payer.id, 80)}"


def _claim(c: ClaimOut) -> Iterator[str]:
    yield f"CLM*{c.patient_control}*{number(c.charge)}***{c.place_of_service}:B:{c.frequency}*Y*A*Y*Y"
    if c.authorization:
        yield f"REF*G1*{clean(c.authorization, 50)}"
    if c.payer_control and c.frequency in {"7", "8"}:
        yield f"REF*F8*{clean(c.payer_control, 50)}"
    if c.record_number:
        yield f"REF*EA*{clean(c.record_number, 50)}"
    if c.note:
        yield f"NTE*ADD*{clean(c.note, 80)}"
    codes = [code.replace(".", "").upper() for code in c.diagnoses]
    yield "*".join(["HI", f"ABK:{codes[0]}", *(f"ABF:{code}" for code in codes[1:])])
    for qualifier, who in (("DN", c.referring), ("82", c.rendering), ("77", c.facility)):
        if who is not None:
            yield _name(qualifier, who)
            if qualifier == "77":
                yield from _address(who.address)
    for n, line in enumerate(c.lines, 1):
        yield from _line(line, n)


def _line(line: LineOut, n: int) -> Iterator[str]:
    modifiers = (*line.modifiers[:4], *[""] * (4 - len(line.modifiers[:4])))
    procedure = ":".join(("HC", line.code, *modifiers, clean(line.description, 80))).rstrip(":")
    pointers = ":".join(str(p) for p in line.pointers[:4])
    yield f"LX*{n}"
    yield f"SV1*{procedure}*{number(line.charge)}*UN*{number(line.units)}***{pointers}"
    if line.first_on == line.last_on:
        yield f"DTP*472*D8*{day(line.first_on)}"
    else:
        yield f"DTP*472*RD8*{day(line.first_on)}-{day(line.last_on)}"
    if line.rx_on is not None:
        yield f"DTP*471*D8*{day(line.rx_on)}"
    yield f"REF*6R*{line.control}"
    if line.authorization:
        yield f"REF*G1*{clean(line.authorization, 50)}"
    if line.ndc:
        yield f"LIN**N4*{line.ndc}"
        yield f"CTP****{number(line.ndc_quantity)}*{line.ndc_unit}"
        if line.rx_number:
            yield f"REF*XZ*{clean(line.rx_number, 50)}"
    if line.ordering is not None:
        yield _name("DK", line.ordering)


def _name(qualifier: str, who: ProviderOut) -> str:
    kind = "1" if who.given else "2"
    return f"NM1*{qualifier}*{kind}*{clean(who.name, 60)}*{clean(who.given, 35)}****XX*{who.npi}"


def _address(where: AddressOut | None) -> Iterator[str]:
    if where is not None:
        yield f"N3*{clean(where.line, 55)}"
        yield f"N4*{clean(where.city, 30)}*{clean(where.state, 2)}*{_digits(where.postal_code)}"


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _phone(text: str) -> str:
    return _digits(text)[-10:]
