# SPDX-License-Identifier: Apache-2.0
"""A working page made of tallies, forms and tables: what most pages of money are, so that they look and read alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms

from openinfusion.kernel.machine import Machine
from openinfusion.kernel.money import Money
from openinfusion.platform.actor import Actor
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.platform.ui.tags import day


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, where it leads, a chip's tone, whether it is a number, and what stands small below it."""

    text: str
    url: str = ""
    tone: str = ""
    number: bool = False
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table; ``late`` marks it, ``acts`` are what can be done with it, ``box`` a form of its own."""

    cells: tuple[Cell, ...]
    acts: tuple[Act, ...] = ()
    late: bool = False
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heads; a head that begins with > is of a column of numbers."""

    title: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    empty: str = "None."
    sub: str = ""

    @property
    def columns(self) -> tuple[tuple[str, bool], ...]:
        return tuple((h.lstrip(">"), h.startswith(">")) for h in self.heads)

    @property
    def has_acts(self) -> bool:
        return any(row.acts or row.box for row in self.lines)


@dataclass(frozen=True, slots=True)
class Box:
    """A form that is opened by its title."""

    title: str
    url: str
    form: forms.Form
    submit: str = "Save"
    upload: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above the tables, sent as a query parameter; without options it is a field to type in."""

    name: str
    label: str
    options: tuple[Option, ...] = ()
    value: str = ""
    kind: str = "search"


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The whole page. ``here`` is its place among billing's tabs, ``links`` are buttons at the top right."""

    title: str
    here: str
    tables: tuple[Table, ...]
    tallies: tuple[tuple[str, str], ...] = ()
    boxes: tuple[Box, ...] = ()
    filters: tuple[Filter, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    acts: tuple[Act, ...] = ()
    chip: tuple[str, str] = ("", "")
    lead: str = ""
    note: str = ""
    back: tuple[str, str] = ("", "")


def money(cents: int) -> Cell:
    """An amount, to the right."""
    return Cell(str(Money(cents)), number=True)


def on(value: Any) -> Cell:
    """A day."""
    return Cell(day(value) if value else "–")


def state(machine: Machine[Any, Any], value: str) -> Cell:
    """A state as a chip."""
    return Cell(value, tone=machine.tone(type(machine.initial)(value)))


def row_acts(
    machine: Machine[Any, Any],
    value: str,
    facts: object,
    by: Actor,
    *,
    id: UUID,
    url: str,
    ask: Mapping[str, forms.Form] | None = None,
    leave_out: frozenset[str] = frozenset(),
) -> tuple[Act, ...]:
    """The buttons of one row; ``url`` holds STEP where the step's name goes. Their names are told apart by the row's id."""
    found = acts_of(machine, value, facts, by, url_for=lambda step: url.replace("STEP", step), forms=ask, leave_out=leave_out)
    return tuple(replace(a, name=f"{a.name}-{id.hex[-8:]}") for a in found)
