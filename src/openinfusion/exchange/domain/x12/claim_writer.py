# SPDX-License-Identifier: Apache-2.0
"""The 837P (005010X222A1) and the 837I (005010X223A2) written: claims to one interchange. A claim with a fault is refused.

At most 5,000 claims stand in one transaction; more make more transactions of the same interchange.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from openinfusion.exchange.domain.x12.claim import SELF, ClaimOut, ProviderOut
from openinfusion.exchange.domain.x12.claim_faults import claim_faults
from openinfusion.exchange.domain.x12.claim_segments import address, claim_segments, named
from openinfusion.exchange.domain.x12.writing import Envelope, clean, day, digits, interchange, phone, segment
from openinfusion.kernel.refusal import Fault, Malformed

MOST_CLAIMS: Final = 5_000


def set_of(place: int) -> str:
    """The number (ST02) of the transaction in which the claim at this place of a file stands; the first place is 0."""
    return f"{place // MOST_CLAIMS + 1:04d}"


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
    is_encounter: bool = False  # BHT06 RP: reported, not charged


def write_claim_file(file: ClaimFile) -> str:
    """The file's text, one segment a line; Malformed names every fault of every claim and nothing is written."""
    faults = [Fault(f"{c.patient_control} {f.path}", f.text) for c in file.claims for f in claim_faults(c)]
    if not file.claims:
        faults.append(Fault("claims", "there is no claim to write"))
    if len({c.institutional is None for c in file.claims}) > 1:
        faults.append(Fault("claims", "professional and institutional claims go in files of their own"))
    if faults:
        raise Malformed(*faults)
    kind = "837P" if file.claims[0].institutional is None else "837I"
    envelope = Envelope(kind, file.control, file.sender.id, file.receiver.id, file.at, file.is_test)
    portions = [file.claims[at:at + MOST_CLAIMS] for at in range(0, len(file.claims), MOST_CLAIMS)]
    return interchange(envelope, [_transaction(file, claims, n) for n, claims in enumerate(portions, 1)])


def _transaction(f: ClaimFile, claims: Sequence[ClaimOut], portion: int) -> list[str]:
    reference = f"{f.control:09d}" if portion == 1 else f"{f.control:09d}-{portion}"
    out = [
        f"BHT*0019*00*{reference}*{day(f.at)}*{f.at:%H%M}*{'RP' if f.is_encounter else 'CH'}",
        f"NM1*41*2*{clean(f.sender.name, 60)}*****46*{clean(f.sender.id, 80)}",
        f"PER*IC*{clean(f.sender.contact, 60)}*TE*{phone(f.sender.phone)}",
        f"NM1*40*2*{clean(f.receiver.name, 60)}*****46*{clean(f.receiver.id, 80)}",
    ]
    level = 0
    for billing, mine in _by_billing_provider(claims):
        level += 1
        parent = level
        out.append(f"HL*{level}**20*1")
        out += _billing_provider(billing, mine[0])
        for claim in mine:
            level += 1
            is_self = claim.subscriber is None
            out.append(f"HL*{level}*{parent}*22*{'0' if is_self else '1'}")
            out += _subscriber(claim)
            if not is_self:
                level += 1
                out.append(f"HL*{level}*{level - 1}*23*0")
                out += _patient(claim)
            out += claim_segments(claim)
    return out


def _by_billing_provider(claims: Sequence[ClaimOut]) -> list[tuple[ProviderOut, list[ClaimOut]]]:
    groups: dict[tuple[ProviderOut, object], list[ClaimOut]] = {}
    for claim in claims:
        groups.setdefault((claim.billing, claim.pay_to), []).append(claim)
    return [(billing, mine) for (billing, _), mine in groups.items()]


def _billing_provider(who: ProviderOut, first: ClaimOut) -> Iterator[str]:
    if who.taxonomy:
        yield f"PRV*BI*PXC*{clean(who.taxonomy, 10)}"
    yield named("85", who)
    yield from address(who.address)
    yield f"REF*EI*{digits(who.tax_id)}"
    if who.phone:
        yield f"PER*IC*{clean(who.name, 60)}*TE*{phone(who.phone)}"
    if first.pay_to is not None:
        yield f"NM1*87*{'1' if who.given else '2'}"
        yield from address(first.pay_to)


def _subscriber(c: ClaimOut) -> Iterator[str]:
    who = c.subscriber or c.patient
    relation = SELF if c.subscriber is None else ""
    yield segment("SBR", c.rank, relation, clean(c.group_number, 50), "", c.insurance_type, "", "", "", c.payer.filing)
    yield f"NM1*IL*1*{clean(who.family, 60)}*{clean(who.given, 35)}****MI*{clean(c.member_id, 80)}"
    yield from address(who.address)
    yield f"DMG*D8*{day(who.born_on)}*{who.sex}"
    yield f"NM1*PR*2*{clean(c.payer.name, 60)}*****PI*{clean(c.payer.id, 80)}"


def _patient(c: ClaimOut) -> Iterator[str]:
    who = c.patient
    yield f"PAT*{c.relation}"
    yield f"NM1*QC*1*{clean(who.family, 60)}*{clean(who.given, 35)}".rstrip("*")
    yield from address(who.address)
    yield f"DMG*D8*{day(who.born_on)}*{who.sex}"
