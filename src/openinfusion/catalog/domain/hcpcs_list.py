# SPDX-License-Identifier: Apache-2.0
"""A quarterly list of billing codes read strictly, and what it changes: new codes, other units, codes that ended.

Two forms are read, known by their heading: a list with unit quantity and unit (the project's extract of the CMS files), and
the Level II layout with descriptions, billing unit, and the days a code was added and ended. A line that cannot be read is
listed, never repaired. A code that is absent has ended only where the list says that it is whole.
"""
from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from openinfusion.kernel.quantity import parse_decimal
from openinfusion.kernel.refusal import Fault, Malformed

CODE = re.compile(r"[A-Z][0-9]{4}|[0-9]{5}", re.ASCII)
MOST_LINES: Final = 30_000
_EXTRACT: Final = {"code", "klass", "short", "unit_qty", "unit_uom", "mutually_exclusive_group"}
_LEVEL_2: Final = {"code", "short_desc", "billing_qty_parsed", "billing_unit_parsed", "add_date", "term_date"}
_UNITS: Final = {
    "day": "d", "hour": "h", "min": "min", "mg": "mg", "milligram": "mg", "milligrams": "mg", "g": "g", "gm": "g", "gram": "g",
    "grams": "g", "g lipid": "g", "g amino acid": "g", "mcg": "ug", "microgram": "ug", "micrograms": "ug", "ml": "mL", "cc": "mL",
    "units": "[iU]", "unit": "[iU]", "iu": "[iU]", "i.u": "[iU]", "usp units": "[iU]", "kcal": "kcal", "each": "{each}",
    "month rr": "{each}", "procedure": "{each}", "service": "{each}", "week": "{each}", "cassette/bag": "{each}",
    "visit<=2h": "{each}", "infusion day": "{each}", "per noc rule": "{each}",
}
_DRUG: Final = ("J", "Q")  # of these a unit is an amount of drug, which a list must say


@dataclass(frozen=True, slots=True)
class ListedCode:
    """One code as a list says it. ``ends`` is its last day, where the list names one."""

    code: str
    text: str
    klass: str
    unit_amount: Decimal
    unit: str  # UCUM
    unit_text: str
    exclusive_group: str = ""
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class NotRead:
    """A line that was not taken, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class CodeList:
    codes: tuple[ListedCode, ...]
    rejects: tuple[NotRead, ...]


def read_codes(data: bytes) -> CodeList:
    """The codes of a file; Malformed where it is no such list at all."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), strict=True)
        head = set(reader.fieldnames or ())
        rows = [(reader.line_num, row) for row, _ in zip(reader, range(MOST_LINES + 1), strict=False)]
    except (UnicodeDecodeError, csv.Error) as no:
        raise Malformed(Fault("file", f"it is no CSV file in UTF-8: {no}")) from no
    if not (head >= _EXTRACT or head >= _LEVEL_2):
        raise Malformed(Fault("file", "its heading is neither that of a unit list nor that of Level II"))
    if len(rows) > MOST_LINES:
        raise Malformed(Fault("file", f"it has more than {MOST_LINES} lines"))
    found: dict[str, ListedCode] = {}
    rejects = []
    for line, row in rows:
        said = _extract(row) if head >= _EXTRACT else _level_2(row)
        if isinstance(said, str):
            rejects.append(NotRead(line, str(row.get("code", ""))[:40], said))
        elif said.code in found:
            rejects.append(NotRead(line, said.code, "it stands there twice; the first is taken"))
        else:
            found[said.code] = said
    return CodeList(tuple(found.values()), tuple(rejects))


def _extract(r: Mapping[str, str | None]) -> ListedCode | str:
    return _listed(r, r["klass"] or "", r["short"] or "", r["unit_qty"] or "", r["unit_uom"] or "",
                   r["mutually_exclusive_group"] or "", "")


def _level_2(r: Mapping[str, str | None]) -> ListedCode | str:
    code, quantity, unit = (r["code"] or "").strip().upper(), r["billing_qty_parsed"] or "", r["billing_unit_parsed"] or ""
    is_drug = code[:1] in _DRUG
    if not quantity.strip() and not is_drug:
        quantity, unit = "1", "each"
    return _listed(r, "drug" if is_drug else "service", r["short_desc"] or "", quantity, unit, "", r["term_date"] or "")


