# SPDX-License-Identifier: Apache-2.0
"""A message as it stands on the wire: header, segments before any claim, and a group of segments for each claim.

What is read is written back byte for byte; a field's value is never trimmed, reordered or joined with another.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from openinfusion.exchange.domain.ncpdp.layout import Layout, layout_of
from openinfusion.kernel.refusal import Fault, Malformed

GROUP, SEGMENT, FIELD = "\x1d", "\x1e", "\x1c"
SEGMENT_ID: Final = "AM"
MOST_GROUPS: Final = 4


@dataclass(frozen=True, slots=True)
class Segment:
    """Fields in their order, each an id of two characters and a value; the first is AM, the segment's own id."""

    fields: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        return self.first(SEGMENT_ID)

    def first(self, field: str) -> str:
        """The first value of a field, or an empty string."""
        return next((value for name, value in self.fields if name == field), "")

    def all(self, field: str) -> tuple[str, ...]:
        """Every value of a field that repeats, in order."""
        return tuple(value for name, value in self.fields if name == field)

    def rows(self, opener: str) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Repeated groups of fields, each beginning with ``opener``: ingredients, other payers, services."""
        found: list[list[tuple[str, str]]] = []
        for name, value in self.fields:
            if name == opener:
                found.append([])
            if found:
                found[-1].append((name, value))
        return tuple(tuple(row) for row in found)


@dataclass(frozen=True, slots=True)
class Message:
    """``header`` by field name of the layout; ``head`` segments that concern the whole, ``groups`` one for each claim."""

    is_response: bool
    header: tuple[tuple[str, str], ...]
    head: tuple[Segment, ...] = ()
    groups: tuple[tuple[Segment, ...], ...] = ()

    @property
    def version(self) -> str:
        return self.header_field("102-A2")

    @property
    def code(self) -> str:
        """B1 bill, B2 reverse, B3 rebill, E1 eligibility ..."""
        return self.header_field("103-A3")

    def header_field(self, name: str) -> str:
        return next((value for field, value in self.header if field == name), "")

    def segments(self, id: str) -> Iterator[Segment]:
        """Every segment of this id, in the head and in the groups."""
        for segment in (*self.head, *(s for group in self.groups for s in group)):
            if segment.id == id:
                yield segment


def read_message(data: bytes | str, *, is_response: bool = False) -> Message:
    """A request, or with ``is_response`` an answer. Malformed says what cannot be read; nothing is guessed."""
    text = data.decode("latin-1") if isinstance(data, bytes) else data
    layout = layout_of(_version_in(text, is_response))
    fields = layout.response if is_response else layout.request
    length = sum(width for _, width in fields)
    if len(text) < length:
        raise Malformed(Fault("header", f"the header has {len(text)} characters, {length} are needed"))
    header, at = [], 0
    for name, width in fields:
        header.append((name, text[at:at + width]))
        at += width
    head, *groups = text[at:].split(GROUP)
    if len(groups) > MOST_GROUPS:
        raise Malformed(Fault("groups", f"a message has at most {MOST_GROUPS} claims, this one has {len(groups)}"))
    return Message(is_response, tuple(header), _segments(head), tuple(_segments(g) for g in groups))


def write_message(message: Message) -> str:
    """The text for the wire; Malformed where a header field does not have its width or a value holds a separator."""
    layout = layout_of(message.version)
    widths = dict(layout.response if message.is_response else layout.request)
    for name, value in message.header:
        if len(value) != widths.get(name):
            raise Malformed(Fault(name, f"“{value}” does not have the {widths.get(name, 0)} characters of this field"))
    body = "".join(_written(s) for s in message.head)
    groups = "".join(GROUP + "".join(_written(s) for s in group) for group in message.groups)
    return "".join(value for _, value in message.header) + body + groups


def header_for(layout: Layout, is_response: bool, **given: str) -> tuple[tuple[str, str], ...]:
    """A header in the layout's order, each value filled to its width with blanks; names without the hyphen and number."""
    fields = layout.response if is_response else layout.request
    return tuple((name, given.get(name.split("-")[1].lower(), "").ljust(width)) for name, width in fields)


def _version_in(text: str, is_response: bool) -> str:
    return text[0:2] if is_response else text[6:8]


def _segments(text: str) -> tuple[Segment, ...]:
    opening, *raws = text.split(SEGMENT)
    if opening:
        raise Malformed(Fault("segment", f"“{opening[:20]}” stands outside of any segment"))
    return tuple(_segment(raw) for raw in raws)


def _segment(raw: str) -> Segment:
    opening, *fields = raw.split(FIELD)
    if opening or not fields or fields[0][:2] != SEGMENT_ID:
        raise Malformed(Fault("segment", "a segment begins with its own id (111-AM)"))
    if any(len(field) < 2 for field in fields):
        raise Malformed(Fault(f"segment {fields[0][2:]}", "a field has an id of two characters"))
    return Segment(tuple((field[:2], field[2:]) for field in fields))


def _written(segment: Segment) -> str:
    for name, value in segment.fields:
        if len(name) != 2 or any(mark in value for mark in (GROUP, SEGMENT, FIELD)):
            raise Malformed(Fault(name, "a field has an id of two characters and no separator in its value"))
    return SEGMENT + "".join(FIELD + name + value for name, value in segment.fields)
