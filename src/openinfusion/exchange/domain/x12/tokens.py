# SPDX-License-Identifier: Apache-2.0
"""The tolerant tokenizer: bytes to numbered segments, whatever separators, line ends and envelopes they came in.

A big remittance has hundreds of thousands of segments, so that an interchange stays one text until a reader walks it:
splitting a segment where it is read is several times faster than keeping all of them split. Readers that need no speed
ask for `Segment`, which knows its number and its marks.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openinfusion.exchange.domain.x12.marks import Separators, customary, declared, is_isa
from openinfusion.exchange.domain.x12.unreadable import Unreadable
from openinfusion.exchange.domain.x12.values import amount_of, day_of, is_amount

_SPACE = " \t\r\n"
LOOKED_AT = 4_000  # characters in which an indented file shows itself


@dataclass(frozen=True, slots=True)
class Interchange:
    """What stands under one set of marks: an ISA to the next, or a whole file without ISA.

    ``first`` is the number of its first segment in the file, counted from 1. ``text`` has every segment ended by the
    terminator, no line ends or indentation beside it, and no empty segments.
    """

    marks: Separators
    first: int
    text: str

    @property
    def count(self) -> int:
        """How many segments it has."""
        return self.text.count(self.marks.segment)

    @property
    def segments(self) -> list[list[str]]:
        """Every segment as the list of its elements, its name first."""
        element = self.marks.element
        return [raw.split(element) for raw in self.text.split(self.marks.segment)[:-1]]

    def numbered(self) -> Iterator[Segment]:
        """The segments with their numbers in the file."""
        return segments_in(self.text, self.marks, self.first)


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its number in the file (from 1), its name, its elements (element 1 first)."""

    number: int
    name: str
    elements: tuple[str, ...]
    component: str = ":"

    def at(self, position: int) -> str:
        """Element ``position`` (from 1), or an empty string where the sender left it out."""
        return self.elements[position - 1] if 0 < position <= len(self.elements) else ""

    def parts(self, position: int) -> tuple[str, ...]:
        """The components of a composite element."""
        return tuple(self.at(position).split(self.component))

    def part(self, position: int, component: int) -> str:
        found = self.parts(position)
        return found[component - 1] if component <= len(found) else ""

    def amount(self, position: int) -> Decimal:
        """A decimal amount; nothing there counts as zero, and what is no amount is Unreadable."""
        text = self.at(position)
        if not is_amount(text):
            raise Unreadable(self.number, f"{self.name}{position:02d}", f"“{text.strip()}” is not an amount")
        return amount_of(text)

    def figure(self, position: int) -> Decimal | None:
        """An amount that says nothing when it is not there: None where it is empty or cannot be read."""
        text = self.at(position).strip()
        return amount_of(text) if text and is_amount(text) else None

    def day(self, position: int) -> date | None:
        """A date as CCYYMMDD, or None where nothing or nonsense is there."""
        return day_of(self.at(position))

    def span(self, qualifier: int, position: int) -> tuple[date | None, date | None]:
        """The first and last day of a D8 or an RD8 element."""
        text = self.at(position)
        if self.at(qualifier) == "RD8":
            first, _, last = text.partition("-")
            return day_of(first), day_of(last)
        return day_of(text), day_of(text)


def text_of(data: bytes) -> str:
    """The characters of a file: UTF-8 with or without its mark, else Latin-1, which never fails."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def interchanges_of(data: bytes | str) -> list[Interchange]:
    """Every interchange of the file; Unreadable when it is not X12 at all."""
    text = (text_of(data) if isinstance(data, bytes) else data.removeprefix("\ufeff")).strip(_SPACE)
    if not text:
        raise Unreadable(0, "", "the file is empty")
    found: list[Interchange] = []
    start, number = 0, 1
    while start < len(text):
        whole = not is_isa(text, start)
        marks = customary(text) if whole else declared(text, start, number)
        end = len(text) if whole else _next_isa(text, start, marks)
        one = Interchange(marks, number, _tidied(text[start:end], marks))
        found.append(one)
        start, number = end, number + one.count
    return found


def segments_of(data: bytes | str) -> list[Segment]:
    """Every segment of the file, numbered over all its interchanges."""
    return [s for found in interchanges_of(data) for s in found.numbered()]


def segments_in(text: str, marks: Separators, first: int) -> Iterator[Segment]:
    """The segments of a tidied text; ``first`` is the number of its first one."""
    for number, raw in enumerate(text.split(marks.segment)[:-1], first):
        name, *elements = raw.split(marks.element)
        yield Segment(number, name, tuple(elements), marks.component)


def written_back(found: list[Interchange]) -> str:
    """The same segments as text, without line ends; read and written again it is the same text."""
    return "".join(one.text for one in found)


def _tidied(text: str, marks: Separators) -> str:
    """Line ends are no data, nor are blanks around a segment (indented files) or segments that hold nothing."""
    terminator = marks.segment
    text = text.replace("\r", "")
    is_indented = f"{terminator} " in text[:LOOKED_AT] or ("\n" in text and ("\n " in text or "\n\t" in text))
    if terminator != "\n":
        text = text.replace("\n", "")
    if not text.endswith(terminator):
        text += terminator
    if is_indented or f"{terminator}{terminator}" in text or text[:3] == "isa":
        raws = [raw.strip(_SPACE) for raw in text.split(terminator)]
        text = "".join(_named(raw, marks.element) + terminator for raw in raws if raw)
    return text


def _named(raw: str, element: str) -> str:
    """A segment with its name in capitals and without blanks."""
    name, mark, rest = raw.partition(element)
    return name.strip().upper() + mark + rest


def _next_isa(text: str, start: int, marks: Separators) -> int:
    """Where the following interchange begins: an ISA right after a terminator, whatever line ends stand between."""
    at, blank = start + 3, _SPACE.replace(marks.segment, "")
    while (at := text.find("ISA", at)) != -1:
        before = at - 1
        while text[before] in blank:
            before -= 1
        if text[before] == marks.segment and is_isa(text, at):
            return at
        at += 3
    return len(text)
