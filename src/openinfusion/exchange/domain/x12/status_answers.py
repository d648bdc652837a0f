# SPDX-License-Identifier: Apache-2.0
"""The 277 and the 277CA written, for a payer and a clearing house that we simulate."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from openinfusion.exchange.domain.x12.parties import (
    NO_PAYER,
    NO_PROVIDER,
    NOBODY,
    Payer,
    Provider,
    payer_segment,
    provider_segment,
)
from openinfusion.exchange.domain.x12.status import TAKEN, ClaimStanding, Standing
from openinfusion.exchange.domain.x12.values import ZERO
from openinfusion.exchange.domain.x12.writing import Envelope, clean, day, interchange, number, segment, span


def write_status_answers(envelope: Envelope, answers: Sequence[ClaimStanding], receiver: Provider) -> str:
    """A 277: where each claim stands."""
    return interchange(envelope, [list(_answers(envelope, answers, receiver))])


def write_claim_acknowledgements(
    envelope: Envelope, answers: Sequence[ClaimStanding], receiver: Provider, batch: str, house: Payer | None = None,
) -> str:
    """A 277CA: which claims of a batch were taken in, by the payer or by the clearing house named.

    ``batch`` is the BHT03 of the 837.
    """
    return interchange(envelope, [list(_acknowledged(envelope, answers, receiver, batch, house))])


def _answers(e: Envelope, answers: Sequence[ClaimStanding], receiver: Provider) -> Iterator[str]:
    yield f"BHT*0010*08*{e.control:09d}*{day(e.at)}*{e.at:%H%M}*DG"
    level = 0
    for a in answers:
        source, level = level + 1, level + 4
        yield f"HL*{source}**20*1"
        yield payer_segment("PR", a.payer)
        yield f"HL*{source + 1}*{source}*21*1"
        yield _receiver(receiver)
        yield f"HL*{source + 2}*{source + 1}*19*1"
        yield provider_segment("1P", a.provider or NO_PROVIDER)
        yield f"HL*{level}*{source + 2}*22*0"
        yield _member("IL", a)
        yield from _standing(a, "")


def _acknowledged(
    e: Envelope, answers: Sequence[ClaimStanding], receiver: Provider, batch: str, house: Payer | None,
) -> Iterator[str]:
    payer = answers[0].payer if answers else NO_PAYER
    yield f"BHT*0085*08*{e.control:09d}*{day(e.at)}*{e.at:%H%M}*TH"
    yield "HL*1**20*1"
    yield f"NM1*AY*2*{clean(house.name, 60)}*****46*{clean(house.id, 80)}" if house else payer_segment("PR", payer)
    yield f"TRN*1*{e.control:09d}"
    yield f"DTP*050*D8*{day(e.at)}"
    yield f"DTP*009*D8*{day(e.at)}"
    yield "HL*2*1*21*1"
    yield _receiver(receiver)
    yield f"TRN*2*{batch}"
    total = sum((a.charge or ZERO for a in answers), ZERO)
    yield f"STC*A1:19:PR*{day(e.at)}*WQ*{number(total)}"
    taken = [a for a in answers if {s.category for s in a.standings} & TAKEN]
    yield from _counts("90", "YU", taken)
    yield from _counts("AA", "YY", [a for a in answers if a not in taken])
    yield "HL*3*2*19*1"
    yield provider_segment("85", (answers[0].provider if answers else None) or NO_PROVIDER)
    yield "TRN*1*0"
    for at, a in enumerate(answers, 4):
        yield f"HL*{at}*3*PT"
        yield _member("QC", a)
        yield from _standing(a, "WQ" if a in taken else "U")


def _counts(quantity: str, amount: str, mine: Sequence[ClaimStanding]) -> Iterator[str]:
    if mine:
        total = sum((a.charge or Decimal(0) for a in mine), ZERO)
        yield f"QTY*{quantity}*{len(mine)}"
        yield f"AMT*{amount}*{number(total)}"


def _receiver(who: Provider) -> str:
    return f"NM1*41*2*{clean(who.name, 60)}*****46*{clean(who.npi, 80)}"


def _member(qualifier: str, a: ClaimStanding) -> str:
    who = a.member or NOBODY
    return segment("NM1", qualifier, "1", clean(who.family, 60), clean(who.given, 35), "", "", "", "MI", clean(who.member_id, 80))


def _standing(a: ClaimStanding, action: str) -> Iterator[str]:
    yield f"TRN*2*{clean(a.trace, 50)}"
    for s in a.standings:
        yield _stc(s, action or s.action)
    if a.payer_control:
        yield f"REF*1K*{clean(a.payer_control, 50)}"
    if a.clearing_control:
        yield f"REF*D9*{clean(a.clearing_control, 50)}"
    if a.first_on is not None:
        yield f"DTP*472*{span(a.first_on, a.last_on or a.first_on)}"


def _stc(s: Standing, action: str) -> str:
    amounts = ["" if x is None else number(x) for x in (s.charge, s.paid)]
    return segment("STC", s.code, day(s.on) if s.on else "", action, *amounts)
