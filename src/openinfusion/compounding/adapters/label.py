# SPDX-License-Identifier: Apache-2.0
"""Labels as PDF: typst sets the type, zint draws the DataMatrix. Data goes in as data, never into the source."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst
import zint

from openinfusion.compounding.domain.label import Label
from openinfusion.kernel.refusal import Broken, Reason, Refused

_DOCUMENTS = Path(__file__).parents[1] / "documents"


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(str(_DOCUMENTS / template), ignore_system_fonts=True)


def render(labels: Sequence[Label]) -> bytes:
    """One page a label, 4 by 3 inches; of nutrition 4 by 6, with every ingredient.

    What is too much is set smaller, down to seven tenths; Refused where even that does not fit.
    """
    template = "nutrition_label.typ" if any(label.lines for label in labels) else "preparation_label.typ"
    data = [asdict(label) | {"picture": data_matrix(label.code)} for label in labels]
    try:
        pdf = _compiler(template).compile(format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    except typst.TypstError as no:
        if "label-too-full" not in str(no):
            raise
        text = "the label holds more words than it can print legibly"
        raise Refused(Reason("label-too-full", text, "shorten the directions or the auxiliary texts")) from no
    if not isinstance(pdf, bytes):
        raise Broken("the label compiler gave no single document")
    return pdf


def data_matrix(code: str) -> str:
    """A square DataMatrix of this code as SVG, with its quiet zone."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.DATAMATRIX
    symbol.option_3 = zint.DataMatrixOptions.SQUARE
    symbol.whitespace_width = symbol.whitespace_height = 2
    symbol.outfile = "label.svg"
    symbol.output_options = zint.OutputOptions.BARCODE_MEMORY_FILE
    symbol.encode(code)
    symbol.print()
    if symbol.memfile is None:
        raise Broken("the barcode was not drawn")
    return bytes(symbol.memfile).decode()
