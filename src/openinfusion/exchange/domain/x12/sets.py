# SPDX-License-Identifier: Apache-2.0
"""The transactions of a file, each with the envelope it came in, and what is wrong with those envelopes."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from openinfusion.exchange.domain.x12.finding import Finding, Level
from openinfusion.exchange.domain.x12.marks import Separators
from openinfusion.exchange.domain.x12.tokens import Interchange, Segment

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
    segments: list[list[str]] = field(default_factory=list)
    is_closed: bool = False

    def numbered(self) -> Iterator[Segment]:
        """Its segments with their numbers in the file."""
        for number, (name, *elements) in enumerate(self.segments, self.first):
            yield Segment(number, name, tuple(elements), self.marks.component)


def transaction_sets(found: Iterable[Interchange]) -> list[TransactionSet]:
    """Every transaction, closed or not, in the order of the file."""
    return [one for interchange in found for one in _sets_of(interchange)]


def _sets_of(found: Interchange) -> list[TransactionSet]:
    sets: list[TransactionSet] = []
    isa: list[str] = []
    gs: list[str] = []
    begun = -1
    for at, s in enumerate(found.segments):
        if s[0] not in _ENVELOPE:
            continue
        if s[0] == "SE":
            if begun >= 0:
                sets[-1].segments, sets[-1].is_closed, begun = found.segments[begun:at + 1], True, -1
            continue
        if begun >= 0:  # another envelope begins before this transaction was closed
            sets[-1].segments, begun = found.segments[begun:at], -1
        if s[0] == "ISA":
            isa, gs = s, []
        elif s[0] == "GS":
            gs = s
        elif s[0] == "ST":
            sets.append(_begun(s, isa, gs, found, at))
            begun = at
    if begun >= 0:
        sets[-1].segments = found.segments[begun:]
    return sets


def _begun(st: list[str], isa: list[str], gs: list[str], found: Interchange, at: int) -> TransactionSet:
    return TransactionSet(
        _at(st, 1), _at(st, 2), _at(gs, 8) or _at(st, 3), found.first + at, found.marks,
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
        for number, s in enumerate(self.interchange.segments, self.interchange.first):
            if s[0] in _ENVELOPE:
                self._take(number, s)
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
