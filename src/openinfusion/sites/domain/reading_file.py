# SPDX-License-Identifier: Apache-2.0
"""Readings from a CSV file: strictly read, every fault by its line, and either all of it or nothing."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

from openinfusion.kernel.quantity import parse_decimal
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.sites.domain.reading import Given, Measured, faults_in

COLUMNS = ("place", "measured", "value", "at", "action_taken")
MOST_LINES = 20_000
MOST_FAULTS = 50
LONGEST_TEXT = 500


def text_of(data: bytes) -> str:
    """The file as text; Malformed where it is none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as no:
        raise Malformed(Fault("file", f"this is not UTF-8 text (byte {no.start + 1})")) from None
    if "\x00" in text:
        raise Malformed(Fault("file", "this is not text: it holds null bytes"))
    return text


def read_file(data: bytes, now: datetime, zone: str) -> list[Given]:
    """The readings of a file. Times without a zone are the site's clock. Malformed names every line that is wrong."""
    lines = csv.reader(io.StringIO(text_of(data), newline=""), strict=True)
    found: list[Given] = []
    faults: list[Fault] = []
    number = 1
    try:
        head = next(lines, [])
        if tuple(h.strip().lower() for h in head) != COLUMNS:
            raise Malformed(Fault("line 1", f"the columns must be {', '.join(COLUMNS)}"))
        for cells in lines:
            number = lines.line_num
            if not any(c.strip() for c in cells):
                continue
            try:
                given = _read(cells, zone, f"line {number}")
            except Malformed as no:
                faults += no.faults
            else:
                faults += faults_in(given, now, f"line {number}")
                found.append(given)
            if len(faults) >= MOST_FAULTS:
                raise Malformed(*faults[:MOST_FAULTS], Fault("file", "more faults follow; nothing was saved"))
            if number > MOST_LINES:
                raise Malformed(Fault("file", f"more than {MOST_LINES} lines: split the file"))
    except csv.Error as no:
        raise Malformed(Fault(f"line {max(number, lines.line_num)}", f"this is not CSV: {no}")) from None
    if faults:
        raise Malformed(*faults)
    if not found:
        raise Malformed(Fault("file", "there is no reading in it"))
    return found


def _read(cells: list[str], zone: str, path: str) -> Given:
    if len(cells) not in (len(COLUMNS), len(COLUMNS) - 1):
        raise Malformed(Fault(path, f"{len(cells)} columns, expected {len(COLUMNS)}"))
    place, measured, value, at, *action = (c.strip() for c in cells)
    if not place:
        raise Malformed(Fault(path, "the place is missing"))
    if measured.lower() not in {m.value for m in Measured}:
        raise Malformed(Fault(path, f"“{measured[:40]}” is not pressure, temperature or humidity"))
    if action and len(action[0]) > LONGEST_TEXT:
        raise Malformed(Fault(path, f"action_taken is longer than {LONGEST_TEXT} characters"))
    return Given(
        place[:200],
        Measured(measured.lower()),
        parse_decimal(value[:40], field=path),
        _instant(at[:40], zone, path),
        action[0] if action else "",
    )


def _instant(text: str, zone: str, path: str) -> datetime:
    """2026-11-22T06:30 by the site's clock, or with its own zone. An hour that the clocks left out or held twice is refused."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed(Fault(path, f"“{text}” is not a time such as 2026-11-22T06:30")) from None
    if "T" not in text and " " not in text:
        raise Malformed(Fault(path, f"“{text}” has no time of day"))
    if at.tzinfo is not None:
        return at
    local = ZoneInfo(zone)
    early, late = at.replace(tzinfo=local, fold=0), at.replace(tzinfo=local, fold=1)
    if early.utcoffset() != late.utcoffset():
        raise Malformed(Fault(path, f"{text} is not one instant on the night the clocks change: write its offset too"))
    return early
