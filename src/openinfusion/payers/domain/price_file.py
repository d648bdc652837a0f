# SPDX-License-Identifier: Apache-2.0
"""Price lists read strictly: the quarterly ASP file as Medicare publishes it, and lists by NDC. Rejects are listed.

The ASP file has lines of prose before its heading; the columns are found by their names. A list by NDC has a heading
``ndc,hcpcs,price,units`` : dollars for one package, and how many billing units of the code one package holds.
"""
from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from openinfusion.kernel.quantity import parse_decimal
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.payers.domain.rate import Basis

CODE = re.compile(r"[A-Z][0-9]{4}|[0-9]{5}", re.ASCII)
NDC = re.compile(r"[0-9]{11}", re.ASCII)
MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One price that was read: dollars for one billing unit."""

    code: str
    ndc11: str
    dollars: Decimal


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that was not taken, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class PriceList:
    rows: tuple[PriceRow, ...]
    rejects: tuple[Reject, ...]


def quarter(first: date) -> tuple[date, date]:
    """The first and last day of the quarter that begins on a day; Malformed for any other day."""
    if first.day != 1 or first.month not in (1, 4, 7, 10):
        raise Malformed(Fault("first_on", "a quarter begins on the first of January, April, July or October"))
    after = date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
    return first, after - timedelta(days=1)


def read_prices(basis: Basis, data: bytes) -> PriceList:
    """The prices of a file. Malformed where it is no such file at all; single bad lines are listed as rejects."""
    if not basis.listed:
        raise Malformed(Fault("basis", f"there is no price list of {basis.value}"))
    lines = _lines(data)
    wanted = ("hcpcs code", "payment limit") if basis is Basis.ASP else ("ndc", "hcpcs", "price", "units")
    if basis is Basis.FEE:
        wanted = ("hcpcs", "price")
    at = next((n for n, cells in enumerate(lines) if set(wanted) <= {c.strip().lower() for c in cells}), None)
    if at is None:
        raise Malformed(Fault("file", f"no heading with the columns {', '.join(wanted)} is found"))
    head = [c.strip().lower() for c in lines[at]]
    where = [head.index(name) for name in wanted]
    rows: dict[tuple[str, str], PriceRow] = {}
    rejects: list[Reject] = []
    for number, cells in enumerate(lines[at + 1:], at + 2):
        if not any(c.strip() for c in cells):
            continue
        said = [cells[i].strip() if i < len(cells) else "" for i in where]
        row = _row(basis, said)
        if isinstance(row, str):
            rejects.append(Reject(number, ", ".join(said)[:120], row))
        elif (row.code, row.ndc11) in rows:
            rejects.append(Reject(number, ", ".join(said)[:120], "it stands there twice; the first is taken"))
        else:
            rows[row.code, row.ndc11] = row
    return PriceList(tuple(rows.values()), tuple(rejects))


def _lines(data: bytes) -> Sequence[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    found = list(_limited(csv.reader(io.StringIO(text))))
    if not found:
        raise Malformed(Fault("file", "the file is empty"))
    return found


def _limited(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        for number, row in enumerate(reader):
            if number >= MOST_ROWS:
                raise Malformed(Fault("file", f"it has more than {MOST_ROWS} lines"))
            yield row
    except csv.Error as no:
        raise Malformed(Fault("file", f"it is no CSV file: {no}")) from None


def _row(basis: Basis, said: list[str]) -> PriceRow | str:
    """The row, or why it is not taken."""
    ndc = said[0].replace("-", "") if basis not in (Basis.ASP, Basis.FEE) else ""
    code, price = (said[1].upper(), said[2]) if ndc or len(said) == 4 else (said[0].upper(), said[1])
    if not CODE.fullmatch(code):
        return f"“{code}” is no billing code"
    if len(said) == 4 and not NDC.fullmatch(ndc):
        return f"“{said[0]}” is no NDC of eleven digits"
    try:
        dollars = parse_decimal(price.removeprefix("$"))
        units = parse_decimal(said[3]) if len(said) == 4 else Decimal(1)
    except Malformed as no:
        return no.faults[0].text
    if dollars <= 0 or units <= 0:
        return "a price and its units are above zero"
    return PriceRow(code, ndc, (dollars / units).quantize(Decimal("0.000001")))
