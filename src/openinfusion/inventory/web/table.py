# SPDX-License-Identifier: Apache-2.0
"""What the lists and the single pages of stock are made of: cells, tables, forms. One template shows any of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse

from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import shown_number
from openinfusion.platform.journal import Line
from openinfusion.platform.ui.parts import Act
from openinfusion.platform.web import text_table

Shown = str | int | Decimal | Money | date | datetime | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, where it leads, its chip's tone, or buttons."""

    text: str = ""
    href: str = ""
    tone: str = ""
    sub: str = ""
    is_number: bool = False
    is_code: bool = False
    is_day: bool = False
    acts: tuple[Act, ...] = ()


def cell(value: Shown, *, href: str = "", tone: str = "", sub: str = "", code: bool = False, acts: tuple[Act, ...] = ()) -> Cell:
    """A value as pages show it: numbers without trailing zeros, days as 14-Jul-1968."""
    numeric = isinstance(value, int | Decimal | Money) and not isinstance(value, bool)
    return Cell(shown_text(value), href, tone, sub, numeric, code, isinstance(value, date), acts)


def shown_text(value: Shown) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo("UTC")).strftime("%d-%b-%Y %H:%M UTC")
    if isinstance(value, date):
        return value.strftime("%d-%b-%Y")
    if isinstance(value, int | Decimal):
        return shown_number(Decimal(value))
    return str(value)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heading and what is said where it has no row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "Nothing here"
    empty_text: str = ""
    sub: str = ""

    @property
    def heads(self) -> tuple[tuple[str, bool], ...]:
        """The columns, each with whether its cells are numbers."""
        first = self.rows[0] if self.rows else ()
        return tuple((c, bool(first) and first[n].is_number) for n, c in enumerate(self.columns))

    def as_csv(self, name: str) -> HttpResponse:
        return text_table(name, self.columns, ((c.text + (f" {c.sub}" if c.sub else "") for c in row) for row in self.rows))  # type: ignore[misc]


def table(
    title: str,
    columns: Iterable[str],
    rows: Iterable[Iterable[Cell | Shown]],
    *,
    empty: str = "Nothing here",
    text: str = "",
    sub: str = "",
) -> Table:
    made = tuple(tuple(c if isinstance(c, Cell) else cell(c) for c in row) for row in rows)
    return Table(title, tuple(columns), made, empty, text, sub)


@dataclass(frozen=True, slots=True)
class Entry:
    """A form on a page: its heading, where it posts, and the word on its button."""

    title: str
    action: str
    submit: str
    form: forms.Form
    sub: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of a list: its name in the address, its label, what can be chosen, what is."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A list or a single thing: heading, state, buttons, notices, facts, tables, forms, and what happened to it."""

    title: str
    here: str  # which of the room's tabs
    sub: str = ""
    state: str = ""
    tone: str = ""
    acts: tuple[Act, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # label, address
    notices: tuple[tuple[str, str], ...] = ()  # tone, text
    facts: tuple[tuple[str, Cell], ...] = ()
    tables: tuple[Table, ...] = ()
    entries: tuple[Entry, ...] = ()
    lines: tuple[Line, ...] = ()
    search: str | None = None  # the text searched for; None where there is nothing to search
    choices: tuple[Choice, ...] = ()


def facts(*pairs: tuple[str, Cell | Shown]) -> tuple[tuple[str, Cell], ...]:
    """Pairs of a word and its value; those without a value are left out."""
    made = ((name, value if isinstance(value, Cell) else cell(value)) for name, value in pairs)
    return tuple((name, c) for name, c in made if c.text or c.acts)
