# SPDX-License-Identifier: Apache-2.0
"""Reading what was entered into a section, strictly: a value is what its field can hold, or the entry is malformed."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openinfusion.kernel.quantity import parse_decimal, parse_whole
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.nursing.domain.visit_form import FieldKind, FormField, section

LONGEST = {FieldKind.TEXT: 300, FieldKind.SCAN: 200, FieldKind.LONG: 2000, FieldKind.STROKES: 30_000, FieldKind.OFFERED: 60}
MOST_LINES = 40
_K = FieldKind


def read_values(code: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a section as the record keeps them: numbers as text, instants with their zone. Nothing is left out

    silently: a name the section does not know, and a value its field cannot hold, are Malformed.
    """
    fields = {f.name: f for f in section(code).fields if not f.told}
    faults = [Fault(name, "this section asks nothing of that name") for name in given if name not in fields]
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in fields or value is None or value in ("", [], ()):
            continue
        try:
            found[name] = _READERS[fields[name].kind](fields[name], value)
        except Malformed as no:
            faults += no.faults
    if faults:
        raise Malformed(*faults)
    return {f: found[f] for f in fields if f in found}


def _bad(field: FormField, text: str) -> Malformed:
    return Malformed(Fault(field.label, text))


def _text(field: FormField, value: Any) -> str:
    if not isinstance(value, str):
        raise _bad(field, "is written in words")
    if len(value) > LONGEST[field.kind]:
        raise _bad(field, f"is at most {LONGEST[field.kind]} signs long")
    if field.kind is _K.STROKES and not (value.startswith("M") and set(value) <= set("ML 0123456789-")):
        raise _bad(field, "is not a drawn signature")
    return value.strip()


def _lines(field: FormField, value: Any) -> list[str]:
    found = value.splitlines() if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or len(found) > MOST_LINES or not all(isinstance(x, str) for x in found):
        raise _bad(field, f"is at most {MOST_LINES} lines of words")
    if any(len(x) > 200 for x in found):
        raise _bad(field, "has a line of more than 200 signs")
    return [x.strip() for x in found if x.strip()]


def _one(field: FormField, value: Any) -> str:
    if value not in dict(field.options):
        raise _bad(field, f"is one of: {', '.join(dict(field.options))}")
    return str(value)


def _several(field: FormField, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise _bad(field, "is a list")
    return [_one(field, x) for x in dict.fromkeys(value)]


def _yes_no(field: FormField, value: Any) -> str:
    known = {True: "yes", False: "no", "yes": "yes", "no": "no"}
    if not isinstance(value, bool | str) or value not in known:
        raise _bad(field, "is yes or no")
    return known[value]


def _number(field: FormField, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise _bad(field, "is a number, best as text")
    read = parse_decimal(str(value), field=field.label)
    _within(field, read)
    return str(read)


def _whole(field: FormField, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _bad(field, "is a whole number")
    read = parse_whole(str(value), field=field.label)
    _within(field, Decimal(read))
    return read


def _within(field: FormField, read: Decimal) -> None:
    low, high = field.lowest, field.highest
    if (low is not None and read < low) or (high is not None and read > high):
        hint = "; was it read in °F?" if field.name == "temperature_c" and read > 45 else ""
        raise _bad(field, f"{read} {field.unit} cannot be: it is between {low} and {high}{hint}")


def _moment(field: FormField, value: Any) -> str:
    try:
        read = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _bad(field, "is a date and time") from None
    if read.tzinfo is None:
        raise _bad(field, "is a date and time with its zone")
    return read.isoformat()


def _day(field: FormField, value: Any) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
    except (TypeError, ValueError):
        raise _bad(field, "is a date") from None


_READERS: dict[FieldKind, Callable[[FormField, Any], Any]] = {
    **dict.fromkeys((_K.TEXT, _K.LONG, _K.SCAN, _K.STROKES, _K.OFFERED), _text), _K.LINES: _lines, _K.ONE: _one,
    _K.SEVERAL: _several, _K.YES_NO: _yes_no, _K.NUMBER: _number, _K.WHOLE: _whole, _K.MOMENT: _moment, _K.DAY: _day,
}
