# SPDX-License-Identifier: Apache-2.0
"""Logger readings from a CSV file or from text: columns at, celsius; read strictly, every fault by its line."""
from __future__ import annotations

import csv
import io
from datetime import datetime

from openinfusion.delivery.domain.logger import MOST_READINGS, Reading
from openinfusion.kernel.quantity import parse_decimal
from openinfusion.kernel.refusal import Fault, Malformed

COLUMNS = ("at", "celsius")


def read_logger_file(data: bytes) -> list[Reading]:
    """The readings of a file; times carry their zone. Malformed names every line that is wrong."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as no:
        raise Malformed(Fault("File", f"this is not UTF-8 text (byte {no.start + 1})")) from None
    return read_logger_text(text)


def read_logger_text(text: str) -> list[Reading]:
    """The same from text, as somebody may key it."""
    found: list[Reading] = []
    faults: list[Fault] = []
    try:
        read = csv.reader(io.StringIO(text.replace("\x00", "�"), newline=""), strict=True)
        lines = [row for row in read if any(c.strip() for c in row)]
    except csv.Error as no:
        raise Malformed(Fault("File", f"this is not CSV: {no}")) from None
    if not lines or tuple(c.strip().lower() for c in lines[0]) != COLUMNS:
        raise Malformed(Fault("line 1", f"the columns must be {', '.join(COLUMNS)}"))
    if len(lines) > MOST_READINGS + 1:
        raise Malformed(Fault("File", f"more than {MOST_READINGS} readings"))
    for number, cells in enumerate(lines[1:], 2):
        try:
            found.append(_read(cells, f"line {number}"))
        except Malformed as no:
            faults += no.faults
    if faults:
        raise Malformed(*faults[:20])
    return found


def _read(cells: list[str], path: str) -> Reading:
    if len(cells) != len(COLUMNS):
        raise Malformed(Fault(path, f"{len(cells)} columns, expected {len(COLUMNS)}"))
    at, celsius = (c.strip() for c in cells)
    try:
        moment = datetime.fromisoformat(at[:40])
    except ValueError:
        raise Malformed(Fault(path, f"“{at[:40]}” is not a time such as 2026-11-22T06:30:00-06:00")) from None
    if moment.tzinfo is None:
        raise Malformed(Fault(path, f"{at} has no zone: write its offset, as in 2026-11-22T06:30:00-06:00"))
    return Reading(moment, parse_decimal(celsius[:20], field=path))
