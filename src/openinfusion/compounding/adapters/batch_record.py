# SPDX-License-Identifier: Apache-2.0
"""Worksheet and batch record as PDF: typst sets the type, zint draws the DataMatrix. Data goes in as data."""
from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst

from openinfusion.compounding.adapters.label import data_matrix
from openinfusion.compounding.domain.batch_record import BatchRecord
from openinfusion.kernel.refusal import Broken


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(Path(__file__).parents[1] / "documents" / "batch_record.typ"), ignore_system_fonts=True)


def render_record(record: BatchRecord) -> bytes:
    """The document on letter paper, as many pages as it takes."""
    data = asdict(record) | {"picture": data_matrix(record.code)}
    pdf = _compiler().compile(format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    if not isinstance(pdf, bytes):
        raise Broken("the record compiler gave no single document")
    return pdf
