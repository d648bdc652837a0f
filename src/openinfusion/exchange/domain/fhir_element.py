# SPDX-License-Identifier: Apache-2.0
"""A FHIR element with its path: reading it collects every fault, so that a sender learns of all of them at once."""
from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from openinfusion.kernel.refusal import Fault

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LARGEST = Decimal(10) ** 9
_PLACES = 6  # kept of a number


class Element:
    """One object of a resource. Absent members read as empty; members of a wrong shape are faults."""

    __slots__ = ("faults", "path", "value")

    def __init__(self, value: dict[str, Any], path: str, faults: list[Fault]) -> None:
        self.value = value
        self.path = path
        self.faults = faults

    def fault(self, name: str, text: str) -> None:
        self.faults.append(Fault(f"{self.path}.{name}" if name else self.path, text))

    def has(self, name: str) -> bool:
        """Whether the member is there; null is a fault and counts as absent."""
        if name in self.value and self.value[name] is None:
            self.fault(name, "is null; leave the element out instead")
            return False
        return name in self.value

    def text(self, name: str, *, required: bool = False) -> str:
        """A string member; empty when absent."""
        if not self.has(name):
            if required:
                self.fault(name, "is required")
            return ""
        found = self.value[name]
        if not isinstance(found, str):
            self.fault(name, f"must be a string, not {_kind(found)}")
            return ""
        if not found.strip():
            self.fault(name, "is empty; leave the element out instead")
        return found.strip()

    def code(self, name: str, allowed: Iterable[str], *, required: bool = False) -> str:
        """A coded member out of a required value set."""
        found = self.text(name, required=required)
        known = tuple(allowed)
        if found and found not in known:
            self.fault(name, f"“{found}” is not one of {', '.join(known)}")
            return ""
        return found

    def flag(self, name: str) -> bool:
        if not self.has(name):
            return False
        found = self.value[name]
        if not isinstance(found, bool):
            self.fault(name, f"must be true or false, not {_kind(found)}")
            return False
        return found

    def number(self, name: str, *, required: bool = False) -> Decimal | None:
        """A decimal exactly as written, as an order's numbers must be; None when absent."""
        amount = self._amount(name, required=required)
        if amount is not None and amount != round(amount, _PLACES):
            self.fault(name, f"has more than {_PLACES} decimals; it would have to be rounded")
            return None
        return amount

    def measured(self, name: str) -> Decimal | None:
        """A measurement, to six decimals: senders write what binary arithmetic left of it (72.39999999999999 for 72.4)."""
        amount = self._amount(name)
        return None if amount is None else round(amount, _PLACES)

    def _amount(self, name: str, *, required: bool = False) -> Decimal | None:
        if not self.has(name):
            if required:
                self.fault(name, "is required")
            return None
        found = self.value[name]
        if isinstance(found, bool) or not isinstance(found, int | Decimal):
            self.fault(name, f"must be a number, not {_kind(found)}")
            return None
        amount = Decimal(found)
        if not amount.is_finite() or abs(amount) >= _LARGEST:
            self.fault(name, "is too large to be meant")
            return None
        return amount

    def day(self, name: str, *, required: bool = False) -> date | None:
        """A whole date; a year or a month alone is a fault, because a day would be guessed."""
        found = self.text(name, required=required)
        if not found:
            return None
        try:
            if _DATE.fullmatch(found[:10]) and (len(found) == 10 or found[10] == "T"):
                return date.fromisoformat(found[:10])
        except ValueError:
            pass
        self.fault(name, f"“{found}” is not a whole date (YYYY-MM-DD)")
        return None

    def is_day(self, name: str) -> bool:
        """Whether a moment is written as a date alone: a day of the place where it was, with no hour."""
        return len(self.text(name)) == 10

    def moment(self, name: str) -> datetime | None:
        """An instant; a date alone is taken as its noon in UTC, that day from Hawaii to Guam, as ``is_day`` tells."""
        found = self.text(name)
        if not found:
            return None
        try:
            if len(found) == 10:
                return datetime.combine(date.fromisoformat(found), time(12), UTC)
            at = datetime.fromisoformat(found)
            if at.tzinfo is not None:
                return at.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        self.fault(name, f"“{found}” is not a whole date or an instant with its zone")
        return None

    def child(self, name: str) -> Element:
        """An object member; one without members when absent."""
        if not self.has(name):
            return Element({}, f"{self.path}.{name}", self.faults)
        found = self.value[name]
        if not isinstance(found, dict):
            self.fault(name, f"must be an object, not {_kind(found)}")
            found = {}
        return Element(found, f"{self.path}.{name}", self.faults)

    def children(self, name: str) -> list[Element]:
        """The objects of an array member; none when absent."""
        if not self.has(name):
            return []
        found = self.value[name]
        if not isinstance(found, list):
            self.fault(name, f"must be an array, not {_kind(found)}")
            return []
        if not found:
            self.fault(name, "is an empty array; leave the element out instead")
        kept = []
        for n, one in enumerate(found):
            if isinstance(one, dict):
                kept.append(Element(one, f"{self.path}.{name}[{n}]", self.faults))
            else:
                self.fault(f"{name}[{n}]", f"must be an object, not {_kind(one)}")
        return kept

    def texts(self, name: str) -> list[str]:
        """The strings of an array member."""
        if not self.has(name):
            return []
        found = self.value[name]
        if not isinstance(found, list):
            self.fault(name, f"must be an array, not {_kind(found)}")
            return []
        kept = []
        for n, one in enumerate(found):
            if isinstance(one, str):
                kept.append(one.strip())
            elif one is not None:
                self.fault(f"{name}[{n}]", f"must be a string, not {_kind(one)}")
        return [text for text in kept if text]

    def __bool__(self) -> bool:
        return bool(self.value)


def _kind(value: object) -> str:
    names = {str: "a string", bool: "a boolean", int: "a number", Decimal: "a number", list: "an array",
        dict: "an object"}
    return names.get(type(value), "null")


def coding(concept: Element, *systems: str) -> str:
    """The code of a CodeableConcept in one of these systems; empty when it has none."""
    for one in concept.children("coding"):
        if one.text("system") in systems:
            return one.text("code")
    return ""


def said(concept: Element) -> str:
    """What a CodeableConcept says in words: its text, else the first display, else the first code."""
    if text := concept.text("text"):
        return text
    codings = concept.children("coding")
    return next((d for c in codings if (d := c.text("display"))), next((c.text("code") for c in codings), ""))
