# SPDX-License-Identifier: Apache-2.0
"""What a visit's record asks: sections with their fields, and visit types that say which sections they need.

Both are dated rows in data/*.toml. A visit keeps the edition of its type that it was asked for under.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Fault, Malformed, Reason
from openinfusion.kernel.standing import Source, Standing


class FieldKind(StrEnum):
    TEXT = "text"
    LONG = "long"
    LINES = "lines"
    ONE = "one"
    SEVERAL = "several"
    YES_NO = "yes_no"
    NUMBER = "number"
    WHOLE = "whole"
    MOMENT = "moment"
    DAY = "day"
    SCAN = "scan"
    STROKES = "strokes"
    OFFERED = "offered"  # one of what the visit itself offers


@dataclass(frozen=True, slots=True)
class FormField:
    """One thing a section asks. ``needed_when``: the field and the values with which it becomes required.

    ``told``: nobody writes it, the house reads it from what was scanned. ``in_suite``: asked in a suite only.
    """

    name: str
    label: str
    kind: FieldKind
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False
    needed_when: tuple[str, frozenset[str]] | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    at_least: int = 0
    told: bool = False
    in_suite: bool = False

    def is_needed(self, values: Mapping[str, object]) -> bool:
        """Whether it must be filled in, given what else is."""
        if self.needed_when is None:
            return self.required
        other, wanted = self.needed_when
        return values.get(other) in wanted


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the record. One that repeats is added to; of any other the latest entry stands."""

    code: str
    title: str
    repeats: bool
    fields: tuple[FormField, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class VisitType:
    """``needs``: sections the record must have; ``also``: those it may have besides; minutes as usually planned.

    ``second``: why it needs two nurses; empty where one makes it.
    """

    code: str
    edition: int
    title: str
    needs: tuple[str, ...]
    also: tuple[str, ...]
    minutes: int
    source: Source
    second: str = ""

    def sections(self, infuses: bool) -> tuple[str, ...]:
        """Every section its page offers, the needed ones first; rate steps only where something is infused."""
        return tuple(s for s in (*self.needs, *self.also) if infuses or s not in ONLY_INFUSING)

    def needed(self, infuses: bool) -> tuple[str, ...]:
        return tuple(s for s in self.needs if infuses or s not in ONLY_INFUSING)


ONLY_INFUSING = frozenset({"rate", "drug", "kit"})
GENERAL = "general"


def _source(row: Mapping[str, object]) -> Source:
    on = row["effective_from"]
    assert isinstance(on, date)
    return Source(str(row["source"]), on, Standing(str(row["status"])))


@cache
def sections() -> dict[str, Section]:
    """Every section with its fields, in the order of the file."""
    found: dict[str, list[dict[str, object]]] = {}
    for row in rows(__package__, "data/sections.toml"):
        found.setdefault(row["section"], []).append(row)
    return {
        code: Section(code, str(fields[0]["title"]), bool(fields[0].get("repeats")), tuple(_field(f) for f in fields),
                      _source(fields[0]))
        for code, fields in found.items()
    }


def _field(row: Mapping[str, object]) -> FormField:
    pairs = [o.partition("=") for o in str(row.get("options", "")).split("|") if o]
    other, _, wanted = str(row.get("when", "")).partition("=")
    return FormField(
        str(row["name"]), str(row["label"]), FieldKind(str(row["kind"])), str(row.get("unit", "")),
        tuple((code, text) for code, _, text in pairs), row.get("required") == "always",
        (other, frozenset(wanted.split(","))) if other else None, _limit(row, "min"), _limit(row, "max"),
        int(str(row.get("at_least", 0))), bool(row.get("told")), bool(row.get("in_suite")),
    )


def _limit(row: Mapping[str, object], name: str) -> Decimal | None:
    return Decimal(str(row[name])) if name in row else None


@cache
def _types() -> dict[tuple[str, int], VisitType]:
    return {
        (r["code"], r["edition"]): VisitType(
            r["code"], r["edition"], r["title"], tuple(r["sections"].split("|")), tuple(r["also"].split("|")), r["minutes"],
            _source(r), r.get("second", ""),
        ) for r in rows(__package__, "data/visit_types.toml")
    }


def visit_type(code: str, edition: int) -> VisitType:
    """A type in the edition a visit keeps; Malformed if there is none."""
    try:
        return _types()[code, edition]
    except KeyError:
        raise Malformed(Fault("visit_type", f"there is no type of visit “{code}” in edition {edition}")) from None


def types_on(on: date) -> dict[str, VisitType]:
    """The edition of each type in force on a day."""
    found: dict[str, VisitType] = {}
    for one in sorted(_types().values(), key=lambda t: (t.source.effective_from, t.edition)):
        if one.source.effective_from <= on:
            found[one.code] = one
    return found


def section(code: str) -> Section:
    """A section by its code; Malformed if there is none."""
    if code not in sections():
        raise Malformed(Fault("section", "the record has no such section"))
    return sections()[code]


def lacking(code: str, values: Mapping[str, object]) -> Iterator[Reason]:
    """What a section that was written still lacks."""
    one = section(code)
    for field in one.fields:
        if field.is_needed(values) and values.get(field.name) in (None, "", [], ()):
            yield Reason(f"{code}-{field.name}", f"{one.title}: {field.label.lower()}")
    if code == "patient" and not values.get("strokes") and not values.get("unsigned_why"):
        yield Reason("patient-signature", f"{one.title}: a signature, or why there is none")
