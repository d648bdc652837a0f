# SPDX-License-Identifier: Apache-2.0
"""The 276 (005010X212): where do these claims stand?"""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider, member_segments, payer_segment, provider_segment
from openinfusion.exchange.domain.x12.status import StatusQuestion
from openinfusion.exchange.domain.x12.writing import Envelope, clean, day, interchange, number, span
from openinfusion.kernel.refusal import Fault, Malformed


def write_status_questions(envelope: Envelope, questions: Sequence[StatusQuestion]) -> str:
    """The file's text; Malformed names what a question lacks, and nothing is written."""
    faults = [f for q in questions for f in _faults(q)]
    if not questions:
        faults.append(Fault("questions", "there is nothing to ask"))
    if faults:
        raise Malformed(*faults)
    return interchange(envelope, [list(_body(envelope, questions))])


def _faults(q: StatusQuestion) -> Iterator[Fault]:
    if not q.trace.strip():
        yield Fault("TRN02", "the trace number is missing")
    if not q.payer.id.strip():
        yield Fault(f"{q.trace} NM1*PR", "the payer's electronic number is missing")
    if not q.provider.npi.strip():
        yield Fault(f"{q.trace} NM1*1P", "the provider's NPI is missing")
    if not q.subscriber.member_id.strip():
        yield Fault(f"{q.trace} NM1*IL", "the member number is missing")
    if q.last_on < q.first_on:
        yield Fault(f"{q.trace} DTP*472", "the last day is before the first")


def _body(e: Envelope, questions: Sequence[StatusQuestion]) -> Iterator[str]:
    yield f"BHT*0010*13*{e.control:09d}*{day(e.at)}*{e.at:%H%M}"
    groups: dict[tuple[Payer, Provider, Provider], list[StatusQuestion]] = {}
    for q in questions:
        groups.setdefault((q.payer, q.receiver, q.provider), []).append(q)
    level = 0
    for (payer, receiver, provider), mine in groups.items():
        source = level + 1
        yield f"HL*{source}**20*1"
        yield payer_segment("PR", payer)
        yield f"HL*{source + 1}*{source}*21*1"
        yield f"NM1*41*2*{clean(receiver.name, 60)}*****46*{clean(receiver.npi, 80)}"
        yield f"HL*{source + 2}*{source + 1}*19*1"
        yield provider_segment("1P", provider)
        level = source + 2
        for q in mine:
            level += 1
            yield f"HL*{level}*{source + 2}*22*{'1' if q.dependent else '0'}"
            yield from _person("IL", q.subscriber)
            if q.dependent is not None:
                level += 1
                yield f"HL*{level}*{level - 1}*23"
                yield from _person("QC", q.dependent)
            yield from _asked(q)


def _person(qualifier: str, who: Member) -> Iterator[str]:
    name, *rest = member_segments(qualifier, who)
    yield from (s for s in rest if s.startswith("DMG"))
    yield name


def _asked(q: StatusQuestion) -> Iterator[str]:
    yield f"TRN*1*{clean(q.trace, 50)}"
    if q.payer_control:
        yield f"REF*1K*{clean(q.payer_control, 50)}"
    yield f"REF*EJ*{clean(q.trace, 50)}"
    yield f"AMT*T3*{number(q.charge)}"
    yield f"DTP*472*{span(q.first_on, q.last_on)}"
