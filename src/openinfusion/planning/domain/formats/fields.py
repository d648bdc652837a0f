# SPDX-License-Identifier: Apache-2.0
"""Fields of a JSON problem read strictly: every fault is kept with its path, nothing unknown is passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.planning.domain.local_time import minute_of

T = TypeVar("T")
MOST = 10**9


@dataclass(slots=True)
class Fields:
    """One JSON object while it is read. ``faults`` is shared by everything below one document."""

    held: dict[str, Any]
    path: str
    first: date
    zone: ZoneInfo
    faults: list[Fault]
    read: set[str] = field(default_factory=set)

    def wrong(self, name: str, text: str) -> None:
        self.faults.append(Fault(f"{self.path}.{name}".strip("."), text))

    def take(self, name: str) -> Any:
        self.read.add(name)
        return self.held.get(name)

    def text(self, name: str, default: str | None = "") -> str:
        value = self.take(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.wrong(name, "is a text that is not empty" if default is None else "is a text")
            return ""
        return value

    def whole(self, name: str, default: int | None = 0) -> int:
        value = self.take(name)
        if value is None and default is not None:
            return default
        return self._whole(name, value)

    def maybe(self, name: str) -> int | None:
        value = self.take(name)
        return None if value is None else self._whole(name, value)

    def _whole(self, name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
            self.wrong(name, f"is a whole number from 0 to {MOST:,}")
            return 0
        return value

    def instant(self, name: str, value: Any = None) -> int:
        """A local time (text) or minutes since the first midnight (whole number)."""
        value = self.take(name) if value is None else value
        if isinstance(value, str):
            try:
                return minute_of(value, self.first, self.zone, f"{self.path}.{name}".strip("."))
            except Malformed as no:
                self.faults.extend(no.faults)
                return 0
        return self._whole(name, value)

    def texts(self, name: str) -> frozenset[str]:
        value = self.take(name)
        if value is None:
            return frozenset()
        if not isinstance(value, list) or not all(isinstance(x, str) for x in value):
            self.wrong(name, "is a list of texts")
            return frozenset()
        return frozenset(value)

    def wholes(self, name: str) -> tuple[int, ...]:
        value = self.take(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong(name, "is a list of whole numbers")
            return ()
        return tuple(self._whole(f"{name}.{n}", x) for n, x in enumerate(value))

    def rows(self, name: str, make: Callable[[Fields], T]) -> tuple[T, ...]:
        """A list of objects, each made by ``make``, which must read every field there is."""
        value = self.take(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(x, dict) for x in value):
            self.wrong(name, "is a list of objects")
            return ()
        made = []
        for n, held in enumerate(value):
            one = Fields(held, f"{self.path}.{name}.{n}".strip("."), self.first, self.zone, self.faults)
            made.append(make(one))
            one.nothing_else()
        return tuple(made)

    def nothing_else(self) -> None:
        for name in sorted(set(self.held) - self.read):
            self.wrong(name, "is not known here")


def opened(document: Any, kind: str) -> Fields:
    """A document with its date and zone read first. Malformed where it is no such document at all."""
    if not isinstance(document, dict) or document.get("format") != kind:
        raise Malformed(Fault("format", f"is {kind!r}"))
    try:
        zone = ZoneInfo(document.get("zone", "UTC"))
        first = date.fromisoformat(document.get("date", "2026-01-01"))
    except (ValueError, TypeError, KeyError, OSError):
        raise Malformed(Fault("zone", "zone is a name such as America/Chicago, date is such as 2026-03-08")) from None
    found = Fields(document, "", first, zone, [])
    found.read |= {"format", "zone", "date"}
    return found


def closed(fields: Fields) -> None:
    """Raises every fault that was found."""
    fields.nothing_else()
    if fields.faults:
        raise Malformed(*fields.faults)


def squared(fields: Fields, name: str, size: int) -> tuple[tuple[int, ...], ...] | None:
    """A square matrix of whole numbers, if it is given."""
    value = fields.take(name)
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != size or not all(isinstance(r, list) and len(r) == size for r in value):
        fields.wrong(name, f"is {size} rows of {size} whole numbers")
        return None
    if not all(isinstance(x, int) and not isinstance(x, bool) and 0 <= x <= MOST for x in _flat(value)):
        fields.wrong(name, f"holds whole numbers from 0 to {MOST:,}")
        return None
    return tuple(tuple(r) for r in value)


def _flat(rows: Iterable[Iterable[Any]]) -> Iterable[Any]:
    return (x for r in rows for x in r)