def _listed(
    r: Mapping[str, str | None], klass: str, text: str, quantity: str, unit: str, group: str, ends: str,
) -> ListedCode | str:
    """The code, or why the line is not taken."""
    code = (r["code"] or "").strip().upper()
    if not CODE.fullmatch(code):
        return f"“{code[:20]}” is no billing code"
    if not text.strip() or not klass.strip():
        return "it has no text or no class"
    ucum = _UNITS.get(unit.strip().lower())
    if ucum is None:
        return f"what one unit means is not known: “{unit.strip() or 'nothing'}”"
    try:
        amount = parse_decimal(quantity.strip())
        last = date.fromisoformat(ends.strip()) if ends.strip() else None
    except Malformed as no:
        return no.faults[0].text
    except ValueError:
        return f"“{ends.strip()}” is not a day written as YYYY-MM-DD"
    if amount <= 0:
        return "a unit is above zero"
    unit_text = f"{amount.normalize():f} {unit.strip()}"
    return ListedCode(code, text.strip()[:300], klass.strip(), amount, ucum, unit_text, group.strip(), last)


@dataclass(frozen=True, slots=True)
class KnownCode:
    """A code as it is kept here and in force before the list."""

    code: str
    text: str
    unit_amount: Decimal
    unit: str
    unit_text: str
    exclusive_group: str
    begins: date


@dataclass(frozen=True, slots=True)
class CodeDifference:
    """What a list would change. ``changed`` holds what a code was with what it becomes; ``factor`` new units for one old."""

    new: tuple[ListedCode, ...] = ()
    changed: tuple[tuple[KnownCode, ListedCode], ...] = ()
    ended: tuple[tuple[KnownCode, date], ...] = ()
    same: int = 0

    @property
    def changes_something(self) -> bool:
        return bool(self.new or self.changed or self.ended)


def factor(was: KnownCode, now: ListedCode) -> Decimal | None:
    """How many new units make one old one; None where the units cannot be compared."""
    return was.unit_amount / now.unit_amount if was.unit == now.unit else None


def difference(known: Sequence[KnownCode], listed: Sequence[ListedCode], first: date, is_whole: bool) -> CodeDifference:
    """What the list changes from its first day on. Only what is kept here can end."""
    by_code, kept = {c.code: c for c in listed}, {k.code: k for k in known}
    fresh = [c for c in listed if c.code not in kept and (c.ends is None or c.ends >= first)]
    changed = [(k, c) for k in known if (c := by_code.get(k.code)) and _holds(c, first) and _differs(k, c)]
    ended = [(k, last) for k in known if (last := _end(k, by_code.get(k.code), first, is_whole)) is not None]
    return CodeDifference(tuple(fresh), tuple(changed), tuple(ended), len(known) - len(changed) - len(ended))


def _holds(c: ListedCode, first: date) -> bool:
    return c.ends is None or c.ends >= first


def _differs(k: KnownCode, c: ListedCode) -> bool:
    """Another unit is another price; another wording is none, and our own words stay."""
    return (k.unit_amount, k.unit) != (c.unit_amount, c.unit)


def _end(k: KnownCode, c: ListedCode | None, first: date, is_whole: bool) -> date | None:
    """The last day of a code that is kept here; never before it began."""
    if c is None:
        return first - timedelta(days=1) if is_whole else None
    return None if c.ends is None else max(c.ends, k.begins)


def lines_of(d: CodeDifference) -> Iterator[tuple[str, str, str]]:
    """Each change as kind, code and words."""
    for c in d.new:
        yield "new", c.code, f"{c.text}; one unit is {c.unit_text}"
    for was, will in d.changed:
        times = factor(was, will)
        more = f", {times.normalize():f} new units for one old" if times is not None else ", units that cannot be compared"
        yield "changed", will.code, f"one unit was {was.unit_text}, will be {will.unit_text}{more}"
    for k, last in d.ended:
        yield "ended", k.code, f"{k.text}; last day {last:%d-%b-%Y}"
