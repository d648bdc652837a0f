# SPDX-License-Identifier: Apache-2.0
"""The 271 written, for a payer that we simulate: answers by payer, provider and member."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from openinfusion.exchange.domain.x12.eligibility import Benefit, EligibilityAnswer, Rejection
from openinfusion.exchange.domain.x12.parties import member_segments, payer_segment, provider_segment
from openinfusion.exchange.domain.x12.writing import Envelope, clean, day, interchange, number, segment, span


def write_eligibility_answers(envelope: Envelope, answers: Sequence[EligibilityAnswer]) -> str:
    """The file's text: one transaction, as payers answer a batch."""
    return interchange(envelope, [list(_body(envelope, answers))])


def _body(e: Envelope, answers: Sequence[EligibilityAnswer]) -> Iterator[str]:
    yield f"BHT*0022*11*{e.control:09d}*{day(e.at)}*{e.at:%H%M}"
    level = 0
    for a in answers:
        source, level = level + 1, level + 3
        yield f"HL*{source}**20*1"
        yield payer_segment("PR", a.payer)
        yield from (_rejection(r) for r in a.rejections if r.about == "source")
        yield f"HL*{source + 1}*{source}*21*1"
        yield provider_segment("1P", a.provider)
        yield from (_rejection(r) for r in a.rejections if r.about == "receiver")
        yield f"HL*{source + 2}*{source + 1}*22*{'1' if a.dependent else '0'}"
        traces = [f"TRN*2*{trace}*9{clean(a.provider.npi, 9).rjust(9, '0')}" for trace in a.traces]
        yield from () if a.dependent else traces
        yield from member_segments("IL", a.subscriber)
        yield from (_rejection(r) for r in a.rejections if r.about == "subscriber")
        if a.dependent is not None:
            level += 1
            yield f"HL*{level}*{level - 1}*23*0"
            yield from traces
            yield from member_segments("03", a.dependent)
            yield from (_rejection(r) for r in a.rejections if r.about == "dependent")
        yield from _dates(a.dates)
        for benefit in a.benefits:
            yield from _benefit(benefit)


def _rejection(r: Rejection) -> str:
    return f"AAA*N**{r.code}*{r.follow_up}"


def _dates(dates: Sequence[tuple[str, date | None, date | None]]) -> Iterator[str]:
    for qualifier, first, last in dates:
        if first is not None:
            yield f"DTP*{qualifier}*{span(first, last or first)}"


def _benefit(b: Benefit) -> Iterator[str]:
    figures = ["" if f is None else number(f) for f in (b.amount, b.share, b.quantity)]
    yield segment(
        "EB", b.kind, b.level, "^".join(b.service_types), b.insurance, clean(b.plan, 50), b.period, figures[0], figures[1],
        b.quantity_of, figures[2], b.authorization, b.in_network, f"HC:{b.code}" if b.code else "",
    )
    yield from (f"REF*{qualifier}*{clean(text, 50)}" for qualifier, text in b.references)
    yield from _dates(b.dates)
    yield from (f"MSG*{clean(text, 264)}" for text in b.messages)
    yield from (f"III*ZZ*{place}" for place in b.places)
    if b.related:
        yield "LS*2120"
        for r in b.related:
            number_of = ("PI", clean(r.id, 80)) if r.id else ("", "")
            yield segment("NM1", r.role, "2", clean(r.name, 60), "", "", "", "", *number_of)
        yield "LE*2120"
