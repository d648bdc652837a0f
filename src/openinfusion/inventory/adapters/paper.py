# SPDX-License-Identifier: Apache-2.0
"""Papers of stock as PDF: tables, recall letters, shelf labels. Data go in as data."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import zint

from openinfusion.kernel.refusal import Broken
from openinfusion.platform.clock import now
from openinfusion.platform.documents import pdf
from openinfusion.platform.house_day import house_today

_DOCUMENTS = Path(__file__).parents[1] / "documents"


def _printed() -> str:
    return f"{now():%d-%b-%Y %H:%M} UTC"


def table_pdf(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, lines: Sequence[str] = (), total: str = "",
    sign: Sequence[str] = (), wide: bool = False,
) -> bytes:
    """A list on paper; ``sign`` are the people who sign it by hand."""
    return pdf(_DOCUMENTS / "table.typ", {
        "title": title, "columns": list(columns), "rows": [list(r) for r in rows], "lines": list(lines), "total": total,
        "sign": list(sign), "wide": wide, "printed": _printed()})


def letters_pdf(about: Mapping[str, str], letters: Sequence[Mapping[str, Any]]) -> bytes:
    """Recall letters, one page a patient."""
    return pdf(_DOCUMENTS / "letters.typ", {**about, "letters": list(letters), "printed": f"{house_today():%d-%b-%Y}"})


def shelf_labels_pdf(labels: Sequence[Mapping[str, str]]) -> bytes:
    """Labels with a DataMatrix of each product's GTIN."""
    return pdf(_DOCUMENTS / "shelf_labels.typ", {"labels": [{**x, "picture": data_matrix(f"01{x['gtin']}")} for x in labels]})


def data_matrix(code: str) -> str:
    """A square GS1 DataMatrix of these element strings as SVG, with its quiet zone."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.DATAMATRIX
    symbol.input_mode = zint.InputMode.GS1
    symbol.whitespace_width = symbol.whitespace_height = 2
    symbol.outfile = "label.svg"
    symbol.output_options = zint.OutputOptions.BARCODE_MEMORY_FILE
    symbol.encode(f"[{code[:2]}]{code[2:]}")
    symbol.print()
    if symbol.memfile is None:
        raise Broken("the barcode was not drawn")
    return bytes(symbol.memfile).decode()
