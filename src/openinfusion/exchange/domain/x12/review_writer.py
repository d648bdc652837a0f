# SPDX-License-Identifier: Apache-2.0
"""The 278 request (005010X217): one patient's request in a transaction of its own, as payers want it."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from openinfusion.exchange.domain.x12.eligibility_writer import TRACE
from openinfusion.exchange.domain.x12.parties import Member, member_segments, payer_segment, provider_segment
from openinfusion.exchange.domain.x12.review import ReviewedService, ReviewRequest
from openinfusion.exchange.domain.x12.writing import Envelope, clean, day, interchange, number, segment, span
from openinfusion.kernel.refusal import Fault, Malformed

MOST_DIAGNOSES = 12
CERTIFICATIONS = frozenset({"I", "R", "S", "3", "4"})


def write_review_requests(envelope: Envelope, requests: Sequence[ReviewRequest]) -> str:
    """The file's text; Malformed names what a request lacks, and nothing is written."""
    faults = [f for r in requests for f in request_faults(r)]
    if not requests:
        faults.append(Fault("requests", "there is nothing to ask"))
    if faults:
        raise Malformed(*faults)
    return interchange(envelope, [list(_body(envelope, r)) for r in requests])


def request_faults(r: ReviewRequest) -> Iterator[Fault]:
    """What keeps a request from being sent."""
    if not TRACE.fullmatch(r.trace):
        yield Fault(r.trace or "TRN02", "the trace number is 1 to 50 capital letters, digits and hyphens")
    if not r.payer.id.strip():
        yield Fault(f"{r.trace} NM1*X3", "the payer's electronic number is missing")
    if not r.requester.npi.strip():
        yield Fault(f"{r.trace} NM1*1P", "the requester's NPI is missing")
    if not r.subscriber.member_id.strip():
        yield Fault(f"{r.trace} NM1*IL", "the member number is missing")
    if not 1 <= len(r.diagnoses) <= MOST_DIAGNOSES:
        yield Fault(f"{r.trace} HI", "a request names 1 to 12 diagnoses")
    if not r.services and r.certification != "3":
        yield Fault(f"{r.trace} SV1", "a request names at least one service")
    if r.last_on < r.first_on:
        yield Fault(f"{r.trace} DTP*AAH", "the last day is before the first")
    if r.certification not in CERTIFICATIONS:
        yield Fault(f"{r.trace} UM02", "the certification is I, R, S, 3 or 4")
    if r.certification in {"R", "S", "3", "4"} and not r.earlier_authorization:
        yield Fault(f"{r.trace} REF*BB", "a renewal, change or cancellation names the authorization it concerns")
    for n, service in enumerate(r.services, 1):
        if not service.code.strip() or service.units <= 0:
            yield Fault(f"{r.trace} service {n}", "a service has a code and units above zero")


def _body(e: Envelope, r: ReviewRequest) -> Iterator[str]:
    yield f"BHT*0007*{'13' if r.certification != '3' else '01'}*{r.trace[:50]}*{day(e.at)}*{e.at:%H%M}"
    yield "HL*1**20*1"
    yield payer_segment("X3", r.payer)
    yield "HL*2*1*21*1"
    yield provider_segment("1P", r.requester)
    if r.requester.taxonomy:
        yield f"PRV*AS*PXC*{clean(r.requester.taxonomy, 10)}"
    yield "HL*3*2*22*1"
    yield from member_segments("IL", r.subscriber)
    level = 3
    if r.dependent is not None:
        level += 1
        yield "HL*4*3*23*1"
        yield from _dependent(r.dependent)
    level += 1
    yield f"HL*{level}*{level - 1}*EV*{'1' if r.services else '0'}"
    yield from _event(r)
    for at, service in enumerate(r.services, 1):
        yield f"HL*{level + at}*{level}*SS*0"
        yield from _service(r, service, at)


def _dependent(who: Member) -> Iterator[str]:
    yield from member_segments("QC", who)
    if who.relation:
        yield f"INS*N*{who.relation}"


def _event(r: ReviewRequest) -> Iterator[str]:
    yield f"TRN*1*{r.trace}*9{clean(r.requester.npi, 9).rjust(9, '0')}"
    place = f"{r.place_of_service}:B" if r.place_of_service else ""
    yield segment("UM", r.category, r.certification, r.service_type, place, "", "U" if r.is_urgent else "")
    if r.earlier_authorization:
        yield f"REF*BB*{clean(r.earlier_authorization, 50)}"
    yield f"DTP*AAH*{span(r.first_on, r.last_on)}"
    codes = [clean(code.replace(".", ""), 7) for code in r.diagnoses]
    yield "*".join(["HI", f"ABK:{codes[0]}", *(f"ABF:{code}" for code in codes[1:])])
    if r.attachment_control:
        yield f"PWK*{r.attachment_kind}*EL***AC*{clean(r.attachment_control, 50)}"
    if r.note:
        yield f"MSG*{clean(r.note, 264)}"
    if r.ordering is not None:
        yield provider_segment("DK", r.ordering)


def _service(r: ReviewRequest, s: ReviewedService, at: int) -> Iterator[str]:
    yield f"TRN*1*{s.trace or f'{r.trace}-{at}'}*9{clean(r.requester.npi, 9).rjust(9, '0')}"
    yield f"UM*HS*{r.certification}"
    if s.first_on is not None:
        yield f"DTP*472*{span(s.first_on, s.last_on or s.first_on)}"
    modifiers = (*s.modifiers[:4], *[""] * (4 - len(s.modifiers[:4])))
    procedure = ":".join((s.kind, clean(s.code, 48), *modifiers, clean(s.description, 80))).rstrip(":")
    yield f"SV1*{procedure}**{s.unit}*{number(s.units)}"
