# SPDX-License-Identifier: Apache-2.0
"""Pages of the calculations room: the list, and one calculation with its fields, its answer and its worked examples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from openinfusion.calculations.public import (
    GROUPS,
    Answer,
    Calculation,
    Curve,
    Example,
    Verdict,
    ask,
    calculations,
    examples_of,
    filled_rows,
    named,
    shown_unit,
    typed,
)
from openinfusion.kernel.refusal import Malformed, Reason, Refused
from openinfusion.kernel.standing import Standing

BLANK_ROWS = 2


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    calculations: tuple[Calculation, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    groups: tuple[Group, ...]
    query: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One field: its name in the address, what stands in it, and what may be chosen."""

    name: str
    label: str
    kind: str
    value: str
    unit: str
    units: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]
    required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Field:
    """A question: one cell, or rows of cells."""

    cell: Cell
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A curve as SVG coordinates in a frame of 600 by 240, with what stands at the axes."""

    curve: Curve
    line: str
    marks: tuple[tuple[str, str, str], ...]  # x, y, what it says
    ticks_x: tuple[tuple[str, str], ...]
    ticks_y: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as a card shows it."""

    label: str
    value: str
    exact: str
    rounding: str
    tone: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A worked example with the address that fills it in."""

    example: Example
    given: str
    expected: str
    address: str


@dataclass(frozen=True, slots=True)
class CalculationPage:
    calculation: Calculation
    group: str
    fields: tuple[Field, ...]
    asked: bool
    answer: Answer | None
    results: tuple[Shown, ...]
    reasons: tuple[Reason, ...]
    faults: tuple[str, ...]
    drawings: tuple[Drawing, ...]
    sources: tuple[str, ...]
    unverified: bool
    examples: tuple[Tried, ...]
    keep: str  # where a result can be kept: an address of this house, or empty
    given: str  # the fields as an address


def list_page(query: str) -> ListPage:
    wanted = query.strip().lower()
    found = [c for c in calculations() if wanted in f"{c.title} {c.about} {c.name}".lower()]
    groups = tuple(Group(label, tuple(c for c in found if c.group == code)) for code, label in GROUPS.items())
    return ListPage(tuple(g for g in groups if g.calculations), query.strip())


def calculation_page(name: str, given: Mapping[str, str]) -> CalculationPage:
    calculation = named(name)
    raw = typed(name, given)
    answer: Answer | None = None
    reasons: tuple[Reason, ...] = ()
    faults: tuple[str, ...] = ()
    try:
        answer = ask(name, raw) if raw else None
    except Refused as no:
        reasons = no.reasons
    except Malformed as no:
        labels = {q.input.name: q.input.label for q in calculation.questions}
        faults = tuple(f"{labels.get(f.path, f.path)}: {f.text}" for f in no.faults)
    sources = (calculation.source, *(dict.fromkeys(answer.worked.used) if answer else ()))
    return CalculationPage(
        calculation=calculation,
        group=GROUPS[calculation.group],
        fields=tuple(_field(q.input, q.required, given) for q in calculation.questions),
        asked=bool(raw),
        answer=answer,
        results=_results(answer) if answer else (),
        reasons=reasons,
        faults=faults,
        drawings=tuple(_drawn(c) for c in answer.worked.curves) if answer else (),
        sources=tuple(str(s) for s in sources),
        unverified=any(s.standing is Standing.UNVERIFIED for s in sources),
        examples=tuple(_tried(calculation, e) for e in examples_of(name)),
        keep=_own_address(given.get("keep", "")),
        given=urlencode({key: value for key, value in given.items() if key != "keep"}),
    )


def _own_address(path: str) -> str:
    """A page of this house that keeps results; nothing else is linked to."""
    return path if re.fullmatch(r"/[a-z]+/[a-z]+/[0-9a-f-]{36}/", path) else ""


def _results(answer: Answer) -> tuple[Shown, ...]:
    return tuple(
        Shown(r.label, r.text, "", "", r.tone)
        if isinstance(r, Verdict)
        else Shown(r.label, str(r), f"{round(r.exact, 6):f} {shown_unit(r.unit)}", r.rounding, "idle")
        for r in answer.worked.results
    )


def _field(put: Any, required: bool, given: Mapping[str, str]) -> Field:
    cell = _cell(put, put.name, required, given)
    if put.kind != "rows":
        return Field(cell)
    names = [c.name for c in put.columns]
    used = [p for p in range(1, filled_rows(put.name, given) + 1) if any(given.get(f"{put.name}.{p}.{name}") for name in names)]
    count = min(max([*used, put.least - 1]) + BLANK_ROWS, put.most)
    rows = tuple(
        tuple(_cell(c, f"{put.name}.{place}.{c.name}", _needed(put, c, place), given) for c in put.columns)
        for place in range(1, count + 1)
    )
    return Field(cell, rows)


def _needed(put: Any, column: Any, place: int) -> bool:
    return column.name not in put.optional and place <= put.least


def _cell(put: Any, name: str, required: bool, given: Mapping[str, str]) -> Cell:
    options = getattr(put, "options", ())
    if put.kind == "yes_no":
        options = (("yes", "yes"), ("no", "no"))
    units = getattr(put, "units", ())
    value, unit = _apart(put, given.get(name, ""), given.get(f"{name}.unit", ""))
    return Cell(
        name=name,
        label=put.label,
        kind=put.kind,
        value=value,
        unit=unit or (units[0] if units else ""),
        units=tuple((u, shown_unit(u)) for u in units if u != "1"),
        options=tuple(options),
        required=required,
        note=put.note,
    )


def _apart(put: Any, value: str, unit: str) -> tuple[str, str]:
    """Number and unit as the fields show them; a unit that cannot be chosen there is converted, never dropped."""
    if put.kind != "amount" or not value.strip():
        return value, unit
    number, _, own = value.strip().partition(" ")
    said = own or unit
    if not said or said in put.units:
        return number, said
    try:
        read = put.read(f"{number} {said}")
    except Malformed:
        return value, unit  # shown as typed, with its fault beside it
    return (f"{read.normalize():f}", put.unit) if isinstance(read, Decimal) else (number, said)


def _tried(calculation: Calculation, example: Example) -> Tried:
    expected = "; ".join(f"{k.replace('_', ' ')} {v}" for k, v in example.expected.items())
    given = "; ".join(f"{k.replace('_', ' ')} {_plain(v)}" for k, v in example.given.items())
    return Tried(example, given, expected or f"refused: {example.refused}", "?" + urlencode(_typed(calculation, example.given)))


def _plain(value: Any) -> str:
    return "; ".join(", ".join(str(v) for v in row.values()) for row in value) if isinstance(value, list) else str(value)


def _typed(calculation: Calculation, given: Mapping[str, Any]) -> dict[str, str]:
    """What an example gives, as the fields of the page would carry it."""
    typed: dict[str, str] = {}
    for name, value in given.items():
        if isinstance(value, list):
            for place, row in enumerate(value, 1):
                for column, text in row.items():
                    typed |= _pair(f"{name}.{place}.{column}", str(text))
        else:
            typed |= _pair(name, "yes" if value is True else "no" if value is False else str(value))
    return typed


def _pair(name: str, text: str) -> dict[str, str]:
    number, _, unit = text.partition(" ")
    return {name: number, f"{name}.unit": unit} if unit and number[-1:].isdigit() else {name: text}


def _drawn(curve: Curve) -> Drawing:
    everything = (*curve.points, *curve.marks)
    right = max(x for x, _ in everything) or 1
    top = max(y for _, y in everything) or 1

    def at(x: Any, y: Any) -> tuple[str, str]:
        return f"{40 + 550 * x / right:.1f}", f"{220 - 200 * y / top:.1f}"

    return Drawing(
        curve,
        " ".join(",".join(at(x, y)) for x, y in curve.points),
        tuple((*at(x, y), f"{y.normalize():f} at {x.normalize():f}") for x, y in curve.marks),
        tuple((at(right * i / 6, 0)[0], f"{right * i / 6:.0f}") for i in range(7)),
        tuple((at(0, top * i / 4)[1], f"{top * i / 4:.3g}") for i in range(5)),
    )
