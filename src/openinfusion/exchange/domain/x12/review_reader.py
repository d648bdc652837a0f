# SPDX-License-Identifier: Apache-2.0
"""The 278 read, request or response: one value for each patient event, with every service below it."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from openinfusion.exchange.domain.x12.eligibility import Rejection
from openinfusion.exchange.domain.x12.eligibility_words import rejection_words
from openinfusion.exchange.domain.x12.parties import (
    NO_PAYER,
    NO_PROVIDER,
    NOBODY,
    Member,
    Payer,
    Provider,
    member_of,
    payer_of,
    provider_of,
)
from openinfusion.exchange.domain.x12.review import ReviewAnswer, ReviewedService, ReviewRequest
from openinfusion.exchange.domain.x12.sets import TransactionSet, transaction_sets
from openinfusion.exchange.domain.x12.tokens import Segment, interchanges_of
from openinfusion.exchange.domain.x12.unreadable import Unreadable

_LEVELS = {"20": "source", "21": "receiver", "22": "subscriber", "23": "dependent", "EV": "event", "SS": "service"}
_ABOUT = {"source": "source", "receiver": "receiver", "subscriber": "subscriber", "dependent": "dependent"}


@dataclass(slots=True)
class _Reading:
    """Where the reader stands in the tree, and the event now read."""

    found: list[ReviewAnswer] = field(default_factory=list)
    asked: list[ReviewRequest] = field(default_factory=list)
    level: str = ""
    payer: Payer = NO_PAYER
    requester: Provider = NO_PROVIDER
    subscriber: Member = NOBODY
    dependent: Member | None = None
    begun: int = 0
    traces: list[str] = field(default_factory=list)
    decision: tuple[str, str, tuple[str, ...]] = ("", "", ())
    days: tuple[date | None, date | None] = (None, None)
    services: list[ReviewedService] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    reviews: list[tuple[str, str, str]] = field(default_factory=list)
    diagnoses: list[str] = field(default_factory=list)
    place: str = ""
    earlier: str = ""
    attachment: str = ""
    is_urgent: bool = False

    def close(self) -> None:
        if not (self.reviews or self.traces or self.rejections):
            return
        code, number, reasons = self.decision
        first, last = self.days
        self.found.append(ReviewAnswer(
            self.begun, tuple(self.traces), self.payer, self.requester, self.subscriber, code, number, reasons, first, last,
            tuple(self.services), tuple(self.rejections), tuple(self.messages), tuple(self.reviews),
        ))
        kind = self.reviews[0] if self.reviews else ("", "", "")
        self.asked.append(ReviewRequest(
            self.traces[0] if self.traces else "", self.payer, self.requester, self.subscriber, tuple(self.diagnoses),
            tuple(self.services), first or date.min, last or first or date.min, kind[0], kind[1], kind[2], self.place,
            self.is_urgent, self.dependent, None, self.earlier, self.attachment, note=" ".join(self.messages),
        ))
        self.traces, self.services, self.rejections, self.messages, self.reviews, self.diagnoses = [], [], [], [], [], []
        self.decision, self.days, self.place, self.earlier, self.attachment = ("", "", ()), (None, None), "", "", ""
        self.is_urgent = False


def read_review_answers(data: bytes | str) -> tuple[ReviewAnswer, ...]:
    """Every patient event's answer in the 278s of a file; Unreadable where there is no 278."""
    return tuple(a for one in _of_kind(data) for a in answers_in(one))


def read_review_requests(data: bytes | str) -> tuple[ReviewRequest, ...]:
    """Every patient event asked about in the 278s of a file."""
    return tuple(a for one in _of_kind(data) for a in _walked(one).asked)


def answers_in(one: TransactionSet) -> list[ReviewAnswer]:
    return _walked(one).found


def requests_in(one: TransactionSet) -> list[ReviewRequest]:
    return _walked(one).asked


def _of_kind(data: bytes | str) -> list[TransactionSet]:
    found = [one for one in transaction_sets(interchanges_of(data)) if one.kind == "278"]
    if not found:
        raise Unreadable(0, "ST", "there is no 278 in this file")
    return found


def _walked(one: TransactionSet) -> _Reading:
    r = _Reading(begun=one.first)
    for s in one.numbered():
        taker = _TAKERS.get(s.name)
        if taker is not None:
            taker(r, s)
    r.close()
    return r


