# SPDX-License-Identifier: Apache-2.0
"""The 278 response written, for a payer that we simulate: each decision in a transaction of its own."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from openinfusion.exchange.domain.x12.parties import member_segments, payer_segment, provider_segment
from openinfusion.exchange.domain.x12.review import ReviewAnswer, ReviewedService
from openinfusion.exchange.domain.x12.writing import Envelope, clean, day, interchange, number, segment, span


def write_review_answers(envelope: Envelope, answers: Sequence[ReviewAnswer]) -> str:
    """The file's text."""
    return interchange(envelope, [list(_body(envelope, a)) for a in answers])


def _body(e: Envelope, a: ReviewAnswer) -> Iterator[str]:
    yield segment("BHT", "0007", "11", a.traces[0] if a.traces else f"{e.control:09d}", day(e.at), f"{e.at:%H%M}", "18")
    yield "HL*1**20*1"
    yield payer_segment("X3", a.payer)
    yield "HL*2*1*21*1"
    yield provider_segment("1P", a.requester)
    yield "HL*3*2*22*1"
    yield from member_segments("IL", a.subscriber)
    yield from (f"AAA*N**{r.code}*{r.follow_up}" for r in a.rejections if r.about == "subscriber")
    yield f"HL*4*3*EV*{'1' if a.services else '0'}"
    trailing = clean(a.requester.npi, 9).rjust(9, "0")
    yield from (f"TRN*2*{trace}*9{trailing}" for trace in a.traces)
    yield from (f"AAA*N**{r.code}*{r.follow_up}" for r in a.rejections if r.about != "subscriber")
    kind = a.reviews[0] if a.reviews else ("HS", "I", "")
    yield segment("UM", *kind)
    if a.decision:
        yield segment("HCR", a.decision, clean(a.authorization, 50), a.reasons[0] if a.reasons else "")
    if a.first_on is not None:
        yield f"DTP*AAH*{span(a.first_on, a.last_on or a.first_on)}"
    yield from (f"MSG*{clean(text, 264)}" for text in a.messages)
    for at, service in enumerate(a.services, 5):
        yield f"HL*{at}*4*SS*0"
        yield from _service(service, trailing)


def _service(s: ReviewedService, trailing: str) -> Iterator[str]:
    if s.trace:
        yield f"TRN*2*{s.trace}*9{trailing}"
    if s.decision:
        yield segment("HCR", s.decision, clean(s.authorization, 50), s.reasons[0] if s.reasons else "")
    if s.first_on is not None:
        yield f"DTP*472*{span(s.first_on, s.last_on or s.first_on)}"
    procedure = ":".join((s.kind, clean(s.code, 48), *s.modifiers[:4]))
    yield f"SV1*{procedure}**{s.unit}*{number(s.units)}"
