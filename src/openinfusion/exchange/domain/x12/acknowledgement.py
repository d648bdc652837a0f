# SPDX-License-Identifier: Apache-2.0
"""999 and TA1: did the receiver take the file, and where does it say an error is? Read, and written for what we receive."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from openinfusion.exchange.domain.x12.eligibility_words import word
from openinfusion.exchange.domain.x12.sets import TransactionSet, transaction_sets
from openinfusion.exchange.domain.x12.tokens import Interchange, Segment, interchanges_of
from openinfusion.exchange.domain.x12.unreadable import Unreadable
from openinfusion.exchange.domain.x12.writing import Envelope, interchange, segment

ACCEPTED: Final = frozenset({"A", "E"})
PARTLY: Final = "P"


@dataclass(slots=True)
class Fault999:
    """One error the receiver names: the segment of our transaction, and the element where it says which."""

    segment: int
    named: str
    position: str
    loop: str
    code: str
    element: str = ""
    element_code: str = ""
    value: str = ""

    @property
    def text(self) -> str:
        """What is wrong, in words."""
        if self.element:
            return f"{self.named}{self.element} in segment {self.position}: {word('element_error', self.element_code)}"
        return f"{self.named} in segment {self.position}: {word('segment_error', self.code)}"


@dataclass(slots=True)
class SetAnswer:
    """The verdict about one of our transactions."""

    kind: str
    control: str
    verdict: str = ""  # IK501: A, E, R ...
    reasons: tuple[str, ...] = ()
    faults: list[Fault999] = field(default_factory=list)


@dataclass(slots=True)
class GroupAnswer:
    """The verdict about one of our groups; ``control`` is our GS06."""

    segment: int
    functional: str
    control: str
    verdict: str = ""  # AK901
    included: str = ""
    received: str = ""
    accepted: str = ""
    sets: list[SetAnswer] = field(default_factory=list)

    @property
    def is_accepted(self) -> bool:
        return self.verdict in ACCEPTED

    @property
    def refused_sets(self) -> tuple[str, ...]:
        """The numbers (our ST02) of the transactions that were not accepted."""
        return tuple(s.control for s in self.sets if s.verdict not in ACCEPTED)

    @property
    def accepts_some(self) -> bool:
        """Accepted in part: the group says so (P) or not, some of its transactions stand beside refused ones."""
        some = self.verdict == PARTLY and self.accepted.strip() not in ("", "0")
        return bool(self.refused_sets) and (self.is_accepted or some)


@dataclass(frozen=True, slots=True)
class InterchangeAnswer:
    """A TA1: our ISA13, the verdict (A, E, R) and the note's code."""

    segment: int
    control: str
    verdict: str
    note: str


def read_acknowledgements(data: bytes | str) -> tuple[tuple[GroupAnswer, ...], tuple[InterchangeAnswer, ...]]:
    """Every 999 and TA1 of a file; Unreadable where there is neither."""
    found = interchanges_of(data)
    groups = tuple(g for one in transaction_sets(found) if one.kind in {"999", "997"} for g in groups_in(one))
    tops = tuple(interchange_answers(found))
    if not groups and not tops:
        raise Unreadable(0, "ST", "there is no 999 and no TA1 in this file")
    return groups, tops


def interchange_answers(found: Sequence[Interchange]) -> Iterator[InterchangeAnswer]:
    """The TA1 segments of a file."""
    for one in found:
        if f"TA1{one.marks.element}" in one.text:
            for s in one.numbered():
                if s.name == "TA1":
                    yield InterchangeAnswer(s.number, s.at(1), s.at(4), s.at(5))


def groups_in(one: TransactionSet) -> list[GroupAnswer]:
    """The verdicts of one 999 (or 997)."""
    found: list[GroupAnswer] = []
    for s in one.numbered():
        if s.name == "AK1":
            found.append(GroupAnswer(s.number, s.at(1), s.at(2)))
        elif found:
            _take(found[-1], s)
    return found


def _take(group: GroupAnswer, s: Segment) -> None:
    if s.name == "AK2":
        group.sets.append(SetAnswer(s.at(1), s.at(2)))
    elif s.name == "AK9":
        group.verdict, group.included, group.received, group.accepted = s.at(1), s.at(2), s.at(3), s.at(4)
    elif group.sets:
        _take_of_set(group.sets[-1], s)


def _take_of_set(answer: SetAnswer, s: Segment) -> None:
    if s.name in {"IK3", "AK3"}:
        answer.faults.append(Fault999(s.number, s.at(1), s.at(2), s.at(3), s.at(4)))
    elif s.name in {"IK4", "AK4"}:
        _take_element(answer, s)
    elif s.name in {"IK5", "AK5"}:
        answer.verdict = s.at(1)
        answer.reasons = tuple(code for at in range(2, 7) if (code := s.at(at)))


def _take_element(answer: SetAnswer, s: Segment) -> None:
    """The first element fault belongs to the segment before it; each further one repeats that segment."""
    if not answer.faults:
        answer.faults.append(Fault999(s.number, "", "", "", ""))
    last = answer.faults[-1]
    if last.element:
        last = Fault999(s.number, last.named, last.position, last.loop, last.code)
        answer.faults.append(last)
    last.element, last.element_code, last.value = s.part(1, 1).zfill(2), s.at(3), s.at(4)


def write_acknowledgement(envelope: Envelope, groups: Sequence[GroupAnswer]) -> str:
    """A 999 with one transaction for each of their groups."""
    return interchange(envelope, [list(_body(g)) for g in groups])


def _body(g: GroupAnswer) -> Iterator[str]:
    version = {"HC": "005010X222A1", "HS": "005010X279A1", "HR": "005010X212", "HI": "005010X217"}.get(g.functional, "")
    yield segment("AK1", g.functional, g.control, version)
    for one in g.sets:
        yield segment("AK2", one.kind, one.control, version)
        for f in one.faults:
            yield segment("IK3", f.named, f.position, f.loop, f.code)
            if f.element:
                yield segment("IK4", f.element.lstrip("0"), "", f.element_code, f.value)
        yield segment("IK5", one.verdict, *one.reasons)
    yield f"AK9*{g.verdict}*{g.included}*{g.received}*{g.accepted}"
