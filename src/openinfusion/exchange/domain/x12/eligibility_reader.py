# SPDX-License-Identifier: Apache-2.0
"""The 270 and the 271 read: one question or answer for each member who was asked about."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from openinfusion.exchange.domain.x12.eligibility import (
    Benefit,
    EligibilityAnswer,
    EligibilityQuestion,
    Rejection,
    Related,
)
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
from openinfusion.exchange.domain.x12.sets import TransactionSet, transaction_sets
from openinfusion.exchange.domain.x12.tokens import Segment, interchanges_of
from openinfusion.exchange.domain.x12.unreadable import Unreadable

LEVELS = {"20": "source", "21": "receiver", "22": "subscriber", "23": "dependent"}


@dataclass(slots=True)
class _Reading:
    """Where the reader stands: the level of the last HL, who was named on each, and the member now read."""

    answers: list[EligibilityAnswer] = field(default_factory=list)
    questions: list[EligibilityQuestion] = field(default_factory=list)
    level: str = ""
    payer: Payer = NO_PAYER
    provider: Provider = NO_PROVIDER
    subscriber: Member = NOBODY
    dependent: Member | None = None
    begun: int = 0
    traces: list[str] = field(default_factory=list)
    benefits: list[Benefit] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    dates: list[tuple[str, date | None, date | None]] = field(default_factory=list)
    service_types: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    in_related: bool = False
    named: bool = False
    said: bool = False

    def close(self, following: str = "") -> None:
        """What was read about a member becomes an answer and a question; not where only the dependent below is meant."""
        if self.said or (self.named and following != "dependent"):
            self.answers.append(EligibilityAnswer(
                self.begun, tuple(self.traces), self.payer, self.provider, self.subscriber, self.dependent,
                tuple(self.benefits), tuple(self.rejections), tuple(self.dates),
            ))
            self._question()
        self.traces, self.benefits, self.rejections, self.dates = [], [], [], []
        self.service_types, self.codes, self.said, self.named, self.in_related = [], [], False, False, False

    def _question(self) -> None:
        asked = next(((a, b) for q, a, b in self.dates if q in {"291", "307", "472"}), (None, None))
        self.questions.append(EligibilityQuestion(
            self.traces[0] if self.traces else "", self.payer, self.provider, self.subscriber,
            asked[0] or date.min, asked[1] if asked[1] != asked[0] else None, self.dependent,
            tuple(self.service_types), tuple(self.codes),
        ))


def read_eligibility_answers(data: bytes | str) -> tuple[EligibilityAnswer, ...]:
    """Every member's answer in the 271s of a file; Unreadable where there is no 271."""
    return tuple(a for one in _of_kind(data, "271") for a in _walked(one).answers)


def read_eligibility_questions(data: bytes | str) -> tuple[EligibilityQuestion, ...]:
    """Every member asked about in the 270s of a file; Unreadable where there is no 270."""
    return tuple(q for one in _of_kind(data, "270") for q in _walked(one).questions)


def answers_in(one: TransactionSet) -> list[EligibilityAnswer]:
    return _walked(one).answers


def questions_in(one: TransactionSet) -> list[EligibilityQuestion]:
    return _walked(one).questions


def _of_kind(data: bytes | str, kind: str) -> list[TransactionSet]:
    found = [one for one in transaction_sets(interchanges_of(data)) if one.kind == kind]
    if not found:
        raise Unreadable(0, "ST", f"there is no {kind} in this file")
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
    level = LEVELS.get(s.at(3), "")
    r.close(level)
    r.begun, r.level = s.number, level
    if r.level == "subscriber":
        r.subscriber, r.dependent = NOBODY, None
    elif r.level == "dependent":
        r.dependent = NOBODY


def _nm1(r: _Reading, s: Segment) -> None:
    if r.in_related:
        _related(r, s)
    elif r.level == "source":
        r.payer = payer_of(s)
    elif r.level == "receiver":
        r.provider = provider_of(s)
    elif r.level == "subscriber" and s.at(1) == "IL":
        r.subscriber, r.named = member_of(s), True
    elif r.level == "dependent" and s.at(1) in {"03", "QC"}:
        r.dependent, r.named = member_of(s), True
    elif r.benefits:
        _related(r, s)


def _related(r: _Reading, s: Segment) -> None:
    if r.benefits:
        last = r.benefits[-1]
        r.benefits[-1] = replace(last, related=(*last.related, Related(s.at(1), s.at(3).strip(), s.at(9).strip())))


def _dmg(r: _Reading, s: Segment) -> None:
    if r.level == "subscriber":
        r.subscriber = replace(r.subscriber, born_on=s.day(2), sex=s.at(3))
    elif r.level == "dependent" and r.dependent is not None:
        r.dependent = replace(r.dependent, born_on=s.day(2), sex=s.at(3))


def _ins(r: _Reading, s: Segment) -> None:
    if r.dependent is not None:
        r.dependent = replace(r.dependent, relation=s.at(2))


def _ref(r: _Reading, s: Segment) -> None:
    if r.benefits:
        last = r.benefits[-1]
        r.benefits[-1] = replace(last, references=(*last.references, (s.at(1), s.at(2))))
    elif s.at(1) == "6P" and r.level == "subscriber":
        r.subscriber = replace(r.subscriber, group_number=s.at(2))


def _trn(r: _Reading, s: Segment) -> None:
    if s.at(2):
        r.traces.append(s.at(2))


def _dtp(r: _Reading, s: Segment) -> None:
    when = (s.at(1), *s.span(2, 3))
    if r.benefits:
        last = r.benefits[-1]
        r.benefits[-1] = replace(last, dates=(*last.dates, when))
    else:
        r.dates.append(when)


def _eb(r: _Reading, s: Segment) -> None:
    r.said, r.in_related = True, False
    types = tuple(t for t in s.at(3).replace("^", " ").split() if t)
    r.benefits.append(Benefit(
        s.number, s.at(1), s.at(2), types, s.at(4), s.at(5).strip(), s.at(6), s.figure(7), s.figure(8), s.at(9), s.figure(10),
        s.at(11), s.at(12), s.part(13, 2),
    ))


def _msg(r: _Reading, s: Segment) -> None:
    if r.benefits:
        last = r.benefits[-1]
        r.benefits[-1] = replace(last, messages=(*last.messages, s.at(1).strip()))


def _iii(r: _Reading, s: Segment) -> None:
    if r.benefits and s.at(1) == "ZZ":
        last = r.benefits[-1]
        r.benefits[-1] = replace(last, places=(*last.places, s.at(2)))


def _aaa(r: _Reading, s: Segment) -> None:
    text, what_next = rejection_words(s.at(3), s.at(4))
    about = "benefit" if r.benefits else r.level or "request"
    r.rejections.append(Rejection(s.number, about, s.at(3), s.at(4), text, what_next))
    r.said = True


def _eq(r: _Reading, s: Segment) -> None:
    r.said = True
    r.service_types += [t for t in s.at(1).replace("^", " ").split() if t]
    if s.part(2, 2):
        r.codes.append(s.part(2, 2))


def _ls(r: _Reading, _: Segment) -> None:
    r.in_related = True


def _le(r: _Reading, _: Segment) -> None:
    r.in_related = False


_TAKERS = {
    "HL": _hl, "NM1": _nm1, "DMG": _dmg, "INS": _ins, "REF": _ref, "TRN": _trn, "DTP": _dtp, "EB": _eb, "MSG": _msg, "III": _iii,
    "AAA": _aaa, "EQ": _eq, "LS": _ls, "LE": _le,
}


