# SPDX-License-Identifier: Apache-2.0
"""The 270 (005010X279A1): one transaction a file, any number of members of any number of payers and providers."""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from openinfusion.exchange.domain.x12.eligibility import EligibilityQuestion
from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider, member_segments, payer_segment, provider_segment
from openinfusion.exchange.domain.x12.writing import Envelope, clean, day, interchange, span
from openinfusion.kernel.refusal import Fault, Malformed

TRACE = re.compile(r"[A-Z0-9\-]{1,50}", re.ASCII)


def write_eligibility_questions(envelope: Envelope, questions: Sequence[EligibilityQuestion]) -> str:
    """The file's text; Malformed names what a question lacks, and nothing is written."""
    faults = [f for q in questions for f in question_faults(q)]
    if not questions:
        faults.append(Fault("questions", "there is nothing to ask"))
    if faults:
        raise Malformed(*faults)
    return interchange(envelope, [list(_body(envelope, questions))])


def question_faults(q: EligibilityQuestion) -> Iterator[Fault]:
    """What keeps a question from being asked."""
    if not TRACE.fullmatch(q.trace):
        yield Fault(q.trace or "TRN02", "the trace number is 1 to 50 capital letters, digits and hyphens")
    if not q.payer.id.strip():
        yield Fault(f"{q.trace} NM1*PR", "the payer's electronic number is missing")
    if not q.provider.npi.strip():
        yield Fault(f"{q.trace} NM1*1P", "the provider's NPI is missing")
    if not q.subscriber.member_id and not (q.subscriber.family and q.subscriber.born_on):
        yield Fault(f"{q.trace} NM1*IL", "a member number, or the name and the date of birth, is needed")
    if q.until is not None and q.until < q.on:
        yield Fault(f"{q.trace} DTP*291", "the last day is before the first")


def _body(e: Envelope, questions: Sequence[EligibilityQuestion]) -> Iterator[str]:
    yield f"BHT*0022*13*{e.control:09d}*{day(e.at)}*{e.at:%H%M}"
    level = 0
    for payer, by_provider in _grouped(questions).items():
        level += 1
        source = level
        yield f"HL*{level}**20*1"
        yield payer_segment("PR", payer)
        for provider, asked in by_provider.items():
            level += 1
            receiver = level
            yield f"HL*{level}*{source}*21*1"
            yield provider_segment("1P", provider)
            for question in asked:
                level += 1
                yield f"HL*{level}*{receiver}*22*{'1' if question.dependent else '0'}"
                yield from _asked(question, level)
                level += 1 if question.dependent else 0


def _grouped(questions: Sequence[EligibilityQuestion]) -> dict[Payer, dict[Provider, list[EligibilityQuestion]]]:
    found: dict[Payer, dict[Provider, list[EligibilityQuestion]]] = {}
    for q in questions:
        found.setdefault(q.payer, {}).setdefault(q.provider, []).append(q)
    return found


def _asked(q: EligibilityQuestion, level: int) -> Iterator[str]:
    trace = f"TRN*1*{q.trace}*9{clean(q.provider.npi, 9).rjust(9, '0')}"
    if q.dependent is None:
        yield trace
        yield from member_segments("IL", q.subscriber)
    else:
        yield from member_segments("IL", q.subscriber)
        yield f"HL*{level + 1}*{level}*23*0"
        yield trace
        yield from _dependent(q.dependent)
    yield from _wanted(q, q.on, q.until or q.on)


def _dependent(who: Member) -> Iterator[str]:
    yield from member_segments("03", who)
    if who.relation:
        yield f"INS*N*{who.relation}"


def _wanted(q: EligibilityQuestion, first: date, last: date) -> Iterator[str]:
    yield f"DTP*291*{span(first, last)}"
    if q.service_types:
        yield f"EQ*{'^'.join(clean(t, 2) for t in q.service_types)}"
    for code in q.codes:
        yield f"EQ**HC:{clean(code, 5)}"
