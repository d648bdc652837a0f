# SPDX-License-Identifier: Apache-2.0
"""The four marks of an interchange, found by splitting the ISA on its own element separator, never by offset.

Real files squeeze the ISA's padding, end segments with a line end, or have no ISA at all; offsets would misread them.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openinfusion.exchange.domain.x12.unreadable import Unreadable

LONGEST_ISA: Final = 400
ISA_ELEMENTS: Final = 16


@dataclass(frozen=True, slots=True)
class Separators:
    """The four marks an interchange declares."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"


def is_isa(text: str, start: int) -> bool:
    """Whether an ISA begins here: the three letters and a mark, not part of a longer word."""
    return text[start:start + 3].upper() == "ISA" and len(text) > start + 3 and not text[start + 3].isalnum()


def declared(text: str, start: int, number: int) -> Separators:
    """The marks of the ISA that begins at ``start``, which is segment ``number`` of the file."""
    element = text[start + 3]
    fields = text[start:start + LONGEST_ISA].split(element, ISA_ELEMENTS)
    if len(fields) <= ISA_ELEMENTS or len(fields[ISA_ELEMENTS]) < 2:
        raise Unreadable(number, "ISA", "the ISA has fewer than 16 elements, so the separators cannot be known")
    component, terminator = fields[ISA_ELEMENTS][0], fields[ISA_ELEMENTS][1]
    if component.isalnum() or terminator.isalnum():
        raise Unreadable(number, "ISA16", f"“{component}” and “{terminator}” cannot be separators")
    if terminator == "\r" and fields[ISA_ELEMENTS][2:3] == "\n":
        terminator = "\n"
    repetition = fields[11] if len(fields[11]) == 1 and not fields[11].isalnum() else "^"
    return Separators(element, component, repetition, terminator)


def customary(text: str) -> Separators:
    """For a file without ISA: the mark after the first name, and ~ or the line end."""
    element = next((c for c in text[:4] if not c.isalnum()), "")
    if not element or text[:2].upper() not in {"GS", "ST", "BP", "TA"}:
        raise Unreadable(1, "", "this is not X12: it begins with neither ISA, GS nor ST")
    return Separators(element=element, segment="~" if "~" in text else "\n")
