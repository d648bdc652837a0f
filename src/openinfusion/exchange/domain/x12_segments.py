# SPDX-License-Identifier: Apache-2.0
"""The tolerant X12 reader: bytes to numbered segments, whatever separators, line ends and envelopes they came in.

Separators are found by splitting the ISA sixteen times on its own element separator, never by offset, because real
files squeeze the padding. A file without ISA is read with the customary separators. Each ISA may bring its own.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True)
class Separators:
    """The four marks an interchange declares."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"


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

    def place(self, position: int) -> str:
        """Where this element stands, as people who read X12 write it: CLP03 in segment 17."""
        return f"{self.name}{position:02d} in segment {self.number}"

    def amount(self, position: int) -> Decimal:
        """A decimal amount; nothing there counts as zero."""
        text = self.at(position).strip()
        if not text:
            return Decimal(0)
        try:
            found = Decimal(text)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite():
            raise Malformed(Fault(self.place(position), f"“{text}” is not an amount"))
        return found

    def day(self, position: int) -> date | None:
        """A D8 date, or None where nothing is there; a two-digit year and nonsense are faults."""
        text = self.at(position).strip()
        if not text:
            return None
        return read_day(text, self.place(position))


def read_day(text: str, place: str) -> date:
    """CCYYMMDD to a date."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise Malformed(Fault(place, f"“{text}” is not a date written as CCYYMMDD")) from None


def text_of(data: bytes) -> str:
    """The characters of a file: UTF-8 with or without its mark, else Latin-1, which never fails."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def segments_of(data: bytes | str) -> list[Segment]:
    """Every segment of the file, numbered over all its interchanges; Malformed when it is not X12 at all."""
    text = (text_of(data) if isinstance(data, bytes) else data.removeprefix("\ufeff")).strip()
    if not text:
        raise Malformed(Fault("file", "the file is empty"))
    found: list[Segment] = []
    for chunk, marks in _interchanges(text):
        for raw in chunk.split(marks.segment):
            line = raw.strip("\r\n\t ")
            if line:
                name, *elements = line.split(marks.element)
                found.append(Segment(len(found) + 1, name.strip().upper(), tuple(elements), marks.component))
    return found


def _interchanges(text: str) -> Iterator[tuple[str, Separators]]:
    """Each interchange with its own separators; a file that begins without ISA is one chunk."""
    if not _is_isa(text, 0):
        yield text, _customary(text)
        return
    start = 0
    while start < len(text):
        marks = _declared(text, start)
        end = _next_isa(text, start, marks)
        yield text[start:end], marks
        start = end


def _is_isa(text: str, start: int) -> bool:
    return text[start:start + 3].upper() == "ISA" and len(text) > start + 3 and not text[start + 3].isalnum()


def _next_isa(text: str, start: int, marks: Separators) -> int:
    """Where the following interchange begins: an ISA right after a terminator, whatever line ends stand between."""
    at = start + 3
    while (at := text.find("ISA", at)) != -1:
        before = text[:at].rstrip("\r\n\t ") if marks.segment not in "\r\n" else text[:at]
        if before.endswith(marks.segment) and _is_isa(text, at):
            return at
        at += 3
    return len(text)


def _declared(text: str, start: int) -> Separators:
    element = text[start + 3]
    fields = text[start:start + 400].split(element, 16)
    if len(fields) < 17 or len(fields[16]) < 2:
        raise Malformed(Fault("ISA", "the ISA has fewer than 16 elements, so the separators cannot be known"))
    component, terminator = fields[16][0], fields[16][1]
    if component.isalnum() or terminator.isalnum():
        raise Malformed(Fault("ISA16", f"“{component}” and “{terminator}” cannot be separators"))
    if terminator == "\r" and fields[16][2:3] == "\n":
        terminator = "\n"
    repetition = fields[11] if len(fields[11]) == 1 and not fields[11].isalnum() else "^"
    return Separators(element, component, repetition, terminator)


def _customary(text: str) -> Separators:
    """For a file without ISA: the mark after the first name, and ~ or the line end."""
    element = next((c for c in text[:4] if not c.isalnum()), "")
    if not element or text[:2].upper() not in {"GS", "ST", "BP"}:
        raise Malformed(Fault("file", "this is not X12: it begins with neither ISA, GS nor ST"))
    return Separators(element=element, segment="~" if "~" in text else "\n")
