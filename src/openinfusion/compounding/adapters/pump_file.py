# SPDX-License-Identifier: Apache-2.0
"""The file for a pump compounder and the file it answers with: CSV, described in docs/development/pump-file.md."""
from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from openinfusion.compounding.domain.pump_file import PumpLine, PumpResult
from openinfusion.kernel.quantity import parse_decimal, parse_whole
from openinfusion.kernel.refusal import Fault, Malformed

OUT = ("order", "bag", "line", "ndc11", "ingredient", "volume_ml", "expected_g")
IN = ("order", "bag", "ndc11", "lot", "volume_ml", "weight_g")
MOST_LINES = 100


def write_pump_file(number: str, bag: int, lines: Sequence[PumpLine]) -> str:
    """What the compounder is to deliver into one bag, a line an ingredient, in the order of mixing."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(OUT)
    for n, line in enumerate(lines, 1):
        weight = f"{line.expected_g:f}" if line.expected_g is not None else ""
        writer.writerow([number, bag, n, line.ndc, line.name, f"{line.volume_ml:f}", weight])
    return out.getvalue()


def read_pump_result(text: str) -> list[PumpResult]:
    """What the compounder says it delivered. Malformed, with the line, for anything that is not plainly readable."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    if tuple(reader.fieldnames or ()) != IN:
        raise Malformed(Fault("file", f"the first line must be: {','.join(IN)}"))
    found = [_result(n, row) for n, row in enumerate(reader, 2)]
    if not 1 <= len(found) <= MOST_LINES:
        raise Malformed(Fault("file", f"the file has between 1 and {MOST_LINES} lines"))
    return found


def _result(n: int, row: dict[str, str | None]) -> PumpResult:
    said = {k: (v or "").strip() for k, v in row.items() if k is not None}
    if None in row or len(said) != len(IN):
        raise Malformed(Fault(f"line {n}", "it has more or fewer columns than the first line"))
    weight = parse_decimal(said["weight_g"], field=f"line {n}, weight_g") if said["weight_g"] else None
    return PumpResult(
        order=said["order"].upper(), bag=parse_whole(said["bag"], field=f"line {n}, bag"), ndc=said["ndc11"], lot=said["lot"],
        volume_ml=parse_decimal(said["volume_ml"], field=f"line {n}, volume_ml"), weight_g=weight,
    )
