# SPDX-License-Identifier: Apache-2.0
"""What a calculation asks for: amounts with units, whole numbers, choices, yes or no, short texts, and rows of these."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from openinfusion.calculations.domain.measure import convert, measure, read_amount, shown_unit
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Fault, Malformed


class Input(Protocol):
    """One question: a name for machines, a label for people, and how an answer is read."""

    kind: ClassVar[str]

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def note(self) -> str: ...
    def read(self, raw: Any) -> Any:
        """The value in the unit of the calculation; Malformed says what is wrong with it."""

    def said(self, value: Any) -> str:
        """The value as a page prints it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number with a unit, from ``low`` to ``high`` (both plausible); ``also`` names further units with their factor."""

    kind: ClassVar[str] = "amount"
    name: str
    label: str
    unit: str
    low: Decimal | None = None
    high: Decimal | None = None
    above: Decimal | None = None  # strictly above
    also: tuple[tuple[str, Decimal], ...] = ()
    note: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """The unit of the calculation first, then those that may be chosen instead."""
        return (self.unit, *(u for u, _ in self.also))

    def read(self, raw: Any) -> Decimal:
        if isinstance(raw, Mapping):
            raw = f"{raw.get('value', '')} {raw.get('unit', '')}"
        if isinstance(raw, bool | float) or not isinstance(raw, str | int | Decimal):
            raise self._no("write the number as text with its unit, such as “80 kg”; a binary float is not exact")
        number, unit = read_amount(str(raw), field=self.name)
        if not unit and self.unit != "1":
            raise self._no(f"{shown_number(number)} of what? Write the unit: {' or '.join(shown_unit(u) for u in self.units)}")
        return self._within(self._in_own_unit(number, unit or "1"))

    def _in_own_unit(self, number: Decimal, unit: str) -> Decimal:
        for other, factor in self.also:
            if measure(other).code == _code(unit, self.name):
                return number * factor
        value = convert(number, _code(unit, self.name), self.unit)
        if value is None:
            raise self._no(f"{shown_unit(unit)} cannot become {shown_unit(self.unit)}")
        return value

    def _within(self, value: Decimal) -> Decimal:
        shown = f"{shown_number(value)} {shown_unit(self.unit)}".strip()
        if self.above is not None and value <= self.above:
            raise self._no(f"{shown} is not above {shown_number(self.above)}")
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            low = "" if self.low is None else f"from {shown_number(self.low)} "
            high = "" if self.high is None else f"to {shown_number(self.high)} "
            raise self._no(f"{shown} is not plausible: {low}{high}{shown_unit(self.unit)}".strip())
        return value

    def _no(self, text: str) -> Malformed:
        return Malformed(Fault(self.name, text))

    def said(self, value: Any) -> str:
        return f"{shown_number(value)} {shown_unit(self.unit)}".strip()


def _code(unit: str, field: str) -> str:
    try:
        return measure(unit).code
    except Malformed as no:
        raise Malformed(Fault(field, no.faults[0].text)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole number, counted and not measured."""

    kind: ClassVar[str] = "whole"
    name: str
    label: str
    low: int = 0
    high: int = 1_000_000
    note: str = ""

    def read(self, raw: Any) -> int:
        text = str(raw).strip()
        if isinstance(raw, bool | float) or not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Malformed(Fault(self.name, f"“{raw}” is not a whole number"))
        if not self.low <= int(text) <= self.high:
            raise Malformed(Fault(self.name, f"{text} is not plausible: from {self.low} to {self.high}"))
        return int(text)

    def said(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of a few words."""

    kind: ClassVar[str] = "choice"
    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    note: str = ""

    def read(self, raw: Any) -> str:
        wanted = str(raw).strip().lower()
        for code, _ in self.options:
            if wanted == code.lower():
                return code
        raise Malformed(Fault(self.name, f"“{raw}” is not one of {', '.join(code for code, _ in self.options)}"))

    def said(self, value: Any) -> str:
        return dict(self.options).get(value, str(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo:
    """Yes or no; nothing said is not a no."""

    kind: ClassVar[str] = "yes_no"
    name: str
    label: str
    note: str = ""

    def read(self, raw: Any) -> bool:
        if isinstance(raw, bool):
            return raw
        word = str(raw).strip().lower()
        if word in ("yes", "true", "on", "y"):
            return True
        if word in ("no", "false", "off", "n"):
            return False
        raise Malformed(Fault(self.name, f"“{raw}” is neither yes nor no"))

    def said(self, value: Any) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A short word that is no amount: a code, a chemical formula, a clock time, the name of a row."""

    kind: ClassVar[str] = "text"
    name: str
    label: str
    pattern: str  # a regular expression that the whole text matches
    like: str  # what such a text looks like
    note: str = ""

    def read(self, raw: Any) -> str:
        text = raw.strip() if isinstance(raw, str) else ""
        if not re.fullmatch(self.pattern, text, re.ASCII):
            raise Malformed(Fault(self.name, f"“{raw}” is not written like {self.like}"))
        return text

    def said(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Several rows of the same questions, such as doses or levels; each row is read into a mapping by name."""

    kind: ClassVar[str] = "rows"
    name: str
    label: str
    columns: tuple[Input, ...]
    optional: frozenset[str] = frozenset()
    least: int = 1
    most: int = 60
    note: str = ""

    def read(self, raw: Any) -> tuple[dict[str, Any], ...]:
        if isinstance(raw, str) or not isinstance(raw, Sequence):
            raise Malformed(Fault(self.name, "a list of rows is wanted, each with " + ", ".join(c.name for c in self.columns)))
        if not self.least <= len(raw) <= self.most:
            raise Malformed(Fault(self.name, f"{len(raw)} rows: from {self.least} to {self.most} are wanted"))
        faults: list[Fault] = []
        rows = tuple(self._row(place, row, faults) for place, row in enumerate(raw, 1))
        if faults:
            raise Malformed(*faults)
        return rows

    def _row(self, place: int, raw: Any, faults: list[Fault]) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            faults.append(Fault(f"{self.name}[{place}]", "not a row"))
            return {}
        known = {c.name for c in self.columns}
        faults += [Fault(f"{self.name}[{place}].{name}", "is not asked for") for name in raw if name not in known]
        row: dict[str, Any] = {}
        for column in self.columns:
            if raw.get(column.name) in (None, ""):
                row[column.name] = None
                if column.name not in self.optional:
                    faults.append(Fault(f"{self.name}[{place}].{column.name}", f"{column.label} is missing"))
                continue
            try:
                row[column.name] = column.read(raw[column.name])
            except Malformed as no:
                faults += [Fault(f"{self.name}[{place}].{f.path}", f.text) for f in no.faults]
        return row

    def said(self, value: Any) -> str:
        return "; ".join(
            ", ".join(f"{c.label} {c.said(row[c.name])}" for c in self.columns if row[c.name] is not None) for row in value
        )


def _label(name: str, label: str) -> str:
    return label or name.replace("_", " ").capitalize()


def amount(
    name: str,
    unit: str,
    low: str = "",
    high: str = "",
    *,
    above: str = "",
    label: str = "",
    also: Mapping[str, str] | None = None,
    note: str = "",
) -> Amount:
    """An amount; limits and the factors of further units are written as text, so that no float comes in."""
    return Amount(
        name=name,
        label=_label(name, label),
        unit=unit,
        note=note,
        low=Decimal(low) if low else None,
        high=Decimal(high) if high else None,
        above=Decimal(above) if above else None,
        also=tuple((u, _factor(f)) for u, f in (also or {}).items()),
    )


def _factor(text: str) -> Decimal:
    over, _, under = text.partition("/")
    return Decimal(over) / Decimal(under) if under else Decimal(over)


def whole(name: str, low: int = 0, high: int = 1_000_000, *, label: str = "", note: str = "") -> Whole:
    return Whole(name=name, label=_label(name, label), low=low, high=high, note=note)


def choice(name: str, *options: str | tuple[str, str], label: str = "", note: str = "") -> Choice:
    """A choice of codes; a pair gives the label too."""
    pairs = tuple((o, o.replace("_", " ")) if isinstance(o, str) else o for o in options)
    return Choice(name=name, label=_label(name, label), options=pairs, note=note)


def yes_no(name: str, *, label: str = "", note: str = "") -> YesNo:
    return YesNo(name=name, label=_label(name, label), note=note)


def text(name: str, pattern: str, like: str, *, label: str = "", note: str = "") -> Text:
    return Text(name=name, label=_label(name, label), pattern=pattern, like=like, note=note)


def rows(
    name: str,
    *columns: Input,
    label: str = "",
    optional: Sequence[str] = (),
    least: int = 1,
    most: int = 60,
    note: str = "",
) -> Rows:
    return Rows(
        name=name, label=_label(name, label), columns=columns, optional=frozenset(optional), least=least, most=most, note=note
    )
