# SPDX-License-Identifier: Apache-2.0
"""The transactions of a file, each with the envelope it came in, and what is wrong with those envelopes."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openinfusion.exchange.domain.x12.finding import Finding, Level
from openinfusion.exchange.domain.x12.marks import Separators
from openinfusion.exchange.domain.x12.tokens import Interchange, Segment, segments_in

_ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})


@dataclass(slots=True)
class TransactionSet:
    """One ST to its SE. ``first`` is the number of its ST in the file; ``version`` is GS08, or ST03 without a GS."""

    kind: str
    control: str
    version: str
    first: int
    marks: Separators
    sender: str = ""
    receiver: str = ""
    interchange: str = ""
    group: str = ""
    usage: str = ""
    text: str = ""
    is_closed: bool = False

    def numbered(self) -> Iterator[Segment]:
        """Its segments with their numbers in the file."""
        return segments_in(self.text, self.marks, self.first)

    @property
    def segments(self) -> list[list[str]]:
        """Its segments as lists of elements, each name first."""
        element = self.marks.element
        return [raw.split(element) for raw in self.text.split(self.marks.segment)[:-1]]


@dataclass(frozen=True, slots=True)
class _Mark:
    """One segment of an envelope: where its text begins and ends, its number in the file, its elements."""

    begins: int
    ends: int
    number: int
    elements: list[str]


def transaction_sets(found: Iterable[Interchange]) -> list[TransactionSet]:
    """Every transaction, closed or not, in the order of the file."""
    return [one for interchange in found for one in _sets_of(interchange)]


def _sets_of(found: Interchange) -> list[TransactionSet]:
    """A transaction ends with its SE, or unclosed where another envelope begins before it."""
    sets: list[TransactionSet] = []
    isa: list[str] = []
    gs: list[str] = []
    begun = -1
    for mark in _marked(found):
        s = mark.elements
        if begun >= 0:
            sets[-1].is_closed = s[0] == "SE"
            sets[-1].text, begun = found.text[begun:mark.ends if s[0] == "SE" else mark.begins], -1
        if s[0] == "ISA":
            isa, gs = s, []
        elif s[0] == "GS":
            gs = s
        elif s[0] == "ST":
            sets.append(_begun(s, isa, gs, found, mark.number))
            begun = mark.begins
    if begun >= 0:
        sets[-1].text = found.text[begun:]
    return sets


def _marked(found: Interchange) -> Iterator[_Mark]:
    """The envelope's segments in order. What stands between an ST and its SE is passed over by one search."""
    text, terminator, element = found.text, found.marks.segment, found.marks.element
    number, at, size = found.first, 0, len(found.text)
    while at < size:
        end = text.index(terminator, at)
        elements = text[at:end].split(element)
        if elements[0] in _ENVELOPE:
            yield _Mark(at, end + 1, number, elements)
        following = end + 1
        if elements[0] == "ST":
            following = _next_envelope(text, end, terminator, element)
        number, at = number + text.count(terminator, at, following), following


def _next_envelope(text: str, after: int, terminator: str, element: str) -> int:
    """Where the SE of the transaction stands, or what begins before it because the SE is missing."""
    end = text.find(f"{terminator}SE{element}", after)
    limit = len(text) if end < 0 else end
    if end < 0 or text.find(f"{terminator}ST{element}", after, limit) >= 0:
        found = (text.find(f"{terminator}{name}{element}", after, limit) for name in _ENVELOPE)
        limit = min((at for at in found if at >= 0), default=limit)
    return min(limit + 1, len(text))


def _begun(st: list[str], isa: list[str], gs: list[str], found: Interchange, number: int) -> TransactionSet:
    return TransactionSet(
        _at(st, 1), _at(st, 2), _at(gs, 8) or _at(st, 3), number, found.marks,
        (_at(isa, 6) or _at(gs, 2)).strip(), (_at(isa, 8) or _at(gs, 3)).strip(), _at(isa, 13), _at(gs, 6), _at(isa, 15),
    )


def _at(segment: list[str], position: int) -> str:
    return segment[position] if position < len(segment) else ""


def envelope_findings(found: Iterable[Interchange]) -> list[Finding]:
    """Counts and control numbers that do not agree, and trailers that are missing."""
    return [finding for interchange in found for finding in _Envelopes(interchange).findings()]


class _Envelopes:
    """One walk over the envelopes of one interchange, remembering which are open."""

    def __init__(self, interchange: Interchange) -> None:
        self.interchange = interchange
        self.open: dict[str, tuple[int, list[str]]] = {}
        self.sets = self.groups = 0
        self.found: list[Finding] = []

    def findings(self) -> list[Finding]:
        for mark in _marked(self.interchange):
            self._take(mark.number, mark.elements)
        for name, (number, _) in self.open.items():
            self._say(number, f"{name.lower()}-open", name, f"the {name} has no {_CLOSES[name]}")
        return self.found

    def _take(self, number: int, s: list[str]) -> None:
        name = s[0]
        if name in _CLOSES:
            self._reopened(number, name)
            self.open[name] = (number, s)
            self.sets, self.groups = self.sets + (name == "ST"), self.groups + (name == "GS")
            if name == "GS":
                self.sets = 0
            return
        opener = _OPENS[name]
        begun = self.open.pop(opener, None)
        if begun is None:
            self._say(number, f"{name.lower()}-alone", name, f"there is no {opener} to close")
            return
        counts = {"SE": number - begun[0] + 1, "GE": self.sets, "IEA": self.groups}
        wrote = _at(s, 1).strip()
        if wrote != str(counts[name]) and wrote.lstrip("0") != str(counts[name]):
            self._say(number, f"{name.lower()}-count", name, f"{name}01 says {wrote or 'nothing'}, counted {counts[name]}")
        ours = _at(begun[1], _CONTROL_AT[opener]).strip()
        if ours != _at(s, 2).strip():
            self._say(number, f"{name.lower()}-control", name, f"{name}02 is not the control number of its {opener}")

    def _reopened(self, number: int, name: str) -> None:
        if name in self.open:
            before, _ = self.open[name]
            self._say(before, f"{name.lower()}-open", name, f"the {name} has no {_CLOSES[name]} before segment {number}")

    def _say(self, number: int, code: str, name: str, text: str) -> None:
        self.found.append(Finding(Level.ENVELOPE, number, code, name, text))


_CLOSES = {"ISA": "IEA", "GS": "GE", "ST": "SE"}
_OPENS = {closer: opener for opener, closer in _CLOSES.items()}
_CONTROL_AT = {"ISA": 13, "GS": 6, "ST": 2}