def _hl(r: _Reading, s: Segment) -> None:
    level = _LEVELS.get(s.at(3), "")
    if level == "event":
        if r.level in {"event", "service"}:
            r.close()
        r.begun = s.number
    elif level == "service":
        r.services.append(ReviewedService(""))
    elif level in {"subscriber", "receiver", "source"}:
        r.close()
        r.dependent = None if level == "subscriber" else r.dependent
    r.level = level


def _nm1(r: _Reading, s: Segment) -> None:
    if r.level == "source":
        r.payer = payer_of(s)
    elif r.level == "receiver":
        r.requester = provider_of(s)
    elif r.level == "subscriber" and s.at(1) == "IL":
        r.subscriber = member_of(s)
    elif r.level == "dependent" and s.at(1) in {"QC", "03"}:
        r.dependent = member_of(s)


def _dmg(r: _Reading, s: Segment) -> None:
    if r.level == "subscriber":
        r.subscriber = replace(r.subscriber, born_on=s.day(2), sex=s.at(3))
    elif r.level == "dependent" and r.dependent is not None:
        r.dependent = replace(r.dependent, born_on=s.day(2), sex=s.at(3))


def _ins(r: _Reading, s: Segment) -> None:
    if r.dependent is not None:
        r.dependent = replace(r.dependent, relation=s.at(2))


def _trn(r: _Reading, s: Segment) -> None:
    if r.level == "service" and r.services:
        r.services[-1] = replace(r.services[-1], trace=s.at(2))
    elif s.at(2):
        r.traces.append(s.at(2))


def _um(r: _Reading, s: Segment) -> None:
    r.reviews.append((s.at(1), s.at(2), s.at(3)))
    if r.level != "service":
        r.place, r.is_urgent = s.part(4, 1), s.at(6) in {"U", "03"}


def _hcr(r: _Reading, s: Segment) -> None:
    reasons = tuple(x for x in (s.at(3), s.at(4)) if x and x not in {"Y", "N"})
    if r.level == "service" and r.services:
        r.services[-1] = replace(r.services[-1], decision=s.at(1), authorization=s.at(2), reasons=reasons)
        if not r.decision[0]:
            r.decision = (s.at(1), s.at(2), reasons)
    else:
        r.decision = (s.at(1), s.at(2), reasons)


def _dtp(r: _Reading, s: Segment) -> None:
    first, last = s.span(2, 3)
    if r.level == "service" and r.services:
        r.services[-1] = replace(r.services[-1], first_on=first, last_on=last)
    elif s.at(1) in {"AAH", "472", "007", "435"}:
        r.days = (first, last)


def _sv(r: _Reading, s: Segment) -> None:
    at = 1 if s.name == "SV1" else 2
    parts = s.parts(at)
    if not r.services or r.level != "service":
        r.services.append(ReviewedService(""))
    modifiers = tuple(m for m in parts[2:6] if m)
    kind, code = (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])
    r.services[-1] = replace(
        r.services[-1], code=code, kind=kind, modifiers=modifiers,
        units=s.figure(at + 3) or Decimal(0), unit=s.at(at + 2), description=s.part(at, 7),
    )


def _hi(r: _Reading, s: Segment) -> None:
    r.diagnoses += [code for at in range(1, len(s.elements) + 1) if (code := s.part(at, 2))]


def _ref(r: _Reading, s: Segment) -> None:
    if s.at(1) == "BB" and r.level == "event":
        r.earlier = s.at(2)


def _pwk(r: _Reading, s: Segment) -> None:
    r.attachment = s.at(6)


def _msg(r: _Reading, s: Segment) -> None:
    r.messages.append(s.at(1).strip())


def _aaa(r: _Reading, s: Segment) -> None:
    text, what_next = rejection_words(s.at(3), s.at(4))
    r.rejections.append(Rejection(s.number, _ABOUT.get(r.level, "request"), s.at(3), s.at(4), text, what_next))


_TAKERS = {
    "HL": _hl, "NM1": _nm1, "DMG": _dmg, "INS": _ins, "TRN": _trn, "UM": _um, "HCR": _hcr, "DTP": _dtp, "SV1": _sv, "SV2": _sv,
    "HI": _hi, "REF": _ref, "PWK": _pwk, "MSG": _msg, "AAA": _aaa,
}
